"""The model hub: which files a revision holds, and how they come here whole.

The hub is where ``HF_ENDPOINT`` says; tokens, proxies and the user's cache (``HF_HOME``) are huggingface_hub's own.
Only files on a list are fetched, and nothing among them is code.  What is fetched is compared with the hash the hub
gives for it; a download that was cut off goes on where it stopped, also in another process.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbridge.errors import EngineError
from newsbridge.store import sha256

NEEDED = ("config.json",)
WANTED = frozenset(
    [
        "config.json",
        "generation_config.json",
        "tokenizer_config.json",
        "tokenizer.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.json",
        "target_vocab.json",
        "merges.txt",
        "source.spm",
        "target.spm",
        "spiece.model",
        "sentencepiece.bpe.model",
        "README.md",
        "LICENSE",
        "LICENSE.txt",
        "LICENSE.md",
        "NOTICE",
        "NOTICE.txt",
    ]
)
SAFE = re.compile(r"model(?:-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json")
PICKLED = re.compile(r"pytorch_model(?:-\d+-of-\d+)?\.bin|pytorch_model\.bin\.index\.json")
CONVERTER = "SFconvertbot"  # opens the hub's requests to add safetensors; anybody else's are not trusted
REQUEST = "safetensors` variant"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a revision; ``size`` is in bytes, one of the two hashes is known."""

    path: str
    size: int
    commit: str
    sha256: str | None = None
    git: str | None = None  # SHA-1 of the git blob


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be fetched of a model, and what its card says."""

    name: str
    commit: str
    files: tuple[RemoteFile, ...]
    license: str
    languages: tuple[str, ...]
    task: str  # the card's pipeline_tag, may be empty
    pickled: bool
    note: str = ""

    @property
    def size(self) -> int:
        """How many bytes that is."""
        return sum(file.size for file in self.files)


def endpoint() -> str:
    """Return the hub's address."""
    from huggingface_hub import constants

    return os.environ.get("HF_ENDPOINT", "").rstrip("/") or constants.ENDPOINT


def plan(name: str, revision: str | None = None, *, allow_pickle: bool = False) -> Plan:
    """Ask the hub what a revision of a model holds and choose what to fetch.

    Args:
        name: ``ORGANISATION/NAME``.
        revision: A branch, a tag or a commit; the main branch by default.
        allow_pickle: Whether pickled weights will do where there are no safetensors, not even in the hub's own
            request to add them.

    Raises:
        EngineError: if the model or revision is not there, is not for us to see, or holds only pickled weights.
    """
    from huggingface_hub import HfApi

    api = HfApi(endpoint=endpoint())
    with said(name, revision):
        info = api.model_info(name, revision=revision, files_metadata=True)
    commit = str(info.sha)
    files = list(_files(info, commit))
    chosen = [each for each in files if each.path in WANTED]
    weights = [each for each in files if SAFE.fullmatch(each.path)]
    note, pickled = "", False
    if not weights:
        with said(name, revision):
            weights, note = _converted(api, name)
    if not weights:
        weights = [each for each in files if PICKLED.fullmatch(each.path)]
        if weights and not allow_pickle:
            raise EngineError(
                f"{name} at {commit[:12]} holds only pickled weights, which can run code when they are loaded",
                "add --allow-pickle to load them weights-only, or take another revision: NAME@REVISION",
            )
        pickled, note = bool(weights), "from pickled weights, loaded weights-only"
    lacking = [each for each in NEEDED if each not in {file.path for file in chosen}]
    if lacking or not weights:
        missing = ", ".join(lacking) or "weights (neither safetensors nor PyTorch's)"
        raise EngineError(
            f"{name} at {commit[:12]} has no {missing}", "check the name; it is no transformers checkpoint"
        )
    front: Any = info.card_data or {}
    return Plan(
        name,
        commit,
        tuple(sorted([*chosen, *weights], key=lambda file: (file.size, file.path))),
        license_of(front, info.tags or []),
        languages_of(front),
        str(info.pipeline_tag or front.get("pipeline_tag") or ""),
        pickled,
        note,
    )


def cached(name: str, revision: str | None = None, *, allow_pickle: bool = False) -> tuple[Plan, Path]:
    """Do the same without a network, from the cache of huggingface_hub.

    Returns:
        The plan, and the folder its files lie in.

    Raises:
        EngineError: if the cache does not hold the model.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        folder = Path(snapshot_download(name, revision=revision, local_files_only=True))
    except (OSError, HFValidationError) as error:
        raise EngineError(f"{name} is not in the cache: {first_line(error)}", "pull it without --offline") from None
    commit = folder.name
    files = [
        RemoteFile(path.name, path.stat().st_size, commit, *_blob(path)) for path in folder.iterdir() if path.is_file()
    ]
    weights = [each for each in files if SAFE.fullmatch(each.path)]
    pickled = not weights and allow_pickle
    weights = weights or [each for each in files if allow_pickle and PICKLED.fullmatch(each.path)]
    chosen = [each for each in files if each.path in WANTED]
    if not weights or not any(each.path == "config.json" for each in chosen):
        raise EngineError(f"the cache holds {name} without its safetensors", "pull it without --offline")
    said_by = card(folder / "README.md")
    found = Plan(
        name,
        commit,
        (*chosen, *weights),
        license_of(said_by, []),
        languages_of(said_by),
        str(said_by.get("pipeline_tag") or ""),
        pickled,
        "from pickled weights, loaded weights-only" if pickled else "",
    )
    return found, folder


def _blob(path: Path) -> tuple[str | None, str | None]:
    """Return the hashes the cache gives a file: it calls what it holds by the hub's own."""
    name = path.resolve().name
    if re.fullmatch(r"[0-9a-f]{64}", name):
        return name, None
    return None, name if re.fullmatch(r"[0-9a-f]{40}", name) else None


def _files(info: Any, commit: str) -> Iterator[RemoteFile]:
    for each in info.siblings or ():
        lfs = each.lfs.sha256 if each.lfs else None
        yield RemoteFile(each.rfilename, int(each.size or 0), commit, lfs, None if lfs else each.blob_id)


def _converted(api: Any, name: str) -> tuple[list[RemoteFile], str]:
    """Return the safetensors of the hub's own open request to add them, pinned to its commit as it is now."""
    from huggingface_hub.errors import HfHubHTTPError

    try:
        requests = list(api.get_repo_discussions(name, discussion_type="pull_request", discussion_status="open"))
    except HfHubHTTPError:
        return [], ""  # a hub without discussions
    for each in requests:
        if each.author == CONVERTER and each.is_pull_request and each.status == "open" and REQUEST in each.title:
            info = api.model_info(name, revision=f"refs/pr/{each.num}", files_metadata=True)
            weights = [file for file in _files(info, str(info.sha)) if SAFE.fullmatch(file.path)]
            if weights:
                return weights, f"safetensors from the hub's request {each.num}, commit {str(info.sha)[:12]}"
    return [], ""


def license_of(card: Any, tags: Iterable[str]) -> str:
    """Return the licence of a model as its card or its tags give it, "not stated" where neither does."""
    tagged = (tag.removeprefix("license:") for tag in tags if tag.startswith("license:"))
    found = card.get("license") or next(tagged, "")
    found = ", ".join(map(str, found)) if isinstance(found, list) else str(found)
    return str(card.get("license_name") or found) if found == "other" else found or "not stated"


def languages_of(card: Any) -> tuple[str, ...]:
    """Return the languages a model card lists."""
    found = card.get("language")
    return tuple(map(str, found)) if isinstance(found, list) else (str(found),) if found else ()


def card(readme: Path) -> Any:
    """Return the front matter of a model card; empty where there is none."""
    from huggingface_hub import ModelCard

    try:
        return ModelCard(readme.read_text(encoding="utf-8")).data
    except (OSError, ValueError):
        return {}


def fetch(plan: Plan, folder: Path, tick: Callable[[int], None], cache: Path | None = None) -> None:
    """Bring every file of a plan into a folder, and compare it with the hash the hub gave.

    Args:
        plan: What to fetch.
        folder: Where to; what an earlier call left there is gone on with.
        tick: Called with every few bytes that came, also with those that were there already.
        cache: A folder that holds the files; nothing is downloaded then.

    Raises:
        EngineError: if the hub does not answer, a download breaks off, or a file is not what the hub said.
    """
    for file in plan.files:
        there = folder / file.path
        if not there.is_file():
            at_hand = cache / file.path if cache else _in_cache(plan.name, file)
            if at_hand is not None:
                shutil.copyfile(at_hand, there)
                tick(file.size)
            else:
                _download(plan.name, file, there, tick)
            if not _is_right(file, there):
                there.unlink()
                raise EngineError(
                    f"{file.path} is not what the hub says it is (wrong hash); it was deleted",
                    "pull it again; if it happens again, something between here and the hub changes files",
                )
        else:
            tick(file.size)


def _in_cache(name: str, file: RemoteFile) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(name, file.path, revision=file.commit)
    return Path(found) if isinstance(found, str) and _is_right(file, Path(found)) else None


def _download(name: str, file: RemoteFile, target: Path, tick: Callable[[int], None]) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    partial = target.with_name(target.name + ".part")
    began = partial.stat().st_size if partial.is_file() else 0
    if began > file.size:
        partial.unlink()
        began = 0
    tick(began)
    url = hf_hub_url(name, file.path, revision=file.commit, endpoint=endpoint())
    with said(name, file.commit), partial.open("ab") as written:
        http_get(
            url,
            written,
            resume_size=began,
            headers=build_hf_headers(),
            expected_size=file.size,
            tqdm_class=_ticker(tick),
        )
    os.replace(partial, target)


def _ticker(tick: Callable[[int], None]) -> type:
    class Ticker:
        """What huggingface_hub takes for a progress bar."""

        def __init__(self, *_: Any, **settings: Any) -> None:
            pass

        def __enter__(self) -> Ticker:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def update(self, size: float = 1) -> None:
            tick(int(size))

        def close(self) -> None:
            pass

    return Ticker


def _is_right(file: RemoteFile, there: Path) -> bool:
    """Compare a file with the hash the hub gave for it: SHA-256 of a large one, git's own of a small one."""
    if file.sha256:
        return sha256(there) == file.sha256
    data = there.read_bytes()
    if file.git:
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest() == file.git
    return len(data) == file.size


@contextmanager
def said(name: str, revision: str | None) -> Iterator[None]:
    """Turn what huggingface_hub raises into errors that say what to do."""
    from huggingface_hub import errors

    at = f" at {revision}" if revision else ""
    try:
        yield
    except errors.GatedRepoError as error:
        hint = f"accept its terms at {endpoint()}/{name}, and set HF_TOKEN or run: hf auth login"
        raise EngineError(f"{name} is gated: {first_line(error)}", hint) from None
    except errors.RevisionNotFoundError:
        raise EngineError(f"{name} has no revision {revision!r}", "give a branch, a tag or a whole commit") from None
    except errors.RepositoryNotFoundError:
        hint = "check the name; for a private model set HF_TOKEN or run: hf auth login"
        raise EngineError(f"there is no model {name!r} at {endpoint()}, or it is private", hint) from None
    except errors.EntryNotFoundError as error:
        raise EngineError(f"{name}{at} lacks a file: {first_line(error)}", "pull it again") from None
    except errors.HFValidationError as error:
        raise EngineError(f"{name!r} is no model's name: {first_line(error)}", "write ORGANISATION/NAME") from None
    except errors.OfflineModeIsEnabled:
        raise EngineError("HF_HUB_OFFLINE is set", "unset it, or add --offline to pull from the cache") from None
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        hint = {401: "HF_TOKEN is not valid; set it anew or unset it", 403: "HF_TOKEN may not read it"}.get(
            status, "try again later: what was fetched is kept, and the download goes on where it stopped"
        )
        raise EngineError(f"the hub answered {status} for {name}{at}: {first_line(error)}", hint) from None
    except (_http_error(), OSError) as error:
        raise EngineError(
            f"the connection to {endpoint()} failed: {first_line(error) or type(error).__name__}",
            "run the same command again: it goes on where it stopped; HF_ENDPOINT and HTTPS_PROXY say where to connect",
        ) from None


def _http_error() -> type[Exception]:
    """Return what huggingface_hub's HTTP client raises; which client that is changes between its versions."""
    from huggingface_hub import errors

    found: type[Exception] = vars(errors)["HTTPError"]
    return found


def first_line(error: BaseException) -> str:
    """Return the first line of what an error says."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")

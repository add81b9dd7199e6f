"""Where model folders lie, with their manifests; the embedded one ships inside the package.

A folder in the store is written once, under a name nobody has used, and put in its place by one rename: whoever
looks sees all of it or nothing.  It is never changed afterwards; another quantization is another folder.  What is
on its way lies in ``.partial`` until then, and stays there when a download is cut off, so that the next one goes on.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from newsbridge.errors import EngineError

MANIFEST = "manifest.json"
WEIGHTS = "ct2-int8"  # the CTranslate2 conversion of the model that ships
CONVERTED = "ct2"  # the same in a folder of the store
CHECKPOINT = "checkpoint"  # config, tokenizer and safetensors, as transformers reads them
PARTIAL = ".partial"
REINSTALL = "install newsbridge again: pip install --force-reinstall newsbridge"


@dataclass(frozen=True)
class Model:
    """A model folder, as its manifest describes it; ``size`` is in bytes, ``languages`` are BCP 47 tags.

    ``revision`` is the SHA-256 of the weights for the model that ships, the commit for one from the hub.
    """

    name: str  # as on the command line: --model NAME
    title: str
    version: str
    revision: str
    license: str
    languages: tuple[str, ...]  # source, target; empty where the family knows them
    size: int
    description: str
    path: Path
    family: str = ""  # a name in engines/families.toml; empty for the model that ships
    tasks: tuple[str, ...] = ("translation",)
    quantization: str = "int8"
    pulled: str = ""  # ISO 8601, UTC
    note: str = ""  # where the weights come from, if not from the revision itself
    files: Mapping[str, Mapping[str, Any]] | None = None

    def document(self) -> dict[str, Any]:
        """Return what ``models list --json`` prints."""
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "revision": self.revision,
            "license": self.license,
            "languages": list(self.languages),
            "size": self.size,
            "description": self.description,
            "family": self.family,
            "tasks": list(self.tasks),
            "quantization": self.quantization,
            "pulled": self.pulled,
            "note": self.note,
            "path": self.path.as_posix(),
        }


def shipped() -> Path:
    """Return the folder in which the package keeps its models."""
    return Path(str(resources.files("newsbridge.models")))


def root() -> Path:
    """Return the folder pulled models lie in: ``NEWSBRIDGE_DATA``, or the platform's data folder; may not exist."""
    if said := os.environ.get("NEWSBRIDGE_DATA"):
        return Path(said).expanduser() / "models"
    from platformdirs import user_data_path

    return user_data_path("newsbridge", appauthor=False) / "models"


def models(folder: Path | None = None, *, damaged: Callable[[EngineError], None] | None = None) -> tuple[Model, ...]:
    """Return the models at hand, sorted by name, the latest pulled first among those of one name.

    Args:
        folder: Where to look; by default the package and the store.
        damaged: Called with what is wrong with a folder, which is then left out.

    Raises:
        EngineError: if a manifest is damaged, or one of its files is missing or has another size, and nobody asked
            to be called.
    """
    found = []
    for place in [folder] if folder else [shipped(), root()]:
        for path in sorted(place.glob(f"[!.]*/{MANIFEST}")):
            try:
                found.append(read(path.parent))
            except EngineError as error:
                if damaged is None:
                    raise
                damaged(error)
    found.sort(key=lambda model: model.pulled, reverse=True)
    return tuple(sorted(found, key=lambda model: model.name))


def find(name: str, folder: Path | None = None) -> Model:
    """Return the model of that name, the latest pulled if there are several.

    Args:
        name: ``embedded``, ``ORGANISATION/NAME``, or with a revision behind it: ``NAME@COMMIT`` (at least seven
            digits of it).
        folder: Where to look; by default the package and the store.

    Raises:
        EngineError: if there is none, or it is damaged.
    """
    wanted, _, revision = name.partition("@")
    complaints: list[EngineError] = []
    at_hand = models(folder, damaged=complaints.append)
    for model in at_hand:
        if model.name == wanted and (not revision or (len(revision) >= 7 and model.revision.startswith(revision))):
            return model
    for complaint in complaints:
        if f"/{slug(wanted)}@" in complaint.message or wanted == "embedded":
            raise complaint
    names = ", ".join(dict.fromkeys(model.name for model in at_hand)) or "none"
    hint = f"fetch it first: newsbridge models pull {name}" if "/" in name else REINSTALL
    raise EngineError(f"no model {name!r} is at hand (there is: {names})", hint)


def slug(name: str) -> str:
    """Return the name as a folder can be called.

    Example:
        >>> slug("Helsinki-NLP/opus-mt-de-en")
        'Helsinki-NLP--opus-mt-de-en'
    """
    return re.sub(r"[^\w.-]", "-", name.replace("/", "--")).lstrip(".")


def describe(folder: Path) -> dict[str, dict[str, Any]]:
    """Return every file of a folder, but for the manifest, with its size in bytes and SHA-256."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": sha256(path)} for path in files
    }


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(model: Model) -> None:
    """Read every file of a model and compare it with the manifest.

    Raises:
        EngineError: naming the first file that is not what was stored.
    """
    for name, expected in (model.files or {}).items():
        if sha256(model.path / name) != expected["sha256"]:
            raise EngineError(f"the model file {model.path / name} was changed after it was stored", _again(model.path))


def install(staged: Path, manifest: Mapping[str, Any]) -> Model:
    """Put a finished folder of ``.partial`` in its place.

    Args:
        staged: The folder, on the file system of the store.
        manifest: What is known of it; the list of files is added here.

    Returns:
        The model in its place; the one that was there already, if somebody was faster.
    """
    path = root() / f"{slug(str(manifest['name']))}@{str(manifest['revision'])[:12]}.{manifest['quantization']}"
    text = json.dumps({**manifest, "files": describe(staged)}, indent=1, ensure_ascii=False)
    (staged / MANIFEST).write_text(text + "\n", encoding="utf-8")
    if path.exists():
        try:
            model = read(path)
        except EngineError:
            _discard(path)
        else:
            _discard(staged)
            return model
    os.rename(staged, path)
    return read(path)


def remove(model: Model) -> None:
    """Delete a pulled model: gone by one rename, then cleared away.

    Raises:
        EngineError: if it ships with the package, or cannot be deleted.
    """
    if model.path.parent != root():
        raise EngineError(f"{model.name} ships with newsbridge and stays", "remove models that were pulled")
    try:
        _discard(model.path)
    except OSError as error:
        raise EngineError(f"cannot remove {model.path}: {error}", "check whose folder it is") from None


def partial(name: str, revision: str) -> Path:
    """Return the folder for what is on its way; it is made, and kept until :func:`forget`."""
    folder = root() / PARTIAL / f"{slug(name)}@{revision[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget(name: str, revision: str | None = None) -> None:
    """Delete what is on its way of a model: of one revision, or of all."""
    pattern = f"{slug(name)}@{revision[:12] if revision else '*'}"
    for folder in (root() / PARTIAL).glob(pattern):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def lock(name: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the only right to change a model's folders, between processes.

    Args:
        name: Of the model.
        waiting: Called once if another process holds it.
    """
    from filelock import FileLock, Timeout

    folder = root() / PARTIAL
    folder.mkdir(parents=True, exist_ok=True)
    held = FileLock(folder / f"{slug(name)}.lock")
    try:
        held.acquire(timeout=0)
    except Timeout:
        waiting()
        held.acquire()
    try:
        yield
    finally:
        held.release()


def _discard(path: Path) -> None:
    trash = root() / PARTIAL / f"trash-{uuid.uuid4().hex}"
    trash.parent.mkdir(parents=True, exist_ok=True)
    os.rename(path, trash)
    shutil.rmtree(trash, ignore_errors=True)


def _again(path: Path) -> str:
    if path.parent != root():
        return REINSTALL
    return f"delete {path} and pull the model again"


def read(folder: Path) -> Model:
    """Read the manifest of a model folder.

    Raises:
        EngineError: if it is damaged, or a file is missing or has another size.
    """
    path = folder / MANIFEST
    try:
        manifest: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        files: Mapping[str, Mapping[str, Any]] = manifest["files"]
        for name, expected in files.items():
            there = folder / name
            if not there.is_file() or there.stat().st_size != expected["size"]:
                raise EngineError(f"the model file {there} is missing or damaged", _again(folder))
        return Model(
            name=str(manifest["name"]),
            title=str(manifest["title"]),
            version=str(manifest["version"]),
            revision=str(manifest["revision"]),
            license=str(manifest["license"]),
            languages=tuple(manifest["languages"]),
            size=sum(int(each["size"]) for each in files.values()),
            description=str(manifest["description"]),
            path=folder,
            family=str(manifest.get("family", "")),
            tasks=tuple(manifest.get("tasks", ("translation",))),
            quantization=str(manifest.get("quantization", "int8")),
            pulled=str(manifest.get("pulled", "")),
            note=str(manifest.get("note", "")),
            files=files,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(f"the manifest {path} cannot be read: {error!r}", _again(folder)) from None

"""Bring a model into the store: fetch, convert, ask it something, put it in its place.

Every step can be cut off and called again.  What is fetched waits in ``.partial`` under the commit's name; nothing is
seen in the store before the model has answered sensibly.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsbridge import store
from newsbridge.engines.families import Checkpoint, Family, read_json, recognise
from newsbridge.engines.native import import_torch, quiet
from newsbridge.engines.tokens import spelled
from newsbridge.errors import EngineError, MissingPackage
from newsbridge.models import convert, hub, smoke

TASKS = {"translation": ("translation",), "summarization": ("summary",), "text2text-generation": ()}


class Progress:
    """What a pull tells whoever waits for it; does nothing here."""

    def plan(self, plan: hub.Plan) -> None:
        """Say what will be fetched."""

    def bytes(self, count: int) -> None:
        """Say that so many bytes are here."""

    def step(self, text: str) -> None:
        """Say what happens now, in a few words."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person at the keyboard asked for."""

    quantization: str = "auto"
    allow_pickle: bool = False
    offline: bool = False
    test: bool = True
    shortlist: Path | None = None


def pull(name: str, wishes: Wishes, progress: Progress | None = None) -> store.Model:
    """Fetch, convert, test and store a model.

    Args:
        name: ``ORGANISATION/NAME``, ``NAME@REVISION``, or the path of a folder with a checkpoint.
        wishes: How.
        progress: Is told how far it is.

    Returns:
        The model in the store; the one that is there already, if it is the same commit in the same quantization.

    Raises:
        MissingPackage: without torch, which reads the weights; before anything is fetched.
        EngineError: if the model cannot be fetched, converted, or answers with rubbish.
    """
    progress = progress or Progress()
    try:
        import_torch()
    except MissingPackage as error:
        raise MissingPackage("converting a model needs torch, which is not installed", error.hint) from None
    if wishes.quantization not in convert.QUANTIZATIONS:
        raise EngineError(
            f"no quantization {wishes.quantization!r}", f"--quantization takes {', '.join(convert.QUANTIZATIONS)}"
        )
    name, plan, source = _plan(name, wishes)
    quantization = convert.choose(wishes.quantization)
    progress.plan(plan)
    try:
        with store.lock(name, lambda: progress.step("waiting for another newsbridge that pulls it")):
            if (there := _there(name, plan.commit, quantization)) and not wishes.shortlist:
                store.forget(name, plan.commit)
                return there
            folder = store.partial(name, plan.commit)
            checkpoint = folder / store.CHECKPOINT
            checkpoint.mkdir(exist_ok=True)
            _room(plan, folder)
            hub.fetch(plan, checkpoint, progress.bytes, source)
            family = _recognise(checkpoint)
            tasks = TASKS.get(plan.task) or family.tasks
            progress.step("reading the weights")
            _settle(checkpoint, plan)
            return _finish(name, plan, folder, family, tasks, quantization, wishes, progress)
    except OSError as error:
        raise EngineError(
            f"cannot write to the store {store.root()}: {error}",
            "make room there, or name another folder with NEWSBRIDGE_DATA",
        ) from None


def _plan(name: str, wishes: Wishes) -> tuple[str, hub.Plan, Path | None]:
    """Return the model's name, what to fetch, and the folder it lies in if nothing is to be downloaded."""
    folder = Path(name).expanduser()
    if name.startswith((".", "/", "~")) or (folder / "config.json").is_file():
        if not (folder / "config.json").is_file():
            raise EngineError(f"{folder} holds no checkpoint: it has no config.json", "give the folder of a checkpoint")
        return folder.resolve().name, _local(folder, wishes), folder
    name, _, revision = name.partition("@")
    if wishes.offline:
        plan, source = hub.cached(name, revision or None, allow_pickle=wishes.allow_pickle)
        return name, plan, source
    return name, hub.plan(name, revision or None, allow_pickle=wishes.allow_pickle), None


def _local(folder: Path, wishes: Wishes) -> hub.Plan:
    """Plan for a folder: its revision is made of its files."""
    files = [each for each in folder.iterdir() if each.is_file()]
    weights = [each for each in files if hub.SAFE.fullmatch(each.name)]
    pickled = [] if weights else [each for each in files if hub.PICKLED.fullmatch(each.name)]
    if not weights and not (pickled and wishes.allow_pickle):
        hint = "add --allow-pickle to load them weights-only" if pickled else "save it with save_pretrained"
        raise EngineError(f"{folder} holds no safetensors", hint)
    chosen = sorted([each for each in files if each.name in hub.WANTED] + weights + pickled)
    hashes = {each: store.sha256(each) for each in chosen}
    commit = hashlib.sha256("\n".join(f"{each.name} {hashes[each]}" for each in chosen).encode()).hexdigest()
    card = hub.card(folder / "README.md")
    return hub.Plan(
        folder.resolve().name,
        commit,
        tuple(hub.RemoteFile(each.name, each.stat().st_size, commit, hashes[each]) for each in chosen),
        hub.license_of(card, ()),
        hub.languages_of(card),
        str(card.get("pipeline_tag") or ""),
        bool(pickled),
        "from a folder",
    )


def _there(name: str, commit: str, quantization: str) -> store.Model | None:
    for model in store.models(damaged=lambda error: None):
        if (model.name, model.revision, model.quantization) == (name, commit, quantization):
            return model
    return None


def _room(plan: hub.Plan, folder: Path) -> None:
    """Raise before a disk is filled: the checkpoint, and its conversion beside it."""
    free, wanted = shutil.disk_usage(folder).free, 2 * plan.size
    if free < wanted:
        raise EngineError(
            f"{plan.name} needs {wanted / 1e9:.1f} GB in {folder}, where {free / 1e9:.1f} GB are free",
            "make room, or name another folder with NEWSBRIDGE_DATA",
        )


def _recognise(checkpoint: Path) -> Family:
    """Say of which family it is, as far as its configuration tells; raises for one newsbridge cannot run."""
    return recognise(
        read_json(checkpoint / "config.json", required=True), read_json(checkpoint / "tokenizer_config.json")
    )


def _settle(checkpoint: Path, plan: hub.Plan) -> None:
    """Make a checkpoint what every engine reads: safetensors, and a tokenizer that needs no transformers."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    try:
        with quiet():
            if not (checkpoint / "tokenizer.json").is_file() and not spelled(checkpoint):
                AutoTokenizer.from_pretrained(checkpoint, local_files_only=True).save_pretrained(checkpoint)
            if plan.pickled:
                model = AutoModelForSeq2SeqLM.from_pretrained(
                    checkpoint, local_files_only=True, use_safetensors=False, weights_only=True
                )
                model.save_pretrained(checkpoint)
                for path in checkpoint.iterdir():
                    if hub.PICKLED.fullmatch(path.name):
                        path.unlink()
    except Exception as error:  # transformers and torch raise all sorts of things over a damaged file
        raise EngineError(
            f"{plan.name} would not load: {hub.first_line(error)}", "try another revision of it"
        ) from error


def _finish(
    name: str,
    plan: hub.Plan,
    folder: Path,
    family: Family,
    tasks: tuple[str, ...],
    quantization: str,
    wishes: Wishes,
    progress: Progress,
) -> store.Model:
    progress.step(f"converting to CTranslate2, {quantization}")
    checkpoint = folder / store.CHECKPOINT
    family = Checkpoint(checkpoint, name, plan.languages).family
    converted = folder / store.CONVERTED
    shortlist = None
    if wishes.shortlist:
        from newsbridge.models.shortlist import build

        progress.step("building the vocabulary shortlist")
        shortlist = build(wishes.shortlist, Checkpoint(checkpoint, name, plan.languages), folder / "vmap.txt")
    convert.convert(checkpoint, converted, quantization, shortlist)
    staged = store.root() / store.PARTIAL / f"staged-{os.getpid()}-{store.slug(name)}"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    for each in (checkpoint, converted):
        shutil.copytree(each, staged / each.name, copy_function=_link)
    manifest: dict[str, Any] = {
        "name": name,
        "title": name,
        "version": plan.commit[:12],
        "revision": plan.commit,
        "license": plan.license,
        "languages": list(plan.languages),
        "description": f"{family.title}, {' and '.join(tasks)}",
        "family": family.name,
        "tasks": list(tasks),
        "quantization": quantization,
        "pulled": datetime.now(UTC).isoformat(timespec="microseconds"),
        "note": plan.note,
    }
    if wishes.test:
        progress.step("asking it something")
        model = store.Model(**{**_model(manifest), "size": 0, "path": staged})
        try:
            smoke.test(model, threads=0)
        except EngineError:
            shutil.rmtree(staged, ignore_errors=True)
            raise
    model = store.install(staged, manifest)
    store.forget(name, plan.commit)
    return model


def _model(manifest: dict[str, Any]) -> dict[str, Any]:
    return {**manifest, "languages": tuple(manifest["languages"]), "tasks": tuple(manifest["tasks"])}


def _link(source: str, target: str) -> str:
    """Link a file where the file system can, copy it where not."""
    with suppress(OSError):
        os.link(source, target)
        return target
    return str(shutil.copyfile(source, target))


def noncommercial(license_: str) -> bool:
    """Say whether a licence forbids commercial use: ``cc-by-nc-4.0``."""
    return bool(re.search(r"\bnc\b|non-?commercial", license_.casefold()))

"""Any pulled translation checkpoint: prepared by its family, decoded by one of two runners, joined again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from newsbridge import store
from newsbridge.engines import Hypothesis, Request
from newsbridge.engines.division import divide, join
from newsbridge.engines.families import Checkpoint, Prepared
from newsbridge.engines.runners import RUNNERS, Output, Runner, Search, search_of
from newsbridge.errors import EngineError

VERSION = "1"  # of what is done to a text before and after the model


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a request's text, as the model reads it."""

    request: int
    prepared: Prepared


class Seq2Seq:
    """A pulled checkpoint as an engine; ``settings_hash`` covers everything that can change a hypothesis."""

    def __init__(
        self,
        model: store.Model,
        checkpoint: Checkpoint,
        runner: Runner,
        *,
        kind: str,
        search: Search,
        batch_tokens: int,
    ) -> None:
        self.name = model.name
        self.model = f"{model.name}, revision {model.revision[:12]}"
        self.revision = model.revision
        self.license = model.license
        self.checkpoint = checkpoint
        self.runner = runner
        self.at_once = runner.at_once
        self.search = search
        self.batch_tokens = batch_tokens
        self.settings: dict[str, Any] = {
            "beam": search.beam,
            "runner": kind,
            "dtype": runner.dtype,
            **({"quantization": model.quantization} if kind == "ctranslate2" else {}),
            **({"shortlist": True} if search.shortlist else {}),
        }
        said = json.dumps({**self.settings, **search_of(checkpoint.generation), "version": VERSION}, sort_keys=True)
        self.settings_hash = hashlib.sha256(said.encode()).hexdigest()[:16]

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`.

        A text longer than the model can read is divided where a reader would pause, and its translation joined.

        Raises:
            EngineError: for a language the checkpoint does not know, or if decoding fails.
        """
        answers: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(requests)
        order = sorted(range(len(requests)), key=lambda i: requests[i].n_best)
        for n_best, group in groupby(order, key=lambda i: requests[i].n_best):
            parts = [part for i in group for part in self._parts(i, requests[i])]
            search = replace(self.search, n_best=n_best)
            outputs = self.runner.decode([part.prepared for part in parts], search, self.batch_tokens) if parts else []
            for i, pairs in groupby(zip(parts, outputs, strict=True), key=lambda pair: pair[0].request):
                answers[i] = join([tuple(self._hypothesis(part, each) for each in found) for part, found in pairs])
        return answers

    def _parts(self, number: int, request: Request) -> list[_Part]:
        checkpoint = self.checkpoint
        limit = checkpoint.limit
        known: dict[str, Prepared] = {}

        def prepared(text: str) -> Prepared:
            if text not in known:
                known[text] = checkpoint.prepare(text, request.source, request.target)
            return known[text]

        text = checkpoint.normalise(request.text)
        checkpoint.code(request.source, "source")
        checkpoint.code(request.target, "target")
        texts = divide(text, lambda part: len(prepared(part).source) <= limit)
        return [_Part(number, prepared(each)) for each in texts]

    def _hypothesis(self, part: _Part, output: Output) -> Hypothesis:
        text = whole(self.checkpoint.tokenizer.decode(output.tokens))
        return Hypothesis(
            text, output.score, part.prepared.source, output.tokens, output.attention, complete=output.ended
        )


def whole(text: str) -> str:
    """Drop what is left of a character the model spelled in bytes and did not finish."""
    return " ".join(text.replace("\ufffd", "").split()) if "\ufffd" in text else text


def runner(model: store.Model, checkpoint: Checkpoint, kind: str, *, device: str, threads: int, dtype: str) -> Runner:
    """Build the runner of a pulled model.

    Raises:
        EngineError: if there is no such runner, or it would not load.
    """
    if kind == "transformers":
        from newsbridge.engines.native import Transformers

        return Transformers(
            checkpoint.folder, device=device, threads=threads, dtype=dtype, start=checkpoint.family.start
        )
    if kind != "ctranslate2":
        raise EngineError(f"no runner {kind!r}", f"--runner takes {' or '.join(RUNNERS)}")
    from newsbridge.engines.ct2 import CTranslate2

    folder = model.path / store.CONVERTED
    if not folder.is_dir():
        raise EngineError(f"{model.name} was stored without its CTranslate2 form", "add --runner transformers")
    return CTranslate2(folder, device=device, threads=threads, dtype=dtype, pad=checkpoint.family.pad)


def checkpoint_of(model: store.Model) -> Checkpoint:
    """Open the checkpoint of a pulled model.

    Raises:
        EngineError: if it is damaged.
    """
    return Checkpoint(model.path / store.CHECKPOINT, model.name, model.languages)


def open_model(
    model: store.Model,
    *,
    beam: int = 4,
    n_best: int = 1,
    device: str = "auto",
    threads: int = 0,
    batch_tokens: int = 2048,
    runner_: str = "ctranslate2",
    dtype: str = "auto",
) -> Seq2Seq:
    """Build an engine from a model folder; see :func:`build`."""
    if "translation" not in model.tasks:
        raise EngineError(f"{model.name} writes summaries and does not translate", f"use --summarizer {model.name}")
    checkpoint = checkpoint_of(model)
    shortlist = (model.path / store.CONVERTED / "vmap.txt").is_file() and runner_ == "ctranslate2"
    search = Search(
        beam=max(beam, n_best), positions=checkpoint.positions, shortlist=shortlist, **search_of(checkpoint.generation)
    )
    loaded = runner(model, checkpoint, runner_, device=device, threads=threads, dtype=dtype)
    return Seq2Seq(model, checkpoint, loaded, kind=runner_, search=search, batch_tokens=batch_tokens)


def build(
    *,
    model: str,
    beam: int = 4,
    n_best: int = 4,
    device: str = "auto",
    threads: int = 0,
    batch_tokens: int = 2048,
    runner: str = "ctranslate2",
    dtype: str = "auto",
) -> Seq2Seq:
    """Build the engine of a model in the store.

    Args:
        model: Its name, ``NAME@COMMIT`` for one revision of several.
        beam: Beam size; a request for more hypotheses widens it.
        n_best: How many hypotheses requests will ask for.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N``, with transformers also ``mps``.
        threads: On the CPU; 0 takes every core.
        batch_tokens: Source tokens decoded together, padding included.
        runner: ``ctranslate2`` or ``transformers``.
        dtype: What to compute in; see the runners.

    Raises:
        EngineError: if there is no such model, or it would not load.
    """
    return open_model(
        store.find(model),
        beam=beam,
        n_best=n_best,
        device=device,
        threads=threads,
        batch_tokens=batch_tokens,
        runner_=runner,
        dtype=dtype,
    )

"""Any pulled checkpoint that writes summaries: BART, PEGASUS, T5, mT5, mBART."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from newsbridge import store
from newsbridge.engines import Hypothesis
from newsbridge.engines.division import divide, join
from newsbridge.engines.families import Checkpoint, Prepared
from newsbridge.engines.runners import Output, Runner, Search, search_of
from newsbridge.engines.seq2seq import checkpoint_of, runner, whole
from newsbridge.errors import EngineError

LONGEST = 142  # tokens of a summary where the checkpoint does not say; BART's for news


class Writer:
    """A pulled checkpoint that shortens texts; what it says is checked by whoever asked."""

    def __init__(
        self, model: store.Model, checkpoint: Checkpoint, runner: Runner, *, kind: str, beam: int, batch_tokens: int
    ) -> None:
        self.name = model.name
        self.revision = model.revision
        self.license = model.license
        self.checkpoint = checkpoint
        self.runner = runner
        self.batch_tokens = batch_tokens
        said = checkpoint.generation.get("max_length")
        self.longest = said if isinstance(said, int) and said > 20 else LONGEST
        self.search = Search(beam=beam, positions=checkpoint.positions, **search_of(checkpoint.generation))
        settings = {"beam": beam, "runner": kind, "dtype": runner.dtype, "quantization": model.quantization}
        self.settings_hash = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:16]

    def write(self, texts: Sequence[str], language: str) -> list[Hypothesis]:
        """Summarise each text in its own language; see :meth:`several`."""
        return [found[0] for found in self.several(texts, language)]

    def several(
        self, texts: Sequence[str], language: str, *, longest: int | None = None, n_best: int = 1
    ) -> list[tuple[Hypothesis, ...]]:
        """Summarise each text in its own language.

        Args:
            texts: One longer than the model reads is divided, and the summaries of its parts are joined.
            language: BCP 47 tag of all of them.
            longest: Tokens of a summary; by default what the checkpoint says.
            n_best: How many summaries of each, best first.

        Raises:
            EngineError: for a language the checkpoint does not know, or if decoding fails.
        """
        parts: list[tuple[int, Prepared]] = []
        for number, text in enumerate(texts):
            fitting = divide(" ".join(text.split()), lambda part: self._length(part, language) <= self.checkpoint.limit)
            parts += [(number, self.checkpoint.prepare_summary(each, language)) for each in fitting]
        limit = min(longest or self.longest, self.longest)
        search = replace(self.search, longest=limit, n_best=n_best)
        outputs = self.runner.decode([prepared for _, prepared in parts], search, self.batch_tokens) if parts else []
        answers: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(texts)
        for number, group in groupby(zip(parts, outputs, strict=True), key=lambda pair: pair[0][0]):
            answers[number] = join([tuple(self._hypothesis(part[1], each) for each in found) for part, found in group])
        return answers

    def _hypothesis(self, prepared: Prepared, output: Output) -> Hypothesis:
        text = whole(self.checkpoint.tokenizer.decode(output.tokens))
        return Hypothesis(text, output.score, prepared.source, output.tokens, complete=output.ended)

    def _length(self, text: str, language: str) -> int:
        return len(self.checkpoint.prepare_summary(text, language).source)


def open_writer(
    model: store.Model,
    *,
    beam: int = 4,
    device: str = "auto",
    threads: int = 0,
    batch_tokens: int = 2048,
    runner_: str = "ctranslate2",
    dtype: str = "auto",
) -> Writer:
    """Build a writer from a model folder.

    Args:
        model: In the store.
        beam: Beam size.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N``, with transformers also ``mps``.
        threads: On the CPU; 0 takes every core.
        batch_tokens: Source tokens decoded together, padding included.
        runner_: ``ctranslate2`` or ``transformers``.
        dtype: What to compute in; see the runners.

    Raises:
        EngineError: if the model writes no summaries, or would not load.
    """
    if "summary" not in model.tasks:
        raise EngineError(f"{model.name} translates and writes no summaries", f"use --model {model.name}")
    checkpoint = checkpoint_of(model)
    loaded = runner(model, checkpoint, runner_, device=device, threads=threads, dtype=dtype)
    return Writer(model, checkpoint, loaded, kind=runner_, beam=beam, batch_tokens=batch_tokens)

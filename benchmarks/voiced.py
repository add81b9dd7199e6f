"""An engine that costs what one model costs, and says what another one said.

A model with random weights is as fast as a trained one, but its words make every quotation fail and send every segment
up the whole ladder, which no engine that is used does.  So its decoder does all its work, and the words are those the
embedded model gave to the same requests before the clock was started.

Usage: python benchmarks/voiced.py MODEL VOICE INPUT OUTPUT    takes articles through, as `newsbridge translate` does
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsbridge.engines import Hypothesis, Request


class Voice:
    """The embedded model as an engine without attention, as pulled ones are; remembers what it said to whom."""

    name, revision, settings_hash = "voice", "1", ""

    def __init__(self, said: dict[Request, tuple[Hypothesis, ...]] | None = None) -> None:
        self.said = said or {}
        self._engine: Any = None

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Say what was said before, or ask the model; see :class:`newsbridge.engines.Translator`."""
        plain = [replace(each, shown="") for each in requests]
        new = [each for each in dict.fromkeys(plain) if each not in self.said]
        if new:
            from newsbridge.engines.registry import translator

            self._engine = self._engine or translator("embedded")
            for request, answer in zip(new, self._engine.translate(new), strict=True):
                self.said[request] = tuple(Hypothesis(each.text, each.score) for each in answer)
        return [self.said[each] for each in plain]


class Voiced:
    """The engine whose work is done, with the words of a voice.

    ``unknown`` counts the requests the voice had not heard before, and had to translate while the clock ran.
    """

    def __init__(self, engine: Any, voice: Voice) -> None:
        self._engine, self._voice = engine, voice
        self.name, self.model, self.license = engine.name, engine.model, engine.license
        self.revision, self.settings_hash, self.at_once = engine.revision, engine.settings_hash, engine.at_once
        self.unknown = 0

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Decode, and say what the voice says; see :class:`newsbridge.engines.Translator`."""
        self._engine.translate(requests)
        before = len(self._voice.said)
        answers = self._voice.translate(requests)
        self.unknown += len(self._voice.said) - before
        return answers


def through(engine: Any, inputs: Path, output: Path, workers: int | None = None) -> None:
    """Take the articles of a folder through, as the command line does."""
    from newsbridge import batch
    from newsbridge.batch.jobs import Task
    from newsbridge.batch.plan import Plan
    from newsbridge.summary.extractive import Extractive

    plan = Plan()
    plan.add([str(inputs)])
    task = Task(Extractive(), {"n_best": 4}, ("json",), {"language": "de"})
    tally = batch.translate(plan, engine, task, output, settings=batch.Settings(workers=workers))
    assert not tally.failed, tally


def main() -> None:
    import random_opus

    model, said, inputs, output = map(Path, sys.argv[1:])
    engine = Voiced(random_opus.load(model), Voice(pickle.loads(said.read_bytes())))
    through(engine, inputs, output)
    print(engine.unknown)


if __name__ == "__main__":
    main()

"""An engine that costs what one model costs, and says what another one said.

A model with random weights is as fast as a trained one, but its words make every quotation fail and send every segment
up the whole ladder, which no engine that is used does.  So its decoder does all its work, and the words are those the
embedded model gave to the same requests before the clock was started.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from newsbridge.engines import Hypothesis, Request


class Voice:
    """The embedded model as a checkpoint without attention, as pulled ones are; remembers what it said to whom.

    ``asked`` are the requests in the order in which they came, each once.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._said: dict[Request, tuple[Hypothesis, ...]] = {}
        self.name, self.revision, self.settings_hash = engine.name, engine.revision, engine.settings_hash

    @property
    def asked(self) -> list[Request]:
        return list(self._said)

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Answer from memory, or ask the model; see :class:`newsbridge.engines.Translator`."""
        plain = [replace(each, shown="") for each in requests]
        new = [each for each in dict.fromkeys(plain) if each not in self._said]
        if new:
            for request, answer in zip(new, self._engine.translate(new), strict=True):
                self._said[request] = tuple(Hypothesis(each.text, each.score) for each in answer)
        return [self._said[each] for each in plain]


class Voiced:
    """The engine whose work is done, with the words of a voice.

    ``unknown`` counts the requests the voice had not heard before, and had to translate while the clock ran.
    """

    def __init__(self, engine: Any, voice: Voice) -> None:
        self._engine, self._voice = engine, voice
        self.name, self.model, self.license = engine.name, engine.model, engine.license
        self.revision, self.settings_hash = engine.revision, engine.settings_hash
        self.unknown = 0

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Decode, and say what the voice says; see :class:`newsbridge.engines.Translator`."""
        self._engine.translate(requests)
        before = len(self._voice.asked)
        said = self._voice.translate(requests)
        self.unknown += len(self._voice.asked) - before
        return said

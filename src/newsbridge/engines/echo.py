"""The tests' engine: no model, the same words again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsbridge.engines import Hypothesis, Request
from newsbridge.engines.attention import Attention
from newsbridge.engines.normal import normalise


class Echo:
    """Answers every request with its own words, marks as the embedded model writes them."""

    name = "echo"
    model = "echo (no model: the source again)"
    revision = "1"
    license = "Apache-2.0"
    settings_hash = "echo"

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Return one hypothesis per request: its normalised text."""
        return [(Hypothesis(normalise(request.text), 0.0),) for request in requests]

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Hypothesis]:
        """Let every target word face the same word of the source, the nearest of several; see the embedded engine's."""
        return [_faced(source.split(), target.split()) for source, target in pairs]


def _faced(source: Sequence[str], target: Sequence[str]) -> Hypothesis:
    rows = []
    for place, word in enumerate(target):
        same = [at for at, other in enumerate(source) if other == word]
        nearest = min(same, key=lambda at: abs(at - place), default=None)
        rows.append([float(at == nearest) for at in range(len(source))])
    pieces = [tuple(f"▁{word}" for word in words) for words in (source, target)]
    attention = Attention.of(rows) if source and target else None
    return Hypothesis(" ".join(target), 0.0, pieces[0], pieces[1], attention)


def build(**settings: Any) -> Echo:
    """Build the engine; it has no settings."""
    return Echo()

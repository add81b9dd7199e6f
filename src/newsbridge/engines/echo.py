"""The tests' engine: no model, the same words again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newsbridge.engines import Hypothesis, Request
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


def build(**settings: Any) -> Echo:
    """Build the engine; it has no settings."""
    return Echo()

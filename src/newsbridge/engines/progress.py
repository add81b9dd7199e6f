"""An engine that says how far it is: wraps another one and hands it the requests in portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newsbridge.engines import Hypothesis, Request, Translator

PORTION = 256  # requests; of similar length, so that an engine's batches stay as full as without portions


class Ticking:
    """The engine itself, with a call to ``tick(done, total)`` after every portion of requests.

    Requests are sorted by length before they are divided, longest first, and answered in input order.
    """

    def __init__(self, engine: Translator, tick: Callable[[int, int], None]) -> None:
        self.engine = engine
        self.tick = tick
        self.name = engine.name
        self.revision = engine.revision
        self.settings_hash = engine.settings_hash

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`."""
        order = sorted(range(len(requests)), key=lambda i: (-len(requests[i].text), i))
        answers: list[tuple[Hypothesis, ...]] = [()] * len(requests)
        for start in range(0, len(order), PORTION):
            portion = order[start : start + PORTION]
            for i, hypotheses in zip(portion, self.engine.translate([requests[i] for i in portion]), strict=True):
                answers[i] = hypotheses
            self.tick(start + len(portion), len(requests))
        return answers

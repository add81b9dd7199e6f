"""An engine that says how far it is: wraps another one and hands it the requests in portions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from newsbridge.engines import Hypothesis, Request, Translator

PORTION = 256  # requests; of similar length, so that an engine's batches stay as full as without portions


class Ticking:
    """The engine itself, with a call to ``tick(done, total)`` after every portion of requests.

    Requests are sorted by length before they are divided, longest first, and answered in input order.  An engine whose
    attribute ``at_once`` is more than 1 is given the next portion while it still has one: it decodes it while words
    are made of the answers to the first.
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
        portions = [order[start : start + PORTION] for start in range(0, len(order), PORTION)]
        answers: list[tuple[Hypothesis, ...]] = [()] * len(requests)
        done = 0
        for portion, found in zip(portions, self._answers(requests, portions), strict=True):
            for i, hypotheses in zip(portion, found, strict=True):
                answers[i] = hypotheses
            done += len(portion)
            self.tick(done, len(requests))
        return answers

    def _answers(
        self, requests: Sequence[Request], portions: Sequence[Sequence[int]]
    ) -> Iterator[list[tuple[Hypothesis, ...]]]:
        def ask(portion: Sequence[int]) -> list[tuple[Hypothesis, ...]]:
            return self.engine.translate([requests[i] for i in portion])

        at_once = min(len(portions), int(getattr(self.engine, "at_once", 1)))
        if at_once < 2:
            yield from map(ask, portions)
            return
        with ThreadPoolExecutor(at_once, "portion") as pool:
            yield from pool.map(ask, portions)

"""The engine's own thread: one call after the other, each for many articles at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from newsbridge.batch.jobs import Failure

GIVE_UP = 3  # articles in a row that fail alone with the same message: then it is the engine, not they


@dataclass(frozen=True, slots=True)
class Ask:
    """What one article wants of the engine: a method, its items, its settings."""

    number: int
    method: str
    items: tuple[Any, ...]
    settings: tuple[tuple[str, Any], ...] = ()


class Decoder:
    """Answers the questions of many articles; ``answered`` is called from its thread, once per call.

    Args:
        engine: Whose methods are asked.
        answered: Receives what was given to :meth:`ask` as ``token``, and the answers under the articles' numbers.
    """

    def __init__(
        self, engine: Any, answered: Callable[[Hashable, dict[int, list[Any] | Failure]], None], *, name: str = "engine"
    ) -> None:
        self._engine = engine
        self._answered = answered
        self._calls: SimpleQueue[tuple[Hashable, tuple[Ask, ...]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def ask(self, token: Hashable, asks: Iterable[Ask]) -> None:
        """Queue one call; it is made in the order of the articles' numbers."""
        self._calls.put((token, tuple(sorted(asks, key=lambda each: each.number))))

    def stop(self) -> None:
        """End the thread after the call in hand."""
        self._calls.put(None)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            token, asks = call
            self._answered(token, answer(self._engine, asks))


def answer(engine: Any, asks: Sequence[Ask]) -> dict[int, list[Any] | Failure]:
    """Ask an engine what several articles want to know, together.

    Where that fails each article is asked for alone, so that only those fail whose fault it is; once a few in a row
    have failed with the same words, the rest is given the same answer.
    """
    kinds: dict[tuple[Any, ...], list[Ask]] = {}
    for ask in asks:
        kinds.setdefault((ask.method, *ask.settings), []).append(ask)
    answers: dict[int, list[Any] | Failure] = {}
    for group in kinds.values():
        answers |= _together(engine, group) or _alone(engine, group)
    return answers


def _together(engine: Any, asks: Sequence[Ask]) -> dict[int, list[Any] | Failure] | None:
    try:
        found = _call(engine, asks[0], [item for ask in asks for item in ask.items])
    except Exception as error:
        return {asks[0].number: Failure.of(error, "the engine")} if len(asks) == 1 else None
    answers: dict[int, list[Any] | Failure] = {}
    start = 0
    for ask in asks:
        answers[ask.number] = found[start : start + len(ask.items)]
        start += len(ask.items)
    return answers


def _alone(engine: Any, asks: Sequence[Ask]) -> dict[int, list[Any] | Failure]:
    answers: dict[int, list[Any] | Failure] = {}
    row: list[Failure] = []
    for ask in asks:
        if len(row) == GIVE_UP and len({each.message for each in row}) == 1:
            answers[ask.number] = row[0]
            continue
        try:
            answers[ask.number] = _call(engine, ask, ask.items)
            row = []
        except Exception as error:
            answers[ask.number] = failure = Failure.of(error, "the engine")
            row = [*row, failure][-GIVE_UP:]
    return answers


def _call(engine: Any, ask: Ask, items: Sequence[Any]) -> list[Any]:
    found = list(getattr(engine, ask.method)(items, **dict(ask.settings)))
    if len(found) != len(items):
        raise RuntimeError(f"{ask.method} was asked {len(items)} and answered {len(found)}")
    return found

"""The Translator protocol and what passes through it: requests in, hypotheses out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from newsbridge.engines.attention import Attention, attention_of


@dataclass(frozen=True, slots=True)
class Request:
    """One segment to translate.

    ``source`` and ``target`` are BCP 47 tags; ``n_best`` is how many hypotheses are wanted, at least 1.  ``shown`` is
    the segment as a reader reads it, where ``text`` was prepared for an engine: what a person's translation is known
    by.
    """

    text: str
    source: str
    target: str
    n_best: int = 1
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation of one request.

    ``score`` is the mean log-probability per token (higher is better).  ``attention`` has one row per target token and
    one column per source token, rows summing to 1 or less (the rest fell on the end of the sentence); rows of numbers
    are kept as an :class:`~newsbridge.engines.attention.Attention`.  None where the engine gives none.  An engine that
    can say so of any given pair also has ``align``: see :class:`newsbridge.alignment.Aligner`.  ``approved`` says that
    a person wrote it: it is taken as it is.  ``complete`` is False where the model was stopped before it came to an
    end, so that something may be missing.  ``engine`` is who translated it, where that was not the engine that was
    asked.
    """

    text: str
    score: float
    source_tokens: tuple[str, ...] = ()
    target_tokens: tuple[str, ...] = ()
    attention: Attention | None = None
    approved: bool = False
    complete: bool = True
    engine: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "attention", attention_of(self.attention))


@runtime_checkable
class Translator(Protocol):
    """What an engine must be; it needs no ancestor.

    ``name``, ``revision`` and ``settings_hash`` are what the memory and the record know it by: two engines with
    the same three give the same hypotheses for the same request.
    """

    name: str
    revision: str
    settings_hash: str

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order, best hypothesis first, ``n_best`` or fewer per request, at least one.

        Raises:
            EngineError: if the model is missing, would not load, or returned nothing usable.
        """
        ...

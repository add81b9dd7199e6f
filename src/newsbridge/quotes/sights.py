"""Sights: what is known about a pair of marks before anybody says what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from newsbridge.quotes.chunks import Clause
from newsbridge.quotes.frames import Frame
from newsbridge.quotes.lines import Line
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.phrases import Phrase

ENDS = ".!?…"
TERM = 3  # words of a term at the most


@dataclass(slots=True, eq=False)
class Sight:
    """What is known about a pair of marks before it is weighed."""

    line: Line
    item: int
    pair: Pair
    clause: Clause | None  # the one it stands in
    near: Frame | None  # a frame beside it
    within: Frame | None  # a frame that reports the clause it stands in
    same: Frame | None  # a frame in its own clause
    mood: bool  # its clause is in the subjunctive of reported speech
    told: bool  # another clause of its sentence is
    whole: bool  # it is a sentence of its own
    voiced: bool  # somebody spoke in the sentence before
    written: Phrase | None  # what the words stand on, where nobody speaks them

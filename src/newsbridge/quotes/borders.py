"""Borders: what stands around a frame and bounds what it reports."""

from __future__ import annotations

from collections.abc import Iterable

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.frames import Frame
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import phrase
from newsbridge.quotes.subjects import can_speak
from newsbridge.quotes.traits import CLEAR, DETERMINER, PREPOSITION, TIME
from newsbridge.quotes.words import Words

AS_MUCH = 4  # items between "so" and the comma of "so viele Leute, wie Kühn hoffte"


def compared(line: Line, at: int, words: Words) -> bool:
    """Say whether "so" and what is compared stand in front of the comma before an item: "so viele, wie …"."""
    for back in range(at - 2, max(-1, at - 2 - AS_MUCH), -1):
        if line.folds[back] in words.so:
            return not line.traits[back + 1] & CLEAR
    return False


def addressed(line: Line, stop: int, words: Words) -> int:
    """Return where those end whom a source speaks to: "laut einer Auskunft des Amtes an die Abgeordnete Kühn"."""
    accusative = words.she_subjects | words.it_articles
    if line.folds[stop] not in words.addressing or line.folds[stop + 1] not in accusative:
        return stop
    found = phrase(line, stop + 1, words, apposition=False)
    return found.end if found is not None and can_speak(line, found, words) else stop


def enclosing(clauses: Iterable[Clause], clause: Clause) -> Clause | None:
    """Return the relative clause round a frame: "ein Fahrer, der, wie Zeugen sagten, auf den Weg gefahren war"."""
    for each in clauses:
        if each.kind is ClauseKind.RELATIVE and each.start < clause.start and each.end > clause.end:
            return each
    return None


def last_item(line: Line, frame: Frame, clauses: Iterable[Clause]) -> int:
    """Return the last item of a frame's clause before another one: "sagte er, dass … – ein Drittel mehr"."""
    last, items = frame.at[-1], frame.clause.items
    starts = [each.start for each in clauses if items[0] < each.start < items[-1]]
    if not any(last < start and line.words[start - 1] == "," for start in starts):
        return items[-1]
    first = min(start for start in starts if start > last)
    return max(at for at in items if at < first)


def has_object(line: Line, frame: Frame, words: Words) -> bool:
    """Say whether a participle has a thing as its object: "hat ihre Zahlen veröffentlicht, diese ergeben …"."""
    if frame.finite in frame.at or frame.speaker is None:
        return False
    start = max(frame.finite, frame.speaker.end - 1) + 1
    for at in range(start, frame.at[-1]):
        if not line.traits[at] & DETERMINER or line.traits[at - 1] & PREPOSITION or line.folds[at] in words.genitive:
            continue
        found = phrase(line, at, words, apposition=False)
        if found is None or found.pronoun or found.end != frame.at[-1] or line.traits[found.head] & TIME:
            continue
        return not can_speak(line, found, words)
    return False

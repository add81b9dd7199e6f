"""Carriers: what words stand on that nobody speaks, as in „Auf dem Schild stand: «Betreten verboten.»“."""

from __future__ import annotations

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, phrase
from newsbridge.quotes.subjects import can_speak, subject
from newsbridge.quotes.words import Words

WRITTEN = ("document", "statement")  # nouns of saying: "in der Erklärung ist zu lesen: «…»"


def carrier(line: Line, item: int, clauses: tuple[Clause, ...], lexicon: Lexicon, known: Words) -> Phrase | None:
    """Return what the words in marks stand on, or whoever holds it up; None if they are not said to stand anywhere.

    Args:
        line: The sentence.
        item: The marks.
        clauses: Its clauses.
        lexicon: The language's words of saying.
        known: Its words round a name.
    """
    if item and line.folds[item - 1].endswith(known.inscriptions):
        found = _inscribed(line, item - 1, lexicon, known)
        if found is not None:
            own = next((each for each in clauses if item in each.items), None)
            return _holder(line, own, found, known) or found
    if known.written.isdisjoint(line.folds):
        return None
    clause = _clause(line, item, clauses)
    if clause is None or known.written.isdisjoint(line.folds[at] for at in clause.items):
        return None
    first = clause.items[0]
    if clause.kind is ClauseKind.RELATIVE and line.folds[first] in known.surfaces:
        found = carried(line, lexicon, known, clause.start)
        main = next((each for each in clauses if each.kind is ClauseKind.MAIN and each.start < clause.start), None)
        return found and (_holder(line, main, found, known) or found)
    if line.folds[first] in known.thereon:
        return Phrase(first, first + 1, first, "any", pronoun=True)
    for at in clause.items[:-1]:
        if line.folds[at] in known.surfaces and at + 1 < len(line.words):
            found = phrase(line, at + 1, known, apposition=False)
            if found is None:
                continue
            stands = at == first and clause.verb == found.end and line.folds[clause.verb] in known.written
            if (stands and not can_speak(line, found, known)) or _carries(line, found.head, lexicon, known):
                return _holder(line, clause, found, known) or found
    return None


def worded(line: Line, item: int, known: Words) -> bool:
    """Say whether marks are announced as words of somebody: "verabschiedete sich mit den Worten «Bis bald»"."""
    return item > 2 and line.folds[item - 1] in known.worded and line.folds[item - 3] in known.inscribed


def carried(line: Line, lexicon: Lexicon, known: Words, end: int | None = None) -> Phrase | None:
    """Return the last thing that a sentence names, in front of an item, and that words may stand on."""
    for at in range(len(line.words) if end is None else end)[::-1]:
        if line.capitals[at] and _carries(line, at, lexicon, known):
            for start in range(max(0, at - 3), at + 1):
                found = phrase(line, start, known, apposition=False)
                if found is not None and found.head == at:
                    return found
    return None


def _inscribed(line: Line, noun: int, lexicon: Lexicon, known: Words) -> Phrase | None:
    """Return what an inscription belongs to: "ein Schild mit der Aufschrift", "Plakate mit Parolen"."""
    led = noun - 1 - (line.folds[noun - 1] in known.articles)
    if led < 1 or line.folds[led] not in known.inscribed or not line.capitals[led - 1]:
        return None
    return carried(line, lexicon, known, led)


def _clause(line: Line, item: int, clauses: tuple[Clause, ...]) -> Clause | None:
    """Return the clause that says where the words stand: theirs, or the one in front of the colon or comma."""
    own = next((each for each in clauses if item in each.items), None)
    if own is not None and len(own.items) > 1:
        return own
    if item and line.words[item - 1] in ":,":
        return next((each for each in reversed(clauses) if each.items[-1] < item), None)
    if line.words[item + 1 : item + 2] != [","]:
        return own
    return next((each for each in clauses if each.start == item + 2), own)  # "«…», steht auf …", "«…», ist … zu lesen"


def _carries(line: Line, head: int, lexicon: Lexicon, known: Words) -> bool:
    return line.folds[head].endswith(known.carriers) or lexicon.noun(line.folds[head]) in WRITTEN


def _holder(line: Line, clause: Clause | None, found: Phrase, known: Words) -> Phrase | None:
    """Return who shows what the words stand on: "Fans protestierten mit Plakaten, auf denen «…» stand"."""
    if clause is None or not clause.verb >= 0:
        return None
    who = subject(line, clause, clause.verb, None, known)
    if who is None or who.start == found.start or line.folds[who.start] in known.nobody:
        return None
    return who if can_speak(line, who, known) else None

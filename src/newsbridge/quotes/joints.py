"""Joints: where "und" begins another clause, with a verb or a subject of its own.

"Kühn zögerte und sagte, …" has one subject, "Kühn zögerte und Falk sagte, …" has two; behind an embedded clause the one
round it may go on: "sagte, dass er gehe, und fügte hinzu, …".
"""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.quotes.chunks import Clause, ClauseKind, zu
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import phrase
from newsbridge.quotes.traits import CLEAR, ENDINGS, JOINT, MODAL, MOOD, SAYING, SMALL, VERB_ONLY, VERBAL
from newsbridge.quotes.words import Words


def joined(line: Line, found: list[Clause], known: Words) -> Iterator[Clause]:
    """Yield the clauses, a main clause that goes on behind "und" with a verb or a subject of its own apart."""
    told: Clause | None = None  # the last main clause in the indicative
    for clause in found:
        yield clause
        if clause.kind is not ClauseKind.MAIN:
            back = _back(line, clause, known) if told is not None else None
            if back is not None:
                more = Clause(
                    ClauseKind.MAIN, clause.items[back], clause.end, clause.items[back:], verb=clause.items[back + 1],
                    before=told, wall="und",
                )  # fmt: skip
                clause.items = clause.items[:back]
                clause.end = clause.items[-1] + 1
                if clause.kind is ClauseKind.RELATIVE and zu(line, clause.start, clause.end):
                    clause.kind = ClauseKind.INFINITIVE
                yield more
            continue
        rest = clause
        while (cut := _cut(line, rest, known)) is not None:
            at = rest.items[cut] + 1
            mood = line.traits[rest.verb] & MOOD and not line.traits[at] & MOOD
            before = told if mood and told is not None else rest
            more = Clause(
                ClauseKind.MAIN, rest.items[cut], rest.end, rest.items[cut:], verb=at, before=before, wall="und"
            )
            rest.items = rest.items[:cut]
            rest.end = rest.items[-1] + 1
            rest = more
            yield more
        if rest.verb >= 0 and not line.traits[rest.verb] & MOOD:
            told = rest


def _back(line: Line, clause: Clause, known: Words) -> int | None:
    """Return the position of an "und" behind which the clause round an embedded one goes on, if there is one.

    "Sie versprach, alles offenzulegen und sagte, …"; "sagte, dass er gehe und fügte hinzu, …".
    """
    items = clause.items
    for position in range(len(items) - 2, 0, -1):
        at, verb = items[position], items[position] + 1
        if not line.traits[at] & JOINT or items[position + 1] != verb or line.capitals[verb]:
            continue
        closed = verb + 1 < len(line.words) and line.words[verb + 1] in ",:"
        if not line.traits[verb] & SAYING or not (closed or line.traits[verb] & VERB_ONLY):
            return None
        before = items[position - 1]
        if clause.kind is ClauseKind.SUBORDINATE:
            return position if line.traits[before] & MOOD and not line.traits[verb] & MOOD else None
        return position if zu(line, before - 1, before + 1) else None
    return None


def _cut(line: Line, clause: Clause, known: Words) -> int | None:
    """Return the position of an "und" behind which a new main clause begins, if there is one."""
    items = clause.items
    if clause.verb < 0:
        return None
    traits = line.traits
    for position, at in enumerate(items[:-1]):
        if not traits[at] & JOINT or at <= clause.verb or items[position + 1] != at + 1:
            continue
        following = at + 1
        fold = line.folds[following]
        if not line.capitals[following] and line.pairs[following] is None:
            if traits[following] & CLEAR:
                return position
            behind = line.folds[following + 1] if following + 1 < len(line.folds) else ""
            bare = behind in known.determiners or behind in known.clausal or behind in known.small
            bare = bare or (behind[:1].isalpha() and not (line.capitals[following + 1] or behind.endswith(ENDINGS)))
            if bare and fold.endswith(("te", "ten")) and traits[following] & VERBAL:
                return position  # "und wollte das prüfen", "und versuchte vergeblich"
        if fold in known.it and following + 1 in items and traits[following + 1] & CLEAR:
            return position  # "und es ist möglich"
        subject = phrase(line, following, known)
        if subject is None or not subject.subject or subject.end not in items or line.capitals[subject.end]:
            continue
        last = subject.end == items[-1] and not traits[subject.end] & SAYING
        closes = subject.end == items[-1] and line.folds[subject.end].endswith("en")
        if closes and traits[clause.verb] & (MOOD | MODAL):
            continue  # "er wolle Bilder von Gewalt und Mord sehen"
        if not last and traits[subject.end] & (CLEAR | SMALL) == CLEAR:
            return position
    return None

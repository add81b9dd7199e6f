"""Frames: who is said to say something, and by which words.

„…“, sagte die Ministerin; „…“, so Kühn; laut einer Studie; nach Angaben der Polizei; Kühns Einschätzung nach.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from newsbridge.quotes.cues import FINITE, FormKind, Lexicon, Match
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, Words, phrase

WALL = frozenset(":;–—")  # no clause reaches across these
REACH = 24  # items between a verb and its subject
LONG = 32  # code points; a pair of marks longer than that is an utterance, not a name


class How(StrEnum):
    """The rule that named a speaker; what ``--explain`` shows."""

    VERB = "verb"  # "sagte die Ministerin", "die Ministerin sagte"
    SO = "so"  # "so die Ministerin"
    ACCORDING = "according"  # "laut einer Studie", "der Polizei zufolge"
    STATEMENT = "statement"  # "nach Angaben der Polizei", "Kühns Einschätzung nach"


@dataclass(frozen=True, slots=True)
class Frame:
    """A cue and its speaker in one line; ``at`` are the items of the cue."""

    how: How
    at: tuple[int, ...]
    speaker: Phrase | None
    match: Match | None = None
    clause: int = 0  # where the clause of a verb begins
    subordinate: bool = False  # "wie Kühn sagte", "der sagte"

    @property
    def start(self) -> int:
        """The first item of cue and speaker."""
        return min(self.at[0], self.speaker.start) if self.speaker else self.at[0]

    @property
    def end(self) -> int:
        """The item behind cue and speaker."""
        return max(self.at[-1] + 1, self.speaker.end) if self.speaker else self.at[-1] + 1


def frames(line: Line, lexicon: Lexicon, known: Words) -> tuple[Frame, ...]:
    """Find every frame of a line, in order of their cues."""
    found: list[Frame] = []
    taken: set[int] = set()
    for index, fold in enumerate(line.folds):
        if line.pairs[index] is not None or index in taken:
            continue
        frame = _verb(line, index, lexicon, known, found) if fold in lexicon.verbs else None
        if frame is None:
            frame = _words(line, index, lexicon, known)
        if frame is not None:
            taken.update(frame.at)
            found.append(frame)
    return tuple(found)


def _verb(line: Line, index: int, lexicon: Lexicon, known: Words, before: list[Frame]) -> Frame | None:
    """Read a form of a verb of saying with its subject."""
    if line.capital(index) and index > 0:
        return None
    match = lexicon.match(line.folds, index)
    if match is None:
        return None
    finite = index
    if match.kind not in FINITE:
        helper = _helper(line, index, match.kind, known)
        if helper is None:
            return None
        finite = helper
    clause = _clause(line, finite, known)
    if match.kind not in FINITE and line.folds[finite] in known.passive:
        return Frame(How.VERB, match.at, _agent(line, finite, index, known), match, clause)
    if index + 1 < len(line) and line.folds[index + 1] in known.it:
        place = _place(line, index + 2, known)
        if place is not None:
            return Frame(How.VERB, (*match.at, index + 1), place, match, clause)
    if clause < finite:
        first = line.folds[clause]
        if first in known.subordinating:
            inner = _first_subject(line, clause + 1, finite, known)
            return Frame(How.VERB, match.at, inner, match, clause, subordinate=True)
        if (
            clause
            and first in known.relative
            and line.words[clause - 1] == ","
            and _relative(line, clause, finite, known)
        ):
            return Frame(How.VERB, match.at, _antecedent(line, clause - 1, known), match, clause, subordinate=True)
    subject = _left(line, clause, finite, known, before) or _right(line, finite + 1, known)
    return Frame(How.VERB, match.at, subject, match, clause)


def _relative(line: Line, clause: int, finite: int, known: Words) -> bool:
    """Say whether "der" begins a relative clause, not the subject of ", der Minister sagte"."""
    found = phrase(line, clause, known, apposition=False)
    return found is None or found.pronoun or found.end != finite


def _helper(line: Line, index: int, kind: FormKind, known: Words) -> int | None:
    """Return where the finite verb of a participle or infinitive stands."""
    wanted = known.auxiliaries | known.passive if kind is FormKind.PARTICIPLE else known.modals
    if index + 1 < len(line) and line.folds[index + 1] in wanted:
        return index + 1
    for at in range(index - 1, max(-1, index - REACH), -1):
        if line.folds[at] in wanted:
            return at
        if line.words[at] in WALL or line.words[at] == ",":
            return None
    return None


def utters(line: Line, at: int) -> bool:
    """Say whether an item is a pair of marks too long to be a name."""
    pair = line.pairs[at]
    return pair is not None and len(pair.whole) > LONG


def _clause(line: Line, verb: int, known: Words) -> int:
    """Return where the clause of a finite verb begins; ``verb`` itself behind what it reports."""
    at = verb - 1
    behind_comma = at >= 0 and line.words[at] == ","
    while at >= 0 and line.words[at] not in WALL and (behind_comma or line.words[at] != ",") and not utters(line, at):
        at -= 1
    if not behind_comma:
        return at + 1
    found = phrase(line, at + 1, known)  # "Kühn, der Leiter, warnte" and "Kühn, der …, warnte", not "Es regnet, sagte"
    if found is None or not found.subject or found.end > verb:
        return verb
    if found.end >= verb - 1:
        return at + 1
    relative = line.folds[found.end + 1] in known.relative | known.prepositions
    return at + 1 if line.words[found.end] == "," and relative else verb


def _left(line: Line, clause: int, verb: int, known: Words, before: list[Frame]) -> Phrase | None:
    """Return the subject in front of the verb: what begins the clause, and reaches the verb."""
    if clause >= verb:
        return None
    if line.folds[verb - 1] in known.and_ and verb - 1 > clause:
        earlier = [frame.speaker for frame in before if frame.speaker and frame.match and frame.at[0] >= clause]
        return earlier[-1] if earlier else _nominative(line, clause, known)
    found = _nominative(line, clause, known)
    if found is None or found.end > verb:
        return None
    between = range(found.end, verb)
    if between and line.words[found.end] != "," and any(line.capital(i) for i in between) and len(between) > 6:
        return None
    return found


def _nominative(line: Line, at: int, known: Words) -> Phrase | None:
    while at < len(line) and line.folds[at] in known.openers:
        at += 1
    if at >= len(line) or line.folds[at] in known.prepositions:
        return None
    found = phrase(line, at, known)
    return found if found is not None and found.subject and line.folds[found.head] not in known.times else None


def _first_subject(line: Line, at: int, stop: int, known: Words) -> Phrase | None:
    """Return the first phrase that may be the subject and begins within ``[at, stop)``."""
    while at < stop:
        if line.folds[at] in known.prepositions:
            skipped = phrase(line, at + 1, known, apposition=False)
            at = skipped.end if skipped is not None else at + 1
            continue
        found = phrase(line, at, known)
        if found is None:
            at += 1
        elif found.subject and line.folds[found.head] not in known.times:
            return found
        else:
            at = max(found.end, at + 1)
    return None


def _right(line: Line, at: int, known: Words) -> Phrase | None:
    """Return the subject behind the verb, in the same clause."""
    stop = at
    while stop < min(len(line), at + REACH) and line.words[stop] not in ",:;–(!?" and not utters(line, stop):
        stop += 1
    return _first_subject(line, at, stop, known)


def _antecedent(line: Line, comma: int, known: Words) -> Phrase | None:
    """Return the phrase that ends in front of a relative clause."""
    best = None
    for start in range(comma - 1, max(-1, comma - 12), -1):
        if line.words[start] in ",.:;":
            break
        found = phrase(line, start, known, apposition=False)
        if found is not None and found.end == comma and (best is None or line.folds[start] in known.determiners):
            best = found
    return best


def _agent(line: Line, start: int, end: int, known: Words) -> Phrase | None:
    """Return by whom something was said: "wurde von der Polizei mitgeteilt"."""
    for at in range(start + 1, end):
        if line.folds[at] in known.of:
            return phrase(line, at + 1, known, apposition=False)
    return None


def _place(line: Line, at: int, known: Words) -> Phrase | None:
    """Return where it says so: "heisst es in der Mitteilung", "heisst es bei der Polizei"."""
    for index in range(at, min(len(line), at + 5)):
        if line.folds[index] in known.prepositions:
            return phrase(line, index + 1, known, apposition=False)
    return None


def _words(line: Line, index: int, lexicon: Lexicon, known: Words) -> Frame | None:
    """Read a cue that is no verb."""
    fold, phrases = line.folds[index], lexicon.phrases
    if fold in phrases["so"]:
        return _so(line, index, known)
    if fold in phrases["before"]:
        found = phrase(line, index + 1, known, apposition=False)
        if found is not None and not found.pronoun:
            return Frame(How.ACCORDING, (index,), _owner(line, found, lexicon, known) or found)
    if fold in phrases["behind"]:
        frame = _behind(line, index, lexicon, known)
        if frame is not None:
            return frame
    if fold in phrases["before_noun"]:
        found = phrase(line, index + 1, known, apposition=False)
        owner = _owner(line, found, lexicon, known) if found is not None else None
        if owner is not None:
            return Frame(How.STATEMENT, (index,), owner)
    return None


def _so(line: Line, index: int, known: Words) -> Frame | None:
    """Read "…, so die Ministerin", and "So die Ministerin:" in front."""
    if index and line.words[index - 1] != "," and line.pairs[index - 1] is None:
        return None
    found = phrase(line, index + 1, known)
    if found is None or not found.subject:
        return None
    closed = found.end == len(line) or line.words[found.end] in ",.:;–" or found.end - found.start > 1
    if index == 0 and not (found.end < len(line) and line.words[found.end] == ":"):
        return None
    return Frame(How.SO, (index,), found) if closed else None


def _behind(line: Line, index: int, lexicon: Lexicon, known: Words) -> Frame | None:
    """Read "der Polizei zufolge", "Kühns Einschätzung nach"."""
    for start in range(max(0, index - 10), index):
        if start and line.folds[start - 1] in known.determiners:
            continue
        found = phrase(line, start, known, apposition=False)
        if found is None or found.end != index or found.pronoun:
            continue
        owner = _owner(line, found, lexicon, known)
        if owner is not None:
            return Frame(How.STATEMENT, (index,), owner)
        if line.folds[index] in lexicon.phrases["before"]:
            return Frame(How.ACCORDING, (index,), found)
        return None
    return None


def _owner(line: Line, found: Phrase, lexicon: Lexicon, known: Words) -> Phrase | None:
    """Return whose statement a phrase is: "Angaben der Polizei" → der Polizei, "Kühns Einschätzung" → Kühns."""
    for at in range(found.start, found.end):
        if not line.capital(at) or lexicon.noun(line.folds[at]) != "statement":
            continue
        if at + 1 < found.end:
            owner = phrase(line, at + 2 if line.folds[at + 1] in known.of else at + 1, known)
            if owner is not None:
                return owner
        inner = [i for i in range(found.start, at) if line.capital(i)]
        if inner and line.folds[inner[-1]].endswith(("s", "x", "z", "’", "'")):
            return Phrase(inner[0], inner[-1] + 1, inner[-1], "any")
        if line.folds[found.start] in known.male | known.female and line.folds[found.start] not in known.relative:
            return Phrase(found.start, found.start + 1, found.start, "any", pronoun=True)  # "seiner Meinung nach"
    return None

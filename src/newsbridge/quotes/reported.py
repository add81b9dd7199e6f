"""Reported speech: which frames of a sentence report something, and what belongs to which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.contents import Contents, Range
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.traits import MODAL
from newsbridge.quotes.words import Words
from newsbridge.spans import Span


@dataclass(frozen=True, slots=True)
class Told:
    """What a frame reports, in a line."""

    frame: Frame
    ranges: tuple[Range, ...]
    quoted: bool = False  # it holds a long quotation, and is no reported speech of its own
    inner: bool = False  # it is part of what another frame reports: "er sagte, sie habe gefragt, ob …"

    def covers(self, item: int) -> bool:
        """Say whether an item of the line is part of it."""
        return any(start <= item < end for start, end in self.ranges)

    @property
    def size(self) -> int:
        """How many items it has."""
        return sum(end - start for start, end in self.ranges)


def told(line: Line, parsed: Parsed, lexicon: Lexicon, words: Words, known: Mood) -> tuple[Told, ...]:
    """Find what each frame of a line reports; at most one content per frame.

    A frame inside what another one reports ("er sagte, der Minister habe erklärt, …") is an inner one; the contents of
    all others never overlap.
    """
    if not parsed.frames:
        return ()
    reader = Contents(line, parsed, lexicon, words, known)
    taken: list[Range] = []
    found: list[Told] = []
    ranked = sorted(parsed.frames, key=lambda frame: (not frame.inverted, frame.how is How.NOUN, frame.at))
    for frame in ranked:
        if aside(line, frame, lexicon, known) or _own(line, frame, words) or _nobody(line, frame, words, known):
            continue
        if _agentless(frame) or _unsaid(line, frame, lexicon, words):
            continue
        if frame.how is How.AS and any(start <= frame.clause.start < end for start, end in taken):
            continue  # "sie fragte, wie der Minister das wissen wolle"
        ranges = tuple(reader.trim(*part) for part in reader.ended(frame, reader.content(frame)))
        ranges = tuple(part for part in ranges if part[0] < part[1])
        if all(stop - start == 1 and line.pairs[start] is not None for start, stop in ranges):
            continue  # that is a quotation
        if frame.how is How.SO and line.quoted and reader.aside(ranges):
            continue  # "«Wir gehen», so der Tenor unter den Fans"
        if not ranges:
            continue
        if any(one[0] < other[1] and other[0] < one[1] for one in ranges for other in taken):
            if frame.how is How.VERB and len(ranges) == 1 and not frame.inverted:
                found.append(Told(frame, ranges, inner=True))
            continue
        taken.extend(ranges)
        found.append(Told(frame, ranges, reader.quoted(ranges)))
    found.sort(key=lambda each: each.ranges)
    return tuple(found)


def pointed(line: Line, parsed: Parsed, lexicon: Lexicon, words: Words) -> Frame | None:
    """Return the frame of a sentence that but says who said the one before it: "Das teilte die Polizei mit"."""
    if line.folds[0] not in words.pointing_back or ":" in line.words or not words.denying.isdisjoint(line.folds):
        return None
    for frame in parsed.frames:
        verb = frame.match.verb if frame.match is not None else None
        says = verb is not None and (verb.klass == "say" or verb.lemma in lexicon.pointing)
        first = (
            frame.clause is parsed.clauses[0] and frame.how is How.VERB and frame.clause.items[1:2] == [frame.finite]
        )
        if says and first and frame.speaker is not None and frame.speaker.start > 1:
            return frame
    return None


def aside(line: Line, frame: Frame, lexicon: Lexicon, known: Mood) -> bool:
    """Say whether a frame is part of what somebody else reports: "Die Rede sei, so die offizielle Version, …"."""
    if frame.how is not How.SO or frame.speaker is None or not known.strong & set(line.folds):
        return False
    return lexicon.noun(line.folds[frame.speaker.head]) == "statement"


def _agentless(frame: Frame) -> bool:
    """Say whether nobody is told to think or decide something: "es ist geplant, …", "es wird erwartet, dass …"."""
    return (
        frame.passive
        and frame.speaker is None
        and frame.match is not None
        and frame.match.verb.klass in ("judge", "think")
    )


def _unsaid(line: Line, frame: Frame, lexicon: Lexicon, words: Words) -> bool:
    """Say whether a frame is asked or denied: "Glaubt er, dass …?", "wollte nicht bestätigen, dass …"."""
    if frame.how is not How.VERB or frame.finite < 0 or frame.inverted or frame.passive:
        return False
    items = frame.clause.items
    if line.words[-1] == "?" and items[0] == frame.finite and frame.clause.kind is ClauseKind.MAIN:
        return frame.finite == 0
    folds = [line.folds[at] for at in items]
    modal = any(line.traits[at] & MODAL for at in items)
    who = frame.speaker
    nobody = who is not None and line.folds[who.start] in words.denying
    that = items[-1] + 2 < len(line.folds) and line.folds[items[-1] + 2] in lexicon.phrases["that"]
    return nobody or (modal and that and not words.denying.isdisjoint(folds))


def _nobody(line: Line, frame: Frame, words: Words, known: Mood) -> bool:
    """Say whether a frame is told of nobody in particular: "Niemand wisse, wann der Fels komme"."""
    who = frame.speaker
    if who is None or not who.pronoun or frame.finite < 0:
        return False
    if (
        frame.clause.kind is ClauseKind.SUBORDINATE
        and line.folds[who.start] in words.nobody
        and frame.how is not How.AS
    ):
        return line.folds[frame.clause.items[0]] in known.conditions  # "wenn man das sagen kann"
    return line.folds[who.start] in words.nobody and line.folds[frame.finite] in known.strong


def _own(line: Line, frame: Frame, words: Words) -> bool:
    """Say whether a frame is the narrator's own or addresses somebody: "ich kann sagen, …", "fordern Sie, …"."""
    who = frame.speaker
    if who is None or not who.pronoun:
        return False
    return line.folds[who.start] in words.first_person or (who.start > 0 and line.capitals[who.start])


def spans_of(line: Line, ranges: Iterable[Range]) -> tuple[Span, ...]:
    """Return the code points of ranges of items."""
    return tuple(line.cover(start, end) for start, end in ranges)

"""Reported speech: with a frame, in the subjunctive without one, and hearsay with "sollen"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from newsbridge.article import Hearsay, QuoteKind
from newsbridge.languages import Language
from newsbridge.quotes.direct import Attribution, Found
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Words
from newsbridge.spans import Span

PUNCTUATION = ",.:;!?–—()"


@dataclass(frozen=True)
class Mood:
    """A language's table ``[mood]``: the forms that say "somebody says so"."""

    strong: frozenset[str]  # always: "sei", "habe"
    weak: frozenset[str]  # where reported speech goes on: "hätten"
    hearsay: frozenset[str]
    perfect: frozenset[str]
    conditions: frozenset[str]
    conjunctions: frozenset[str]
    reasons: frozenset[str]


@cache
def mood(language: Language) -> Mood:
    """Compile a language's table ``[mood]``."""
    table = language.table("mood")
    names = ("strong", "weak", "hearsay", "perfect", "conditions", "conjunctions", "reasons")
    return Mood(**{name: frozenset(word.casefold() for word in table[name]) for name in names})


def subjunctive(line: Line, known: Mood, words: Words, *, goes_on: bool) -> bool:
    """Say whether a sentence reports speech by its mood alone."""
    if any(fold in words.first_person for fold in line.folds):
        return False
    if any(fold in known.strong for fold in line.folds):
        return True
    return goes_on and any(fold in known.weak for fold in line.folds) and not known.conditions & set(line.folds)


def indirect(attribution: Attribution, number: int, known: Mood) -> Iterator[Found]:
    """Yield the reported speech of one line that has a frame; at most one per frame."""
    line = attribution.page.lines[number]
    taken: list[Span] = []
    frames = [each for each in attribution.frames[number] if not aside(attribution, line, each, known)]
    for frame in sorted(frames, key=lambda each: each.clause != each.at[0] or each.clause == 0):
        spans = tuple(span for span in _content(line, frame, known) if len(span))
        if not spans or any(span.meets(other) for span in spans for other in taken):
            continue
        speaker = None
        if frame.speaker is not None:
            speaker = attribution.speaker(number, frame.speaker, 0.9, frame.how.value)
        cue = line.cover(frame.at[0], frame.at[-1] + 1)
        taken.extend(spans)
        yield Found(QuoteKind.INDIRECT, spans, spans, False, speaker, cue, number)


def aside(attribution: Attribution, line: Line, frame: Frame, known: Mood) -> bool:
    """Say whether a frame is part of what somebody else reports: "Die Rede sei, so die offizielle Version, …"."""
    if frame.how is not How.SO or frame.speaker is None or not known.strong & set(line.folds):
        return False
    return attribution.lexicon.noun(line.folds[frame.speaker.head]) == "statement"


def _content(line: Line, frame: Frame, known: Mood) -> tuple[Span, ...]:
    """Return what a frame reports: behind it, before it, or on both sides of it."""
    end = len(line)
    while end and line.words[end - 1] in ".!?":
        end -= 1
    if frame.how is not How.VERB:
        return _around(line, frame, end)
    match = frame.match
    assert match is not None
    if frame.subordinate and line.folds[frame.clause] not in known.conjunctions | {"wie"}:
        return ()
    if frame.clause == frame.at[0] and frame.clause > 1 and line.words[frame.clause - 1] == ",":
        return _before(line, frame, end, known) if "after" in match.verb.takes else ()
    comma = next((i for i in range(frame.end, end) if line.words[i] in ",:"), None)
    if comma is None or comma + 1 >= end or line.pairs[comma + 1] is not None:
        return ()
    head = set(line.folds[comma + 1 : comma + 3])
    inside = line.folds[comma + 1 : end]
    clause = bool(head & known.conjunctions)
    second = "second" in match.verb.takes and bool(set(inside) & (known.strong | known.weak))
    infinitive = "zu" in match.verb.takes and ("zu" in inside or any(_with_zu(word) for word in inside))
    if clause or ((second or infinitive) and inside[0] not in known.reasons):
        return _trim(line, comma + 1, end)
    return ()


def _with_zu(word: str) -> bool:
    return len(word) > 7 and "zu" in word[1:6] and word.endswith("en")


def _before(line: Line, frame: Frame, end: int, known: Mood) -> tuple[Span, ...]:
    """Return what stands before ", sagte er", and what goes on behind another comma."""
    stop = frame.clause - 1
    if line.pairs[stop - 1] is not None or any(
        line.pairs[i] is not None and len(line.cover(i, i + 1)) > 48 for i in range(stop)
    ):
        return ()
    spans = _trim(line, 0, stop)
    comma = next((i for i in range(frame.end, end) if line.words[i] == ","), None)
    if comma is not None and comma + 1 < end and line.pairs[comma + 1] is None:
        inside = set(line.folds[comma + 1 : end])
        if inside & (known.strong | known.weak) or line.folds[comma + 1] in known.conjunctions:
            spans = (*spans, *_trim(line, comma + 1, end))
    return spans


def _around(line: Line, frame: Frame, end: int) -> tuple[Span, ...]:
    """Return all of a sentence but the frame: "Die Gefahr, so Kühn, sei real"."""
    start, stop = frame.start, frame.end
    if any(line.pairs[i] is not None and len(line.cover(i, i + 1)) > 48 for i in range(len(line))):
        return ()
    return tuple(span for part in ((0, start), (stop, end)) for span in _trim(line, *part))


def _trim(line: Line, start: int, end: int) -> tuple[Span, ...]:
    while start < end and line.words[start] in PUNCTUATION:
        start += 1
    while end > start and line.words[end - 1] in PUNCTUATION:
        end -= 1
    return (line.cover(start, end),) if end > start else ()


def hearsay(line: Line, known: Mood) -> Span | None:
    """Return the clause of a claim with "sollen" and no source: "eine Schiesserei soll es gegeben haben"."""
    for at, fold in enumerate(line.folds):
        if fold not in known.hearsay:
            continue
        end = at + 1
        while end < len(line) and line.words[end] not in ",.;:!?":
            end += 1
        if line.folds[end - 1] not in known.perfect or end - at < 3 or not line.folds[end - 2].endswith(("t", "en")):
            continue  # no perfect infinitive: a plan, not a rumour
        start = at
        while start and line.words[start - 1] not in ",.;:!?–":
            start -= 1
        return line.cover(start, end)
    return None


def as_hearsay(spans: list[Span]) -> tuple[Hearsay, ...]:
    """Number the claims."""
    return tuple(Hearsay(f"h{number}", span) for number, span in enumerate(spans, start=1))

"""Framing: the clauses of a sentence, and every frame in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from newsbridge.quotes.clauses import Clause, clauses
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import NOTHING, Frame, How, Parsed
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, phrase
from newsbridge.quotes.sources import Sources
from newsbridge.quotes.verbs import Verbs
from newsbridge.quotes.words import Words


def parse(line: Line, lexicon: Lexicon, known: Words) -> Parsed:
    """Find the clauses of a line and every frame, in order of their cues; nothing where no word of saying stands."""
    quoted = any(pair is not None for pair in line.pairs)
    if not quoted and not lexicon.hints(line.folds) and not _nouns(line, lexicon):
        return NOTHING
    divided = clauses(line, known)
    found: list[Frame] = []
    for index, clause in enumerate(divided):
        last = clause.items[-1]
        following = next((each for each in divided[index + 1 :] if each.start > last), None)
        found.extend(_frames(line, clause, following, lexicon, known))
    found = _channels(line, found, known)
    found.sort(key=lambda frame: frame.at)
    return Parsed(divided, tuple(found))


def _nouns(line: Line, lexicon: Lexicon) -> bool:
    """Say whether a noun of saying stands in a line where it may be a cue: behind "nach", in front of a comma."""
    signal = not lexicon.signals.isdisjoint(line.folds)
    for at, fold in enumerate(line.folds):
        if line.capitals[at] and (signal or "," in line.words[at + 1 : at + 6]) and lexicon.noun(fold):
            return True
    return False


def _frames(line: Line, clause: Clause, following: Clause | None, lexicon: Lexicon, known: Words) -> Iterator[Frame]:
    """Yield every frame of a clause."""
    verbs, sources = Verbs(line, clause, lexicon, known), Sources(line, clause, following, lexicon, known)
    taken: set[int] = set()
    said = False
    for position, at in enumerate(clause.items):
        if line.pairs[at] is not None or at in taken:
            continue
        fold = line.folds[at]
        frame = verbs.read(position) if fold in lexicon.verbs else None
        said = said or frame is not None
        if frame is None and fold in lexicon.signals:
            frame = sources.words(at)
        if frame is not None:
            taken.update(frame.at)
            yield frame
    back = sources.back()
    if back is not None:
        yield back
    noun = sources.noun()
    if noun is not None and not taken & set(noun.at):
        yield noun
    if not said and clause.inverted:
        unknown = verbs.unknown()
        if unknown is not None:
            yield unknown


def _channels(line: Line, found: list[Frame], known: Words) -> list[Frame]:
    """Set the medium: "sagte Kühn laut «Tagblatt»", "gegenüber Radio Basel", "im Interview mit dem «Boten»"."""
    said = [frame for frame in found if frame.how is How.VERB and frame.speaker is not None and frame.medium is None]
    if not said:
        return found
    kept = list(found)
    for frame in said:
        channel = _channel(line, frame, known)
        if channel is None:
            continue
        kept[kept.index(frame)] = replace(frame, medium=channel)
        kept = [
            each
            for each in kept
            if not (each.how is How.ACCORDING and each.clause is frame.clause and each.end == channel.end)
        ]
    return kept


def _channel(line: Line, frame: Frame, known: Words) -> Phrase | None:
    """Return the medium named in the clause of a frame, without its article."""
    for at in frame.clause.items:
        if line.folds[at] not in known.carried_by or at + 1 >= len(line):
            continue
        found = phrase(line, at + 1, known, apposition=False)
        if found is None or found.pronoun:
            continue
        named = any(each in line.named for each in range(found.start, found.end))
        if named or line.folds[found.head].endswith(known.media) or line.folds[found.start].endswith(known.media):
            start = found.start
            while start < found.end - 1 and not line.capitals[start] and start not in line.named:
                start += 1
            return Phrase(start, found.end, found.head, found.case)
    return None

"""Framing: the clauses of a sentence, and every frame in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import compress, count

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.claims import Claims
from newsbridge.quotes.clauses import clauses
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import NOTHING, Frame, How, Parsed
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, phrase
from newsbridge.quotes.sources import Sources
from newsbridge.quotes.traits import BACK, CONVINCED, MOOD, NOUN, SIGNAL, TRIGGER, VERB, WANTING
from newsbridge.quotes.verbs import Verbs
from newsbridge.quotes.words import Words


def parse(line: Line, lexicon: Lexicon, known: Words) -> Parsed:
    """Find the clauses of a line and every frame, in order of their cues; nothing where no word of saying stands."""
    if line.parsed is None:
        line.parsed = _parse(line, lexicon, known)
    return line.parsed


def _parse(line: Line, lexicon: Lexicon, known: Words) -> Parsed:
    spoken = line.quoted or line.every & CONVINCED or _verbs(line, lexicon) or _nouns(line)
    if not (spoken or _certain(line, lexicon, known)):
        return NOTHING
    divided = clauses(line, known)
    found: list[Frame] = []
    cues = tuple(compress(count(), map(lexicon.cues.__contains__, line.folds)))
    for index, clause in enumerate(divided):
        following = None
        if line.every & (NOUN | CONVINCED):
            following = next((each for each in divided[index + 1 :] if each.start > clause.items[-1]), None)
        found.extend(_frames(line, clause, following, cues, lexicon, known))
        if line.every & NOUN and clause.kind is ClauseKind.MAIN:
            fronted = _fronted(line, clause, divided, lexicon, known)
            if fronted is not None and not any(each.at == fronted.at for each in found):
                found.append(fronted)
    found = _times(line, _channels(line, found, known), divided, lexicon)
    found.sort(key=lambda frame: frame.at)
    return Parsed(divided, tuple(found))


def _verbs(line: Line, lexicon: Lexicon) -> bool:
    """Say whether a line may hold a verb of saying or another cue, by its words alone."""
    return line.every & TRIGGER > 0 or (line.every & WANTING > 0 and lexicon.hints(line.folds))


def _certain(line: Line, lexicon: Lexicon, known: Words) -> bool:
    """Say whether something may be certain for somebody: "Für Kühn steht fest, dass …"."""
    return "," in line.words and not (
        known.certain.isdisjoint(line.folds)
        or lexicon.phrases["view"].isdisjoint(line.folds)
        or lexicon.phrases["that"].isdisjoint(line.folds)
    )


def _nouns(line: Line) -> bool:
    """Say whether a noun of saying stands in a line where it may be a cue: behind "nach", in front of a comma."""
    if not line.every & NOUN:
        return False
    return any(
        trait & NOUN and line.capitals[at] and (line.every & SIGNAL or "," in line.words[at + 1 : at + 6])
        for at, trait in enumerate(line.traits)
    )


def _frames(
    line: Line, clause: Clause, following: Clause | None, cues: tuple[int, ...], lexicon: Lexicon, known: Words
) -> Iterator[Frame]:
    """Yield every frame of a clause; ``cues`` are the items of the line that may begin one."""
    sources, claims = Sources(line, clause, lexicon, known), Claims(line, clause, following, lexicon, known)
    items = clause.items
    verbs: Verbs | None = None
    taken: set[int] = set()
    said = False
    for at in cues:
        if at in taken or not clause.start <= at < clause.end or at not in items:
            continue
        frame = None
        if line.traits[at] & VERB:
            verbs = verbs or Verbs(line, clause, lexicon, known)
            frame = verbs.read(items.index(at))
        said = said or frame is not None
        if frame is None and line.traits[at] & SIGNAL:
            frame = sources.words(at)
        if frame is not None:
            taken.update(frame.at)
            yield frame
    back = sources.back() if line.every & BACK else None
    if back is not None:
        yield back
    noun = claims.noun() if following is not None else None
    if noun is not None and not taken & set(noun.at):
        yield noun
    convinced = claims.convinced() if clause.inverted and line.every & CONVINCED else None
    if convinced is not None:
        yield convinced
    elif not said and clause.inverted:
        unknown = (verbs or Verbs(line, clause, lexicon, known)).unknown()
        if unknown is not None:
            yield unknown


def _fronted(line: Line, clause: Clause, divided: tuple[Clause, ...], lexicon: Lexicon, known: Words) -> Frame | None:
    """Read a noun of saying in front of its verb: "Das Argument der Wirte, dass …, lässt Kühn nicht gelten"."""
    items = clause.items
    gap = next((index for index in range(1, len(items)) if items[index] > items[index - 1] + 1), None)
    if gap is None:
        return None
    inner = next((each for each in divided if each.start == items[gap - 1] + 2), None)
    if inner is None or inner.kind not in (ClauseKind.SUBORDINATE, ClauseKind.INFINITIVE):
        return None
    front = Clause(clause.kind, clause.start, items[gap - 1] + 1, items[:gap])
    frame = Claims(line, front, inner, lexicon, known).noun()
    if frame is not None and frame.speaker is None and lexicon.reports(line.folds[frame.at[0]]):
        return replace(frame, clause=clause, speaker=phrase(line, items[0], known, apposition=False))
    return replace(frame, clause=clause) if frame is not None and frame.speaker is not None else None


def _channels(line: Line, found: list[Frame], known: Words) -> list[Frame]:
    """Set the medium: "sagte Kühn laut «Tagblatt»", "gegenüber Radio Basel", "im Interview mit dem «Boten»"."""
    said = [each for each in found if each.how is How.VERB and each.speaker and not each.medium and not each.passive]
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


def _times(line: Line, found: list[Frame], divided: tuple[Clause, ...], lexicon: Lexicon) -> list[Frame]:
    """Drop "nach der Untersuchung" where somebody else speaks in its clause: "… bestätigte ein Sprecher, dass …"."""
    that = lexicon.phrases["that"]
    heads = {
        each.start - 1
        for each in divided
        if line.folds[each.start] in that
        or (each.kind is ClauseKind.MAIN and each.verb >= 0 and line.traits[each.verb] & MOOD)
    }
    said = {
        id(each.clause)
        for each in found
        if each.match is not None
        and each.match.verb.klass == "say"
        and each.speaker is not None
        and not each.passive
        and each.clause.items[-1] + 1 in heads
    }
    if not said:
        return found
    after = lexicon.phrases["after_document"]
    return [
        each
        for each in found
        if each.how is not How.ACCORDING or id(each.clause) not in said or line.folds[each.at[0]] not in after
    ]


def _channel(line: Line, frame: Frame, known: Words) -> Phrase | None:
    """Return the medium named in the clause of a frame, without its article."""
    for at in frame.clause.items:
        if line.folds[at] not in known.carried_by or at + 1 >= len(line.words):
            continue
        found = phrase(line, at + 1, known, apposition=False)
        if found is None or found.pronoun:
            continue
        named = any(each in line.named for each in range(found.start, found.end))
        if named or known.medium(line.folds[found.head]) or known.medium(line.folds[found.start]):
            start = found.start
            while start < found.end - 1 and not line.capitals[start] and start not in line.named:
                start += 1
            return Phrase(start, found.end, found.head, found.case)
    return None

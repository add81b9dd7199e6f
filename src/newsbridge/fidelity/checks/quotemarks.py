"""Quotation marks and what they hold: lost, invented, without partner, merged, moved, grown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity import targetmarks
from newsbridge.fidelity.pairs import Pair, core, inside
from newsbridge.spans import Span

SHARED = 0.5  # part of the quoted words that must stand in the marks of the target; below, these have moved
OWN = 0.4  # part of the words in the target's marks that must be of the quotation
GROWN = 0.67  # the same for a quotation that is part of a sentence ...
OTHERS = 3  # ... and how many words of others make it grown
MOVED = 0.45  # without alignment: difference between the parts of both texts that stand in marks
MANY = 6  # pairs of marks in a segment; beyond, they are taken in order
IN_ORDER = 0.5
FEW = 2  # content words of a quotation so short that one wrong link would move it
FAINT = 0.08  # weight on one of them that is enough to say that it stands there
NAME = 4  # letters of a word that, alike on both sides, is one and the same
STOPS = "«»„“”\"'‘’‚‹›.,;:!?()[]"
EXCERPT = 40  # code points of a quotation that a message shows


@dataclass(frozen=True)
class Match:
    """How far a pair of marks in the target holds the words of one in the source; parts from 0 to 1."""

    kept: float  # of the quoted words that have a counterpart, those inside
    own: float  # of the words inside, those that face the quoted ones
    others: int  # how many inside face other words
    faint: bool  # whether the quotation is a word or two, some weight of which falls inside: too little to tell
    brief: bool = False  # whether it is a word or two


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for each pair of marks that is not where it belongs."""
    for at in pair.strays[len(pair.loose) :]:
        message = "The English has a quotation mark without partner; where the quotation begins or ends is not known."
        yield pair.finding(FindingKind.QUOTE_STRAY, Severity.ERROR, message, target=Span(at, at + 1))
    wanted, found = pair.wanted, pair.found
    fewer = targetmarks.count(pair.target) < targetmarks.count(pair.text)
    for mark in pair.loose[len(pair.strays) + 2 * max(0, len(found) - len(wanted)) :] if fewer else ():
        message = "The German has a quotation mark without partner, and the English lacks it; check what is quoted."
        yield pair.finding(FindingKind.QUOTE_LOST, Severity.WARNING, message, mark)
    if pair.alignment is None or not wanted:
        yield from _by_number(pair)
        return
    astray = list(_by_alignment(pair, wanted, found))
    yield from astray
    if not astray and len(wanted) == len(found) and not pair.strays and not pair.loose:
        yield from _crossed(pair, wanted, found)


def _by_alignment(pair: Pair, wanted: tuple[Span, ...], found: tuple[Span, ...]) -> Iterator[Finding]:
    """Compare what the pairs of marks hold, word by word."""
    table = [[match(pair, source, target) for target in found] for source in wanted]
    holder = _holders(table, len(wanted), len(found))
    taken = [[t for t in range(len(found)) if holder[t] == s] for s in range(len(wanted))]
    for s, source in enumerate(wanted):
        if not taken[s]:
            yield _missing(pair, source, table[s], found)
            continue
        kept, own = sum(table[s][t].kept for t in taken[s]), max(table[s][t].own for t in taken[s])
        target = found[taken[s][0]]
        if _elsewhere(kept, own, brief=table[s][taken[s][0]].brief) and not any(table[s][t].faint for t in taken[s]):
            message = f"The quotation marks round {_excerpt(pair, source)} stand round other words in the English."
            yield pair.finding(FindingKind.QUOTE_MOVED, Severity.ERROR, message, source, target)
        elif own < GROWN and sum(table[s][t].others for t in taken[s]) >= OTHERS and not pair.loose:
            message = f"The English quotes more than the German does: {_excerpt(pair, source)}."
            yield pair.finding(FindingKind.QUOTE_GROWN, Severity.WARNING, message, source, target)
        best = max(taken[s], key=lambda t: (table[s][t].own, table[s][t].kept))
        if _within(pair.text, source) > sum(_within(pair.target, found[t]) for t in taken[s]):
            message = f"Quotation marks inside {_excerpt(pair, source)} are missing in the English."
            yield pair.finding(FindingKind.QUOTE_LOST, Severity.WARNING, message, source)
        for t in taken[s]:
            if t != best and table[s][t].own < OWN:
                yield _invented(pair, found[t])


def _elsewhere(kept: float, own: float, *, brief: bool) -> bool:
    """Say whether marks stand round other words; of a word or two, both sides must say so: one link is easily wrong."""
    return (kept < SHARED and own < OWN) if brief else (kept < SHARED or own < OWN)


def _within(text: str, span: Span) -> int:
    """Count the pairs of marks inside a pair."""
    return len(targetmarks.read(text[span.start + 1 : span.end - 1])[0])


def _crossed(pair: Pair, wanted: tuple[Span, ...], found: tuple[Span, ...]) -> Iterator[Finding]:
    """Yield a finding for a name or figure, alike on both sides, that stands in marks on one of them only."""
    alignment = pair.alignment
    assert alignment is not None
    for s, word in enumerate(pair.source_words):
        if not _telling(alignment.source[s].of(pair.text)) or pair.source_words.count(word) != 1:
            continue
        if pair.target_words.count(word) != 1:
            continue
        there = core(pair.target, alignment.target[pair.target_words.index(word)])
        here = core(pair.text, alignment.source[s])
        ours = next((span for span in wanted if span.start <= here < span.end), None)
        theirs = next((span for span in found if span.start <= there < span.end), None)
        name = alignment.source[s].of(pair.text).strip(STOPS)
        if ours is not None and theirs is None:
            message = f"{name} stands in quotation marks in the German, and outside them in the English."
            yield pair.finding(FindingKind.QUOTE_MOVED, Severity.WARNING, message, ours)
            return
        if theirs is not None and ours is None:
            message = f"{name} stands in quotation marks in the English, and outside them in the German."
            yield pair.finding(FindingKind.QUOTE_GROWN, Severity.WARNING, message, wanted[0], theirs)
            return


def _telling(word: str) -> bool:
    """Say whether a word is a figure, or a name as far as can be seen, that a translation takes over as it is."""
    bare = word.strip(STOPS)
    return (bare[:1].isdigit() and len(bare) > 1) or (bare[:1].isupper() and len(bare) >= NAME)


def _holders(table: list[list[Match]], wanted: int, found: int) -> list[int]:
    """Say for each pair of the target which one of the source it stands for."""
    if wanted == found:  # one for one, in order where nothing speaks against it
        if wanted > MANY:
            return list(range(wanted))
        return list(
            max(
                permutations(range(wanted)),
                key=lambda order: sum(
                    table[s][t].own + table[s][t].kept + (IN_ORDER if s == t else 0) for t, s in enumerate(order)
                ),
            )
        )
    return [max(range(wanted), key=lambda s: (table[s][t].own, table[s][t].kept)) for t in range(found)]


def match(pair: Pair, source: Span, target: Span) -> Match:
    """Compare the words in a pair of marks of the source with those in one of the target."""
    alignment = pair.alignment
    assert alignment is not None
    ours = set(inside(pair.text, alignment.source, source))
    if not ours:  # marks round nothing
        return Match(1.0, 1.0, 0, False)
    theirs = set(inside(pair.target, alignment.target, target))
    content = [at for at in ours if pair.source_words[at] not in pair.grammar.small] or list(ours)
    answered = [at for at in content if alignment.facing[at]]
    kept = sum(any(each in theirs for each in alignment.facing[at]) for at in answered)
    pointing = [at for at in theirs if alignment.best[at] is not None]
    telling = [at for at in pointing if pair.target_words[at] not in pair.small] or pointing
    facing = [best for at in telling if (best := alignment.best[at]) is not None]
    own = sum(at in ours for at in facing)
    others = sum(at not in ours and pair.source_words[at] not in pair.grammar.small for at in facing)
    glued = any(core(pair.text, alignment.source[at]) < source.start for at in ours)  # aligned with the word before it
    touch = float(alignment.weights[sorted(theirs)][:, content].max()) if theirs and content else 0.0
    return Match(
        kept / len(answered) if answered else 1.0,
        own / len(facing) if facing else float(bool(theirs)),
        others,
        len(content) <= FEW and (touch >= FAINT or glued),
        len(content) <= FEW,
    )


def _missing(pair: Pair, source: Span, row: list[Match], found: tuple[Span, ...]) -> Finding:
    """Say what became of a pair that no pair of the target stands for."""
    for t, each in enumerate(row):
        if each.kept >= SHARED and each.own > 0:
            message = f"The English runs {_excerpt(pair, source)} together with another quotation."
            return pair.finding(FindingKind.QUOTE_MERGED, Severity.ERROR, message, source, found[t])
    message = f"The quotation marks round {_excerpt(pair, source)} are missing in the English; check who says what."
    return pair.finding(FindingKind.QUOTE_LOST, Severity.ERROR, message, source)


def _invented(pair: Pair, target: Span) -> Finding:
    message = "The English has quotation marks that the German does not have."
    return pair.finding(FindingKind.QUOTE_INVENTED, Severity.ERROR, message, target=target)


def _excerpt(pair: Pair, source: Span) -> str:
    said = source.of(pair.text)
    return said if len(said) <= EXCERPT else said[: EXCERPT - 1].rstrip() + "…"


def _by_number(pair: Pair) -> Iterator[Finding]:
    """Compare the pairs of marks by their number, and by how much of the text they hold."""
    wanted, found = pair.wanted, pair.found
    for source in wanted[len(found) :]:
        yield _missing(pair, source, [], ())
    for target in found[len(wanted) + len(pair.loose) // 2 :]:
        yield _invented(pair, target)
    if wanted and len(wanted) == len(found) and pair.target:
        ours = sum(map(len, wanted)) / len(pair.text)
        theirs = sum(map(len, found)) / len(pair.target)
        if abs(ours - theirs) > MOVED:
            message = "The quotation marks of the English may stand round other words than those of the German."
            yield pair.finding(FindingKind.QUOTE_MOVED, Severity.WARNING, message, wanted[0], found[0])

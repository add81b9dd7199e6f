"""Quotation marks and what they hold: lost, invented, without partner, merged, moved, grown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair, inside
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
EXCERPT = 40  # code points of a quotation that a message shows


@dataclass(frozen=True)
class Match:
    """How far a pair of marks in the target holds the words of one in the source; parts from 0 to 1."""

    kept: float  # of the quoted words that have a counterpart, those inside
    own: float  # of the words inside, those that face the quoted ones
    others: int  # how many inside face other words
    faint: bool  # whether the quotation is a word or two, some weight of which falls inside: too little to tell


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for each pair of marks that is not where it belongs."""
    for at in pair.strays[pair.loose :]:
        message = "The English has a quotation mark without partner; where the quotation begins or ends is not known."
        yield pair.finding(FindingKind.QUOTE_STRAY, Severity.ERROR, message, target=Span(at, at + 1))
    wanted, found = pair.wanted, pair.found
    if pair.alignment is None or not wanted:
        yield from _by_number(pair)
        return
    table = [[match(pair, source, target) for target in found] for source in wanted]
    holder = _holders(table, len(wanted), len(found))
    taken = [[t for t in range(len(found)) if holder[t] == s] for s in range(len(wanted))]
    for s, source in enumerate(wanted):
        if not taken[s]:
            yield _missing(pair, source, table[s], found)
            continue
        kept, own = sum(table[s][t].kept for t in taken[s]), max(table[s][t].own for t in taken[s])
        target = found[taken[s][0]]
        if (kept < SHARED or own < OWN) and not any(table[s][t].faint for t in taken[s]):
            message = f"The quotation marks round {_excerpt(pair, source)} stand round other words in the English."
            yield pair.finding(FindingKind.QUOTE_MOVED, Severity.ERROR, message, source, target)
        elif own < GROWN and sum(table[s][t].others for t in taken[s]) >= OTHERS:
            message = f"The English quotes more than the German does: {_excerpt(pair, source)}."
            yield pair.finding(FindingKind.QUOTE_GROWN, Severity.WARNING, message, source, target)
        for t in taken[s][1:]:
            if table[s][t].own < OWN:
                yield _invented(pair, found[t])


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
    theirs = set(inside(pair.target, alignment.target, target))
    content = [at for at in ours if pair.source_words[at] not in pair.grammar.small] or list(ours)
    answered = [at for at in content if alignment.facing[at]]
    kept = sum(any(each in theirs for each in alignment.facing[at]) for at in answered)
    pointing = [at for at in theirs if alignment.best[at] is not None]
    telling = [at for at in pointing if pair.target_words[at] not in pair.small] or pointing
    facing = [best for at in telling if (best := alignment.best[at]) is not None]
    own = sum(at in ours for at in facing)
    others = sum(at not in ours and pair.source_words[at] not in pair.grammar.small for at in facing)
    touch = float(alignment.weights[sorted(theirs)][:, content].max()) if theirs and content else 0.0
    return Match(
        kept / len(answered) if answered else 1.0,
        own / len(facing) if facing else float(bool(theirs)),
        others,
        len(content) <= FEW and touch >= FAINT,
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
    for target in found[len(wanted) :]:
        yield _invented(pair, target)
    if wanted and len(wanted) == len(found) and pair.target:
        ours = sum(map(len, wanted)) / len(pair.text)
        theirs = sum(map(len, found)) / len(pair.target)
        if abs(ours - theirs) > MOVED:
            message = "The quotation marks of the English may stand round other words than those of the German."
            yield pair.finding(FindingKind.QUOTE_MOVED, Severity.WARNING, message, wanted[0], found[0])

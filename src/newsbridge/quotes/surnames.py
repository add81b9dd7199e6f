"""Surnames: the words that an article uses as somebody's name and never as anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, count

from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import attributive
from newsbridge.quotes.traits import (
    ACRONYM,
    ALONE,
    COMMON,
    DETERMINER,
    ENDINGS,
    GIVEN,
    NEVER,
    PEOPLE,
    SMALL,
)
from newsbridge.quotes.words import Words


def surnames(lines: Sequence[Line], known: Words, lexicon: Lexicon) -> frozenset[str]:
    """Return the surnames that stand beside verbs of saying or come back without what stood in front of them.

    What has an article or small letters elsewhere is none.
    """
    heard = frozenset(fold for line in lines for fold in _heard(line, lexicon))
    paired = frozenset(fold for line in lines for fold in _pairs(line)) - heard
    names = heard | paired
    if not names:
        return frozenset()
    inside: Counter[str] = Counter()
    alone: set[str] = set()
    for line, at in forms(lines, names):
        fold = line.folds[at]
        key = fold if fold in names else fold[:-1]
        if not line.capitals[at] or (at and determined(line, at)):
            inside[key] -= 100
        if key in paired and at and line.folds[at - 1] in known.leading_places:
            inside[key] -= 100
        if not (at and line.capitals[at - 1]) and not (at + 1 < len(line.words) and line.capitals[at + 1]):
            alone.add(key)
        inside[key] += 0 if at == 0 else 1
    return frozenset(fold for fold in names if inside[fold] > 0 and (fold in heard or fold in alone))


def forms(lines: Sequence[Line], names: frozenset[str]) -> Iterator[tuple[Line, int]]:
    """Yield where casefolded names stand, also in the genitive."""
    every = names | {name + "s" for name in names}
    for line in lines:
        if not every.isdisjoint(line.folds):
            for at in compress(count(), map(every.__contains__, line.folds)):
                yield line, at


def determined(line: Line, at: int) -> bool:
    """Say whether a noun has an article, an adjective between them or not: "dem 49-jährigen Doppelbürger"."""
    before = at - 1
    if line.traits[before] & DETERMINER:
        return True
    if before and line.words[before].endswith(ENDINGS) and not line.capitals[before]:
        before -= 1
    return line.traits[before] & DETERMINER > 0


def _heard(line: Line, lexicon: Lexicon) -> list[str]:
    """Return the bare names beside verbs of saying: "sagte Falk", "Falk erklärte"."""
    found: list[str] = []
    if not line.every & ALONE:
        return found
    for at in compress(count(), map(lexicon.alone.__contains__, line.folds)):
        if line.capitals[at] or attributive(line, at):
            continue
        last = at + 1
        while last + 1 < len(line.words) and last < at + 3 and line.capitals[last] and line.capitals[last + 1]:
            last += 1  # "sagte Jost Inderbitzi"
        for name in (at - 1, last):
            if 0 <= name < len(line.words) and _bare(line, name, at):
                found.append(line.folds[name])
    return found


def _bare(line: Line, at: int, verb: int) -> bool:
    """Say whether an item is a capital alone that may be a surname."""
    word, fold = line.words[at], line.folds[at]
    if not line.capitals[at] or len(word) < 3 or line.traits[at] & (SMALL | COMMON | PEOPLE):
        return False
    before, behind = at - 1, at + 1
    if at == 0 and fold.endswith("en"):
        return False  # "Bedenken äussert auch …"
    if at < verb:
        named = line.capitals[before] and not line.traits[before] & COMMON
        if named and before and line.words[before].endswith(ENDINGS) and line.traits[before - 1] & DETERMINER:
            named = line.traits[before] & GIVEN > 0  # "die Olympischen Spiele erklärten"
        return at == 0 or named or line.words[before] in ",:"
    return behind == len(line.words) or not (line.capitals[behind] or line.words[behind].isdigit())


def _pairs(line: Line) -> Iterator[str]:
    """Yield the second of two capitals that may be a name, without an article: "gegen Zorko Belić"."""
    capitals, traits = line.capitals, line.traits
    for at in compress(count(2), capitals[2:]):
        if (
            capitals[at - 1]
            and not capitals[at - 2]
            and not (at + 1 < len(capitals) and capitals[at + 1])
            and not (traits[at] | traits[at - 1]) & (COMMON | NEVER | SMALL | PEOPLE | ACRONYM)
            and line.words[at].isalpha()
            and not determined(line, at - 1)
        ):
            yield line.folds[at]

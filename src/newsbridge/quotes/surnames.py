"""Surnames: the words that an article uses as somebody's name and never as anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, count

from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import QUOTE, Line
from newsbridge.quotes.participles import attributive
from newsbridge.quotes.traits import (
    ACRONYM,
    ADVERB,
    ALONE,
    COMMON,
    DETERMINER,
    ENDINGS,
    GIVEN,
    JOINT,
    NEVER,
    PEOPLE,
    PREPOSITION,
    SMALL,
    TIME,
)
from newsbridge.quotes.words import Words

BOUNDARIES = frozenset(",:;–—).…“”„«»")


def surnames(lines: Sequence[Line], known: Words, lexicon: Lexicon) -> frozenset[str]:
    """Return the surnames that stand beside verbs of saying or come back without what stood in front of them.

    What has an article or small letters elsewhere is none.
    """
    heard = frozenset(fold for line in lines for fold in _heard(line, lexicon, known))
    paired = frozenset(fold for line in lines for fold in _pairs(line, known)) - heard
    names = heard | paired
    if not names:
        return frozenset()
    inside: Counter[str] = Counter()
    alone: set[str] = set()
    for line, at in forms(lines, names):
        fold = line.folds[at]
        key = fold if fold in names else fold[:-1]
        if not line.capitals[at] or (at and (determined(line, at) or contracted(line, at, known))):
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


def usage(lines: Sequence[Line], known: Words) -> tuple[Counter[str], frozenset[str]]:
    """Return how often words stand with a capital letter, casefolded, and which of them a text has otherwise as well.

    Those have small letters or an article somewhere: they are no names.
    """
    capitals: Counter[str] = Counter()
    common: set[str] = set()
    for line in lines:
        for at, (fold, capital) in enumerate(zip(line.folds, line.capitals, strict=True)):
            if not capital:
                common.add(fold)
                continue
            capitals[fold] += 1
            if at and fold not in common and (determined(line, at) or contracted(line, at, known)):
                common.add(fold)
    return capitals, frozenset(common)


def contracted(line: Line, at: int, known: Words) -> bool:
    """Say whether a noun stands behind an article that is joined to its preposition: "im letzten Wettbewerb"."""
    before = at - 1
    if before > 0 and line.words[before].endswith(ENDINGS) and not line.capitals[before]:
        before -= 1
    return before >= 0 and line.folds[before] in known.contracted


def determined(line: Line, at: int) -> bool:
    """Say whether a noun has an article, an adjective between them or not: "dem 49-jährigen Doppelbürger"."""
    before = at - 1
    if line.traits[before] & DETERMINER:
        comma = before - 1 - (before > 1 and line.traits[before - 1] & PREPOSITION > 0)
        return comma < 0 or line.words[comma] != ","  # a relative pronoun: "das Haus, in dem Falk wohnt"
    if before and line.words[before].endswith(ENDINGS) and not line.capitals[before]:
        before -= 1
        if line.words[before].endswith(("n", "m")) and not line.words[before + 1].endswith("n"):
            return False  # "einem nach dem anderen stellte Falk Fragen": no adjective agrees like that
    return line.traits[before] & DETERMINER > 0


def _heard(line: Line, lexicon: Lexicon, known: Words) -> list[str]:
    """Return the bare names beside verbs of saying: "sagte Falk", "Falk erklärte"."""
    found: list[str] = []
    if not line.every & ALONE:
        return found
    for at in compress(count(), map(lexicon.alone.__contains__, line.folds)):
        if line.capitals[at] or attributive(line, at) or lexicon.plural(line.folds[at]):
            continue  # "Gruppen fordern": nobody alone does what a plural verb says
        last = at + 1
        while last + 1 < len(line.words) and last < at + 3 and line.capitals[last] and line.capitals[last + 1]:
            last += 1  # "sagte Jost Inderbitzi"
        for name in (at - 1, last) if _inverted(line, at, lexicon, known) else (at - 1,):
            if 0 <= name < len(line.words) and _bare(line, name, at):
                found.append(line.folds[name])
    return found


def _inverted(line: Line, verb: int, lexicon: Lexicon, known: Words) -> bool:
    """Say whether a subject may follow a verb: not in "und fand Zuflucht", nor in "Die Stadt fordert Geduld"."""
    if verb == 0 or line.words[verb - 1] in BOUNDARIES or line.folds[verb - 1] == QUOTE:
        return True
    first = verb - 1
    while first and line.words[first - 1] not in BOUNDARIES:
        first -= 1
    if first == verb - 1 and line.traits[first] & SMALL and not line.traits[first] & (DETERMINER | JOINT):
        return line.folds[first] not in known.pronouns  # "davon fordert Falk"
    if not any(form.verb.plain for form in lexicon.verbs[line.folds[verb]]):
        return False
    return line.traits[first] & (TIME | ADVERB | PREPOSITION) > 0  # "Im Prozess sagte Falk"


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
        after = verb + 1
        last = after == len(line.words) or line.words[after] in ",." or line.traits[after] & JOINT
        return at == 0 or named or (line.words[before] in ",:" and not last)  # not ", Briefe schrieb und …"
    return behind == len(line.words) or not (line.capitals[behind] or line.words[behind].isdigit())


def _pairs(line: Line, known: Words) -> Iterator[str]:
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
            and not contracted(line, at - 1, known)
            and line.folds[at - 1] not in known.countries
        ):
            yield line.folds[at]

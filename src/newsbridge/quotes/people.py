"""People: somebody an article names, and what the article says of them beside their name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from newsbridge.quotes.lines import Line
from newsbridge.quotes.traits import (
    CLEAR,
    DETERMINER,
    ENDINGS,
    FEMININE,
    FINITE,
    FUNCTION,
    JOINT,
    PREPOSITION,
    SAYING,
    SMALL,
    VERBAL,
)
from newsbridge.quotes.words import Words

STOPS = frozenset(",.:;!?–()")
APPOSED = 12  # words of an apposition at the most
TITLED = 14  # words between what somebody is and their name behind a comma


class Gender(StrEnum):
    """What pronoun somebody takes, as far as the article tells."""

    HE = "he"
    SHE = "she"
    IT = "it"
    UNKNOWN = "unknown"

    def fits(self, other: Gender) -> bool:
        """Say whether the two may be the same."""
        return self is other or Gender.UNKNOWN in (self, other)


@dataclass(eq=False, slots=True)
class Person:
    """Somebody the article names."""

    given: str  # first names; empty where only the surname stands in the article
    family: str
    gender: Gender
    first: int  # where the name first stands
    functions: list[str] = field(default_factory=list)  # casefolded, each one once
    ties: set[str] = field(default_factory=set)  # casefolded names of parties and bodies they belong to
    description: str | None = None
    mentions: list[int] = field(default_factory=list)  # code points, in order
    told: bool = False  # the article itself tells the gender: "Frau Kern", "Robin Kern, die Sprecherin"

    @property
    def place(self) -> bool:
        """Whether it may be a place as well: nothing tells a gender, or what they do."""
        return self.gender is Gender.UNKNOWN and not self.functions

    @property
    def name(self) -> str:
        """First names and surname."""
        return f"{self.given} {self.family}".strip()

    def holds(self, folds: Iterable[str]) -> None:
        """Remember what somebody is; an article says it again with every mention."""
        for fold in folds:
            if fold not in self.functions:
                self.functions.append(fold)

    def before(self, at: int) -> int:
        """Return where the person was named last before a place, -1 if nowhere."""
        index = bisect_left(self.mentions, at)
        return self.mentions[index - 1] if index else -1


def by_name(fold: str, known: Words) -> Gender:
    """Return the gender that a casefolded first name shows."""
    fold = fold.split("-")[0]
    if (fold in known.men) == (fold in known.women):
        return Gender.UNKNOWN
    return Gender.HE if fold in known.men else Gender.SHE


def apposed(line: Line, at: int, known: Words) -> Gender:
    """Return the gender that an apposition behind a name shows: "Robin Kern, eine Malerin aus Bonn,"."""
    words, last = line.words, len(line.words)
    end = at + 1
    if end < last and words[end] == "(":
        while end < last and words[end] != ")":
            end += 1
        end += 1
    if end + 1 >= last or words[end] != "," or line.traits[end + 1] & JOINT:
        return Gender.UNKNOWN
    noun = stop = end + 1
    while stop < last and words[stop] not in STOPS:
        if line.traits[stop] & CLEAR and not line.capitals[stop]:
            return Gender.UNKNOWN  # "sagte Kern, der Minister sei krank"
        stop += 1
    while noun < stop and not line.capitals[noun]:
        if noun > end + 1 and line.traits[noun] & DETERMINER:
            return Gender.UNKNOWN  # "Kern, der die Sprecherin vertritt,"
        noun += 1
    if noun >= stop or stop - end > APPOSED or not line.traits[noun] & FUNCTION:
        return Gender.UNKNOWN
    if known.woman(words[noun]):
        return Gender.SHE
    determiner = line.folds[end + 1]
    if determiner in known.either or determiner in known.female_determiners:
        return Gender.SHE if words[noun].endswith("e") else Gender.UNKNOWN
    return Gender.HE if determiner in known.masculine_determiners else Gender.UNKNOWN


def masculine(line: Line, noun: int, known: Words) -> bool:
    """Say whether a noun has the article of a man: "Der politische Analyst der Zeitung, Brit Kern,"."""
    at = noun - 1
    while at > 0 and line.words[at].endswith(ENDINGS) and not line.capitals[at] and not line.traits[at] & DETERMINER:
        at -= 1
    return at >= 0 and line.folds[at] in known.masculine


def titled(line: Line, start: int, end: int, known: Words) -> int | None:
    """Return what somebody is before a comma: "Der Bürgermeister von Nordhausen, Till Ackermann,"."""
    if start < 2 or line.words[start - 1] != ",":
        return None
    if end < len(line.words) and line.words[end] not in (",", ".", ":", "(") and line.capitals[end]:
        return None
    best = None
    for at in range(start - 2, max(-1, start - TITLED), -1):
        if line.words[at] == "," and at and line.capitals[at - 1]:
            return None  # "Till Kern, Sprecher der Liste, Thea Falk und …"
        if line.words[at] in ",.:;" or line.traits[at] & FINITE:
            break
        if line.capitals[at] and line.traits[at] & FUNCTION:
            best = at
        attribute = line.capitals[at - 1] and line.words[at - 1].isalpha() if at else False  # "Chef des Amtes"
        if best is not None and line.traits[at] & (DETERMINER | PREPOSITION) and not attribute:
            break
        if line.folds[at] in known.masculine and best == at + 1 and not line.traits[best] & FEMININE:
            break  # "dem Reporter der Chef der Polizei, Till Kern,"
    return best


def in_apposition(line: Line, end: int) -> bool:
    """Say whether what somebody is stands behind a name: ", Klimaforscherin", "(SP)", ", der Leiter"."""
    if end + 1 >= len(line.words):
        return False
    if line.words[end] == "(":
        return line.words[end + 1].isdigit() or line.words[end + 1].isupper()
    at = end + 1
    if line.words[end] != ",":
        return False
    owner = at  # "Till Kern, Ruritaniens junger Präsident"
    while at < min(len(line.words), end + 6) and (not line.capitals[at] or (at == owner and _owner(line, at))):
        if line.words[at] in ",.:" or line.traits[at] & FINITE:
            return False
        at += 1
    return at < len(line.words) and line.capitals[at] and line.traits[at] & FUNCTION > 0


def _owner(line: Line, at: int) -> bool:
    """Say whether a word is a name in the genitive: "Ruritaniens"."""
    return line.folds[at].endswith("s") and not line.traits[at] & (FUNCTION | DETERMINER)


def ties(line: Line, end: int, known: Words) -> Iterator[str]:
    """Yield the words of the party or body behind a name: "(SPD)", "(Die Grünen)", "von der SP"."""
    if end + 1 >= len(line.words):
        return
    stop = end
    if line.words[end] == "(":
        while stop < min(len(line.words), end + 6) and line.words[stop] != ")":
            stop += 1
    elif line.folds[end] in known.joins_name:
        stop = min(len(line.words), end + 3)
    for at in range(end + 1, stop):
        if line.capitals[at] and not line.traits[at] & DETERMINER:
            yield line.folds[at]


def description(line: Line, start: int, given: int, end: int, known: Words, text: str) -> str | None:
    """Return what the article calls a person, in front of the name or behind a comma."""
    begin = start
    while begin and line.words[begin - 1][0].islower() and line.words[begin - 1].endswith(("e", "er", "en")):
        if line.traits[begin - 1] & DETERMINER or line.folds[begin - 1] in known.clausal | known.relative_only:
            break
        begin -= 1
    if not (begin and line.traits[begin - 1] & DETERMINER):
        while begin < start and line.traits[begin] & (FINITE | SAYING | VERBAL):
            begin += 1  # "zischte Trainer Kern"
    if any(line.capitals[begin:given]):
        words = line.cover(begin, given).of(text).split()
        if begin and line.folds[begin - 1] in known.masculine:
            words = [word + "r" if word[0].islower() and word.endswith("e") else word for word in words]
        return " ".join(words)
    if end + 1 < len(line.words) and line.words[end] == ",":
        stop = end + 1
        while stop < len(line.words) and line.words[stop] not in ",.:;!?–" and stop - end < 14:
            if line.traits[stop] & (FINITE | SAYING) and not line.capitals[stop]:
                if line.traits[end + 1] & (DETERMINER | SMALL):
                    return None  # "Thea Falk, der der Leiter nahesteht"
                break  # "Thea Falk, Leiterin des Amts sagte"
            stop += 1
        inside = range(end + 1, stop)
        if stop <= len(line.words) and any(line.traits[i] & FUNCTION for i in inside):
            return " ".join(line.cover(end + 1, stop).of(text).split())
    return None

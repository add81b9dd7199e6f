"""Offices: whom "der Minister", "die Polizeichefin", "der Grünen-Politiker" mean of those the article introduced.

Nouns are compared by their stems, so that "Ministerin", "Ministers" and "Minister" are one, and by their last parts: a
"Justizminister" is a "Minister".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from newsbridge.article import BlockKind
from newsbridge.languages import Language
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.lines import Line
from newsbridge.quotes.people import Gender, Person
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.traits import FUNCTION, GIVEN, PEOPLE
from newsbridge.quotes.words import Words

TALKS = frozenset({BlockKind.QUESTION, BlockKind.ANSWER})
SHORTEST = 4  # letters of a stem that a compound may end in
SAME = 4.0  # "Minister" of a Minister
KIND = 3.0  # of a Justizminister
PART = 2.0  # "Justizminister" of a Minister
MEANT = 1.0  # "Regierungschef" of a Kanzler
TIED = 2.0  # the party or body in front of a hyphen is theirs


@dataclass(frozen=True)
class Titles:
    """A language's table ``[offices]``, every word a stem."""

    endings: tuple[str, ...]
    vowels: Mapping[int, int]
    means: Mapping[str, tuple[str, ...]]  # "regierungschef" → the offices it may be
    parties: Mapping[str, frozenset[str]]  # "sozialdemokrat" → the parties
    members: frozenset[str]  # what anybody of a party is: "politiker"
    definite: frozenset[str]  # articles
    second: tuple[str, ...]  # no president: "vize…"
    origins: tuple[str, ...]  # endings of "polnisch"

    def stem(self, fold: str) -> str:
        """Take the endings off a casefolded noun, and the dots off its vowels."""
        return _stem(self.endings, fold.translate(self.vowels))

    def meant(self, stem: str) -> tuple[str, ...]:
        """Return the offices that a stem, or the last part of it, may stand for."""
        return next((self.means[stem[at:]] for at in range(len(stem) - 2) if stem[at:] in self.means), ())


@lru_cache(maxsize=1 << 14)
def _stem(endings: tuple[str, ...], word: str) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return _stem(endings, word[: -len(ending)])
    return word


@cache
def titles(language: Language) -> Titles:
    """Compile a language's table ``[offices]``."""
    table = language.table("offices")
    vowels = str.maketrans(table["vowels"])
    endings = tuple(table["endings"])

    def stems(words: str) -> tuple[str, ...]:
        return tuple(_stem(endings, word.casefold().translate(vowels)) for word in words.split())

    means = {stems(key)[0]: stems(words) for key, words in table["means"].items()}
    parties = {stems(key)[0]: frozenset(stems(words)) for key, words in table["parties"].items()}
    return Titles(
        endings,
        vowels,
        means,
        parties,
        frozenset(stems(table["members"])),
        frozenset(table["definite"]),
        tuple(table["second"]),
        tuple(table["origins"]),
    )


class Offices:
    """Says whom a noun with an article means."""

    def __init__(self, cast: Cast, known: Words, known_titles: Titles) -> None:
        self.cast, self.known, self.titles = cast, known, known_titles

    def holder(self, line: Line, found: Phrase) -> tuple[Person | None, float]:
        """Return whom a phrase of an article and one noun means by their office, and how certain that is.

        Where several hold it, the one named last is meant.
        """
        noun = self.noun(line, found)
        if noun is None:
            return None, 0.0
        at = line.starts[found.start]
        fits = [each for each in self._fitting(line, found, noun) if not self._behind(line, found, each[1])]
        if not fits:
            return None, 0.0
        best = max(rank for rank, _ in fits)
        people = [person for rank, person in fits if rank == best]
        place = self._place(line, noun + 1) if noun + 1 < found.end else ""
        if place:
            there = [each for each in people if place in (each.description or "").casefold()]
            people = there or (people if len(people) == 1 else [])
            if not people:
                return None, 0.0
        person = max(people, key=lambda each: each.before(at))
        return person, 0.85 if len(people) == 1 and best > MEANT else 0.7

    def described(self, line: Line, found: Phrase) -> Person | None:
        """Return whom a noun with an article means that is no office: "die Estin", "der 31-Jährige".

        That is the one person of its gender so far; of several, an age means the one named last.
        """
        noun = self.noun(line, found)
        if noun is None or self.cast.page.blocks[line.block].kind in TALKS:
            return None  # who answers does not speak of himself
        word, fold, at, known = line.words[noun], line.folds[noun], line.starts[found.start], self.known
        if not known.job(word) or known.body(fold) or fold.endswith(known.abstract):
            return None
        if fold.endswith(known.courtly) or line.folds[found.start] in known.possessive:
            return None  # whom an article names without an office is the accused; "sein Anwalt" is somebody else
        gender = self._gender(word, line.folds[found.start])
        if gender is Gender.UNKNOWN:
            return None
        fits = [each for each in self.cast.around(at) if each.before(at) >= 0 and each.gender.fits(gender)]
        fits = [each for each in fits if not self._behind(line, found, each)]
        if fits and max(fits, key=lambda each: each.before(at)).gender is Gender.UNKNOWN and len(fits) > 1:
            return None  # whoever was named last may be meant as well
        fits = [each for each in fits if each.gender is not Gender.UNKNOWN or len(fits) == 1]
        if fits and fold.endswith(known.aged):
            return max(fits, key=lambda each: each.before(at))
        held = known.function(word) or not known.national(fold)
        if held and not fold.endswith(known.honours):  # an office that somebody with another one does not hold
            fits = [each for each in fits if not each.functions]
        return fits[0] if len(fits) == 1 and fits[0].gender is not Gender.UNKNOWN else None

    def _behind(self, line: Line, found: Phrase, person: Person) -> bool:
        """Say whether a sentence names somebody behind a phrase, as somebody else: "der Richter sagte, Falk …"."""
        return person.before(line.ends[-1]) >= line.ends[found.end - 1]

    def noun(self, line: Line, found: Phrase) -> int | None:
        """Return the noun of a phrase that has an article and nothing behind its noun; None if it is a plural."""
        determiner = line.folds[found.start]
        if found.pronoun or determiner not in self.titles.definite:
            return None
        last = self._until(line, found) - 1
        if last > found.start + 1 and self._place(line, last):
            last -= 1  # "der Präsident Ecuadors"
        if any(self._names(line, at) for at in range(found.start + 1, last)):
            return None
        plural = determiner in self.known.counted_more and not self._one_woman(line.words[last])
        if determiner in self.known.counted_more and last > found.start + 1:
            plural = plural or line.words[found.start + 1].endswith(
                "en"
            )  # "die beiden Fachleute", "die neue Fachkraft"
        if not line.capitals[last] or plural:
            return None
        return last

    def _names(self, line: Line, at: int) -> bool:
        """Say whether a word in front of a noun is a noun or a name itself, not where somebody is from: "Kölner"."""
        if not line.capitals[at] or not line.words[at][0].isalpha():
            return False
        return not line.words[at].endswith(self.known.hailing) or line.traits[at] & (FUNCTION | GIVEN | PEOPLE) > 0

    def _until(self, line: Line, found: Phrase) -> int:
        """Return the end of a phrase without what somebody does something in: "der Minister in seiner Rede"."""
        for at in range(found.start + 1, found.end - 1):
            if line.folds[at] in self.known.prepositions and line.folds[at + 1] in self.known.possessive:
                return at
            if line.folds[at] in self.known.whence and line.folds[at - 1].endswith(self.known.aged):
                return at  # "der 19-Jährige aus Bern"
        return found.end

    def _place(self, line: Line, at: int) -> str:
        """Return the casefolded country that an item names in the genitive, empty if it names none."""
        fold = line.folds[at]
        return fold[:-1] if fold.endswith("s") and fold[:-1] in self.known.countries else ""

    def _one_woman(self, word: str) -> bool:
        """Say whether "die" before a noun is singular: "die Ministerin", "die Vorsitzende", not "die Minister"."""
        return self.known.woman(word) or word.endswith("e")

    def _gender(self, word: str, determiner: str) -> Gender:
        if determiner in self.known.alone:
            return Gender.UNKNOWN  # "das Staatsoberhaupt"
        return Gender.SHE if self.known.woman(word) or determiner in self.known.either else Gender.HE

    def _fitting(self, line: Line, found: Phrase, noun: int) -> Iterator[tuple[float, Person]]:
        """Yield who holds an office, with what speaks for it."""
        known, word, determiner = self.titles, line.words[noun], line.folds[found.start]
        origins = self._origins(line.folds[found.start + 1 : noun]) if noun > found.start + 1 else frozenset()
        tie, _, base = word.casefold().rpartition("-")
        stem = known.stem(base)
        parties = known.parties.get(stem, frozenset())
        if not (self.known.function(word) or known.meant(stem) or parties):
            return
        gender, tie = self._gender(word, determiner), known.stem(tie)
        second = word.casefold().startswith(known.second)
        for person in self.cast.around(line.starts[found.start]):
            if not person.gender.fits(gender):
                continue
            other = self._origins((person.description or "").casefold().split()) if origins else frozenset()
            if origins and not origins & other:
                continue  # "der polnische Minister" is no "französischer Aussenminister", nor one from wherever
            ties = {known.stem(each) for each in person.ties}
            offices = (each for each in person.functions if each.startswith(known.second) == second)
            rank = max((self._rank(stem, each) for each in offices), default=0.0)
            if tie in ties and (rank or stem in known.members):
                rank += TIED
            elif parties & ties:
                rank = max(rank, KIND)
            if rank:
                yield rank, person

    def _origins(self, folds: Iterable[str]) -> frozenset[str]:
        """Return the stems of the adjectives that say where somebody is from: "polnische", "nordfranzösischer"."""
        stems = (self.titles.stem(fold.rpartition("-")[2]) for fold in folds)
        return frozenset(stem for stem in stems if stem.endswith(self.titles.origins))

    def _rank(self, stem: str, function: str) -> float:
        """Say how well the stem of a noun names an office."""
        known = self.titles
        other = known.stem(function)
        if other == stem:
            return SAME
        if len(stem) >= SHORTEST and other.endswith(stem):
            return KIND
        if len(other) >= SHORTEST and stem.endswith(other):
            return PART
        return MEANT if other.endswith(known.meant(stem)) else 0.0

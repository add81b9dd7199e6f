"""Bearers: whom a name in the text means of the people an article names, and what looks like a name."""

from __future__ import annotations

from collections import Counter

from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.people import Gender, Person, apposed
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.surnames import determined, usage
from newsbridge.quotes.traits import (
    ACRONYM,
    BODY,
    COMMON,
    DETERMINER,
    FUNCTION,
    GIVEN,
    JOINT,
    NOUN,
    PEOPLE,
    SMALL,
)
from newsbridge.quotes.words import Words

NAMES = 4  # words of a name at the most
MARKS = str.maketrans("", "", "-'’")  # in names


class Bearers:
    """The people of an article by their names."""

    def __init__(self, page: Page, known: Words) -> None:
        self.page, self.known = page, known
        self.people: list[Person] = []
        self.by_family: dict[str, list[Person]] = {}
        self.by_given: dict[str, list[Person]] = {}
        self.heard: frozenset[str] = frozenset()  # surnames by the company they keep
        self._usage: tuple[Counter[str], frozenset[str]] | None = None  # no cached property, see pyproject.toml

    @property
    def usage(self) -> tuple[Counter[str], frozenset[str]]:
        """How often the article has words with a capital letter, and which of them are no names."""
        if self._usage is None:
            self._usage = usage(self.page.lines, self.known)
        return self._usage

    def office(self, line: Line, at: int) -> bool:
        """Say whether a word that may be a surname says what somebody is: "der Richter", "Richter Kern"."""
        if not line.traits[at] & FUNCTION or (at and line.traits[at - 1] & GIVEN):
            return False
        named = at + 1 < len(line.words) and line.capitals[at + 1]
        return named or (at > 0 and determined(line, at))

    def family(self, fold: str) -> Person | None:
        """Return the first person of a casefolded surname, also in the genitive."""
        same = self.by_family.get(fold)
        if same is None and fold.endswith("s"):
            same = self.by_family.get(fold[:-1])
        return same[0] if same else None

    def named(self, line: Line, index: int) -> Person | None:
        """Return whom a surname at an item means; a first name in front of it decides between namesakes."""
        fold = line.folds[index]
        same = self.by_family.get(fold) or self.by_family.get(fold.removesuffix("s")) or self.by_given.get(fold)
        if not same or self.office(line, index):
            return None
        front = index - 1
        while front > 0 and line.folds[front] in self.known.particles:
            front -= 1  # "Anna De Lutis"
        before = line.words[front] if front >= 0 else ""
        fits = [person for person in same if person.given and before in person.given.split()]
        if len(fits) > 1:  # "Emil Brand Falk" and "Thea Brand Falk"
            whole = [person for person in fits if person.given.split()[0] in line.words[max(0, front - 3) : front + 1]]
            return (whole or fits)[0]
        if fits:
            return fits[0]
        if fold in self.known.countries and front == index - 1 and " " in same[0].family:
            return None  # "Spanien" is not "Jan von Spanien"
        if len(same) > 1 and self.known.woman(before):
            return next((each for each in same if each.gender is Gender.SHE), same[0])  # "Frau Falk"
        return same[0] if len(same) == 1 or not (index and line.folds[index - 1] in self.known.given) else None

    def bearer(self, line: Line, found: Phrase) -> Person | None:
        """Return whom a mention names: its own name, not one in an attribute of it."""
        comma = next((at for at in range(found.start, found.end) if line.words[at] == ","), found.end)
        for at in range(found.start + 1, found.end - 1):
            if line.traits[at] & JOINT and self._both(line, at, found.end):
                return None  # "Konrad und Maier" are two
            if line.traits[at] & JOINT and line.traits[at + 1] & DETERMINER and at < comma:
                return None  # "Konrad und die anderen"
        for index in (*range(comma - 1, found.start - 1, -1), *range(found.end - 1, comma, -1)):
            if line.capitals[index]:
                person = self.named(line, index)
                if person is not None and self._is_name(line, index, found, person):
                    return person
        return None

    def _both(self, line: Line, joint: int, end: int) -> bool:
        """Say whether people are named on either side of "und"."""
        before = joint - 1
        if line.words[before] == ")":
            while before and line.words[before] != "(":
                before -= 1
            before -= 1  # "Kern (FDP) und Graf"
        if not line.capitals[before] or self.named(line, before) is None:
            return False
        at = joint + 1
        while at < end and not line.capitals[at]:
            at += 1  # "und die frühere Leiterin Eva Graf"
        while at + 1 < end and line.capitals[at + 1]:
            at += 1
        return at < end and line.capitals[at] and self.named(line, at) is not None

    def _is_name(self, line: Line, index: int, found: Phrase, person: Person) -> bool:
        """Say whether a surname in a mention is its subject, not an attribute ("der Anwalt von Kühn")."""
        if index > found.start + 1 and line.traits[found.start] & DETERMINER and self.possessor(line, index):
            return "," in line.words[found.start : index]
        behind = index + 1
        if (
            behind < found.end
            and line.capitals[behind]
            and line.folds[index].endswith("s")
            and line.traits[behind] & (BODY | NOUN | FUNCTION)
        ):
            return line.folds[index] in self.by_family  # "Kerns Kampagne"
        if behind < found.end and line.words[index] in person.given.split() and self.named(line, behind) is person:
            return self._is_name(line, behind, found, person)  # "Jonas Kerns Kampagne"
        for at in range(found.start, index):
            fold = line.folds[at]
            if at > found.start and fold in self.known.whence and person.place:
                return False  # "Lotte Kern aus South Harbour"
            if fold in self.known.led and at + 1 == index:
                return False  # "die Regierung Kühn"
            if fold in self.known.of:
                return line.folds[at - 1] in self.known.given or "," in line.words[at:index]
            if line.folds[at - 1] in self.known.particles:
                continue
            attribute = fold in self.known.genitive or fold in self.known.joins_noun
            if at > found.start and attribute and line.words[at - 1] != ",":
                whose = line.traits[index - 1] & FUNCTION and line.folds[index - 1].endswith("s")
                led = line.words[index - 1] in person.given.split() or (not person.given and line.capitals[index - 1])
                of = any(line.folds[each] in self.known.of for each in range(at + 1, index))
                own = led and not whose and not of  # not "die Partei des Diktators Falk", "eine der Frauen von Falk"
                return "," in line.words[at:index] or own
        return True

    def possessor(self, line: Line, at: int) -> bool:
        """Say whether a name stands in the genitive: "der Arzt Falks", where "Falk" is a name and "Falks" is none."""
        fold = line.folds[at]
        if not fold.endswith("s") or line.traits[at - 1] & GIVEN:
            return False
        names = self.heard.union(self.by_family)
        return fold not in names and fold[:-1] in names

    def owner(self, line: Line, at: int) -> bool:
        """Say whether an item is a surname in the genitive: "Falks", where "Falk" is one and "Falks" is none."""
        fold = line.folds[at]
        return fold.endswith("s") and fold not in line.names and fold[:-1] in line.names

    def looks_named(self, line: Line, found: Phrase, *, alone: bool, tells: bool = False) -> bool:
        """Say whether a phrase looks like the name of somebody the article does not introduce: "Falk zögerte".

        Nouns of one thing have a determiner in German, so what goes without one is a name, a substance or a place.
        One word is a name if the article never says "der …" of it, and only where it is a subject (``alone``) that
        comes back, says something (``tells``), or has behind it what somebody is.
        """
        words = range(found.start, found.head + 1)
        if any(
            not line.capitals[at]
            or line.traits[at] & (COMMON | SMALL | PEOPLE | ACRONYM | FUNCTION | BODY | DETERMINER)
            or not line.words[at].translate(MARKS).isalpha()
            or line.folds[at] in self.known.countries
            for at in words
        ):
            return False
        if len(words) > 1 and any(self.owner(line, at) for at in words[:-1]):
            return False  # "Thea Falks Feldzug"
        if len(words) > 1:
            return len(words) <= NAMES and line.folds[found.start] not in self.known.place_words
        fold = line.folds[found.head]
        if not alone or len(fold) < 3:
            return False
        capitals, common = self.usage
        if fold in common:
            return False
        tells = tells and not fold.endswith(self.known.adverb_ends)  # "Überraschenderweise zeigte sich"
        known = tells or apposed(line, found.head, self.known) is not Gender.UNKNOWN  # "Kern, die Sprecherin, …"
        return known or capitals[fold] + capitals[fold + "s"] > 1

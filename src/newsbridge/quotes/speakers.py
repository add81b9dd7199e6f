"""Whom a mention means: names, surnames, functions and pronouns, resolved to the person the article introduced."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.phrases import Phrase, Words


class Gender(StrEnum):
    """What pronoun a person takes, as far as the article tells."""

    HE = "he"
    SHE = "she"
    UNKNOWN = "unknown"


@dataclass(eq=False, slots=True)
class Person:
    """Somebody the article names."""

    given: str  # first names; empty where only the surname stands in the article
    family: str
    gender: Gender
    first: int  # where the full name first stands
    functions: list[str] = field(default_factory=list)  # casefolded
    description: str | None = None
    mentions: list[int] = field(default_factory=list)  # code points, in order

    @property
    def name(self) -> str:
        """First names and surname."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a mention means; ``certainty`` from 0 to 1 multiplies the confidence of the attribution."""

    name: str | None
    description: str | None
    certainty: float
    rule: str
    person: Person | None = None


class Cast:
    """Everybody an article names.

    Args:
        page: The article.
        known: The language's words.
    """

    def __init__(self, page: Page, known: Words) -> None:
        self.known = known
        self.page = page
        self.people: list[Person] = []
        self.by_family: dict[str, list[Person]] = {}
        self.text = page.article.plain
        for line in page.lines:
            self._introduce(line)
        if self.by_family:
            for line in page.lines:
                self._mention(line)

    def _introduce(self, line: Line) -> None:
        """Find full names: a first name or a function in front of capitals."""
        index = 0
        while index < len(line):
            if not line.capital(index):
                index += 1
                continue
            end = index + 1
            while end < len(line) and (line.capital(end) or self._joins(line, end)):
                end += 1
            if end - index > 1:
                self._name(line, index, end)
            index = end

    def _joins(self, line: Line, at: int) -> bool:
        """Say whether an item goes on with a name: a particle before a capital, the point of an initial."""
        if at + 1 >= len(line):
            return False
        if line.words[at] == ".":
            return (len(line.words[at - 1]) == 1 or line.folds[at - 1] in self.known.titles) and line.capital(at + 1)
        particle = line.folds[at] in self.known.particles
        given = line.folds[at - 1] in self.known.given_or_particle
        return particle and given and (line.capital(at + 1) or line.folds[at + 1] in self.known.particles)

    def _name(self, line: Line, start: int, end: int) -> None:
        """Read a run of capitals: functions first, then the name."""
        known = self.known
        given = next((i for i in range(start, end) if line.folds[i] in known.given), None)
        roles = [i for i in range(start, end) if known.function(line.words[i])]
        if given is None:
            if not roles or end - roles[-1] - 1 < 2:
                if roles and end - roles[-1] == 2:
                    self._add(line, roles[-1] + 1, roles[-1] + 1, end, roles)
                return
            given = roles[-1] + 1
        if end - given < 2:
            return
        family = end - 1
        while family - 1 > given and line.folds[family - 1] in known.particles:
            family -= 1
        self._add(line, given, family, end, [i for i in roles if i < given])

    def _add(self, line: Line, given: int, family: int, end: int, roles: list[int]) -> None:
        known = self.known
        first = line.cover(given, family).of(self.text) if family > given else ""
        last = line.cover(family, end).of(self.text)
        if line.folds[family] in known.times or known.function(last):
            return
        if last.endswith("s") and last[:-1].casefold() in self.by_family:
            last = last[:-1]
        gender = Gender.UNKNOWN
        fold = line.folds[given] if family > given else ""
        if any(known.woman(line.words[i]) for i in roles) or (fold in known.women and fold not in known.men):
            gender = Gender.SHE
        elif fold in known.men and fold not in known.women:
            gender = Gender.HE
        elif roles and roles[0] and line.folds[roles[0] - 1] not in known.either:
            gender = Gender.HE if line.words[roles[-1]].casefold().endswith(known.functions) else Gender.UNKNOWN
        person = self._known(first, last)
        if person is None:
            person = Person(first, last, gender, line.starts[given])
            self.people.append(person)
            self.by_family.setdefault(last.casefold(), []).append(person)
        if person.gender is Gender.UNKNOWN:
            person.gender = gender
        if roles:
            person.functions.extend(line.folds[i] for i in roles)
        if person.description is None:
            person.description = self._description(line, roles[0] if roles else given, given, end)

    def _known(self, first: str, last: str) -> Person | None:
        """Return the person of that name; a surname alone joins the one person who bears it."""
        same = self.by_family.get(last.casefold(), [])
        for person in same:
            if person.given == first or not first:
                return person
        if len(same) == 1 and not same[0].given:
            same[0].given = first
            return same[0]
        return None

    def _description(self, line: Line, start: int, given: int, end: int) -> str | None:
        """Return what the article calls a person, in front of the name or behind a comma."""
        begin = start
        while begin and line.words[begin - 1][0].islower() and line.words[begin - 1].endswith(("e", "er", "en")):
            if line.folds[begin - 1] in self.known.determiners | self.known.prepositions | self.known.subordinating:
                break
            begin -= 1
        if begin < given:
            words = line.cover(begin, given).of(self.text).split()
            if begin and line.folds[begin - 1] in self.known.male:
                words = [word + "r" if word[0].islower() and word.endswith("e") else word for word in words]
            return " ".join(words)
        if end + 1 < len(line) and line.words[end] == ",":
            stop = end + 1
            while stop < len(line) and line.words[stop] not in ",.:;!?–" and stop - end < 14:
                stop += 1
            inside = range(end + 1, stop)
            if stop < len(line) and any(self.known.function(line.words[i]) for i in inside):
                return " ".join(line.cover(end + 1, stop).of(self.text).split())
        return None

    def _mention(self, line: Line) -> None:
        """Note where people are named."""
        for index, fold in enumerate(line.folds):
            person = self._family(fold) if line.capital(index) else None
            if person is not None:
                person.mentions.append(line.starts[index])

    def _family(self, fold: str) -> Person | None:
        for key in (fold, fold.removesuffix("s")):
            same = self.by_family.get(key)
            if same:
                return same[0]
        return None

    def resolve(self, line: Line, found: Phrase, last: Person | None = None) -> Resolved:
        """Say whom a mention means.

        Args:
            line: Where it stands.
            found: The mention.
            last: Who spoke last before it, in the same paragraph or the one before.
        """
        at = line.starts[found.start]
        if found.pronoun:
            return self._pronoun(line.folds[found.start], at, line, last)
        for index in range(found.end - 1, found.start - 1, -1):
            if not line.capital(index):
                continue
            person = self._family(line.folds[index])
            if person is not None and self._is_name(line, index, found, person):
                full = person.given and person.given.split()[-1] in line.words[found.start : found.end]
                rule = "name" if full else "surname"
                return Resolved(person.name, person.description, 1.0 if full else 0.97, rule, person)
        return self._function(line, found, at)

    def _is_name(self, line: Line, index: int, found: Phrase, person: Person) -> bool:
        """Say whether a surname in a mention is its subject, not an attribute ("der Anwalt von Kühn")."""
        for at in range(found.start, index):
            if line.folds[at] in self.known.of:
                return line.folds[at - 1] in self.known.given
            if at > found.start and line.folds[at] in self.known.genitive and line.words[at - 1] != ",":
                return "," in line.words[at:index]
        return True

    def _function(self, line: Line, found: Phrase, at: int) -> Resolved:
        """Resolve "der Minister", "die Polizeichefin", a body, or a name nobody introduced."""
        head = line.words[found.head]
        known = self.known
        first_noun = next((i for i in range(found.start, found.end) if line.capital(i)), found.head)
        noun = line.words[first_noun]
        if known.function(noun) and line.folds[found.start] in known.relative | known.pronouns:
            gender = Gender.SHE if known.woman(noun) else Gender.HE
            person = self._latest(
                at,
                (
                    each
                    for each in self.people
                    if _same_function(each, noun) and each.gender in (gender, Gender.UNKNOWN)
                ),
            )
            if person is not None and (first_noun + 1 == found.end or found.end - found.start <= 3):
                return Resolved(person.name, person.description, 0.85, "function", person)
        proper = line.folds[found.start] not in known.determiners and not known.function(head)
        if proper and not known.function(noun) and self._proper(head):
            name = line.cover(found.start, found.end).of(self.text)
            return Resolved(" ".join(name.split()), None, 0.95, "own name")
        return Resolved(None, None, 0.95, "mention")

    def _proper(self, word: str) -> bool:
        """Say whether a word looks like a name: it is no body and no role."""
        return not word.casefold().endswith(self.known.bodies) and not word.endswith(("en", "er", "ung", "heit"))

    def _latest(self, at: int, people: Iterable[Person]) -> Person | None:
        """Return who was named last before a place, else who is named first after it."""
        best, where = None, -1
        for person in people:
            index = bisect_left(person.mentions, at)
            last = person.mentions[index - 1] if index else -1
            if last > where or best is None:
                best, where = person, max(last, where)
        return best

    def _pronoun(self, fold: str, at: int, line: Line, last: Person | None) -> Resolved:
        known = self.known
        gender = (
            Gender.HE if fold in known.male else Gender.SHE if fold in known.female | known.either else Gender.UNKNOWN
        )
        if fold in known.first_person or gender is Gender.UNKNOWN:
            return Resolved(None, None, 0.7, "pronoun")
        fits = [each for each in self.people if each.gender in (gender, Gender.UNKNOWN) and each.mentions]
        if last is not None and last in fits:
            return Resolved(last.name, last.description, 0.8, "pronoun, who spoke last", last)
        person = self._latest(at, fits)
        if person is None or not bisect_left(person.mentions, at):
            return Resolved(None, None, 0.6, "pronoun")
        certain = 0.75 if len({id(each) for each in fits}) == 1 else 0.6
        return Resolved(person.name, person.description, certain, "pronoun, who was named last", person)


def _same_function(person: Person, noun: str) -> bool:
    """Say whether a noun names what a person is: "Minister" of a "Justizminister", and the other way round."""
    low = noun.casefold()
    return any(low.endswith(each) or each.endswith(low) for each in person.functions)

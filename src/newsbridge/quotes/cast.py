"""The cast: everybody an article introduces by name, with what it calls them.

A name is known by its company: a first name, what somebody does in front of it („Geologin Thea Falk“), an apposition
behind it („Merle Osthoff, Klimaforscherin“), or a verb of saying beside it („sagte Falk“).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import compress, count

from newsbridge.quotes.bearers import Bearers
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.people import (
    Gender,
    Person,
    apposed,
    by_name,
    description,
    in_apposition,
    masculine,
    ties,
    titled,
)
from newsbridge.quotes.runs import particle
from newsbridge.quotes.surnames import determined, forms, surnames
from newsbridge.quotes.traits import (
    BODY,
    COMMON,
    DETERMINER,
    ENDINGS,
    FINITE,
    FUNCTION,
    GIVEN,
    JOINT,
    NEVER,
    PARTICLE,
    PEOPLE,
    SMALL,
)
from newsbridge.quotes.words import Words

RECENT = 100  # people; an article that names more has forgotten the first ones


def _key(family: str) -> str:
    """Return what a surname is looked up by: "van der Velde" by "velde", "S." by "s"."""
    return family.casefold().split()[-1].rstrip(".")


class Cast(Bearers):
    """Everybody an article names.

    Args:
        page: The article; its lines learn the surnames.
        known: The language's words.
        lexicon: Its words of saying.
    """

    def __init__(self, page: Page, known: Words, lexicon: Lexicon) -> None:
        super().__init__(page, known)
        self.lexicon = lexicon
        self.works = frozenset(known.works)
        self.presented: dict[int, Person] = {}  # by the noun at a code point: "Der Leiter des Amtes, Till Kern,"
        self.text = page.article.plain
        self.heard = surnames(page.lines, known, lexicon)
        for line in page.lines:
            self._introduce(line)
        self._forget_first_names()
        self.people.sort(key=lambda person: person.first)
        self._firsts = [person.first for person in self.people]
        self.by_given = self._given()
        names = frozenset(self.by_family)
        for line in page.lines:
            line.names = names
        for line, at in forms(page.lines, names):
            person = self.family(line.folds[at]) if line.capitals[at] else None
            if person is not None and not self.office(line, at):
                person.mentions.append(line.starts[at])
                if not person.told and self.named(line, at) is person and self._whole(line, at, person):
                    self._learn(person, apposed(line, at, self.known))
        for person in self.people:
            if person.gender is Gender.UNKNOWN and not person.given:
                person.gender = by_name(person.family.casefold(), known)  # "Elena" alone

    def _forget_first_names(self) -> None:
        """Drop whoever is but the first name of one person in full: "sagte Jenny" of Jenny Davidson."""
        full = [person for person in self.people if person.given]
        for person in [each for each in self.people if not each.given and each.family.casefold() in self.known.given]:
            first = person.family.casefold()
            if sum(each.given.split()[0].casefold() == first for each in full) == 1:
                self.people.remove(person)
                self.by_family[_key(person.family)].remove(person)
                if not self.by_family[_key(person.family)]:
                    del self.by_family[_key(person.family)]

    def _whole(self, line: Line, at: int, person: Person) -> bool:
        """Say whether a surname stands alone or behind somebody's own first name."""
        before = line.words[at - 1] if at and line.capitals[at - 1] else ""
        return not before or before in person.given.split() or line.traits[at - 1] & FUNCTION > 0

    def _learn(self, person: Person, gender: Gender) -> None:
        """Note what the article tells about somebody's gender, whatever their first name says."""
        if gender is not Gender.UNKNOWN:
            person.gender, person.told = gender, True

    def _given(self) -> dict[str, list[Person]]:
        """Return who is known by the first of the names alone: "Ban" of "Ban Ki-moon"."""
        found: dict[str, list[Person]] = {}
        for person in self.people:
            first = person.given.split()[0].casefold() if person.given else ""
            if len(first) > 1 and first not in self.by_family:
                found.setdefault(first, []).append(person)
        return {first: people for first, people in found.items() if len(people) == 1}

    def _introduce(self, line: Line) -> None:
        """Find names in every run of capitals."""
        capitals, traits, last = line.capitals, line.traits, len(line.words)
        end = 0
        for index in compress(count(), capitals):
            if index < end or (index == 0 and traits[0] & (SMALL | FINITE) and not traits[0] & GIVEN):
                continue
            end = index + 1
            while end < last and (capitals[end] or self._joins(line, index, end)):
                end += 1
            if end > index + 1 or line.folds[index] in self.heard:
                self._run(line, index, end)

    def _joins(self, line: Line, start: int, at: int) -> bool:
        """Say whether an item goes on with a name: a particle before a capital, the point of an initial."""
        if at + 1 >= len(line.words):
            return False
        if line.traits[at] & PARTICLE:
            return particle(line, start, at, self.known)
        if line.words[at] == ".":
            return (len(line.words[at - 1]) == 1 or line.folds[at - 1] in self.known.titles) and line.capitals[at + 1]
        return False

    def _run(self, line: Line, start: int, end: int) -> None:
        """Read a run of capitals: what somebody is first, then the name."""
        while start < end and line.words[start][0].isdigit():
            start += 1  # "die 53-jährige Unternehmerin"
        if start == end:
            return
        for at in range(start + 1, end - 1):
            genitive = line.folds[at - 1].endswith("s") and not line.traits[at - 1] & FUNCTION
            if line.traits[at] & FUNCTION and genitive and line.capitals[at]:
                self._run(line, start, at)  # "Robin Kerns Sprecherin Thea Falk"
                self._run(line, at, end)
                return
        for at in range(start + 1, end - 1):
            if line.traits[at - 1] & GIVEN and self._owner(line.folds[at]):
                end = at + 1  # "Thea Falks Öko-Feldzug"
                break
        known, traits, last = self.known, line.traits, end - 1
        given = next((i for i in range(start, last) if traits[i] & GIVEN and not self._work(line, i)), None)
        roles = [i for i in range(start, given if given is not None else last) if traits[i] & FUNCTION]
        if given is None and roles and roles[-1] < last:
            given = roles[-1] + 1
            if given == last and not self._bears(line, roles, last):
                return
        if given is None and end - start >= 3 and known.job(line.words[start]) and not traits[last] & NEVER:
            roles, given = [start], start + 1
        if given is None and end - start >= 2 and not traits[start] & COMMON:
            heard = line.folds[last].removesuffix("s") in self.heard
            introduced = heard or in_apposition(line, end) or titled(line, start, end, known) is not None
            given = start if introduced and not traits[last] & NEVER else None
        if given is None and end - start == 2 and line.folds[last] in self.heard and known.job(line.words[start]):
            roles, given = [start], last
        initial = end - start > 2 and len(line.words[start]) == 1 and line.words[start + 1] == "."
        if given is None and initial and not traits[last] & (COMMON | NEVER) and len(line.words[last]) > 2:
            given = start  # "C. Y. Wong"
        if given is not None and given < last and self.possessor(line, last) and determined(line, start):
            roles, given = [], last  # "der Arzt Falks"
        if given is None and end - start == 1 and line.folds[start] in self.heard:
            given = start
        if given == last == start and start and line.folds[start - 1].endswith(known.aged):
            self._add(line, start, start, end, [])  # "die 13-jährige Meryem"
            return
        if given == last and roles and self._placed(line, last) and determined(line, start):
            return  # "der Ministerpräsident Sachsens", "einer der Architekten Zürichs"
        if given is not None and last - given > 1 and self._ends(line, last):
            end, last = last, last - 1
        if given is None or any(trait & NEVER for trait in traits[given:last]):
            return
        if not traits[given] & GIVEN and any(trait & BODY for trait in traits[given:end]):
            return  # "Deutsches Küsteninstitut"
        if given < last and traits[last] & BODY and line.folds[last].endswith(known.neuter + known.feminine):
            return  # "Simón Bolívar Orchester"
        if given < last and not traits[given] & GIVEN and self._owner(line.folds[given]):
            return  # "Falks Antwort"
        if traits[last] & NEVER and not (traits[last - 1] & GIVEN and line.folds[last] in known.roles and given < last):
            return  # but "Anna Richter"
        if line.folds[last].endswith("s") and line.folds[last][:-1] in known.lands:
            return  # "die Vereinten Kräfte Syriens", "Präsident Irans"
        while given < last and (line.words[given] == "." or line.folds[given] in known.titles):
            given += 1
        if line.folds[given] in known.particles and not traits[given] & GIVEN:
            self._add(line, given, given, end, [i for i in roles if i < given])  # "Van Winkle"
            return
        family = last
        while family - 1 > given and line.folds[family - 1] in known.particles:
            family -= 1
        self._add(line, given, family, end, [i for i in roles if i < given])

    def _work(self, line: Line, at: int) -> bool:
        """Say whether a word that may be a first name is a work: "einen Roman von Jamie Kern"."""
        return at > 0 and line.folds[at] in self.works and determined(line, at)

    def _bears(self, line: Line, roles: list[int], at: int) -> bool:
        """Say whether a noun behind what somebody is may be their name: not "hat jeder Mitarbeiter Anspruch"."""
        known, role, fold = self.known, line.words[roles[-1]], line.folds[at]
        if fold in known.countries or fold.removesuffix("s") in known.countries:
            return False  # "der Präsident Ecuadors"
        if line.traits[at] & (COMMON | PEOPLE) and not line.traits[at] & FUNCTION:
            return False
        before = roles[0] - 1
        if before > 0 and line.words[before].endswith(ENDINGS) and not line.capitals[before]:
            before -= line.traits[before] & DETERMINER == 0
        determiner = line.folds[before] if before >= 0 and line.traits[before] & DETERMINER else ""
        if determiner in known.presenting or determiner in known.each:
            return False
        if not determiner and role.endswith("en") and known.function(role[:-2]):
            return False  # "dass Migranten Deutsch lernen"
        joined = at + 1 < len(line.words) and line.traits[at + 1] & JOINT
        one = known.woman(role) or role.endswith("e")
        if role.casefold().endswith(known.many_dative) or determiner in known.several:
            return joined > 0
        return joined > 0 or one or determiner not in known.counted_more or determiner in known.possessive

    def _placed(self, line: Line, at: int) -> bool:
        """Say whether a word is the genitive of a place, or of what the article names without its "s"."""
        fold = line.folds[at]
        if not fold.endswith("s") or fold in self.known.given or fold[:-1] in self.known.given:
            return False
        if fold[:-1] in self.known.countries or fold[:-1].endswith(self.known.place_ends):
            return True
        return fold not in self.heard and self._owner(fold)

    def _owner(self, fold: str) -> bool:
        """Say whether a word is a genitive of one that stands in the article without its s."""
        return fold.endswith("s") and self.usage[0][fold[:-1].rstrip("'’")] > 0

    def _ends(self, line: Line, at: int) -> bool:
        """Say whether a noun behind a name is no part of it: "Thea Falks Antwort", "warf Thea Falk Betrug vor"."""
        fold = line.folds[at]
        people = line.traits[at] & PEOPLE and line.traits[at - 2] & GIVEN and not line.traits[at - 1] & GIVEN
        return self._owns(line, at) or bool(people) or fold in self.known.no_names or fold.endswith(self.known.abstract)

    def _owns(self, line: Line, at: int) -> bool:
        """Say whether a noun belongs to the name in the genitive in front of it."""
        return line.traits[at] & COMMON > 0 and line.folds[at - 1].endswith("s")

    def _add(self, line: Line, given: int, family: int, end: int, roles: list[int]) -> None:
        known = self.known
        first = line.cover(given, family).of(self.text) if family > given else ""
        last = line.cover(family, end).of(self.text)
        if len(line.words[end - 1]) == 1 and end < len(line.words) and line.words[end] == ".":
            last += "."  # "Petra S."
        owns = not roles and end < len(line.words) and line.capitals[end] and self._owns(line, end)
        owns = owns or (end < len(line.words) and line.capitals[end] and self._owner(line.folds[end - 1]))
        if last.endswith("s") and (owns or last[:-1].casefold() in self.by_family):
            last = last[:-1].rstrip("'’")
        gender = self._gender(line, given, family, roles)
        woman = any(known.woman(line.words[i]) for i in roles)
        person = self._known(first, last, Gender.SHE if woman else Gender.UNKNOWN)
        if person is None:
            if not first and last.casefold() in known.countries:
                gender = Gender.IT
            person = Person(" ".join(first.split()), last, gender, line.starts[given])
            self.people.append(person)
            self.by_family.setdefault(_key(last), []).append(person)
        if person.gender is Gender.UNKNOWN:
            person.gender = gender
        if woman and not person.told and (first or not determined(line, roles[0])):
            self._learn(person, Gender.SHE)  # not "befragte die Richterin Falk"
        person.holds(line.folds[i] for i in roles)
        person.ties.update(line.folds[i].rpartition("-")[0] for i in roles if "-" in line.folds[i])
        person.ties.update(ties(line, end, known))
        noun = titled(line, given, end, known) if not roles else None
        if noun is not None:
            self.presented[line.starts[noun]] = person
            person.holds((line.folds[noun],))
            if known.woman(line.words[noun]):
                self._learn(person, Gender.SHE)
            elif first and not line.words[noun].endswith("e") and masculine(line, noun, known):
                self._learn(person, Gender.HE)
            if person.description is None:
                person.description = " ".join(line.cover(noun, given - 1).of(self.text).split())
        if person.description is None:
            person.description = description(line, roles[0] if roles else given, given, end, known, self.text)
            if person.description and not roles:
                person.holds(w.casefold() for w in person.description.split()[:3] if known.function(w))

    def _gender(self, line: Line, given: int, family: int, roles: list[int]) -> Gender:
        known = self.known
        if line.folds[given] in known.foreign_articles:
            return Gender.IT  # "The Harbour Post"
        shown = by_name(line.folds[given], known) if family > given else Gender.UNKNOWN
        if shown is Gender.SHE and roles and self._only_men(line, roles[-1]):
            return Gender.UNKNOWN  # "Polizeichef Lynn Kern": the name or the office is no sure sign
        if any(known.woman(line.words[i]) for i in roles) or shown is Gender.SHE:
            return Gender.SHE
        if shown is Gender.HE:
            return Gender.HE
        if roles and (roles[0] == 0 or line.folds[roles[0] - 1] not in known.either):
            return Gender.HE
        return Gender.UNKNOWN

    def _only_men(self, line: Line, role: int) -> bool:
        """Say whether a noun in front of a name says what a man does, where one of a woman would end in "in"."""
        fold = line.folds[role]
        if fold.endswith(self.known.epicene):
            return False  # "Professor Eva Kern", "Ratsmitglied Eva Kern"
        return self.known.function(fold) and not self.known.woman(line.words[role]) and self.known.woman(fold + "in")

    def _known(self, first: str, last: str, gender: Gender) -> Person | None:
        """Return the person of that name; a surname alone joins the one person who bears it, "Frau Falk" no man."""
        same = self.by_family.get(_key(last), [])
        for person in same:
            if person.given == first or (not first and person.gender.fits(gender)):
                return person
            if first and person.given.endswith(" " + first):
                return person  # "Brand Falk" is "Emil Brand Falk"
        if len(same) == 1 and not same[0].given:
            same[0].given = first
            return same[0]
        return None

    def around(self, at: int) -> list[Person]:
        """Return who was introduced before a place, the last :data:`RECENT` of them, else the first one after it."""
        index = bisect_left(self._firsts, at)
        return self.people[max(0, index - RECENT) : index] or self.people[:1]

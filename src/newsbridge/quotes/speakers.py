"""Whom a mention means: names, surnames, functions and pronouns, resolved to whom the article introduced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsbridge.quotes.anaphora import Mention, Scene
from newsbridge.quotes.cast import Cast, Gender, Person
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.words import Words


@dataclass(slots=True, eq=False)
class Resolved:
    """What a mention means; ``certainty`` from 0 to 1 multiplies the confidence of the attribution."""

    name: str | None
    description: str | None
    certainty: float
    rule: str
    person: Person | None = None


class Resolver:
    """Says whom mentions mean, in the order of the text."""

    def __init__(self, cast: Cast, scene: Scene, known: Words) -> None:
        self.cast, self.scene, self.known = cast, scene, known
        self.text = cast.text

    def resolve(
        self,
        number: int,
        found: Phrase,
        plural: bool | None = None,
        last: Mention | None = None,
        *,
        behind: bool = False,
    ) -> Resolved:
        """Say whom a mention means.

        Args:
            number: The line it stands in.
            found: The mention.
            plural: Whether its verb is plural, None where nothing tells.
            last: Who spoke last before it.
            behind: Whether it stands behind what is said.
        """
        line = self.cast.page.lines[number]
        if found.pronoun:
            return self._pronoun(number, found, plural, last, behind=behind)
        person = self._person(line, found)
        if person is not None:
            full = person.given and person.given.split()[-1] in line.words[found.start : found.end]
            rule = "name" if full or not person.given else "surname"
            return Resolved(person.name, person.description, 1.0 if full else 0.97, rule, person)
        return self._function(line, found)

    def _person(self, line: Line, found: Phrase) -> Person | None:
        """Return the person a mention names."""
        for index in range(found.end - 1, found.start - 1, -1):
            if line.capitals[index]:
                person = self.cast.named(line, index)
                if person is not None and self._is_name(line, index, found):
                    return person
        return None

    def _is_name(self, line: Line, index: int, found: Phrase) -> bool:
        """Say whether a surname in a mention is its subject, not an attribute ("der Anwalt von Kühn")."""
        for at in range(found.start, index):
            fold = line.folds[at]
            if fold in self.known.led and at + 1 == index:
                return False  # "die Regierung Kühn"
            if fold in self.known.of:
                return line.folds[at - 1] in self.known.given or "," in line.words[at:index]
            if line.folds[at - 1] in self.known.particles:
                continue
            attribute = fold in self.known.genitive or fold in self.known.joins_noun
            if at > found.start and attribute and line.words[at - 1] != ",":
                return "," in line.words[at:index] or line.capitals[index - 1]
        return True

    def _function(self, line: Line, found: Phrase) -> Resolved:
        """Resolve "der Minister", "die Polizeichefin", or a name nobody introduced."""
        known, at = self.known, line.starts[found.start]
        first_noun = next((i for i in range(found.start, found.end) if line.capitals[i]), found.head)
        noun = line.words[first_noun]
        definite = line.folds[found.start] in known.relative | known.pronouns | known.possessive
        if known.function(noun) and definite and first_noun + 1 == found.end:
            gender = Gender.SHE if known.woman(noun) else Gender.HE
            fits = [each for each in self.cast.around(at) if each.gender.fits(gender) and same_function(each, noun)]
            person = self._latest(at, fits)
            if person is not None:
                return Resolved(person.name, person.description, 0.85 if len(fits) == 1 else 0.7, "function", person)
        if definite and first_noun + 1 == found.end and known.job(noun) and not known.body(noun.casefold()):
            described = self.scene.described(at, noun, line.folds[found.start])
            if described is not None:
                return Resolved(described.name, described.description, 0.6, "description", described)
        head = line.words[found.head]
        proper = line.folds[found.start] not in known.determiners and not known.function(head)
        if proper and not known.function(noun) and self._proper(head) and line.capitals[found.start]:
            end = next((i for i in range(found.start, found.end) if line.words[i] in ",("), found.end)
            name = line.cover(found.start, end).of(self.text)
            return Resolved(" ".join(name.split()), None, 0.95, "own name")
        return Resolved(None, None, 0.95, "mention")

    def _proper(self, word: str) -> bool:
        """Say whether a word looks like a name: it is no body and no role."""
        return not word.casefold().endswith(self.known.bodies) and not word.endswith(("en", "er", "ung", "heit"))

    def _latest(self, at: int, people: Iterable[Person]) -> Person | None:
        """Return who was named last before a place, else who is named first after it."""
        best, where = None, -2
        for person in people:
            last = person.before(at)
            if last > where:
                best, where = person, last
        return best

    def _pronoun(
        self, number: int, found: Phrase, plural: bool | None, last: Mention | None, *, behind: bool
    ) -> Resolved:
        line, known = self.cast.page.lines[number], self.known
        fold = line.folds[found.start]
        if fold in known.first_person or fold in known.nobody:
            return Resolved(None, None, 0.7, "pronoun")
        best, margin = self.scene.antecedent(number, found, plural, last, behind=behind)
        if best is None or margin < CLEAR:
            return Resolved(None, None, 0.6, "pronoun")
        certainty = 0.85 if margin > 1.5 else 0.65
        person = best.person
        name = person.name if person is not None else best.name
        return Resolved(name, person.description if person else None, certainty, "pronoun", person)


CLEAR = 0.1  # a pronoun that two could claim stays a pronoun


def same_function(person: Person, noun: str) -> bool:
    """Say whether a noun names what a person is: "Minister" of a "Justizminister", and the other way round."""
    low = noun.casefold()
    return any(low.endswith(each) or each.endswith(low) for each in person.functions)

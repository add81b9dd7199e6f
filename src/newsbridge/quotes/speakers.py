"""Whom a mention means: names, surnames, functions and pronouns, resolved to whom the article introduced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsbridge.quotes.anaphora import CLEAR, Scene
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.citing import cite
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mentions import Mention
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Person
from newsbridge.quotes.phrases import Phrase, first_noun
from newsbridge.quotes.traits import ENDINGS, NOUN, PEOPLE
from newsbridge.quotes.words import Words


@dataclass(slots=True, eq=False)
class Resolved:
    """What a mention means; ``certainty`` from 0 to 1 multiplies the confidence of the attribution."""

    name: str | None
    description: str | None
    certainty: float
    rule: str
    person: Person | None = None


def _owning(line: Line, end: int) -> bool:
    """Say whether a noun of saying stands behind a name, which is its owner: "Kühns (vager) Hinweis"."""
    at = end + (end + 1 < len(line.words) and line.words[end].endswith(ENDINGS) and not line.capitals[end])
    return at < len(line.words) and line.capitals[at] and line.traits[at] & NOUN > 0


class Resolver:
    """Says whom mentions mean, in the order of the text."""

    def __init__(self, cast: Cast, scene: Scene, offices: Offices, known: Words) -> None:
        self.cast, self.scene, self.offices, self.known = cast, scene, offices, known
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
        if found.means is not None:
            who = self.resolve(number, found.means, plural, last, behind=behind)
            return replace(who, name=who.name or self._words(line, found.means), rule="its own; " + who.rule)
        if found.pronoun:
            return self._pronoun(number, found, plural, last, behind=behind)
        person = self.cast.bearer(line, found)
        if person is not None:
            full = person.given and person.given.split()[-1] in line.words[found.start : found.end]
            rule = "name" if full or not person.given else "surname"
            return Resolved(person.name, person.description, 1.0 if full else 0.97, rule, person)
        return self._function(line, found)

    def _function(self, line: Line, found: Phrase) -> Resolved:
        """Resolve "der Minister", "die Polizeichefin", or a name nobody introduced."""
        known = self.known
        person, certainty = self.offices.holder(line, found)
        if person is not None:
            return Resolved(person.name, person.description, certainty, "function", person)
        described = self.offices.described(line, found)
        if described is not None:
            return Resolved(described.name, described.description, 0.6, "description", described)
        noun, head = line.words[first_noun(line, found)], line.words[found.head]
        proper = line.folds[found.start] not in known.determiners and not known.function(head)
        proper = proper and not line.traits[found.head] & PEOPLE  # "laut Insidern"
        if proper and not known.function(noun) and self._proper(head) and line.capitals[found.start]:
            inside = () if found.listed else range(found.start, found.end)
            end = next((i for i in inside if line.words[i] in ",("), found.end)
            name = line.cover(found.start, end).of(self.text)
            if end == found.end and _owning(line, end) and name.endswith("s") and not name.endswith("ss"):
                name = name[:-1]  # "Kühns Einschätzung nach"
            return Resolved(" ".join(name.split()), None, 0.95, "own name")
        return Resolved(None, None, 0.95, "mention")

    def _cited(self, fold: str, plural: bool | None, meant: Mention) -> str:
        """Return the words of a mention as they stand alone: "die Wirte" where the text has "der Wirte"."""
        if meant.words is None:
            return meant.name
        number, found = meant.words
        gender, many = self.scene.form(fold, plural)
        plural = many if many is not None else bool(meant.plural)
        return cite(self.cast.page.lines[number], found, meant.name, gender, self.known, plural=plural)

    def _words(self, line: Line, found: Phrase) -> str | None:
        """Return the words of a phrase, None for a pronoun."""
        return None if found.pronoun else " ".join(line.cover(found.start, found.end).of(self.text).split())

    def _proper(self, word: str) -> bool:
        """Say whether a word looks like a name: it is no body and no role."""
        return not word.casefold().endswith(self.known.bodies) and not word.endswith(("en", "er", "ung", "heit"))

    def _pronoun(
        self, number: int, found: Phrase, plural: bool | None, last: Mention | None, *, behind: bool
    ) -> Resolved:
        line, known = self.cast.page.lines[number], self.known
        fold = line.folds[found.start]
        if fold in known.first_person or fold in known.nobody or fold in known.presenting:
            return Resolved(None, None, 0.7, "pronoun")
        if plural and fold in known.either and found.start and line.capitals[found.start]:
            inside = line.words[found.start - 1].isalnum() or line.words[found.start - 1] == ","
            if inside and fold not in known.possessive:
                return Resolved(None, None, 0.6, "pronoun")  # "wie Sie sagen": whoever is spoken to
        best, margin = self.scene.antecedent(number, found, plural, last, behind=behind)
        if best is None or margin < CLEAR:
            return Resolved(None, None, 0.6, "pronoun")
        certainty = 0.85 if margin > 1.5 else 0.65
        person = best.person
        name = person.name if person is not None else self._cited(fold, plural, best)
        return Resolved(name, person.description if person else None, certainty, "pronoun", person)

"""Mentions: whom and what a sentence names, and how much it is about them.

The subject of a sentence is what it is about, as a rule; what hangs on a noun is said by the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsbridge.quotes.agreement import gender as gender_of
from newsbridge.quotes.agreement import plural as plural_of
from newsbridge.quotes.agreement import plural_verb
from newsbridge.quotes.agreement import speaks as speaks_itself
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.clauses import Clause, clauses, second
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Gender, Person
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.subjects import antecedent, subject
from newsbridge.quotes.traits import BODY, DETERMINER, FINITE, FUNCTION
from newsbridge.quotes.words import Words

SUBJECT, AGENT, EMBEDDED, OTHER = 3.0, 2.7, 1.9, 1.3
SPEECHLESS = 2.2  # taken off what is no person and no body
Doer = tuple[Phrase, float, bool | None]  # a pronoun that is a subject, its weight, whether its verb is plural


@dataclass(slots=True, eq=False)
class Mention:
    """Somebody or something named in a sentence."""

    line: int
    at: int  # code point
    weight: float
    gender: Gender
    plural: bool | None
    name: str
    person: Person | None
    speaks: bool
    role: bool = False  # named by what they do: "der Arzt"

    def same(self, other: Mention) -> bool:
        """Say whether two mentions mean the same."""
        if self.person is not None or other.person is not None:
            return self.person is other.person
        return self.name == other.name


class Mentions:
    """Reads the lines of an article one by one, in any order."""

    def __init__(self, cast: Cast, offices: Offices, known: Words, lexicon: Lexicon) -> None:
        self.cast, self.offices, self.known, self.lexicon = cast, offices, known, lexicon
        self.page = cast.page
        self.chained = (known.male | known.female | known.either) & known.pronouns  # "er" and "sie"

    def of(self, number: int) -> tuple[tuple[Mention, ...], tuple[Doer, ...]]:
        """Return whom and what a line names, and the pronouns in it that are subjects."""
        pronouns: list[Doer] = []
        return tuple(self._all(number, pronouns)), tuple(pronouns)

    def _all(self, number: int, pronouns: list[Doer]) -> Iterator[Mention]:
        """Yield whom and what a line names; pronouns that are subjects go to ``pronouns``."""
        line, known = self.page.lines[number], self.known
        seen: set[int] = set()
        for clause in clauses(line, known):
            finite = self._finite(line, clause)
            who = subject(line, clause, finite, None, known) if finite is not None else None
            relative = clause.items[0] if clause.kind is ClauseKind.RELATIVE else -1
            if who is not None and who.start == relative:
                seen.update(range(who.start, who.end))  # not "der zuvor Minister" of ", der zuvor Minister war"
                who = antecedent(line, clause.start - 1, known, line.folds[relative])
            many = plural_verb(line, finite, known) if finite is not None else None
            if who is not None and who.pronoun:
                if line.folds[who.start] not in self.chained:
                    continue
                pronouns.append((who, SUBJECT if clause.kind is ClauseKind.MAIN else EMBEDDED, bool(many)))
            elif who is not None:
                seen.update(range(who.start, who.end))
                main = clause.kind is ClauseKind.MAIN
                weight = SUBJECT if main else EMBEDDED
                parts = self._parts(line, who)
                for part in parts:
                    each_many = many if len(parts) == 1 else False
                    mention = self._mention(number, part, weight, subjective=True, many=each_many)
                    yield mention
                    if mention.person is None:
                        yield from self._inside(number, part)
                if len(parts) != 1:
                    yield self._mention(number, who, weight, subjective=True, many=many)
        stop = 0
        for at in range(len(line.words)):
            if at < stop or at in seen:
                continue
            found = phrase(line, at, known)
            if found is None or found.pronoun:
                continue
            stop = found.end
            if self._introduces(line, found) and not seen & set(range(found.start, found.end)):
                mention = self._mention(number, found, OTHER, subjective=False)
                yield mention
                if mention.person is None:
                    yield from self._inside(number, found)

    def _inside(self, number: int, found: Phrase) -> Iterator[Mention]:
        """Yield who is named in the attributes of a phrase: "die Wahl Kühns"."""
        line, weight = self.page.lines[number], OTHER
        for at in range(found.start, found.end):
            if line.folds[at] in self.known.by:
                weight = AGENT  # the subject may be shorter: "gewonnen wurde die Abfahrt von Kühn"
            begins = at > found.start and line.traits[at] & (DETERMINER | FUNCTION)
            inner = phrase(line, at, self.known, apposition=False) if begins else None
            if inner is not None and inner.end <= found.end and self._personal(line, inner):
                yield self._mention(number, inner, weight, subjective=False)  # "der Brief eines Försters"
                return
            last = at + 1 == found.end or not line.capitals[at + 1]
            if last and line.capitals[at] and self.cast.named(line, at) is not None:
                yield self._mention(number, Phrase(at, at + 1, at, "any"), weight, subjective=False)

    def _personal(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase names somebody: by name, or by what they do."""
        if self.cast.bearer(line, found) is not None:
            return True
        return line.traits[found.start] & DETERMINER > 0 and line.traits[first_noun(line, found)] & FUNCTION > 0

    def _introduces(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase names somebody a pronoun may mean, not what somebody is: "als Abgeordneter"."""
        known = self.known
        if found.start and line.folds[found.start - 1] in known.comparing:
            return False
        if any(line.capitals[at] and self.cast.named(line, at) for at in range(found.start, found.end)):
            return True
        if not line.traits[found.start] & DETERMINER:
            return False
        return line.traits[first_noun(line, found)] & (FUNCTION | BODY) > 0

    def _parts(self, line: Line, who: Phrase) -> tuple[Phrase, ...]:
        """Return the people of a joint subject one by one: "Anna Meier und Peter Graf"."""
        cuts = [at for at in range(who.start, who.end) if line.folds[at] in self.known.and_]
        people = [at for at in range(who.start, who.end) if line.capitals[at] and self.cast.named(line, at)]
        if not cuts or len(people) < 2:
            return (who,)
        edges = [who.start, *(cut + 1 for cut in cuts)], [*cuts, who.end]
        return tuple(Phrase(start, end, end - 1, "any") for start, end in zip(*edges, strict=True) if start < end)

    def _finite(self, line: Line, clause: Clause) -> int | None:
        if clause.verb >= 0:
            return clause.verb
        verbs = [at for at in clause.items if line.traits[at] & FINITE and not line.capitals[at]]
        if verbs:
            return verbs[-1]
        return clause.items[-1] if clause.kind is not ClauseKind.MAIN else second(line, clause, self.known)

    def _mention(
        self, number: int, found: Phrase, weight: float, *, subjective: bool, many: bool | None = None
    ) -> Mention:
        line, known = self.page.lines[number], self.known
        person = None
        joint = any(line.folds[index] in known.and_ for index in range(found.start, found.end))
        if not joint:
            person = self.cast.bearer(line, found)
        if person is None and not joint:
            person = self.offices.holder(line, found)[0] or self.offices.described(line, found)
        speaks = person is not None or speaks_itself(line, found, known)
        if not speaks:
            weight -= SPEECHLESS if line.folds[found.start] in known.determiners else 2 * SPEECHLESS
        if line.folds[found.head].endswith(known.abstract) and not speaks:
            weight -= SPEECHLESS
        gender = person.gender if person is not None else Gender.UNKNOWN
        if gender is Gender.UNKNOWN:
            gender = gender_of(line, found, known, subjective=subjective)
        plural = False if person is not None else plural_of(line, found, known)
        if plural is None or (many is False and line.folds[found.start] in known.counted_one):
            plural = many  # "der Minister und Parteichef sagte"
        bare = person is None and not line.traits[found.start] & DETERMINER
        if plural is None and bare and line.folds[found.head].endswith(known.plural_nouns):
            plural = True
        if found.start and line.folds[found.start - 1] in known.by and speaks:
            weight = max(weight, AGENT)  # "wurde von der Siegerin getröstet"
        end = next((i for i in range(found.start, found.end) if line.words[i] == ","), found.end)
        name = " ".join(line.cover(found.start, end).of(self.page.article.plain).split())
        role = line.traits[first_noun(line, found)] & FUNCTION > 0
        return Mention(number, line.starts[found.start], weight, gender, plural, name, person, speaks, role)

"""Mentions: whom and what a sentence names, and how much it is about them.

The subject of a sentence is what it is about, as a rule; what hangs on a noun is said by the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsbridge.quotes.agreement import gender as gender_of
from newsbridge.quotes.agreement import has_said, named_until, plural_verb
from newsbridge.quotes.agreement import plural as plural_of
from newsbridge.quotes.agreement import speaks as speaks_itself
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.clauses import clauses, second
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.groups import allied, by_jobs, counted, one_holder, parts
from newsbridge.quotes.lines import Line
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Gender, Person, apposed
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.subjects import antecedent, can_speak, owner, subject
from newsbridge.quotes.traits import (
    ALONE,
    BODY,
    DETERMINER,
    FINITE,
    FUNCTION,
    MOOD,
    NOUN,
    PEOPLE,
    PREPOSITION,
    SAYING,
)
from newsbridge.quotes.words import Words

SUBJECT, AGENT, EMBEDDED, OTHER = 3.0, 2.7, 1.9, 1.3
PRESENTED = 4.0  # the next sentence is about them, as a rule
TOPIC = 2.2  # named in front of a verb whose subject is no person
RELAYED = 0.7  # taken off a medium that only passes on what others did
UNSURE = 0.6  # taken off what looks like a name
SPEECHLESS = 2.2  # taken off what is no person and no body
CLAUSE_ENDS = frozenset(",;:–—-")
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
    body: bool = False
    says: bool = False  # the subject of a verb of saying
    able: bool = True  # it may speak, as far as its form tells
    words: tuple[int, Phrase] | None = None  # the line and the phrase of its name

    @property
    def human(self) -> bool:
        """Whether it is somebody with a name, not "ABC-News"."""
        person = self.person
        if person is None:
            return False
        return bool(person.given) or person.gender is not Gender.UNKNOWN or not person.family[:2].isupper()

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
        self.sources = lexicon.phrases["before"]

    def of(self, number: int) -> tuple[tuple[Mention, ...], tuple[Doer, ...]]:
        """Return whom and what a line names, and the pronouns in it that are subjects."""
        pronouns: list[Doer] = []
        line, seen = self.page.lines[number], set[int]()
        found = [each for clause in clauses(line, self.known) for each in self._doers(number, clause, seen, pronouns)]
        about = any(mention.person is not None and mention.weight == SUBJECT for mention in found)
        found.extend(self._others(number, seen, TOPIC if not about else OTHER))
        return tuple(found), tuple(pronouns)

    def _doers(self, number: int, clause: Clause, seen: set[int], pronouns: list[Doer]) -> Iterator[Mention]:
        """Yield the subject of a clause; a pronoun goes to ``pronouns``."""
        line, known = self.page.lines[number], self.known
        finite = self._finite(line, clause)
        several = True if finite is not None and line.folds[finite] in known.plural else None
        who = subject(line, clause, finite, several, known) if finite is not None else None
        relative = clause.items[0] if clause.kind is ClauseKind.RELATIVE else -1
        if relative >= 0 and self._stands_for(line, who, relative):
            if who is not None and who.start == relative:
                seen.update(range(who.start, who.end))  # not "der zuvor Minister" of ", der zuvor Minister war"
            who = antecedent(line, clause.start - 1, known, line.folds[relative])
        elif who is not None and self._one_of(line, who):
            who = self._named_before(line, who.start - 1) or who  # "Falk, einer der Wirte, sagte"
        if who is not None and not who.pronoun and who.start > clause.start:
            opens = clause.kind is not ClauseKind.MAIN and who.start - 1 == clause.items[0]
            more = who.start > 1 and line.folds[who.start - 2] in known.exceeding  # "mehr als 30 Anwohner"
            if line.folds[who.start - 1] in known.comparing and not opens and not more:
                who = None  # "als Präsident", not "als der Präsident sprach"
        if who is not None and finite is not None and who.start == finite + 1:
            who = self._equated(line, clause, finite, who)
        many = plural_verb(line, finite, self.known) if finite is not None else None
        if who is not None and who.pronoun:
            if line.folds[who.start] not in self.chained:
                return
            pronouns.append((who, SUBJECT if clause.kind is ClauseKind.MAIN else EMBEDDED, bool(many)))
        elif who is not None:
            seen.update(range(who.start, who.end))
            main = clause.kind is ClauseKind.MAIN
            weight = SUBJECT if main else EMBEDDED
            if finite is not None and self._there_is(line, finite):
                weight, many = OTHER, None
            verb = line.traits[finite] if finite is not None else 0
            spoken = finite is not None and has_said(line, clause, finite, self.lexicon.told, known)
            says = spoken or verb & (SAYING | MOOD) == SAYING
            tells = says and verb & ALONE > 0
            whole = counted(line, who, known)
            if whole is not who:
                many = None  # "ein Teil der Mitglieder ging": as many as the inner noun says
            people = parts(line, whole, self.cast)
            for part in people:
                each_many = many if len(people) == 1 else False
                mention = self._mention(number, part, weight, subjective=True, many=each_many, tells=tells)
                mention.says = says
                noun = first_noun(line, part)
                thing = line.traits[noun] & NOUN > 0 or line.folds[noun].endswith(known.abstract)
                if (tells or spoken) and many and not thing:
                    mention.able = True  # "die Gelbhemden forderten"
                medium = mention.body and known.medium(line.folds[noun])
                if says and (medium or part.head in line.named):
                    mention.weight -= RELAYED  # "Die Agentur meldete, Kern lehne ab. Sie sagte, …"
                if main and mention.person is not None:
                    self._owns(line, clause, part, mention.person)
                yield mention
                if mention.person is None:
                    yield from self._inside(number, part)
            if len(people) != 1:
                yield self._mention(number, who, weight, subjective=True, many=many)

    def _others(self, number: int, seen: set[int], front: float) -> Iterator[Mention]:
        """Yield who else is named in a line, outside the items ``seen`` already; ``front`` is the weight in front."""
        line, known = self.page.lines[number], self.known
        presented = self._presents(line)
        stop = named = 0  # behind the last phrase, and behind the last one that names a person
        for at in range(len(line.words)):
            if at < stop or at in seen:
                continue
            found = phrase(line, at, known)
            if found is None or found.pronoun:
                continue
            stop = found.end
            if named and named + 1 == at and self._apposed(line, found):
                continue
            if at > 1 and line.words[at - 2] == "," and line.folds[at - 1] in known.presenting:
                continue  # "laut Eva Kern, einer der Wirtinnen"
            placed = self.cast.bearer(line, found) if at and line.folds[at - 1] in known.whence else None
            if placed is not None and placed.place:
                continue  # "ein Wirt in South Harbour"
            weight = OTHER
            if at < 2 and line.traits[0] & PREPOSITION and self._people(line, found):
                weight = front  # "Für Falk ist die Sache klar"
            if at and line.folds[at - 1] in known.states and found.case == "nominative":
                if self.cast.bearer(line, found) is None:
                    continue  # "er ist der älteste Wirt im Ort"
                weight = SUBJECT  # "ein Skeptiker ist der Biologe Till Kern"
            if presented and at > presented and self.cast.bearer(line, found) is not None:
                weight, presented = PRESENTED, 0  # "Präsidentin ist seit Mai Eva Kern"
            if at and line.folds[at - 1] in self.sources:
                weight = AGENT  # "laut Eva Kern"
            if at and line.folds[at - 1] in known.of and not known.coming.isdisjoint(line.folds):
                weight = PRESENTED  # "Kritik kam vom Verband"
            told = weight == AGENT
            if not told and line.traits[first_noun(line, found)] & NOUN:
                whose = owner(line, found, known)
                if whose is not None and not whose.pronoun and whose.start > found.start:
                    found, weight, told = whose, AGENT, True  # "nach Angaben der Veranstalter"
            if (told or self._introduces(line, found)) and not seen & set(range(found.start, found.end)):
                mention = self._mention(number, found, weight, subjective=weight == SUBJECT)
                yield mention
                named = stop if mention.person is not None else 0
                if mention.person is None:
                    yield from self._inside(number, found)
            elif not line.traits[found.head] & FUNCTION and not seen & set(range(found.start, found.end)):
                yield from self._inside(number, found)  # "vor dem Büro der Anwälte"

    def _people(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase names somebody by name, or people: "Für Falk ist …", "Bei den Eltern ist …"."""
        return line.traits[found.head] & PEOPLE > 0 or self.cast.bearer(line, found) is not None

    def _apposed(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase behind a name says who that is: "laut Eva Kern, der Leiterin des Amts, …"."""
        first, last = line.folds[found.start - 1], found.end
        closed = last == len(line.words) or line.words[last] in CLAUSE_ENDS or line.words[last] in ".)"
        determined = line.traits[found.start] & DETERMINER
        return first == "," and closed and determined > 0 and line.traits[first_noun(line, found)] & FUNCTION > 0

    def _stands_for(self, line: Line, who: Phrase | None, relative: int) -> bool:
        """Say whether a relative pronoun is the subject of its clause: "Falk, der die Ansicht vertrat"."""
        fold = line.folds[relative]
        if who is None or who.start == relative:
            return fold in self.known.nominative
        if who.pronoun or fold not in self.known.nominative:
            return False
        alone = fold in self.known.masculine and line.folds[who.start] not in self.known.masculine
        return alone or not can_speak(line, who, self.known)

    def _presents(self, line: Line) -> int:
        """Return the verb of "Präsidentin ist seit Mai Eva Kern", 0 if a sentence does not begin like that."""
        if line.traits[0] & DETERMINER or not line.traits[0] & FUNCTION:
            return 0
        front = phrase(line, 0, self.known, apposition=False)
        if front is None or front.end >= len(line.words) or self.cast.bearer(line, front) is not None:
            return 0
        return front.end if line.folds[front.end] in self.known.states else 0

    def _equated(self, line: Line, clause: Clause, finite: int, who: Phrase) -> Phrase:
        """Return what stands in front of "sind" where a noun behind it says but what that is."""
        if line.folds[finite] not in self.known.states or self.cast.bearer(line, who) is not None:
            return who
        front = phrase(line, clause.items[0], self.known)
        if front is None or front.end != finite or not front.subject:
            return who
        named = self.cast.bearer(line, front) is not None or self.cast.looks_named(line, front, alone=True)
        return front if named or line.traits[front.start] & DETERMINER else who

    def _one_of(self, line: Line, who: Phrase) -> bool:
        """Say whether "einer" behind a comma says but who somebody is."""
        behind = who.start > 0 and line.words[who.start - 1] == ","
        return who.pronoun and behind and line.folds[who.start] not in self.chained

    def _named_before(self, line: Line, comma: int) -> Phrase | None:
        """Return the whole name in front of a comma."""
        found = antecedent(line, comma, self.known)
        while found is not None and found.start and line.capitals[found.start - 1]:
            longer = phrase(line, found.start - 1, self.known, apposition=False)
            if longer is None or longer.end != comma:
                break
            found = longer
        return found

    def _inside(self, number: int, found: Phrase) -> Iterator[Mention]:
        """Yield who is named in the attributes of a phrase: "die Wahl Kühns"."""
        line, weight = self.page.lines[number], OTHER
        for at in range(found.start, found.end):
            if line.folds[at] in self.known.by and self._passive(line):
                weight = AGENT  # the subject may be shorter: "gewonnen wurde die Abfahrt von Kühn"
            begins = at > found.start and line.traits[at] & (DETERMINER | FUNCTION)
            inner = phrase(line, at, self.known, apposition=False) if begins else None
            if inner is not None and inner.end <= found.end and self._personal(line, inner):
                yield self._mention(number, inner, weight, subjective=False)  # "der Brief eines Försters"
                return
            last = at + 1 == found.end or not line.capitals[at + 1] or self.cast.owner(line, at)
            if last and line.capitals[at] and self.cast.named(line, at) is not None:
                yield self._mention(number, Phrase(at, at + 1, at, "any"), weight, subjective=False)

    def _personal(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase names somebody: by name, or by what they do."""
        if self.cast.bearer(line, found) is not None:
            return True
        noun = first_noun(line, found)
        if not line.traits[found.start] & DETERMINER:
            return False
        return line.traits[noun] & (FUNCTION | PEOPLE) > 0 or line.folds[noun].removesuffix("s").endswith(
            self.known.collectives
        )

    def _introduces(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase names somebody a pronoun may mean, not what somebody is: "als Abgeordneter"."""
        known = self.known
        if line.folds[found.start] in known.denying or (found.start and line.folds[found.start - 1] in known.comparing):
            return False
        if any(line.capitals[at] and self.cast.named(line, at) for at in range(found.start, found.end)):
            return True
        if not line.traits[found.start] & DETERMINER:
            before = line.folds[found.start - 1] if found.start else ""
            if before not in known.contracted or before not in known.of:  # "vom Verband"
                people = line.traits[found.head] & PEOPLE > 0 and line.folds[found.head].endswith("n")
                return people or (found.head > found.start and self.cast.looks_named(line, found, alone=False))
        noun = first_noun(line, found)
        return line.traits[noun] & (FUNCTION | BODY | PEOPLE) > 0 or by_jobs(line, found, known)

    def _finite(self, line: Line, clause: Clause) -> int | None:
        if clause.verb >= 0:
            return clause.verb
        verbs = [at for at in clause.items if line.traits[at] & FINITE and not line.capitals[at]]
        if verbs:
            return verbs[-1]
        return clause.items[-1] if clause.kind is not ClauseKind.MAIN else second(line, clause, self.known)

    def _passive(self, line: Line) -> bool:
        """Say whether something is done by somebody in a sentence."""
        return not self.known.passive.isdisjoint(line.folds) or not self.known.done.isdisjoint(line.folds)

    def _there_is(self, line: Line, finite: int) -> bool:
        """Say whether "es" is the subject of a verb: "Es gibt kaum Zeugen"."""
        if line.traits[finite] & SAYING:
            return False
        beside = (at for at in (finite - 1, finite + 1) if 0 <= at < len(line.words))
        return any(line.folds[at] in self.known.it for at in beside)

    def _owns(self, line: Line, clause: Clause, who: Phrase, person: Person) -> None:
        """Note the gender of a subject that a possessive behind it shows: "Robin Kern verkauft seine Firma"."""
        if person.gender is not Gender.UNKNOWN or not person.given:
            return
        for at in clause.items:
            if at >= who.end and line.folds[at] in self.known.possessive:
                if line.folds[at] in self.known.male:
                    person.gender = Gender.HE
                elif who.start == clause.items[0]:
                    person.gender = Gender.SHE
                return

    def _mention(
        self,
        number: int,
        found: Phrase,
        weight: float,
        *,
        subjective: bool,
        many: bool | None = None,
        tells: bool = False,
    ) -> Mention:
        line, known = self.page.lines[number], self.known
        person = None
        until = named_until(line, found)
        joint = any(line.folds[index] in known.and_ for index in range(found.start, until))
        one = joint and many is False and one_holder(line, found, known)
        if not joint or one:
            person = self.cast.bearer(line, found)
            person = person or self.cast.presented.get(line.starts[first_noun(line, found)])
        noun = line.words[first_noun(line, found)]
        named = person is not None and person.given and person.given.split()[-1] in line.words[found.start : found.end]
        if person is not None and named and not person.told and known.woman(noun):
            person.gender, person.told = Gender.SHE, True  # "die Sekretärin für Gesundheit Nicola Kern"
        if person is None and not joint:
            person = self.offices.holder(line, found)[0] or self.offices.described(line, found)
        speaks = person is not None or speaks_itself(line, found, known)
        if joint and many and subjective and not speaks:
            speaks = allied(line, found, self.cast)
        named_like = not speaks and self.cast.looks_named(line, found, alone=subjective and not many, tells=tells)
        if named_like:
            speaks, weight, found = True, weight - UNSURE, found.until(found.head + 1)
        if found.head in line.named and person is None:
            weight -= UNSURE  # a title, perhaps
        if not speaks:
            weight -= SPEECHLESS if line.folds[found.start] in known.determiners else 2 * SPEECHLESS
        if line.folds[found.head].endswith(known.abstract) and not speaks:
            weight -= SPEECHLESS
        gender = person.gender if person is not None else Gender.UNKNOWN
        if named_like:
            gender = apposed(line, found.head, known)
        if person is None and line.traits[found.head] & BODY and line.folds[found.head].endswith(known.neuter):
            gender = Gender.IT  # "das Simón Bolívar Orchester"
        if gender is Gender.UNKNOWN:
            gender = gender_of(line, found, known, subjective=subjective)
        plural = False if person is not None or one else plural_of(line, found, known)
        if plural is None or (many is False and line.folds[found.start] in known.counted_one):
            plural = many  # "der Minister und Parteichef sagte"
        if person is None and line.folds[found.head].endswith(known.collectives):
            plural = None  # "Ein Ehepaar sah zu. Das freue sie, sagten sie"
        bare = person is None and not named_like and not line.traits[found.start] & DETERMINER
        if plural is None and bare and line.folds[found.head].endswith(known.plural_nouns):
            plural = True
        if found.start and line.folds[found.start - 1] in known.by and speaks and self._passive(line):
            weight = max(weight, AGENT)  # "wurde von der Siegerin getröstet"
        name = " ".join(line.cover(found.start, min(until, found.end)).of(self.page.article.plain).split())
        at = first_noun(line, found)
        named = line.folds[at] in line.names or line.folds[at].removesuffix("s") in line.names
        role = (line.traits[at] & FUNCTION > 0 or known.woman(noun)) and not named  # "Lehmanns Rede" is no man
        full = named_like and (tells or (subjective and found.head > found.start))
        role = role or (full and not line.folds[found.head].endswith("s"))  # "Robin Kern", not "Robin Kerns"
        start = line.starts[found.start]
        several = not speaks and many is not False and by_jobs(line, found, known)
        plural = True if several else plural
        body = person is None and not role and line.traits[at] & BODY > 0
        mention = Mention(number, start, weight, gender, plural, name, person, speaks, role, body)
        mention.words = number, found
        man = gender is Gender.HE and (known.job(line.words[at]) or line.words[at].endswith("e"))
        mention.able = speaks or man or several or self.lexicon.reports(line.folds[at])
        return mention

"""Pronouns: what was on the scene before them, and who of it they mean.

The subject of the sentence before is the likeliest, then who spoke last, then whoever else was named (after Grosz,
Joshi and Weinstein, "Centering", Computational Linguistics 21(2), 1995); gender and number must fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from newsbridge.article import BlockKind
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.clauses import Clause, clauses, second
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Gender, Person
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.subjects import antecedent, feminine, names_person, subject
from newsbridge.quotes.traits import BODY, DETERMINER, FINITE, FUNCTION, PEOPLE
from newsbridge.quotes.words import Words

BACK = 5  # sentences
CLEAR = 0.1  # a pronoun that two could claim stays a pronoun
SUBJECT, AGENT, EMBEDDED, OTHER = 3.0, 2.7, 1.9, 1.3
SPOKE = 0.5
SENTENCE = 0.9  # taken off for every sentence between
PARAGRAPH = 0.4
SPEECHLESS = 2.2  # taken off what is no person and no body
KNOWN = 0.2  # its gender is certain
PERSON = 0.8  # a pronoun that speaks is a person's, as a rule
ROLE = 0.5  # the same, for somebody without a name
HEADINGS = frozenset({BlockKind.HEADING, BlockKind.KICKER, BlockKind.HEADLINE})
CLAUSE_ENDS = frozenset(",;:–")


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


class Scene:
    """What the sentences of an article name, read only where a pronoun asks."""

    def __init__(self, cast: Cast, offices: Offices, known: Words, lexicon: Lexicon) -> None:
        self.cast, self.offices, self.known, self.lexicon = cast, offices, known, lexicon
        self.page = cast.page
        self.chained = (known.male | known.female | known.either) & known.pronouns  # "er" and "sie"
        self._read: dict[int, tuple[Mention, ...]] = {}
        self._subjects: dict[int, tuple[tuple[Phrase, float, bool | None], ...]] = {}  # pronouns

    def antecedent(
        self, number: int, found: Phrase, plural: bool | None, last: Mention | None, *, behind: bool = False
    ) -> tuple[Mention | None, float]:
        """Return whom a pronoun means, and by how much it is likelier than the next one.

        Args:
            number: The line of the pronoun.
            found: The pronoun.
            plural: Whether its verb is plural, None where nothing tells.
            last: Who spoke last before it.
            behind: Whether it stands behind what is said, where nobody says it: "Falk, sagte er, …".
        """
        self._read_to(number)
        return self._likeliest(number, found, plural, last, behind=behind)

    def _likeliest(
        self, number: int, found: Phrase, plural: bool | None, last: Mention | None, *, behind: bool = False
    ) -> tuple[Mention | None, float]:
        """Return whom a pronoun means of those the sentences read so far name."""
        line = self.page.lines[number]
        fold, at = line.folds[found.start], line.starts[found.start]
        gender, many = self._of(fold, plural)
        said = max((line.starts[each] for each in range(found.start) if line.words[each] == ":"), default=-1)
        scores: list[tuple[float, Mention]] = []
        for weight, mention in self._before(number, at, fold):
            if behind and mention.line == number and mention.at > said:
                continue
            if not mention.gender.fits(gender) and not many:
                continue
            if (many is True and mention.plural is False) or (many is False and mention.plural is True):
                continue
            value = weight
            if not many and mention.gender is gender:
                value += KNOWN
            if gender is not Gender.IT:
                value += PERSON if mention.person is not None else ROLE * mention.role
            if last is not None and mention.same(last):
                value += SPOKE
            scores.append((value, mention))
        if fold in self.known.pointing:  # the one named last, not the one the text is about
            scores = [(mention.line * 1e6 + mention.at, mention) for value, mention in scores if value > -1.0]
        best: list[tuple[float, Mention]] = []
        for value, mention in sorted(scores, key=lambda each: (-each[0], -each[1].at)):
            if not any(mention.same(other) for _, other in best):
                best.append((value, mention))
        if not best or best[0][0] < 0:
            return None, 0.0
        margin = best[0][0] - best[1][0] if len(best) > 1 else 2.0
        return best[0][1], margin

    def _of(self, fold: str, plural: bool | None) -> tuple[Gender, bool | None]:
        """Return gender and number of a pronoun; None where its form does not tell."""
        known = self.known
        if fold in known.it:
            return Gender.IT, False
        if fold in known.male:
            return Gender.HE, False
        if fold in known.female or (fold in known.either and plural is False):
            return Gender.SHE, False
        if fold in known.either and plural:
            return Gender.UNKNOWN, True
        if fold in known.either:
            return Gender.SHE, None
        return Gender.UNKNOWN, plural

    def _before(self, number: int, at: int, fold: str) -> Iterator[tuple[float, Mention]]:
        """Yield what was named before a place with its weight."""
        page, distance = self.page, 0.0
        block = page.lines[number].block
        section = page.blocks[block].id.split(".")[0]
        for back in range(number, max(-1, number - BACK - 1), -1):
            there = page.lines[back].block
            if page.blocks[there].id.split(".")[0] != section and there != block and back < number - 2:
                break
            heading = page.blocks[there].kind in HEADINGS
            for mention in () if heading else self._read.get(back, ()):
                if back < number or self._apart(number, mention.at, at):
                    yield mention.weight - distance - PARAGRAPH * (there != block), mention
            distance += SENTENCE

    def _apart(self, number: int, one: int, other: int) -> bool:
        """Say whether two places of a line stand in different clauses: a clause names nobody twice."""
        line = self.page.lines[number]
        return any(
            one < line.starts[at] < other and (line.words[at] in CLAUSE_ENDS or line.folds[at] in self.known.and_)
            for at in range(len(line.words))
        )

    def _read_to(self, number: int) -> None:
        """Note who and what a sentence and those before it name; pronouns before it name again whom they mean."""
        for each in range(max(0, number - BACK), number + 1):  # in reading order: who "he" is depends on who he was
            if each not in self._read:
                self._read[each] = tuple(self._mentions(each))
            if each < number and each in self._subjects:
                self._read[each] += tuple(self._again(each, self._subjects.pop(each)))

    def _again(self, number: int, subjects: Iterable[tuple[Phrase, float, bool | None]]) -> Iterator[Mention]:
        """Yield whom the pronouns of a sentence mean that are subjects."""
        line = self.page.lines[number]
        for who, weight, plural in subjects:
            best, margin = self._likeliest(number, who, plural, None)
            if best is not None and margin >= CLEAR:
                yield replace(best, line=number, at=line.starts[who.start], weight=weight)

    def _mentions(self, number: int) -> Iterator[Mention]:
        line, known = self.page.lines[number], self.known
        seen: set[int] = set()
        pronouns: list[tuple[Phrase, float, bool | None]] = []
        for clause in clauses(line, known):
            finite = self._finite(line, clause)
            who = subject(line, clause, finite, None, known) if finite is not None else None
            relative = clause.items[0] if clause.kind is ClauseKind.RELATIVE else -1
            if who is not None and who.start == relative:
                seen.update(range(who.start, who.end))  # not "der zuvor Minister" of ", der zuvor Minister war"
                who = antecedent(line, clause.start - 1, known, line.folds[relative])
            if who is not None and who.pronoun:
                if line.folds[who.start] not in self.chained:
                    continue
                assert finite is not None
                plural = line.traits[finite] & FINITE and line.folds[finite] in known.plural
                pronouns.append((who, SUBJECT if clause.kind is ClauseKind.MAIN else EMBEDDED, bool(plural)))
            elif who is not None:
                seen.update(range(who.start, who.end))
                main = clause.kind is ClauseKind.MAIN
                weight = SUBJECT if main else EMBEDDED
                parts = self._parts(line, who)
                for part in parts:
                    mention = self._mention(number, part, weight, subjective=True)
                    yield mention
                    if mention.person is None:
                        yield from self._inside(number, part)
                if len(parts) != 1:
                    yield self._mention(number, who, weight, subjective=True)
        if pronouns:
            self._subjects[number] = tuple(pronouns)
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

    def _mention(self, number: int, found: Phrase, weight: float, *, subjective: bool) -> Mention:
        line, known = self.page.lines[number], self.known
        person = None
        joint = any(line.folds[index] in known.and_ for index in range(found.start, found.end))
        if not joint:
            person = self.cast.bearer(line, found)
        if person is None and not joint:
            person = self.offices.holder(line, found)[0] or self.offices.described(line, found)
        speaks = person is not None or self._speaks(line, found)
        if not speaks:
            weight -= SPEECHLESS if line.folds[found.start] in known.determiners else 2 * SPEECHLESS
        if line.folds[found.head].endswith(known.abstract) and not speaks:
            weight -= SPEECHLESS
        gender = person.gender if person is not None else Gender.UNKNOWN
        if gender is Gender.UNKNOWN:
            gender = self._gender(line, found, subjective=subjective)
        plural = False if person is not None else self._plural(line, found)
        if found.start and line.folds[found.start - 1] in known.by and speaks:
            weight = max(weight, AGENT)  # "wurde von der Siegerin getröstet"
        end = next((i for i in range(found.start, found.end) if line.words[i] == ","), found.end)
        name = " ".join(line.cover(found.start, end).of(self.page.article.plain).split())
        role = line.traits[first_noun(line, found)] & FUNCTION > 0
        return Mention(number, line.starts[found.start], weight, gender, plural, name, person, speaks, role)

    def _speaks(self, line: Line, found: Phrase) -> bool:
        """Say whether a phrase itself names a person or a body, not only an attribute of it."""
        noun = first_noun(line, found)
        return any(at in line.named or names_person(line, at) for at in {noun, found.head} if at <= found.head)

    def _gender(self, line: Line, found: Phrase, *, subjective: bool) -> Gender:
        """Return the gender a noun phrase shows."""
        known = self.known
        determiner, head = line.folds[found.start], line.folds[found.head]
        noun = line.words[first_noun(line, found)]
        if known.woman(noun) or feminine(head, known):
            return Gender.SHE
        if determiner in known.neutral and head.endswith(known.neuter):
            return Gender.IT
        if subjective and determiner == "der":
            return Gender.HE
        if determiner == "das":
            return Gender.IT
        if determiner in ("die", "eine") and subjective:
            return Gender.SHE
        if determiner in ("ein", "dieser", "einem", "dem", "den", "einen") and known.function(noun):
            return Gender.HE
        if known.function(noun):
            return Gender.HE
        return Gender.UNKNOWN

    def _plural(self, line: Line, found: Phrase) -> bool | None:
        """Say whether a noun phrase is plural, None where nothing tells."""
        known = self.known
        determiner = line.folds[found.start]
        if any(line.folds[i] in known.and_ for i in range(found.start, found.end)):
            return True
        if determiner in known.several or (determiner == "den" and line.folds[found.head].endswith("ern")):
            return True
        if determiner in ("der", "das", "ein", "eine", "dem", "den", "einem", "einer"):
            return False
        return True if line.traits[found.head] & PEOPLE and not known.woman(line.words[found.head]) else None

"""Pronouns: what was on the scene before them, and who of it they mean.

The subject of the sentence before is the likeliest, then who spoke last, then whoever else was named (after Grosz,
Joshi and Weinstein, "Centering", Computational Linguistics 21(2), 1995); gender and number must fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsbridge.article import BlockKind
from newsbridge.quotes.agreement import plural_verb
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.clauses import clauses
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mentions import CLAUSE_ENDS, EMBEDDED, SUBJECT, Doer, Mention, Mentions
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Gender, Person
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.traits import FINITE, MOOD
from newsbridge.quotes.words import Words

BACK = 5  # sentences
FADED = 1.0  # so little is left of somebody whom the text named some sentences ago
FADED_MANY = 2.0  # the same, of those who are many
CHAIN = 10  # sentences; "he" may be "he" for so long
CLEAR = 0.1  # a pronoun that two could claim stays a pronoun
SURE = 1.0  # one that is so much likelier tells somebody's gender
SPOKE = 0.5
NEAR = 0.8  # the subject of a clause in front of the pronoun's: "Als die Zeitung nachfragte, erklärte sie, …"
OWN = 0.8  # the subject in front of "seinen Angaben zufolge" in the same sentence
SENTENCE = 0.9  # taken off for every sentence between
PARAGRAPH = 0.4
PLURAL = 0.4  # of a plural pronoun
MAYBE = 0.6  # taken off what may be one, where a pronoun is many
KNOWN = 0.2  # its gender is certain
PERSON = 1.2  # a pronoun that speaks is a person's, as a rule
ROLE = 0.5  # the same, for somebody without a name
ACTS = 0.5  # the same, for a body that the sentence before is about
MARKED = re.compile(r"\w+")
HEADINGS = frozenset({BlockKind.HEADING, BlockKind.KICKER, BlockKind.HEADLINE})


class Scene:
    """What the sentences of an article name, read only where a pronoun asks."""

    def __init__(self, cast: Cast, offices: Offices, known: Words, lexicon: Lexicon) -> None:
        self.page, self.known = cast.page, known
        self.mentions = Mentions(cast, offices, known, lexicon)
        self.circumstances = known.subordinating - lexicon.phrases["that"] - known.asking
        self._read: dict[int, tuple[Mention, ...]] = {}
        self._subjects: dict[int, tuple[Doer, ...]] = {}  # pronouns
        self._meant: dict[tuple[int, int], Mention] = {}  # by line and item: whom those that speak mean

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
        best, margin = self._called(number, found) or self._likeliest(number, found, plural, last, behind=behind)
        if best is not None and margin >= CLEAR:
            self._meant[number, found.start] = best
        return best, margin

    def _called(self, number: int, found: Phrase) -> tuple[Mention, float] | None:
        """Return whom a pronoun means that has their name behind it: "das sehe er, Kühn, nicht so"."""
        line, at = self.page.lines[number], found.end + 1
        if at >= len(line.words) or line.words[found.end] != "," or not line.capitals[at]:
            return None
        name = next((each for each in self._read.get(number, ()) if each.at == line.starts[at]), None)
        if name is None or name.person is None or name.words is None or name.words[1].start != at:
            return None
        end = name.words[1].end
        return (name, SURE + CLEAR) if end < len(line.words) and line.words[end] in ",.;" else None

    def _likeliest(
        self, number: int, found: Phrase, plural: bool | None, last: Mention | None, *, behind: bool = False
    ) -> tuple[Mention | None, float]:
        """Return whom a pronoun means of those the sentences read so far name."""
        line = self.page.lines[number]
        fold, at = line.folds[found.start], line.starts[found.start]
        if fold in self.known.either:
            plural = self._beside(line, found.start, plural)
        gender, many = self.form(fold, plural)
        theirs = fold in self.known.female and fold in self.known.possessive  # "ihrer Ansicht nach"
        its = gender is Gender.HE and fold in self.known.possessive  # "Das Amt schweigt. Seinen Angaben nach …"
        if theirs:
            many = None
        said = max((line.starts[each] for each in range(found.start) if line.words[each] == ":"), default=-1)
        later = self._behind(line, found) if fold in self.mentions.chained else frozenset()
        scores: list[tuple[float, Mention]] = []
        barred = 0.0  # the best of those
        above = self._above(line, found.start)
        alone = not many and self._alone(line)
        for weight, mention in self._before(number, at, fold):
            told = behind and mention.line == number and mention.at > said and not mention.says
            if told and not self._circumstance(line, mention.at):
                continue
            other = (theirs and mention.plural) or (its and mention.gender is Gender.IT and mention.speaks)
            if not (mention.gender.fits(gender) or many or other):
                continue
            if gender is Gender.IT and (mention.human or (mention.role and mention.gender is Gender.UNKNOWN)):
                continue  # "Robin Falk kam. Es sagt viel, dass …"
            if not (many or mention.able or mention.plural or fold in self.known.pointing):
                continue  # "Der Plan steht. Er sagt, …"
            if (many is True and mention.plural is False) or (many is False and mention.plural is True):
                continue
            value = weight
            if fold in self.known.possessive and mention.line == number:
                if mention.says and not self._apart(number, mention.at, at):
                    continue  # "zitiert die Zeitung ihre letzten Worte"
                value += OWN * (mention.weight == SUBJECT)
            near = mention.line == number and mention.weight == EMBEDDED
            if near and self._circumstance(line, mention.at) and not self._others(line):
                value += NEAR
            elif near and mention.at in above and mention.person is not None:
                value += NEAR  # "der Ort, den Falk sah, als er …"
            if not many and mention.gender is gender:
                value += KNOWN
            if many and mention.plural and not mention.speaks:
                value += PLURAL  # "die Kontrahenten": things are seldom many and speak
            if many and (mention.plural is None or not mention.able):
                value -= MAYBE
            if gender is not Gender.IT:
                value += PERSON if mention.human else ROLE * mention.role
                acts = mention.line == number - 1 and mention.weight == SUBJECT and mention.gender is gender
                if acts and mention.speaks and not (mention.human or mention.role):
                    value += ACTS
                if alone and mention.body:
                    value -= PERSON
            if last is not None and mention.same(last):
                value += SPOKE
            if mention.person in later:
                barred = max(barred, value)
                continue
            scores.append((value, mention))
        if fold in self.known.pointing:  # the one named last, not the one the text is about
            scores = [(mention.line * 1e6 + mention.at, mention) for value, mention in scores if value > -1.0]
        best: list[tuple[float, Mention]] = []
        for value, mention in sorted(scores, key=lambda each: (-each[0], -each[1].at)):
            if not any(mention.same(other) for _, other in best):
                best.append((value, mention))
        headed = self._titled(number, gender) if not best and not many else (None, 0.0)
        if headed[0] is not None:
            return headed
        if many and fold in self.mentions.chained and best and -FADED_MANY < best[0][0] < 0:
            sure = next((each for _, each in best if each.plural and each.able), None)
            if sure is not None:
                return sure, CLEAR  # nobody else is many
        if best and -FADED < best[0][0] < 0 and self._left(number, best, gender):
            return best[0][1], CLEAR  # nobody else is there
        if not best or best[0][0] < 0:
            if last is None or last.person is None or not self._heard(number, last, gender, many):
                return None, 0.0
            return last, CLEAR
        margin = best[0][0] - best[1][0] if len(best) > 1 else 2.0
        if barred > best[0][0] and margin < SURE:
            return None, 0.0  # who was likelier than all of them is not meant
        person = best[0][1].person
        told = gender in (Gender.HE, Gender.SHE) and not many and margin > SURE
        if told and person is not None and person.given and person.gender is Gender.UNKNOWN:
            person.gender = gender  # "Robin Kern kam zu spät. Sie sagte, …"
        return best[0][1], margin

    def _left(self, number: int, found: list[tuple[float, Mention]], gender: Gender) -> bool:
        """Say whether the likeliest is the only person, and of the gender of "he" or "she"."""
        first = found[0][1]
        if any(not each.able and each.gender is gender for each in self._read.get(number - 1, ())):
            return False  # "Der Film hat ein Anliegen. Er will …"
        same = first.gender is gender and gender in (Gender.HE, Gender.SHE)
        return first.human and same and not any(other.human for _, other in found[1:])

    def _heard(self, number: int, last: Mention, gender: Gender, many: bool | None) -> bool:
        """Say whether a pronoun may mean who spoke last, though their name is far: what they say stands between."""
        blocks = self.page.blocks
        here, there = (blocks[self.page.lines[each].block].id.split(".")[0] for each in (number, last.line))
        assert last.person is not None
        near = number - last.line <= 2 * BACK and here == there
        return near and not many and last.person.gender.fits(gender)

    def _behind(self, line: Line, found: Phrase) -> frozenset[Person]:
        """Return whom the clause of a pronoun and the next one name behind it: a subject means nobody of them.

        "Er sagte, Falk habe gewonnen" is no word of Falk's.  "Als er kam, sagte Falk, …" may be one.
        """
        parts = clauses(line, self.known)
        own = next((i for i, part in enumerate(parts) if found.start in part.items), None)
        if own is None or parts[own].kind is not ClauseKind.MAIN:
            return frozenset()
        cast, near = self.mentions.cast, (at for part in parts[own : own + 2] for at in part.items)
        named = (cast.named(line, at) for at in near if at >= found.end and line.capitals[at])
        return frozenset(person for person in named if person is not None)

    def _titled(self, number: int, gender: Gender) -> tuple[Mention | None, float]:
        """Return the one person whom the headings right in front of a paragraph name, if nobody else was named."""
        found: dict[Person, Mention] = {}
        if gender not in (Gender.HE, Gender.SHE):
            return None, 0.0
        for back in range(number - 1, max(-1, number - BACK), -1):
            line = self.page.lines[back]
            if self.page.blocks[line.block].kind in HEADINGS:
                if not self.mentions.chained.isdisjoint(line.folds):
                    return None, 0.0  # "Wie er zum Film kam"
                for mention in self.mentions.of(back)[0]:
                    if mention.person is not None and mention.human and mention.person.gender.fits(gender):
                        found.setdefault(mention.person, mention)
        return (next(iter(found.values())), CLEAR) if len(found) == 1 else (None, 0.0)

    def _alone(self, line: Line) -> bool:
        """Say whether somebody speaks of themselves between the marks of a line: "«Ich freue mich», sagte sie"."""
        text, known = self.page.article.plain, self.known
        quoted = (pair.whole.of(text) for pair in line.pairs if pair is not None)
        return any(not known.single_person.isdisjoint(MARKED.findall(words.casefold())) for words in quoted)

    def _above(self, line: Line, at: int) -> range:
        """Return the code points of the subordinate clause on which the clause of an item hangs, if there is one."""
        parts = clauses(line, self.known)
        own = next((i for i, part in enumerate(parts) if at in part.items), 0)
        if not own or parts[own].kind is ClauseKind.MAIN or parts[own - 1].kind is ClauseKind.MAIN:
            return range(0)
        items = parts[own - 1].items
        return range(line.starts[items[0]], line.ends[items[-1]])

    def _beside(self, line: Line, at: int, plural: bool | None) -> bool | None:
        """Return whether the finite verb beside "sie" is plural: "Sie hat nichts zu sagen"."""
        for verb in (at + 1, at - 1):
            second = at == 0 and verb == 1  # the second word is the verb, whatever it looks like
            if 0 <= verb < len(line.words) and not line.capitals[verb] and (line.traits[verb] & FINITE or second):
                return plural_verb(line, verb, self.known)
        return plural

    def _others(self, line: Line) -> bool:
        """Say whether the first clause of a sentence does something to somebody: "Als ihn der Rat entliess, …"."""
        first = clauses(line, self.known)[0]
        return any(line.folds[at] in self.known.datives or line.folds[at] in self.known.objects for at in first.items)

    def _circumstance(self, line: Line, at: int) -> bool:
        """Say whether a place stands in a clause of time or reason told as a fact: "Als der Rat tagte, sagte er, …"."""
        first = clauses(line, self.known)[0]
        inside = line.starts[first.start] <= at < line.ends[first.end - 1]
        if not inside or first.kind is not ClauseKind.SUBORDINATE or line.folds[first.start] not in self.circumstances:
            return False
        return not any(line.traits[each] & MOOD for each in first.items)

    def form(self, fold: str, plural: bool | None) -> tuple[Gender, bool | None]:
        """Return gender and number of a pronoun; None where its form does not tell."""
        known = self.known
        if fold in known.it:
            return Gender.IT, False
        if fold in known.plural_pronouns:
            return Gender.UNKNOWN, True
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
                own = fold in self.known.possessive and mention.at < at  # "Kern sieht nach seinen Worten keine Gefahr"
                if back < number or own or self._apart(number, mention.at, at):
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
        for each in range(self._first(number), number + 1):  # in reading order: who "he" is depends on who he was
            if each not in self._read:
                self._read[each], self._subjects[each] = self.mentions.of(each)
            if each < number and each in self._subjects:
                self._read[each] += tuple(self._again(each, self._subjects.pop(each)))

    def _first(self, number: int) -> int:
        """Return the first sentence on which it hangs whom a pronoun means: :data:`BACK` in front, and of theirs."""
        first = number - BACK
        for each in range(number - 1, max(0, number - CHAIN) - 1, -1):
            if each < first:
                break
            if each not in self._read and not self.mentions.chained.isdisjoint(self.page.lines[each].folds):
                first = each - BACK
        return max(0, number - CHAIN, first)

    def _again(self, number: int, subjects: Iterable[Doer]) -> Iterator[Mention]:
        """Yield whom the pronouns of a sentence mean that are subjects."""
        line = self.page.lines[number]
        for who, weight, plural in subjects:
            best, margin = self._meant.get((number, who.start)), CLEAR
            if best is None:
                best, margin = self._called(number, who) or self._likeliest(number, who, plural, None)
            if best is not None and margin >= CLEAR:
                yield replace(best, line=number, at=line.starts[who.start], weight=weight)

"""Pronouns: what was on the scene before them, and who of it they mean.

The subject of the sentence before is the likeliest, then who spoke last, then whoever else was named (after Grosz,
Joshi and Weinstein, "Centering", Computational Linguistics 21(2), 1995); gender and number must fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsbridge.article import BlockKind
from newsbridge.quotes.cast import Cast
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.mentions import Doer, Mention, Mentions
from newsbridge.quotes.offices import Offices
from newsbridge.quotes.people import Gender
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.words import Words

BACK = 5  # sentences
CLEAR = 0.1  # a pronoun that two could claim stays a pronoun
SPOKE = 0.5
SENTENCE = 0.9  # taken off for every sentence between
PARAGRAPH = 0.4
KNOWN = 0.2  # its gender is certain
PERSON = 0.8  # a pronoun that speaks is a person's, as a rule
ROLE = 0.5  # the same, for somebody without a name
HEADINGS = frozenset({BlockKind.HEADING, BlockKind.KICKER, BlockKind.HEADLINE})
CLAUSE_ENDS = frozenset(",;:–")


class Scene:
    """What the sentences of an article name, read only where a pronoun asks."""

    def __init__(self, cast: Cast, offices: Offices, known: Words, lexicon: Lexicon) -> None:
        self.page, self.known = cast.page, known
        self.mentions = Mentions(cast, offices, known, lexicon)
        self._read: dict[int, tuple[Mention, ...]] = {}
        self._subjects: dict[int, tuple[Doer, ...]] = {}  # pronouns

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
                self._read[each], self._subjects[each] = self.mentions.of(each)
            if each < number and each in self._subjects:
                self._read[each] += tuple(self._again(each, self._subjects.pop(each)))

    def _again(self, number: int, subjects: Iterable[Doer]) -> Iterator[Mention]:
        """Yield whom the pronouns of a sentence mean that are subjects."""
        line = self.page.lines[number]
        for who, weight, plural in subjects:
            best, margin = self._likeliest(number, who, plural, None)
            if best is not None and margin >= CLEAR:
                yield replace(best, line=number, at=line.starts[who.start], weight=weight)

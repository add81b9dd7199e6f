"""Noun phrases: from „der Leiter des Programms, Klaus Stöhr,“ to the last word that belongs to the mention.

German writes nouns with a capital letter, so a phrase is found by its shape: determiner, adjectives in small letters,
nouns and names, then what hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from newsbridge.languages import Language
from newsbridge.quotes.lines import QUOTE, Line

MAX_ADJECTIVES = 8
ENDINGS = ("e", "en", "er", "es", "em")


@dataclass(frozen=True, eq=False)
class Words:
    """A language's table ``[speakers]``, every word casefolded."""

    nominative: frozenset[str]
    oblique: frozenset[str]
    genitive: frozenset[str]
    pronouns: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    either: frozenset[str]
    first_person: frozenset[str]
    joins_noun: frozenset[str]
    joins_name: frozenset[str]
    of: frozenset[str]
    and_: frozenset[str]
    prepositions: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    relative: frozenset[str]
    subordinating: frozenset[str]
    times: frozenset[str]
    functions: tuple[str, ...]
    men: frozenset[str]
    women: frozenset[str]
    bodies: tuple[str, ...]
    works: tuple[str, ...]
    called: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    modals: frozenset[str]
    openers: frozenset[str]
    it: frozenset[str]
    starters: frozenset[str]  # small inside a sentence; with a capital letter they begin one

    @cached_property
    def given(self) -> frozenset[str]:
        """Every first name."""
        return self.men | self.women

    @cached_property
    def given_or_particle(self) -> frozenset[str]:
        """What a particle of a name may stand behind: "Ursula von", "von der"."""
        return self.given | self.particles

    @cached_property
    def nameless(self) -> frozenset[str]:
        """What begins no phrase without a determiner, whatever its first letter."""
        return self.times | self.prepositions | self.pronouns

    @cached_property
    def clausal(self) -> frozenset[str]:
        """What stands inside no noun phrase."""
        return self.prepositions | self.subordinating

    @cached_property
    def placeless(self) -> frozenset[str]:
        """What is no adjective in front of a noun without a determiner."""
        return self.prepositions | self.pronouns

    @cached_property
    def determiners(self) -> frozenset[str]:
        """Every word that may begin a phrase."""
        return self.nominative | self.oblique | self.genitive

    def function(self, word: str) -> bool:
        """Say whether a noun says what somebody is: "Präsident", "Justizministerin", "Sprechers"."""
        return _ends(word, self.functions)

    def body(self, word: str) -> bool:
        """Say whether a noun is a body that speaks: "Kantonspolizei"."""
        return word.endswith(self.bodies)

    def woman(self, word: str) -> bool:
        """Say whether a noun means a woman by its form: "Justizministerin"."""
        low = word.casefold()
        return (low.endswith("in") and _ends(low, self.functions)) or low == "frau"


@cache
def _tails(functions: tuple[str, ...]) -> tuple[str, ...]:
    more = (each + ending for each in functions for ending in ("", "in", "s", "n", "en", "innen"))
    roots = (each[:-1] + "in" for each in functions if each.endswith("e"))
    return tuple({*more, *roots})


def _ends(word: str, functions: tuple[str, ...]) -> bool:
    return word.casefold().endswith(_tails(functions))


@cache
def words(language: Language) -> Words:
    """Compile a language's tables ``[speakers]`` and ``[marked]``.

    Raises:
        NewsbridgeError: if the language has none.
    """
    table, marked = language.table("speakers"), language.table("marked")

    def fold(items: Iterable[str]) -> frozenset[str]:
        return frozenset(" ".join(items).casefold().split())

    sets = {
        name: fold(table[name])
        for name in (
            "nominative", "oblique", "genitive", "pronouns", "male", "female", "either", "first_person", "joins_noun",
            "joins_name", "of", "prepositions", "particles", "titles", "relative", "subordinating", "times", "men",
            "women", "auxiliaries", "passive", "modals", "openers", "it",
        )
    }  # fmt: skip
    return Words(
        **sets,
        and_=fold(table["and"]),
        functions=tuple(sorted(fold(table["functions"]))),
        bodies=tuple(sorted(fold(table["bodies"]))),
        works=tuple(sorted(fold(marked["works"]))),
        called=fold(marked["called"]),
        starters=fold(language.table("sentences")["starters"]),
    )


@dataclass(frozen=True, slots=True)
class Phrase:
    """The items ``[start, end)`` of a line that name somebody or something; ``head`` is its main noun."""

    start: int
    end: int
    head: int
    case: str  # nominative, oblique, or any where nothing tells
    pronoun: bool = False

    @property
    def subject(self) -> bool:
        """Whether it may be the subject."""
        return self.case != "oblique"


def phrase(line: Line, at: int, known: Words, *, apposition: bool = True) -> Phrase | None:
    """Read the noun phrase or pronoun that begins at an item.

    Args:
        line: The sentence.
        at: Index of the first item.
        known: The language's words.
        apposition: Whether ", der armenische Präsident Nikol Paschinjan" behind it belongs to it.

    Returns:
        The phrase with its genitives, prepositional attributes and apposition, or None.
    """
    if at >= len(line):
        return None
    fold = line.folds[at]
    core = _core(line, at, known)
    if core is None:
        if fold in known.pronouns and not line.words[at].isdigit():
            return Phrase(at, at + 1, at, "nominative", pronoun=True)
        return None
    head, end = core
    case = "any"
    if fold in known.nominative:
        case = "nominative"
    elif fold in known.oblique:
        case = "oblique"
    end = _attributes(line, end, head, known)
    if end < len(line) - 1 and line.folds[end] in known.and_:
        more = _core(line, end + 1, known)
        if more is not None and line.folds[end + 1] not in known.oblique - known.nominative:
            end = _attributes(line, more[1], more[0], known)
    if apposition:
        end = _apposition(line, end, known)
    return Phrase(at, end, head, case)


def _core(line: Line, at: int, known: Words) -> tuple[int, int] | None:
    """Read determiner, adjectives, nouns and names; return the head and the end, or None."""
    index = at
    determined = line.folds[index] in known.determiners
    if determined:
        index += 1
    limit = min(len(line), index + MAX_ADJECTIVES)
    while index < limit and not _nominal(line, index, known):
        word = line.words[index]
        if word.isdigit() or word == ".":
            if word == "." and not line.words[index - 1].isdigit():
                return None
        elif not (word[0].islower() and (word.endswith(ENDINGS) or (determined and word.isalpha()))):
            return None
        elif not determined and (index > at or line.folds[index] in known.placeless):
            return None
        elif line.folds[index] in known.clausal:
            return None
        index += 1
    if index >= limit or not _nominal(line, index, known):
        return None
    if not determined and line.folds[index] in known.nameless:
        return None
    end = _names(line, index, known)
    head = end - 1
    while head > index and line.pairs[head] is not None:
        head -= 1
    return head, end


def _nominal(line: Line, index: int, known: Words) -> bool:
    """Say whether an item is a noun or name: a capital letter that is not there because a sentence begins."""
    if not line.capital(index):
        return False
    begins = index == 0 or not line.words[index - 1][0].isalnum()
    return not (begins and line.folds[index] in known.starters)


def _names(line: Line, index: int, known: Words) -> int:
    """Return the end of a run of nouns and names: "Bundesrätin Anna von der Weid", "Dr. J. Kühn"."""
    end = index + 1
    while end < len(line):
        word, fold = line.words[end], line.folds[end]
        if line.capital(end):
            if fold in known.pronouns or fold in known.determiners:
                break
            end += 1
        elif line.pairs[end] is not None and _short(line, end):
            end += 1
        elif word == "." and (len(line.words[end - 1]) == 1 or line.folds[end - 1] in known.titles):
            end += 1
        elif fold in known.particles and end > index and _particle(line, index, end, known):
            end += 1
        elif word.isdigit() and len(word) < 3 and end + 1 < len(line) and line.words[end + 1] not in ".,":
            break
        else:
            break
    return end


def _particle(line: Line, index: int, end: int, known: Words) -> bool:
    """Say whether "von" goes on with a name: behind a first name, before "der" or a capital letter."""
    if line.folds[end - 1] not in known.given_or_particle:
        return False
    following = end + 1
    while following < len(line) and line.folds[following] in known.particles:
        following += 1
    return following < len(line) and line.capital(following)


def _short(line: Line, index: int) -> bool:
    """Say whether a pair of marks may be a name inside a phrase: «Computerwoche»."""
    pair = line.pairs[index]
    return pair is not None and len(pair.whole) <= 32


def _attributes(line: Line, end: int, head: int, known: Words) -> int:
    """Return where the genitives and prepositional attributes behind a noun end."""
    named = line.folds[end - 1] in known.given or end - head > 1
    for _ in range(4):
        if end >= len(line):
            break
        fold = line.folds[end]
        if line.words[end] == "(":
            closing = next((i for i in range(end, min(len(line), end + 8)) if line.words[i] == ")"), None)
            if closing is None:
                break
            end = closing + 1
            continue
        if fold in known.genitive:
            more = _core(line, end, known)
        elif fold in (known.joins_name if named else known.joins_noun) and end + 1 < len(line):
            if line.folds[end + 1] in known.times:
                break
            more = _core(line, end + 1, known)
            if more is not None and (
                any(line.folds[i] in known.times for i in range(end + 1, more[1])) or line.folds[end + 1] in known.times
            ):
                break
        else:
            break
        if more is None:
            break
        end = more[1]
    return end


def _apposition(line: Line, end: int, known: Words) -> int:
    """Return the end with ", der armenische Präsident Nikol Paschinjan", if such a thing stands there."""
    if end + 1 >= len(line) or line.words[end] != ",":
        return end
    if line.folds[end + 1] in known.oblique:
        return end
    core = _core(line, end + 1, known)
    if core is None:
        return end
    stop = _attributes(line, core[1], core[0], known)
    if stop == len(line) or line.words[stop] in ",.:!?;–" or line.words[stop] == QUOTE:
        return stop
    return end

"""Noun phrases: from „der Leiter des Programms, Klaus Stöhr,“ to the last word that belongs to the mention.

German writes nouns with a capital letter, so a phrase is found by its shape: determiner, adjectives in small letters,
nouns and names, then what hangs on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from newsbridge.languages import Language
from newsbridge.quotes.cues import lexicon
from newsbridge.quotes.lines import QUOTE, Line

MAX_ADJECTIVES = 8
PARTICIPLES = ("ende", "enden", "ender", "endes", "te", "ten", "ter", "ene", "enen", "ener", "enes", "ete", "eten")
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
    naming: frozenset[str]
    valuing: frozenset[str]
    turning: tuple[tuple[str, str], ...]
    nobody: frozenset[str]
    listing: frozenset[str]
    speaking: frozenset[str]
    foreign: frozenset[str]
    relative_nouns: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    modals: frozenset[str]
    openers: frozenset[str]
    it: frozenset[str]
    comparing: frozenset[str]
    asking: frozenset[str]
    infinitive: frozenset[str]
    copula: frozenset[str]
    states: frozenset[str]
    plural: frozenset[str]
    never_adjectives: frozenset[str]
    singular: frozenset[str]
    several: frozenset[str]
    jobs: tuple[str, ...]
    women_end: tuple[str, ...]
    masculine: frozenset[str]
    alone: frozenset[str]
    pointing: frozenset[str]
    indefinite: frozenset[str]
    possessive: frozenset[str]
    by: frozenset[str]
    places: frozenset[str]
    degree: frozenset[str]
    carried_by: frozenset[str]
    media: tuple[str, ...]
    feminine: tuple[str, ...]
    abstract: tuple[str, ...]
    sayings: frozenset[str]  # finite forms of verbs of saying
    starters: frozenset[str]  # small inside a sentence; with a capital letter they begin one
    mood: frozenset[str]

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
    def clausal_openers(self) -> frozenset[str]:
        """What begins a clause of its own."""
        return self.subordinating | self.relative | self.asking | self.infinitive

    @cached_property
    def placeless(self) -> frozenset[str]:
        """What is no adjective in front of a noun without a determiner."""
        return self.prepositions | self.pronouns

    @cached_property
    def determiners(self) -> frozenset[str]:
        """Every word that may begin a phrase."""
        return self.nominative | self.oblique | self.genitive

    @cached_property
    def finite(self) -> frozenset[str]:
        """Verb forms that are finite whatever stands around them."""
        return self.auxiliaries | self.passive | self.modals | self.copula | self.mood

    @cached_property
    def roles(self) -> frozenset[str]:
        """The functions themselves, no compound."""
        return frozenset(self.functions)

    @cached_property
    def organs(self) -> frozenset[str]:
        """The bodies themselves, no compound."""
        return frozenset(self.bodies)

    @cached_property
    def joining(self) -> frozenset[str]:
        """Small words of a title: "Der Einsatz der Bahn und die Folgen für Dresden"."""
        return self.determiners | self.prepositions | self.and_

    @cached_property
    def clear(self) -> frozenset[str]:
        """Verb forms that are finite for certain: those, and the finite forms of verbs of saying."""
        return self.finite | self.sayings

    @cached_property
    def small(self) -> frozenset[str]:
        """Words that are no lexical verb, however they end."""
        return (
            self.starters | self.clausal | self.determiners | self.pronouns | self.relative | self.times
        ) - self.finite

    def function(self, word: str) -> bool:
        """Say whether a noun says what somebody is: "Präsident", "Justizministerin", "Sprechers"."""
        return _function(word, self.functions)

    def body(self, word: str) -> bool:
        """Say whether a casefolded noun is a body that speaks: "kantonspolizei"."""
        return word.endswith(self.bodies) or word.removesuffix("s").removesuffix("e").endswith(self.bodies)

    def person(self, line: Line, at: int) -> bool:
        """Say whether an item names somebody who can speak: by name, function, or as a body."""
        fold, word = line.folds[at], line.words[at]
        if fold in line.names or fold.split("-")[0] in self.given or self.function(word) or self.body(fold):
            return True
        return sum(map(str.isupper, word)) > 1 and word.isalpha() and at > 0

    def job(self, word: str) -> bool:
        """Say whether a noun may say what somebody does: a function, or a noun with the ending of one ("Geologin")."""
        return self.function(word) or (len(word) > 3 and word.casefold().endswith(self.jobs))

    def particle(self, line: Line, start: int, at: int) -> bool:
        """Say whether an item goes on with the name begun at ``start``: "Chiara de Santis", "Ursula von der Leyen"."""
        fold = line.folds[at]
        if fold not in self.particles or at + 1 >= len(line):
            return False
        before = line.folds[at - 1]
        following = at + 1
        while following < len(line) and line.folds[following] in self.particles:
            following += 1
        if following >= len(line) or not line.capitals[following]:
            return False
        if before in self.given_or_particle or before.split("-")[0] in self.given:
            return True
        foreign = fold not in self.determiners and fold not in self.prepositions
        return (foreign or (fold in self.of and line.folds[at + 1] in self.determiners)) and at - start >= 2

    def woman(self, word: str) -> bool:
        """Say whether a noun means a woman by its form: "Justizministerin"."""
        low = word.casefold()
        return (low.endswith("in") and self.job(low)) or low.endswith(self.women_end)


@cache
def _tails(functions: tuple[str, ...]) -> tuple[str, ...]:
    more = (each + ending for each in functions for ending in ("", "in", "s", "n", "en", "innen"))
    roots = (each[:-1] + "in" for each in functions if each.endswith("e"))
    return tuple({*more, *roots})


@lru_cache(maxsize=1 << 16)
def _function(word: str, functions: tuple[str, ...]) -> bool:
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
            "nominative", "oblique", "genitive", "pronouns", "male", "female", "either", "first_person",
            "joins_noun", "joins_name", "of", "prepositions", "particles", "titles", "relative", "subordinating",
            "times", "men", "women", "auxiliaries", "passive", "modals", "openers", "it", "comparing", "asking",
            "infinitive", "copula", "plural", "singular", "masculine", "alone", "pointing", "indefinite",
            "possessive", "by", "places", "states", "never_adjectives", "several", "relative_nouns",
        )
    }  # fmt: skip
    return Words(
        **sets,
        and_=fold(table["and"]),
        functions=tuple(sorted(fold(table["functions"]))),
        bodies=tuple(sorted(fold(table["bodies"]))),
        works=tuple(sorted(fold(marked["works"]))),
        called=fold(marked["called"]),
        naming=fold(marked["naming"]),
        valuing=fold(marked["valuing"]),
        turning=tuple((klass, word) for klass, word in marked["turning"]),
        nobody=fold(marked["nobody"]),
        listing=fold(marked["listing"]),
        speaking=fold(marked["speaking"]),
        foreign=fold(marked["foreign"]),
        jobs=tuple(table["jobs"]),
        women_end=tuple(table["women_end"]),
        degree=fold(table["degree"]),
        carried_by=fold(table["carried_by"]),
        media=tuple(table["media"]),
        feminine=tuple(table["feminine"]),
        abstract=tuple(table["abstract"]),
        sayings=lexicon(language).finite,
        starters=fold(language.table("sentences")["starters"]),
        mood=fold(language.table("mood")["strong"]) | fold(language.table("mood")["weak"]),
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
    key = 2 * at + apposition
    if key not in line.phrases:
        line.phrases[key] = _phrase(line, at, known, apposition=apposition)
    found: Phrase | None = line.phrases[key]
    return found


def _phrase(line: Line, at: int, known: Words, *, apposition: bool) -> Phrase | None:
    fold = line.folds[at]
    if line.pairs[at] is not None:
        return Phrase(at, at + 1, at, "any") if at in line.named else None
    core = _core(line, at, known)
    if core is None:
        if (fold in known.pronouns or fold in known.several) and not line.words[at].isdigit():
            if at + 1 < len(line) and line.folds[at + 1] in known.genitive:
                among = _core(line, at + 1, known)  # "eine der Forscherinnen"
                if among is not None:
                    return Phrase(at, among[1], among[0], "nominative")
            if fold in known.pronouns:
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
        elif not determined and (
            index > at or line.folds[index] in known.placeless or line.folds[index] in known.sayings
        ):
            return None
        elif line.folds[index] in known.clausal or line.folds[index] in known.never_adjectives:
            inner = _participial(line, index, known) if determined else None
            if inner is None:
                return None
            index = inner
            break
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


def _participial(line: Line, at: int, known: Words) -> int | None:
    """Return the noun of "die in New York geborene Lopez": behind a participle that closes a long attribute."""
    for index in range(at + 1, min(len(line) - 1, at + MAX_ADJECTIVES)):
        word = line.words[index]
        if word in ",:;.–()" or line.folds[index] in known.finite:
            return None
        if word[0].islower() and word.endswith(PARTICIPLES) and line.capitals[index + 1]:
            return index + 1
    return None


def _nominal(line: Line, index: int, known: Words) -> bool:
    """Say whether an item is a noun or name: a capital letter that is not there because a sentence begins."""
    if index in line.named:
        return index > 0 and line.folds[index - 1] in known.determiners
    if not line.capitals[index]:
        return False
    begins = index == 0 or not line.words[index - 1][0].isalnum()
    return not (begins and line.folds[index] in known.starters)


def _names(line: Line, index: int, known: Words) -> int:
    """Return the end of a run of nouns and names: "Bundesrätin Anna von der Weid", "Dr. J. Kühn"."""
    end = index + 1
    while end < len(line):
        word, fold = line.words[end], line.folds[end]
        if line.capitals[end]:
            if fold in known.pronouns or fold in known.determiners:
                break
            if end - 1 in line.named:
                break  # "zitiert die «Landpost» Minister Kühn"
            if known.body(line.folds[end - 1]) and fold in line.names and line.folds[end - 1] not in known.given:
                break  # "warf die Staatsanwaltschaft Ertel vor"
            end += 1
        elif line.pairs[end] is not None and end in line.named:
            end += 1
        elif word == "." and (len(line.words[end - 1]) == 1 or line.folds[end - 1] in known.titles):
            end += 1
        elif end > index and known.particle(line, index, end):
            end += 1
        elif word.isdigit() and len(word) < 3 and end + 1 < len(line) and line.words[end + 1] not in ".,":
            break
        else:
            break
    return end


def _attributes(line: Line, end: int, head: int, known: Words) -> int:
    """Return where the genitives and prepositional attributes behind a noun end."""
    last = line.folds[end - 1]
    run = end - 2 >= 0 and line.capitals[end - 2] and line.capitals[end - 1] and line.folds[end - 2] not in known.small
    named = last in known.given or last in line.names or (run and last not in known.roles and last not in known.organs)
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
        if fold in known.genitive and not (named and fold == "der"):
            more = _core(line, end, known)
        elif fold in (known.joins_name if named else known.joins_noun) and end + 1 < len(line):
            last = line.folds[end - 1]
            if not named and fold not in known.joins_name and not (known.function(last) or known.body(last)):
                break
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

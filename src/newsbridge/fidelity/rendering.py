"""Whether English words are a rendering of German ones: marks may only stand round what somebody said.

Not where the grammatical person changed ("ich" became "he", or "we"), one of the negations went missing, or fewer than
80 % of the content words have a counterpart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from newsbridge.alignment import WORDS, Alignment, look
from newsbridge.languages import Language

ENOUGH = 0.8  # part of the content words that must have a counterpart
FAINT = 0.1  # the weight that makes a counterpart of a word that is nobody's first choice


@dataclass(frozen=True, eq=False)
class Grammar:
    """What two languages have for person and negation, casefolded; ``not_`` may also be an ending or a prefix."""

    small: frozenset[str]  # of the source: no content words
    first: tuple[frozenset[str], frozenset[str]]  # I, we; in both languages
    single: tuple[frozenset[str], frozenset[str]]  # of these, those that mean one person
    third: tuple[frozenset[str], frozenset[str]]  # he; he, she, it, they
    negative: tuple[frozenset[str], frozenset[str]]
    no_denial: tuple[tuple[str, ...], ...]  # of the source: what behind a negation says that nothing is denied
    prefixes: tuple[str, ...]  # of the target: "un", "non"; a word that begins so may carry the negation
    adjectives: tuple[tuple[str, ...], tuple[str, ...]]  # beginnings and endings that do so together: "im…ible"
    others: tuple[str, ...]  # but not if it begins so: "under", "nevertheless"
    endings: tuple[str, ...]  # of the target: "n't", "less"
    lacking: tuple[str, ...]  # of the target: words that say the same without a negation: "refuse", "fail", "lack"


@cache
def grammar(source: Language, target: Language) -> Grammar:
    """Compile the tables ``[fidelity]`` of two languages."""
    ours, theirs = source.table("fidelity"), target.table("fidelity")

    def both(name: str) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(ours[name].split()), frozenset(theirs[name].split())

    return Grammar(
        frozenset(source.table("summary")["stopwords"].split()),
        both("first_person"),
        both("first_person_single"),
        both("third_person"),
        both("negative"),
        tuple(tuple(phrase.split()) for phrase in ours["no_denial"]),
        tuple(theirs["negative_prefixes"].split()),
        (tuple(theirs["negative_adjectives"][0].split()), tuple(theirs["negative_adjectives"][1].split())),
        tuple(theirs["not_negative"].split()),
        tuple(theirs["negative_endings"].split()),
        tuple(theirs["lacking"].split()),
    )


def refusal(
    alignment: Alignment, texts: tuple[str, str], inside: Sequence[int], run: tuple[int, int], known: Grammar
) -> str | None:
    """Say why a run of target words is no rendering of the source words inside a pair of marks.

    Args:
        alignment: Of the two texts.
        texts: Source and target.
        inside: Indices of the source words inside the pair.
        run: The target words ``[first, last)``.
        known: Of the two languages.

    Returns:
        A reason for an editor, None if it is one.
    """
    ours = [look(alignment.source[at].of(texts[0])) for at in inside]
    theirs = [word_of(alignment.target[at].of(texts[1])) for at in range(*run)]
    if _person_changed(ours, theirs, known):
        return "the person changed"
    if len(denials(ours, known)) > sum(_negative(word, known) for word in theirs):
        return "a negation is missing"
    places: dict[str, list[int]] = {}  # of each content word: said twice ("von Tag zu Tag"), one counterpart will do
    for at, word in zip(inside, ours, strict=True):
        if word and word not in known.small:
            places.setdefault(word, []).append(at)
    content = list(places.values()) or [[at] for at in inside]
    found = sum(_answered(alignment, each, run) for each in content)
    if found < ENOUGH * len(content):
        return f"only {found} of {len(content)} content words have a counterpart"
    return None


def _answered(alignment: Alignment, sources: Sequence[int], run: tuple[int, int]) -> bool:
    columns = alignment.weights[run[0] : run[1], sources]
    return bool(columns.size) and float(columns.max()) >= FAINT


@lru_cache(maxsize=WORDS)
def word_of(word: str) -> str:
    """Return a target word in small letters, with the apostrophe of "don't"."""
    return "".join(each for each in word.casefold().replace("’", "'") if each.isalnum() or each == "'").strip("'")


def _person_changed(ours: Sequence[str], theirs: Sequence[str], known: Grammar) -> bool:
    """Say whether "I" became "he" or "we", or "he" became "I"."""
    if not _has(ours, known.first[0]):
        third = _has(ours, known.third[0]) and not _has(theirs, known.third[1])
        return third and _has(theirs, known.first[1])
    if not _has(theirs, known.first[1]):
        return True
    numbers = [
        (_has(words, first - single), _has(words, single))
        for words, first, single in zip((ours, theirs), known.first, known.single, strict=True)
    ]
    return sorted(numbers) == [(False, True), (True, False)]


def denials(words: Sequence[str], known: Grammar) -> list[int]:
    """Return where words of the source deny something: not the one of "nicht nur" or "nicht zuletzt"."""
    return [
        at
        for at, word in enumerate(words)
        if word in known.negative[0]
        and not any(tuple(words[at + 1 : at + 1 + len(phrase)]) == phrase for phrase in known.no_denial)
    ]


def _has(words: Iterable[str], known: frozenset[str]) -> bool:
    return any(word in known or word.split("'")[0] in known for word in words)


def negated(words: Iterable[str], known: Grammar) -> bool:
    """Say whether one of the target words carries a negation."""
    return any(_negative(word, known) for word in words)


@lru_cache(maxsize=WORDS)
def _negative(word: str, known: Grammar) -> bool:
    beginnings, endings = known.adjectives
    looks = (
        word.startswith(known.prefixes)
        or (word.startswith(beginnings) and word.endswith(endings))
        or (word.endswith(known.endings) and word != "less")
    )
    return (
        word in known.negative[1]
        or word.removesuffix("'s") in known.negative[1]
        or (looks and not word.startswith(known.others))
        or word.startswith(known.lacking)
    )

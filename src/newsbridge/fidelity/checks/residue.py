"""German that was left over: a sentence that came back as it was, or words of it inside an English one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.checks.names import WORD
from newsbridge.fidelity.pairs import Pair
from newsbridge.languages import Language
from newsbridge.spans import Span

LEFT_OVER = 0.8  # part of the words of the source that stand in the target as they are, small ones among them
TELLING = 5  # words a sentence must have to say so
TITLE = 5  # words in marks that may be a name or title in the source's language


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for a sentence, or words of it, that came back in the source's language."""
    ours, there = WORD.findall(pair.text), set(WORD.findall(pair.target))
    left = sum(word in there for word in ours)
    if len(ours) >= TELLING and left >= LEFT_OVER * len(ours) and any(word in there for word in _small(pair, ours)):
        message = f"The sentence came back in {pair.source_language.name}."
        yield pair.finding(FindingKind.RESIDUE_SOURCE, Severity.WARNING, message)
        return
    span = _left(pair)
    if span is not None:
        message = f"Left in {pair.source_language.name}: {span.of(pair.target)}."
        yield pair.finding(FindingKind.RESIDUE_SOURCE, Severity.WARNING, message, target=span)


def _small(pair: Pair, ours: list[str]) -> list[str]:
    """Return the small words of the source that no English has."""
    english = _english(pair.target_language)
    return [word for word in ours if word.islower() and len(word) > 2 and word not in english]


@cache
def _english(language: Language) -> frozenset[str]:
    table = language.table("fidelity")
    return frozenset((*table["function"].split(), *table["lookalikes"].split()))


def _left(pair: Pair) -> Span | None:
    """Return the first word of the target that is a German one of the source; titles in marks may hold such."""
    ours = set(_small(pair, WORD.findall(pair.text)))
    if not ours:
        return None
    known, endings = _telling(pair.source_language)
    titles = [span for span in pair.found if len(span.of(pair.target).split()) <= TITLE]
    for match in WORD.finditer(pair.target):
        word = match.group()
        if word not in ours:
            continue
        span = Span(*match.span())
        german = word in known or any(letter in "äöüß" for letter in word) or (len(word) > 4 and word.endswith(endings))
        if german and not any(title.holds(span) for title in titles):
            return span
    return None


@cache
def _telling(language: Language) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return words of a language that no other has, and endings of such words."""
    return (
        frozenset(language.table("summary")["stopwords"].split()),
        tuple(language.table("fidelity")["endings"].split()),
    )

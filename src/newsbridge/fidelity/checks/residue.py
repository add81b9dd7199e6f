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
NAME = 7  # words in a row that came over as they are, small ones among them, and may be a name
SHARED = ("ate", "ist")  # endings of English words too: "private", "artist"
ELSEWHERE = frozenset("àâçéèêëîïôùûñóíáãõ")  # letters of names that are of neither language
FEW = 2  # words in marks that may always stay
STEM = 4  # letters that tell a word, whatever its ending
TITLE = 5  # words in marks that may be a name or title in the source's language


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for a sentence, or words of it, that came back in the source's language."""
    ours, there = WORD.findall(pair.text), set(WORD.findall(pair.target))
    left = sum(word in there for word in ours)
    small = _small(pair, ours)
    if (
        len(ours) >= TELLING
        and left >= LEFT_OVER * len(ours)
        and any(word in there and _telling(pair, word) for word in small)
    ):
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
    """Return the first word of the target that is a German one of the source; names and titles may hold such."""
    source = set(WORD.findall(pair.text))
    ours = set(_small(pair, list(source)))
    if not ours:
        return None
    titles = [span for span in pair.found if _title(pair, WORD.findall(span.of(pair.target)))]
    matches = list(WORD.finditer(pair.target))
    words = [match.group() for match in matches]
    for at, match in enumerate(matches):
        span = Span(*match.span())
        if match.group() not in ours or not _telling(pair, match.group()) or any(title.holds(span) for title in titles):
            continue
        if not _named(words, at, source, pair):
            return span
    return None


def _title(pair: Pair, words: list[str]) -> bool:
    """Say whether words in marks may stay as they are: one or two, or a short title of the source."""
    if len(words) <= FEW:
        return True
    titles = (span for span in pair.wanted if pair.titled(span) or _unstopped(span.of(pair.text)))
    stems = [{word[:STEM] for word in WORD.findall(span.of(pair.text))} for span in titles]
    return len(words) <= TITLE and any({word[:STEM] for word in words} <= each for each in stems)


def _unstopped(marked: str) -> bool:
    """Say whether what stands in marks begins with a capital letter or figure and has no stop, as titles do."""
    return (marked[1:2].isupper() or marked[1:2].isdigit()) and marked[-2:-1] not in tuple(".!?,")


def _named(words: list[str], at: int, source: set[str], pair: Pair) -> bool:
    """Say whether a small word stands in a name: "Karl von der Au", "Sturm und Drang", "L'Auberge des Lacs"."""
    first = last = at
    while first > 0 and words[first - 1] in source:
        first -= 1
    while last + 1 < len(words) and words[last + 1] in source:
        last += 1
    if any(letter in ELSEWHERE for word in words[first : last + 1] for letter in word):
        return True
    known = pair.source_language.table("fidelity")["in_names"].split()
    small = all(word[0].isupper() or word in known for word in words[first : last + 1])
    return small and last - first < NAME and words[last][0].isupper()


def _telling(pair: Pair, word: str) -> bool:
    """Say whether a word is German beyond doubt: a small word, one with an umlaut, or by its ending."""
    known, endings = _german(pair.source_language)
    return (
        word in known
        or any(letter in "äöüß" for letter in word)
        or (len(word) > 4 and word.endswith(endings) and not word.endswith(SHARED))
    )


@cache
def _german(language: Language) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return words of a language that no other has, and endings of such words."""
    return (
        frozenset(language.table("summary")["stopwords"].split()),
        tuple(language.table("fidelity")["endings"].split()),
    )

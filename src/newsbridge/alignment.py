"""Which target words face which source words.

The weights come from an engine's own cross-attention, or from the embedded model reading a pair that came from
elsewhere; where neither is to be had, from what the words look like and where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from newsbridge.engines import Hypothesis
from newsbridge.engines.attention import Attention
from newsbridge.spans import Span

if TYPE_CHECKING:
    import numpy

    Weights = numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float64]]

WORD = re.compile(r"\S+")
INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff\u00ad]")
MARKS = '"„“”‟«»‹›‚‘〝〞＂'
UNMARKED = dict.fromkeys(map(ord, MARKS))
WORDS = 50_000  # that are kept in mind
PIECE = "▁"  # begins a word in the pieces of a tokenizer
LINKED = 0.2  # the smallest weight that makes a link of two words
CLOSE = 0.4  # the width of the diagonal on which words are expected that look like nothing else
ALIKE = 0.5  # the part of the longer of two words that must begin both, for them to be taken for one


@runtime_checkable
class Aligner(Protocol):
    """An engine that can align a given pair; it need not have translated it."""

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Hypothesis]:
        """Return one hypothesis per pair of source and target, in order, with tokens and attention."""
        ...


@dataclass(frozen=True, eq=False)
class Alignment:
    """The words of a pair, and how much each target word owes to each source word.

    ``source`` and ``target`` are spans of whitespace-separated words in the two texts, marks and all; ``weights`` has
    shape (target words, source words), values from 0 to 1, rows that sum to at most 1.
    """

    source: tuple[Span, ...]
    target: tuple[Span, ...]
    weights: Weights

    @cached_property
    def best(self) -> tuple[int | None, ...]:
        """For each target word the source word it faces, None where it faces none."""
        if not self.source:
            return (None,) * len(self.target)
        best = self.weights.argmax(axis=1)
        return tuple(int(s) if self.weights[t, s] >= LINKED else None for t, s in enumerate(best))

    @cached_property
    def facing(self) -> tuple[tuple[int, ...], ...]:
        """For each source word the target words that face it, in order."""
        found: list[list[int]] = [[] for _ in self.source]
        for target, source in enumerate(self.best):
            if source is not None:
                found[source].append(target)
        return tuple(map(tuple, found))


def words(text: str) -> tuple[Span, ...]:
    """Return the whitespace-separated words of a text; one of nothing but marks or invisible signs is none.

    Example:
        >>> [span.of("«Ja», sagte er .") for span in words("«Ja», sagte er .")]
        ['«Ja»,', 'sagte', 'er', '.']
    """
    return tuple(Span(*match.span()) for match in WORD.finditer(text) if _bare(match.group()))


def _shown(text: str) -> str:
    """Return a text as aligners see it: its words without marks."""
    return " ".join(filter(None, map(_bare, text.split())))


def _key(text: str) -> str:
    return _shown(text).replace("’", "'")


@lru_cache(maxsize=WORDS)
def _bare(word: str) -> str:
    return INVISIBLE.sub("", word).translate(UNMARKED)


def standard(translator: object, source: str, target: str) -> Aligner | None:
    """Return what aligns a pair of languages: the translator itself if it can, otherwise the embedded model.

    Returns:
        None if neither can; ``source`` and ``target`` are BCP 47 tags.
    """
    if callable(getattr(translator, "align", None)):  # not isinstance: an engine may stand behind another
        return cast(Aligner, translator)
    return _embedded(source.split("-")[0], target.split("-")[0])


class Recalling:
    """An aligner that takes the attention that came with the translations, and asks another for what else is aligned.

    Args:
        answers: What an engine was asked, and the hypotheses it answered.
        aligner: Who is asked for pairs of other words; those of one hypothesis in other marks are the same.
    """

    def __init__(self, answers: Iterable[tuple[str, Sequence[Hypothesis]]], aligner: Aligner) -> None:
        self._aligner = aligner
        self._known: dict[str, list[tuple[str, Hypothesis]]] = {}  # by source; most are never asked for
        for source, hypotheses in answers:
            given = [(source, each) for each in hypotheses if each.attention is not None]
            self._known.setdefault(_key(source), []).extend(given)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Hypothesis]:
        """Return one hypothesis per pair, in order; see :class:`Aligner`."""
        answers = [self._recalled(*pair) for pair in pairs]
        missing = [number for number, answer in enumerate(answers) if answer is None]
        asked = iter(self._aligner.align([pairs[number] for number in missing]) if missing else ())
        return [answer or next(asked) for answer in answers]

    def _recalled(self, source: str, target: str) -> Hypothesis | None:
        wanted = _key(target)
        known = next((each for each in self._known.get(_key(source), ()) if _key(each[1].text) == wanted), None)
        if known is None:
            return None
        if _fits(known[1], len(source.split()), len(target.split())):
            return replace(known[1], text=target)
        found = from_hypothesis(*known)  # a word of nothing but marks is not shown
        if found is None:
            return None
        ours, theirs = (tuple(PIECE + word for word in text.split()) for text in (source, target))
        return Hypothesis(target, 0.0, ours, theirs, Attention.of(found.weights))


@cache
def _embedded(source: str, target: str) -> Aligner | None:
    from newsbridge.engines.embedded import build

    engine = build(beam=1, n_best=1)
    return engine if engine.languages == (source, target) else None


def align(pairs: Sequence[tuple[str, str]], aligner: Aligner | None) -> list[Alignment]:
    """Align pairs of texts.

    Args:
        pairs: Source and target; marks may stand in them, they are not shown to the aligner.
        aligner: An engine that can; None to go by looks and position.

    Returns:
        One alignment per pair, in order.

    Raises:
        EngineError: if the aligner fails.
    """
    spans = [(words(source), words(target)) for source, target in pairs]
    answers: Sequence[Hypothesis | None] = [None] * len(pairs)
    if aligner is not None:
        answers = aligner.align([(_shown(source), _shown(target)) for source, target in pairs])
    return [_alignment(pair, both, answer) for pair, both, answer in zip(pairs, spans, answers, strict=True)]


def from_hypothesis(source: str, hypothesis: Hypothesis) -> Alignment | None:
    """Read the attention an engine gave with its translation of ``source``.

    Returns:
        None if it gave none, or its pieces are not those of the two texts.
    """
    if hypothesis.attention is None:
        return None
    weights = _by_words(hypothesis, len(source.split()), len(hypothesis.text.split()))
    if weights is None:
        return None
    every = [tuple(Span(*match.span()) for match in WORD.finditer(text)) for text in (source, hypothesis.text)]
    kept = [
        [i for i, span in enumerate(spans) if _bare(span.of(text))]
        for spans, text in zip(every, (source, hypothesis.text), strict=True)
    ]
    both = tuple(tuple(spans[i] for i in keep) for spans, keep in zip(every, kept, strict=True))
    return _sharpened((source, hypothesis.text), (both[0], both[1]), weights[kept[1]][:, kept[0]])


def _alignment(
    pair: tuple[str, str], spans: tuple[tuple[Span, ...], tuple[Span, ...]], answer: Hypothesis | None
) -> Alignment:
    weights = _by_words(answer, len(spans[0]), len(spans[1])) if answer is not None else None
    if weights is None:
        return lexical(pair, spans)
    return _sharpened(pair, spans, weights)


def _by_words(hypothesis: Hypothesis, sources: int, targets: int) -> Weights | None:
    """Sum the attention over the pieces of each source word, and take the mean over those of each target word."""
    import numpy

    if not _fits(hypothesis, sources, targets):
        return None
    columns, rows = _starts(hypothesis.source_tokens), _starts(hypothesis.target_tokens)
    attention = numpy.asarray(hypothesis.attention, dtype=float)
    sums = numpy.add.reduceat(numpy.add.reduceat(attention, rows, axis=0), columns, axis=1)
    means: Weights = sums / numpy.diff([*rows, len(attention)])[:, None]
    return means


def _fits(hypothesis: Hypothesis, sources: int, targets: int) -> bool:
    """Say whether there is attention, and its pieces make up so many words on either side."""
    if hypothesis.attention is None or not (sources and targets):
        return False
    if hypothesis.attention.shape != (len(hypothesis.target_tokens), len(hypothesis.source_tokens)):
        return False
    return len(_starts(hypothesis.source_tokens)) == sources and len(_starts(hypothesis.target_tokens)) == targets


def _starts(tokens: Sequence[str]) -> list[int]:
    """Return the pieces that begin a word; the first one does."""
    return [at for at, token in enumerate(tokens) if not at or token.startswith(PIECE)]


def _sharpened(pair: tuple[str, str], spans: tuple[tuple[Span, ...], tuple[Span, ...]], weights: Weights) -> Alignment:
    """Give a figure or name that stands unchanged on both sides, once on each, to itself."""
    sides = [[look(span.of(text)) for span in each] for text, each in zip(pair, spans, strict=True)]
    for target, word in enumerate(sides[1]):
        if (word.isdigit() or len(word) > 3) and sides[0].count(word) == 1 and sides[1].count(word) == 1:
            weights[target] = 0
            weights[target, sides[0].index(word)] = 1
    return Alignment(spans[0], spans[1], weights)


def lexical(pair: tuple[str, str], spans: tuple[tuple[Span, ...], tuple[Span, ...]] | None = None) -> Alignment:
    """Align two texts by what their words look like, and by where they stand where that tells nothing.

    It is what is left without a model, and what a model's attention must beat: see ``benchmarks/alignment.py``.
    """
    import numpy

    source, target = spans or (words(pair[0]), words(pair[1]))
    ours, theirs = [look(each.of(pair[0])) for each in source], [look(each.of(pair[1])) for each in target]
    weights = numpy.zeros((len(target), len(source)))
    for t, word in enumerate(theirs):
        for s, other in enumerate(ours):
            apart = abs((s + 0.5) / len(source) - (t + 0.5) / len(target))
            weights[t, s] = 2 * _alike(word, other) + max(0.0, 1 - apart / CLOSE)
    return Alignment(source, target, weights / numpy.maximum(1, weights.sum(axis=1, keepdims=True)))


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 4:
        return 0.0
    differs = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    same = differs / max(len(one), len(other))
    return same if same >= ALIKE else 0.0


@lru_cache(maxsize=WORDS)
def look(word: str) -> str:
    """Return a word in small letters, without marks, stops and hyphens."""
    return "".join(character for character in word.casefold() if character.isalnum())

"""Where the marks of the source belong in a target text: which run of target words renders the words in a pair.

A run is scored by a linear model over what the word alignment says of it (how much of it faces the words inside, and
how much the words outside), how long it is, and whether it begins and ends where a phrase does.  Its weights were
fitted by ``benchmarks/fit_placing.py`` on 6,058 marked passages in the outputs of three engines, by conditional
logistic regression over the runs of each; ``benchmarks/marks.py`` measures them on sentences of our own, and
``benchmarks/outputs.py`` on outputs they were not fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from newsbridge.alignment import Alignment, look
from newsbridge.languages import Language

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float64]]

# Fitted: see the order of the features in features().
START = (
    0.06, 3.4, -0.64, 0.29, -0.31, -1.21,
    -1.02, 0.3, 0.66, 0.25, 0.16, 1.8, -0.58, -1.13, -0.23, -1.16, -0.58, -2.59, -3.96, 0.42, 0.64, -0.62, 0.41,
    -0.73, -0.01, -1.56, 0.44, -0.16,
)  # fmt: skip
END = (0.06, 3.4, -0.64, 0.29, -0.31, -1.21, -0.07, -1.76, 2.45, 0.31, -2.5, -3.77, 0.48, 0.53, 0.74, 4.44)
BOTH = (-1.37, -2.31, 0.09)
FAINT = 0.15  # the weight on quoted content words below which a small word says nothing of them


@dataclass(frozen=True)
class Small:
    """The small words of two languages that say where a phrase begins and ends, casefolded."""

    source: frozenset[str]  # of the source: no content words
    source_articles: frozenset[str]
    function: frozenset[str]  # of the target: with what no phrase ends
    articles: frozenset[str]
    auxiliaries: frozenset[str]
    prepositions: frozenset[str]
    announcing: frozenset[str]  # behind them a quotation may begin: "that"
    reporting: frozenset[str]  # that somebody says so: hardly ever part of a quotation that has none
    source_prepositions: frozenset[str]
    source_auxiliaries: frozenset[str]


@cache
def small(source: Language, target: Language) -> Small:
    """Compile the small words of two languages."""
    ours, theirs = source.table("fidelity"), target.table("fidelity")
    sets = {
        name: frozenset(theirs[name].split())
        for name in ("function", "articles", "auxiliaries", "prepositions", "announcing")
    }
    stop = source.table("summary")["stopwords"].split()
    reporting, prepositions = target.table("summary")["reporting"].split(), ours["prepositions"].split()
    return Small(
        frozenset(stop),
        frozenset(ours["articles"].split()),
        reporting=frozenset(reporting),
        source_prepositions=frozenset(prepositions),
        source_auxiliaries=frozenset(ours["auxiliaries"].split()),
        **sets,
    )


def place(alignment: Alignment, texts: tuple[str, str], inside: Sequence[bool], known: Small) -> tuple[int, int] | None:
    """Find the run of target words that renders the source words inside a pair of marks.

    Args:
        alignment: Of source and target, both without marks.
        texts: The two.
        inside: For each source word whether it stands in the pair.
        known: The small words of both languages.

    Returns:
        The first target word and the one behind the last; None where there are no words, or none faces the inside.
    """
    import numpy

    if not alignment.weights.size or not any(inside):
        return None
    start, end, both = features(alignment, texts, inside, known)
    scores = (start @ numpy.array(START))[:, None] + (end @ numpy.array(END))[None, :] + both @ numpy.array(BOTH)
    scores[numpy.tril_indices(len(scores), -1)] = -numpy.inf
    first, last = numpy.unravel_index(int(scores.argmax()), scores.shape)
    facing = alignment.weights[first : last + 1][:, numpy.array(inside)]
    return (int(first), int(last) + 1) if facing.max() > 0.1 else None


def features(
    alignment: Alignment, texts: tuple[str, str], inside: Sequence[bool], known: Small
) -> tuple[Array, Array, Array]:
    """Describe every run of target words from word ``a`` to word ``b``, both included.

    Returns:
        What depends on ``a`` alone (words, features), on ``b`` alone (words, features), and on both (words, words,
        features); the model adds the three.
    """
    import numpy

    weights = alignment.weights
    source, target = (
        [span.of(text) for span in each] for text, each in zip(texts, (alignment.source, alignment.target), strict=True)
    )
    ours, theirs = [look(word) for word in source], [look(word) for word in target]
    within = numpy.array(inside, dtype=float)
    indices = numpy.flatnonzero(within)
    first, last = int(indices[0]), int(indices[-1])
    count = len(target)

    gain = weights @ (2 * within - 1)
    within_, without = weights @ within, weights @ (1 - within)
    verbal = any(in_ and word in known.source_auxiliaries for word, in_ in zip(ours, inside, strict=True))
    total = weights.sum(axis=0)
    shares = weights / numpy.maximum(total, 1e-6) * (total > 0.15)
    content = numpy.array([bool(word) and word not in known.source for word in ours], dtype=float)
    content_ = weights @ (content * within)
    covered = (shares * (content * within)).sum(axis=1) / max(1.0, (content * within).sum())
    spilt = (shares * (content * (1 - within))).sum(axis=1)
    heavy, foreign = (gain > 0.3).astype(float), (gain < -0.5).astype(float)
    framing = numpy.array([word in known.reporting for word in theirs], dtype=float) * (gain < 0)
    shared = [
        False,
        *(one is not None and one == other and bool(within[one]) for one, other in pairwise(alignment.best)),
    ]  # with the word before it, it renders one quoted word: a compound

    before, behind = ["", *theirs[:-1]], [*theirs[1:], ""]
    stops = [word[-1] in ",.;:!?" for word in target]
    comma = source[last][-1:] in tuple(",.!?;:")
    article = ours[first] in known.source_articles
    after_article = first > 0 and ours[first - 1] in known.source_articles

    def run(values: Array, by_end: bool) -> Array:
        sums = numpy.cumsum(values)
        return sums if by_end else values - sums  # sum from a to b is sums[b] + (values - sums)[a]

    series = (gain, covered, spilt, heavy, foreign, framing)
    starts = [
        *(run(values, False) for values in series),
        [(at == 0) != (first == 0) for at in range(count)],
        [word in known.articles for word in before],
        [word in known.auxiliaries for word in before],
        [word in ("to", "not") for word in before],
        [word in known.prepositions for word in before],
        [at == 0 or stops[at - 1] or before[at] in known.announcing for at in range(count)],
        [(word in known.articles) != article for word in theirs],
        [(word in known.articles) != after_article for word in before],
        [word in known.auxiliaries for word in theirs],
        [(word == "that") != (ours[first] in ("dass", "daß")) for word in theirs],
        within_,
        [0.0, *within_[:-1]],
        without,
        [0.0, *without[:-1]],
        shared,
        [(word in known.prepositions) and ours[first] not in known.source_prepositions for word in theirs],
        [word in known.reporting for word in before],
        [verbal and word in known.auxiliaries for word in theirs],
        [verbal and word in known.auxiliaries for word in before],
        [word in known.function and ours[first] not in known.source for word in theirs],
        [word in known.function and content_[at] < FAINT for at, word in enumerate(theirs)],
        [not word.isalnum() for word in theirs],
    ]
    ends = [
        *(run(values, True) for values in series),
        [(at == count - 1) != (last == len(source) - 1) for at in range(count)],
        [word in known.function for word in theirs],
        [(at == count - 1 or stops[at]) == comma for at in range(count)],
        within_,
        [*within_[1:], 0.0],
        without,
        [*without[1:], 0.0],
        [word in known.function for word in behind],
        [word in known.reporting for word in behind],
        [stop and not comma for stop in stops],
    ]
    letters = numpy.cumsum([len(word) + 1 for word in target]).astype(float)
    long = letters[None, :] - letters[:, None] + numpy.array([len(word) + 1 for word in target])[:, None]
    wide = numpy.arange(count)[None, :] - numpy.arange(count)[:, None] + 1.0
    part = sum(len(word) + 1 for word, in_ in zip(source, inside, strict=True) if in_) / sum(
        len(word) + 1 for word in source
    )
    pairs = [
        numpy.abs(numpy.log(numpy.maximum(wide, 0.5) / count * len(source) / len(indices))),
        numpy.abs(numpy.log(numpy.maximum(long, 0.5) / letters[-1] / part)),
        wide == 1,
    ]
    return (
        numpy.array(starts, dtype=float).T,
        numpy.array(ends, dtype=float).T,
        numpy.stack([each.astype(float) for each in pairs], axis=-1),
    )

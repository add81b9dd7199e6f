"""Where the marks of the source belong in a target text: which run of target words renders the words in a pair.

A run is scored by a linear model over what the word alignment says of it (how much of it faces the words inside, and
how much the words outside), how long it is, and whether it begins and ends where a phrase does.  Its weights were
fitted by ``benchmarks/fit_placing.py`` on 6,087 marked passages in the outputs of three engines, by conditional
logistic regression over the runs of each; ``benchmarks/marks.py`` measures them on sentences of our own, and
``benchmarks/outputs.py`` on outputs they were not fitted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    0.3, 3.8, -0.72, 0.07, -0.37, -0.63, -0.77, -0.81, -0.15, 0.41, 0.43, 0.04, 1.61, -0.65, -0.91, 0.29, -1.05, 0.21,
    -3.08, -3.45, 0.52, -0.34, -0.41, 0.24, -0.24, -0.36, -1.47, 0.25, -0.07, -1.52, 1.62, 0.38, 1.02, 0.72, -0.03,
    -1.33, 1.06, 0.4,
)  # fmt: skip
END = (
    0.3, 3.8, -0.72, 0.07, -0.37, -0.63, -0.77, 0.55, -2.26, 1.99, 0.84, -3.46, -3.32, 0.5, 0.49, 0.27, 3.5, -1.06,
    -0.72, -0.59, -0.66, -1.31, 1.27, 1.9, -0.66,
)  # fmt: skip
BOTH = (-0.73, -2.67, 0.19)
ENDS = ",.;:!?)…"
STOPS = "([–-'‘“"
FRAME = 5  # words
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
    linking: frozenset[str]  # conjunctions and the like: with what hardly a phrase ends
    relative: frozenset[str]
    first: frozenset[str]  # I, we: written with a capital, some of them, and no title
    objects: frozenset[str]  # pronouns that belong to the verb before them
    infinitive: tuple[frozenset[str], frozenset[str]]  # "um"; "to"; in both languages
    conjunction: tuple[frozenset[str], frozenset[str]]  # "dass"; "that"
    fixed: frozenset[tuple[str, ...]]  # phrases that no mark cuts: "of course"


@cache
def small(source: Language, target: Language) -> Small:
    """Compile the small words of two languages."""
    ours, theirs = source.table("fidelity"), target.table("fidelity")

    def one(name: str) -> frozenset[str]:
        return frozenset(theirs[name].split())

    def both(name: str) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(ours[name].split()), one(name)

    return Small(
        source=frozenset(source.table("summary")["stopwords"].split()),
        source_articles=frozenset(ours["articles"].split()),
        function=one("function"),
        articles=one("articles"),
        auxiliaries=one("auxiliaries"),
        prepositions=one("prepositions"),
        announcing=one("announcing"),
        reporting=frozenset(target.table("summary")["reporting"].split()),
        source_prepositions=frozenset(ours["prepositions"].split()),
        source_auxiliaries=frozenset(ours["auxiliaries"].split()),
        linking=one("linking"),
        relative=one("relative"),
        first=frozenset("".join(filter(str.isalnum, word)) for word in one("first_person")),
        objects=one("objects"),
        infinitive=both("infinitive"),
        conjunction=both("conjunction"),
        fixed=frozenset(tuple(phrase.split()) for phrase in theirs["fixed"]),
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
    cut = _cut(theirs, known.fixed)
    capital = [word.strip(STOPS)[:1].isupper() for word in target]
    title = source[first].strip(STOPS)[:1].isupper() and ours[first] not in known.source_articles
    titled = [
        title and at > 0 and capital[at] and not capital[at - 1] and theirs[at] not in known.first
        for at in range(count)
    ]  # "the film Still Waters"
    torn = [at > 1 and capital[at] and capital[at - 1] for at in range(count)]
    aids = numpy.array([word in known.auxiliaries for word in theirs], dtype=float)
    stops = [word[-1] in ENDS for word in target]
    comma = source[last][-1:] in tuple(ENDS)
    article = ours[first] in known.source_articles
    clause = article and first > 0 and source[first - 1][-1:] == ","  # "…, der aus Olten kam"
    linked = clause or ours[first] in known.conjunction[0]  # it begins with what announces it
    after_article = first > 0 and ours[first - 1] in known.source_articles

    def run(values: Array, by_end: bool) -> Array:
        sums = numpy.cumsum(values)
        return sums if by_end else values - sums  # sum from a to b is sums[b] + (values - sums)[a]

    gloss = numpy.array([word[0] == "(" for word in target], dtype=float)
    if any(word[0] == "(" for word, in_ in zip(source, inside, strict=True) if in_):
        gloss[:] = 0
    series = (gain, covered, spilt, heavy, foreign, framing, gloss)
    starts = [
        *(run(values, False) for values in series),
        [(at == 0) != (first == 0) for at in range(count)],
        [word in known.articles for word in before],
        [word in known.auxiliaries for word in before],
        [word in known.infinitive[1] or word == "not" for word in before],
        [word in known.prepositions for word in before],
        [at == 0 or stops[at - 1] or (not linked and before[at] in known.announcing) for at in range(count)],
        [(word in known.articles) != article for word in theirs],
        [(word in known.articles) != after_article for word in before],
        [word in known.auxiliaries for word in theirs],
        [(word in known.conjunction[1]) != (ours[first] in known.conjunction[0]) for word in theirs],
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
        cut,
        titled,
        torn,
        [word in known.infinitive[1] and ours[first] in known.infinitive[0] for word in theirs],
        [word in known.relative and clause for word in theirs],
        [word in known.relative and clause for word in before],
        aids * (gain > 0.1),
        [0.0, *(aids * (gain > 0.1))[:-1]],
        [word in known.linking for word in before],
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
        [*cut[1:], False],
        [*torn[1:], False],
        [word in known.linking for word in theirs],
        [word in known.objects for word in behind],
        [len(source) - last > 2 and _framed(theirs, stops, at, known) for at in range(count)],
        [at + 1 < count and target[at + 1][0] == "(" for at in range(count)],
        [word in known.function and stop for word, stop in zip(theirs, stops, strict=True)],
        [
            at + 1 < count and theirs[at + 1] in known.function and (stops[at + 1] or at + 2 == count)
            for at in range(count)
        ],
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


def _framed(words: Sequence[str], stops: Sequence[bool], at: int, known: Small) -> bool:
    """Say whether a frame ends with a word: a few words behind a stop, one of which says that somebody says so."""
    begin = next((back + 1 for back in range(at - 1, -1, -1) if stops[back]), None)
    return begin is not None and at - begin < FRAME and not known.reporting.isdisjoint(words[begin : at + 1])


def _cut(words: Sequence[str], fixed: Iterable[tuple[str, ...]]) -> list[bool]:
    """Say for each word whether a phrase that belongs together began before it and goes on with it."""
    cut = [False] * len(words)
    for phrase in fixed:
        for at in range(len(words) - len(phrase) + 1):
            if words[at] == phrase[0] and tuple(words[at : at + len(phrase)]) == phrase:
                cut[at + 1 : at + len(phrase)] = [True] * (len(phrase) - 1)
    return cut

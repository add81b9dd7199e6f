"""Batches without end, made from the prepared pairs while training runs.

A pair is cut into pieces anew every time it is seen, its source now and then in an unusual way (subword
regularisation, `Kudo 2018 <https://aclanthology.org/P18-1007>`_): a small corpus lasts longer that way. Worker
processes do it, so that a GPU need not wait.
"""

from __future__ import annotations

import lzma
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import TrainingError
from training.vocabulary import END, processor

LONGEST = 200  # pieces on either side, the end not counted
PART = 60_000  # pairs planned, sorted by length and batched together
SAMPLED = 0.4  # of the sources are cut in an unusual way
ALPHA = 0.4  # how unusual: 1 keeps to the likeliest pieces, 0 takes any
AHEAD = 2  # parts a worker process prepares in advance
Batch = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn: how often each tag is seen in an epoch, and how it is batched.

    ``tokens`` is the most a batch has on its longer side, padding included. ``reverse`` swaps the languages.
    ``sampled`` is the share of sources cut in an unusual way.
    """

    shares: Mapping[str, float]
    tokens: int
    seed: int = 1
    reverse: bool = False
    sampled: float = SAMPLED


@dataclass
class Corpus:
    """The pairs of a data folder, as one text; ``rows`` gives the lines of each tag."""

    data: Path
    text: bytes
    starts: NDArray[np.int64]
    rows: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    def pair(self, line: int) -> tuple[str, str]:
        """Return German and English of a line."""
        _, source, target = self.text[self.starts[line] : self.starts[line + 1] - 1].decode().split("\t")
        return source, target

    @cached_property
    def pieces(self) -> Any:
        """The SentencePiece model of the folder."""
        return processor(self.data)

    def parts(self, shares: Mapping[str, float]) -> int:
        """Return in how many parts an epoch is planned.

        Raises:
            TrainingError: if no tag of the corpus has a share.
        """
        size = sum(len(rows) * shares.get(tag, 0.0) for tag, rows in self.rows.items())
        if not size:
            raise TrainingError(
                f"the phase uses no tag of the corpus, which has {', '.join(self.rows)}", "give them shares"
            )
        return max(1, round(size / PART))


def load(data: Path) -> Corpus:
    """Read all pairs of a data folder: ``pairs*.tsv``, plain or ``.xz``.

    Raises:
        TrainingError: if there are none, or a line has not three columns.
    """
    paths = sorted([*data.glob("pairs*.tsv"), *data.glob("pairs*.tsv.xz")])
    if not paths:
        raise TrainingError(f"there are no pairs in {data}", f"run python -m training prepare … -o {data} first")
    text = b""
    for path in paths:
        try:
            read = path.read_bytes()
            text += lzma.decompress(read) if path.suffix == ".xz" else read
        except (OSError, lzma.LZMAError) as error:
            raise TrainingError(f"cannot read {path}: {error}", "prepare the corpora again") from None
    lines = text.split(b"\n")[:-1]
    tags: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if line.count(b"\t") != 2:
            raise TrainingError(f"line {number + 1} of the pairs in {data} is damaged", "prepare the corpora again")
        tags.setdefault(line[: line.index(b"\t")].decode(), []).append(number)
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])
    return Corpus(data, text, starts, {tag: np.array(rows) for tag, rows in sorted(tags.items())})


def part(corpus: Corpus, plan: Plan, number: int) -> list[Batch]:
    """Plan, cut into pieces and batch a part of an epoch.

    Args:
        corpus: The pairs.
        plan: What is drawn.
        number: Of the part, counted on from epoch to epoch; the same number gives the same pairs,
            cut anew in every process.

    Returns:
        Batches in the order in which they are learnt from: sources ``(batch, source_length)`` and targets
        ``(batch, target_length)``, piece numbers, padded with 0.
    """
    import sentencepiece

    rng = np.random.default_rng([plan.seed, number])
    sentencepiece.set_random_generator_seed(int(rng.integers(2**31)))
    pairs = [corpus.pair(line) for line in _draw(corpus, plan.shares, rng)]
    sources, targets = ([pair[side] for pair in pairs] for side in ((1, 0) if plan.reverse else (0, 1)))
    unusual = rng.random(len(pairs)) < plan.sampled
    plain = iter(corpus.pieces.encode([s for s, odd in zip(sources, unusual, strict=True) if not odd], num_threads=1))
    odd = iter(
        corpus.pieces.encode(
            [s for s, odd in zip(sources, unusual, strict=True) if odd],
            enable_sampling=True,
            alpha=ALPHA,
            nbest_size=-1,
            num_threads=1,
        )
    )
    encoded = [
        (source, target)
        for source, target in zip(
            (next(odd if sampled else plain) for sampled in unusual),
            corpus.pieces.encode(targets, num_threads=1),
            strict=True,
        )
        if 0 < len(source) <= LONGEST and 0 < len(target) <= LONGEST
    ]
    batches = list(_batched(encoded, plan.tokens))
    return [batches[at] for at in rng.permutation(len(batches))]


def _draw(corpus: Corpus, shares: Mapping[str, float], rng: np.random.Generator) -> NDArray[np.int64]:
    count, drawn = corpus.parts(shares), [np.empty(0, np.int64)]
    for tag, rows in corpus.rows.items():
        share = len(rows) * shares.get(tag, 0.0) / count
        wanted = int(share) + int(rng.random() < share % 1)
        while wanted > 0:
            drawn.append(rng.permutation(rows)[:wanted])
            wanted -= len(rows)
    return rng.permutation(np.concatenate(drawn))


def _batched(encoded: list[tuple[list[int], list[int]]], tokens: int) -> Iterator[Batch]:
    lengths = np.array([(len(source) + 1, len(target) + 1) for source, target in encoded]).reshape(-1, 2)
    longest = lengths.max(axis=1, initial=0)
    order = np.lexsort((lengths[:, 0], longest))
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * longest[order[end]] > tokens:
            rows = [encoded[row] for row in order[start:end]]
            yield padded([source for source, _ in rows]), padded([target for _, target in rows])
            start = end


def padded(rows: list[list[int]]) -> NDArray[np.int32]:
    """Return a block of piece numbers, each row with its end, padded with 0."""
    block = np.zeros((len(rows), max(map(len, rows)) + 1), np.int32)
    for at, row in enumerate(rows):
        block[at, : len(row)] = row
        block[at, len(row)] = END
    return block


class Stream:
    """Parts one after the other, prepared by worker processes, or here if there are none.

    Use it in a ``with``. The workers read the pairs themselves: forked ones could inherit a lock that nobody opens.
    """

    def __init__(self, corpus: Corpus, processes: int = 0) -> None:
        """Start the workers."""
        self._corpus, self._ahead = corpus, AHEAD * processes
        self._plan, self._next = Plan({}, 0), 0
        self._waiting: deque[Any] = deque()
        self._pool = None
        if processes:
            fresh = multiprocessing.get_context("spawn")
            self._pool = fresh.Pool(processes, initializer=_remember, initargs=(corpus.data,))

    def turn(self, plan: Plan, first: int) -> None:
        """Go to part ``first`` of a plan.

        Raises:
            TrainingError: if no tag of the corpus has a share in it.
        """
        self._corpus.parts(plan.shares)
        self._plan, self._next = plan, first
        self._waiting.clear()

    def __iter__(self) -> Iterator[tuple[int, list[Batch]]]:
        """Yield number and batches of each part, without end; a part without a batch is passed over."""
        while True:
            if self._pool is None:
                number, batches = self._next, part(self._corpus, self._plan, self._next)
                self._next += 1
            else:
                while len(self._waiting) <= self._ahead:
                    self._waiting.append((self._next, self._pool.apply_async(_part, (self._plan, self._next))))
                    self._next += 1
                number, answer = self._waiting.popleft()
                batches = answer.get()
            if batches:
                yield number, batches

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()


_REMEMBERED: list[Corpus] = []  # of a worker process


def _remember(data: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the trainer says when to stop
    _REMEMBERED[:] = [load(data)]


def _part(plan: Plan, number: int) -> list[Batch]:
    return part(_REMEMBERED[0], plan, number)

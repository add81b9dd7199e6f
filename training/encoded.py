"""The corpus as numbers: small enough to carry to another machine, fast enough to feed a GPU."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import TrainingError
from training.prepare import pairs_of
from training.vocabulary import END, processor

FOLDER = "encoded"
LONGEST = 200  # pieces on either side, the end not counted
CHUNK = 40_000  # pairs sorted by length together
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Pairs as piece numbers, one side after the other.

    ``source_starts`` and ``target_starts`` have one entry more than there are pairs; pair ``i`` is
    ``source[source_starts[i]:source_starts[i + 1]]``. ``rows`` gives the pairs of each tag, half-open.
    """

    source: NDArray[np.uint16]
    target: NDArray[np.uint16]
    source_starts: Numbers
    target_starts: Numbers
    rows: Mapping[str, tuple[int, int]]

    def lengths(self, pairs: Numbers) -> tuple[Numbers, Numbers]:
        """Return the source and target lengths of pairs, in pieces with the end."""
        return (
            self.source_starts[pairs + 1] - self.source_starts[pairs],
            self.target_starts[pairs + 1] - self.target_starts[pairs],
        )

    def padded(self, pairs: Numbers) -> tuple[Numbers, Numbers]:
        """Return the sides of a batch, ``(batch, source_length)`` and ``(batch, target_length)``, padded with 0."""
        sides = []
        for numbers, starts in ((self.source, self.source_starts), (self.target, self.target_starts)):
            lengths = starts[pairs + 1] - starts[pairs]
            block = np.zeros((len(pairs), int(lengths.max())), np.int64)
            for row, (start, length) in enumerate(zip(starts[pairs], lengths, strict=True)):
                block[row, :length] = numbers[start : start + length]
            sides.append(block)
        return sides[0], sides[1]


def encode(data: Path, *, limit: float | None = None) -> list[str]:
    """Encode the prepared pairs of a data folder, one file per tag.

    Args:
        data: As written by prepare and vocabulary.
        limit: The most the files may take together, in MiB; None for no limit.

    Returns:
        One line per tag.

    Raises:
        TrainingError: if the files take more; they are left there.
    """
    pieces, lines, size = processor(data), [], 0
    (data / FOLDER).mkdir(exist_ok=True)
    for old in (data / FOLDER).glob("*.npz"):
        old.unlink()
    for tag, group in groupby(sorted(pairs_of(data), key=lambda pair: pair.tag), key=lambda pair: pair.tag):
        pairs = list(group)
        sources = pieces.encode([pair.source for pair in pairs])
        targets = pieces.encode([pair.target for pair in pairs])
        kept = [
            (source, target)
            for source, target in zip(sources, targets, strict=True)
            if 0 < len(source) <= LONGEST and 0 < len(target) <= LONGEST
        ]
        if not kept:
            continue
        columns: dict[str, NDArray[np.generic]] = {}
        for name, side in (("source", [s for s, _ in kept]), ("target", [t for _, t in kept])):
            columns[name] = np.concatenate([np.array([*numbers, END], np.uint16) for numbers in side])
            columns[f"{name}_lengths"] = np.array([len(numbers) + 1 for numbers in side], np.uint8)
        path = data / FOLDER / f"{tag}.npz"
        np.savez_compressed(path, **columns)  # type: ignore[arg-type]
        size += path.stat().st_size
        lines.append(f"{tag:20} {len(kept):>9,} pairs {len(columns['target']) / 1e6:8.2f} M target pieces")
    lines.append(f"{data / FOLDER}: {size / 2**20:.1f} MiB")
    if limit is not None and size > limit * 2**20:
        raise TrainingError(
            f"the encoded corpus takes {size / 2**20:.1f} MiB, more than {limit:g}",
            f"delete files of {data / FOLDER} that the phase hardly uses, or prepare from fewer corpora",
        )
    return lines


def load(data: Path) -> Encoded:
    """Load an encoded corpus.

    Raises:
        TrainingError: if there is none, or a file is damaged.
    """
    paths = sorted((data / FOLDER).glob("*.npz"))
    if not paths:
        raise TrainingError(f"there is no encoded corpus in {data / FOLDER}", f"run python -m training encode {data}")
    parts: dict[str, list[NDArray[np.generic]]] = {}
    rows, at = {}, 0
    for path in paths:
        try:
            with np.load(path) as file:
                count = len(file["source_lengths"])
                for name in ("source", "target", "source_lengths", "target_lengths"):
                    parts.setdefault(name, []).append(file[name])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise TrainingError(f"{path} is damaged: {error}", f"run python -m training encode {data} again") from None
        rows[path.stem] = (at, at + count)
        at += count
    starts = [
        np.concatenate([[0], np.cumsum(np.concatenate(parts[f"{side}_lengths"]).astype(np.int64))])
        for side in ("source", "target")
    ]
    return Encoded(
        np.concatenate(parts["source"]).astype(np.uint16, copy=False),
        np.concatenate(parts["target"]).astype(np.uint16, copy=False),
        starts[0],
        starts[1],
        rows,
    )


def epoch(
    encoded: Encoded, shares: Mapping[str, float], tokens: int, rng: np.random.Generator, *, part: float = 0.25
) -> list[Numbers]:
    """Plan a part of an epoch: draw the pairs of every tag by its share, and batch pairs of like length.

    Args:
        encoded: The corpus.
        shares: How often a pair of each tag is seen in a whole epoch.
        tokens: The most a batch may have on its longer side, padding included.
        rng: Decides; the same state plans the same batches.
        part: How much of the epoch.

    Returns:
        Batches in the order in which they are learnt from, as pair numbers.

    Raises:
        TrainingError: if no tag of the corpus has a share.
    """
    drawn: list[Numbers] = []
    for tag, (first, last) in encoded.rows.items():
        wanted = round((last - first) * shares.get(tag, 0.0) * part)
        while wanted > 0:
            drawn.append(first + rng.permutation(last - first)[:wanted])
            wanted -= last - first
    if not drawn:
        raise TrainingError(
            f"the phase uses no tag of the corpus, which has {', '.join(encoded.rows)}", "give them shares"
        )
    pairs = rng.permutation(np.concatenate(drawn))
    batches = [
        batch for at in range(0, len(pairs), CHUNK) for batch in _by_length(encoded, pairs[at : at + CHUNK], tokens)
    ]
    return [batches[at] for at in rng.permutation(len(batches))]


def _by_length(encoded: Encoded, pairs: Numbers, tokens: int) -> Iterator[Numbers]:
    source, target = encoded.lengths(pairs)
    longest = np.maximum(source, target)
    order = np.lexsort((source, longest))
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or (end + 1 - start) * longest[order[end]] > tokens:
            yield pairs[order[start:end]]
            start = end

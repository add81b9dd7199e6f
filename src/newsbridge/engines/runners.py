"""What runs a checkpoint: CTranslate2 (:mod:`~newsbridge.engines.ct2`) or transformers (``native``).

Both are given the same tokens and the same search, and give tokens back, so that one can stand in for the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from newsbridge.engines.attention import Attention
from newsbridge.engines.families import Prepared

RUNNERS = ("ctranslate2", "transformers")
UNSAID = ("<pad>", "<unk>")  # never part of an answer


@dataclass(frozen=True, slots=True)
class Output:
    """One hypothesis of a model.

    ``score`` is the mean log-probability per token; ``ended`` is False where the model was stopped at the limit.
    ``attention`` has one row per token and one column per source token, None where it was not asked for.
    """

    tokens: tuple[str, ...]
    score: float
    ended: bool
    attention: Attention | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """How a decoder searches; the defaults are those of both libraries."""

    beam: int = 4
    n_best: int = 1
    length_penalty: float = 1.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0
    shortest: int = 0  # tokens
    longest: int | None = None  # tokens; None is twice the source and 20 more
    positions: int = 512  # of the decoder, its start and what it was given included
    attention: bool = False
    shortlist: bool = False

    def most(self, source: int, given: int) -> int:
        """Return how many tokens an answer may have to a source of so many, behind those the decoder was given."""
        return max(1, min(self.longest or 2 * source + 20, self.positions - given - 1))


class Runner(Protocol):
    """What both can do."""

    device: str
    dtype: str
    at_once: int  # calls of decode that are of use; see newsbridge.engines.progress

    def decode(self, batch: Sequence[Prepared], search: Search, batch_tokens: int) -> list[tuple[Output, ...]]:
        """Decode in input order, best hypothesis first.

        Raises:
            EngineError: if decoding fails.
        """
        ...


def search_of(generation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a checkpoint's ``generation_config.json`` says of the search, as arguments of :class:`Search`."""
    said = {
        "length_penalty": generation.get("length_penalty"),
        "repetition_penalty": generation.get("repetition_penalty"),
        "no_repeat_ngram": generation.get("no_repeat_ngram_size"),
    }
    return {name: value for name, value in said.items() if value}


def buckets(batch: Sequence[Prepared]) -> Iterator[tuple[int, list[int]]]:
    """Group texts by length, so that the limit of an answer depends on its own text and not on its company.

    Yields:
        The most tokens a source of the group may have (16, 32, 64, …), and the indexes of those that have so many.
    """

    def ceiling(index: int) -> int:
        return max(16, 1 << (len(batch[index].source) - 1).bit_length())

    for most, members in groupby(sorted(range(len(batch)), key=lambda i: (ceiling(i), i)), key=ceiling):
        yield most, list(members)

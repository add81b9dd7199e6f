"""How central a sentence is among others, in time linear in their words however many there are."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

Vector = Mapping[str, float]

DAMPING = 0.15  # how much of a sentence's weight comes from nowhere, as in LexRank
ROUNDS = 10


def weigh(documents: Sequence[Sequence[str]]) -> list[Vector]:
    """Turn the terms of sentences into TF-IDF vectors of length 1; a sentence without terms has no entries.

    A term that stands in one sentence only counts, but ties it to no other.
    """
    spread = Counter(term for document in documents for term in set(document))
    found: list[Vector] = []
    for document in documents:
        counts = Counter(document)
        raw = {
            term: (1 + math.log(count)) * math.log(1 + len(documents) / spread[term]) for term, count in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        found.append({term: weight / length for term, weight in raw.items()} if length else {})
    return found


def cosine(one: Vector, other: Vector) -> float:
    """Return how alike two vectors of length 1 are, from 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def centrality(vectors: Sequence[Vector]) -> list[float]:
    """Return how central each sentence is, the most central one 1.

    This is continuous LexRank (Erkan and Radev 2004).  The matrix of similarities is never written down: it is the
    product of the vectors with themselves, so one round of the power iteration reads every vector twice.
    """
    if not vectors:
        return []
    spread = Counter(term for vector in vectors for term in vector)
    shared = [{term: value for term, value in vector.items() if spread[term] > 1} for vector in vectors]
    own = [sum(value * value for value in vector.values()) for vector in shared]
    degrees = _pull(shared, own, [1.0] * len(vectors))
    weights = [1.0] * len(vectors)
    for _ in range(ROUNDS):
        given = [weight / degree if degree > 1e-9 else 0.0 for weight, degree in zip(weights, degrees, strict=True)]
        weights = [DAMPING + (1 - DAMPING) * pulled for pulled in _pull(shared, own, given)]
    most = max(weights)
    return [round(weight / most, 9) for weight in weights]  # rounded: the order of equals must not hang on a last bit


def _pull(vectors: Sequence[Vector], own: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Multiply weights with the similarities of every sentence to all others; ``own`` are those to themselves."""
    pool: dict[str, float] = defaultdict(float)
    for vector, weight in zip(vectors, weights, strict=True):
        for term, value in vector.items():
            pool[term] += value * weight
    return [
        max(0.0, sum(value * pool[term] for term, value in vector.items()) - weight * itself)
        for vector, itself, weight in zip(vectors, own, weights, strict=True)
    ]


def likest(one: Vector, others: Iterable[Vector]) -> float:
    """Return how alike a vector is to the one among ``others`` it is most alike to, 0 if there are none."""
    return max((cosine(one, other) for other in others), default=0.0)

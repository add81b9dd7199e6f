"""How an engine uses the cores of a machine: batches side by side, on few threads each.

A small model gains little from a second thread at the same product, and its threads wait for each other at every one;
two batches at once on two cores take two thirds of the time.
"""

from __future__ import annotations

import math
import os

SIDE_BY_SIDE = 8  # batches at most, as each has memory of its own; more cores than that share a batch
LEAST = 192  # source tokens that are worth a batch of their own
# A larger batch is no faster on a CPU: with the embedded model 512, 1,024 and 2,048 tokens take the same time, with one
# of OPUS-MT's size 2,048 take a tenth longer; and while the last one is decoded the other cores have nothing to do.
FULL = 512


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def shared(wanted: int, device: str) -> dict[str, int]:
    """Say how CTranslate2 should use so many threads; 0 are as many as there are cores.

    Example:
        >>> shared(2, "cpu"), shared(16, "cpu"), shared(16, "cuda")
        ({'inter_threads': 2, 'intra_threads': 1}, {'inter_threads': 8, 'intra_threads': 2}, {})
    """
    if device != "cpu":
        return {}
    wanted = wanted or cores()
    beside = min(wanted, SIDE_BY_SIDE)
    return {"inter_threads": beside, "intra_threads": wanted // beside}


def batch_size(tokens: int, beside: int, most: int, device: str) -> int:
    """Return the largest batch, in tokens, so that every one of those side by side has something to do.

    Args:
        tokens: In all, padding not counted.
        beside: How many batches are decoded at the same time.
        most: Tokens of a batch, whatever the number of them.
        device: CTranslate2's name; on a GPU a batch is as large as it may be.

    Example:
        >>> [batch_size(tokens, 2, 2048, "cpu") for tokens in (500, 9000)], batch_size(9000, 1, 2048, "cuda")
        ([275, 512], 2048)
    """
    return most if device != "cpu" else min(most, FULL, max(LEAST, math.ceil(1.1 * tokens / beside)))

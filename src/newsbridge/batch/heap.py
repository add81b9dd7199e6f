"""Memory that stays flat, however long a run is."""

import contextlib
import ctypes
import sys

ARENA_MAX = -8  # M_ARENA_MAX in glibc's malloc.h


def settle(heaps: int = 1) -> None:
    """Let all threads of this process share so many heaps.

    A worker has a hundred threads of which one works at a time.  glibc would give them eight heaps per core, each of
    which keeps what was freed in it; one will do.  An engine's threads do work at the same time: its process needs a
    heap for each core, with one they wait for each other, and decoding takes a seventh longer.  Where another C
    library allocates, nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(ARENA_MAX, heaps)

"""Memory that stays flat, however long a run is."""

import contextlib
import ctypes
import sys

ARENA_MAX = -8  # M_ARENA_MAX in glibc's malloc.h


def settle() -> None:
    """Let all threads of this process share one heap.

    A worker has a hundred threads of which one works at a time.  glibc would give them eight heaps per core, each of
    which keeps what was freed in it.  An engine's threads do work at a time: with one heap they wait for each other,
    and decoding takes a seventh longer, so this is not for the process that holds it.  Where another C library
    allocates, nothing is done.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(ARENA_MAX, 1)

"""Loops: an engine that lost its thread says the same words again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsbridge.alignment import look
from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair

GLOSS = re.compile(r"\(.*?\)")  # what is said again in brackets explains what stands before it
TIMES = 3  # a phrase said so often in a row is a loop
LONGEST = 8  # words of a phrase
OFTEN = 2  # a phrase of this many words or more, said twice in a row, is one too: see AGAIN
AGAIN = 3


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding if the target repeats itself and the source does not."""
    if loops(pair.target) and not loops(pair.text):
        yield pair.finding(FindingKind.LOOP_REPEATED, Severity.ERROR, "The engine repeated itself.")


def loops(text: str) -> bool:
    """Say whether up to eight words follow themselves three times, or three words or more twice.

    Example:
        >>> loops("on and on and on and"), loops("he said that he said that it works"), loops("had had")
        (True, True, False)
    """
    words = list(map(look, GLOSS.sub("", text).split()))
    if len(set(words)) == len(words):
        return False
    for size in range(1, LONGEST + 1):
        needed = size * ((OFTEN if size >= AGAIN else TIMES) - 1)
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= needed:
                return True
    return False

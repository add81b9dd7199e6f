"""A quotation and its frame apart: what is translated by itself, and how the two become a sentence again.

Only where the grammar allows: one pair of marks that holds a sentence, the frame in front with a colon, or behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbridge.fidelity.sides import Side
from newsbridge.fidelity.style import PLAIN

BEFORE = re.compile(r'^(?P<frame>[^"]+:) "(?P<content>[^"]+)"$')
BEHIND = re.compile(r'^"(?P<content>[^"]+)" ?,? (?P<frame>[^"]+)$')
WHOLE = re.compile(r'^"(?P<content>[^"]+)"[.!?]?$')
SENTENCE = 3  # words of a quotation that may be translated by itself
FRAME = 14  # words; a longer frame says more than who says it
ENDS = ".!?…"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is translated apart; ``frame`` is empty where the segment is nothing but the quotation."""

    content: str
    frame: str
    before: bool  # the frame stands in front


def divide(side: Side) -> Parts | None:
    """Divide a segment into quotation and frame; None where that would break its grammar.

    Example:
        >>> BEHIND.match('"Wir bauen", sagte Kern.')["frame"]
        'sagte Kern.'
    """
    if side.pairs != 1:
        return None
    for shape in (WHOLE, BEFORE, BEHIND):
        if (found := shape.match(side.request)) is not None:
            content, frame = found["content"].strip().rstrip(","), found.groupdict().get("frame", "")
            break
    else:
        return None
    if (
        len(content.split()) < SENTENCE
        or len(frame.split()) > FRAME
        or (frame and shape is BEHIND and frame[0].isupper())
    ):
        return None
    if shape is not WHOLE and (side.begins_inside or side.ends_inside):
        return None
    return Parts(content if content[-1] in ENDS else content + ".", frame, shape is BEFORE)


def join(parts: Parts, content: str, frame: str, reporting: frozenset[str]) -> str | None:
    """Make a sentence of both translations; None where the frame's does not say that somebody says so."""
    content = content.strip()
    if not parts.frame:
        return f"{PLAIN}{content}{PLAIN}"
    words = re.findall(r"[\w’']+", frame.casefold())
    if not reporting & set(words) or len(words) > 2 * FRAME:
        return None
    if parts.before:
        return f"{frame.rstrip(' .,:')}: {PLAIN}{content}{PLAIN}"
    if words[0] in reporting or words[0] in ("the", "a", "an", "so", "as"):
        frame = frame[0].lower() + frame[1:]
    if content.endswith("."):
        content = content[:-1] + ","
    return f"{PLAIN}{content}{PLAIN} {frame}"

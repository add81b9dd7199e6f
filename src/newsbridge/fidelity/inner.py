"""Quotations inside quotations: marks that an engine wrote like the outer ones, or lost."""

from __future__ import annotations

from newsbridge.fidelity import targetmarks
from newsbridge.fidelity.marking import laid_bare
from newsbridge.fidelity.sides import Side
from newsbridge.fidelity.style import PLAIN
from newsbridge.spans import Span

SINGLE = "'"


def wanted(side: Side) -> tuple[str, list[Span]]:
    """Return a request without its outer marks, and what stands in the inner pairs of it, without their marks."""
    text, contents = laid_bare(side.request)
    if len(contents) != side.pairs or PLAIN in text:
        return text, []
    pairs = (pair.shift(span.start) for span in contents for pair in targetmarks.read(span.of(text))[0])
    return text, [Span(pair.start + 1, pair.end - 1) for pair in pairs if len(pair) > 2]


def lost(text: str) -> bool:
    """Say whether a text with plain marks has no marks inside these."""
    bare, contents = laid_bare(text)
    return not any(targetmarks.read(span.of(bare))[0] for span in contents)


def lowered(text: str, outer: int, inner: int) -> str:
    """Make single marks of the inner ones where an engine wrote both with the same.

    Args:
        text: With plain marks.
        outer: How many outer pairs there should be.
        inner: How many pairs inside them.

    Example:
        >>> print(lowered('"The "old" house is sold," she said.', 1, 1))
        "The 'old' house is sold," she said.
    """
    places = [at for at, sign in enumerate(text) if sign == PLAIN]
    if not inner or len(places) != 2 * (outer + inner):
        return text
    depth, levels = 0, []
    for at in places:
        opens = targetmarks.opens_only(text, at)
        if opens == targetmarks.closes_only(text, at):
            return text
        depth += opens
        levels.append(depth)
        depth -= not opens
    if depth or levels.count(1) != 2 * outer or levels.count(2) != 2 * inner:
        return text
    signs = list(text)
    for at, level in zip(places, levels, strict=True):
        signs[at] = SINGLE if level > 1 else PLAIN
    return "".join(signs)


def set_again(text: str, spans: list[Span]) -> str | None:
    """Put single marks round stretches of a text with plain marks; None where one crosses such a mark."""
    for span in sorted(spans, reverse=True):
        inside = span.strip(text, PLAIN + ",.;:!?")
        before = text[: inside.start].count(PLAIN)
        if PLAIN in inside.of(text) or before % 2 == 0 or not len(inside):
            return None
        text = f"{text[: inside.start]}{SINGLE}{inside.of(text)}{SINGLE}{text[inside.end :]}"
    return text

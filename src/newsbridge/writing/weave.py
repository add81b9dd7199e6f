"""Marks woven into a text: where a highlight opens and closes, however the spans lie over each other.

A quotation inside reported speech nests; two spans that cross are cut, so that what comes out is always well formed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsbridge.article import MASK
from newsbridge.spans import Span

DEEPEST = 6  # marks open at once; deeper ones are left out, which keeps any text linear


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text to be highlighted.

    ``ref`` is the id of what it shows.  ``ends`` says that the thing ends here, and does not go on elsewhere.
    """

    span: Span
    kind: str
    ref: str
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Open:
    """A mark begins, or goes on after a cut."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class Close:
    """A mark ends, for good only if ``last``."""

    mark: Mark
    last: bool


Token = str | Open | Close


def weave(text: str, marks: Iterable[Mark]) -> tuple[Token, ...]:
    """Cut a text at its marks.

    Args:
        text: What is shown.
        marks: In any order, overlapping as they like; what lies outside the text, or is empty, is left out.

    Returns:
        Stretches of text, none of them empty, between the marks' openings and closings; every opening has its
        closing, properly nested.  Joined, the stretches are ``text``.

    Example:
        >>> text = "Man wolle «helfen», sagte er."
        >>> marks = [Mark(Span(10, 18), "direct", "q2"), Mark(Span(0, 18), "indirect", "q1")]
        >>> [token if isinstance(token, str) else token.mark.ref for token in weave(text, marks)]
        ['q1', 'Man wolle ', 'q2', '«helfen»', 'q2', 'q1', ', sagte er.']
    """
    tokens: list[Token] = []
    stack: list[Mark] = []
    at = 0

    def advance(to: int) -> None:
        nonlocal at
        if to > at:
            tokens.append(text[at:to])
            at = to

    def close(limit: int) -> None:
        while stack and (end := min(mark.span.end for mark in stack)) <= limit:
            advance(end)
            outermost = next(depth for depth, mark in enumerate(stack) if mark.span.end == end)
            cut = stack[outermost:]
            del stack[outermost:]
            tokens.extend(Close(mark, mark.span.end == end) for mark in reversed(cut))
            for mark in cut:
                if mark.span.end > end:
                    tokens.append(Open(mark))
                    stack.append(mark)

    inside = (mark for mark in marks if len(mark.span) and mark.span.end <= len(text))
    for mark in sorted(inside, key=lambda mark: (mark.span.start, -mark.span.end)):
        close(mark.span.start)
        if len(stack) < DEEPEST:
            advance(mark.span.start)
            tokens.append(Open(mark))
            stack.append(mark)
    close(len(text))
    advance(len(text))
    return tuple(tokens)


def fold(plain: str, span: Span) -> tuple[str, tuple[int, ...]]:
    r"""Show a stretch of ``Article.plain`` as a reader reads it, and say where every code point went.

    Returns:
        The text :meth:`Article.words` gives, and for each offset of ``span`` (its end included) the offset in it.

    Example:
        >>> shown, places = fold("Das  \u200b\u200bVolk", Span(0, 11))
        >>> shown, places[7], places[11]
        ('Das Volk', 4, 8)
    """
    shown: list[str] = []
    places: list[int] = []
    for sign in span.of(plain):
        places.append(len(shown))
        if sign == MASK:
            continue
        if not sign.isspace():
            shown.append(sign)
        elif shown and shown[-1] != " ":
            shown.append(" ")
    places.append(len(shown))
    if shown and shown[-1] == " ":
        shown.pop()
    return "".join(shown), tuple(min(place, len(shown)) for place in places)

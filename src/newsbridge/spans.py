"""Span: half-open offsets into a text, and their arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """The code points ``[start, end)`` of a text.

    Example:
        >>> Span(4, 8).of("Das Volk")
        'Volk'

    Raises:
        ValueError: if ``start`` is negative or lies behind ``end``.
    """

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        if not 0 <= start <= end:
            raise ValueError(f"no span from {start} to {end}")
        _set_start(self, start)
        _set_end(self, end)

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return what stands there in ``text``."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Say whether ``other`` lies inside this span; both may be equal."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """Say whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> Span:
        """Return the span ``by`` code points further right (left if negative)."""
        return Span(self.start + by, self.end + by)

    def strip(self, text: str, chars: str | None = None) -> Span:
        """Return the span without the blanks (or ``chars``) at both ends of it in ``text``.

        Example:
            >>> Span(0, 6).strip(" Volk ")
            Span(start=1, end=5)
        """
        inner = self.of(text)
        start = self.start + len(inner) - len(inner.lstrip(chars))
        return Span(start, max(start, self.start + len(inner.rstrip(chars))))

    @staticmethod
    def cover(spans: Iterable[Span]) -> Span:
        """Return the smallest span that holds all of ``spans``.

        Raises:
            ValueError: if there are none.
        """
        every = tuple(spans)
        return Span(min(span.start for span in every), max(span.end for span in every))


# Articles have hundreds of spans, and the slots' own setters take half the time of the way round the frozen class.
_set_start: Callable[[Span, int], None] = Span.__dict__["start"].__set__
_set_end: Callable[[Span, int], None] = Span.__dict__["end"].__set__

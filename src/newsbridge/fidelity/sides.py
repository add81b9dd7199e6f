"""A segment and its marks: which pairs begin in it, end in it, or run through it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from newsbridge.article import MASK, Article, Ledger, QuoteKind, Segment
from newsbridge.spans import Span

GLUED = (":", ",", ";")  # before an opening mark, they should have a blank behind them
BARE = {ord(mark): None for mark in '„“”«»"'}


@dataclass(frozen=True, slots=True)
class Side:
    """The source side of a segment.

    ``marked`` are the pairs of marks that meet the segment, in reading order, marks included.
    """

    segment: Segment
    text: str  # as a reader reads it
    request: str  # as the engine gets it: every pair whole
    marked: tuple[Span, ...]
    begins_inside: bool  # the first pair was opened in a segment before
    ends_inside: bool  # the last pair is closed in a segment after
    offsets: tuple[int, ...] = ()  # where each character of ``text`` stands in the article

    @property
    def through(self) -> bool:
        """Whether it lies wholly between two marks, and has none of its own."""
        return self.begins_inside and self.ends_inside and len(self.marked) == 1

    @property
    def pairs(self) -> int:
        """How many pairs of marks the engine is given."""
        return 0 if self.through else len(self.marked)

    @property
    def places(self) -> tuple[tuple[float, float], ...]:
        """Where those pairs begin and end, in parts (0 to 1) of the segment."""
        span = self.segment.span
        parts = (
            (max(0, each.start - span.start) / len(span), min(len(span), each.end - span.start) / len(span))
            for each in self.marked
        )
        return () if self.through else tuple(parts)

    def within(self, span: Span) -> Span:
        """Return where a stretch of the article stands in ``text``."""
        return Span(bisect_left(self.offsets, span.start), bisect_left(self.offsets, span.end))

    def without(self, span: Span) -> Span:
        """Return where a stretch of ``text`` stands in the article."""
        if not len(span) or span.end > len(self.offsets):
            return self.segment.span
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)


def read(plain: str, span: Span) -> tuple[str, tuple[int, ...]]:
    """Return what a reader reads there, as :meth:`Article.words` does, and where each character of it stands."""
    whole = span.of(plain)
    if MASK not in whole and " ".join(whole.split()) == whole:  # nearly every sentence
        return whole, tuple(range(span.start, span.end))
    letters: list[str] = []
    offsets: list[int] = []
    for at in range(span.start, span.end):
        letter = plain[at]
        if letter == MASK or (letter.isspace() and (not letters or letters[-1] == " ")):
            continue
        letters.append(" " if letter.isspace() else letter)
        offsets.append(at)
    if letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), tuple(offsets)


def sides(article: Article, ledger: Ledger) -> Iterator[Side]:
    """Yield every segment in reading order with its pairs, of speech or not, balanced for an engine."""
    direct = (span for each in ledger.quotations if each.kind is QuoteKind.DIRECT for span in each.spans)
    every = sorted({*direct, *ledger.marked})
    starts = [span.start for span in every]
    for segment in article.segments():
        span = segment.span
        low = max(0, bisect_right(starts, span.start) - 1)
        meeting = []
        for index in range(low, len(every)):
            if every[index].start >= span.end:
                break
            if every[index].meets(span):
                meeting.append(every[index])
        marked = tuple(meeting)
        yield _side(article, segment, marked)


def _side(article: Article, segment: Segment, marked: tuple[Span, ...]) -> Side:
    span = segment.span
    text, offsets = read(article.plain, span)
    inside = bool(marked) and marked[0].start < span.start
    open_ = bool(marked) and marked[-1].end > span.end
    if inside and open_ and len(marked) == 1:
        return Side(segment, text, text, marked, True, True, offsets)
    parts, at = [], span.start
    for pair in marked:  # only marks that have a partner reach the engine
        start, end = max(pair.start, span.start), min(pair.end, span.end)
        parts.append(article.words(Span(at, start)).translate(BARE))
        inner = Span(min(start + (pair.start >= span.start), end), max(start, end - (pair.end <= span.end)))
        before = article.plain[start - 1 : start] if start > span.start else ""
        blank = " " if before.isspace() or before.isalnum() or before in GLUED else ""  # er rief zum"Boykott" auf
        parts.append(f'{blank}"{article.words(inner)}"')
        at = end
        if article.plain[at : at + 1].isspace():
            parts.append(" ")
    parts.append(article.words(Span(at, max(at, span.end))).translate(BARE))
    request = " ".join("".join(parts).split())
    return Side(segment, text, request if marked else text, marked, inside, open_, offsets)

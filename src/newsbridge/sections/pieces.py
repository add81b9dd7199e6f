"""Where paragraphs begin and end: at blank lines, at every line, or only where a wrapped line falls short."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from newsbridge.article import MASK, Article, Hint, Shape
from newsbridge.sections.rules import CLOSING_MARKS, SENTENCE_ENDS
from newsbridge.spans import Span

_LINE = re.compile("[^\n\f\v\x85\u2028\u2029]+|[\f\u2029]")
_PAGE = ("\f", "\u2029")
_BULLET = re.compile(r"[-*•·▪◦][ \t\u00a0]+(?=\S)")
_DASH = re.compile(r"[–—][ \t\u00a0]+(?=\S)")  # a list only beside its like: alone it opens an aside
_NUMBER = re.compile(r"(\d{1,2})[.)][ \t\u00a0]+(?=\S)")
_WIDEST = 120  # code points: longer lines are paragraphs, not wrapped text
_NARROWEST = 40
BLANK = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + MASK


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that stands alone on the page; ``span`` has no blank at its ends.

    ``marker`` is a list item's sign, to be masked.  The other fields are Markdown's hints.
    """

    shape: Shape
    span: Span
    level: int = 0
    strong: Span | None = None
    emphasised: bool = False
    marker: Span | None = None


@dataclass(slots=True, eq=False)
class _Line:
    span: Span
    gap: bool  # a blank line or a page's end stands above
    indent: int


def pieces(article: Article) -> list[Piece]:
    """Return the article's pieces in reading order; together they hold all its words."""
    if article.hints:
        return [piece for hint in article.hints for piece in _hinted(article.plain, hint)]
    lines = list(_lines(article.plain, article.header.end if article.header else 0))
    markers = _markers(article.plain, lines)
    width = _width(article.plain, lines)
    found: list[Piece] = []
    for index, line in enumerate(lines):
        if index in markers:
            marker = markers[index]
            found.append(Piece(Shape.LIST_ITEM, Span(marker.end, line.span.end), marker=marker if marker else None))
        elif index and not line.gap and _continues(article.plain, lines[index - 1], line, width):
            last = found[-1]
            found[-1] = Piece(last.shape, Span(last.span.start, line.span.end), marker=last.marker)
        else:
            found.append(Piece(Shape.PARAGRAPH, line.span))
    return found


def _hinted(text: str, hint: Hint) -> Iterator[Piece]:
    """Yield a hint as a piece; a bold question or a bold line at its beginning stands alone."""
    strong = hint.strong
    if strong and hint.shape is Shape.PARAGRAPH and strong != hint.span:
        rest = Span(strong.end, hint.span.end).strip(text, BLANK)
        if rest and (text[strong.end - 1] == "?" or "\n" in text[strong.end : rest.start]):
            yield Piece(Shape.PARAGRAPH, strong, strong=strong)
            yield Piece(Shape.PARAGRAPH, rest)
            return
    yield Piece(hint.shape, hint.span, hint.level, strong, hint.emphasised)


def _lines(text: str, begin: int) -> Iterator[_Line]:
    """Yield the lines that are not blank."""
    end, gap = begin, False
    for match in _LINE.finditer(text, begin):
        gap = gap or text.count("\n", end, match.start()) > 1
        end = match.end()
        if match.group() in _PAGE:
            gap = True
            continue
        span = Span(*match.span()).strip(text, BLANK)
        if not span:
            gap = True
            continue
        yield _Line(span, gap, span.start - match.start())
        gap = False


def _markers(text: str, lines: list[_Line]) -> dict[int, Span]:
    """Return the list signs under the index of their line; a number is part of the words, its sign is empty."""
    found: dict[int, Span] = {}
    dashes: list[tuple[int, Span]] = []
    numbers: list[tuple[int, Span, int]] = []
    for index, line in enumerate(lines):
        if bullet := _BULLET.match(text, line.span.start, line.span.end):
            found[index] = Span(*bullet.span())
        elif dash := _DASH.match(text, line.span.start, line.span.end):
            dashes.append((index, Span(*dash.span())))
        elif number := _NUMBER.match(text, line.span.start, line.span.end):
            numbers.append((index, Span(line.span.start, line.span.start), int(number[1])))
    for (here, span), (there, other) in pairwise(dashes):
        if there == here + 1:
            found |= {here: span, there: other}
    for (here, span, low), (there, other, high) in pairwise(numbers):
        if high == low + 1:
            found |= {here: span, there: other}
    return found


def _width(text: str, lines: list[_Line]) -> int | None:
    """Return the column at which the text is wrapped; None where every line is a paragraph.

    Text is wrapped where most of it stands in lines of much the same length, and where lines break in the middle
    of sentences.
    """
    lengths = sorted(len(line.span) for line in lines)
    if not lengths or 2 * sum(each for each in lengths if each > _WIDEST) > sum(lengths):
        return None
    breaks = [above for above, below in pairwise(lines) if not below.gap]
    closed = sum(1 for line in breaks if ends_sentence(line.span.of(text)))
    width = lengths[int(0.95 * (len(lengths) - 1))]
    return width if breaks and width >= _NARROWEST and 2 * closed <= len(breaks) else None


def _continues(text: str, above: _Line, line: _Line, width: int | None) -> bool:
    """Say whether a line goes on with the paragraph above it: its first word did not fit there, or is in small letters.

    No paragraph begins in small letters where the line above ended in the middle of a sentence.
    """
    if text[line.span.start].islower() and text[above.span.end - 1] != ":" and not ends_sentence(above.span.of(text)):
        return True
    if width is None or line.indent > above.indent + 1:
        return False
    words = line.span.of(text).split(None, 1)
    return len(above.span) + 1 + len(words[0]) > width - 2


def ends_sentence(words: str) -> bool:
    """Say whether a sentence ends here: a full stop and the like, inside or outside of closing marks."""
    return words.rstrip(CLOSING_MARKS + " )\u00a0" + MASK)[-1:] in tuple(SENTENCE_ENDS)

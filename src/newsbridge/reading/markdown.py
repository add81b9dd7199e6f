"""Markdown: its signs are masked in place, so every offset stays true, and what they say becomes hints.

Block by block and line by line, after CommonMark 0.31 where a newspaper's Markdown needs it (headings, lists,
block quotes, code, tables, comments); what stands inside a line is :mod:`newsbridge.reading.inline`'s.  Two things
German differ on purpose: a star inside a word is a gender star, and "1. Mai" begins no list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsbridge.article import MASK, Hint, Shape
from newsbridge.reading import inline
from newsbridge.spans import Span

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_QUOTE = re.compile(r" {0,3}> ?")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|(?=\n|\Z))")
_ATX_END = re.compile(r"[ \t]+#+[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BULLET = re.compile(r"[ \t]*[-*+•][ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*(\d{1,3})[.)][ \t]+(?=\S)")
_TABLE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)([^\]\n]{1,200})\]:[ \t]*\S+(?:[ \t]+[\"'(][^\n]*)?$")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\n]{1,100}\]:[ \t]*")


@dataclass
class _Open:
    """The paragraph or list item that still grows."""

    shape: Shape
    begin: int
    end: int
    quoted: bool = False


def scan(text: str, begin: int, months: Sequence[str] = ()) -> tuple[str, tuple[Hint, ...]]:
    """Read Markdown.

    Args:
        text: The whole text, in NFC with LF.
        begin: Where the article begins, behind its header.
        months: Names of months; a number in front of one is part of a date.

    Returns:
        The text with :data:`MASK` for every sign, of the same length, and hints in reading order that together
        hold every code point of ``text[begin:]`` that is neither masked nor blank.
    """
    return _Scanner(text, begin, months).scan()


class _Scanner:
    def __init__(self, text: str, begin: int, months: Sequence[str]) -> None:
        self.begin = begin
        self.signs = inline.Signs(text)
        self.signs.comments(begin)
        self.text = self.signs.plain()  # without comments, which may hold anything
        self.lines = [Span(*match.span()) for match in _LINE.finditer(self.text, begin) if match.end() > match.start()]
        self.numbers = self._numbered(tuple(months))
        self.blocks: list[tuple[Shape, Span, int]] = []
        self.code: set[int] = set()  # where blocks begin whose signs are no signs
        self.open: _Open | None = None
        self.references: set[str] = set()

    def scan(self) -> tuple[str, tuple[Hint, ...]]:
        index = 0
        while index < len(self.lines):
            index = self._line(index)
        self._close()
        hints: list[Hint] = []
        for shape, span, level in self.blocks:
            found = inline.Found() if span.start in self.code else self.signs.inline(span, self.references)
            hints += _hints(shape, span, level, found, self.signs)
        return self.signs.plain(), tuple(hints)

    def _line(self, index: int) -> int:
        """Read one line, or a fenced block or table that begins there; return the next line's index."""
        line = self.lines[index]
        at, quoted = line.start, False
        while quote := _QUOTE.match(self.text, at, line.end):
            self.signs.mask(at, quote.end())
            at, quoted = quote.end(), True
        words = self.text[at : line.end].rstrip("\n")
        end = at + len(words)
        if not words.replace(MASK, "").strip():
            self._close()
        elif self.open and not quoted and not self.open.quoted and self._underline(words, at, end):
            pass
        elif fence := _FENCE.match(words):
            return self._fenced(index, fence[1], at)
        elif _RULE.match(words):
            self._close()
            self.signs.mask(at, end)
        elif atx := _ATX.match(words):
            self._close()
            self.signs.mask(at, at + atx.end())
            closing = _ATX_END.search(words, atx.end())
            stop = at + closing.start() if closing else end
            self.signs.mask(stop, end)
            self._add(Shape.HEADING, at + atx.end(), stop, len(atx[1]))
        elif definition := _DEFINITION.match(words):
            self._close()
            self.references.add(definition[1].lower())
            self.signs.mask(at, end)
        elif self._begins_table(words, index):
            return self._table(index)
        else:
            self._grow(words, at, end, quoted, index)
        return index + 1

    def _grow(self, words: str, at: int, end: int, quoted: bool, index: int) -> None:
        """Let the open block grow by a line, or begin another."""
        if marker := _BULLET.match(words) or (_NUMBER.match(words) if index in self.numbers else None):
            self._close()
            self.signs.mask(at, at + marker.end())
            self.open = _Open(Shape.LIST_ITEM, at + marker.end(), end, quoted)
        elif self.open and (quoted or not self.open.quoted) and not inline.is_image(self.text, self.open.begin, at):
            self.open.end = end
        else:
            self._close()
            note = _FOOTNOTE.match(words)
            if note:
                self.signs.mask(at, at + note.end())
            self.open = _Open(Shape.PARAGRAPH, at + (note.end() if note else 0), end, quoted)

    def _underline(self, words: str, at: int, end: int) -> bool:
        """Read ``===`` or ``---`` under a paragraph, which makes it a heading."""
        under = _SETEXT.match(words)
        if not under or not self.open or self.open.shape is not Shape.PARAGRAPH:
            return False
        self.signs.mask(at, end)
        self._add(Shape.HEADING, self.open.begin, self.open.end, 1 if under[1][0] == "=" else 2)
        self.open = None
        return True

    def _fenced(self, index: int, fence: str, at: int) -> int:
        """Read a block of code: its fences are signs, its lines stand as they are."""
        self._close()
        self.signs.mask(at, self.lines[index].end)
        begin = self.lines[index].end
        closing = re.compile(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
        while (index := index + 1) < len(self.lines) and not closing.match(self._words(self.lines[index])):
            pass
        end = len(self.text)
        if index < len(self.lines):
            end = self.lines[index].start
            self.signs.mask(end, self.lines[index].end)
        known = len(self.blocks)
        self._add(Shape.PARAGRAPH, begin, end, 0)
        self.code |= {span.start for _, span, _ in self.blocks[known:]}
        return index + 1

    def _words(self, line: Span) -> str:
        return line.of(self.text).rstrip("\n")

    def _begins_table(self, words: str, index: int) -> bool:
        """Say whether a header row stands here: a row with cells above a row of dashes."""
        if "|" not in words or index + 1 >= len(self.lines):
            return False
        below = self._words(self.lines[index + 1])
        return "|" in below and bool(_TABLE.match(below))

    def _table(self, index: int) -> int:
        """Read a table; each cell is a block of its own."""
        self._close()
        dashes = self.lines[index + 1]
        self.signs.mask(dashes.start, dashes.end)
        while index < len(self.lines) and (self.lines[index] == dashes or "|" in self.lines[index].of(self.text)):
            row = self.lines[index]
            cell = row.start
            for pipe in [] if row == dashes else re.finditer(r"(?<!\\)\||\n|\Z", row.of(self.text)):
                at = row.start + pipe.start()
                self._add(Shape.LIST_ITEM, cell, at, 0)
                self.signs.mask(at, row.start + pipe.end())
                cell = row.start + pipe.end()
            index += 1
        return index

    def _numbered(self, months: tuple[str, ...]) -> set[int]:
        """Return the lines that begin an item of a numbered list: their number follows or precedes a neighbour's."""
        found = [
            (index, int(match[1]))
            for index, line in enumerate(self.lines)
            if (match := _NUMBER.match(self.text, line.start, line.end))
            and not self.text.startswith(months, match.end())
        ]
        pairs = pairwise(found)
        return {index for (here, low), (there, high) in pairs if high == low + 1 for index in (here, there)}

    def _close(self) -> None:
        if self.open:
            self._add(self.open.shape, self.open.begin, self.open.end, 0)
            self.open = None

    def _add(self, shape: Shape, begin: int, end: int, level: int) -> None:
        span = Span(begin, max(begin, end)).strip(self.text)
        if span:
            self.blocks.append((shape, span, level))


def _hints(shape: Shape, span: Span, level: int, found: inline.Found, signs: inline.Signs) -> list[Hint]:
    """Make hints of one block: its images apart, the words between them."""
    hints = []
    begin = span.start
    for image in found.images:
        hints.append(_hint(shape, signs.trim(Span(begin, image.start)), level, found))
        hints.append(Hint(Shape.IMAGE, signs.trim(image)))
        begin = image.end
    hints.append(_hint(shape, signs.trim(Span(begin, span.end)), level, found))
    return [hint for hint in hints if hint.span]


def _hint(shape: Shape, span: Span, level: int, found: inline.Found) -> Hint:
    strong = next((each for each in found.strong if each.start == span.start), None)
    emphasised = any(each == span for each in found.emphasised)
    return Hint(shape, span, level, strong, emphasised)

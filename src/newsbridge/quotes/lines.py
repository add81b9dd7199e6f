"""Sentences as the rules read them: words, punctuation, and every quotation as one item."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsbridge.article import MASK, Article, Block, BlockKind
from newsbridge.quotes.marks import Pair
from newsbridge.spans import Span

WORD = re.compile(r"\w+(?:(?:[-’'./&]|(?<=\d),(?=\d))\w+)*-?|[^\w\s" + MASK + "]")
NAME, LONG = 4, 40  # words and code points of a name at the most
QUOTE = "■"  # stands for a pair of marks in Line.folds; in no lexicon and no clause boundary


@dataclass(slots=True)
class Line:
    """One sentence, one item per word, punctuation mark or outermost pair of marks.

    ``pairs[i]`` is the pair that item ``i`` stands for, None for words.  Positions count code points.
    """

    block: int  # index into the blocks read
    span: Span
    words: list[str] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)  # casefolded: ß is ss
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pairs: list[Pair | None] = field(default_factory=list)
    capitals: list[bool] = field(default_factory=list)  # whether the item is a word with a capital letter
    named: set[int] = field(default_factory=set)  # items that stand for marks round what may be a name
    names: frozenset[str] = frozenset()  # casefolded surnames of the people the article names
    phrases: dict[int, Any] = field(default_factory=dict)  # what phrases.phrase() read already

    def __len__(self) -> int:
        return len(self.words)

    def add(self, word: str, start: int, end: int, pair: Pair | None = None) -> None:
        """Append an item."""
        self.words.append(word)
        self.folds.append(word.casefold())
        self.starts.append(start)
        self.ends.append(end)
        self.pairs.append(pair)
        self.capitals.append(_capital(word))

    def cover(self, first: int, last: int) -> Span:
        """Return the span of the items ``[first, last)``."""
        return Span(self.starts[first], self.ends[last - 1])

    def index(self, pair: Pair) -> int | None:
        """Return which item stands for a pair."""
        for index, each in enumerate(self.pairs):
            if each is pair:
                return index
        return None


@dataclass(frozen=True)
class Page:
    """An article as the rules read it."""

    article: Article
    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]


def read(article: Article, pairs: Sequence[Pair]) -> Page:
    """Read every sentence of an article.

    Args:
        article: With segments.
        pairs: Every pair of marks in reading order; those of depth 0 become items.

    Returns:
        One line per sentence.  A sentence that ends inside a pair goes on to the end of the sentence in which the
        pair ends, so that a frame and all it frames share a line.
    """
    outer = [each for each in pairs if each.depth == 0]
    begins = [each.whole.start for each in outer]
    blocks = tuple(article.blocks())
    lines: list[Line] = []
    for number, block in enumerate(blocks):
        if block.kind is not BlockKind.CAPTION and block.segments:
            lines.extend(_lines(article.plain, number, block, outer, begins))
    return Page(article, blocks, tuple(lines))


def _lines(text: str, number: int, block: Block, outer: list[Pair], begins: list[int]) -> Iterator[Line]:
    """Yield the lines of one block."""
    low = bisect_left(begins, block.span.start)
    if low and outer[low - 1].whole.end > block.span.start:
        low -= 1
    mine = [
        (each, Span(max(part.start, block.span.start), min(part.end, block.span.end)))
        for each in outer[low : bisect_left(begins, block.span.end)]
        for part in _parts(each, block.span)
    ]
    at = 0
    spans = [segment.span for segment in block.segments]
    index = 0
    while index < len(spans):
        start, end = spans[index].start, spans[index].end
        index += 1
        line = Line(number, Span(start, end))
        position = start
        while True:
            while at < len(mine) and mine[at][1].end <= position:
                at += 1
            if at < len(mine) and mine[at][1].start < end:
                pair, part = mine[at]
                _read_words(line, text, position, max(position, part.start))
                line.add(QUOTE, part.start, part.end, pair)
                if _name(text, pair):
                    line.named.add(len(line) - 1)
                position = part.end
                while position > end and index < len(spans):  # the sentence ends inside the pair
                    end = max(end, spans[index].end)
                    index += 1
                at += 1
            else:
                _read_words(line, text, position, end)
                break
        line.span = Span(start, max(end, position))
        if line.words:
            yield line


def _parts(pair: Pair, span: Span) -> Iterator[Span]:
    """Yield the parts of a pair that meet a block; a pair may reach over thousands."""
    for index in range(max(0, bisect_left(pair.spans, span.start, key=lambda part: part.start) - 1), len(pair.spans)):
        part = pair.spans[index]
        if part.start >= span.end:
            return
        if part.meets(span):
            yield part


def _name(text: str, pair: Pair) -> bool:
    """Say whether a pair of marks may hold a name: few words, each with a capital, or an address."""
    content = pair.contents[0].of(text)
    words = content.split()
    if not 0 < len(words) <= NAME or len(content) > LONG or content[-1] in ".!?…,":
        return False
    return all(not word[0].islower() for word in words) or (len(words) == 1 and "." in content)


def _read_words(line: Line, text: str, start: int, end: int) -> None:
    """Append the words of a stretch; what :meth:`Line.add` does, without a call for each of them."""
    words, folds, starts, ends = line.words, line.folds, line.starts, line.ends
    pairs, capitals = line.pairs, line.capitals
    for match in WORD.finditer(text, start, end):
        word = match.group()
        words.append(word)
        folds.append(word.casefold())
        starts.append(match.start())
        ends.append(match.end())
        pairs.append(None)
        capitals.append(_capital(word))


def _capital(word: str) -> bool:
    first = word[0]
    return first.isupper() or (first.isdigit() and word[-1].islower() and "-" in word)  # "31-Jährige"

"""Sentences as the rules read them: words, punctuation, and every quotation as one item."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import TYPE_CHECKING

from newsbridge.article import MASK, Article, Block, BlockKind
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.traits import FOREIGN
from newsbridge.spans import Span

if TYPE_CHECKING:
    from newsbridge.quotes.chunks import Clause
    from newsbridge.quotes.frames import Parsed
    from newsbridge.quotes.phrases import Phrase

NAME, LONG = 4, 40  # words and code points of a name at the most
QUOTE = "■"  # stands for a pair of marks in Line.folds; in no lexicon and no clause boundary


class Line:
    """One sentence, one item per word, punctuation mark or outermost pair of marks.

    ``pairs[i]`` is the pair that item ``i`` stands for, None for words.  Positions count code points.
    """

    __slots__ = (
        "block",
        "capitals",
        "clauses",
        "ends",
        "every",
        "folds",
        "named",
        "names",
        "pairs",
        "parsed",
        "phrases",
        "quoted",
        "span",
        "starts",
        "traits",
        "words",
    )  # fmt: skip

    def __init__(self, block: int, span: Span) -> None:
        self.block = block  # index into the blocks read
        self.span = span
        self.words: list[str] = []
        self.folds: list[str] = []  # casefolded: ß is ss
        self.traits: list[int] = []  # what each may be, in the bits of quotes.traits
        self.every = 0  # all of them in one
        self.quoted = False  # whether it holds a pair of marks
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.pairs: list[Pair | None] = []
        self.capitals: list[bool] = []  # whether the item is a word with a capital letter
        self.named: set[int] = set()  # items that stand for marks round what may be a name
        self.names: frozenset[str] = frozenset()  # casefolded surnames of the people the article names
        self.phrases: dict[int, tuple[Phrase | None, Phrase | None]] = {}  # what phrases.phrase() read already
        self.clauses: tuple[Clause, ...] | None = None  # what clauses.clauses() found
        self.parsed: Parsed | None = None  # what framing.parse() found

    def quote(self, pair: Pair, start: int, end: int) -> None:
        """Append a pair of marks, or the part of it between two places."""
        self.quoted = True
        self.words.append(QUOTE)
        self.folds.append(QUOTE)
        self.traits.append(0)
        self.starts.append(start)
        self.ends.append(end)
        self.pairs.append(pair)
        self.capitals.append(False)

    def comma(self, at: int, items: Callable[[str], tuple[Item, ...]]) -> None:
        """Append a comma that is not there: the one in front of a closing mark belongs behind it."""
        for word, fold, capital, trait, _ in items(","):
            self.words.append(word)
            self.folds.append(fold)
            self.traits.append(trait)
            self.starts.append(at)
            self.ends.append(at)
            self.pairs.append(None)
            self.capitals.append(capital)

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


Item = tuple[str, str, bool, int, int]  # a word, casefolded, whether it has a capital, its traits, its offset


def read(article: Article, pairs: Sequence[Pair], items: Callable[[str], tuple[Item, ...]]) -> Page:
    """Read every sentence of an article.

    Args:
        article: With segments.
        pairs: Every pair of marks in reading order; those of depth 0 become items.
        items: Divides what stands between two blanks into words and punctuation marks; pure.

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
            lines.extend(_lines(article.plain, number, block, outer, begins, items))
    return Page(article, blocks, tuple(lines))


def _lines(
    text: str, number: int, block: Block, outer: list[Pair], begins: list[int], items: Callable[[str], tuple[Item, ...]]
) -> Iterator[Line]:
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
        line = Line(number, spans[index - 1])
        position = start
        while True:
            while at < len(mine) and mine[at][1].end <= position:
                at += 1
            if at < len(mine) and mine[at][1].start < end:
                pair, part = mine[at]
                _read_words(line, text, position, max(position, part.start), items)
                line.quote(pair, part.start, part.end)
                if _name(text, pair, items):
                    line.named.add(len(line.words) - 1)
                if text[part.end - 2] == "," and text[part.end : part.end + 1].isspace():
                    line.comma(part.end, items)  # "«Wir gehen,» sagte Kühn"
                position = part.end
                while position > end and index < len(spans):  # the sentence ends inside the pair
                    end = max(end, spans[index].end)
                    index += 1
                at += 1
            else:
                _read_words(line, text, position, end, items)
                break
        if max(end, position) != line.span.end:
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


def _name(text: str, pair: Pair, items: Callable[[str], tuple[Item, ...]]) -> bool:
    """Say whether a pair of marks may hold a name: few words, each with a capital or foreign, or an address."""
    content = pair.contents[0].of(text)
    words = content.split()
    if not 0 < len(words) <= NAME or len(content) > LONG or content[-1] in ".!?…,":
        return False
    if len(words) == 1 and "." in content:
        return True
    return not words[0][0].islower() and all(
        not word[0].islower() or any(trait & FOREIGN for *_, trait, _ in items(word)) for word in words[1:]
    )


def _read_words(line: Line, text: str, start: int, end: int, items: Callable[[str], tuple[Item, ...]]) -> None:
    """Append the words of a stretch; what stands between two blanks is read once and remembered."""
    chunks = text[start:end].replace(MASK, " ").split()
    if not chunks:
        return
    found: list[Item] = []
    places: list[int] = []  # where the chunk of each item begins
    for chunk in chunks:
        start = text.find(chunk, start)
        read = items(chunk)
        found += read
        places += (start,) * len(read)
        start += len(chunk)
    words, folds, capitals, traits, offsets = zip(*found, strict=True)
    starts = list(map(add, places, offsets))
    line.words += words
    line.folds += folds
    line.capitals += capitals
    line.traits += traits
    line.starts += starts
    line.ends += map(add, starts, map(len, words))
    line.pairs += [None] * len(words)
    line.every = reduce(or_, traits, line.every)

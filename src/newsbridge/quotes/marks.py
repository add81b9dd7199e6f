"""Quotation marks in pairs: what opens, what closes, and what was left open.

A mark means little on its own: “ ends a quotation in German and begins one in English, » does either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from newsbridge.article import MASK, Article, Block, BlockKind, Finding, FindingKind, Severity
from newsbridge.languages import Language
from newsbridge.spans import Span

CARRYING = frozenset({BlockKind.PARAGRAPH, BlockKind.ANSWER, BlockKind.LIST_ITEM, BlockKind.QUESTION})
OPENING_BRACKETS = "([{–—-/"


@dataclass(frozen=True)
class Pair:
    """Two marks that belong together; ``spans`` has one entry per paragraph they reach over, marks included."""

    spans: tuple[Span, ...]
    single: bool
    depth: int = 0  # how many pairs it stands in

    @cached_property
    def whole(self) -> Span:
        """From the opening mark to behind the closing one."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @cached_property
    def contents(self) -> tuple[Span, ...]:
        """The same without the two marks."""
        first, last = self.spans[0], self.spans[-1]
        if len(self.spans) == 1:
            return (Span(first.start + 1, first.end - 1),)
        return (Span(first.start + 1, first.end), *self.spans[1:-1], Span(last.start, last.end - 1))


@dataclass(frozen=True)
class Signs:
    """A language's marks, by what they may do; the two single marks of English are apostrophes as well."""

    openers: Mapping[str, str]  # opening mark → its closing marks
    single_openers: Mapping[str, str]
    ascii: str
    ascii_single: str

    @cached_property
    def every(self) -> frozenset[str]:
        """Every character that may be a mark."""
        both = (*self.openers.items(), *self.single_openers.items(), (self.ascii, self.ascii_single))
        return frozenset("".join(opener + closers for opener, closers in both))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the next of them."""
        return re.compile("[" + re.escape("".join(sorted(self.every))) + "]")


@cache
def signs(language: Language) -> Signs:
    """Compile a language's table ``[marks]``."""
    table: Mapping[str, Any] = language.table("marks")
    return Signs(table["pairs"], table["single_pairs"], table["ascii"], table["ascii_single"])


@dataclass(slots=True)
class _Open:
    """An opening mark that waits for its partner."""

    at: int
    closers: str
    ended: list[Span]  # what it holds of the paragraphs before this one
    begins: int  # where its part of this paragraph begins
    holds: bool = False  # another pair of the same marks, in this paragraph


def pair(article: Article, language: Language) -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """Find every pair of marks in an article.

    Returns:
        The pairs in order of their opening marks, and a finding for each mark without partner.  An opening mark is
        given up at the end of its paragraph unless a later paragraph of the same section closes it, and at the next
        opening mark of its level, unless that one opens a pair within it („Wir haben „grosse“ Pläne“): then its own
        paragraph must close it.  Pairs of one level never overlap.
    """
    found: list[Pair] = []
    findings: list[Finding] = []
    known = signs(language)
    for section in article.sections:
        scan = _Scan(article.plain, known, found, findings)
        for block in section.every_block():
            scan.block(block)
        scan.give_up()
    found.sort(key=lambda each: (each.whole.start, -each.whole.end))
    return tuple(_nested(found)), tuple(findings)


def _nested(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs with their depths; a pair that crosses an earlier one is left out."""
    around: list[Pair] = []
    for each in pairs:
        while around and around[-1].whole.end <= each.whole.start:
            around.pop()
        if around and each.whole.end > around[-1].whole.end:
            continue
        yield Pair(each.spans, each.single, len(around))
        around.append(each)


class _Scan:
    """Goes through the blocks of a section once, from left to right."""

    def __init__(self, text: str, known: Signs, found: list[Pair], findings: list[Finding]) -> None:
        self.text, self.known = text, known
        self.marks = known.every
        self.found, self.findings = found, findings
        self.double: _Open | None = None
        self.outer: _Open | None = None  # round ``double``, in the same marks
        self.single: _Open | None = None

    def block(self, block: Block) -> None:
        """Read one block; a heading or caption neither carries a quotation on nor closes one."""
        carrying = block.kind in CARRYING
        outer = None
        if not carrying:
            outer, self.double = self.double, None
        elif self.double is not None:
            self.double.begins = block.span.start
        for match in self.known.pattern.finditer(self.text, block.span.start, block.span.end):
            self._mark(match.start(), match.group())
        self.single = None
        if self.outer is not None:
            self._unclosed(self.outer)
            self.outer = None
        if self.double is not None and self.double.holds:
            self.give_up()
        if not carrying:
            self.give_up()
            self.double = outer
        elif self.double is not None:
            self.double.ended.append(Span(self.double.begins, block.span.end).strip(self.text))

    def _around(self, at: int) -> tuple[str, str]:
        """Return what stands before and behind a mark, a blank at the ends of the text."""
        before = self.text[at - 1] if at else " "
        behind = self.text[at + 1] if at + 1 < len(self.text) else " "
        return before.replace(MASK, " "), behind.replace(MASK, " ")

    def _mark(self, at: int, mark: str) -> None:
        known = self.known
        if mark == known.ascii:
            self._ascii(at)
        elif self.double and mark in self.double.closers:
            self._close_double(at)
        elif mark in known.openers and self._may_open(at, mark):
            if self.double is not None and self.outer is None and known.ascii != self.text[self.double.at]:
                self.outer, self.double = self.double, None
            self._open_double(at, known.openers[mark] + known.ascii)
        elif self.single and mark in self.single.closers and not self._apostrophe(at):
            self._close_single(at)
        elif mark in known.single_openers and self._may_open(at, mark):
            self.single = _Open(at, known.single_openers[mark], [], at)
        elif mark == known.ascii_single:
            before, behind = self._around(at)
            if (before.isspace() or before in self.marks or before in OPENING_BRACKETS) and behind.isalnum():
                self.single = _Open(at, known.ascii_single, [], at)
        elif any(mark in closers for closers in known.openers.values()):
            self._unopened(at)

    def _may_open(self, at: int, mark: str) -> bool:
        """Say whether a mark that could also close stands where one opens: not glued to a word, not before a blank."""
        before, behind = self._around(at)
        if mark in "„‚":  # these two do nothing else
            return True
        glued = before.isalnum() or before in ".!?…,"
        return not behind.isspace() and not glued

    def _apostrophe(self, at: int) -> bool:
        before, behind = self._around(at)
        return before.isalnum() and behind.isalnum()

    def _ascii(self, at: int) -> None:
        before, behind = self._around(at)
        opens = (before.isspace() or before in OPENING_BRACKETS or before in self.marks) and not behind.isspace()
        if self.double and self.known.ascii in self.double.closers and not (opens and not self._closes(behind)):
            self._close_double(at)
        elif opens or (self.double is None and self._misplaced(at)):
            if self.double is not None and self.outer is None and self._inside(at):
                self.outer, self.double = self.double, None
            self._open_double(at, self.known.ascii + "”“")
        elif not before.isdigit():  # 5" is a length
            self._unopened(at)

    def _misplaced(self, at: int) -> bool:
        """Say whether a straight mark opens though its blank is missing or behind it: «sagte:"Ja», «sagte: " Ja»."""
        before, behind = self._around(at)
        if behind.isspace():
            return self.text[:at].rstrip().endswith(":")
        return behind.isalnum() and (before in ":," or before.isalpha())

    def _inside(self, at: int) -> bool:
        """Say whether a straight mark goes on with the clause in front of it: «mit dem "Ring" verwachsen»."""
        return at > 1 and self.text[at - 1] == " " and self.text[at - 2].isalnum()

    def _closes(self, behind: str) -> bool:
        return behind.isspace() or not behind.isalnum()

    def _open_double(self, at: int, closers: str) -> None:
        self.give_up()
        self.double = _Open(at, closers, [], at)
        self.single = None

    def _close_double(self, at: int) -> None:
        opened = self.double
        assert opened is not None
        self.found.append(Pair((*opened.ended, Span(opened.begins, at + 1)), single=False))
        self.double, self.outer = self.outer, None
        if self.double is not None:
            self.double.holds = True
        self.single = None

    def _close_single(self, at: int) -> None:
        opened = self.single
        assert opened is not None
        if at - opened.at > 1:
            self.found.append(Pair((Span(opened.at, at + 1),), single=True))
        self.single = None

    def _unopened(self, at: int) -> None:
        message = "A closing quotation mark has no opening one before it; where the quotation begins is not known."
        self.findings.append(Finding(FindingKind.QUOTE_UNOPENED, Severity.WARNING, message, Span(at, at + 1)))

    def give_up(self) -> None:
        """Drop an opening mark without partner, with a finding."""
        if self.double is not None:
            self._unclosed(self.double)
            self.double = None

    def _unclosed(self, opened: _Open) -> None:
        message = "A quotation mark is opened and never closed; where the quotation ends is not known."
        place = Span(opened.at, opened.at + 1)
        self.findings.append(Finding(FindingKind.QUOTE_UNCLOSED, Severity.WARNING, message, place))

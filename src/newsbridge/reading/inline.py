"""What Markdown's signs mean inside a line: emphasis, links, images, code, comments, tags, escapes.

Every search is for the next sign of its kind, never for a partner that may not come, so time stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsbridge.article import MASK
from newsbridge.spans import Span

_SIGN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>`+)"
    r"|(?P<image>!\[)|(?P<open>\[)|(?P<close>\])"
    r"|(?P<auto><https?://[^\s<>]*>)"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>)"
    r"|(?P<run>\*+|_+|~~+)"
)
_TARGET = re.compile(r"""\([ \t]*<?[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+(?:"[^"]*"|'[^']*'))?[ \t]*\)""")
_REFERENCE = re.compile(r"\[([^\[\]\n]{0,200})\]")
_IMAGE = re.compile(r"\s*!\[")
_WIDE = 2


@dataclass
class Found:
    """What a block holds: spans without their signs, in reading order."""

    images: list[Span] = field(default_factory=list)
    strong: list[Span] = field(default_factory=list)
    emphasised: list[Span] = field(default_factory=list)


@dataclass
class _Run:
    """Stars or lines that may open emphasis: those not yet used are ``[begin, end)``."""

    char: str
    begin: int
    end: int


def is_image(text: str, begin: int, end: int) -> bool:
    """Say whether a line with an image begins there: what stands under it is no more of the same block."""
    return bool(_IMAGE.match(text, begin, end))


class Signs:
    """The signs of one text, masked as they are found."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = list(text)

    def plain(self) -> str:
        """Return the text with :data:`MASK` in place of every sign found so far."""
        return "".join(self.shown)

    def mask(self, begin: int, end: int) -> None:
        """Mask a stretch; line ends stay."""
        for at in range(begin, end):
            if self.text[at] != "\n":
                self.shown[at] = MASK

    def trim(self, span: Span) -> Span:
        """Return the span without blanks and masks at its ends."""
        begin, end = span.start, span.end
        while begin < end and (self.shown[begin] == MASK or self.shown[begin].isspace()):
            begin += 1
        while begin < end and (self.shown[end - 1] == MASK or self.shown[end - 1].isspace()):
            end -= 1
        return Span(begin, end)

    def comments(self, begin: int) -> None:
        """Mask ``<!-- … -->``; one that is never closed is text."""
        while (opened := self.text.find("<!--", begin)) >= 0:
            closed = self.text.find("-->", opened + 4)
            if closed < 0:
                return
            self.mask(opened, closed + 3)
            begin = closed + 3

    def inline(self, span: Span, references: set[str]) -> Found:
        """Mask the signs inside one block.

        Args:
            span: The block.
            references: The names of links defined elsewhere, in small letters.
        """
        found = Found()
        brackets: list[tuple[int, bool]] = []
        runs: list[_Run] = []
        at = span.start
        unclosed: set[int] = set()  # lengths of backtick runs that have no partner further on
        while sign := _SIGN.search(self.text, at, span.end):
            at = sign.end()
            if self.shown[sign.start()] == MASK:  # in a comment, or the > of a block quote
                continue
            kind = sign.lastgroup
            if kind == "escape":
                self.mask(sign.start(), sign.start() + 1)
            elif kind == "code":
                at = self._code(sign, span.end, unclosed)
            elif kind in ("image", "open"):
                brackets.append((sign.start(), kind == "image"))
            elif kind == "close" and brackets:
                at = self._link(brackets, sign.start(), span.end, references, found)
            elif kind == "auto":
                self.mask(sign.start(), sign.start() + 1)
                self.mask(sign.end() - 1, sign.end())
            elif kind == "tag":
                self.mask(*sign.span())
            elif kind == "run":
                self._emphasis(sign, runs, found, span)
        found.strong = sorted(self.trim(each) for each in found.strong)
        found.emphasised = sorted(self.trim(each) for each in found.emphasised)
        return found

    def _code(self, sign: re.Match[str], end: int, unclosed: set[int]) -> int:
        """Mask a pair of backtick runs of equal length; return where to go on."""
        ticks = sign.end() - sign.start()
        if ticks not in unclosed:
            if partner := re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(self.text, sign.end(), end):
                self.mask(*sign.span())
                self.mask(*partner.span())
                return partner.end()
            unclosed.add(ticks)
        return sign.end()

    def _link(self, brackets: list[tuple[int, bool]], closed: int, end: int, references: set[str], found: Found) -> int:
        """Mask a link's or an image's brackets and its target; brackets that are no link stay text."""
        opened, image = brackets.pop()
        words = Span(opened + (2 if image else 1), closed)
        target = _TARGET.match(self.text, closed + 1, end)
        if not target and len(words) <= 200:
            label = words.of(self.text).lower()
            target = _REFERENCE.match(self.text, closed + 1, end)
            if label.startswith("^"):  # a footnote's number
                self.mask(opened, closed + 1)
                return closed + 1
            if (target[1].lower() or label if target else label) not in references:
                return closed + 1
        elif not target:
            return closed + 1
        after = target.end() if target else closed + 1
        self.mask(opened, words.start)
        self.mask(closed, after)
        if image:
            found.images.append(words)
        return after

    def _emphasis(self, sign: re.Match[str], runs: list[_Run], found: Found, span: Span) -> None:
        """Close what the run closes, and keep the rest of it as an opener."""
        before = self.text[sign.start() - 1] if sign.start() > span.start else " "
        after = self.text[sign.end()] if sign.end() < span.end else " "
        if before.isalnum() and after.isalnum():  # Bürger*innen
            return
        run = _Run(sign.group()[0], *sign.span())
        opens = not after.isspace() and (after.isalnum() or not before.isalnum())
        closes = not before.isspace() and (before.isalnum() or not after.isalnum())
        if closes:
            self._pair(run, runs, found)
        if opens and run.begin < run.end:
            runs.append(run)

    def _pair(self, run: _Run, runs: list[_Run], found: Found) -> None:
        """Pair a closing run with the nearest openers of its sign; openers of other signs between are given up."""
        for depth in range(len(runs) - 1, max(-1, len(runs) - 8), -1):
            if run.begin == run.end:
                return
            if runs[depth].char != run.char:
                continue
            del runs[depth + 1 :]
            opener = runs[depth]
            width = min(opener.end - opener.begin, run.end - run.begin, 3)
            if run.char == "~" and width < _WIDE:
                continue
            content = Span(opener.end, run.begin)
            self.mask(opener.end - width, opener.end)
            self.mask(run.begin, run.begin + width)
            opener.end -= width
            run.begin += width
            if run.char != "~":
                if width != 2:
                    found.emphasised.append(content)
                if width >= _WIDE:
                    found.strong.append(content)
            if opener.begin == opener.end:
                del runs[depth]

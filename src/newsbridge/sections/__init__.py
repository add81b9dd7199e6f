"""Headline, teaser, lead-ins, crossheads, captions, questions, and the sections between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newsbridge.article import MASK, Article, Block, BlockKind, Metadata, Section, SectionKind, Shape
from newsbridge.languages import Language
from newsbridge.sections.captions import Caption, caption
from newsbridge.sections.front import find_headline, front, is_byline, is_crosshead
from newsbridge.sections.interview import Turn, Voice, find_label, turns
from newsbridge.sections.leadins import lead_ins
from newsbridge.sections.pieces import BLANK, Piece, pieces
from newsbridge.sections.rules import Rules, rules
from newsbridge.spans import Span

FRONT = frozenset({BlockKind.KICKER, BlockKind.HEADLINE, BlockKind.TEASER, BlockKind.BYLINE, BlockKind.CAPTION})
_NO_LINE_END = re.compile(r"[^\n]")
_LAST = 2  # pieces at the end that may be a byline


@dataclass(slots=True, eq=False)
class _Part:
    """A block to be; ``begins`` says which kind of section it opens."""

    kind: BlockKind
    span: Span
    label: Span | None = None
    credit: Span | None = None
    begins: SectionKind | None = None


def divide(article: Article, language: Language) -> Article:
    """Divide an article into sections and typed blocks.

    Args:
        article: As :mod:`newsbridge.reading` made it.
        language: Whose table ``[sections]`` decides.

    Returns:
        The article with sections (blocks have no segments yet) and what its front matter says as metadata; what a
        header said before goes first.  Signs of list items and
        the brackets of a credit are masked.  Blocks, in reading order, hold every word of it.

    Raises:
        NewsbridgeError: if the language has no table ``[sections]``.
    """
    known = rules(language)
    found = pieces(article)
    page = _Page(article.plain, found, known)
    signs = [piece.marker for piece in found if piece.marker]
    signs += [sign for this in page.captions.values() for sign in this.signs]
    plain = _masked(article.plain, sorted(signs))
    parts = [_stripped(part, plain) for part in page.parts()]
    divided = replace(article, plain=plain, sections=_sections(parts), hints=())
    return replace(divided, metadata=_metadata(divided, known))


def _masked(plain: str, signs: Sequence[Span]) -> str:
    """Mask what only sets something off: the signs of list items, the brackets of a credit; line ends stay."""
    shown, end = [], 0
    for sign in signs:
        shown += [plain[end : sign.start], _NO_LINE_END.sub(MASK, sign.of(plain))]
        end = sign.end
    return "".join(shown) + plain[end:]


def _stripped(part: _Part, plain: str) -> _Part:
    span = part.span.strip(plain, BLANK)
    return part if span == part.span else replace(part, span=span)


class _Page:
    """One article's pieces, and what each of them was found to be."""

    def __init__(self, text: str, found: Sequence[Piece], known: Rules) -> None:
        self.text, self.pieces, self.rules = text, found, known
        self.captions = self._captions()
        self.running = [index for index in range(len(found)) if index not in self.captions]
        self.turns = self._turns()
        self.lead_ins = self._lead_ins()
        self.front = self._front()

    def parts(self) -> list[_Part]:
        """Return the blocks to be, in reading order."""
        following = dict(pairwise(self.running))
        parts: list[_Part] = []
        for index, piece in enumerate(self.pieces):
            if index in self.captions:
                this = self.captions[index]
                parts.append(_Part(BlockKind.CAPTION, piece.span, this.label, this.credit))
            elif index in self.front:
                parts.append(_Part(self.front[index], piece.span))
            elif index in self.turns:
                parts.append(self._turn(piece, self.turns[index]))
            elif index in self.lead_ins:
                parts += self._lead_in(piece, self.lead_ins[index])
            elif piece.shape is Shape.HEADING:
                parts.append(_Part(BlockKind.HEADING, piece.span, begins=SectionKind.HEADING))
            elif piece.shape is Shape.LIST_ITEM:
                parts.append(_Part(BlockKind.LIST_ITEM, piece.span))
            elif len(self.pieces) - index <= _LAST and index and is_byline(self.text, piece, self.rules):
                parts.append(_Part(BlockKind.BYLINE, piece.span))
            elif self._heads(piece, following.get(index)):
                parts.append(_Part(BlockKind.HEADING, piece.span, begins=SectionKind.CROSSHEAD))
            else:
                parts.append(_Part(BlockKind.PARAGRAPH, piece.span))
        return parts

    def _captions(self) -> dict[int, Caption]:
        """Find the captions: by what they say, or because they stand in place of an image or in italics under it."""
        found: dict[int, Caption] = {}
        for index, piece in enumerate(self.pieces):
            below = bool(index) and self.pieces[index - 1].shape is Shape.IMAGE and piece.emphasised
            certain = piece.shape is Shape.IMAGE or below
            if certain or piece.shape is Shape.PARAGRAPH:
                this = caption(self.text, piece.span, self.rules, certain=certain)
                if this:
                    found[index] = this
        return found

    def _turns(self) -> dict[int, Turn]:
        """Find question and answer; a headline that asks is no question."""
        paragraphs = [index for index in self.running if self.pieces[index].shape is Shape.PARAGRAPH]
        first = self.pieces[0] if paragraphs and paragraphs[0] == 0 else None
        if first and is_crosshead(self.text, first) and not find_label(self.text, first.span):
            del paragraphs[0]
        bold = frozenset(
            place for place, index in enumerate(paragraphs) if self.pieces[index].strong == self.pieces[index].span
        )
        spans = [self.pieces[index].span for index in paragraphs]
        return {paragraphs[place]: turn for place, turn in turns(self.text, spans, bold, self.rules).items()}

    def _lead_ins(self) -> dict[int, int]:
        """Find the lead-ins; one on a line of its own heads the paragraph below."""
        paragraphs = [
            index for index in self.running if self.pieces[index].shape is Shape.PARAGRAPH and index not in self.turns
        ]
        spans = [self._reach(index) for index in paragraphs]
        bold = frozenset(place for place, index in enumerate(paragraphs) if self._begins_bold(self.pieces[index]))
        return {paragraphs[place]: colon for place, colon in lead_ins(self.text, spans, self.rules, bold).items()}

    def _begins_bold(self, piece: Piece) -> bool:
        """Say whether the words up to a colon, and no more, are in bold; the colon may stand outside."""
        strong = piece.strong
        if not strong or strong == piece.span:
            return False
        return self.text[strong.end - 1] == ":" or self.text[strong.end : piece.span.end][:4].strip(MASK)[:1] == ":"

    def _reach(self, index: int) -> Span:
        """Return a paragraph's span; of one that ends in a colon, with the paragraph it may head."""
        span = self.pieces[index].span
        ends = self.text[span.end - 1] == ":" and index + 1 < len(self.pieces)
        if ends and self.pieces[index + 1].shape is Shape.PARAGRAPH and index + 1 not in self.captions:
            return Span(span.start, self.pieces[index + 1].span.end)
        return span

    def _front(self) -> dict[int, BlockKind]:
        taken = {place for place, index in enumerate(self.running) if index in self.turns or index in self.lead_ins}
        run = [self.pieces[index] for index in self.running]
        found = front(self.text, run, frozenset(taken), self.rules, headline=find_headline(run))
        return {self.running[place]: kind for place, kind in found.items()}

    def _heads(self, piece: Piece, after: int | None) -> bool:
        """Say whether a piece is a crosshead: running text follows it."""
        if after is None or not is_crosshead(self.text, piece):
            return False
        if after in self.lead_ins or after in self.turns:
            return True
        below = self.pieces[after]
        if below.shape is Shape.LIST_ITEM:
            return True
        return below.shape is Shape.PARAGRAPH and not is_crosshead(self.text, below)

    def _turn(self, piece: Piece, turn: Turn) -> _Part:
        if turn.voice is Voice.QUESTION:
            return _Part(BlockKind.QUESTION, piece.span, turn.label, begins=SectionKind.QUESTION)
        return _Part(BlockKind.ANSWER, piece.span, turn.label)

    def _lead_in(self, piece: Piece, colon: int) -> list[_Part]:
        heading = _Part(BlockKind.HEADING, Span(piece.span.start, colon), begins=SectionKind.LEAD_IN)
        rest = Span(colon, piece.span.end).strip(self.text, BLANK)
        return [heading, _Part(BlockKind.PARAGRAPH, rest)] if rest else [heading]


def _sections(parts: Sequence[_Part]) -> tuple[Section, ...]:
    """Group blocks under their headings; what stands before the first heading is front matter, then the opening."""
    groups: list[tuple[SectionKind, _Part | None, list[_Part]]] = []
    leading = 0
    while leading < len(parts) and parts[leading].kind in FRONT:
        leading += 1
    if any(part.kind is not BlockKind.CAPTION for part in parts[:leading]):
        groups.append((SectionKind.FRONT, None, list(parts[:leading])))
        parts = parts[leading:]
    for part in parts:
        if part.begins:
            groups.append((part.begins, part, []))
        else:
            if not groups or groups[-1][0] is SectionKind.FRONT:
                groups.append((SectionKind.OPENING, None, []))
            groups[-1][2].append(part)
    first = 0 if groups and groups[0][0] is SectionKind.FRONT else 1
    return tuple(
        Section(
            id=f"s{number}",
            kind=kind,
            heading=_block(heading, f"s{number}.h") if heading else None,
            blocks=tuple(_block(part, f"s{number}.p{place}") for place, part in enumerate(blocks, 1)),
        )
        for number, (kind, heading, blocks) in enumerate(groups, first)
    )


def _block(part: _Part, id_: str) -> Block:
    return Block(id=id_, kind=part.kind, span=part.span, label=part.label, credit=part.credit)


def _metadata(article: Article, known: Rules) -> Metadata:
    """Add what the page itself says to what its header said."""
    said = article.metadata
    first = {block.kind: block for block in reversed(tuple(article.blocks()))}

    def words(kind: BlockKind) -> str | None:
        return article.words(first[kind].span) if kind in first else None

    byline = words(BlockKind.BYLINE)
    extra = dict(said.extra)
    if byline and (name := known.byline.match(byline) or known.agency_line.match(byline)):
        byline = name["name"]
    running = first.get(BlockKind.PARAGRAPH)
    if running and (line := known.dateline.match(article.plain, running.span.start, running.span.end)):
        byline = byline or line["agency"]
        extra.setdefault("dateline", line["place"])
    return replace(
        said,
        title=said.title or words(BlockKind.HEADLINE),
        kicker=said.kicker or words(BlockKind.KICKER),
        teaser=said.teaser or words(BlockKind.TEASER),
        byline=said.byline or byline,
        extra=extra,
    )

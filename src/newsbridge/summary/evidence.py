"""What a summary can stand on: the segments, their translations, and who said what in them.

A sentence of a summary is derived from the segments it cites.  After edits by hand it is derived again, so the rules
here know nothing of how a sentence was chosen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsbridge import languages
from newsbridge.article import (
    Article,
    Block,
    BlockKind,
    Ledger,
    Quotation,
    QuoteKind,
    Rendering,
    Speaker,
    Status,
    Translation,
)
from newsbridge.spans import Span
from newsbridge.summary.naming import Names, alike
from newsbridge.summary.rules import WORD, compile_frames, compile_rules, simple

RUNNING = frozenset({BlockKind.PARAGRAPH, BlockKind.ANSWER, BlockKind.LIST_ITEM, BlockKind.TEASER})
PAIRS = {"“": "”", "«": "»", "‘": "’", "„": "“", "‚": "‘", "»": "«", '"': '"'}
MOST = 20  # quotations of a segment; one with more is no sentence
_CLOSERS = '”»’“"«'
_SIGNS = ".!?…"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one segment gives to a summary."""

    text: str  # without the marks around it where ``marks`` has them
    lead: str | None = None  # who is named before it: "Jan Moser: …"
    marks: tuple[str, str] | None = None  # set round it: all of it is a quotation
    quotation: str | None = None  # whose speaker is named, here or in the text


def join(pieces: Sequence[Piece]) -> str:
    """Write pieces one after the other; a speaker, and a pair of marks, go on as long as they can.

    Example:
        >>> marks = ("“", "”")
        >>> join([Piece("We build.", "Jan Moser", marks, "q1"), Piece("This year.", "Jan Moser", marks, "q1")])
        'Jan Moser: “We build. This year.”'
    """
    text, before = "", Piece("")
    for piece in pieces:
        goes_on = bool(piece.marks) and before.marks == piece.marks and before.quotation == piece.quotation
        if before.marks and not goes_on:
            text += before.marks[1]
        text += " " * bool(text)
        if piece.lead and piece.lead != before.lead:
            text += f"{piece.lead}: "
        text += (piece.marks[0] if piece.marks and not goes_on else "") + piece.text
        before = piece
    return text + (before.marks[1] if before.marks else "")


class Evidence:
    """An article and its translation, indexed by segment.

    Args:
        article: Divided into sections and segments.
        ledger: Its quotations.
        translations: By segment id.
        renderings: By quotation id.
        target: BCP 47 tag of the target language.

    Raises:
        NewsbridgeError: if one of the two languages has no table ``[summary]``.
    """

    def __init__(
        self,
        article: Article,
        ledger: Ledger,
        translations: Mapping[str, Translation],
        renderings: Mapping[str, Rendering],
        *,
        target: str = "en",
    ) -> None:
        self.article = article
        self.ledger = ledger
        self.translations = translations
        self.renderings = renderings
        self.rules = compile_rules(languages.load(article.language))
        self.frames = compile_frames(languages.load(target))
        self.names = Names(article, self.rules, (each.target for each in translations.values()))
        self.block: dict[str, Block] = {}
        self.voice: dict[str, str] = {}  # who speaks in the answers of an interview
        for section in article.sections:
            voice = ""
            for block in section.every_block():
                if block.label and block.kind is BlockKind.ANSWER:
                    voice = article.words(block.label).rstrip(": ")
                for segment in block.segments:
                    self.block[segment.id] = block
                    if block.kind is BlockKind.ANSWER and voice:
                        self.voice[segment.id] = voice
        self.order = sorted(article.segments(), key=lambda segment: segment.span)
        self._starts = [segment.span.start for segment in self.order]
        self.said: dict[str, list[Quotation]] = defaultdict(list)
        self._parts: dict[tuple[str, str], list[Span]] = defaultdict(list)  # of quotations, by segment
        for quotation in ledger.quotations:
            for span in quotation.spans:
                for id_ in self.touched(span):
                    parts = self._parts[quotation.id, id_]
                    if not parts:
                        self.said[id_].append(quotation)
                    parts.append(span)
        self._targets: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for rendering in renderings.values():
            if rendering.status is not Status.MISSING:
                for each in rendering.targets:
                    if each.segment in translations and each.span.end <= len(translations[each.segment].target):
                        self._targets[rendering.quotation, each.segment].append(each.span)
        self.hearsay = {id_ for each in ledger.hearsay for id_ in self.touched(each.span)}

    def touched(self, span: Span) -> list[str]:
        """Return the ids of the segments that share a code point with ``span``, in order."""
        number = max(0, bisect_right(self._starts, span.start) - 1)
        found = []
        while number < len(self.order) and self.order[number].span.start < span.end:
            if self.order[number].span.meets(span):
                found.append(self.order[number].id)
            number += 1
        return found

    def target(self, segment: str) -> str:
        """Return the target text of a segment; empty where the record has none, or not that segment."""
        translation = self.translations.get(segment)
        return translation.target.strip() if translation and segment in self.block else ""

    # ------------------------------------------------------------------------------------------- deriving

    def derive(self, segments: Sequence[str], *, headline: bool = False) -> tuple[str, str | None] | None:
        """Write the sentence that these segments support.

        Args:
            segments: Ids of the evidence, in order of the article.
            headline: Write it as a headline, without a full stop; only then a heading may be cited.

        Returns:
            The text, and the id of the quotation whose speaker it names (None where it names none); None where a
            segment is gone, has no translation, or is somebody's words and cannot be shown with who says them.
        """
        if not segments:
            return None
        if headline and all(self._is_heading(id_) for id_ in segments):
            targets = [self.target(id_) for id_ in segments]
            return (_as_headline(" ".join(targets)), None) if all(targets) else None
        pieces = [piece for id_ in segments if (piece := self.piece(id_)) is not None]
        if len(pieces) < len(segments):
            return None
        text = join(pieces)
        quotation = next((piece.quotation for piece in pieces if piece.quotation), None)
        return _as_headline(text) if headline else text, quotation

    def _is_heading(self, segment: str) -> bool:
        return segment in self.block and self.block[segment].kind in (BlockKind.HEADLINE, BlockKind.HEADING)

    def piece(self, segment: str) -> Piece | None:
        """Return what a segment gives to a summary; None where it may not stand there."""
        text = self.target(segment)
        if not text or self.block[segment].kind not in RUNNING:
            return None
        if segment in self.hearsay and not self.frames.doubts(text):
            return None
        quotations = self.said.get(segment, [])
        if len(quotations) > MOST:
            return None
        whole = next((each for each in quotations if self._covers(each, segment)), None)
        if whole is not None and whole.kind is QuoteKind.DIRECT:
            return self._spoken(whole, segment)
        piece = self._told(text, quotations, segment)
        if piece is None or not balanced(piece.text):
            return None
        if self.block[segment].kind is BlockKind.ANSWER:
            return Piece(piece.text, self.voice[segment], None, piece.quotation) if segment in self.voice else None
        return piece

    def _covers(self, quotation: Quotation, segment: str) -> bool:
        """Say whether every word of the segment is in the quotation."""
        span = self._span(segment)
        rest = span.start
        for part in self._parts[quotation.id, segment]:
            if WORD.search(self.article.plain, rest, max(rest, part.start)):
                return False
            rest = min(part.end, span.end)
        return WORD.search(self.article.plain, rest, span.end) is None

    def _span(self, segment: str) -> Span:
        return self.article.segment_by_id[segment].span

    def _spoken(self, quotation: Quotation, segment: str) -> Piece | None:
        """Show a segment that is nothing but a quotation, with its speaker before it."""
        name = self.names.shown(quotation.speaker)
        words = [inner for span in self.spans(quotation, segment) if (inner := unmarked(span.of(self._raw(segment))))]
        if name is None or not words:
            return None
        marks = self.marks(quotation)
        text = f"{marks[1]} {marks[0]}".join(words)
        return Piece(text, name, marks, quotation.id) if balanced(marks[0] + text + marks[1]) else None

    def _raw(self, segment: str) -> str:
        return self.translations[segment].target

    def spans(self, quotation: Quotation, segment: str) -> list[Span]:
        """Return where a quotation stands in the target of a segment; nothing where it is missing."""
        return self._targets.get((quotation.id, segment), [])

    def marks(self, quotation: Quotation) -> tuple[str, str]:
        """Return the pair of marks a quotation has in the target."""
        rendering = self.renderings.get(quotation.id)
        for each in rendering.targets if rendering else ():
            if (
                each.segment in self.translations
                and (opener := self._raw(each.segment)[each.span.start :][:1]) in PAIRS
            ):
                return opener, PAIRS[opener]
        return "“", PAIRS["“"]

    def _told(self, text: str, quotations: Sequence[Quotation], segment: str) -> Piece | None:
        """Show a segment in which somebody else tells who says what, or in which the speaker must be added."""
        if not quotations:
            return Piece(text)
        text = self._completed(text, quotations, segment)
        credited = [each for each in quotations if self.credits(text, each, segment)]
        open_ = [each for each in quotations if each not in credited]
        if any(each.speaker is None and each.kind is QuoteKind.DIRECT for each in open_):
            return None
        carried = [each for each in open_ if each.speaker is not None]
        if not carried:
            return Piece(text, quotation=credited[0].id) if credited else None
        names = {self.names.shown(each.speaker) for each in carried}
        name = names.pop()
        inside = any(self._mentions(each.speaker, segment) for each in carried)
        if names or name is None or inside or credited:
            return None  # two voices, one we cannot name, or a pronoun that stands for it
        whole = all(self._covers(each, segment) for each in carried if each.kind is not QuoteKind.DIRECT)
        return Piece(according(text, name), quotation=carried[0].id) if whole else None

    def _completed(self, text: str, quotations: Sequence[Quotation], segment: str) -> str:
        """Close, in this segment, quotations that go on in the next; open those that come from the one before."""
        raw = self._raw(segment)
        additions: list[tuple[int, str]] = []
        for each in quotations:
            if each.kind is QuoteKind.DIRECT and any(
                not self._span(segment).holds(span) for span in self._parts[each.id, segment]
            ):
                opener, closer = self.marks(each)
                for span in self.spans(each, segment):
                    words = span.of(raw)
                    if words[:1] not in PAIRS:
                        additions.append((span.start, opener))
                    if words[-1:] not in _CLOSERS:
                        additions.append((span.end, closer))
        for place, mark in sorted(additions, reverse=True):
            raw = raw[:place] + mark + raw[place:]
        return raw.strip() if additions else text

    def _mentions(self, speaker: Speaker | None, segment: str) -> bool:
        return speaker is not None and speaker.mention is not None and self._span(segment).holds(speaker.mention)

    def credits(self, text: str, quotation: Quotation, segment: str) -> bool:
        """Say whether a target text names the speaker of a quotation, by name or as the segment does."""
        speaker = quotation.speaker
        if self.names.stands_in(text, speaker):
            return True
        if speaker is None or speaker.mention is None or not self._mentions(speaker, segment):
            return False
        words = WORD.findall(self.article.words(speaker.mention))
        if not words or simple(words[-1]) in self.rules.persons | self.rules.pronouns:
            return False
        key = self.names.key(speaker)
        by_name = self.names.shown(speaker) is not None and any(alike(key or "", word) for word in words)
        return not by_name and self.frames.reports(text)


def unmarked(text: str) -> str:
    """Take the marks off both ends of a quotation, where it has them."""
    text = text.strip()
    text = text[1:] if text[:1] in PAIRS else text
    if text[-1:] in _SIGNS + "," and text[-2:-1] and text[-2:-1] in _CLOSERS:
        return text[:-2] + text[-1]
    return (text[:-1] if text[-1:] and text[-1:] in _CLOSERS else text).strip()


def balanced(text: str) -> bool:
    """Say whether every double mark of a target text has its partner."""
    pairs = (("“", "”"), ("«", "»"))
    return all(text.count(opener) == text.count(closer) for opener, closer in pairs) and text.count('"') % 2 == 0


def according(text: str, name: str) -> str:
    """Add who says it to a sentence that does not.

    Example:
        >>> according("The lake is safe.", "Jan Moser")
        'The lake is safe, according to Jan Moser.'
    """
    body, closer = (text[:-1], text[-1]) if text[-1:] and text[-1] in _CLOSERS else (text, "")
    if body.endswith(("!", "?", "…")):
        return f"According to {name}: {text}"
    return (
        f"{body.rstrip('.')},{closer} according to {name}." if closer else f"{body.rstrip('.')}, according to {name}."
    )


def _as_headline(text: str) -> str:
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text

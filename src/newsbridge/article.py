"""Article, Section, Block, Segment, Quotation, Finding: frozen views into one source text.

Every span counts code points of :attr:`Article.text`, which is decoded once, normalised to NFC with LF line
ends once, and never edited.  Markdown's own signs stay in the text; :attr:`Article.plain` has the same length
and shows :data:`MASK` in their place, so that every step reads the words and every offset stays true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from newsbridge.spans import Span

MASK = "\u200b"  # zero width space: stands in ``Article.plain`` where markup stood
_BLANKS = re.compile(r"\s+")


class BlockKind(StrEnum):
    """What a block of the page is, in the words of the trade."""

    KICKER = "kicker"
    HEADLINE = "headline"
    TEASER = "teaser"
    BYLINE = "byline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUESTION = "question"
    ANSWER = "answer"
    LIST_ITEM = "list-item"
    CAPTION = "caption"


class Shape(StrEnum):
    """What Markdown's signs say a stretch of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    IMAGE = "image"  # the text in place of an image


@dataclass(frozen=True, slots=True)
class Hint:
    """One stretch of a Markdown article, as its signs divide it; reading leaves it for sections."""

    shape: Shape
    span: Span
    level: int = 0  # of a heading, 1 to 6
    strong: Span | None = None  # what stands in bold at its beginning
    emphasised: bool = False  # all of it in italics


class SectionKind(StrEnum):
    """How a section begins."""

    FRONT = "front"  # kicker, headline, teaser, byline: id s0, no running text
    OPENING = "opening"  # running text before the first heading
    LEAD_IN = "lead-in"  # "So geht es weiter: …"
    CROSSHEAD = "crosshead"  # a short line of its own
    HEADING = "heading"  # a Markdown heading
    QUESTION = "question"  # an interview's question, with its answers


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence (or a part of an overlong one): what goes into an engine."""

    id: str  # s2.p1.3; of a heading s2.h.1
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or caption.

    ``span`` holds all of it except markup; ``segments`` stay inside it, in reading order, without overlap.
    """

    id: str  # s2.p1; the heading of a section is s2.h
    kind: BlockKind
    span: Span
    segments: tuple[Segment, ...] = ()
    label: Span | None = None  # who speaks in an interview ("Kühn:"), or "Legende:" of a caption; no segment holds it
    credit: Span | None = None  # of a caption: "Keystone"; no segment holds it


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its running text, or running text before the first heading."""

    id: str  # s2; the front matter is s0
    kind: SectionKind
    heading: Block | None
    blocks: tuple[Block, ...]

    def every_block(self) -> tuple[Block, ...]:
        """Return the heading, if there is one, and the blocks, in reading order."""
        return (self.heading, *self.blocks) if self.heading else self.blocks


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about the article; None where the source does not say.

    ``date`` is ISO 8601, as exact as the source has it: ``2022-01`` or ``2022-01-06``.
    """

    title: str | None = None
    kicker: str | None = None
    teaser: str | None = None
    byline: str | None = None
    date: str | None = None
    url: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


class Severity(StrEnum):
    """How bad a finding is; ``--strict`` exits with 3 on an error, ``--strict=warning`` on a warning too."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return tuple(Severity).index(self)


class FindingKind(StrEnum):
    """Every kind of finding; the part before the first hyphen is its family."""

    QUOTE_UNCLOSED = "quote-unclosed"  # source: an opening mark without partner
    QUOTE_UNOPENED = "quote-unopened"  # source: a closing mark without partner
    QUOTE_LOST = "quote-lost"  # target: a pair of marks is missing
    QUOTE_INVENTED = "quote-invented"  # target: a pair of marks the source does not have
    QUOTE_MOVED = "quote-moved"  # target: marks are there, round other words
    QUOTE_MERGED = "quote-merged"  # target: two pairs became one
    QUOTE_GROWN = "quote-grown"  # target: a partial quotation holds words that are not quoted in the source
    QUOTE_STRAY = "quote-stray"  # target: a mark without partner
    SPEAKER_LOST = "speaker-lost"  # who says it is not in the target, or only inside the quotation
    SPEAKER_CHANGED = "speaker-changed"  # somebody else says it
    FIGURE_LOST = "figure-lost"
    FIGURE_INVENTED = "figure-invented"
    FIGURE_CHANGED = "figure-changed"  # one stands where the source has another
    NAME_LOST = "name-lost"
    NAME_TRANSLATED = "name-translated"  # a name was taken for a word
    NEGATION_LOST = "negation-lost"
    NEGATION_INVENTED = "negation-invented"
    CLAIM_AS_FACT = "claim-as-fact"  # reported speech became a fact
    DROPPED_TEXT = "dropped-text"  # a segment has no translation, lacks a part, or was cut at the model's limit
    INVENTED_TEXT = (
        "invented-text"  # the target says what nothing in the source does; a brief's sentence nothing supports
    )
    RESIDUE_SOURCE = "residue-source"  # a segment, or words of it, came back in German
    LOOP_REPEATED = "loop-repeated"  # the engine repeated itself
    GLOSSARY_MISSED = "glossary-missed"  # a term has another translation than the glossary's


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an editor should look at: what, how bad, and where on both sides."""

    kind: FindingKind
    severity: Severity
    message: str  # one sentence, in an editor's words
    source: Span | None = None  # into Article.text
    target: Span | None = None  # into the target text of ``segment``
    segment: str | None = None


class QuoteKind(StrEnum):
    """How speech is reported."""

    DIRECT = "direct"
    INDIRECT = "indirect"  # with a frame: "… habe um Hilfe gebeten, erklärt Nauer"
    SUBJUNCTIVE = "subjunctive"  # reported speech without a frame: "Die Lage sei ernst."


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words they are, as far as the article tells.

    ``name`` is the person or body as introduced in the article, None where a mention could not be resolved.
    ``confidence`` runs from 0 to 1; ``rule`` names the rule that decided.
    """

    mention: Span | None  # None only where nothing in the text names the speaker
    name: str | None
    description: str | None
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """One utterance and the voice it belongs to.

    ``spans`` has one entry per part of an interrupted quotation, in reading order; a direct one's include their
    marks.  ``contents`` are the same parts without marks.  ``partial`` says that the words are part of somebody
    else's sentence («Friedenstruppen auf Zeit»).
    """

    id: str  # q4
    kind: QuoteKind
    spans: tuple[Span, ...]
    contents: tuple[Span, ...]
    partial: bool = False
    speaker: Speaker | None = None
    cue: Span | None = None
    medium: Span | None = None


@dataclass(frozen=True, slots=True)
class Hearsay:
    """A claim with "sollen" and no source: "eine Schiesserei soll es gegeben haben"."""

    id: str  # h1
    span: Span
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Who said what, in reading order of the first part.

    ``marked`` are pairs of marks that hold no speech (titles, names, scare quotes), marks included.
    """

    quotations: tuple[Quotation, ...] = ()
    hearsay: tuple[Hearsay, ...] = ()
    marked: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()


class Origin(StrEnum):
    """Where a target text comes from: as the model gave it, from the memory, or from a rung of the ladder."""

    MODEL = "model"
    MEMORY = "memory"
    CHOOSE = "repaired:choose"
    ALIGN = "repaired:align"
    SPLIT = "repaired:split"


@dataclass(frozen=True, slots=True)
class Translation:
    """What stands opposite a segment.

    ``text`` is the source as a reader reads it (no markup, single blanks); ``target`` is in the house style and
    empty only together with a finding ``dropped-text``.
    """

    segment: str
    text: str
    target: str
    origin: Origin
    engine: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """A stretch of the target text of one segment."""

    segment: str
    span: Span


class Status(StrEnum):
    """What became of a quotation on the way into the target language."""

    KEPT = "kept"
    REPAIRED = "repaired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Rendering:
    """Where a quotation of the ledger stands in the translation; spans include their marks."""

    quotation: str
    status: Status
    targets: tuple[TargetSpan, ...] = ()


@dataclass(frozen=True)
class Article:
    """One source text and its structure.

    Blocks, the header and Markdown's signs together hold every code point of ``text`` that is not blank.
    """

    text: str
    plain: str  # as long as text; MASK where markup stood
    sha256: str  # of the bytes as read
    path: str | None  # as given, with "/"; None for stdin
    language: str  # BCP 47
    metadata: Metadata
    sections: tuple[Section, ...] = ()
    header: Span | None = None  # " date 2022-01 ": metadata inside the text
    findings: tuple[Finding, ...] = ()
    hints: tuple[Hint, ...] = ()  # of a Markdown article until it is divided; together they hold all its words

    def blocks(self) -> Iterator[Block]:
        """Yield every block in reading order, headings and captions included."""
        for section in self.sections:
            yield from section.every_block()

    def segments(self) -> Iterator[Segment]:
        """Yield every segment in reading order."""
        for block in self.blocks():
            yield from block.segments

    @cached_property
    def segment_by_id(self) -> Mapping[str, Segment]:
        """Every segment under its id."""
        return {segment.id: segment for segment in self.segments()}

    def words(self, span: Span) -> str:
        """Return what a reader reads there: without markup, every run of blanks one space."""
        return _BLANKS.sub(" ", span.of(self.plain).replace(MASK, "")).strip()

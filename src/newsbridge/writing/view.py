"""What every page shows, whatever it is written in: a record laid out for a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsbridge.article import BlockKind, Finding, QuoteKind, Status
from newsbridge.record import Record
from newsbridge.writing.weave import Token

MARKER = "newsbridge/1 view of a record: derived, never an input"
SURE = 0.75  # an attribution below this confidence is said to be unsure
MANY_ROWS = 150
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks in the article."""

    number: int  # from 1, in order of the article
    name: str
    initials: str  # at most three letters, "?" where nothing names the speaker
    description: str | None
    quotes: tuple[str, ...]  # ids of the quotations, in order


@dataclass(frozen=True, slots=True)
class Said:
    """One quotation as a reader sees it."""

    id: str
    kind: QuoteKind
    partial: bool
    voice: Voice
    carried: bool  # the speaker was named before the sentences of the quotation
    percent: int  # confidence of the attribution, 0 to 100
    rule: str
    medium: str | None
    status: Status
    source: str
    target: str  # empty where the quotation did not reach the target language
    segment: str | None  # where it begins

    @property
    def unsure(self) -> bool:
        """Say whether the reader should be told how sure the attribution is."""
        return self.carried or self.percent < SURE * 100

    @property
    def label(self) -> str:
        """Name the way the speech is reported."""
        if self.kind is QuoteKind.DIRECT:
            return "partial quote" if self.partial else "direct quote"
        return "reported speech" if self.kind is QuoteKind.INDIRECT else "reported speech, no frame"


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding with its place on the page."""

    id: str  # f1, in order of the article
    finding: Finding
    segment: str | None  # None where it belongs to no segment that is shown


@dataclass(frozen=True, slots=True)
class Line:
    """One segment on both sides."""

    id: str
    source: tuple[Token, ...]
    target: tuple[Token, ...]  # empty where there is no translation
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One block on both sides, and what stands in its margin."""

    id: str
    kind: BlockKind
    label: str
    credit: str
    lines: tuple[Line, ...]
    begins: tuple[Said, ...]  # quotations that begin here
    goes_on: tuple[Said, ...]  # quotations that began further up
    hearsay: tuple[str, ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Every finding of the block."""
        return tuple(remark for line in self.lines for remark in line.remarks)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a summary with its evidence."""

    text: str
    segments: tuple[str, ...]  # those that are on the page
    said: Said | None
    engine: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section on both sides."""

    id: str
    heading: Row | None
    title: str  # the heading in the target language, or in the source language
    summary: tuple[Cited, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole record, laid out."""

    record: Record
    title: str
    source_title: str | None
    source_language: str  # "German"
    target_language: str
    dateline: tuple[str, ...]  # byline, source, date: what is known of them
    link: str | None  # http or https only
    headline: Cited | None
    points: tuple[Cited, ...]
    key_quotes: tuple[Said, ...]
    voices: tuple[Voice, ...]
    said: Mapping[str, Said]
    remarks: tuple[Remark, ...]
    parts: tuple[Part, ...]

    @property
    def long(self) -> bool:
        """Say whether there are so many rows that a browser should draw only those in sight."""
        return sum(len(part.rows) for part in self.parts) > MANY_ROWS

    @property
    def notice(self) -> tuple[str, str]:
        """Say that the target text is machine-made, and by whom; then what follows from it."""
        made = self.record.provenance
        engine = made.engine if made.model in ("", made.engine) else f"{made.engine} ({made.model})"
        return (
            f"The {self.target_language} on this page is machine-made, by the engine {engine}.",
            f"Check it against the {self.source_language} before anything is published.",
        )

    @property
    def colophon(self) -> tuple[tuple[str, str], ...]:
        """List what made the page, as pairs of a name and a value that is known."""
        made, article = self.record.provenance, self.record.article
        settings = ", ".join(f"{name} {value}" for name, value in made.settings.items())
        pairs = (
            ("Engine", made.engine),
            ("Model", made.model),
            ("Revision", made.revision[:12]),
            ("Licence of the model", made.license),
            ("Summaries", made.summarizer),
            ("Settings", settings),
            ("Source", article.path or "standard input"),
            ("Address", article.metadata.url or ""),
            ("Date", read_date(article.metadata.date) if article.metadata.date else ""),
            ("SHA-256", article.sha256[:12]),
            ("Written by", f"{made.tool}, as a view of the record"),
        )
        return tuple((name, value) for name, value in pairs if value)


def read_date(date: str) -> str:
    """Write an ISO date as a newspaper does; anything else stays as it is.

    Example:
        >>> read_date("2022-01-06"), read_date("2022-01"), read_date("im Januar")
        ('6 January 2022', 'January 2022', 'im Januar')
    """
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?(?:T.*)?", date)
    if not found:
        return date
    year, month, day = found.groups()
    return (f"{int(day)} " if day else "") + f"{MONTHS[int(month) - 1]} {year}"

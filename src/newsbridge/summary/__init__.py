"""Section summaries and the brief, each sentence with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from newsbridge.article import Article, Ledger, Rendering, Translation


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a summary, in the target language.

    ``segments`` are the ids of its evidence, at least one.  ``attribution`` is the id of the quotation or reported
    speech whose speaker the sentence names, None where it needs none.  ``engine`` wrote it; ``reason`` says why it was
    not the one that was asked.
    """

    text: str
    segments: tuple[str, ...]
    engine: str
    attribution: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """One or two sentences on a section."""

    section: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Headline, three to five points, and the ids of the key quotations, all in order of the article."""

    headline: Sentence | None = None
    points: tuple[Sentence, ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a summariser makes of an article."""

    sections: tuple[SectionSummary, ...] = ()
    brief: Brief = Brief()


@runtime_checkable
class Summarizer(Protocol):
    """What a summariser must be."""

    name: str

    def summarise(
        self,
        article: Article,
        ledger: Ledger,
        translations: Mapping[str, Translation],
        renderings: Mapping[str, Rendering],
    ) -> Summary:
        """Summarise each section that has running text, and the article.

        Args:
            article: Divided into sections and segments.
            ledger: Its quotations.
            translations: By segment id; a segment without one, or with an empty target, is never cited.
            renderings: By quotation id.
        """
        ...

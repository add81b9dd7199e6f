"""The record: one JSON document per article, from which every other format is derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from newsbridge.article import Article, Finding, Ledger, Rendering, Translation
from newsbridge.summary import Summary

SCHEMA = "newsbridge/1"


@dataclass(frozen=True)
class Provenance:
    """What made the target text, so that two records that differ can say why."""

    tool: str  # "newsbridge 0.1.0"
    engine: str  # the engine's name as on the command line: "embedded"
    model: str  # what a reader should be told: "newsbridge de-en, version 1"
    revision: str
    license: str
    summarizer: str
    settings: Mapping[str, Any] = field(default_factory=dict)  # beam, n_best, quote_style, …


@dataclass(frozen=True)
class Record:
    """Everything newsbridge knows about one article: the source, the ledger, the target text, the brief."""

    article: Article
    ledger: Ledger
    translations: tuple[Translation, ...]  # reading order
    renderings: tuple[Rendering, ...]  # one per quotation of the ledger
    summary: Summary
    findings: tuple[Finding, ...]  # of the article as a whole; a segment's own stand in its translation
    provenance: Provenance
    target_language: str = "en"
    quote_style: str = "american"

    @cached_property
    def translation(self) -> Mapping[str, Translation]:
        """Every translation under its segment's id."""
        return {translation.segment: translation for translation in self.translations}

    @cached_property
    def rendering(self) -> Mapping[str, Rendering]:
        """Every rendering under its quotation's id."""
        return {rendering.quotation: rendering for rendering in self.renderings}

    def every_finding(self) -> tuple[Finding, ...]:
        """Return the findings of the article and of its segments."""
        return (*self.findings, *(finding for each in self.translations for finding in each.findings))

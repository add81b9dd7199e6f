"""The record as JSON: writing it, and reading it back after a person may have edited it.

The layout is published as ``schema.json`` beside this file.  Spans are ``[begin, end]``, half-open, in code
points: of ``source.text`` on the German side, of the segment's ``target`` on the English one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from newsbridge.article import (
    MASK,
    Article,
    Block,
    BlockKind,
    Finding,
    FindingKind,
    Hearsay,
    Ledger,
    Metadata,
    Origin,
    Quotation,
    QuoteKind,
    Rendering,
    Section,
    SectionKind,
    Segment,
    Severity,
    Speaker,
    Status,
    TargetSpan,
    Translation,
)
from newsbridge.errors import RecordError
from newsbridge.record import SCHEMA, Provenance, Record
from newsbridge.spans import Span
from newsbridge.summary import Brief, SectionSummary, Sentence, Summary


@cache
def schema() -> Mapping[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the record."""
    text = resources.files(__package__).joinpath("schema.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def dumps(record: Record) -> str:
    """Write a record as JSON, two spaces deep, with a final line feed; equal records give equal bytes."""
    return json.dumps(to_document(record), ensure_ascii=False, indent=2) + "\n"


def loads(text: str | bytes, where: str = "the record") -> Record:
    """Read a record.

    Args:
        text: The JSON document.
        where: The file's name, for the message.

    Raises:
        RecordError: if it is no JSON, no record, of another version, or damaged; the message says where.
    """
    hint = "give the NAME.json that `newsbridge translate` wrote"
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{where} is not JSON: {error}", hint) from None
    found = document.get("schema") if isinstance(document, dict) else None
    if found != SCHEMA:
        said = f"its schema is {found!r}" if found else "it has no field schema"
        raise RecordError(f"{where} is not a newsbridge record: {said}", hint)
    _validate(document, where)
    return from_document(document, where)


def _validate(document: Any, where: str) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    fault = best_match(Draft202012Validator(schema()).iter_errors(document))
    if fault is not None:
        raise RecordError(
            f"{where} is damaged at {fault.json_path}: {fault.message[:200]}",
            "undo the edit there, or translate the article again",
        )


# ------------------------------------------------------------------------------------------------ writing


def to_document(record: Record) -> dict[str, Any]:
    """Turn a record into what JSON can hold; the inverse of :func:`from_document`."""
    article, ledger = record.article, record.ledger
    return {
        "schema": SCHEMA,
        "source": {
            "path": article.path,
            "sha256": article.sha256,
            "language": article.language,
            "metadata": _metadata(article.metadata),
            "header": _span(article.header),
            "text": article.text,
            "markup": [list(pair) for pair in _masked(article.plain, article.text)],
        },
        "target": {"language": record.target_language, "quote_style": record.quote_style},
        "sections": [_section(section, record.translation) for section in article.sections],
        "quotes": [_quotation(each, record) for each in ledger.quotations],
        "hearsay": [{"id": each.id, "span": _span(each.span), "cue": _span(each.cue)} for each in ledger.hearsay],
        "marked": [_span(span) for span in ledger.marked],
        "summaries": [
            {"section": each.section, "sentences": [_sentence(sentence) for sentence in each.sentences]}
            for each in record.summary.sections
        ],
        "brief": {
            "headline": _sentence(record.summary.brief.headline) if record.summary.brief.headline else None,
            "points": [_sentence(point) for point in record.summary.brief.points],
            "quotes": list(record.summary.brief.quotes),
        },
        "findings": [finding_document(finding) for finding in record.findings],
        "provenance": {
            "tool": record.provenance.tool,
            "engine": record.provenance.engine,
            "model": record.provenance.model,
            "revision": record.provenance.revision,
            "license": record.provenance.license,
            "summarizer": record.provenance.summarizer,
            "settings": dict(record.provenance.settings),
        },
    }


def finding_document(finding: Finding) -> dict[str, Any]:
    """Turn a finding into ``{"kind", "severity", "source", "target", "message"}``."""
    return {
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "source": _span(finding.source),
        "target": _span(finding.target),
        "message": finding.message,
    }


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span is not None else None


def _masked(plain: str, text: str) -> Iterable[tuple[int, int]]:
    """Yield the stretches where markup stands in ``text`` and a mask in ``plain``."""
    start: int | None = None
    for offset, (shown, written) in enumerate(chain(zip(plain, text, strict=True), [("", "")])):
        hidden = shown == MASK and written != MASK
        if hidden and start is None:
            start = offset
        elif not hidden and start is not None:
            yield start, offset
            start = None


def _metadata(metadata: Metadata) -> dict[str, Any]:
    known = {name: getattr(metadata, name) for name in ("title", "kicker", "teaser", "byline", "date", "url")}
    return {name: value for name, value in known.items() if value is not None} | dict(metadata.extra)


def _section(section: Section, translation: Mapping[str, Translation]) -> dict[str, Any]:
    return {
        "id": section.id,
        "kind": section.kind.value,
        "heading": _block(section.heading, translation) if section.heading else None,
        "blocks": [_block(block, translation) for block in section.blocks],
    }


def _block(block: Block, translation: Mapping[str, Translation]) -> dict[str, Any]:
    extras = {"label": _span(block.label), "credit": _span(block.credit)}
    return {
        "id": block.id,
        "kind": block.kind.value,
        "span": _span(block.span),
        **{name: span for name, span in extras.items() if span is not None},
        "segments": [
            _segment(segment, translation[segment.id]) for segment in block.segments if segment.id in translation
        ],
    }


def _segment(segment: Segment, translation: Translation) -> dict[str, Any]:
    return {
        "id": segment.id,
        "span": _span(segment.span),
        "text": translation.text,
        "target": translation.target,
        "origin": translation.origin.value,
        "engine": translation.engine,
        "findings": [finding_document(finding) for finding in translation.findings],
    }


def _quotation(quotation: Quotation, record: Record) -> dict[str, Any]:
    rendering = record.rendering[quotation.id]
    speaker = quotation.speaker
    return {
        "id": quotation.id,
        "kind": quotation.kind.value,
        "partial": quotation.partial,
        "spans": [_span(span) for span in quotation.spans],
        "contents": [_span(span) for span in quotation.contents],
        "speaker": None
        if speaker is None
        else {
            "mention": _span(speaker.mention),
            "name": speaker.name,
            "description": speaker.description,
            "confidence": round(speaker.confidence, 2),
            "rule": speaker.rule,
        },
        "cue": _span(quotation.cue),
        "medium": _span(quotation.medium),
        "target_spans": [{"segment": each.segment, "span": _span(each.span)} for each in rendering.targets],
        "status": rendering.status.value,
    }


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "segments": list(sentence.segments),
        "attribution": sentence.attribution,
        "engine": sentence.engine,
        **({"reason": sentence.reason} if sentence.reason else {}),
    }


# ------------------------------------------------------------------------------------------------ reading


def from_document(document: Mapping[str, Any], where: str = "the record") -> Record:
    """Turn a valid document into a record.

    Raises:
        RecordError: if a span points outside its text.
    """
    source = document["source"]
    text: str = source["text"]

    def read(pair: list[int] | None) -> Span | None:
        if pair is None:
            return None
        if not 0 <= pair[0] <= pair[1] <= len(text):
            raise RecordError(
                f"{where} is damaged: the span {pair} lies outside source.text ({len(text)} code points)",
                "undo the edit of source.text or of the span, or translate the article again",
            )
        return Span(*pair)

    def need(pair: list[int]) -> Span:
        span = read(pair)
        assert span is not None  # the schema says so
        return span

    def segment_findings(items: list[dict[str, Any]], segment: str | None, length: int) -> tuple[Finding, ...]:
        return tuple(
            Finding(
                FindingKind(item["kind"]),
                Severity(item["severity"]),
                item["message"],
                read(item["source"]),
                Span(*item["target"]) if item["target"] and item["target"][1] <= length else None,
                segment,
            )
            for item in items
        )

    def block(item: dict[str, Any]) -> Block:
        return Block(
            item["id"],
            BlockKind(item["kind"]),
            need(item["span"]),
            tuple(Segment(each["id"], need(each["span"])) for each in item["segments"]),
            read(item.get("label")),
            read(item.get("credit")),
        )

    def speaker(item: dict[str, Any] | None) -> Speaker | None:
        if item is None:
            return None
        return Speaker(read(item["mention"]), item["name"], item["description"], item["confidence"], item["rule"])

    sections = tuple(
        Section(
            each["id"],
            SectionKind(each["kind"]),
            block(each["heading"]) if each["heading"] else None,
            tuple(block(item) for item in each["blocks"]),
        )
        for each in document["sections"]
    )
    rows = [
        row
        for each in document["sections"]
        for item in ([each["heading"]] if each["heading"] else []) + each["blocks"]
        for row in item["segments"]
    ]
    translations = tuple(
        Translation(
            row["id"],
            row["text"],
            row["target"],
            Origin(row["origin"]),
            row["engine"],
            segment_findings(row["findings"], row["id"], len(row["target"])),
        )
        for row in rows
    )
    plain = list(text)
    for start, end in source["markup"]:
        span = need([start, end])
        plain[span.start : span.end] = MASK * len(span)
    metadata = dict(source["metadata"])
    known = {name: metadata.pop(name, None) for name in ("title", "kicker", "teaser", "byline", "date", "url")}
    article = Article(
        text=text,
        plain="".join(plain),
        sha256=source["sha256"],
        path=source["path"],
        language=source["language"],
        metadata=Metadata(**known, extra=metadata),
        sections=sections,
        header=read(source["header"]),
    )
    ledger = Ledger(
        tuple(
            Quotation(
                each["id"],
                QuoteKind(each["kind"]),
                tuple(need(pair) for pair in each["spans"]),
                tuple(need(pair) for pair in each["contents"]),
                each["partial"],
                speaker(each["speaker"]),
                read(each["cue"]),
                read(each["medium"]),
            )
            for each in document["quotes"]
        ),
        tuple(Hearsay(each["id"], need(each["span"]), read(each["cue"])) for each in document["hearsay"]),
        tuple(need(pair) for pair in document["marked"]),
    )
    brief = document["brief"]
    return Record(
        article=article,
        ledger=ledger,
        translations=translations,
        renderings=tuple(_rendering(each) for each in document["quotes"]),
        summary=Summary(
            tuple(
                SectionSummary(each["section"], tuple(_read_sentence(item) for item in each["sentences"]))
                for each in document["summaries"]
            ),
            Brief(
                _read_sentence(brief["headline"]) if brief["headline"] else None,
                tuple(_read_sentence(item) for item in brief["points"]),
                tuple(brief["quotes"]),
            ),
        ),
        findings=segment_findings(document["findings"], None, 0),
        provenance=Provenance(**document["provenance"]),
        target_language=document["target"]["language"],
        quote_style=document["target"]["quote_style"],
    )


def _rendering(item: Mapping[str, Any]) -> Rendering:
    return Rendering(
        item["id"],
        Status(item["status"]),
        tuple(TargetSpan(each["segment"], Span(*each["span"])) for each in item["target_spans"]),
    )


def _read_sentence(item: Mapping[str, Any]) -> Sentence:
    return Sentence(item["text"], tuple(item["segments"]), item["engine"], item["attribution"], item.get("reason"))

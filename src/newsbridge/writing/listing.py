"""The ledger and the section map: as JSON for programs, as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from newsbridge.article import Article, BlockKind, Ledger, Quotation, SectionKind
from newsbridge.spans import Span

Offsets = Callable[[int], int]  # of Article.text → of the text as it was given
RUNNING = {BlockKind.PARAGRAPH, BlockKind.ANSWER, BlockKind.LIST_ITEM}


def sections_document(article: Article, offsets: Offsets) -> dict[str, Any]:
    """Return the section map in the shape of ``segment --json``.

    Headings, captions and the front matter are never in ``paragraphs``; spans count in the text as given.
    """

    def pair(span: Span) -> list[int]:
        return [offsets(span.start), offsets(span.end)]

    metadata = article.metadata
    known = {name: getattr(metadata, name) for name in ("kicker", "teaser", "byline", "date", "url")}
    return {
        "title": metadata.title,
        "metadata": {name: value for name, value in known.items() if value is not None} | dict(metadata.extra),
        "sections": [
            {
                "heading": heading_text(article, section.heading.span) if section.heading else None,
                "heading_span": pair(section.heading.span) if section.heading else None,
                "kind": section.kind.value,
                "paragraphs": [article.words(block.span) for block in section.blocks if block.kind in RUNNING],
            }
            for section in article.sections
            if section.kind is not SectionKind.FRONT
        ],
        "captions": [
            {
                "text": caption_text(article, block.span, block.label, block.credit),
                "credit": article.words(block.credit) if block.credit else None,
                "span": pair(block.span),
            }
            for block in article.blocks()
            if block.kind is BlockKind.CAPTION
        ],
    }


def heading_text(article: Article, span: Span) -> str:
    """Return a heading as a reader reads it, without the colon of a lead-in."""
    return article.words(span).rstrip(":").rstrip()


def caption_text(article: Article, span: Span, label: Span | None, credit: Span | None) -> str:
    """Return a caption without its label ("Legende:") and without its credit."""
    start = label.end if label else span.start
    end = credit.start if credit and credit.start >= start else span.end
    return article.words(Span(start, end)).rstrip("(").strip()


def _uninterrupted(article: Article, spans: tuple[Span, ...]) -> Iterator[Span]:
    """Yield the parts of a quotation, those between which nothing but a paragraph ends as one."""
    part = spans[0]
    for span in spans[1:]:
        if Span(part.end, span.start).of(article.text).isspace() and span.of(article.text)[0].isalnum():
            part = Span(part.start, span.end)
            continue
        yield part
        part = span
    yield part


def quotes_document(article: Article, ledger: Ledger, offsets: Offsets) -> dict[str, Any]:
    """Return the ledger in the shape of ``quotes --json``: ``speaker`` is the mention, ``resolved`` the name."""

    def pair(span: Span) -> list[int]:
        return [offsets(span.start), offsets(span.end)]

    def row(quotation: Quotation) -> dict[str, Any]:
        whole, speaker = Span.cover(quotation.spans), quotation.speaker
        mention = speaker.mention if speaker else None
        return {
            "begin": offsets(whole.start),
            "end": offsets(whole.end),
            "spans": [pair(span) for span in _uninterrupted(article, quotation.spans)],
            "text": whole.of(article.text),
            "kind": quotation.kind.value,
            "partial": quotation.partial,
            "speaker": mention.of(article.text) if mention else None,
            "speaker_begin": offsets(mention.start) if mention else None,
            "speaker_end": offsets(mention.end) if mention else None,
            "resolved": speaker.name if speaker else None,
            "cue": quotation.cue.of(article.text) if quotation.cue else None,
            "medium": quotation.medium.of(article.text) if quotation.medium else None,
            "confidence": round(speaker.confidence, 2) if speaker else None,
            "rule": speaker.rule if speaker else None,
        }

    return {
        "quotes": [row(quotation) for quotation in ledger.quotations],
        "hearsay": [
            {"begin": offsets(each.span.start), "end": offsets(each.span.end), "text": each.span.of(article.text)}
            for each in ledger.hearsay
        ],
    }


def sections_text(article: Article) -> str:
    """Return the section map as text: one line per section, with how many sentences stand below it."""
    lines = [line for line in (article.metadata.title, article.metadata.date) if line]
    for section in article.sections:
        heading = heading_text(article, section.heading.span) if section.heading else "–"
        running = [block for block in section.blocks if block.kind in RUNNING]
        sentences = sum(len(block.segments) for block in running)
        lines.append(
            f"{section.id:4} {section.kind.value:10} {heading}"
            f"  ({_count(len(running), 'paragraph')}, {_count(sentences, 'sentence')})"
        )
        for block in section.blocks:
            if block.kind is BlockKind.CAPTION:
                credit = f"  [{article.words(block.credit)}]" if block.credit else ""
                text = caption_text(article, block.span, block.label, block.credit)
                lines.append(f"     caption    {text}{credit}")
    return "".join(line + "\n" for line in lines)


def quotes_text(article: Article, ledger: Ledger, *, explain: bool = False) -> str:
    """Return the ledger as text: speaker, kind and words of each quotation, with ``explain`` the rule behind it."""
    lines = []
    for quotation in ledger.quotations:
        speaker = quotation.speaker
        mention = article.words(speaker.mention) if speaker and speaker.mention else None
        name = (speaker.name if speaker else None) or mention or "speaker unknown"
        kind = f"{quotation.kind.value}{', partial' if quotation.partial else ''}"
        lines.append(f"{quotation.id:4} {name} ({kind})")
        lines.append("     " + " […] ".join(article.words(span) for span in quotation.spans))
        if explain and speaker:
            said = f"mention «{mention}»" if mention else "no mention"
            cue = f", cue «{article.words(quotation.cue)}»" if quotation.cue else ""
            medium = f", in {article.words(quotation.medium)}" if quotation.medium else ""
            lines.append(f"     rule {speaker.rule}, confidence {speaker.confidence:.2f}, {said}{cue}{medium}")
    for each in ledger.hearsay:
        lines.append(f"{each.id:4} hearsay, no speaker\n     {article.words(each.span)}")
    if not lines:
        lines.append("no quotations")
    return "".join(line + "\n" for line in lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

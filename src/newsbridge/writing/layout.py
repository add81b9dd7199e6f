"""Laying a record out: which quotation, finding and claim stands in which segment, on both sides."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from newsbridge import languages
from newsbridge.article import Block, BlockKind, Finding, Metadata, Quotation, Section, Status
from newsbridge.errors import NewsbridgeError
from newsbridge.record import Record
from newsbridge.spans import Span
from newsbridge.summary import Sentence
from newsbridge.writing.view import Cited, Line, Page, Part, Remark, Row, Said, Voice, read_date
from newsbridge.writing.weave import Mark, fold, weave


def lay_out(record: Record) -> Page:
    """Lay a record out for a reader; nothing is looked up but the record."""
    return _Layout(record).page()


def _language(code: str) -> str:
    try:
        return languages.load(code).name
    except NewsbridgeError:
        return code


def _initials(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", name)
    capitals = [word[0] for word in words if word[0].isupper()] or [word[0].upper() for word in words[:1]]
    return "".join(capitals if len(capitals) < 4 else (capitals[0], capitals[-1])) or "?"


class _Layout:
    """The indexes a page is laid out with; built once, each in linear time."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.article = record.article
        self.segments = sorted(record.article.segments(), key=lambda segment: segment.span)
        self.starts = [segment.span.start for segment in self.segments]
        self.labels = {
            segment.id: block.label for block in self.article.blocks() if block.label for segment in block.segments
        }
        self.order = {segment.id: number for number, segment in enumerate(self.segments)}
        self.source_marks: dict[str, list[Mark]] = defaultdict(list)  # offsets into Article.text
        self.target_marks: dict[str, list[Mark]] = defaultdict(list)
        self.begins: dict[str, list[str]] = defaultdict(list)
        self.goes_on: dict[str, list[str]] = defaultdict(list)
        self.hearsay: dict[str, list[str]] = defaultdict(list)
        self.remarks_of: dict[str, list[Remark]] = defaultdict(list)
        self.said: dict[str, Said] = {}
        self.voices = self._voices()
        for quotation in record.ledger.quotations:
            self._place(quotation)
        self._place_hearsay()
        self.remarks = tuple(self._remarks())

    def touched(self, span: Span) -> list[str]:
        """Return the ids of the segments that share a code point with ``span``."""
        number = max(0, bisect_right(self.starts, span.start) - 1)
        found = []
        while number < len(self.segments) and self.segments[number].span.start < span.end:
            if self.segments[number].span.meets(span):
                found.append(self.segments[number].id)
            number += 1
        return found

    def _name(self, quotation: Quotation) -> str:
        speaker = quotation.speaker
        if speaker is None:
            return ""
        return speaker.name or (self.article.words(speaker.mention) if speaker.mention else "")

    def _voices(self) -> dict[str, Voice]:
        quotes: dict[str, list[Quotation]] = defaultdict(list)
        for quotation in self.record.ledger.quotations:
            quotes[self._name(quotation)].append(quotation)
        return {
            name: Voice(
                number,
                name or "Speaker not named",
                _initials(name),
                next((one.speaker.description for one in said if one.speaker and one.speaker.description), None),
                tuple(one.id for one in said),
            )
            for number, (name, said) in enumerate(quotes.items(), start=1)
        }

    def _place(self, quotation: Quotation) -> None:
        ids: list[str] = []
        for span in quotation.spans:
            touched = self.touched(span)
            ids += touched
            for id_ in touched:
                mark = Mark(span, quotation.kind.value, quotation.id, id_ == touched[-1])
                self.source_marks[id_].append(mark)
        ids = list(dict.fromkeys(ids))
        if ids:
            self.begins[ids[0]].append(quotation.id)
        for id_ in ids[1:]:
            self.goes_on[id_].append(quotation.id)
        rendering = self.record.rendering.get(quotation.id)
        targets = [
            target
            for target in (rendering.targets if rendering else ())
            if target.segment in self.order and target.span.end <= len(self._target(target.segment))
        ]
        words = []
        for target, after in zip(targets, [*targets, None][1:], strict=True):
            ends = after is None or self.order[after.segment] != self.order[target.segment] + 1
            self.target_marks[target.segment].append(Mark(target.span, quotation.kind.value, quotation.id, ends))
            words.append(target.span.of(self._target(target.segment)))
            if ends and after is not None:
                words.append("…")
        speaker = quotation.speaker
        mention = speaker.mention if speaker else None
        self.said[quotation.id] = Said(
            id=quotation.id,
            kind=quotation.kind,
            partial=quotation.partial,
            voice=self.voices[self._name(quotation)],
            carried=speaker is not None and self._carried(mention, ids),
            percent=round(100 * speaker.confidence) if speaker else 0,
            rule=speaker.rule if speaker else "none",
            medium=self.article.words(quotation.medium) if quotation.medium else None,
            status=rendering.status if rendering else Status.MISSING,
            source=" … ".join(self.article.words(span) for span in quotation.spans),
            target=" ".join(words),
            segment=ids[0] if ids else None,
        )

    def _carried(self, mention: Span | None, ids: list[str]) -> bool:
        """Say whether the speaker was named before the sentences of the quotation, and not in them."""
        if mention is None or not ids:
            return True
        first = self.segments[self.order[ids[0]]]
        return mention.end <= first.span.start and not self.labels.get(first.id, Span(0, 0)).meets(mention)

    def _place_hearsay(self) -> None:
        for each in self.record.ledger.hearsay:
            touched = self.touched(each.span)
            for id_ in touched:
                self.source_marks[id_].append(Mark(each.span, "hearsay", each.id, id_ == touched[-1]))
            for id_ in touched[:1]:
                self.hearsay[id_].append(each.id)

    def _remarks(self) -> Iterator[Remark]:
        found: list[tuple[int, Finding, str | None]] = []
        for finding in self.record.findings:
            touched = self.touched(finding.source) if finding.source else []
            segment = touched[0] if touched else finding.segment
            found.append((self.order.get(segment or "", -1), finding, segment if segment in self.order else None))
        for translation in self.record.translations:
            number = self.order.get(translation.segment)
            if number is not None:
                found += ((number, finding, translation.segment) for finding in translation.findings)
        found.sort(key=lambda each: each[0])  # stable: in order of the article
        for count, (_, finding, id_) in enumerate(found, start=1):
            remark = Remark(f"f{count}", finding, id_)
            if id_ is not None:
                self.remarks_of[id_].append(remark)
                kind = f"finding {finding.severity.value}"
                if finding.source:
                    self.source_marks[id_].append(Mark(finding.source, kind, remark.id))
                if finding.target:
                    self.target_marks[id_].append(Mark(finding.target, kind, remark.id))
            yield remark

    def _target(self, segment: str) -> str:
        translation = self.record.translation.get(segment)
        return translation.target if translation else ""

    def _line(self, id_: str, span: Span) -> Line:
        shown, placed = self.article.words(span), []
        if marks := [mark for mark in self.source_marks.get(id_, ()) if mark.span.meets(span)]:
            shown, places = fold(self.article.plain, span)
            for mark in marks:
                start, end = max(mark.span.start, span.start), min(mark.span.end, span.end)
                here = Span(places[start - span.start], places[end - span.start])
                placed.append(replace(mark, span=here))
        return Line(
            id_,
            weave(shown, placed),
            weave(self._target(id_), self.target_marks.get(id_, ())),
            tuple(self.remarks_of.get(id_, ())),
        )

    def _row(self, block: Block) -> Row:
        ids = [segment.id for segment in block.segments]
        begins = [quote for id_ in ids for quote in self.begins.get(id_, ())]
        goes_on = dict.fromkeys(quote for id_ in ids for quote in self.goes_on.get(id_, ()))
        return Row(
            id=block.id,
            kind=block.kind,
            label=self.article.words(block.label) if block.label else "",
            credit=self.article.words(block.credit) if block.credit else "",
            lines=tuple(self._line(segment.id, segment.span) for segment in block.segments),
            begins=tuple(self.said[quote] for quote in begins),
            goes_on=tuple(self.said[quote] for quote in goes_on if quote not in begins),
            hearsay=tuple(each for id_ in ids for each in self.hearsay.get(id_, ())),
        )

    def _title(self, block: Block | None) -> tuple[str, str]:
        if block is None:
            return "", ""
        target = " ".join(self._target(segment.id) for segment in block.segments).strip()
        return target, self.article.words(block.span)

    def _cited(self, sentence: Sentence) -> Cited:
        shown = tuple(id_ for id_ in sentence.segments if id_ in self.order and self._target(id_))
        return Cited(sentence.text, shown, self.said.get(sentence.attribution or ""), sentence.engine)

    def _part(self, section: Section, summaries: Mapping[str, tuple[Sentence, ...]]) -> Part:
        target, source = self._title(section.heading)
        return Part(
            section.id,
            self._row(section.heading) if section.heading else None,
            target or source,
            tuple(self._cited(sentence) for sentence in summaries.get(section.id, ())),
            tuple(self._row(block) for block in section.blocks),
        )

    def page(self) -> Page:
        record, metadata = self.record, self.article.metadata
        brief = record.summary.brief
        headline = next((block for block in self.article.blocks() if block.kind is BlockKind.HEADLINE), None)
        target_title, source_title = self._title(headline)
        stem = PurePosixPath(self.article.path).stem if self.article.path else "Untitled article"
        summaries = {each.section: each.sentences for each in record.summary.sections}
        return Page(
            record=record,
            title=(brief.headline.text if brief.headline else "") or target_title or metadata.title or stem,
            source_title=metadata.title or source_title or None,
            source_language=_language(self.article.language),
            target_language=_language(record.target_language),
            dateline=_dateline(metadata, self.article.path),
            link=metadata.url if metadata.url and re.match(r"https?://", metadata.url, re.IGNORECASE) else None,
            headline=self._cited(brief.headline) if brief.headline else None,
            points=tuple(self._cited(point) for point in brief.points),
            key_quotes=tuple(self.said[id_] for id_ in brief.quotes if id_ in self.said),
            voices=tuple(self.voices.values()),
            said=self.said,
            remarks=self.remarks,
            parts=tuple(self._part(section, summaries) for section in self.article.sections),
        )


def _dateline(metadata: Metadata, path: str | None) -> tuple[str, ...]:
    publisher = metadata.extra.get("source") or metadata.extra.get("publisher")
    known = (
        metadata.byline,
        publisher,
        read_date(metadata.date) if metadata.date else "Date not known",
        path or "standard input",
    )
    return tuple(each for each in known if each)

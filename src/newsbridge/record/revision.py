"""A record after a person edited it: what follows from the targets follows them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from newsbridge import fidelity, languages
from newsbridge.article import Quotation, QuoteKind, Rendering, Status
from newsbridge.glossary import Glossary
from newsbridge.record import Record
from newsbridge.summary import Brief, SectionSummary, Sentence, Summary
from newsbridge.summary.evidence import PAIRS, Evidence
from newsbridge.summary.extractive import Extractive
from newsbridge.summary.support import supported

_MARKS = frozenset(PAIRS) | frozenset(PAIRS.values())


def refreshed(record: Record) -> Record:
    """Bring renderings, section summaries and brief in line with the segments and targets of a record.

    A quotation whose place in the target no longer has its marks is looked for again.  A sentence of the summary is
    derived again from what it cites and dropped if a cited segment is gone; one that a model wrote stays as long as
    the cited segments support it.

    Returns:
        The record; equal to the one given if nothing in it was edited.

    Raises:
        NewsbridgeError: if a language of the record has no data.
    """
    record = replace(record, renderings=_renderings(record))
    evidence = Evidence(
        record.article, record.ledger, record.translation, record.rendering, target=record.target_language
    )
    return replace(record, summary=_summary(record, evidence))


def checked(record: Record, glossary: Glossary | None = None) -> Record:
    """Return the record with the findings of its segments looked for again; those of the article stay.

    Args:
        record: As it was read.
        glossary: Terms the targets must have.

    Raises:
        NewsbridgeError: if a language of the record has no data.
    """
    translations = fidelity.check(
        record.article,
        record.ledger,
        record.translations,
        language=languages.load(record.article.language),
        target=record.target_language,
        quote_style=record.quote_style,
        glossary=glossary,
    )
    return replace(record, translations=translations)


def _renderings(record: Record) -> tuple[Rendering, ...]:
    found = {
        each.quotation: each
        for each in fidelity.render(record.article, record.ledger, record.translations, quote_style=record.quote_style)
    }
    chosen = []
    for quotation in record.ledger.quotations:
        old = record.rendering.get(quotation.id)
        new = found.get(quotation.id, Rendering(quotation.id, Status.MISSING))
        chosen.append(old if old is not None and _fits(old, new, quotation, record) else new)
    return tuple(chosen)


def _fits(old: Rendering, new: Rendering, quotation: Quotation, record: Record) -> bool:
    """Say whether a rendering still stands where it says: marks at its ends, or words where there are none."""
    if not old.targets:
        return new.status is Status.MISSING
    words = [_words(each.segment, each.span.start, each.span.end, record.translation) for each in old.targets]
    if not all(words):
        return False
    if new.status is not Status.MISSING and len(new.targets) != len(old.targets):
        return False
    if quotation.kind is QuoteKind.DIRECT:
        return words[0][0] in _MARKS and words[-1][-1] in _MARKS
    return new.status is Status.MISSING


def _words(segment: str, start: int, end: int, translation: Mapping[str, object]) -> str:
    target: str = getattr(translation.get(segment), "target", "")
    return target[start:end] if end <= len(target) else ""


def _summary(record: Record, evidence: Evidence) -> Summary:
    def again(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(new for each in sentences if (new := _again(each, evidence)))

    known = {section.id for section in record.article.sections}
    sections = (
        SectionSummary(each.section, again(each.sentences)) for each in record.summary.sections if each.section in known
    )
    brief = record.summary.brief
    return Summary(
        tuple(each for each in sections if each.sentences),
        Brief(
            _again(brief.headline, evidence, headline=True) if brief.headline else None,
            again(brief.points),
            tuple(id_ for id_ in brief.quotes if _stands(id_, record)),
        ),
    )


def _again(sentence: Sentence, evidence: Evidence, *, headline: bool = False) -> Sentence | None:
    """Return a sentence as its evidence has it now, None where that no longer carries it."""
    if sentence.engine != Extractive.name and supported(sentence, evidence):
        return sentence
    derived = evidence.derive(sentence.segments, headline=headline)
    if derived is None:
        return None
    return replace(sentence, text=derived[0], engine=Extractive.name, attribution=derived[1])


def _stands(quotation: str, record: Record) -> bool:
    """Say whether a key quotation can still be shown: it is in the ledger, and in the target."""
    rendering = record.rendering.get(quotation)
    return rendering is not None and rendering.status is not Status.MISSING

"""A glossary's terms set in place of the engine's own words, where the alignment says which those are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsbridge.alignment import Aligner, Alignment, align
from newsbridge.article import Origin
from newsbridge.fidelity.ladder import Draft
from newsbridge.fidelity.pairs import inside
from newsbridge.fidelity.style import PLAIN
from newsbridge.glossary import Found, Glossary
from newsbridge.spans import Span

SURE = 0.35  # weight with which a target word must face the term
LONGEST = 4  # words that may be replaced by a term
SIGNS = f"{PLAIN}'.,;:!?()"


def enforce(drafts: Sequence[Draft], glossary: Glossary, aligner: Aligner | None) -> list[Draft]:
    """Replace what stands for a term by the glossary's translation, in one alignment of all segments that lack one.

    A term is set where one unbroken run of target words faces it and nothing else; elsewhere the checks report it.

    Raises:
        EngineError: if the aligner fails.
    """
    lacking = {
        number: missing
        for number, draft in enumerate(drafts)
        if draft.text
        and draft.origin is not Origin.MEMORY
        and (missing := [each for each in glossary.find(draft.side.text) if not each.term.stands(draft.text)])
    }
    mended = list(drafts)
    if aligner is None or not lacking:
        return mended
    aligned = align([(drafts[number].side.text, drafts[number].text) for number in lacking], aligner)
    for (number, missing), alignment in zip(lacking.items(), aligned, strict=True):
        text = _set(drafts[number], missing, alignment)
        if text != drafts[number].text:
            mended[number] = replace(drafts[number], text=text, origin=Origin.ALIGN)
    return mended


def _set(draft: Draft, missing: Sequence[Found], alignment: Alignment) -> str:
    """Set the terms from the right to the left, so that the words still to come keep their places."""
    text = draft.text
    places = []
    for each in missing:
        columns = set(inside(draft.side.text, alignment.source, each.span))
        rows = [at for at, best in enumerate(alignment.best) if best in columns and alignment.weights[at, best] >= SURE]
        if rows and len(rows) <= LONGEST and rows == list(range(rows[0], rows[-1] + 1)):
            span = Span(alignment.target[rows[0]].start, alignment.target[rows[-1]].end).strip(text, SIGNS)
            places.append((_without_article(text, span), each))
    taken = len(text) + 1
    for span, each in sorted(places, key=lambda place: place[0], reverse=True):
        if len(span) and span.end <= taken:
            term = each.term.target
            if span.start == 0 or text[: span.start].rstrip(PLAIN + "'( ") == "":
                term = term[0].upper() + term[1:]
            text, taken = text[: span.start] + term + text[span.end :], span.start
    return text


def _without_article(text: str, span: Span) -> Span:
    first, _, rest = span.of(text).partition(" ")
    if rest and first.casefold() in ("the", "a", "an"):
        return Span(span.start + len(first) + 1, span.end)
    return span

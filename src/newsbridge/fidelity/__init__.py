"""Lays both sides next to each other and reports Findings; the ladder that mends them.

The rungs that are built: prepare (pairs of marks are made whole around each segment), choose (the first hypothesis that
keeps marks and figures), and say so (a finding for what is still wrong).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from newsbridge import languages
from newsbridge.article import (
    Article,
    Finding,
    FindingKind,
    Ledger,
    Origin,
    Quotation,
    QuoteKind,
    Rendering,
    Severity,
    Status,
    TargetSpan,
    Translation,
)
from newsbridge.engines import Hypothesis, Request, Translator
from newsbridge.fidelity import checks
from newsbridge.fidelity.sides import Side, sides
from newsbridge.fidelity.style import House, dress, house, plain, quoted, settle
from newsbridge.languages import Language
from newsbridge.spans import Span


def translate(
    article: Article,
    ledger: Ledger,
    translator: Translator,
    *,
    language: Language,
    target: str,
    quote_style: str,
    n_best: int,
) -> tuple[Translation, ...]:
    """Translate every segment of an article, keeping its quotations.

    Args:
        article: With segments.
        ledger: Its quotations and other marked text.
        translator: Called once, with every segment.
        language: Of the article.
        target: BCP 47 tag.
        quote_style: american, british or source.
        n_best: How many hypotheses to choose from, at least 1.

    Returns:
        One translation per segment, in reading order, with its findings.

    Raises:
        EngineError: if the engine fails.
    """
    every = tuple(sides(article, ledger))
    marks = house(quote_style, article.plain)
    words = checks.numbers(language, languages.load(target))
    answers = translator.translate([Request(side.request, language.code, target, n_best, side.text) for side in every])
    chosen = [
        _choose(side, hypotheses, marks, words, translator.name)
        for side, hypotheses in zip(every, answers, strict=True)
    ]
    return check(article, ledger, chosen, language=language, target=target, quote_style=quote_style)


def _choose(
    side: Side, hypotheses: Sequence[Hypothesis], marks: House, words: checks.Numbers, engine: str
) -> Translation:
    """Take the best hypothesis with the fewest findings; errors weigh most.  What a person approved stays as it is."""
    if hypotheses and hypotheses[0].approved:
        return Translation(side.segment.id, side.text, hypotheses[0].text, Origin.MEMORY, "memory")
    best, least, origin = "", (99, 99), Origin.MODEL
    for rank, hypothesis in enumerate(hypotheses):
        said = plain(hypothesis.text)
        settled = settle(said, side.places)
        text = _dressed(side, settled, marks)
        found = [each.severity for each in checks.findings(side, text, marks, words)]
        bad = (found.count(Severity.ERROR), found.count(Severity.WARNING))
        if bad < least:
            best, least, origin = text, bad, Origin.CHOOSE if rank or settled != said else Origin.MODEL
        if bad == (0, 0):
            break
    return Translation(side.segment.id, side.text, best, origin, engine)


def _dressed(side: Side, text: str, marks: House) -> str:
    """Put a hypothesis into the house style and take off the marks that only balanced the segment."""
    whole = text.count('"') == 2 * side.pairs and not side.through
    first, last = side.begins_inside and not side.through, side.ends_inside and not side.through
    if not whole:  # what was added can only be told where it must stand
        first = first and text.startswith('"')
        last = last and text.rstrip(".,!?").endswith('"')
    return dress(text, marks, drop_first=first, drop_last=last)


def check(
    article: Article,
    ledger: Ledger,
    translations: Sequence[Translation],
    *,
    language: Language,
    target: str,
    quote_style: str,
) -> tuple[Translation, ...]:
    """Look for findings in every translation again, for example after edits by hand.

    Returns:
        The translations with their findings replaced, in the order given.
    """
    marks = house(quote_style, article.plain)
    tongue = languages.load(target)
    words = checks.numbers(language, tongue)
    by_segment = {side.segment.id: side for side in sides(article, ledger)}
    claims = _claims(article, ledger)
    checked = []
    for each in translations:
        side = by_segment.get(each.segment)
        found: tuple[Finding, ...] = ()
        if side is not None:
            found = (
                *checks.findings(side, each.target, marks, words),
                *_as_fact(side, each.target, claims.get(each.segment, ()), tongue),
            )
        checked.append(replace(each, findings=found))
    return tuple(checked)


class _Places:
    """Which segments hold what."""

    def __init__(self, article: Article) -> None:
        self.segments = tuple(article.segments())
        self.starts = [segment.span.start for segment in self.segments]

    def meeting(self, spans: Iterable[Span]) -> Iterator[str]:
        """Yield the ids of the segments that share a code point with one of the spans."""
        for span in spans:
            index = max(0, bisect_right(self.starts, span.start) - 1)
            while index < len(self.segments) and self.segments[index].span.start < span.end:
                if self.segments[index].span.meets(span):
                    yield self.segments[index].id
                index += 1


def _claims(article: Article, ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return who is said to claim something in each segment: names, or what an editor calls an unnamed source."""
    places = _Places(article)
    claims: dict[str, tuple[str, ...]] = {}
    told = [(each.spans, _who(article, each)) for each in ledger.quotations if each.kind is not QuoteKind.DIRECT]
    for spans, who in (*told, *(((each.span,), "hearsay") for each in ledger.hearsay)):
        for id_ in places.meeting(spans):
            claims[id_] = (*claims.get(id_, ()), who)
    return claims


def _who(article: Article, quotation: Quotation) -> str:
    speaker = quotation.speaker
    if speaker is None:
        return "somebody"
    return speaker.name or (article.words(speaker.mention) if speaker.mention else "somebody")


@cache
def _traces(tongue: Language) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the words and phrases of the target language that show that somebody says so."""
    summary, fidelity = tongue.table("summary"), tongue.table("fidelity")
    reporting = summary["reporting"]
    words = reporting.split() if isinstance(reporting, str) else reporting
    return frozenset((*words, *fidelity["distance"])), tuple(summary["hearsay"])


def _as_fact(side: Side, target: str, claims: Sequence[str], tongue: Language) -> Iterator[Finding]:
    """Yield a finding where the source reports a claim and the target states it."""
    if not claims or not target:
        return
    words, phrases = _traces(tongue)
    low = target.casefold()
    if words & set(checks.WORD.findall(low)) or any(each in low for each in phrases):
        return
    source = "hearsay" if claims[0] == "hearsay" else f"the words of {claims[0]}"
    message = f"The German gives this as {source}; the English states it as a fact."
    yield Finding(
        FindingKind.CLAIM_AS_FACT, Severity.WARNING, message, source=side.segment.span, segment=side.segment.id
    )


def render(
    article: Article, ledger: Ledger, translations: Sequence[Translation], *, quote_style: str = "american"
) -> tuple[Rendering, ...]:
    """Find every quotation of the ledger in the translation.

    Returns:
        One rendering per quotation, in its order.  A direct quotation is missing where the marks of one of its
        segments are not as many as in the source; reported speech where one of its segments has no translation.
    """
    marks = house(quote_style, article.plain)
    places = _Places(article)
    by_segment = {each.segment: each for each in translations}
    placed: dict[Span, list[TargetSpan | None]] = {}
    for side in sides(article, ledger):
        translation = by_segment.get(side.segment.id)
        ranges = _ranges(side, translation.target if translation else "", marks)
        for number, pair in enumerate(side.marked):
            there = TargetSpan(side.segment.id, ranges[number]) if ranges else None
            placed.setdefault(pair, []).append(there)
    return tuple(_rendering(places, each, placed, by_segment) for each in ledger.quotations)


def _ranges(side: Side, target: str, marks: House) -> tuple[Span, ...]:
    """Return where each pair of a segment stands in its target text; nothing where they do not match."""
    if not target:
        return ()
    if side.through:
        return () if quoted(target, marks) else (Span(0, len(target)),)
    found = quoted(target, marks, inside=side.begins_inside)
    return found if len(found) == len(side.marked) else ()


def _rendering(
    places: _Places,
    quotation: Quotation,
    placed: Mapping[Span, list[TargetSpan | None]],
    by_segment: Mapping[str, Translation],
) -> Rendering:
    if quotation.kind is QuoteKind.DIRECT:
        targets = [target for span in quotation.spans for target in placed.get(span, [None])]
        if not targets or None in targets:
            return Rendering(quotation.id, Status.MISSING)
        there = tuple(target for target in targets if target is not None)
    else:
        wanted = tuple(dict.fromkeys(places.meeting(quotation.spans)))
        if not wanted or any(not (by_segment.get(id_) and by_segment[id_].target) for id_ in wanted):
            return Rendering(quotation.id, Status.MISSING)
        there = tuple(TargetSpan(id_, Span(0, len(by_segment[id_].target))) for id_ in wanted)
    repaired = any(by_segment[each.segment].origin not in (Origin.MODEL, Origin.MEMORY) for each in there)
    return Rendering(quotation.id, Status.REPAIRED if repaired else Status.KEPT, there)

"""Lays both sides next to each other and reports Findings; the ladder that mends them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from newsbridge import alignment, languages
from newsbridge.alignment import Aligner
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
from newsbridge.engines import Request, Translator
from newsbridge.fidelity import checks, enforcing, targetmarks
from newsbridge.fidelity.checks.coverage import sentences
from newsbridge.fidelity.ladder import Draft, Ladder
from newsbridge.fidelity.pairs import Pair
from newsbridge.fidelity.sides import Side, sides
from newsbridge.fidelity.style import House, dress, house, settle
from newsbridge.glossary import Glossary
from newsbridge.languages import Language
from newsbridge.spans import Span

ASTRAY = frozenset({FindingKind.QUOTE_LOST, FindingKind.QUOTE_MOVED, FindingKind.QUOTE_MERGED})


def translate(
    article: Article,
    ledger: Ledger,
    translator: Translator,
    *,
    language: Language,
    target: str,
    quote_style: str,
    n_best: int,
    glossary: Glossary | None = None,
) -> tuple[Translation, ...]:
    """Translate every segment of an article, keeping its quotations.

    Args:
        article: With segments.
        ledger: Its quotations and other marked text.
        translator: Called once with every segment, and once more with the parts of those that are split.
        language: Of the article.
        target: BCP 47 tag.
        quote_style: american, british or source.
        n_best: How many hypotheses to choose from, at least 1.
        glossary: Terms the target must have.

    Returns:
        One translation per segment, in reading order, with its findings.

    Raises:
        EngineError: if the engine fails.
    """
    every = tuple(sides(article, ledger))
    marks = house(quote_style, article.plain)
    tongue = languages.load(target)
    known: checks.Known = {}
    voices = _voices(article, ledger)

    def flaws(side: Side, text: str) -> tuple[int, int]:
        shown = dressed(side, settle(text, side.places), marks)
        pair = Pair(side, shown, language, tongue, quotations=voices.get(side.segment.id, ()))
        found = [each.severity for each in checks.findings(pair, known)]
        return found.count(Severity.ERROR), found.count(Severity.WARNING)

    answers = translator.translate([Request(side.request, language.code, target, n_best, side.text) for side in every])
    aligner = alignment.standard(translator, language.code, target)
    if aligner is not None:
        aligner = alignment.Recalling(zip((side.request for side in every), answers, strict=True), aligner)
    ladder = Ladder(translator, aligner, language, tongue, flaws, american=quote_style == "american")
    drafts = ladder.climb(every, answers)
    if glossary is not None:
        drafts = enforcing.enforce(drafts, glossary, aligner)
    translations = [_translation(draft, marks, translator.name) for draft in drafts]
    checked = _check(
        article,
        ledger,
        {side.segment.id: side for side in every},
        voices,
        translations,
        tongues=(language, tongue),
        aligner=aligner,
        glossary=glossary,
        known=known,
    )
    return tuple(
        replace(each, findings=(*each.findings, _stopped(draft.side))) if not draft.complete else each
        for draft, each in zip(drafts, checked, strict=True)
    )


def _stopped(side: Side) -> Finding:
    """Say that the engine was stopped before it came to an end; only it knows, so no later check can say it again."""
    message = "The engine was stopped at its limit; the end of the sentence may be missing."
    return Finding(FindingKind.DROPPED_TEXT, Severity.ERROR, message, source=side.segment.span, segment=side.segment.id)


def _translation(draft: Draft, marks: House, engine: str) -> Translation:
    if draft.origin is Origin.MEMORY:  # what a person approved stays as it is
        return Translation(draft.side.segment.id, draft.side.text, draft.text, draft.origin, "memory")
    text = dressed(draft.side, draft.text, marks)
    return Translation(draft.side.segment.id, draft.side.text, text, draft.origin, draft.engine or engine)


def dressed(side: Side, text: str, marks: House) -> str:
    """Put a text with plain marks into the house style and take off the marks that only balanced the segment."""
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
    quote_style: str = "american",
    aligner: Aligner | None = None,
    glossary: Glossary | None = None,
) -> tuple[Translation, ...]:
    """Look for findings in every translation again, for example after edits by hand.

    Args:
        article: With segments.
        ledger: Of the article.
        translations: Of its segments, in any order.
        language: Of the article.
        target: BCP 47 tag.
        quote_style: Not looked at: marks of every house are read.
        aligner: Faces the words of both sides; by default the embedded model, if it has the two languages.
        glossary: Terms the target must have.

    Returns:
        The translations with their findings replaced, in the order given.

    Raises:
        EngineError: if the aligner fails.
    """
    by_segment = {side.segment.id: side for side in sides(article, ledger)}
    tongues = language, languages.load(target)
    voices = _voices(article, ledger)
    return _check(
        article, ledger, by_segment, voices, translations, tongues=tongues, aligner=aligner, glossary=glossary
    )


def _check(
    article: Article,
    ledger: Ledger,
    by_segment: Mapping[str, Side],
    voices: Mapping[str, tuple[Quotation, ...]],
    translations: Sequence[Translation],
    *,
    tongues: tuple[Language, Language],
    aligner: Aligner | None,
    glossary: Glossary | None,
    known: checks.Known | None = None,
) -> tuple[Translation, ...]:
    """Check translations whose sides are known; ``known`` is what the checks found before on the way up the ladder."""
    language, tongue = tongues
    claims = _claims(article, ledger)
    people = tuple(
        {(each.speaker.name.split()[-1], each.id) for each in ledger.quotations if each.speaker and each.speaker.name}
    )
    pairs = {
        each.segment: Pair(
            by_segment[each.segment],
            each.target,
            language,
            tongue,
            quotations=voices.get(each.segment, ()),
            people=tuple(sorted(people)),
            claims=claims.get(each.segment, ()),
            glossary=glossary,
        )
        for each in translations
        if each.segment in by_segment
    }
    found = examine(list(pairs.values()), aligner or alignment.standard(None, language.code, tongue.code), known)
    by_id = dict(zip(pairs, found, strict=True))
    return tuple(replace(each, findings=by_id.get(each.segment, ())) for each in translations)


def examine(
    pairs: Sequence[Pair], aligner: Aligner | None, known: checks.Known | None = None
) -> list[tuple[Finding, ...]]:
    """Check pairs of texts, aligning in one call those whose checks need it.

    Args:
        pairs: Segments and their target texts.
        aligner: Faces the words of both sides; None if nothing can.
        known: What the checks found before, where the pairs are of one article.

    Returns:
        The findings of each pair, in order.
    """
    if aligner is None:
        return [tuple(checks.findings(pair, known)) for pair in pairs]
    checked: list[tuple[Finding, ...]] = [()] * len(pairs)
    needing = []
    for number, pair in enumerate(pairs):
        needs = bool(pair.target.strip()) and bool(pair.wanted or pair.found or pair.quotations or _unequal(pair))
        if not needs:
            checked[number] = tuple(checks.findings(pair, known))
        if needs or (pair.target.strip() and checked[number]):
            needing.append(number)
    aligned = alignment.align([(pairs[number].text, pairs[number].target) for number in needing], aligner)
    for number, each in zip(needing, aligned, strict=True):
        checked[number] = tuple(checks.findings(replace(pairs[number], alignment=each), known))
    return checked


def _unequal(pair: Pair) -> bool:
    """Say whether something may have been dropped or invented: the sides differ in length or in sentences."""
    ours, theirs = len(pair.text.split()), len(pair.target.split())
    return not 0.8 <= theirs / max(1, ours) <= 1.6 or len(sentences(pair.text)) != len(sentences(pair.target))


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


def _voices(article: Article, ledger: Ledger) -> Mapping[str, tuple[Quotation, ...]]:
    """Return the quotations that meet each segment."""
    places = _Places(article)
    voices: dict[str, tuple[Quotation, ...]] = {}
    for each in ledger.quotations:
        for id_ in dict.fromkeys(places.meeting(each.spans)):
            voices[id_] = (*voices.get(id_, ()), each)
    return voices


def _claims(article: Article, ledger: Ledger) -> Mapping[str, tuple[str, ...]]:
    """Return who is said to claim something in each segment: names, or what an editor calls an unnamed source."""
    places = _Places(article)
    claims: dict[str, tuple[str, ...]] = {}
    told = [(each.spans, whose(article, each)) for each in ledger.quotations if each.kind is not QuoteKind.DIRECT]
    for spans, who in (*told, *(((each.span,), "hearsay") for each in ledger.hearsay)):
        for id_ in places.meeting(spans):
            claims[id_] = (*claims.get(id_, ()), who)
    return claims


def whose(article: Article, quotation: Quotation) -> str:
    """Say whose words a quotation is, by name or as the article mentions them."""
    speaker = quotation.speaker
    if speaker is None:
        return "somebody"
    return speaker.name or (article.words(speaker.mention) if speaker.mention else "somebody")


def render(
    article: Article, ledger: Ledger, translations: Sequence[Translation], *, quote_style: str = "american"
) -> tuple[Rendering, ...]:
    """Find every quotation of the ledger in the translation.

    Returns:
        One rendering per quotation, in its order.  A direct quotation is missing where the marks of one of its
        segments are not as many as in the source, or a finding says that they are lost or stand round other words;
        reported speech where one of its segments has no translation.
    """
    places = _Places(article)
    by_segment = {each.segment: each for each in translations}
    placed: dict[Span, list[TargetSpan | None]] = {}
    for side in sides(article, ledger):
        translation = by_segment.get(side.segment.id)
        ranges = _ranges(side, translation.target if translation else "")
        found = translation.findings if translation else ()
        wrong = [each.source for each in found if each.kind in ASTRAY and each.severity is Severity.ERROR]
        for number, pair in enumerate(side.marked):
            fine = ranges and not any(span is not None and span.meets(pair) for span in wrong)
            there = TargetSpan(side.segment.id, ranges[number]) if fine else None
            placed.setdefault(pair, []).append(there)
    return tuple(_rendering(places, each, placed, by_segment) for each in ledger.quotations)


def _ranges(side: Side, target: str) -> tuple[Span, ...]:
    """Return where each pair of a segment stands in its target text; nothing where they do not match."""
    if not target:
        return ()
    if side.through:
        return (Span(0, len(target)),)
    found, _ = targetmarks.read(target, begins_inside=side.begins_inside, ends_inside=side.ends_inside)
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

"""Marks, reported speech, speakers: who said what."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Article, BlockKind, Ledger, Quotation, QuoteKind
from newsbridge.languages import Language
from newsbridge.quotes import cues, lines, marks, phrases, reported
from newsbridge.quotes.direct import Attribution, Found
from newsbridge.quotes.frames import frames
from newsbridge.quotes.speakers import Cast
from newsbridge.spans import Span

QUIET = frozenset({BlockKind.CAPTION, BlockKind.BYLINE})


def find(article: Article, language: Language) -> Ledger:
    """Find who said what in an article.

    Args:
        article: With segments.
        language: Its language.

    Returns:
        Quotations in reading order, hearsay, the pairs of marks that hold no speech, and a finding for each mark
        without partner.  Direct quotations never overlap each other; reported speech may hold one.
    """
    pairs, findings = marks.pair(article, language)
    page = lines.read(article, pairs)
    lexicon, known = cues.lexicon(language), phrases.words(language)
    framed = [frames(line, lexicon, known) for line in page.lines]
    attribution = Attribution(page, lexicon, known, Cast(page, known), framed)
    claims: list[Span] = []
    found = _merged(_found(attribution, reported.mood(language), claims))
    found.sort(key=lambda each: (each.spans[0].start, -each.spans[-1].end))
    quotations = tuple(
        Quotation(f"q{number}", each.kind, each.spans, each.contents, each.partial, each.speaker, each.cue)
        for number, each in enumerate(found, start=1)
    )
    spoken = {span for each in found if each.kind is QuoteKind.DIRECT for span in each.spans}
    marked = tuple(pair.whole for pair in pairs if pair.depth == 0 and pair.spans[0] not in spoken)
    return Ledger(quotations, reported.as_hearsay(claims), marked, findings)


def _found(attribution: Attribution, mood: reported.Mood, claims: list[Span]) -> Iterator[Found]:
    """Yield every quotation line by line; claims without a source go to ``claims``."""
    page, known = attribution.page, attribution.known
    spoke = -1  # the last line in which somebody spoke
    open_pair = None
    for number, line in enumerate(page.lines):
        if page.blocks[line.block].kind in QUIET:
            continue
        direct = list(attribution.quoted(number, open_pair))
        told = list(reported.indirect(attribution, number, mood))
        yield from direct
        yield from told
        goes_on = spoke >= number - 1 and spoke >= 0
        if not told and not direct and not _framed(attribution, number, mood):
            if reported.subjunctive(line, mood, known, goes_on=goes_on):
                speaker = attribution.carried(number)
                spans = (line.span,)
                yield Found(QuoteKind.SUBJUNCTIVE, spans, spans, False, speaker, None, number)
                told = [Found(QuoteKind.SUBJUNCTIVE, spans, spans, False, speaker)]
            elif (claim := reported.hearsay(line, mood)) is not None:
                claims.append(claim)
        if direct or told:
            spoke = number
        else:
            attribution.listen(number)
        open_pair = line.pairs[-1] if line.pairs and line.pairs[-1] and len(line.pairs[-1].spans) > 1 else None


def _framed(attribution: Attribution, number: int, mood: reported.Mood) -> bool:
    """Say whether somebody is named in a line as the one who says it."""
    line = attribution.page.lines[number]
    return any(
        frame.speaker is not None and not reported.aside(attribution, line, frame, mood)
        for frame in attribution.frames[number]
    )


def _merged(found: Iterator[Found]) -> list[Found]:
    """Join subjunctive sentences that follow each other in the same mouth."""
    merged: list[Found] = []
    for each in found:
        last = merged[-1] if merged else None
        if (
            last is not None
            and each.kind is last.kind is QuoteKind.SUBJUNCTIVE
            and each.line == last.line + 1
            and each.speaker == last.speaker
        ):
            spans = (*last.spans, *each.spans)
            merged[-1] = Found(each.kind, spans, spans, False, each.speaker, None, each.line)
        else:
            merged.append(each)
    return merged

"""A translation that came from elsewhere: pairs of source and target, checked as if we had made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from newsbridge import alignment, languages, quotes
from newsbridge.article import (
    Article,
    Block,
    BlockKind,
    Finding,
    FindingKind,
    Ledger,
    Metadata,
    QuoteKind,
    Section,
    SectionKind,
    Segment,
    Severity,
)
from newsbridge.fidelity import examine, targetmarks, whose
from newsbridge.fidelity.pairs import Pair
from newsbridge.fidelity.sides import Side, sides
from newsbridge.glossary import Glossary
from newsbridge.languages import Language
from newsbridge.spans import Span

TOGETHER = 512  # pairs that are aligned in one call
ROOM = 1  # blanks round a source, so that a quotation may begin before it and end behind it
OPEN = frozenset({FindingKind.QUOTE_UNCLOSED, FindingKind.QUOTE_UNOPENED})


def check(
    pairs: Iterable[tuple[str, str]], *, source: str = "de", target: str = "en", glossary: Glossary | None = None
) -> Iterator[tuple[Finding, ...]]:
    """Check pairs of sentences, each by itself.

    Args:
        pairs: Source and target, in NFC; a mark that is opened or closed in another pair is none too many.
        source: BCP 47 tag.
        target: BCP 47 tag.
        glossary: Terms the targets must have.

    Yields:
        The findings of each pair, in order; spans count the code points of its two texts.

    Raises:
        NewsbridgeError: if a language has no data.
        EngineError: if the aligner fails.
    """
    language, tongue = languages.load(source), languages.load(target)
    aligner = alignment.standard(None, source, target)
    rest = iter(pairs)
    while portion := list(islice(rest, TOGETHER)):
        read = [_pair(ours, theirs, language, tongue, glossary) for ours, theirs in portion]
        found = iter(examine([each for each in read if isinstance(each, Pair)], aligner))
        for each in read:
            yield tuple(map(_moved, next(found))) if isinstance(each, Pair) else each


def _moved(finding: Finding) -> Finding:
    """Count the source from where it begins, and leave out the segment."""
    span = finding.source
    there = Span(max(0, span.start - ROOM), max(0, span.end - ROOM)) if span is not None else None
    return replace(finding, source=there, segment=None)


def _pair(
    source: str, target: str, language: Language, tongue: Language, glossary: Glossary | None
) -> Pair | tuple[Finding, ...]:
    """Read a pair; findings where there is nothing to lay side by side."""
    if not source.strip():
        if not target.strip():
            return ()
        message = "There is a translation, and nothing it could be of."
        return (Finding(FindingKind.INVENTED_TEXT, Severity.ERROR, message, None, Span(0, len(target))),)
    article = _article(source, language.code)
    ledger = quotes.find(article, language)
    read = _side(article, ledger)
    claims = [whose(article, each) for each in ledger.quotations if each.kind is not QuoteKind.DIRECT]
    return Pair(
        read,
        target,
        language,
        tongue,
        quotations=ledger.quotations,
        claims=(*claims, *("hearsay" for _ in ledger.hearsay)),
        glossary=glossary,
        loose=tuple(_loose(read, ledger)),
    )


def _loose(read: Side, ledger: Ledger) -> Iterator[Span]:
    """Yield the marks without partner that neither open nor close a pair of the segment."""
    ends = {at for span in read.marked for at in (span.start, span.end - 1)}
    for each in ledger.findings:
        if each.kind in OPEN and each.source is not None and each.source.start not in ends:
            yield read.within(each.source)


def side(source: str, language: Language) -> Side:
    """Read a source text as one segment with its pairs of marks."""
    article = _article(source, language.code)
    return _side(article, quotes.find(article, language))


def _side(article: Article, ledger: Ledger) -> Side:
    outer = _outer(ledger, article)
    if outer is not None:
        (found,) = sides(article, Ledger(marked=outer))
        return found
    marked = (*ledger.marked, *_open(ledger, article))
    (found,) = sides(article, replace(ledger, marked=tuple(sorted(marked))))
    return found


def _outer(ledger: Ledger, article: Article) -> tuple[Span, ...] | None:
    """Return the outermost pairs where two marks without partner enclose others in the same marks."""
    loose = [each.source.start for each in ledger.findings if each.kind in OPEN and each.source is not None]
    direct = {span for each in ledger.quotations for span in each.spans if each.kind is QuoteKind.DIRECT}
    pairs, strays = targetmarks.nested(article.text, sorted(direct | set(ledger.marked)), sorted(loose))
    return pairs if loose and not strays else None


def _article(source: str, code: str) -> Article:
    """Make an article of one segment."""
    text = f"{' ' * ROOM}{source}{' ' * ROOM}"
    span = Span(ROOM, len(text) - ROOM).strip(text)
    block = Block("s1.p1", BlockKind.PARAGRAPH, span, (Segment("s1.p1.1", span),))
    section = Section("s1", SectionKind.OPENING, None, (block,))
    return Article(text, text, "", None, code, Metadata(), (section,))


def _open(ledger: Ledger, article: Article) -> Iterator[Span]:
    """Yield what lies behind a mark that is closed in another pair, or before one that was opened there."""
    text = article.text
    pairs = [
        *ledger.marked,
        *(span for each in ledger.quotations for span in each.spans if each.kind is QuoteKind.DIRECT),
    ]
    loose = [each for each in ledger.findings if each.kind in OPEN and each.source is not None]
    while loose:
        finding = loose.pop(0)
        span = finding.source
        assert span is not None
        if loose and finding.kind is loose[0].kind is FindingKind.QUOTE_UNOPENED and (other := loose[0].source):
            between = Span(span.start, other.end)  # glued to the word before it, the first one opens: das"Wort"
            if not any(each.meets(between) for each in pairs):
                loose.pop(0)
                yield between
                pairs.append(between)
                continue
        opens = finding.kind is FindingKind.QUOTE_UNCLOSED or _opens(text, span.start)
        whole = Span(span.start, len(text)) if opens else Span(0, span.end)
        if not any(each.meets(whole) for each in pairs):
            yield whole
            pairs.append(whole)


def _opens(text: str, at: int) -> bool:
    """Say whether a mark that seemed to close opens after all: "Er sagte:„Ja"."""
    return text[at + 1].isalnum() and not text[at - 1].isalnum()

"""Text that was dropped or invented: by length, and by words on either side that nothing on the other faces."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair
from newsbridge.spans import Span

SHORT, LONG = 0.45, 2.1  # target words per source word; beyond, text was dropped or invented
MIN_WORDS = 8  # of a source segment, before its length is compared
RUN = 6  # content words in a row without a counterpart that make a dropped clause
FAINT = 0.1  # the weight a word's best counterpart must have
BRIEF = 3  # words of a source so short that an engine invents around it
ROOM = 6  # words it may become


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding where the target says much less or much more than the source."""
    if not pair.target.strip():
        yield pair.finding(FindingKind.DROPPED_TEXT, Severity.ERROR, "The sentence has no translation.")
        return
    ours, theirs = len(pair.text.split()), len(pair.target.split())
    if ours >= MIN_WORDS and theirs < SHORT * ours:
        message = "The English is much shorter than the German; part of the sentence may be missing."
        yield pair.finding(FindingKind.DROPPED_TEXT, Severity.WARNING, message)
    elif (gap := _gap(pair)) is not None:
        message = f"Nothing in the English stands for: {_excerpt(gap.of(pair.text))}."
        yield pair.finding(FindingKind.DROPPED_TEXT, Severity.WARNING, message, gap)
    if (ours <= BRIEF and theirs > ROOM + ours) or (ours >= MIN_WORDS and theirs > LONG * ours):
        message = "The English is much longer than the German; part of it may be invented."
        yield pair.finding(FindingKind.INVENTED_TEXT, Severity.WARNING, message)
    elif ours > BRIEF and (more := _more(pair)) is not None:
        message = f"Nothing in the German says: {_excerpt(more.of(pair.target))}."
        yield pair.finding(FindingKind.INVENTED_TEXT, Severity.WARNING, message, target=more)


def _gap(pair: Pair) -> Span | None:
    """Return the longest run of source words that no target word faces, if it is long enough to be a clause."""
    alignment = pair.alignment
    if alignment is None or not alignment.weights.size:
        return None
    heard = alignment.weights.max(axis=0) >= FAINT
    small = pair.grammar.small
    best: tuple[int, Span | None] = (RUN - 1, None)
    start, content = 0, 0
    for at in range(len(alignment.source) + 1):
        word = pair.source_words[at] if at < len(alignment.source) else ""
        if at == len(alignment.source) or (heard[at] and word not in small):
            if content > best[0]:
                best = (content, Span.cover(alignment.source[start:at]))
            start, content = at + 1, 0
        elif word and word not in small:
            content += 1
    return best[1]


def _more(pair: Pair) -> Span | None:
    """Return the longest run of target words that face no source word of their own."""
    alignment = pair.alignment
    if alignment is None or not alignment.weights.size:
        return None
    best: tuple[int, Span | None] = (RUN - 1, None)
    start, content = 0, 0
    for at in range(len(alignment.target) + 1):
        end = at == len(alignment.target)
        if end or (alignment.best[at] is not None and pair.target_words[at] not in pair.small):
            if content > best[0]:
                best = (content, Span.cover(alignment.target[start:at]))
            start, content = at + 1, 0
        elif pair.target_words[at] and pair.target_words[at] not in pair.small:
            content += 1
    return best[1]


def _excerpt(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"

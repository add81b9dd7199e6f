"""Text that was dropped or invented: by length, and by words on either side that nothing on the other faces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair
from newsbridge.spans import Span

SHORT, LONG = 0.45, 2.1  # target words per source word; beyond, text was dropped or invented
MIN_WORDS = 8  # of a source segment, before its length is compared
MIN_DROPPED, MIN_INVENTED = 2, 3  # content words of a sentence among others
MIN_CONTENT = 4  # content words of a sentence that is all there is; of fewer an aligner may find none
SENTENCE = re.compile(r"(?<=[.!?…])[\"”“»’)]*\s+(?=[\"“„«‘(]*[A-ZÄÖÜ0-9])")
# 3. 4th. d. Red. bzw. (ret.
SHORTENED = re.compile(
    r"\b(?:\d\d?|\d+(?:st|nd|rd|th)|[^\W\d_]|[A-ZÄÖÜ][a-zäöü]{1,2}|[b-df-hj-np-tv-xz]{2,4}|(?<=\()\w{1,5})\.[\"“”»]*$"
)
SURE = 0.9  # weight that leaves no doubt
ALIKE = 0.5  # of two sentences in the same place, how much shorter one may be to stand for the other
DROPPED = 0.42  # mean weight of a source sentence's content words; human translations of news have 0.46 and more
INVENTED = 0.48  # the same of a target sentence, where human translations have 0.50 and more ...
EXTRA = 0.62  # ... and of a further sentence where the target has more of them than the source
REST = 0.9  # target words per source word that must stand in the other sentences
ALL = 0.3  # the same where the sentence is all there is: then nothing faces anything
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
    """Return the source sentence, or the run of source words, that no target word faces."""
    alignment = pair.alignment
    if alignment is None or not alignment.weights.size:
        return None
    heard = alignment.weights.max(axis=0)
    content = [bool(word) and word not in pair.grammar.small for word in pair.source_words]
    enough = len(pair.source_words) >= MIN_WORDS and sum(content) >= MIN_CONTENT
    ours, theirs = sentences(pair.text), sentences(pair.target)
    for span, support, _ in _supported(pair.text, alignment.source, heard.tolist(), content, MIN_DROPPED):
        part = len(span) < len(pair.text) and not _answered(span, ours, theirs)
        if support < (DROPPED if part else ALL) and (part or enough):
            return span
    return _run(alignment.source, [value >= FAINT for value in heard.tolist()], content)


def _more(pair: Pair) -> Span | None:
    """Return the target sentence, or the run of target words, that faces no source word of its own."""
    alignment = pair.alignment
    if alignment is None or not alignment.weights.size:
        return None
    facing = alignment.weights.max(axis=1)
    content = [bool(word) and word not in pair.small for word in pair.target_words]
    ours, theirs = sentences(pair.text), sentences(pair.target)
    more = len(theirs) > len(ours)
    for span, support, last in _supported(pair.target, alignment.target, facing.tolist(), content, MIN_INVENTED):
        rest = len(pair.target.split()) - len(span.of(pair.target).split())
        if last and rest < REST * len(pair.text.split()):
            continue  # without it the target is too short: it is part of what was said, cut off by a stop
        if last and (pair.target[span.start] == "(" or _anchored(pair, alignment.target, span)):
            continue  # a gloss, or the rest of a sentence that a stray stop divided
        part = len(span) < len(pair.target) and not _answered(span, theirs, ours)
        if support < (EXTRA if more and last else INVENTED if part else ALL):
            return span
    return _run(alignment.target, [best is not None for best in alignment.best], content)


def _anchored(pair: Pair, words: Sequence[Span], span: Span) -> bool:
    """Say whether a name or figure in a stretch of the target surely renders one of the source."""
    assert pair.alignment is not None
    return any(
        span.holds(word) and word.of(pair.target)[:1].isupper() and pair.alignment.weights[at].max() >= SURE
        for at, word in enumerate(words)
        if word.start > span.start
    )


def _answered(span: Span, mine: Sequence[Span], others: Sequence[Span]) -> bool:
    """Say whether as many sentences stand on the other side, and the one in its place is about as long."""
    at = next((number for number, each in enumerate(mine) if each.meets(span)), 0)
    return len(mine) == len(others) > 1 and ALIKE <= len(others[at]) / len(mine[at]) <= 1 / ALIKE


def sentences(text: str) -> list[Span]:
    """Divide a text roughly into sentences, not behind ordinals, initials and short words with a stop (Anm., Red.)."""
    ends = (match for match in SENTENCE.finditer(text) if not SHORTENED.search(text, 0, match.start()))
    cuts = [0, *(match.end() for match in ends), len(text)]
    return [Span(start, end) for start, end in pairwise(cuts) if end > start]


def _supported(
    text: str, words: Sequence[Span], values: Sequence[float], content: Sequence[bool], least: int
) -> Iterator[tuple[Span, float, bool]]:
    """Yield every sentence with the mean weight of its content words' counterparts, and whether it is a further one."""
    for span in sentences(text):
        mine = [at for at, word in enumerate(words) if span.start <= word.start < span.end and content[at]]
        if len(mine) >= least:
            yield span.strip(text), sum(values[at] for at in mine) / len(mine), span.start > 0


def _run(words: Sequence[Span], answered: Sequence[bool], content: Sequence[bool]) -> Span | None:
    """Return the longest run in which no content word has a counterpart, if it is long enough to be a clause."""
    best: tuple[int, Span | None] = (RUN - 1, None)
    start, count = 0, 0
    for at in range(len(words) + 1):
        if at == len(words) or (answered[at] and content[at]):
            if count > best[0]:
                best = (count, Span.cover(words[start:at]))
            start, count = at + 1, 0
        elif content[at]:
            count += 1
    return best[1]


def _excerpt(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"

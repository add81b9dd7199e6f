"""What can be told from a pair of texts without a model: lost marks and figures, German left over, loops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.sides import Side
from newsbridge.fidelity.style import House, quoted
from newsbridge.languages import Language

FIGURE = re.compile(r"\d+(?:[.,'’:]\d+)*")
WORD = re.compile(r"[^\W\d_]+")
SHORT = 0.35  # target words per source word; below, text was dropped
MIN_WORDS = 8  # of a source segment, before its length is compared
LEFT_OVER = 0.6  # part of the small source words that stand in the target as they are
MOVED = 0.45  # difference between the parts of both texts that stand in marks
TIMES = 3  # a phrase said so often in a row is a loop


@dataclass(frozen=True)
class Numbers:
    """Number words of both languages: what figures they may stand for."""

    source: Mapping[str, str]
    target: Mapping[str, str]


@cache
def numbers(source: Language, target: Language) -> Numbers:
    """Compile the number words of two languages."""
    return Numbers(source.table("fidelity")["numbers"], target.table("fidelity")["numbers"])


def findings(side: Side, target: str, marks: House, words: Numbers) -> Iterator[Finding]:
    """Yield what an editor should look at in one segment."""
    if not target:
        yield _finding(side, FindingKind.DROPPED_TEXT, Severity.ERROR, "The sentence has no translation.")
        return
    yield from quote_findings(side, target, marks)
    yield from figure_findings(side, target, words)
    if _length(side.text) >= MIN_WORDS and _length(target) < SHORT * _length(side.text):
        message = "The English is much shorter than the German; part of the sentence may be missing."
        yield _finding(side, FindingKind.DROPPED_TEXT, Severity.WARNING, message)
    if _left_over(side.text, target):
        yield _finding(side, FindingKind.RESIDUE_SOURCE, Severity.WARNING, "The sentence came back in German.")
    if loops(target) and not loops(side.text):
        yield _finding(side, FindingKind.LOOP_REPEATED, Severity.ERROR, "The engine repeated itself.")


def quote_findings(side: Side, target: str, marks: House) -> Iterator[Finding]:
    """Yield a finding for each pair of marks that is missing, too many, or round other words."""
    if side.through:
        wanted, found = 0, len(quoted(target, marks))
    else:
        wanted, found = side.pairs, len(quoted(target, marks, inside=side.begins_inside))
    if found < wanted:
        pairs = "A pair" if wanted - found == 1 else f"{wanted - found} pairs"
        verb = "is" if wanted - found == 1 else "are"
        message = f"{pairs} of quotation marks {verb} missing in the English; check who says what."
        yield _finding(side, FindingKind.QUOTE_LOST, Severity.ERROR, message)
    elif found > wanted:
        message = "The English has quotation marks that the German does not have."
        yield _finding(side, FindingKind.QUOTE_INVENTED, Severity.ERROR, message)
    elif wanted and moved(side, target, marks):
        message = "The quotation marks of the English may stand round other words than those of the German."
        yield _finding(side, FindingKind.QUOTE_MOVED, Severity.WARNING, message)


def moved(side: Side, target: str, marks: House) -> bool:
    """Say whether the part in marks is much larger or smaller than in the source."""
    span = side.segment.span
    inside = sum(min(each.end, span.end) - max(each.start, span.start) for each in side.marked)
    ours = sum(len(each) for each in quoted(target, marks, inside=side.begins_inside))
    return abs(inside / len(span) - ours / max(1, len(target))) > MOVED


def figure_findings(side: Side, target: str, words: Numbers) -> Iterator[Finding]:
    """Yield a finding for figures that are missing or new; 3,5 and 3.5, 1'500 and 1,500 are the same."""
    source, ours = figures(side.text), figures(target)
    spelled = Counter(words.target[word] for word in _lower(target) if word in words.target)
    missing = source - ours - spelled
    if missing:
        message = f"The English lacks the figure {', '.join(sorted(missing))}."
        yield _finding(side, FindingKind.FIGURE_LOST, Severity.WARNING, message)
    written = Counter(words.source[word] for word in _lower(side.text) if word in words.source)
    new = ours - source - written
    if new:
        message = f"The English has the figure {', '.join(sorted(new))}, which the German does not have."
        yield _finding(side, FindingKind.FIGURE_INVENTED, Severity.WARNING, message)


def figures(text: str) -> Counter[str]:
    """Count the figures of a text by their digits."""
    return Counter(re.sub(r"\D", "", found) for found in FIGURE.findall(text))


def _lower(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _length(text: str) -> int:
    return len(text.split())


def _left_over(source: str, target: str) -> bool:
    small = [word for word in WORD.findall(source) if word.islower() and len(word) > 2]
    if len(small) < 4:
        return False
    there = set(WORD.findall(target))
    return sum(word in there for word in small) >= LEFT_OVER * len(small)


def loops(text: str) -> bool:
    """Say whether one to four words follow themselves three times."""
    words = text.casefold().split()
    for size in range(1, 5):
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (TIMES - 1):
                return True
    return False


def _finding(side: Side, kind: FindingKind, severity: Severity, message: str) -> Finding:
    return Finding(kind, severity, message, source=side.segment.span, segment=side.segment.id)

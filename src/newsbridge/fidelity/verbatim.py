"""Quoted words that came over as they were: titles, slogans, words of a third language.

Where they stand exactly once on both sides there is nothing to weigh: the marks belong round them.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from newsbridge.spans import Span

WORD = re.compile(r"\w+")
LETTERS = 4  # of all the words; shorter ones ("die", "war", "in") are words of both languages by accident


def verbatim(source: str, quoted: Span, target: str, lookalikes: Collection[str]) -> Span | None:
    """Find the quoted words in the target, in the same order with nothing but signs between them.

    Args:
        source: Without marks.
        quoted: The words inside a pair of marks.
        target: Without marks.
        lookalikes: Words of both languages that mean different things, or too little; no such word by itself counts.

    Returns:
        From the first letter to the last; None where the words do not stand there, or more than once on a side.

    Example:
        >>> target = "The film Still Waters, shown in Olten"
        >>> verbatim("Der Film Still Waters läuft", Span(9, 21), target, ()).of(target)
        'Still Waters'
    """
    words = WORD.findall(quoted.of(source))
    if sum(map(len, words)) < LETTERS or (len(words) == 1 and words[0].casefold() in lookalikes):
        return None
    signs = r"[^\w]{1,3}"
    run = re.compile(rf"(?<!\w){signs.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)
    there = [Span(*match.span()) for match in run.finditer(target)]
    return there[0] if len(there) == 1 == len(run.findall(source)) else None


def with_signs(text: str, span: Span) -> Span:
    """Return a stretch with the signs that stand behind it without a blank: "Waters," but not "Waters-"."""
    end = span.end
    while end < len(text) and not text[end].isspace() and not text[end].isalnum():
        end += 1
    return Span(span.start, end) if end == len(text) or text[end].isspace() else span

"""Captions and their credits: "Legende: … Keystone", "(Bild: Keystone)", "Foto: Ole Brandt"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbridge.sections.rules import Rules
from newsbridge.spans import Span

_TAIL = 160  # code points at the end of a caption that may hold the credit
_LONGEST = 600  # code points of a caption without a label
_NAMES = re.compile(  # a label leaves no doubt that this is a caption, so any capitalised words will do
    r"(?<=[.!?…“”«»])\s+(?P<open>[A-ZÄÖÜ][\w.&'’-]*(?:(?: ?[/,|] ?| )[A-ZÄÖÜ][\w.&'’-]*){0,5})\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption's label ("Legende:") and credit ("Keystone"), as far as it has them.

    ``signs`` are what only sets the credit off, before and behind it: "(Bild:" and ")".
    """

    label: Span | None
    credit: Span | None
    signs: tuple[Span, ...] = ()


def caption(text: str, span: Span, rules: Rules, *, certain: bool = False) -> Caption | None:
    """Read a paragraph as a caption.

    Args:
        text: The article as read, markup masked.
        span: The paragraph.
        rules: The language's.
        certain: It stands under an image, so it is a caption whatever it says.

    Returns:
        None if it is none: it has neither a label nor, being short, a credit at its end.
    """
    label = rules.caption.match(text, span.start, span.end)
    begin = span.start
    if label:
        begin = label.end()
    elif not certain and len(span) > _LONGEST:
        return None
    tail = text[max(begin, span.end - _TAIL) : span.end]
    found = _credit(tail, rules) or (_NAMES.search(tail) if label else None)
    if found:
        group = "inner" if found.groupdict().get("inner") else "open"
        offset = span.end - len(tail)
        credit = Span(found.start(group) + offset, found.end(group) + offset).strip(text)
        signs = (Span(found.start() + offset, credit.start), Span(credit.end, span.end))
        return Caption(Span(*label.span()) if label else None, credit, tuple(each for each in signs if each))
    if not label:
        return Caption(None, None) if certain else None
    named = Span(begin, span.end).strip(text)  # "Foto: Ole Brandt" is all credit
    is_credit = rules.credit.match(text[span.start : span.end]) if len(span) <= _TAIL else None
    return Caption(Span(*label.span()), named if is_credit else None)


def _credit(tail: str, rules: Rules) -> re.Match[str] | None:
    """Find the credit at the end of a caption; a paragraph with a full stop and no colon is not searched."""
    found = rules.credit.search(tail) if ":" in tail or "©" in tail else None
    return found or (None if tail.rstrip().endswith((".", "!", "?")) else rules.agency.search(tail))

"""Quotation marks of a target text of unknown house: which come in pairs, and which have no partner."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsbridge.spans import Span

DOUBLE = frozenset('"„“”‟«»〝〞＂')
LONG = 20  # code points behind a single mark that make it open a quotation that goes on elsewhere
SINGLE_OPENERS = frozenset("‘'‚‹›`")
SIGN = re.compile(f"[{''.join(sorted(DOUBLE | SINGLE_OPENERS))}]")
DOUBLES = re.compile(f"[{''.join(sorted(DOUBLE))}]")
SINGLE_CLOSERS = frozenset("’'‘›‹´")


def read(
    text: str, *, begins_inside: bool = False, ends_inside: bool = False
) -> tuple[tuple[Span, ...], tuple[int, ...]]:
    r"""Find the outermost pairs of marks of a text.

    Args:
        text: With marks of any kind; single ones are read where they stand outside double ones.
        begins_inside: Whether it begins within a quotation.
        ends_inside: Whether a quotation goes on behind it.

    Returns:
        The pairs in reading order, marks included, and where marks without partner stand.

    Example:
        >>> text = "“It’s ‘done’,” he said. It isn't ‘over’."
        >>> [span.of(text) for span in read(text)[0]]
        ['“It’s ‘done’,”', '‘over’']
    """
    text = text.replace("''", '" ').replace("``", ' "')
    pairs: list[Span] = []
    strays: list[int] = []
    opened: int | None = 0 if begins_inside else None
    real = not begins_inside  # whether a mark stands where the quotation was opened
    at = 0
    while (match := SIGN.search(text, at)) is not None:
        at = match.start()
        sign = text[at]
        if sign in DOUBLE and not _measure(text, at):
            if opened is None:
                if closes_only(text, at):
                    strays += [] if _possessive(text, at) else [at]
                else:
                    opened, real = at, True
            elif at == opened and not real:  # the quotation that began before is opened again here
                real = True
            elif opens_only(text, at) and at > opened:
                if real:
                    strays.append(opened)
                opened, real = at, True
            else:
                pairs.append(Span(opened, at + 1))
                opened = None
        elif opened is None and sign in SINGLE_OPENERS and opens_only(text, at):
            end = _single(text, at)
            if end is None and ends_inside and not DOUBLE & set(text[at:]) and len(text) - at > LONG:
                opened = at
                break
            if end is not None:
                pairs.append(Span(at, end + 1))
                at = end
        at += 1
    if opened is not None:
        if ends_inside:
            pairs.append(Span(opened, len(text)))
        elif real:
            strays.append(opened)
    return nested(text, pairs, strays)


def count(text: str) -> int:
    """Count the double marks of a text, whether they have a partner or not."""
    return len(DOUBLES.findall(text))


def nested(text: str, pairs: Sequence[Span], strays: Sequence[int]) -> tuple[tuple[Span, ...], tuple[int, ...]]:
    """Take two marks without partner for one pair where they enclose others in the same marks: "Das "alte" Haus".

    Args:
        text: With marks.
        pairs: As they were read, in order.
        strays: Where marks without partner stand.

    Returns:
        The outermost pairs in reading order, and where marks without partner stand then.
    """
    if len(strays) == 2 and opens_only(text, strays[0]) and not opens_only(text, strays[1]):
        outer = Span(strays[0], strays[1] + 1)
        if any(outer.holds(each) for each in pairs):
            return tuple(sorted((outer, *(each for each in pairs if not outer.holds(each))))), ()
    return tuple(pairs), tuple(strays)


def opens_only(text: str, at: int) -> bool:
    """Say whether a mark stands where one opens and none closes: behind a blank, before a word."""
    before, behind = _around(text, at)
    return (before.isspace() or before in "([–—-/") and not behind.isspace() and behind not in ".,;:!?)"


def closes_only(text: str, at: int) -> bool:
    """Say whether a mark stands where one closes and none opens: behind a word, before a blank or a stop."""
    before, behind = _around(text, at)
    return not before.isspace() and before not in "([–—/" and (behind.isspace() or behind in ".,;:!?)–—")


def _around(text: str, at: int) -> tuple[str, str]:
    return (text[at - 1] if at else " "), (text[at + 1] if at + 1 < len(text) else " ")


def _possessive(text: str, at: int) -> bool:
    """Say whether a mark stands for an apostrophe: the rivals" ratings."""
    return text[at] == '"' and text[at - 1] in "sS" and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].isalpha()


def _measure(text: str, at: int) -> bool:
    """Say whether a mark means inches or seconds: 5"."""
    return text[at] == '"' and at > 0 and text[at - 1].isdigit() and text.count('"') % 2 == 1


def _single(text: str, start: int) -> int | None:
    """Return where the single mark that opens at ``start`` is closed; an apostrophe closes nothing."""
    found, at = None, start + 1
    while (at := at + 1) < len(text):
        sign = text[at]
        if sign in DOUBLE:  # a pair inside
            at = next((there for there in range(at + 1, len(text)) if text[there] in DOUBLE), len(text))
        elif found is not None and sign in SINGLE_OPENERS and opens_only(text, at):
            break
        elif sign in SINGLE_CLOSERS and not text[at - 1].isspace():
            behind = text[at + 1] if at + 1 < len(text) else " "
            if behind.isalnum():
                continue
            found = at
            if not (text[at - 1] == "s" and behind == " "):
                return at
    return found

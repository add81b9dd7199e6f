"""Quotation marks of the target text: put into the house style, and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

STYLES: Mapping[str, tuple[str, str]] = {"american": ("“”", "‘’"), "british": ("‘’", "“”")}
GERMAN = ("„“", "‚‘")
PLAIN = '"'
WRONG = 0.5  # what a mark that closes where one should open costs, in parts of the text's length
DOUBLE = dict.fromkeys(map(ord, "„“”‟«»〝〞＂"), PLAIN)
MANY = 12  # marks; beyond, those at the end are not tried


@dataclass(frozen=True, slots=True)
class House:
    """The marks of a house style: ``outer`` and ``inner``, opening and closing."""

    outer: str
    inner: str


def house(style: str, text: str) -> House:
    """Return the marks of ``american``, ``british`` or ``source``: those the source text uses first."""
    if style in STYLES:
        return House(*STYLES[style])
    for mark in text:
        if mark == "«":
            return House("«»", "‹›")
        if mark == "»":
            return House("»«", "›‹")
        if mark == "„":
            return House(*GERMAN)
    return House(*GERMAN)


def plain(text: str) -> str:
    r"""Bring every double mark of a hypothesis, whatever its engine writes, into the plain form.

    Example:
        >>> plain("“It’s «done»,” she said.")
        '"It’s "done"," she said.'
    """
    return text.translate(DOUBLE)


def dress(plain: str, marks: House, *, drop_first: bool = False, drop_last: bool = False) -> str:
    r"""Put a text with plain marks into the house style.

    Args:
        plain: With ``"`` and ``'``, every second ``"`` closing.
        marks: Of the house.
        drop_first: Take the first ``"`` off again: it was added to balance the segment.
        drop_last: Likewise the last.

    Example:
        >>> dress('"It\'s \'done\'," she said.', house("american", ""))
        '“It’s ‘done’,” she said.'
    """
    if PLAIN not in plain and "'" not in plain:
        return " ".join(plain.split())
    places = [at for at, character in enumerate(plain) if character == PLAIN]
    roles = {at: marks.outer[number % 2] for number, at in enumerate(places)}
    if places and len(places) % 2:  # one is lost: where the last stands says what it is
        last = places[-1]
        roles[last] = marks.outer[0] if last == 0 or plain[last - 1].isspace() else marks.outer[1]
    if places and drop_first:
        roles[places[0]] = ""
    if places and drop_last:
        roles[places[-1]] = ""
    out = []
    for at, character in enumerate(plain):
        if character == PLAIN:
            out.append(roles[at])
        elif character == "'":
            before = plain[at - 1] if at else " "
            behind = plain[at + 1] if at + 1 < len(plain) else " "
            opens = (before.isspace() or before in '"([') and behind.isalpha()
            out.append(marks.inner[0] if opens else "’" if before.isalnum() and behind.isalnum() else marks.inner[1])
        else:
            out.append(character)
    return " ".join("".join(out).split())


def settle(plain: str, wanted: Sequence[tuple[float, float]]) -> str:
    r"""Take off the marks that have no partner, so that what is left comes in pairs.

    Args:
        plain: With ``"`` for every mark, opening or closing.
        wanted: Where the pairs of the source stand, as parts (0 to 1) of its length.

    Returns:
        The text as it is if it has two marks for each pair of the source, or nothing but whole pairs where the
        source has none.  Otherwise as many pairs as there can be: those marks stay that look the right way (one that
        opens stands behind a blank) and stand most nearly where the source has them.

    Example:
        >>> settle('His view is "an "ordered, and wholly."', [(0.5, 1.0)])
        'His view is an "ordered, and wholly."'
    """
    there = plain.count(PLAIN)
    if not plain or there == 2 * len(wanted) or (not wanted and there % 2 == 0):
        return plain
    places = [at for at, character in enumerate(plain) if character == PLAIN]
    pairs = min(len(wanted), len(places) // 2)
    best: tuple[float, tuple[int, ...]] = (float("inf"), ())
    for marks in combinations(places[:MANY], 2 * pairs):
        looks = sum(WRONG for number, at in enumerate(marks) if _opens(plain, at) == bool(number % 2))
        for chosen in combinations(wanted[: MANY // 2], pairs):
            ideal = [end for pair in chosen for end in pair]
            apart = sum(abs(at / len(plain) - end) for at, end in zip(marks, ideal, strict=True))
            best = min(best, (looks + apart, marks))
    kept = set(best[1])
    out = "".join(character for at, character in enumerate(plain) if character != PLAIN or at in kept)
    return " ".join(out.split())


def _opens(plain: str, at: int) -> bool:
    """Say whether a mark looks as if it opened: behind a blank or bracket, before a word."""
    before, behind = plain[at - 1] if at else " ", plain[at + 1] if at + 1 < len(plain) else " "
    return (before.isspace() or before in "([–—-'") and not behind.isspace()

"""Quotation marks as a simple eye sees them: independent of the package, to judge its checks by.

It counts double marks (single ones only where double ones are too few) and takes them in turn for opening and closing.
What it calls lost is certain.  What it calls moved is a suspicion: it knows no words, only figures and names that look
the same on both sides, and how much of each text stands in marks.
"""

from __future__ import annotations

import re

DOUBLE = re.compile("[\"„“”«»]|''|``|,,")
SINGLE = re.compile(r"(?<!\w)['‘‚‹›](?=\w).+?(?<=[\w.,!?])['’‘›‹](?!\w)")
ANCHOR = re.compile(r"\d[\d.,]*\d|\d\d+|[A-ZÄÖÜ]\w{3,}")
APART = 0.3  # difference between the parts of both texts that stand in marks


def count(text: str) -> int:
    """Count the double marks of a text."""
    return len(DOUBLE.findall(text))


def lost(source: str, target: str) -> int:
    """Say how many marks of the source the target lacks."""
    there = count(target)
    if there < count(source):
        pairs = SINGLE.findall(target)
        there += 2 * len(pairs) + (not pairs and target[:1] in "'‘")  # one that goes on behind the sentence
    return max(0, count(source) - there)


def pairs_lost(source: str, target: str) -> int:
    """Say how many pairs that is; a pair that lost one of its marks is lost."""
    return (lost(source, target) + 1) // 2


def mendable(source: str, target: str) -> int:
    """Say how many of the lost pairs could be mended: not a mark too many, whose partner nobody knows."""
    gone = lost(source, target)
    return gone // 2 if count(source) % 2 and count(source) > 1 else (gone + 1) // 2


def moved(source: str, target: str) -> str | None:
    """Say why marks that are all there seem to stand round other words, None if they do not."""
    if not count(source) or count(source) != count(target):
        return None
    ours, theirs = _stretches(source), _stretches(target)
    for word in ANCHOR.findall(source):
        if source.count(word) == 1 == target.count(word) and _in(ours, source.find(word)) != _in(
            theirs, target.find(word)
        ):
            return word
    parts = [sum(end - start for start, end in each) / len(text) for each, text in ((ours, source), (theirs, target))]
    return f"{parts[0]:.0%} and {parts[1]:.0%} in marks" if abs(parts[0] - parts[1]) > APART else None


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return what stands in marks; with an odd mark, from the beginning of the text or to its end."""
    places = [match.start() for match in DOUBLE.finditer(text)]
    if len(places) % 2:
        at = places[0]
        opens = at == 0 or (len(places) == 1 and not text[at - 1].isalnum() and text[at + 1 : at + 2].isalnum())
        places = [*places, len(text)] if opens else [0, *places]
    return list(zip(places[::2], places[1::2], strict=True))


def _in(stretches: list[tuple[int, int]], at: int) -> bool:
    return any(start <= at < end for start, end in stretches)

"""A text too long for a model: divided where a reader would pause, and joined again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from newsbridge.engines import Hypothesis

# Where to cut, best first: behind the end of a sentence, a semicolon or colon, a dash, a comma, a blank.
CUTS = tuple(
    map(
        re.compile,
        (r"(?<=[.!?…])[\"'”“»«’]?\s+", r"(?<=[;:])\s+", r"\s+(?=[–—-]\s)", r"(?<=,)\s+", r"\s+"),
    )
)
MIDDLE = 0.8  # the part of a text, round its middle, in which a better kind of cut is preferred to a nearer one


def divide(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Divide a text into parts that fit, as evenly as its pauses allow.

    Args:
        text: Any text.
        fits: Whether the model can read a part whole; a single code point is taken to fit.

    Returns:
        The parts in order, none of them empty; one, if all of it fits.  Only blanks are lost between them.

    Example:
        >>> divide("Er kam, sah und siegte. Dann ging er heim.", lambda part: len(part) < 30)
        ['Er kam, sah und siegte.', 'Dann ging er heim.']
    """
    done: list[str] = []
    waiting = [text.strip()]
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or fits(part):
            done += [part] if part else []
            continue
        left, right = _halves(part)
        waiting += [right, left]
    return done


def _halves(text: str) -> tuple[str, str]:
    middle = len(text) / 2
    reach = middle * MIDDLE
    for cut in CUTS:
        found = [each for each in cut.finditer(text) if abs(each.end() - middle) <= reach]
        if found:
            best = min(found, key=lambda each: abs(each.end() - middle))
            return text[: best.end()].strip(), text[best.end() :].strip()
    found = list(CUTS[-1].finditer(text))
    at = min((each.end() for each in found), key=lambda end: abs(end - middle), default=int(middle))
    return text[:at].strip(), text[at:].strip()


def join(parts: Sequence[tuple[Hypothesis, ...]]) -> tuple[Hypothesis, ...]:
    """Join the first hypotheses of every part of a text, the second, and so on.

    Args:
        parts: The hypotheses of each part in order, best first, at least one each.

    Returns:
        As many hypotheses as the part with the most has.  The score is the mean over all tokens; attention is left
        out where there was more than one part.
    """
    if len(parts) == 1:
        return parts[0]
    found = []
    for rank in range(max(map(len, parts))):
        chosen = [each[min(rank, len(each) - 1)] for each in parts]
        lengths = [len(each.target_tokens) + 1 for each in chosen]
        found.append(
            Hypothesis(
                " ".join(each.text for each in chosen if each.text),
                sum(each.score * n for each, n in zip(chosen, lengths, strict=True)) / sum(lengths),
                tuple(token for each in chosen for token in each.source_tokens),
                tuple(token for each in chosen for token in each.target_tokens),
                complete=all(each.complete for each in chosen),
            )
        )
    return tuple(found)

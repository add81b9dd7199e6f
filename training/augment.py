"""Further pairs made out of pairs: what newspapers write and the corpora lack."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.corpus import FIGURE, LONGEST, MARK, Pair
from training.names import Names

ENDS = (".", "!", "?", MARK)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each kind of pair is made, where it can be: probabilities."""

    swiss: float
    names: float
    figures: float
    half: float
    joined: float


def augment(pairs: Sequence[Pair], rates: Rates, rng: random.Random) -> Iterator[Pair]:
    """Yield the pairs made out of others, tagged ``swiss``, ``names``, ``figures``, ``half`` and ``joined``.

    Args:
        pairs: In the order of their documents; neighbours with one tag may be joined.
        rates: See :class:`Rates`.
        rng: Decides; the same seed makes the same pairs.
    """
    names = Names(pairs)
    for at, pair in enumerate(pairs):
        if "ß" in pair.source and rng.random() < rates.swiss:
            yield Pair("swiss", pair.source.replace("ß", "ss"), pair.target)
        if rng.random() < rates.names and (swapped := names.swap(pair, rng)):
            yield Pair("names", *swapped)
        if rng.random() < rates.figures and (changed := other_digits(pair, rng)):
            yield changed
        if rng.random() < rates.half and (half := half_open(pair, rng)):
            yield half
        if rng.random() < rates.joined and (joined := join(pairs[at : at + rng.choice((2, 2, 3, 4))])):
            yield joined


def other_digits(pair: Pair, rng: random.Random) -> Pair | None:
    """Put other digits into every figure that stands on both sides, and leave its separators.

    Example:
        >>> pair = Pair("news", "Rund 5'000 kamen, 3,5 Prozent mehr.", "Some 5,000 came, 3.5 per cent more.")
        >>> changed = other_digits(pair, random.Random(1))
        >>> changed.source, changed.target
        ("Rund 2'417 kamen, 3,9 Prozent mehr.", 'Some 2,417 came, 3.9 per cent more.')
    """

    def digits(figure: str) -> str:
        return re.sub(r"\D", "", figure)

    common = {digits(f) for f in FIGURE.findall(pair.source)} & {digits(f) for f in FIGURE.findall(pair.target)}
    if not common:
        return None
    new = {
        old: "".join(rng.choice("0123456789" if at or old[0] == "0" else "123456789") for at in range(len(old)))
        for old in sorted(common)
    }

    def put(match: re.Match[str]) -> str:
        fresh = iter(new.get(digits(match[0]), digits(match[0])))
        return "".join(next(fresh) if sign.isdigit() else sign for sign in match[0])

    return Pair("figures", FIGURE.sub(put, pair.source), FIGURE.sub(put, pair.target))


def half_open(pair: Pair, rng: random.Random) -> Pair | None:
    """Take one mark off a quotation that fills one end of both sides; seldom put marks on a sentence that has none.

    A quotation of several sentences is translated sentence by sentence, so half a pair of marks is common.

    Example:
        >>> half_open(Pair("gen", '"Wir bauen", sagte sie.', '"We are building," she said.'), random.Random(1)).target
        'We are building," she said.'
    """
    source, target = pair.source, pair.target
    marks = source.count(MARK)
    if marks == 2 == target.count(MARK):
        if source.startswith(MARK) and target.startswith(MARK):
            return Pair("half", source[1:], target[1:])
        if source.endswith(MARK) and target.endswith(MARK):
            return Pair("half", source[:-1], target[:-1])
    elif not marks and MARK not in target and source.endswith(ENDS) and target.endswith(ENDS) and rng.random() < 0.12:
        before, after = rng.choice(((MARK, ""), ("", MARK), (MARK, MARK)))
        return Pair("half", before + source + after, before + target + after)
    return None


def join(pairs: Sequence[Pair]) -> Pair | None:
    """Make one segment of sentences that follow each other; None if they should not be one.

    Example:
        >>> join([Pair("wiki", "Es regnet.", "It is raining."), Pair("wiki", "Er geht.", "He leaves.")]).target
        'It is raining. He leaves.'
    """
    if len({pair.tag for pair in pairs}) != 1 or len(pairs) < 2:
        return None
    if not all(pair.source.endswith(ENDS) and pair.target.endswith(ENDS) for pair in pairs):
        return None
    source, target = (" ".join(side) for side in zip(*((pair.source, pair.target) for pair in pairs), strict=True))
    return Pair("joined", source, target) if max(len(source.split()), len(target.split())) < LONGEST else None

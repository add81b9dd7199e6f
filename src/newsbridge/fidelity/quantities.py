"""Figures as values: 1'500, 1.500 and 1,500 are one; so are 14.30 Uhr and 2:30 pm, 3,5 Mio. and 3.5 million.

A figure may mean several values: "14 Uhr" is 14 and, in English, 2; it agrees with another if the two share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from newsbridge.languages import Language
from newsbridge.spans import Span

GROUPED = r"(?<!\d)\d{1,3}(?:['’\u00a0\u202f ]\d{3}(?!\d))+(?:[.,]\d+)?"  # 5 000, but not "2015 100 Fälle"
DIGITS = re.compile(rf"{GROUPED}|\d+(?:[.,]\d{{3}}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,:]\d+)*")
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
RAISED = re.compile(r"(?<![^\W\d_])[kc]?m$")  # 23 m2
NEXT = re.compile(r"[\s\u00a0-]*(?:[$€£¥][\s\u00a0]*)?([^\W\d_]+)")  # 270 $ Millionen


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure, in digits or words, and every value it may mean."""

    span: Span
    values: frozenset[float]
    digits: bool


@dataclass(frozen=True, eq=False)
class Numerals:
    """A language's table ``[numerals]``."""

    decimal: str  # "," or "."
    units: Mapping[str, float]  # one, zwei, twelve; what a word may stand for by itself
    scales: Mapping[str, float]  # million, Mio.: behind a figure
    joined: bool  # number words are written together: "fünfundzwanzig"
    hours: frozenset[str]  # behind a figure: it is a clock time
    loose: Mapping[str, tuple[float, ...]]  # what else may stand for a figure: "both", "decade", "Dutzend"
    ranges: re.Pattern[str]  # what may stand between two figures of which only the second has a scale or hour
    halves: frozenset[str]  # before an hour, they take half of one off: "halb elf" is 10:30
    links: frozenset[str]  # inside a figure in words: "fünfundzwanzig", "two hundred and five"
    powers: Mapping[str, float]  # in a figure in words they multiply what stands before them; the largest first
    decades: re.Pattern[str]  # behind two digits: "die 80er", "the 80s"


@cache
def numerals(language: Language) -> Numerals:
    """Compile a language's table ``[numerals]``."""
    table = language.table("numerals")
    return Numerals(
        table["decimal"],
        {word: float(value) for word, value in table["units"].items()},
        {word.casefold(): float(value) for word, value in table["scales"].items()},
        bool(table["joined"]),
        frozenset(table["hours"]),
        {word: tuple(map(float, values)) for word, values in table["loose"].items()},
        re.compile(rf"\s*(?:{'|'.join(map(re.escape, table['ranges']))})\s*[$€£]?(\d[\d.,]*)[\s\u00a0-]*([^\W\d_]+)"),
        frozenset(table["halves"]),
        frozenset(table["links"]),
        {word: float(value) for word, value in table["powers"].items()},
        re.compile(rf"[-–]?(?:{'|'.join(map(re.escape, table['decades']))})\b"),
    )


def quantities(text: str, known: Numerals) -> list[Quantity]:
    """Find every figure of a text, in digits or words, in reading order."""
    found = list(_digits(text, known))
    taken = [each.span for each in found]
    found += [each for each in _words(text, known) if not any(each.span.meets(span) for span in taken)]
    return sorted(found, key=lambda each: each.span)


def _digits(text: str, known: Numerals) -> Iterator[Quantity]:
    for match in DIGITS.finditer(text):
        written, span = match.group(), Span(*match.span())
        if written in ("2", "3") and RAISED.search(text, 0, span.start):
            continue
        behind = NEXT.match(text, span.end)
        word = behind.group(1).casefold() if behind else ""
        further = known.ranges.match(text, span.end)  # 30 bis 40 Milliarden, 17 und 20 Uhr
        shared = further.group(2).casefold() if further else ""
        hour = word in known.hours or shared in known.hours
        parts = re.split(r"[.:]", written)
        if (
            ":" in written
            or (hour and "." in written)
            or (
                len(parts) == 3
                and all(len(part) <= 4 for part in parts)
                and "," not in written
                and not all(len(p) == 3 for p in parts[1:])
            )
        ):
            at = span.start  # a time, a score or a date: each part by itself
            clock = len(parts) == 2 and parts[0].isdigit() and re.fullmatch(r"\d\d", parts[1])
            whole = {float(".".join(parts))} if clock else set()  # 20.15 Uhr, which may stand there as "20.15"
            for number, part in enumerate(re.split(r"([.:,])", written)):
                if number % 2 == 0 and part and not (number and part == "00"):  # 17.00 is 17
                    values = {*(_clock(float(part)) if hour or ":" in written else (float(part),)), *whole}
                    yield Quantity(Span(at, at + len(part)), frozenset(values), True)
                at += len(part)
            continue
        value = _value(written, known.decimal)
        values = {value}
        if re.fullmatch(r"\d{1,3}[.,]\d{3}", written):  # 73,000 $ in a German text, 1.500 in an English one
            values.add(float(re.sub(r"\D", "", written)))
        if word in known.scales and not (len(word) == 1 and text[span.end : span.end + 1].isspace()):
            values = {each * known.scales[word] for each in values} | ({value} if len(word) == 1 else set())
            span = Span(span.start, behind.end(1)) if behind else span  # "3 Millionen" is what is said
        elif hour:
            values |= set(_clock(value))
        elif shared in known.scales and len(shared) > 1:
            values |= {value * known.scales[shared]}
        if value < 100 and known.decades.match(text, span.end):
            values |= {1900 + value, 2000 + value}
        if value >= 1000 and value % 100 == 0 and re.match(r"s\b", text[span.end :]):
            values.add(value // 100 + 1)  # the 1800s are the 19th century
        if value < 100 and text[max(0, span.start - 1) : span.start] in ("/", "-", "–", "'", "’"):
            values |= {1900 + value, 2000 + value}
        yield Quantity(span, frozenset(values), True)


def _clock(value: float) -> tuple[float, ...]:
    """Return a number as it is, and as an hour of the other half of the day."""
    return (value, value - 12) if 12 < value <= 24 else (value, value + 12) if 0 < value <= 12 else (value,)


def _value(written: str, decimal: str) -> float:
    written = re.sub(r"['’\u00a0\u202f ]", "", written)
    group = "." if decimal == "," else ","
    if re.fullmatch(rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(decimal)}\d+)?", written):
        return float(written.replace(group, "").replace(decimal, "."))
    if written.count(decimal) == 1:
        return float(written.replace(group, "").replace(decimal, "."))
    if written.count(group) == 1:  # 3.5 in a German text
        return float(written.replace(group, "."))
    return float(re.sub(r"\D", "", written))


def _words(text: str, known: Numerals) -> Iterator[Quantity]:
    if known.joined:
        for match in WORD.finditer(text):
            values: set[float] = set()
            low = match.group().casefold()
            value = joined(low, known)
            if value is not None:
                behind = NEXT.match(text, match.end())
                scale = known.scales.get(behind.group(1).casefold(), 1.0) if behind else 1.0
                values = {value * scale, value}
                if text[: match.start()].split()[-1:] and text[: match.start()].split()[-1].casefold() in known.halves:
                    values |= {value - 1, 30.0, 0.5}
            elif low in known.scales and not text[: match.start()].rstrip()[-1:].isdigit():
                values = {known.scales[low]}
            if values:
                yield Quantity(Span(*match.span()), frozenset(values), False)
        return
    run: list[tuple[str, Span]] = []
    for match in re.finditer(r"[^\W_]+|[^\w\s-]", text):
        low = match.group().casefold()
        number = low in known.units or (low in known.scales and len(low) > 2)  # "B 215" is no billion
        if number and not run and low in known.scales and text[: match.start()].rstrip(" -")[-1:].isdigit():
            continue  # "3 million" is one figure
        if number or (low in known.links and run and match.end() < len(text)):
            run.append((low, Span(*match.span())))
            continue
        yield from _run(run, known)
        run = []
    yield from _run(run, known)


def _run(run: list[tuple[str, Span]], known: Numerals) -> Iterator[Quantity]:
    """Read "two hundred and five thousand": one value, and those of its words."""
    while run and run[-1][0] in known.links:
        run.pop()
    if not run:
        return
    total, current = 0.0, 0.0
    values: set[float] = set()
    for word, _ in run:
        if word in known.scales or word in known.powers:
            scale = known.scales.get(word) or known.powers[word]
            current = max(1.0, current) * scale
            if scale > 100:
                total, current = total + current, 0.0
        elif word in known.units:
            values.add(known.units[word])
            current += known.units[word]
    yield Quantity(Span.cover(span for _, span in run), frozenset(values | {total + current}), False)


@lru_cache(maxsize=20_000)
def joined(word: str, known: Numerals) -> float | None:
    """Read a number word of a language that writes them together: "zweihundertfünfundzwanzig" is 225."""
    if word in known.units:
        return known.units[word]
    for power, factor in known.powers.items():
        if power in word:
            left, _, right = word.partition(power)
            for link in known.links:
                right = right.removeprefix(link)
            head = 1.0 if not left else joined(left, known)
            tail = 0.0 if not right else joined(right, known)
            if head is not None and tail is not None:
                return head * factor + tail
    for link in known.links:
        left, _, right = word.partition(link)
        head, tail = known.units.get(left), known.units.get(right)
        if head is not None and tail is not None and head < 10 and tail % 10 == 0:
            return head + tail
    return None


def loosely(text: str, known: Numerals) -> frozenset[float]:
    """Return every value that a word may stand for: "both" for 2, "dreitägig" for 3, "Neunziger" for 1990."""
    return frozenset(value for match in WORD.finditer(text) for value in _meanings(match.group().casefold(), known))


@lru_cache(maxsize=20_000)
def _meanings(word: str, known: Numerals) -> frozenset[float]:
    values: set[float] = set()
    for low in {word, *word.split("-")}:
        values.update(known.loose.get(low, ()))
        for name, value in known.units.items():
            begins = low.startswith(name) if known.joined else value > 12 and low.startswith(name[:-1])
            if len(name) > 2 and begins and (known.joined or low.endswith(("th", "ies"))):
                values |= {value, 1900 + value, 2000 + value} if value >= 10 else {value}
        if known.joined:  # sechsundvierzigjährig
            beginnings = (joined(low[:end], known) for end in range(len(low) - 1, 3, -1))
            values |= set(filter(None, (next(filter(None, beginnings), None),)))
        for name, many in known.loose.items():
            if len(name) > 3 and low.startswith(name):
                values.update(many)
    return frozenset(values)

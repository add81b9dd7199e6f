"""Parallel sentences on disk, and which of them are fit to learn from.

A corpus is a text file, plain, .gz or .xz, with one pair a line: tag, German, English, between tabs.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newsbridge.engines.normal import normalise
from training import TrainingError

MARK = '"'  # the only double mark left after normalisation
LONGEST = 100  # words on either side
FIGURE = re.compile(r"(?<![\w.,])\d[\d.,:'’]*(?<![.,:'’])(?!\w)")
CLOCK = re.compile(r"(?<!\d)\d?\d[.:]\d\d(?=,? Uhr)")  # English counts to twelve
GERMAN = frozenset("der die das und ist nicht ein eine mit von auf dem den des sich auch wird wurde für".split())


@dataclass(frozen=True, slots=True)
class Pair:
    """A German segment and its English, both normalised; the tag says where they come from."""

    tag: str
    source: str
    target: str


def read(path: Path) -> Iterator[Pair]:
    """Read a corpus and normalise both sides.

    Raises:
        TrainingError: if the file cannot be read, or a line has not exactly three columns.
    """
    opener: Callable[..., io.TextIOBase] = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)  # type: ignore[assignment]
    try:
        with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                columns = line.rstrip("\r\n").split("\t")
                if len(columns) != 3 or not columns[0]:
                    raise TrainingError(
                        f"{path}, line {number}: {len(columns)} columns where tag, German and English should be",
                        "put one tab between tag, German and English, and none elsewhere",
                    )
                yield Pair(columns[0], normalise(columns[1]), normalise(columns[2]))
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise TrainingError(f"cannot read the corpus {path}: {error}", "it must be UTF-8 text, .gz or .xz") from None


def write(path: Path, pairs: Iterable[Pair]) -> int:
    """Write a corpus; return the number of pairs."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for count, pair in enumerate(pairs, 1):  # noqa: B007
            file.write(f"{pair.tag}\t{pair.source}\t{pair.target}\n")
    return count


def held_out(paths: Iterable[Path]) -> frozenset[str]:
    """Return the German side of test sets, normalised: what must never be learnt.

    Args:
        paths: Text files, German in the first column.
    """
    found = set()
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise TrainingError(f"cannot read the test set {path}: {error}", "it must be UTF-8 text") from None
        found |= {normalise(line.split("\t")[0]) for line in lines}
    return frozenset(found - {""})


def figures(text: str) -> Counter[str]:
    """Count the figures of a text by their digits alone: 5'000, 5.000 and 5,000 are one.

    Example:
        >>> sorted(figures("Am 3. Mai kamen 5'000, im Juni 5.000."))
        ['3', '5000']
    """
    return Counter(re.sub(r"\D", "", figure) for figure in FIGURE.findall(text))


def fault(pair: Pair) -> str | None:
    """Say why a pair should not be learnt from, or None.

    Example:
        >>> fault(Pair("news", "Der Rat tagt im Jahr 2019.", "The council meets in 2018."))
        'figures'
        >>> fault(Pair("news", "„Ja“, sagte er.".translate({8222: 34, 8220: 34}), "Yes, he said."))
        'marks'
    """
    german, english = pair.source.split(), pair.target.split()
    if not german or not english:
        return "empty"
    if max(len(german), len(english)) > LONGEST or max(map(len, german + english)) > 60:
        return "long"
    if len(german) > 4 and not 0.45 <= len(english) / len(german) <= 2.4:
        return "length ratio"
    if len(pair.source) > 40 and not 0.5 <= len(pair.target) / len(pair.source) <= 1.7:
        return "length ratio"
    if pair.source == pair.target and len(german) > 3:
        return "copy"
    for side in (pair.source, pair.target):
        if sum(sign.isalpha() or sign == " " for sign in side) < 0.6 * len(side):
            return "signs"
    if pair.source.count(MARK) != pair.target.count(MARK):
        return "marks"
    if {digits for digits in figures(CLOCK.sub("", pair.source)) if len(digits) >= 4} - set(figures(pair.target)):
        return "figures"
    if len(english) > 5 and sum(word.lower() in GERMAN for word in english) > 0.25 * len(english):
        return "German left"
    if loops(english):
        return "loop"
    return None


def loops(words: list[str]) -> bool:
    """Tell whether three words in a row come three times: a machine that lost its way."""
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    return bool(runs) and max(runs.values()) > 2


def tidy(pair: Pair) -> Pair:
    """Begin the English with a capital where the German sentence does: some translators forgot.

    Example:
        >>> tidy(Pair("wiki", "Der Minister sprach.", "the minister spoke.")).target
        'The minister spoke.'
    """
    sentence = pair.source[-1:] in '.!?"' and pair.target[-1:] in '.!?"'
    if sentence and pair.source[:1].isupper() and pair.target[:1].islower():
        return replace(pair, target=pair.target[0].upper() + pair.target[1:])
    return pair

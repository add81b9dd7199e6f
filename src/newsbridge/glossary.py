"""Terms a house has agreed on: read from TSV, CSV or TBX, found in German in whatever form they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from newsbridge.errors import NewsbridgeError
from newsbridge.spans import Span

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WORD = re.compile(r"\w+(?:[-’'&/]\w+)*")
ENDINGS = ("", "s", "es", "n", "en", "e", "er", "ern", "em", "in", "innen", "se", "ses", "sen", "ens")
FOLD = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
FORMATS = "tab-separated (.tsv), comma-separated (.csv) or TBX (.tbx)"


class GlossaryError(NewsbridgeError):
    """A glossary that cannot be read; the message says which line."""


@dataclass(frozen=True)
class Term:
    """A source term with its translation; alternatives of the target are divided by ``|``, the first is preferred."""

    source: str
    targets: tuple[str, ...]
    note: str = ""

    @property
    def target(self) -> str:
        """The translation that is set where the engine chose another word."""
        return self.targets[0]

    def stands(self, text: str) -> bool:
        """Say whether one of the translations stands in a target text, in the singular or plural."""
        low = " " + " ".join(re.findall(r"[\w’']+", text.casefold())) + " "
        for each in self.targets:
            words = " ".join(re.findall(r"[\w’']+", each.casefold()))
            if re.search(rf"(?<= ){re.escape(words)}(?:s|es|’s|'s)?(?= )", low):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a source text."""

    term: Term
    span: Span


@dataclass(frozen=True, eq=False)
class Glossary:
    """Terms, longest first where several fit."""

    terms: tuple[Term, ...]

    @cached_property
    def _by_head(self) -> dict[str, list[tuple[tuple[str, ...], Term]]]:
        """Return the terms under the first letters of their first word."""
        heads: dict[str, list[tuple[tuple[str, ...], Term]]] = {}
        for term in self.terms:
            words = tuple(map(fold, WORD.findall(term.source)))
            if words:
                heads.setdefault(words[0][:3], []).append((words, term))
        for each in heads.values():
            each.sort(key=lambda one: (-len(one[0]), -len(" ".join(one[0]))))
        return heads

    def find(self, text: str) -> Iterator[Found]:
        """Yield the terms in a source text, in reading order; what holds a longer term holds no shorter one.

        A term is found in every form ("des Bundesrates", "Bundesräte"), behind a hyphen ("Alt-Bundesrat"), and as the
        last part of no other compound: "Verwaltungsrat" is no "Rat".
        """
        words = [(fold(match.group()), Span(*match.span())) for match in WORD.finditer(text)]
        at = 0
        while at < len(words):
            found = self._at(words, at)
            if found is None:
                at += 1
                continue
            term, length = found
            yield Found(term, Span(words[at][1].start, words[at + length - 1][1].end))
            at += length

    def _at(self, words: list[tuple[str, Span]], at: int) -> tuple[Term, int] | None:
        first = words[at][0]
        for begin in {first, first.rpartition("-")[2]}:
            for wanted, term in self._by_head.get(begin[:3], ()):
                if at + len(wanted) > len(words):
                    continue
                there = [begin, *(word for word, _ in words[at + 1 : at + len(wanted)])]
                if all(form_of(word, other) for word, other in zip(there, wanted, strict=True)):
                    return term, len(wanted)
        return None


def fold(word: str) -> str:
    """Compare without regard to case, umlauts, and ß or ss."""
    return word.casefold().translate(FOLD)


def form_of(word: str, lemma: str) -> bool:
    """Say whether a folded word is a form of a folded lemma.

    Example:
        >>> form_of(fold("Bundesräten"), fold("Bundesrat")), form_of(fold("Bundesratswahl"), fold("Bundesrat"))
        (True, False)
    """
    if word == lemma:
        return True
    stem = lemma.removesuffix("e") if len(lemma) > 4 else lemma
    return len(lemma) > 2 and word.startswith(stem) and word[len(stem) :] in ENDINGS


def load(path: Path) -> Glossary:
    """Read a glossary: source, target and an optional note in each line, ``#`` begins a comment; or TBX.

    Raises:
        GlossaryError: if the file cannot be read, or a line has no target; the message says which.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GlossaryError(f"the glossary {path} cannot be read: {error.strerror}", "check the path") from None
    suffix = path.suffix.casefold()
    if suffix in (".tbx", ".xml"):
        return Glossary(tuple(_tbx(data, path)))
    if suffix not in (".tsv", ".csv", ".txt"):
        raise GlossaryError(f"the glossary {path} has an unknown format", f"give it as {FORMATS}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryError(f"the glossary {path} is not UTF-8: byte {error.start}", "save it as UTF-8") from None
    return Glossary(tuple(_rows(text, path, "," if suffix == ".csv" else "\t")))


def _rows(text: str, path: Path, delimiter: str) -> Iterator[Term]:
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        cells = [" ".join(cell.split()) for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        targets = tuple(each.strip() for each in cells[1].split("|") if each.strip()) if len(cells) > 1 else ()
        if not cells[0] or not targets:
            kind = "commas" if delimiter == "," else "tabs"
            raise GlossaryError(
                f"line {number} of the glossary {path} has no source or no target term",
                f"each line is source, target and an optional note, divided by {kind}",
            )
        if number == 1 and (cells[0].casefold(), targets[0].casefold()) in (("source", "target"), ("de", "en")):
            continue
        yield Term(cells[0], targets, cells[2] if len(cells) > 2 else "")


def _tbx(data: bytes, path: Path) -> Iterator[Term]:
    """Read TBX of 2002 and 2008 (termEntry, langSet, tig) and of 2019 (conceptEntry, langSec, termSec)."""
    from xml.etree import ElementTree

    if b"<!ENTITY" in data:
        raise GlossaryError(f"the glossary {path} defines entities", "remove its DOCTYPE")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise GlossaryError(f"the glossary {path} is no XML: {error}", f"give it as {FORMATS}") from None
    for entry in _named(root.iter(), "termEntry", "conceptEntry"):
        terms: dict[str, list[str]] = {}
        for section in _named(entry.iter(), "langSet", "langSec"):
            code = section.get("{http://www.w3.org/XML/1998/namespace}lang", "").split("-")[0].casefold()
            terms.setdefault(code, []).extend(
                " ".join((each.text or "").split()) for each in _named(section.iter(), "term")
            )
        note = next((each.text or "" for each in _named(entry.iter(), "note")), "")
        targets = tuple(each for each in terms.get("en", ()) if each)
        for source in terms.get("de", ()):
            if source and targets:
                yield Term(source, targets, " ".join(note.split()))


def _named(elements: Iterable[Element], *names: str) -> Iterator[Element]:
    for element in elements:
        if str(element.tag).rpartition("}")[2] in names:
            yield element


def starter(source: str = "de", target: str = "en") -> Glossary:
    """Return the list that ships: institutions of Germany, Austria and Switzerland, and transliterated names."""
    file = resources.files("newsbridge.languages") / f"{source}-{target}.tsv"
    if not file.is_file():
        return Glossary(())
    return Glossary(tuple(_rows(file.read_text(encoding="utf-8"), Path(file.name), "\t")))

"""Pairs of sentences in files: two files whose lines face each other, or a translation memory in TMX."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from newsbridge.errors import NewsbridgeError

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class BitextError(NewsbridgeError):
    """Files that are no bitext; the message says where."""


def lines(source: Path, target: Path) -> Iterator[tuple[str, str]]:
    r"""Yield the pairs of two files in UTF-8, line by line, in NFC and without blanks at the ends.

    Lines end with ``\n``, ``\r\n`` or ``\r``; a last line without end counts, an empty one behind it does not.

    Raises:
        BitextError: if a file cannot be read or is not UTF-8, before the first pair; if one of them has more lines
            than the other, behind the last pair.
    """
    ours, theirs = _lines(source), _lines(target)
    yield from zip(ours, theirs, strict=False)
    if len(ours) != len(theirs):
        raise BitextError(
            f"{source} has {len(ours)} lines and {target} has {len(theirs)}: they do not face each other",
            "give two files whose lines are translations of each other",
        )


def _lines(path: Path) -> list[str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BitextError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BitextError(f"{path} is not UTF-8: byte {error.start}", "save it as UTF-8") from None
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    found = text.split("\n")
    if found and not found[-1]:
        found.pop()
    return [line.strip() for line in found]


def tmx(path: Path, source: str = "de", target: str = "en") -> Iterator[tuple[str, str]]:
    """Yield the pairs of a TMX file (1.1 to 1.4), in the order of its units; inline codes are left out.

    Units without one of the two languages are left out.  The file is read as it goes: its size does not matter.

    Raises:
        BitextError: if it cannot be read, is no XML or no TMX; behind the pairs that could be read.
    """
    try:
        with path.open("rb") as file:
            events = ElementTree.iterparse(file, events=("start", "end"))
            _, root = next(events)
            if root.tag != "tmx":
                raise BitextError(f"{path} is no TMX: it begins with <{root.tag}>", "export TMX 1.4 from your tool")
            for event, element in events:
                if event == "end" and element.tag == "tu":
                    sides = _sides(element)
                    if source in sides and target in sides:
                        yield sides[source], sides[target]
                    for body in root.iterfind("body"):
                        body.clear()
    except OSError as error:
        raise BitextError(f"{path} cannot be read: {error.strerror}", "check the path") from None
    except ElementTree.ParseError as error:
        raise BitextError(f"{path} is no TMX: {error}", "is the file whole?") from None


def _sides(unit: Element) -> dict[str, str]:
    """Return the text of a unit in each language, under its first subtag."""
    sides: dict[str, str] = {}
    for variant in unit.iter("tuv"):
        code = (variant.get(LANG) or variant.get("lang") or "").replace("_", "-").split("-")[0].casefold()
        segment = variant.find("seg")
        if code and segment is not None and code not in sides:
            sides[code] = unicodedata.normalize("NFC", " ".join("".join(_text(segment)).split()))
    return sides


def _text(element: Element) -> Iterator[str]:
    """Yield the text of a segment; what stands in bpt, ept, ph, it, ut is code, what stands in hi and sub is text."""
    if element.text:
        yield element.text
    for child in element:
        if child.tag in ("hi", "sub"):
            yield from _text(child)
        if child.tail:
            yield child.tail

"""Pairs of sentences in files: two files whose lines face each other, or a translation memory in TMX."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from newsbridge.errors import NewsbridgeError

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CODES = ("bpt", "ept", "ph", "it", "ut")  # elements of TMX whose text is a format's code, not the sentence


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
    """Yield the pairs of a TMX file (1.1 to 1.4), in the order of its units, in NFC and with single blanks.

    Units without one of the two languages are left out.  The file is read as it goes: its size does not matter.

    Args:
        path: The file; its encoding is the one it declares.
        source: BCP 47 tag; where the very tag is missing, another of the same language is taken: ``de-CH`` for ``de``.
        target: BCP 47 tag.

    Raises:
        BitextError: if it cannot be read, is no XML or no TMX; behind the pairs that could be read.

    See: https://www.gala-global.org/tmx-14b
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
                    one, other = _find(sides, source), _find(sides, target)
                    if one is not None and other is not None:
                        yield one, other
                    for body in root.iterfind("body"):
                        body.clear()
    except OSError as error:
        raise BitextError(f"{path} cannot be read: {error.strerror or error}", "check the path") from None
    except ElementTree.ParseError as error:
        raise BitextError(f"{path} is no TMX: {error}", "is the file whole?") from None


def _sides(unit: Element) -> dict[str, str]:
    """Return the text of a unit under each of its language tags, in lower case."""
    sides: dict[str, str] = {}
    for variant in unit.iter("tuv"):
        tag = (variant.get(LANG) or variant.get("lang") or "").replace("_", "-").lower()
        segment = variant.find("seg")
        if tag and segment is not None:
            text = " ".join("".join(_text(segment)).split())
            sides.setdefault(tag, unicodedata.normalize("NFC", text))
    return sides


def _find(sides: dict[str, str], wanted: str) -> str | None:
    wanted = wanted.lower()
    if wanted in sides:
        return sides[wanted]
    return next((text for tag, text in sides.items() if tag.split("-")[0] == wanted.split("-")[0]), None)


def _text(element: Element) -> Iterator[str]:
    """Yield the text of a segment without the codes of its format; a sub inside a code is text."""
    if element.tag not in CODES:
        yield element.text or ""
    for child in element:
        if child.tag in CODES:
            yield from (word for sub in child.iter("sub") for word in _text(sub))
        else:
            yield from _text(child)
        yield child.tail or ""

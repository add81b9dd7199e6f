"""TMX 1.4b, the exchange format of translation memories: read and written as a stream.

See: https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from newsbridge import __version__
from newsbridge.errors import MemoryFault
from newsbridge.memory import Unit

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = ("bpt", "ept", "ph", "it", "ut")  # elements whose text is a format's code, not the sentence
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"\s+")


def read(path: Path, source: str, target: str) -> Iterator[Unit]:
    """Yield the units of a TMX file, approved, in its order.

    Args:
        path: The file; its encoding is the one it declares.
        source: BCP 47 tag; ``de`` also takes ``de-CH``.
        target: BCP 47 tag.

    Raises:
        MemoryFault: if it cannot be read, or is no TMX; the message says where.
    """
    try:
        with path.open("rb") as file:
            events = ElementTree.iterparse(file, events=("start", "end"))
            _, root = next(events)
            if root.tag != "tmx":
                raise MemoryFault(f"{path} is no TMX: it begins with <{root.tag}>", "export TMX 1.4 from your tool")
            for event, element in events:
                if event == "end" and element.tag == "tu":
                    unit = _unit(element, source, target)
                    if unit is not None:
                        yield unit
                    element.clear()
                    for body in root.iterfind("body"):
                        body.clear()
    except ElementTree.ParseError as error:
        raise MemoryFault(f"{path} is no TMX: {error}", "is the file whole?") from None
    except OSError as error:
        raise MemoryFault(f"cannot read {path}: {error.strerror or error}", "check the path") from None


def _unit(element: ElementTree.Element, source: str, target: str) -> Unit | None:
    texts: dict[str, str] = {}
    for variant in element.iterfind("tuv"):
        tag = variant.get(_LANG) or variant.get("lang") or ""
        segment = variant.find("seg")
        if segment is not None:
            texts.setdefault(tag.replace("_", "-").lower(), _BLANKS.sub(" ", "".join(_words(segment))).strip())
    one, other = _find(texts, source), _find(texts, target)
    return Unit(one, other, source, target, "", True) if one and other else None


def _words(element: ElementTree.Element) -> Iterator[str]:
    """Yield the text of a segment without the codes of its format."""
    if element.tag not in _CODES:
        yield element.text or ""
    for child in element:
        if child.tag in _CODES:
            yield from (word for sub in child.iter("sub") for word in _words(sub))
        else:
            yield from _words(child)
        yield child.tail or ""


def _find(texts: dict[str, str], wanted: str) -> str | None:
    wanted = wanted.lower()
    if wanted in texts:
        return texts[wanted]
    return next((text for tag, text in texts.items() if tag.split("-")[0] == wanted.split("-")[0]), None)


def write(file: IO[str], units: Iterable[Unit], *, source: str = "de") -> int:
    """Write units as TMX 1.4b and return how many; ``source`` is the language of the header."""
    file.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
        '<tmx version="1.4">\n'
        f'<header creationtool="newsbridge" creationtoolversion={quoteattr(__version__)} segtype="sentence" '
        f'o-tmf="newsbridge" adminlang="en" srclang={quoteattr(source)} datatype="plaintext"/>\n<body>\n'
    )
    count = 0
    for unit in units:
        count += 1
        notes = [("approved", "yes")] if unit.approved else [("machine", unit.engine or "yes")]
        props = "".join(f'<prop type="x-{name}">{_text(value)}</prop>' for name, value in notes)
        file.write(
            f"<tu>{props}"
            f"<tuv xml:lang={quoteattr(unit.source_language)}><seg>{_text(unit.source)}</seg></tuv>"
            f"<tuv xml:lang={quoteattr(unit.target_language)}><seg>{_text(unit.target)}</seg></tuv></tu>\n"
        )
    file.write("</body>\n</tmx>\n")
    return count


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))

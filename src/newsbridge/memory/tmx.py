"""TMX 1.4b, the exchange format of translation memories: read and written as a stream.

See: https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from newsbridge import __version__, bitext
from newsbridge.memory import Unit

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(path: Path, source: str, target: str) -> Iterator[Unit]:
    """Yield the units of a TMX file, approved, in its order; those with an empty side are left out.

    Raises:
        BitextError: as :func:`newsbridge.bitext.tmx`, which says what the arguments are.
    """
    for one, other in bitext.tmx(path, source, target):
        if one and other:
            yield Unit(one, other, source, target, "", True)


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

"""Units of a memory: pairs of source and target, and what each is found by."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zlib import crc32

_DAY = 86_400
_MARKS = str.maketrans(dict.fromkeys("„“”‟«»〝〞＂", '"') | dict.fromkeys("‚‘’‛‹›`´＇", "'"))
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A pair of source and target; languages are BCP 47 tags."""

    source: str
    target: str
    source_language: str = "de"
    target_language: str = "en"
    engine: str = ""
    approved: bool = False


def normal(text: str) -> str:
    """Bring a source text into the form in which two of them are compared: blanks, and which marks are used, are equal.

    Example:
        >>> normal("«Wir  bauen», sagte sie.") == normal("„Wir bauen“, sagte sie.")
        True
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text).translate(_MARKS)).strip()


def key_of(source: str) -> bytes:
    """Return what a unit is found by: the SHA-256 of its normalised source."""
    return sha256(normal(source).encode("utf-8", errors="surrogatepass")).digest()


def row_of(unit: Unit, day: int) -> tuple[Any, ...]:
    """Return a row of the table of units, in the order of its columns; ``day`` is the day it was last used."""
    return (
        primary(unit.source_language),
        primary(unit.target_language),
        key_of(unit.source),
        unit.source,
        unit.target,
        unit.engine,
        int(unit.approved),
        day,
        sum_of(unit.source, unit.target),
    )


def sum_of(source: str, target: str) -> int:
    """Return the CRC-32 of a unit."""
    return crc32(f"{source}\0{target}".encode("utf-8", errors="surrogatepass"))


def primary(tag: str) -> str:
    """Return the language of a tag, without its region: de-CH and de share their units."""
    return tag.replace("_", "-").split("-")[0].lower()


def today() -> int:
    """Return the day, counted from 1970."""
    return int(time.time()) // _DAY

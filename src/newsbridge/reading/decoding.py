"""Bytes become text here and nowhere else: byte order marks, UTF-8, UTF-16, Windows-1252, and what is no text."""

from __future__ import annotations

import codecs
import re

from newsbridge.errors import ArticleError

NO_TEXT = "newsbridge reads text and Markdown: save the article as .txt in UTF-8"
_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BM": "a BMP image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP, Word or LibreOffice file",
    b"\x1f\x8b": "a gzip file",
    b"\xfd7zXZ": "an xz file",
    b"{\\rtf": "an RTF file",
    b"SQLite format 3": "an SQLite file",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
}
_BOMS = (  # the longer first: UTF-32's begins like UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b\x7f]")
_SAMPLE = 4096  # bytes looked at to tell UTF-16 without a mark
_RECOGNISE = "leave --encoding out to have the encoding recognised, or name another: utf-8, cp1252, utf-16"


def decode(data: bytes, where: str, encoding: str | None = None) -> str:
    """Decode an article's bytes.

    Args:
        data: The bytes as read.
        where: The file's name, for messages.
        encoding: A codec's name, or None to have it recognised: a byte order mark, else UTF-16 by its NULs, else
            UTF-8, else Windows-1252.

    Returns:
        The text, not normalised; a byte order mark may lead it.

    Raises:
        ArticleError: if the bytes are no text, or not in the encoding named.
    """
    for magic, what in _MAGIC.items():
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:64]):
            raise ArticleError(f"{where} is {what}, not text", NO_TEXT)
    text = _named(data, where, encoding) if encoding else _recognised(data, where)
    if "\0" in text:
        raise no_text(where)
    if len(_CONTROLS.findall(text)) > max(3, len(text) // 100):
        raise ArticleError(f"{where} is not text: it holds control characters", NO_TEXT)
    return text


def no_text(where: str) -> ArticleError:
    """Return the error for what holds a NUL, as no text does."""
    return ArticleError(f"{where} is not text: it holds NUL", NO_TEXT)


def _named(data: bytes, where: str, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        text = data.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeError as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise ArticleError(f"{where} is not in {encoding}{place}", _RECOGNISE) from None
    except (LookupError, ValueError):  # a NUL in the name, or a codec that does not make text
        raise ArticleError(f"no encoding named {encoding!r}", "try utf-8, cp1252, latin-1 or utf-16") from None
    if not name.startswith(("utf", "ascii")) and not data.isascii() and _is_utf8(data):
        raise ArticleError(f"{where} is in UTF-8, not in {encoding}", _RECOGNISE)
    return text


def _recognised(data: bytes, where: str) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None) or _utf16(data[:_SAMPLE])
    if not encoding and b"\0" in data:
        raise no_text(where)
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise ArticleError(f"{where} is damaged: it is {encoding} up to byte {error.start}", NO_TEXT) from None
        return _windows(data, where, error.start)


def _utf16(sample: bytes) -> str | None:
    """Tell UTF-16 without a mark: European text has a NUL in every other byte, and almost none between."""
    pairs = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if pairs and odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if pairs and even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _windows(data: bytes, where: str, bad: int) -> str:
    """Decode Windows-1252, of which Latin-1 text is a part; refuse UTF-8 that is merely damaged."""
    whole = data.decode("utf-8", errors="replace")
    broken = whole.count("\ufffd")
    sound = sum(1 for _ in re.finditer("[\x80-\ufffc\U00010000-\U0010ffff]", whole))
    if sound > broken:
        line = data.count(b"\n", 0, bad) + 1
        hint = "repair it, or name the encoding, for instance --encoding cp1252"
        raise ArticleError(f"{where} is UTF-8, but damaged in line {line} (byte {bad})", hint)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise ArticleError(f"{where} is neither UTF-8 nor Windows-1252", "name its encoding with --encoding") from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

"""Text and Markdown become an Article; bytes are decoded here and nowhere else."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from newsbridge import languages
from newsbridge.article import MASK, Article, Hint, Metadata
from newsbridge.errors import ArticleError
from newsbridge.reading import content, decoding, header, language, markdown
from newsbridge.reading.files import SUFFIXES, Input, inputs, is_own, readable
from newsbridge.reading.offsets import Offsets, normalise

__all__ = ["SUFFIXES", "Input", "Offsets", "inputs", "is_own", "read_bytes", "read_file", "read_text"]

SOURCE = "de"
MARKDOWN = (".md", ".markdown")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b\x7f\ufeff]")
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def read_file(path: Path, *, encoding: str | None = None, language: str | None = None) -> Article:
    """Read one file.

    Args:
        path: The file; ``.md`` and ``.markdown`` are Markdown.
        encoding: A codec's name, or None to have it recognised.
        language: BCP 47 tag; None checks that the text is German.

    Raises:
        ArticleError: if there is no such file, or it is no article newsbridge reads.
    """
    return content.load(path, readable(path.as_posix())).article(encoding=encoding, language=language)


def read_bytes(
    data: bytes,
    *,
    path: str | None,
    encoding: str | None = None,
    language: str | None = None,
    markdown: bool | None = None,
) -> Article:
    """Read an article from its bytes.

    Args:
        data: The bytes as read; ``sha256`` is theirs.
        path: As given, with "/"; None for stdin.
        encoding: A codec's name, or None to have it recognised.
        language: BCP 47 tag; None checks that the text is German.
        markdown: Whether it is Markdown; None goes by the suffix of ``path``.

    Raises:
        ArticleError: if it is empty, not text, not in the encoding named, not German, or written by newsbridge.
    """
    where = path or "stdin"
    if is_own(data):
        hint = "newsbridge convert makes other views of a record; newsbridge translate wants the article itself"
        raise ArticleError(f"{where} was written by newsbridge, it is no article", hint)
    text, _ = normalise(decoding.decode(data, where, encoding))
    if markdown is None:
        markdown = path is not None and Path(path).suffix.lower() in MARKDOWN
    return _article(text, hashlib.sha256(data).hexdigest(), path, where, language, markdown, check=language is None)


def read_text(
    text: str,
    *,
    path: str | None = None,
    language: str | None = None,
    markdown: bool = False,
    check_language: bool = True,
) -> tuple[Article, Offsets]:
    """Read an article that is text already.

    Args:
        text: As given: NFD, CRLF and a byte order mark may be in it.
        path: As given, with "/"; None if it has none.
        language: BCP 47 tag; None checks that the text is German.
        markdown: Whether it is Markdown.
        check_language: False takes the text for German unseen.

    Returns:
        The article, and the map from offsets of its text to offsets of ``text``.

    Raises:
        ArticleError: if it is empty, holds a NUL, or is not German.
    """
    where = path or "the text"
    if "\0" in text:
        raise decoding.no_text(where)
    ours, offsets = normalise(text)
    digest = hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    check = check_language and language is None
    return _article(ours, digest, path, where, language, markdown, check=check), offsets


def _article(
    text: str, sha256: str, path: str | None, where: str, tag: str | None, is_markdown: bool, *, check: bool
) -> Article:
    """Put an article together from a normalised text; ``where`` is its name in messages."""
    if not text.strip().strip(MASK):
        raise ArticleError(f"{where} is empty", "give a file with an article in it")
    if _HTML.match(text):
        raise ArticleError(f"{where} is a web page, not text or Markdown", "save the article's text as .txt")
    known = languages.load(tag or SOURCE)
    front = header.find(text, known)
    begin = front.span.end if front else 0
    if check:
        language.check(text[begin:], where)
    plain: str = text
    hints: tuple[Hint, ...] = ()
    if is_markdown:
        plain, hints = markdown.scan(text, begin, known.table("reading")["months"])
    return Article(
        text=text,
        plain=_CONTROLS.sub(MASK, plain),
        sha256=sha256,
        path=path,
        language=known.code,
        metadata=front.metadata if front else Metadata(),
        header=front.span if front else None,
        hints=hints,
    )

"""An article as bytes or text, not yet looked at: out of a file, a compressed file, an archive, a row."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from newsbridge.errors import ArticleError, MissingPackage, NewsbridgeError

if TYPE_CHECKING:
    from newsbridge.article import Article

LARGEST = 10_000_000  # bytes of one article; a book has about a million
FIELDS = ("title", "kicker", "teaser", "byline", "date", "url")  # of a row, where its text has no header


@dataclass(frozen=True)
class Content:
    """What an article is read from.

    ``name`` is its path as given, None for stdin; ``fields`` is metadata that stood beside the text.
    """

    data: bytes | str
    name: str | None
    markdown: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """The hash of the bytes; of a text, of its UTF-8, and of the fields beside it."""
        if isinstance(self.data, bytes):
            return hashlib.sha256(self.data).hexdigest()
        said = "".join(f"\0{name}\0{value}" for name, value in sorted(self.fields.items()))
        return hashlib.sha256((self.data + said).encode("utf-8", errors="surrogatepass")).hexdigest()

    def article(self, *, encoding: str | None = None, language: str | None = None) -> Article:
        """Read the article.

        Raises:
            ArticleError: if it is empty, not text, not in the encoding named, not German, or written by newsbridge.
        """
        from newsbridge import reading

        if isinstance(self.data, bytes):
            article = reading.read_bytes(
                self.data, path=self.name, encoding=encoding, language=language, markdown=self.markdown
            )
        else:
            article, _ = reading.read_text(self.data, path=self.name, language=language)
        known = {name: value for name in FIELDS if (value := self.fields.get(name))}
        said: Any = {name: getattr(article.metadata, name) or value for name, value in known.items()}
        return replace(article, metadata=replace(article.metadata, **said)) if said else article


def is_markdown(name: str) -> bool:
    """Say whether a file of that name, compressed or not, is Markdown."""
    from newsbridge.reading import MARKDOWN
    from newsbridge.reading.files import uncompressed

    return os.path.splitext(uncompressed(name))[1].lower() in MARKDOWN


def load(path: Path | None, name: str) -> Content:
    """Read one file, decompressed, or stdin for None.

    Raises:
        ArticleError: if it cannot be read, is no regular file, or is too large.
    """
    if path is None:
        return Content(sys.stdin.buffer.read(), None)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ArticleError(f"{name} is a folder, not an article", "name a file in it")
        if stat.S_ISREG(status.st_mode) and status.st_size > LARGEST:
            raise too_large(name, status.st_size)
        with opened(path) as file:
            data = file.read(LARGEST + 1)
    except NewsbridgeError:
        raise
    except Exception as error:  # each compression has errors of its own
        raise unreadable(name, error) from None
    if len(data) > LARGEST:
        raise too_large(name, len(data))
    return Content(data, name, is_markdown(path.name))


def unreadable(name: str, error: Exception) -> ArticleError:
    """Return the error for what could not be opened, or was damaged on the way."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ArticleError(f"{name} does not exist", "check the path; globs need quotes in some shells")
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    hint = "check the path and its permissions" if isinstance(error, OSError) else "is the file whole?"
    return ArticleError(f"{name} cannot be read: {reason}", hint)


def too_large(name: str, size: int) -> ArticleError:
    """Return the error for what is larger than any article."""
    limit = f"an article has at most {LARGEST / 1e6:.0f} MB"
    return ArticleError(f"{name} has {size / 1e6:.0f} MB; {limit}", "divide it into its articles")


def opened(path: Path) -> IO[bytes]:
    """Open a file for reading, decompressed by its suffix.

    Raises:
        OSError: if it cannot be opened; while it is read, also EOFError and ValueError where it is damaged.
        MissingPackage: if it is compressed with zstd and zstandard is not installed.
    """
    suffix = path.suffix.lower()
    if suffix in (".gz", ".tgz"):
        import gzip

        return cast(IO[bytes], gzip.open(path, "rb"))
    if suffix in (".bz2", ".tbz2"):
        import bz2

        return cast(IO[bytes], bz2.open(path, "rb"))
    if suffix in (".xz", ".txz"):
        import lzma

        return cast(IO[bytes], lzma.open(path, "rb"))
    if suffix in (".zst", ".tzst"):
        try:
            import zstandard
        except ImportError:
            raise MissingPackage(f"{path.name} is compressed with zstd", "pip install 'newsbridge[batch]'") from None
        return cast(IO[bytes], zstandard.open(path, "rb"))
    return path.open("rb")

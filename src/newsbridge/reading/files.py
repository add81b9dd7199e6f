"""Which files are articles: files, folders and globs, in order, without hidden files and what newsbridge wrote.

A file may also hold many articles; :mod:`newsbridge.reading.containers` takes them out.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from newsbridge.errors import ArticleError

if TYPE_CHECKING:
    from newsbridge.article import Article
    from newsbridge.reading.content import Content

SUFFIXES = (".txt", ".text", ".md", ".markdown")
STDIN = "-"
_ABOUT = frozenset({"readme", "license", "licence", "changelog", "contributing", "notice"})  # stems: no articles
_HEAD = 600  # bytes that tell our own files
_FOOTER = 65536  # bytes at the end of a Parquet file that hold its metadata
OWN_PARQUET = b"newsbridge/1"  # the key under which a Parquet file of ours says so
_OWN = re.compile(
    r'\A\W*\{\s*"schema":\s*"newsbridge/\d|<!--[^>]{0,250}newsbridge/\d'
    r"""|<meta\s+name=["']generator["']\s+content=["']newsbridge\b""",
    re.IGNORECASE,
)
_COMPRESSED = (".gz", ".zst", ".bz2", ".xz")
_TARRED = {".tgz": ".tar.gz", ".tzst": ".tar.zst", ".tbz2": ".tar.bz2", ".txz": ".tar.xz"}
_ROWS = (".jsonl", ".ndjson")
_HINT = f"articles end in {', '.join(SUFFIXES)}; .jsonl, .parquet, .zip and .tar hold many"


class Holding(StrEnum):
    """What a file holds, going by its name."""

    ARTICLE = "article"
    ROWS = "jsonl"
    PARQUET = "parquet"
    TAR = "tar"
    ZIP = "zip"


@dataclass(frozen=True)
class Input:
    """One article to read, or one file that holds many.

    ``relative`` is its path below the folder it was found in, for output that mirrors the folder; of a file named
    itself it is the file's name, of stdin (``path`` None) it is ``stdin``.  ``size`` is in bytes, 0 where it is not
    known.  An article out of a container has its ``content``, and in ``member`` its place there (``:17``, ``/a.txt``);
    ``fault`` is why there is none, and ``id`` is what a row calls itself.
    """

    path: Path | None
    relative: PurePosixPath
    size: int = 0
    member: str = ""
    id: str | int | None = None
    content: Content | None = None
    fault: ArticleError | None = None

    @property
    def name(self) -> str:
        """The path as given, with ``/``; ``stdin`` for stdin."""
        return readable(f"{self.path.as_posix()}{self.member}" if self.path else f"stdin{self.member}")

    @property
    def holding(self) -> Holding:
        """What is in it."""
        inner = uncompressed(self.path.name) if self.path and self.content is None else ""
        return _HOLDINGS.get(PurePosixPath(inner).suffix.lower(), Holding.ARTICLE)

    def load(self) -> Content:
        """Read the bytes.

        Raises:
            ArticleError: if they cannot be read.
        """
        from newsbridge.reading import content

        if self.fault:
            raise self.fault
        if self.content:
            return self.content
        return content.load(self.path, self.name)

    def read(self, *, encoding: str | None = None, language: str | None = None) -> Article:
        """Read the article.

        Raises:
            ArticleError: as :func:`newsbridge.reading.read_file` does.
        """
        return self.load().article(encoding=encoding, language=language)


def readable(name: str) -> str:
    r"""Return a file's name as text that can be written; what is not UTF-8 in it is shown as ``\xe4``."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")


def uncompressed(name: str) -> str:
    """Return a file's name without the suffix of a compression.

    Example:
        >>> uncompressed("feed.jsonl.gz"), uncompressed("2024.tgz"), uncompressed("a.txt")
        ('feed.jsonl', '2024.tar', 'a.txt')
    """
    stem, suffix = os.path.splitext(name)
    suffix = suffix.lower()
    if suffix in _TARRED:
        return f"{stem}.tar"
    return stem if suffix in _COMPRESSED else name


_HOLDINGS = {
    **dict.fromkeys(_ROWS, Holding.ROWS),
    ".parquet": Holding.PARQUET,
    ".tar": Holding.TAR,
    ".zip": Holding.ZIP,
}


def inputs(arguments: Iterable[str]) -> list[Input]:
    """Find the articles that arguments name.

    Args:
        arguments: Files (any suffix), folders (searched with their subfolders), globs (``**`` too), or ``-``.

    Returns:
        Each article once, in the order of the arguments, a folder's in the order of their paths.  Left out of
        folders and globs: other suffixes, hidden files, READMEs and licences, and what newsbridge itself wrote.

    Raises:
        ArticleError: if an argument leads to no article.
    """
    found: dict[bytes, Input] = {}
    for argument in arguments:
        for each in find(argument):
            found.setdefault(each_file(each), each)
    return list(found.values())


def each_file(found: Input) -> bytes:
    """Return what tells files apart: the path without links; a link that leads to itself is no error yet."""
    return os.fsencode(os.path.realpath(found.path)) if found.path else b""


def is_own(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` was written by newsbridge: a record, or a view of one."""
    return bool(_OWN.search(head[:_HEAD].decode("utf-8", errors="ignore")))


def is_own_parquet(file: IO[bytes]) -> bool:
    """Say whether a Parquet file was written by newsbridge: its metadata, at its end, has our key."""
    size = file.seek(0, os.SEEK_END)
    file.seek(size - min(size, _FOOTER))
    return OWN_PARQUET in file.read()


def find(argument: str) -> Iterator[Input]:
    """Yield what one argument names, a folder's files as they are found; see :func:`inputs`.

    Raises:
        ArticleError: if it leads to no article.
    """
    if argument == STDIN:
        yield Input(None, PurePosixPath("stdin"))
        return
    path = Path(argument)
    if "\0" in argument:
        raise ArticleError(f"{argument!r} is no path: it holds NUL", "give the path of a file or folder")
    count = 0
    try:
        if path.is_dir():
            missing = f"no article in the folder {readable(path.as_posix())}"
            for each in _walk(path):
                count += 1
                yield each
        elif os.path.lexists(path) or not glob.has_magic(argument):
            yield Input(path, PurePosixPath(path.name), _size(path))
            return
        else:
            missing = f"no article matches {argument}"
            start = _glob_root(argument)
            for place in map(Path, sorted(glob.iglob(argument, recursive=True))):
                if _is_article(place):
                    yield Input(place, _below(place, start), _size(place))
                    count += 1
    except OSError as error:
        raise ArticleError(f"cannot look for {argument!r}: {error}", "give the path of a file or folder") from None
    if not count:
        raise ArticleError(missing, _HINT)


def root(argument: str) -> Path:
    """Return the folder or file below which an argument's articles lie."""
    path = Path(argument)
    return path if os.path.lexists(path) or not glob.has_magic(argument) else _glob_root(argument)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # reading says what is wrong with it
        return 0


def _below(path: Path, root: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(root).as_posix())


def _glob_root(pattern: str) -> Path:
    """Return the folder a glob starts from: the parts before the first with a magic sign."""
    parts = Path(pattern).parts
    fixed = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed])


def _walk(folder: Path) -> Iterator[Input]:
    """Yield the articles below a folder in the order of their paths; each folder is entered once, links too.

    A folder that cannot be opened is yielded with its fault.
    """
    entered: set[tuple[int, int]] = set()
    closed: list[Input] = []

    def note(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        fault = ArticleError(
            f"the folder {readable(path.as_posix())} cannot be opened: {error.strerror}", "check its permissions"
        )
        closed.append(Input(path, _below(path, folder), fault=fault))

    for where, folders, files in os.walk(folder, followlinks=True, onerror=note):
        yield from closed
        closed.clear()
        status = os.stat(where)
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            if _is_article(path := Path(where, name)):
                yield Input(path, _below(path, folder), _size(path))
    yield from closed


def _is_article(path: Path) -> bool:
    """Say whether a file that was found, not named, is an article or holds some."""
    name = uncompressed(path.name)
    stem, suffix = os.path.splitext(name)
    if name.startswith(".") or suffix.lower() not in (*SUFFIXES, *_HOLDINGS) or stem.lower() in _ABOUT:
        return False
    if not path.is_file():
        return path.is_symlink() and not path.is_dir()  # it leads nowhere: reading says so
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            return not (is_own_parquet(file) if head.startswith(b"PAR1") else is_own(head))
    except OSError:  # read_file will say what is wrong with it
        return True

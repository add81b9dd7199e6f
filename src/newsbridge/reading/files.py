"""Which files are articles: files, folders and globs, in order, without hidden files and what newsbridge wrote."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsbridge.errors import ArticleError

if TYPE_CHECKING:
    from newsbridge.article import Article

SUFFIXES = (".txt", ".text", ".md", ".markdown")
STDIN = "-"
_ABOUT = frozenset({"readme", "license", "licence", "changelog", "contributing", "notice"})  # stems: no articles
_HEAD = 600  # bytes that tell our own files
_OWN = re.compile(
    r'\A\W*\{\s*"schema":\s*"newsbridge/\d|<!--[^>]{0,250}newsbridge/\d'
    r"""|<meta\s+name=["']generator["']\s+content=["']newsbridge\b""",
    re.IGNORECASE,
)
_HINT = f"articles end in {', '.join(SUFFIXES)}"


@dataclass(frozen=True)
class Input:
    """One article to read.

    ``relative`` is its path below the folder it was found in, for output that mirrors the folder; of a file named
    itself it is the file's name, of stdin (``path`` None) it is ``stdin``.
    """

    path: Path | None
    relative: PurePosixPath

    @property
    def name(self) -> str:
        """The path as given, with ``/``; ``stdin`` for stdin."""
        return self.path.as_posix() if self.path else "stdin"

    def read(self, *, encoding: str | None = None, language: str | None = None) -> Article:
        """Read the article.

        Raises:
            ArticleError: as :func:`newsbridge.reading.read_file` does.
        """
        from newsbridge import reading

        if self.path:
            return reading.read_file(self.path, encoding=encoding, language=language)
        return reading.read_bytes(sys.stdin.buffer.read(), path=None, encoding=encoding, language=language)


def inputs(arguments: Sequence[str]) -> list[Input]:
    """Find the articles that arguments name.

    Args:
        arguments: Files (any suffix), folders (searched with their subfolders), globs (``**`` too), or ``-``.

    Returns:
        Each article once, in the order of the arguments, a folder's in the order of their paths.  Left out of
        folders and globs: other suffixes, hidden files, READMEs and licences, and what newsbridge itself wrote.

    Raises:
        ArticleError: if an argument leads to no article.
    """
    found: dict[str, Input] = {}
    for argument in arguments:
        for each in _find(argument):  # realpath: a link that leads to itself is no error yet
            found.setdefault(os.path.realpath(each.path) if each.path else "", each)
    return list(found.values())


def is_own(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` was written by newsbridge: a record, or a view of one."""
    return bool(_OWN.search(head[:_HEAD].decode("utf-8", errors="ignore")))


def _find(argument: str) -> list[Input]:
    if argument == STDIN:
        return [Input(None, PurePosixPath("stdin"))]
    path = Path(argument)
    if "\0" in argument:
        raise ArticleError(f"{argument!r} is no path: it holds NUL", "give the path of a file or folder")
    try:
        if path.is_dir():
            files = [Input(each, _below(each, path)) for each in _walk(path)]
            missing = f"no article in the folder {path.as_posix()}"
        elif os.path.lexists(path) or not glob.has_magic(argument):
            return [Input(path, PurePosixPath(path.name))]
        else:
            root = _root(argument)
            places = sorted(Path(each) for each in glob.iglob(argument, recursive=True))
            files = [Input(each, _below(each, root)) for each in places if _is_article(each)]
            missing = f"no article matches {argument}"
    except OSError as error:
        raise ArticleError(f"cannot look for {argument!r}: {error}", "give the path of a file or folder") from None
    if not files:
        raise ArticleError(missing, _HINT)
    return files


def _below(path: Path, root: Path) -> PurePosixPath:
    return PurePosixPath(path.relative_to(root).as_posix())


def _root(pattern: str) -> Path:
    """Return the folder a glob starts from: the parts before the first with a magic sign."""
    parts = Path(pattern).parts
    fixed = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return Path(*parts[:fixed])


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the articles below a folder in the order of their paths; each folder is entered once, links too."""
    entered: set[tuple[int, int]] = set()
    for where, folders, files in os.walk(folder, followlinks=True):
        status = os.stat(where)
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            if _is_article(Path(where, name)):
                yield Path(where, name)


def _is_article(path: Path) -> bool:
    """Say whether a file that was found, not named, is an article."""
    if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES or path.stem.lower() in _ABOUT:
        return False
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return not is_own(file.read(_HEAD))
    except OSError:  # read_file will say what is wrong with it
        return True

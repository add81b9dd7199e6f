"""The order of the inputs, and where each one's files go.

Which name an article gets depends on all the others, so the inputs are looked through first.  They are kept in a
private SQLite database on disk: ten million paths do not fit into memory.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from newsbridge.errors import ArticleError
from newsbridge.reading import containers, files
from newsbridge.reading.containers import Columns
from newsbridge.reading.files import Holding, Input

_TABLES = """
CREATE TABLE inputs (number INTEGER PRIMARY KEY, file BLOB UNIQUE, path BLOB, relative BLOB, size INTEGER,
                     short BLOB, long BLOB, fault TEXT, hint TEXT);
CREATE INDEX shorts ON inputs (short);
CREATE INDEX longs ON inputs (long);
CREATE TABLE stems (stem BLOB PRIMARY KEY) WITHOUT ROWID;
"""


class Plan:
    """What a run has before it.

    Args:
        columns: Where rows of JSON lines and Parquet have their text.
        rows: What comes on stdin is JSON lines, not one text.
    """

    def __init__(self, columns: Columns | None = None, *, rows: bool = False) -> None:
        self.columns = columns or Columns()
        self.rows = rows
        self.containers = 0
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # "" is a file without a name
        self._db.executescript("PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;" + _TABLES)

    def __len__(self) -> int:
        """Return the number of files; a container counts as one."""
        return int(self._db.execute("SELECT count(*) FROM inputs").fetchone()[0])

    def add(self, arguments: Iterable[str]) -> None:
        """Look for inputs, each once, in the order of the arguments; what leads nowhere becomes an input with a fault.

        See :func:`newsbridge.reading.files.inputs`.
        """
        self._db.execute("BEGIN")
        for argument in arguments:
            try:
                for found in files.find(argument):
                    self._insert(found)
            except ArticleError as error:
                shown = PurePosixPath(Path(argument.replace("\0", "_")).name or "input")
                self._insert(Input(Path(argument.replace("\0", "_")), shown, fault=error))
        self._db.execute("COMMIT")

    def _insert(self, found: Input) -> None:
        relative = str(found.relative)
        self.containers += found.holding is not Holding.ARTICLE or (self.rows and found.path is None)
        values = (
            files.each_file(found),
            os.fsencode(found.path) if found.path else None,
            os.fsencode(relative),
            found.size,
            os.fsencode(_without_suffix(found.relative).casefold()),
            os.fsencode(relative.casefold()),
            found.fault.message if found.fault else None,
            found.fault.hint if found.fault else None,
        )
        query = "INSERT OR IGNORE INTO inputs (file, path, relative, size, short, long, fault, hint)"
        self._db.execute(f"{query} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    def files(self) -> Iterator[Input]:
        """Yield the files in their order, containers unopened."""
        query = "SELECT path, relative, size, fault, hint FROM inputs ORDER BY number"
        for path, relative, size, fault, hint in self._db.execute(query):
            yield Input(
                Path(os.fsdecode(path)) if path is not None else None,
                PurePosixPath(os.fsdecode(relative)),
                size,
                fault=ArticleError(fault, hint) if fault else None,
            )

    def holds(self, path: Path) -> bool:
        """Say whether a path is one of the inputs."""
        file = os.fsencode(os.path.realpath(path))
        return self._db.execute("SELECT 1 FROM inputs WHERE file = ?", (file,)).fetchone() is not None

    def articles(self, reserved: Iterable[str] = ()) -> Iterator[tuple[Input, str]]:
        """Yield every article with the name its files get, below the output folder and without suffix.

        The relative path loses its suffix; where that collides (also on file systems that do not tell ``A`` from
        ``a``) the suffix stays: ``a.txt.json``, ``a.md.json``.  Where even that collides, the folder it was found in
        goes in front, and if that is not enough a number.  The articles of a container lie in a folder called like
        it; of two whose names collide the second keeps its suffix.  No article gets a name that is ``reserved``.
        """
        self._db.execute("DELETE FROM stems")
        self._db.executemany("INSERT INTO stems VALUES (?)", [(os.fsencode(each),) for each in reserved])
        for found in self.files():
            members = containers.articles(found, self.columns)
            if self.rows and found.path is None:
                members = containers.lines(sys.stdin.buffer, found, self.columns)
            elif found.holding is Holding.ARTICLE:
                yield found if found.path else _from_stdin(found), self._take(self._candidates(found))
                continue
            for member in members:
                is_row = member.member.startswith(":")
                short = str(member.relative) if is_row else _without_suffix(member.relative)
                yield member, self._take([short, str(member.relative)])

    def _candidates(self, found: Input) -> list[str]:
        short, long = _without_suffix(found.relative), str(found.relative)
        if self._count("short", short) == 1:
            return [short, long]
        if self._count("long", long) == 1 or found.path is None:
            return [long]
        return [f"{Path(os.path.realpath(found.path)).parent.name}/{long}"]

    def _count(self, column: str, text: str) -> int:
        query = f"SELECT count(*) FROM (SELECT 1 FROM inputs WHERE {column} = ? LIMIT 2)"
        return int(self._db.execute(query, (os.fsencode(text.casefold()),)).fetchone()[0])

    def _take(self, candidates: list[str]) -> str:
        """Return the first name that is free, or the last with a number."""
        number = 1
        while True:
            for stem in candidates if number == 1 else [f"{candidates[-1]}-{number}"]:
                key = os.fsencode(stem.casefold())
                if self._db.execute("INSERT OR IGNORE INTO stems VALUES (?)", (key,)).rowcount:
                    return stem
            number += 1


def _from_stdin(found: Input) -> Input:
    """Read stdin here: a worker process has another one."""
    try:
        return replace(found, content=found.load())
    except ArticleError as error:
        return replace(found, fault=error)


def _without_suffix(path: PurePosixPath) -> str:
    name = files.uncompressed(path.name)
    stem = PurePosixPath(name).stem
    return str(path.with_name(stem)) if stem else str(path)

"""What was done in an output folder: ``OUT/.newsbridge/journal.sqlite``, one row per article.

It is what a run that was stopped goes on from, what the index page lists, and where ``failures.jsonl`` comes from.
SQLite in WAL mode keeps it whole when the process is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbridge.errors import DiskFull, JournalError, OutputError

if TYPE_CHECKING:
    from newsbridge.batch.jobs import Failure, Job, Outcome

HIDDEN = ".newsbridge"
_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS articles (
    stem BLOB PRIMARY KEY,      -- as the file system has it
    place INTEGER NOT NULL,     -- among the inputs of the run that did it
    run INTEGER NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,       -- SHA-256 of the source; empty where it could not be read
    settings TEXT NOT NULL,     -- hash of everything else the result depends on
    done INTEGER NOT NULL,      -- 1 done, 0 failed
    said TEXT NOT NULL,         -- JSON: of one that is done what the index shows, of one that failed why
    record BLOB                 -- the record, compressed, where all are written to one file
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS places ON articles (place, stem);
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY);
"""
_ENTRY = "SELECT stem, name, digest, settings, done, said FROM articles WHERE stem = ?"


@dataclass(frozen=True)
class Entry:
    """One row: an article that is done, or one that failed (``said`` has ``error``, ``hint`` and ``kind`` then)."""

    stem: str
    name: str
    digest: str
    settings: str
    done: bool
    said: Mapping[str, Any] = field(default_factory=dict)


class Journal:
    """The journal of one output folder, held by one run at a time.

    Raises:
        JournalError: if another run holds it, or it is damaged.
        OutputError: if it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        from filelock import FileLock, Timeout

        self.folder = folder
        hidden = folder / HIDDEN
        try:
            hidden.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(hidden / "lock")
            self._lock.acquire(timeout=0)
        except Timeout:
            raise JournalError(
                f"another run of newsbridge is writing to {folder}", "wait until it is done, or write to another folder"
            ) from None
        except OSError as error:
            raise cannot_write(folder, error) from None
        try:
            self._db = sqlite3.connect(hidden / "journal.sqlite", isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise JournalError(
                    f"the journal in {hidden} was written by another version of newsbridge", "write to another folder"
                )
            self._db.executescript(_TABLE)
            self._db.execute(f"PRAGMA user_version={_VERSION}")
            self.run = int(self._db.execute("INSERT INTO runs DEFAULT VALUES RETURNING number").fetchone()[0])
        except sqlite3.Error as error:
            self._lock.release()
            raise self._fault(error) from None

    @property
    def drafts(self) -> Path:
        """Where files are written before they are moved to their place."""
        return self.folder / HIDDEN / "drafts"

    def sweep(self) -> None:
        """Remove what a run that was killed left unfinished."""
        with contextlib.suppress(OSError):
            for draft in list(self.drafts.iterdir()):
                draft.unlink()

    def entry(self, stem: str) -> Entry | None:
        """Return what is known about an article."""
        row = self._do(_ENTRY, (os.fsencode(stem),)).fetchone()
        return _entry(row) if row else None

    def entries(self, *, done: bool | None = None) -> Iterator[Entry]:
        """Yield the articles in the order of the inputs; only those that are done, or that failed, where asked."""
        where = "" if done is None else f"WHERE done = {int(done)}"
        query = f"SELECT stem, name, digest, settings, done, said FROM articles {where} ORDER BY place, stem"
        for row in self._do(query):
            yield _entry(row)

    def records(self) -> Iterator[str]:
        """Yield the records that are kept for one file, as JSON, in the order of the inputs."""
        for (blob,) in self._do("SELECT record FROM articles WHERE record IS NOT NULL ORDER BY place, stem"):
            yield zlib.decompress(blob).decode("utf-8")

    def count(self) -> tuple[int, int]:
        """Return how many articles are done and how many failed."""
        counts = dict(self._do("SELECT done, count(*) FROM articles GROUP BY done").fetchall())
        return counts.get(1, 0), counts.get(0, 0)

    def note_done(self, job: Job, outcome: Outcome, settings: str) -> None:
        """Note that an article is done and its files are written."""
        said = {
            "model": outcome.model,
            "title": outcome.title,
            "headline": outcome.headline,
            "segments": outcome.segments,
            "quotes": dict(sorted(outcome.quotes.items())),
            "findings": dict(sorted(outcome.findings.items())),
            "formats": sorted(outcome.files),
        }
        record = zlib.compress(outcome.line.encode("utf-8"), 3) if outcome.line else None
        self._put(job, outcome.digest, settings, 1, said, record)

    def note_failed(self, job: Job, failure: Failure, digest: str = "") -> None:
        """Note that an article failed, and why."""
        self._put(job, digest, "", 0, {"error": failure.message, "hint": failure.hint, "kind": failure.kind}, None)

    def note_same(self, job: Job) -> None:
        """Note that an article is still as it was done."""
        stem = os.fsencode(job.stem)
        self._do(
            "UPDATE articles SET place = ?, run = ? WHERE stem = ? AND (place, run) <> (?, ?)",
            (job.number, self.run, stem, job.number, self.run),
        )

    def forget_failures(self) -> None:
        """Forget the failures of earlier runs; what failed in this one stays."""
        self._do("DELETE FROM articles WHERE done = 0 AND run <> ?", (self.run,))

    def close(self) -> None:
        """Let go of the folder."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._lock.release()

    def _put(
        self, job: Job, digest: str, settings: str, done: int, said: Mapping[str, Any], record: bytes | None
    ) -> None:
        self._do(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                os.fsencode(job.stem),
                job.number,
                self.run,
                job.name,
                digest,
                settings,
                done,
                json.dumps(said, ensure_ascii=False),
                record,
            ),
        )

    def _do(self, query: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(query, values)
        except sqlite3.Error as error:
            raise self._fault(error) from None

    def _fault(self, error: sqlite3.Error) -> JournalError | OutputError:
        where = self.folder / HIDDEN
        if isinstance(error, sqlite3.OperationalError):
            kind = DiskFull if "full" in str(error) else OutputError
            return kind(
                f"cannot write the journal in {where}: {error}",
                "make room, or choose another folder with -o DIR; what was done is kept",
            )
        return JournalError(
            f"the journal in {where} is damaged: {error}", f"remove {where}; then everything is translated again"
        )


def peek(folder: Path) -> Callable[[str], Entry | None]:
    """Return what looks articles up in the journal of a folder, without changing or holding it."""
    path = folder / HIDDEN / "journal.sqlite"
    if not path.exists():
        return lambda stem: None
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    def entry(stem: str) -> Entry | None:
        try:
            row = db.execute(_ENTRY, (os.fsencode(stem),)).fetchone()
        except sqlite3.Error as error:
            raise JournalError(f"the journal {path} cannot be read: {error}", "is another run using it?") from None
        return _entry(row) if row else None

    return entry


def _entry(row: tuple[Any, ...]) -> Entry:
    stem, name, digest, settings, done, said = row
    return Entry(os.fsdecode(stem), name, digest, settings, bool(done), json.loads(said))


def cannot_write(folder: Path, error: OSError) -> OutputError:
    """Return the error for a folder that cannot be written to."""
    return OutputError(f"cannot write to {folder}: {error.strerror or error}", "choose another folder with -o DIR")

"""What was translated before: an SQLite file that runs share, and that a person's corrections go into.

It holds two things.  *Answers* are what an engine said, under everything the answer depends on; asking again costs
nothing and changes nothing.  *Units* are pairs of source and target as they stand in the records, for translators; one
that was approved, by importing a TMX, wins over any engine.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbridge.errors import MemoryFault, NewsbridgeError
from newsbridge.memory.units import Unit as Unit
from newsbridge.memory.units import key_of, primary, row_of, sum_of, today

LIMIT = 4_000_000_000  # bytes; beyond it the answers not used for longest go
_SHARE = 0.1  # of the answers, that go at a time
_VERSION = 1
_WAIT = 30.0  # seconds for another run's transaction
_AT_ONCE = 500  # keys of one query
_SIZES = ("page_count", "freelist_count", "page_size")
_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    number INTEGER PRIMARY KEY, -- old ones lie together, so that whole pages are free when they go
    key BLOB NOT NULL UNIQUE,   -- SHA-256 of engine, revision, settings, languages, source
    value BLOB NOT NULL,
    used INTEGER NOT NULL       -- the day it was last asked for, counted from 1970
);
CREATE INDEX IF NOT EXISTS answers_used ON answers (used);
CREATE TABLE IF NOT EXISTS units (
    source_language TEXT NOT NULL,
    target_language TEXT NOT NULL,
    key BLOB NOT NULL,          -- SHA-256 of the normalised source
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    engine TEXT NOT NULL,       -- who wrote the target
    approved INTEGER NOT NULL,
    used INTEGER NOT NULL,
    sum INTEGER NOT NULL,       -- CRC-32 of source and target: a damaged unit is none
    PRIMARY KEY (source_language, target_language, key)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Stats:
    """What a memory holds; ``size`` is in bytes."""

    answers: int
    units: int
    approved: int
    size: int


def default_path() -> Path:
    """Return where the memory lies on this platform; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path("newsbridge", appauthor=False) / "memory.sqlite"


class Memory:
    """A translation memory that is open.

    Its methods may be called from several threads, and other processes may have it open.  Trouble on the way (no room,
    damage) ends its use, not the run: it is told once, then the memory is empty and forgets everything.

    Args:
        path: The file; it is made if it is not there.
        trouble: Is told what is wrong with the memory.
        limit: Its size in bytes beyond which it is pruned.

    Raises:
        MemoryFault: if it cannot be opened, or is no memory.
    """

    def __init__(
        self, path: Path, trouble: Callable[[NewsbridgeError], None] = lambda error: None, *, limit: int = LIMIT
    ) -> None:
        self.path, self.limit = path, limit
        self.read_only = False
        self._trouble = trouble
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open()
        except (sqlite3.Error, OSError) as error:
            raise self._fault(error) from None

    def _open(self) -> sqlite3.Connection:
        try:
            db = self._connect(str(self.path), uri=False)
            version = db.execute("PRAGMA user_version").fetchone()[0]
            fresh = version == 0
            if fresh:
                db.execute("PRAGMA auto_vacuum=INCREMENTAL")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("BEGIN IMMEDIATE")
            if fresh:
                for statement in _TABLES.split(";"):
                    db.execute(statement)
            if version in (0, _VERSION):
                db.execute(f"PRAGMA user_version={_VERSION}")  # the first write shows whether it may be written
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error) and "unable to open" not in str(error):
                raise
            if not self.path.exists():
                raise
            db = self._read_only()
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION:
            raise MemoryFault(
                f"{self.path} is a memory of version {version}, not {_VERSION}",
                "use the newsbridge that wrote it, or another file with --memory",
            )
        db.execute("SELECT 1 FROM answers LIMIT 1")  # is it a memory at all?
        db.execute("SELECT 1 FROM units LIMIT 1")
        return db

    def _read_only(self) -> sqlite3.Connection:
        """Open a file that may be read only; in a folder that may not be written either, as one nobody changes."""
        self.read_only = True
        uri = self.path.absolute().as_uri()
        try:
            db = self._connect(f"{uri}?mode=ro", uri=True)
            db.execute("SELECT 1 FROM answers LIMIT 1")
        except sqlite3.OperationalError:
            db = self._connect(f"{uri}?immutable=1", uri=True)
        self._trouble(
            MemoryFault(f"the memory {self.path} is read-only: it is used, and nothing new is remembered", "")
        )
        return db

    def _connect(self, where: str, *, uri: bool) -> sqlite3.Connection:
        return sqlite3.connect(where, timeout=_WAIT, isolation_level=None, check_same_thread=False, uri=uri)

    # -------------------------------------------------------------------------------------------- answers

    def recall(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the answers that are known, under their keys."""
        found: dict[bytes, bytes] = {}
        now = today()
        stale: list[tuple[int, bytes]] = []
        with self._guarded() as db:
            for part in _parts(keys):
                query = f"SELECT key, value, used FROM answers WHERE key IN ({','.join('?' * len(part))})"
                for key, value, used in db.execute(query, part) if db else ():
                    found[key] = value
                    if used != now:
                        stale.append((now, key))
            if stale and db and not self.read_only:
                _all_or_none(db, "UPDATE answers SET used = ? WHERE key = ?", stale)
        return found

    def keep(self, answers: Mapping[bytes, bytes]) -> None:
        """Remember answers under their keys."""
        if self.read_only or not answers:
            return
        now = today()
        rows = [(key, value, now) for key, value in answers.items()]
        with self._guarded() as db:
            if db:
                _all_or_none(db, "INSERT OR REPLACE INTO answers (key, value, used) VALUES (?, ?, ?)", rows)
                if _size(db) > self.limit:
                    self._prune(db, self.limit)

    # -------------------------------------------------------------------------------------------- units

    def approved(self, sources: Sequence[str], source_language: str, target_language: str) -> dict[str, str]:
        """Return the approved targets of source texts, under the texts as given."""
        wanted: dict[bytes, list[str]] = {}
        for source in sources:
            wanted.setdefault(key_of(source), []).append(source)
        found: dict[str, str] = {}
        with self._guarded() as db:
            for part in _parts(list(wanted)):
                query = (
                    "SELECT key, source, target, sum FROM units WHERE approved = 1 AND source_language = ? "
                    f"AND target_language = ? AND key IN ({','.join('?' * len(part))})"
                )
                values = (primary(source_language), primary(target_language), *part)
                for key, source, target, checksum in db.execute(query, values) if db else ():
                    if checksum == sum_of(source, target):
                        found.update(dict.fromkeys(wanted[key], target))
        return found

    def approvals(self) -> str:
        """Return what tells two states of the approved units apart; empty where there are none."""
        with self._guarded() as db:
            if db:
                count, sums = db.execute("SELECT count(*), sum(sum) FROM units WHERE approved = 1").fetchone()
                return f"{count}:{sums}" if count else ""
        return ""

    def add(self, units: Iterable[Unit]) -> int:
        """Add units and return how many; what a model wrote never takes the place of what was approved.

        Raises:
            MemoryFault: if the memory is read-only and a unit is approved.
        """
        if self.read_only:
            if any(unit.approved for unit in units):
                raise MemoryFault(f"the memory {self.path} is read-only", "name another file with --memory")
            return 0
        count = 0

        def rows() -> Iterator[tuple[Any, ...]]:
            nonlocal count
            for unit in units:
                count += 1
                yield row_of(unit, today())

        query = (
            "INSERT INTO units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET source = excluded.source, target = excluded.target, engine = excluded.engine, "
            "approved = excluded.approved, used = excluded.used, sum = excluded.sum "
            "WHERE excluded.approved >= units.approved"
        )
        with self._guarded() as db:
            if db:
                _all_or_none(db, query, rows())
                return count
        return 0

    def units(self, *, approved: bool = False) -> Iterator[Unit]:
        """Yield the units, sorted by languages and source; only approved ones where asked.

        Raises:
            MemoryFault: if the memory is damaged.
        """
        where = "WHERE approved = 1" if approved else ""
        columns = "source, target, source_language, target_language, engine, approved, sum"
        try:
            assert self._db is not None
            query = f"SELECT {columns} FROM units {where} ORDER BY source_language, target_language, source"
            for source, target, source_language, target_language, engine, is_approved, checksum in self._db.execute(
                query
            ):
                if checksum == sum_of(source, target):
                    yield Unit(source, target, source_language, target_language, engine, bool(is_approved))
        except sqlite3.Error as error:
            raise self._fault(error) from None

    # -------------------------------------------------------------------------------------------- upkeep

    def stats(self) -> Stats:
        """Count what the memory holds.

        Raises:
            MemoryFault: if it is damaged.
        """
        try:
            assert self._db is not None
            answers = self._db.execute("SELECT count(*) FROM answers").fetchone()[0]
            units, approved = self._db.execute("SELECT count(*), coalesce(sum(approved), 0) FROM units").fetchone()
            return Stats(answers, units, approved, _size(self._db))
        except sqlite3.Error as error:
            raise self._fault(error) from None

    def prune(self, *, size: int | None = None, days: int | None = None) -> int:
        """Forget answers and units that were not used for longest; approved units stay.

        Args:
            size: Until the memory has at most so many bytes.
            days: All that were not used for so many days.

        Returns:
            How many answers and units went.

        Raises:
            MemoryFault: if the memory is read-only or damaged.
        """
        if self.read_only:
            raise MemoryFault(f"the memory {self.path} is read-only", "check its permissions")
        gone = 0
        try:
            assert self._db is not None
            with self._lock:
                if days is not None:
                    before = (today() - days,)
                    gone += self._db.execute("DELETE FROM answers WHERE used < ?", before).rowcount
                    gone += self._db.execute("DELETE FROM units WHERE approved = 0 AND used < ?", before).rowcount
                if size is not None:
                    gone += self._prune(self._db, size)
                self._db.execute("PRAGMA incremental_vacuum").fetchall()
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise self._fault(error) from None
        return gone

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._db:
                self._db.close()
            self._db = None

    def _prune(self, db: sqlite3.Connection, size: int) -> int:
        """Let the oldest answers go, a share at a time, then the units of models."""
        gone = 0
        while _size(db) > size:
            for table, where in (("answers", "1"), ("units", "approved = 0")):
                count = db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
                if count:
                    break
            else:
                return gone
            keys = "number" if table == "answers" else "source_language, target_language, key"
            share = max(1, int(count * _SHARE))
            oldest = f"SELECT {keys} FROM {table} WHERE {where} ORDER BY used, {keys} LIMIT {share}"
            gone += db.execute(f"DELETE FROM {table} WHERE ({keys}) IN ({oldest})").rowcount
            db.execute("PRAGMA incremental_vacuum").fetchall()
        return gone

    def _guarded(self) -> _Guard:
        return _Guard(self)

    def _give_up(self, error: sqlite3.Error) -> None:
        """Stop using the memory, and say why."""
        db, self._db, self.read_only = self._db, None, True
        if db is not None:
            fault = self._fault(error)
            self._trouble(MemoryFault(f"{fault.message}; going on without it", fault.hint))

    def _fault(self, error: Exception) -> MemoryFault:
        said = str(error)
        if isinstance(error, sqlite3.DatabaseError) and ("malformed" in said or "not a database" in said):
            hint = "move it away, or go on without: --memory none"
            return MemoryFault(f"the memory {self.path} is damaged ({said})", hint)
        if "no such table" in said:
            return MemoryFault(f"{self.path} is no memory of newsbridge", "name another file with --memory")
        if "full" in said:
            return MemoryFault(f"no room for the memory {self.path}", "make room, or name another file with --memory")
        return MemoryFault(f"the memory {self.path} cannot be used: {said}", "name another with --memory, or none")


class _Guard:
    """Holds the memory's lock; a fault inside ends the memory's use instead of the run."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def __enter__(self) -> sqlite3.Connection | None:
        self.memory._lock.acquire()
        return self.memory._db

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        try:
            if isinstance(error, sqlite3.Error):
                self.memory._give_up(error)
                return True
            return False
        finally:
            self.memory._lock.release()


def _all_or_none(db: sqlite3.Connection, query: str, rows: Iterable[Sequence[Any]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    try:
        db.executemany(query, rows)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _size(db: sqlite3.Connection) -> int:
    pages, free, size = (db.execute(f"PRAGMA {each}").fetchone()[0] for each in _SIZES)
    return int((pages - free) * size)

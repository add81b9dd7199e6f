"""Where results go: files per article, and one file for all of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from newsbridge.batch.jobs import Failure, Job, Outcome
from newsbridge.batch.journal import Entry, Journal
from newsbridge.errors import MissingPackage, NewsbridgeError, OutputError
from newsbridge.reading.files import OWN_PARQUET
from newsbridge.writing.files import may_write, replacing, write_together

WAITING = 64  # outcomes; when so many wait to be written, no more articles are taken
WHOLE = ("jsonl", "parquet")  # formats that hold all articles in one file
FAILURES = "failures.jsonl"


def paths(folder: Path, stem: str, formats: tuple[str, ...]) -> dict[str, Path]:
    """Return the file of each format."""
    base = folder / Path(os.fsdecode(os.fsencode(stem)))
    return {format: base.with_name(f"{base.name}.{format}") for format in formats}


class Writer:
    """Writes what is done, one article after the other, in a thread of its own.

    Args:
        journal: Where it is noted, after the files are written.
        settings: What the journal should know the result by.
        force: Replace files that newsbridge did not write.
        is_input: Whether a file is an input.
        told: Called from the thread with each job and outcome; the outcome has an error where writing failed.
        remember: Called from the thread with the outcome of each article that is done.
    """

    def __init__(
        self,
        journal: Journal,
        settings: str,
        *,
        force: bool,
        is_input: Callable[[Path], bool],
        told: Callable[[Job, Outcome], None],
        remember: Callable[[Outcome], None] = lambda outcome: None,
    ) -> None:
        self.broken: NewsbridgeError | None = None
        self._journal, self._settings = journal, settings
        self._force, self._is_input = force, is_input
        self._told, self._remember = told, remember
        self._queue: Queue[tuple[Job, Outcome] | None] = Queue(WAITING)
        self._thread = Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def put(self, job: Job, outcome: Outcome) -> None:
        """Hand over an outcome; waits while too many are not written yet.

        Raises:
            NewsbridgeError: if nothing can be written any more: the disk is full, the journal is damaged.
        """
        if self.broken:
            raise self.broken
        self._queue.put((job, outcome))

    def close(self) -> None:
        """Write what is waiting.

        Raises:
            NewsbridgeError: as :meth:`put` does.
        """
        self._queue.put(None)
        self._thread.join()
        if self.broken:
            raise self.broken

    def _work(self) -> None:
        while (each := self._queue.get()) is not None:
            if self.broken:
                continue  # what is not written is not noted, and is done again
            try:
                self._told(each[0], self._write(*each))
            except NewsbridgeError as error:
                self.broken = error
            except Exception as error:  # a bug here must not leave the run waiting for ever
                self.broken = Failure.of(error, "writing").error()

    def _write(self, job: Job, outcome: Outcome) -> Outcome:
        if outcome.same:
            self._journal.note_same(job)
            entry = self._journal.entry(job.stem)
            said = entry.said if entry else {}
            return replace(outcome, quotes=said.get("quotes", {}), findings=said.get("findings", {}))
        if not outcome.error:
            try:
                wanted = paths(self._journal.folder, job.stem, tuple(outcome.files))
                write_together(
                    {path: outcome.files[format] for format, path in wanted.items()},
                    force=self._force,
                    is_input=self._is_input,
                    drafts=self._journal.drafts,
                )
            except OutputError as error:
                if type(error) is not OutputError:
                    raise
                outcome = Outcome(job.number, outcome.digest, error=Failure.of(error))
        if outcome.error:
            self._journal.note_failed(job, outcome.error, outcome.digest)
        else:
            self._journal.note_done(job, outcome, self._settings)
            self._remember(outcome)
        return outcome


def write_failures(journal: Journal) -> Path | None:
    """Write ``failures.jsonl``, one line per article that failed; without a failure there is no such file."""
    path = journal.folder / FAILURES
    failed = journal.entries(done=False)
    first = next(failed, None)
    if first is None:
        path.unlink(missing_ok=True)
        return None
    with replacing(path, drafts=journal.drafts) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        for entry in (first, *failed):
            file.write(json.dumps(_failure(entry), ensure_ascii=False) + "\n")
    return path


def _failure(entry: Entry) -> dict[str, Any]:
    return {"schema": "newsbridge/1 failure", "article": entry.name, **entry.said}


def check_whole(folder: Path, format: str, *, force: bool) -> None:
    """Make sure that the one file of a format can be written when all is done.

    Raises:
        OutputError: if somebody else's file is in its place.
        MissingPackage: if the format needs a package that is not installed.
    """
    may_write(folder / f"articles.{format}", force=force)
    if format == "parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise MissingPackage("--format parquet needs pyarrow", "pip install 'newsbridge[batch]'") from None


def write_whole(journal: Journal, format: str) -> Path:
    """Write every record of the journal into one file, in the order of the inputs.

    ``articles.jsonl`` has one record per line; ``articles.parquet`` has the columns of :func:`row`.
    """
    path = journal.folder / f"articles.{format}"
    with replacing(path, drafts=journal.drafts) as draft:
        if format == "jsonl":
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(line + "\n" for line in journal.records())
        else:
            _write_parquet(draft, journal.records())
    return path


def row(line: str) -> dict[str, Any]:
    """Return what a table has of a record: who and what it is, the whole texts, what was found, the record itself."""
    record = json.loads(line)
    metadata = record["source"]["metadata"]
    blocks = [
        block
        for section in record["sections"]
        for block in [*([section["heading"]] if section["heading"] else []), *section["blocks"]]
    ]
    english = (" ".join(each["target"] for each in block["segments"]) for block in blocks)
    findings = [*record["findings"], *(f for block in blocks for each in block["segments"] for f in each["findings"])]
    headline = record["brief"]["headline"]
    return {
        "path": record["source"]["path"],
        "sha256": record["source"]["sha256"],
        "title": metadata.get("title"),
        "date": metadata.get("date"),
        "url": metadata.get("url"),
        "headline": headline["text"] if headline else None,
        "brief": "\n".join(point["text"] for point in record["brief"]["points"]),
        "source": record["source"]["text"],
        "target": "\n\n".join(filter(None, english)),
        "quotes": len(record["quotes"]),
        "errors": sum(each["severity"] == "error" for each in findings),
        "warnings": sum(each["severity"] == "warning" for each in findings),
        "engine": record["provenance"]["engine"],
        "revision": record["provenance"]["revision"],
        "record": line,
    }


def schema(extra: tuple[str, ...] = ()) -> Any:
    """Return the Arrow schema of a table of records, with more columns of text."""
    import pyarrow as pa

    return pa.schema(
        [(name, pa.int32() if name in _NUMBERS else pa.string()) for name in (*COLUMNS, *extra)],
        metadata={OWN_PARQUET: b"machine translations; the column record holds each article's whole record"},
    )


def _write_parquet(path: Path, lines: Iterator[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    wanted = schema()
    with parquet.ParquetWriter(path, wanted, compression="zstd") as writer:
        while rows := [row(line) for line in islice(lines, _GROUP)]:
            writer.write_table(pa.Table.from_pylist(rows, wanted))


_GROUP = 256  # rows held and written at a time
_NUMBERS = ("quotes", "errors", "warnings")
COLUMNS = (
    "path",
    "sha256",
    "title",
    "date",
    "url",
    "headline",
    "brief",
    "source",
    "target",
    "quotes",
    "errors",
    "warnings",
    "engine",
    "revision",
    "record",
)

"""Past one machine: Ray Data reads rows, actors that hold an engine take them through the same journey, and write.

Rows come as JSON lines or Parquet from files or object stores, results go there as JSON lines or Parquet, one file per
task.  Ray does a lost worker's blocks again.  See ``docs/cluster.md``.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from newsbridge.batch import Tally, outputs
from newsbridge.batch.jobs import Failure, Job, Outcome, Task
from newsbridge.batch.scheduler import Scheduler
from newsbridge.errors import ArticleError, MissingPackage, OutputError
from newsbridge.reading import containers
from newsbridge.reading.containers import Columns
from newsbridge.reading.files import Input

FORMATS = ("jsonl", "parquet")
ARTICLES = 128  # of a batch: what an actor takes through together
ROWS_PER_FILE = 2048
_PATH = "newsbridge_path"  # the column in which Ray says which file a row comes from


@dataclass(frozen=True)
class Cluster:
    """How the work is spread.

    Args:
        address: Of a Ray cluster; None takes ``RAY_ADDRESS``, or starts one on this machine.
        actors: Engines at work at the same time, at least and at most.
        cpus: Of one actor; as many threads does its engine get.
        gpus: Of one actor.
        articles: Of one batch.
    """

    address: str | None = None
    actors: tuple[int, int] = (1, 1)
    cpus: float = 1
    gpus: float = 0
    articles: int = ARTICLES


@dataclass(frozen=True)
class Engine:
    """An engine that is still to be built, where the actor is: its name on the command line, and its settings."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    memory: str | None = None  # a file on the actor's machine


class Bridge:
    """An actor: builds the engine once, then takes batches of rows through the journey."""

    def __init__(self, engine: Engine, task: Task, columns: Columns, is_json: bool) -> None:
        from newsbridge.engines.registry import translator
        from newsbridge.memory import Memory

        self.engine = translator(engine.name, **engine.settings)
        self.memory = Memory(Path(engine.memory)) if engine.memory else None
        self.task, self.columns, self.is_json = task, columns, is_json

    def __call__(self, batch: Any) -> Any:
        """Return one row per row: the record and what a table has of it, or the error."""
        import pyarrow as pa

        jobs = [Job(number, self._input(row)) for number, row in enumerate(batch.to_pylist())]
        scheduler = Scheduler(self.task, self.engine, workers=0, memory=self.memory)
        outcomes = sorted(scheduler.run(iter(jobs)), key=lambda outcome: outcome.number)
        rows = [_row(job, outcome) for job, outcome in zip(jobs, outcomes, strict=True)]
        return pa.Table.from_pylist(rows, outputs.schema(_EXTRA))

    def _input(self, row: Mapping[str, Any]) -> Input:
        path = str(row[_PATH])
        found = Input(Path(path), PurePosixPath(path).relative_to(PurePosixPath(path).anchor))
        if self.is_json:
            line = str(row["text"]).encode("utf-8")
            row = _identified(line, self.columns)
            return containers.json_row(line, _place(row, line, self.columns), found, self.columns)
        said = json.dumps(row, default=str, sort_keys=True).encode()
        return containers.table_row(row, _place(row, said, self.columns), found, self.columns)


_EXTRA = ("id", "error", "hint", "kind", "findings", "statuses")


def _identified(line: bytes, columns: Columns) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}


def _place(row: Mapping[str, Any], content: bytes, columns: Columns) -> str:
    """Call a row by its id; Ray does not say which line it was.  Without an id, by the hash of its content."""
    identity = row.get(columns.id)
    known = isinstance(identity, str | int) and str(identity).strip()
    return f"#{identity}" if known else f"#{sha256(content).hexdigest()[:12]}"


def _row(job: Job, outcome: Outcome) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys((*outputs.COLUMNS, *_EXTRA))
    if outcome.line is not None:
        row |= outputs.row(outcome.line)
        row["statuses"] = json.dumps(outcome.quotes)
        row["findings"] = json.dumps(outcome.findings)
    else:
        failure = outcome.error or Failure(f"{job.name} failed", "", "")
        row |= {"path": job.name, "error": failure.message, "hint": failure.hint, "kind": failure.kind}
    row["id"] = None if job.input.id is None else str(job.input.id)
    return row


def translate(
    paths: Sequence[str],
    engine: Engine,
    task: Task,
    output: str,
    format: str,
    *,
    columns: Columns | None = None,
    cluster: Cluster | None = None,
) -> Tally:
    """Translate the rows of JSON lines or Parquet files on a Ray cluster.

    Args:
        paths: Files or folders, local to every machine or in an object store (``s3://…``); all JSON lines or all
            Parquet.
        engine: Built once per actor.
        task: What is done with every article.
        output: A folder, local to every machine or in an object store; it must hold no results yet.
        format: jsonl (a record per line; a row that failed answers ``{"id", "path", "error", "hint", "kind"}``) or
            parquet (the columns of :data:`newsbridge.batch.outputs.COLUMNS`, and id, error, hint, kind).
        columns: Where the text and the id stand.
        cluster: How the work is spread.

    Returns:
        The tally, of the results that were written.

    Raises:
        MissingPackage: if Ray is not installed.
        ArticleError: if the files are of several kinds.
        OutputError: if the folder holds results.
    """
    try:
        import ray
    except ImportError:
        raise MissingPackage("--on ray needs Ray", "pip install 'newsbridge[ray]'") from None
    columns, cluster = columns or Columns(), cluster or Cluster()
    is_json = _is_json(paths)
    filesystem, folder = _place_of(output)
    _must_be_empty(filesystem, folder, output)
    if not ray.is_initialized():
        ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False
    read = ray.data.read_text if is_json else ray.data.read_parquet
    given: Any = read(list(paths), include_paths=True)
    rows = given.rename_columns({"path": _PATH})
    written = rows.map_batches(
        Bridge,
        fn_constructor_args=(engine, task, columns, is_json),
        batch_size=cluster.articles,
        batch_format="pyarrow",
        num_cpus=cluster.cpus,
        num_gpus=cluster.gpus or None,
        compute=ray.data.ActorPoolStrategy(
            min_size=cluster.actors[0], max_size=cluster.actors[1], max_tasks_in_flight_per_actor=2
        ),
    )
    sink = _sink(output, format)
    written.write_datasink(sink)
    tally: Tally = sink.tally
    return tally


def _is_json(paths: Sequence[str]) -> bool:
    kinds = {PurePosixPath(path.removesuffix(".gz")).suffix.lower() for path in paths}
    if kinds <= {".jsonl", ".ndjson", ".json"}:
        return True
    if kinds <= {".parquet", ""}:
        return False
    raise ArticleError("Ray reads JSON lines or Parquet, one kind at a time", "name .jsonl files, or .parquet files")


def _place_of(output: str) -> tuple[Any, str]:
    """Return the file system and the path in it."""
    from pyarrow import fs

    if "://" not in output:
        return fs.LocalFileSystem(), str(Path(output).absolute())
    filesystem, folder = fs.FileSystem.from_uri(output)
    return filesystem, folder


def _must_be_empty(filesystem: Any, folder: str, output: str) -> None:
    from pyarrow import fs

    there = filesystem.get_file_info(fs.FileSelector(folder, allow_not_found=True))
    if any(info.base_name.startswith("part-") for info in there):
        raise OutputError(f"{output} holds results already", "write to another folder: Ray does everything again")


def _sink(output: str, format: str) -> Any:
    """Return what writes the rows, one file per task, and counts what it wrote."""
    from ray.data.datasource import Datasink, WriteResult

    class Parts(Datasink):  # type: ignore[misc]
        tally = Tally()

        def on_write_start(self, schema: Any = None) -> None:
            filesystem, folder = _place_of(output)
            filesystem.create_dir(folder, recursive=True)

        def write(self, blocks: Iterable[Any], ctx: Any) -> dict[str, Any]:
            filesystem, folder = _place_of(output)
            name = f"part-{ctx.task_idx:06}.{format}"
            hidden, path = f"{folder}/.{name}", f"{folder}/{name}"
            tables = [block for block in blocks if block.num_rows]
            if not tables:
                return {}
            with filesystem.open_output_stream(hidden) as stream:
                (_write_jsonl if format == "jsonl" else _write_parquet)(stream, tables)
            filesystem.move(hidden, path)
            return _counts(tables)

        def on_write_complete(self, write_result: WriteResult[dict[str, Any]]) -> None:
            for counts in filter(None, write_result.write_returns):
                self.tally.done += counts["done"]
                self.tally.failed += counts["failed"]
                self.tally.quotes += Counter(counts["quotes"])
                self.tally.findings += Counter(counts["findings"])

        @property
        def min_rows_per_write(self) -> int:
            return ROWS_PER_FILE

    return Parts()


def _write_jsonl(stream: Any, tables: Sequence[Any]) -> None:
    for row in _rows(tables, ("id", "path", "record", "error", "hint", "kind")):
        record = row.pop("record")
        line = record if record is not None else json.dumps(row, ensure_ascii=False)
        stream.write(line.encode("utf-8") + b"\n")


def _write_parquet(stream: Any, tables: Sequence[Any]) -> None:
    import pyarrow.parquet as parquet

    wanted = outputs.schema(("id", "error", "hint", "kind"))
    with parquet.ParquetWriter(stream, wanted, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.select(wanted.names).cast(wanted))


def _counts(tables: Sequence[Any]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    quotes, findings = Counter[str](), Counter[str]()
    for row in _rows(tables, ("error", "statuses", "findings")):
        counts["failed" if row["error"] else "done"] += 1
        quotes += Counter(json.loads(row["statuses"] or "{}"))
        findings += Counter(json.loads(row["findings"] or "{}"))
    return {"done": counts["done"], "failed": counts["failed"], "quotes": dict(quotes), "findings": dict(findings)}


def _rows(tables: Sequence[Any], names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for table in tables:
        yield from table.select(list(names)).to_pylist()

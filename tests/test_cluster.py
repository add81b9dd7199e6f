"""The same journey on a Ray cluster: what an actor does, and (in `make bench`) a real cluster that loses a worker.

The cluster takes half a minute on an idle machine, and Ray gives up where it does not start within that time.
"""

import io
import json
import os
import signal
import time
from pathlib import Path

import pyarrow as pa
import pytest

from newsbridge.batch import cluster
from newsbridge.batch.jobs import Task
from newsbridge.engines.echo import Echo
from newsbridge.errors import ArticleError, OutputError
from newsbridge.summary.extractive import Extractive
from test_batch import go, text

COUNT = 24


def task(summarizer=None):
    return Task(summarizer or Extractive(), {"n_best": 1}, (), {"language": "de"}, whole=True)


def unplaced(records):
    """Sort records without their paths: one machine counts lines, a cluster goes by ids."""
    for record in records:
        record["source"].pop("path")
    return sorted(json.dumps(record) for record in records)


def here(feed, out):
    """Return the records that one machine makes of a feed."""
    go(feed, out, engine=Echo(), formats=(), whole=("jsonl",))
    return [json.loads(line) for line in (out / "articles.jsonl").read_text("utf-8").splitlines()]


class Deadly(Extractive):
    """Kills the process it runs in, once, in the middle of a batch."""

    def __init__(self, marker):
        super().__init__()
        self.marker = marker

    def summarise(self, article, ledger, translations, renderings):
        if "17 Anträge" in article.text and not self.marker.exists():
            self.marker.write_text(str(os.getpid()))
            time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().summarise(article, ledger, translations, renderings)


# ------------------------------------------------------------------------------------------ an actor


def actor(rows, *, is_json=True, columns=None):
    bridge = cluster.Bridge(cluster.Engine("echo"), task(), columns or cluster.Columns(), is_json)
    return bridge(pa.Table.from_pylist([{"newsbridge_path": "/feeds/a.jsonl", **row} for row in rows]))


def test_an_actor_makes_the_records_of_one_machine_and_answers_a_bad_line_in_its_place(tmp_path):
    feed = tmp_path / "feed.jsonl"
    lines = [json.dumps({"id": f"a{number}", "text": text(number)}) for number in range(5)]
    feed.write_text("\n".join(lines), encoding="utf-8")
    table = actor([{"text": line} for line in (*lines[:2], "kein JSON", *lines[2:])])
    stream = io.BytesIO()
    cluster._write_jsonl(stream, [table])
    made = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert ["error" in line for line in made] == [False, False, True, False, False, False]
    assert "is not JSON" in made[2]["error"]
    assert next(line["source"]["path"] for line in made if "source" in line) == "/feeds/a.jsonl#a0"
    counts = cluster._counts([table])
    assert (counts["done"], counts["failed"], counts["quotes"]) == (5, 1, {"kept": 5})
    assert unplaced([line for line in made if "source" in line]) == unplaced(here(feed, tmp_path / "here"))


def test_an_actor_reads_and_writes_parquet():
    import pyarrow.parquet as parquet

    rows = [{"key": "a", "article": text(1)}, {"key": "b", "article": None}]
    stream = io.BytesIO()
    cluster._write_parquet(stream, [actor(rows, is_json=False, columns=cluster.Columns("article", "key"))])
    first, second = parquet.read_table(io.BytesIO(stream.getvalue())).to_pylist()
    assert (first["id"], first["error"], second["record"]) == ("a", None, None)
    assert "Bern" in first["target"]
    assert "no text" in second["error"]


def test_files_of_several_kinds_are_refused():
    with pytest.raises(ArticleError, match="one kind at a time"):
        cluster._is_json(["a.jsonl", "b.parquet"])


# ------------------------------------------------------------------------------------------ a real cluster


@pytest.fixture(scope="module")
def started():
    """Start a cluster; its processes find the tests' modules."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    ray = pytest.importorskip("ray", reason="ray is not installed: pip install 'newsbridge[ray]'")
    ray.init(
        num_cpus=4,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="error",
        object_store_memory=100_000_000,
        runtime_env={"env_vars": {"PYTHONPATH": path, "NEWSBRIDGE_MEMORY": "none"}},
    )
    yield
    ray.shutdown()


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")
def test_a_lost_workers_rows_are_done_again_and_the_records_are_those_of_one_machine(started, tmp_path):
    feed, marker = tmp_path / "feed.jsonl", tmp_path / "died"
    rows = [json.dumps({"id": f"a{number}", "text": text(number)}) for number in range(COUNT)]
    feed.write_text("\n".join([*rows, "kein JSON"]), encoding="utf-8")
    tally = cluster.translate(
        [str(feed)],
        cluster.Engine("echo"),
        task(Deadly(marker)),
        str(tmp_path / "out"),
        "jsonl",
        cluster=cluster.Cluster(actors=(2, 2), articles=8),
    )
    assert int(marker.read_text())  # a worker died
    assert (tally.done, tally.failed) == (COUNT, 1)
    lines = [line for part in (tmp_path / "out").glob("part-*.jsonl") for line in part.read_text("utf-8").splitlines()]
    made = [json.loads(line) for line in lines]
    (failed,) = [line for line in made if "error" in line]
    assert "is not JSON" in failed["error"]
    go(feed, tmp_path / "here", engine=Echo(), formats=(), whole=("jsonl",))
    assert unplaced([line for line in made if "error" not in line]) == unplaced(here(feed, tmp_path / "here"))
    with pytest.raises(OutputError, match="holds results already"):
        cluster.translate([str(feed)], cluster.Engine("echo"), task(), str(tmp_path / "out"), "jsonl")


@pytest.mark.cluster
@pytest.mark.filterwarnings("ignore")
def test_parquet_goes_in_and_out(started, tmp_path):
    import pyarrow.parquet as parquet

    table = pa.table({"key": ["a", "b"], "article": [text(1), None]})
    parquet.write_table(table, tmp_path / "feed.parquet")
    tally = cluster.translate(
        [str(tmp_path / "feed.parquet")],
        cluster.Engine("echo"),
        task(),
        f"file://{tmp_path / 'out'}",  # an object store is named like this
        "parquet",
        columns=cluster.Columns("article", "key"),
    )
    assert (tally.done, tally.failed) == (1, 1)
    rows = sorted(parquet.read_table(tmp_path / "out").to_pylist(), key=lambda row: row["id"])
    assert [row["id"] for row in rows] == ["a", "b"]
    assert "Bern" in rows[0]["target"]
    assert json.loads(rows[0]["record"])["schema"] == "newsbridge/1"
    assert "no text" in rows[1]["error"]

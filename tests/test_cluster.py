"""The same journey on a Ray cluster: a real one of two worker processes, one of which is killed at work."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from newsbridge.batch import cluster
from newsbridge.batch.jobs import Task
from newsbridge.engines.echo import Echo
from newsbridge.errors import ArticleError, OutputError
from newsbridge.summary.extractive import Extractive
from test_batch import go, text

ray = pytest.importorskip("ray", reason="ray is not installed: pip install 'newsbridge[ray]'")
COUNT = 24


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


@pytest.fixture(scope="module")
def started():
    """Start a cluster; its processes find the tests' modules."""
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
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


@pytest.mark.filterwarnings("ignore")
def test_a_lost_workers_rows_are_done_again_and_the_records_are_those_of_one_machine(started, tmp_path):
    feed, marker = tmp_path / "feed.jsonl", tmp_path / "died"
    rows = [json.dumps({"id": f"a{number}", "text": text(number)}) for number in range(COUNT)]
    feed.write_text("\n".join([*rows, "kein JSON"]), encoding="utf-8")
    tally = cluster.translate(
        [str(feed)],
        cluster.Engine("echo"),
        Task(Deadly(marker), {"n_best": 1}, (), {"language": "de"}, whole=True),
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
    here = [json.loads(line) for line in (tmp_path / "here" / "articles.jsonl").read_text("utf-8").splitlines()]

    def unplaced(records):
        for record in records:
            record["source"].pop("path")  # one counts lines, the other goes by ids
        return sorted(json.dumps(record) for record in records)

    assert unplaced([line for line in made if "error" not in line]) == unplaced(here)
    with pytest.raises(OutputError, match="holds results already"):
        cluster.translate([str(feed)], cluster.Engine("echo"), Task(Extractive()), str(tmp_path / "out"), "jsonl")


@pytest.mark.filterwarnings("ignore")
def test_parquet_goes_in_and_out(started, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as parquet

    table = pa.table({"key": ["a", "b"], "article": [text(1), None]})
    parquet.write_table(table, tmp_path / "feed.parquet")
    tally = cluster.translate(
        [str(tmp_path / "feed.parquet")],
        cluster.Engine("echo"),
        Task(Extractive(), {"n_best": 1}, (), {"language": "de"}, whole=True),
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


def test_files_of_several_kinds_are_refused(tmp_path):
    with pytest.raises(ArticleError, match="one kind at a time"):
        cluster.translate(["a.jsonl", "b.parquet"], cluster.Engine("echo"), Task(Extractive()), str(tmp_path), "jsonl")

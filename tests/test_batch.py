"""Many articles: the same bytes whoever works at them, and nothing lost whatever happens."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyarrow import parquet

from newsbridge import batch
from newsbridge.batch.jobs import Task
from newsbridge.batch.journal import Journal
from newsbridge.batch.plan import Plan
from newsbridge.engines.echo import Echo
from newsbridge.errors import DiskFull, EngineError, JournalError
from newsbridge.memory import Memory, Unit
from newsbridge.summary.extractive import Extractive

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
TOWNS = ["Aarau", "Bern", "Chur", "Davos", "Emmen", "Frauenfeld", "Glarus", "Herisau", "Ilanz", "Jona"]


def text(number):
    town = TOWNS[number % len(TOWNS)]
    return (
        f"Der Rat von {town} hat am Montag {number + 2} Anträge behandelt. «Wir sind in {town} zufrieden», sagte "
        f"Präsidentin Eva Kern. Die Gemeinde zahle {10 + number} Millionen Franken, erklärte sie.\n\n"
        "Das Geschäft geht nun an das Parlament. Es soll bis zum Sommer entscheiden.\n"
    )


def articles(folder, count):
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"a{number:03}.txt").write_text(text(number), encoding="utf-8")
    return folder


def go(inputs, out, *, engine=None, summarizer=None, formats=("json",), workers=0, whole=(), memory=None, **settings):
    plan = Plan()
    plan.add([str(inputs)])
    task = Task(summarizer or Extractive(), {"n_best": 1}, formats, {"language": "de"}, bool(whole))
    chosen = batch.Settings(workers=workers, **settings)
    return batch.translate(plan, engine or Echo(), task, out, whole=whole, settings=chosen, memory=memory)


def tree(folder):
    """Every file below a folder but the hidden ones, with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".newsbridge" not in path.parts
    }


class Counting(Echo):
    """Remembers which requests came together."""

    def __init__(self):
        self.calls = []

    def translate(self, requests):
        self.calls.append([request.text for request in requests])
        return super().translate(requests)


class Misbehaving(Extractive):
    """Does something to the process it runs in when the article of a town comes along."""

    def __init__(self, town, what, marker=None):
        super().__init__()
        self.town, self.what, self.marker = town, what, marker

    def summarise(self, article, ledger, translations, renderings):
        if self.town in article.text and not (self.marker and self.marker.exists()):
            if self.marker:
                self.marker.touch()
            if self.what == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.what == "hang":
                time.sleep(60)
            raise ValueError("no such town")
        return super().summarise(article, ledger, translations, renderings)


def failures(out):
    path = out / "failures.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


# ------------------------------------------------------------------------------------------ the same, whoever works


def test_the_bytes_do_not_depend_on_the_number_of_workers(tmp_path):
    inputs = articles(tmp_path / "in", 30)
    formats = ("json", "md", "html")
    none = go(inputs, tmp_path / "0", formats=formats, whole=("jsonl",))
    two = go(inputs, tmp_path / "2", formats=formats, whole=("jsonl",), workers=2)
    assert (none.done, two.done) == (30, 30)
    assert tree(tmp_path / "0") == tree(tmp_path / "2")
    assert len(tree(tmp_path / "0")) == 30 * 3 + 2  # and index.html, articles.jsonl


def test_what_is_decoded_together_does_not_depend_on_them_either(tmp_path):
    inputs = articles(tmp_path / "in", 60)
    calls = []
    for workers in (0, 2):
        engine = Counting()
        go(inputs, tmp_path / str(workers), engine=engine, workers=workers)
        calls.append(engine.calls)
    assert calls[0] == calls[1]
    assert len(calls[0]) < 10  # for sixty articles


def test_equal_segments_of_many_articles_are_decoded_once(tmp_path):
    engine = Counting()
    go(articles(tmp_path / "in", 8), tmp_path / "out", engine=engine)
    together = [each for call in engine.calls for each in call]
    assert together.count("Das Geschäft geht nun an das Parlament.") == 1
    assert sorted(together, key=len, reverse=True) == together


def test_one_file_holds_every_record_in_the_order_of_the_inputs(tmp_path):
    out = tmp_path / "out"
    go(articles(tmp_path / "in", 12), out, formats=(), whole=("jsonl", "parquet"), workers=2)
    lines = [json.loads(line) for line in (out / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [Path(line["source"]["path"]).name for line in lines] == [f"a{number:03}.txt" for number in range(12)]
    table = parquet.read_table(out / "articles.parquet").to_pylist()
    assert [json.loads(row["record"]) for row in table] == lines
    assert "Bern" in table[1]["source"]
    assert "Bern" in table[1]["target"]


# ------------------------------------------------------------------------------------------ run again


def test_run_again_only_what_is_missing_or_changed_is_done(tmp_path):
    inputs, out = articles(tmp_path / "in", 6), tmp_path / "out"
    assert go(inputs, out).done == 6
    again = go(inputs, out)
    assert (again.done, again.same, sum(again.quotes.values())) == (0, 6, 6)
    (inputs / "a001.txt").write_text(text(77))
    (inputs / "b.txt").write_text(text(78))
    (out / "a002.json").unlink()
    third = go(inputs, out)
    assert (third.done, third.same) == (3, 4)
    assert go(inputs, out, formats=("json", "md")).done == 7
    assert go(inputs, out, formats=("json", "md"), fresh=True).done == 7


def test_a_failure_is_forgotten_when_it_is_mended_or_its_article_is_gone(tmp_path):
    inputs, out = articles(tmp_path / "in", 3), tmp_path / "out"
    for name in ("a000.txt", "a001.txt"):
        (inputs / name).write_bytes(b"")
    assert go(inputs, out).failed == 2
    assert [Path(each["article"]).name for each in failures(out)] == ["a000.txt", "a001.txt"]
    (inputs / "a000.txt").write_text(text(0))
    (inputs / "c.txt").write_text(text(5))
    retried = go(inputs, out, retry_failed=True)
    assert (retried.done, retried.failed, retried.same) == (1, 1, 0)
    assert not (out / "c.json").exists()
    (inputs / "a001.txt").unlink()
    assert go(inputs, out).done == 1
    assert failures(out) == []


def test_killed_at_any_moment_it_goes_on_from_there(tmp_path):
    count, inputs = 60, articles(tmp_path / "in", 60)
    go(inputs, tmp_path / "calm")
    chance, out, log = random.Random(5), tmp_path / "out", tmp_path / "log"
    arguments = [NEWSBRIDGE, "translate", inputs, "-o", out, "--model", "echo", "--n-best", "1", "--from", "de"]
    arguments += ["--format", "json", "--workers", "2", "--log-json"]
    kills = 0
    for articles_done in (0, 3, 14, 15):  # said in the log, and then a moment more
        with log.open("ab") as stream:
            process = subprocess.Popen(arguments, stderr=stream)
        wanted = log.read_text().count('"same": false') + articles_done
        while log.read_text().count('"same": false') < wanted and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        assert process.poll() is None
        process.kill()
        process.wait()
        kills += 1
    with log.open("ab") as stream:
        assert subprocess.run(arguments, stderr=stream, timeout=120).returncode == 0
    assert tree(out) == tree(tmp_path / "calm")
    assert not list(out.rglob(".newsbridge-*"))
    events = [json.loads(line) for line in log.read_text().splitlines() if line.endswith("}")]
    done = [each["article"] for each in events if each["event"] == "article" and not each["same"]]
    assert len(done) == len(set(done))  # what was said to be done was never done again
    assert len(done) >= count - kills  # and what was done without being said so was being written


# ------------------------------------------------------------------------------------------ what goes wrong


def test_a_bug_costs_one_article_and_keeps_its_traceback(tmp_path):
    tally = go(articles(tmp_path / "in", 4), tmp_path / "out", summarizer=Misbehaving("Chur", "raise"))
    assert (tally.done, tally.failed) == (3, 1)
    (failure,) = failures(tmp_path / "out")
    assert failure["kind"] == "ValueError"
    assert "a002.txt" in failure["article"]


def test_a_worker_that_dies_is_replaced_and_its_article_tried_once_more(tmp_path):
    marker = tmp_path / "died"
    summarizer = Misbehaving("Chur", "die", marker)
    tally = go(articles(tmp_path / "in", 10), tmp_path / "out", summarizer=summarizer, workers=2)
    assert marker.exists()
    assert (tally.done, tally.failed) == (10, 0)
    go(tmp_path / "in", tmp_path / "calm")
    assert tree(tmp_path / "out") == tree(tmp_path / "calm")


def test_an_article_that_kills_its_worker_twice_is_a_failure_and_the_rest_is_done(tmp_path):
    summarizer = Misbehaving("Chur", "die")
    tally = go(articles(tmp_path / "in", 10), tmp_path / "out", summarizer=summarizer, workers=1)
    assert (tally.done, tally.failed) == (9, 1)
    assert "died twice" in failures(tmp_path / "out")[0]["error"]
    assert "SIGKILL" in failures(tmp_path / "out")[0]["error"]


def test_an_article_that_takes_too_long_is_given_up(tmp_path):
    summarizer = Misbehaving("Chur", "hang")
    tally = go(articles(tmp_path / "in", 4), tmp_path / "out", summarizer=summarizer, workers=1, timeout=3)
    assert (tally.done, tally.failed) == (3, 1)
    assert "longer than 3 s" in failures(tmp_path / "out")[0]["error"]


class Choosy(Echo):
    """Fails at a town; ``dead`` fails always."""

    def __init__(self, town, dead=False):
        self.town, self.dead, self.calls = town, dead, 0

    def translate(self, requests):
        self.calls += 1
        if self.dead or any(self.town in request.text for request in requests):
            raise EngineError("the engine is out of order", "wait")
        return super().translate(requests)


def test_where_the_engine_fails_at_one_article_the_others_are_done(tmp_path):
    tally = go(articles(tmp_path / "in", 8), tmp_path / "out", engine=Choosy("Chur"))
    assert (tally.done, tally.failed) == (7, 1)
    assert failures(tmp_path / "out")[0]["error"] == "the engine is out of order"


def test_a_dead_engine_is_not_asked_for_every_article(tmp_path):
    engine = Choosy("", dead=True)
    assert go(articles(tmp_path / "in", 30), tmp_path / "out", engine=engine).failed == 30
    assert engine.calls < 20


def test_a_full_disk_ends_the_run_and_keeps_what_is_done(tmp_path, monkeypatch):
    inputs, out, calls = articles(tmp_path / "in", 20), tmp_path / "out", []
    sync = os.fsync

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="No space left") as caught:
        go(inputs, out)
    assert "make room" in caught.value.hint
    assert len(tree(out)) == 6
    assert len(calls) < 12  # it did not go on translating what cannot be written
    assert not list(out.rglob(".newsbridge-*"))
    monkeypatch.undo()
    again = go(inputs, out)
    assert (again.done, again.same) == (14, 6)
    go(inputs, tmp_path / "calm")
    assert tree(out) == tree(tmp_path / "calm")


def test_what_a_person_approved_since_is_taken_over_by_the_next_run(tmp_path):
    inputs, out, known = articles(tmp_path / "in", 3), tmp_path / "out", Memory(tmp_path / "m.sqlite")
    assert go(inputs, out, memory=known).done == 3
    assert go(inputs, out, memory=known).same == 3
    known.add([Unit("Es soll bis zum Sommer entscheiden.", "It is to decide by the summer.", approved=True)])
    engine = Counting()
    assert go(inputs, out, memory=known, engine=engine).done == 3
    assert engine.calls == []
    assert "It is to decide by the summer." in (out / "a000.json").read_text()
    assert go(inputs, out, memory=known).same == 3


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    inputs, out = articles(tmp_path / "in", 2), tmp_path / "out"
    journal = Journal(out)
    done = subprocess.run(
        [NEWSBRIDGE, "translate", inputs, "-o", out, "--model", "echo"], capture_output=True, text=True, check=False
    )
    journal.close()
    assert done.returncode == 1
    assert "another run" in done.stderr
    assert tree(out) == {}
    assert go(inputs, out).done == 2


def test_a_damaged_journal_is_named_with_a_way_out(tmp_path):
    inputs, out = articles(tmp_path / "in", 2), tmp_path / "out"
    go(inputs, out)
    (out / ".newsbridge" / "journal.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(5000))
    with pytest.raises(JournalError, match="damaged") as caught:
        go(inputs, out)
    assert "remove" in caught.value.hint
    assert len(tree(out)) == 3


# ------------------------------------------------------------------------------------------ the command line


def command(*arguments, **settings):
    return subprocess.run(
        [NEWSBRIDGE, "translate", *map(str, arguments), "--model", "echo", "--from", "de"],
        capture_output=True,
        check=False,
        timeout=120,
        **settings,
    )


def test_a_rehearsal_counts_estimates_and_writes_nothing(tmp_path):
    inputs, out = articles(tmp_path / "in", 6), tmp_path / "out"
    done = command(inputs, "-o", out, "--dry-run")
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode()
    assert "6 articles to translate: 30 segments" in said
    assert "segments/s (measured on" in said
    assert not out.exists()
    command(inputs, "-o", out, "--format", "json")
    before = tree(out)
    (inputs / "leer.txt").write_bytes(b"")
    done = command(inputs, "-o", out, "--format", "json", "--dry-run")
    assert done.returncode == 1
    assert "6 articles up to date" in done.stdout.decode()
    assert "leer.txt is empty" in done.stderr.decode()
    assert tree(out) == before


def test_json_lines_are_answered_in_order_and_a_bad_one_in_its_place():
    lines = [json.dumps({"id": number, "text": text(number)}) for number in range(12)]
    lines.insert(3, '{"id": "x", "text": 7}')
    done = command("--jsonl", "-", input="\n".join(lines).encode())
    assert done.returncode == 1
    made = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [each["id"] for each in made] == [0, 1, 2, "x", *range(3, 12)]
    assert "no text" in made[3]["error"]
    assert made[4]["schema"] == "newsbridge/1"
    assert command("--jsonl", "-", "--format", "html", input=b"").returncode == 2
    assert command("--jsonl", "a.txt").returncode == 2


def test_events_are_json_and_nothing_else_is_said(tmp_path):
    inputs = articles(tmp_path / "in", 3)
    (inputs / "leer.txt").write_bytes(b"")
    done = command(inputs, "-o", tmp_path / "out", "--log-json")
    assert done.returncode == 1
    events = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert [each["event"] for each in events][:1] == ["begin"]
    assert sorted(each["event"] for each in events[1:-1]) == ["article", "article", "article", "failed"]
    assert (events[-1]["event"], events[-1]["done"], events[-1]["failed"]) == ("end", 3, 1)
    assert events[-1]["segments"] == 15


def test_a_folder_under_observation(tmp_path):
    inputs, out = articles(tmp_path / "in", 2), tmp_path / "in" / "out"  # its own results are no change
    arguments = [NEWSBRIDGE, "translate", inputs, "-o", out, "--model", "echo", "--from", "de", "--watch", "--log-json"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(arguments, stderr=log)
    try:
        waited(lambda: (out / "a001.json").exists())
        ends = waited(lambda: (tmp_path / "log").read_text().count('"end"') or None)
        time.sleep(2)
        assert (tmp_path / "log").read_text().count('"end"') == ends
        (inputs / "neu.txt").write_text(text(7))
        waited(lambda: (out / "neu.json").exists())
        waited(lambda: (tmp_path / "log").read_text().count('"end"') > ends)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(30)
    assert code == 0, (tmp_path / "log").read_text()


def waited(found, seconds=60):
    """Wait until something is there and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not come")

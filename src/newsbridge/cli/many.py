"""``translate -o DIR``: from one article to as many as there are, into a folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import bridge_settings, engine_settings, formats, memory, summarizer
from newsbridge.errors import ArticleError, OutputError

if TYPE_CHECKING:
    from newsbridge.batch import Settings, Tally
    from newsbridge.batch.jobs import Job, Outcome, Task
    from newsbridge.batch.plan import Plan
    from newsbridge.batch.progress import Progress
    from newsbridge.engines import Translator
    from newsbridge.memory import Memory


def translate(inputs: tuple[str, ...], output: Path, format_: str, values: dict[str, Any]) -> None:
    """Translate every article of the inputs into a folder, as far as it is not up to date there.

    Raises:
        click.UsageError: if there are no inputs, or a format is not built.
        NewsbridgeError: if the run cannot go on: the folder, the engine, the workers, the memory.
    """
    from newsbridge import batch
    from newsbridge.batch import heap
    from newsbridge.batch.outputs import WHOLE
    from newsbridge.engines.cores import cores
    from newsbridge.engines.registry import translator
    from newsbridge.writing import FORMATS

    heap.settle(cores())
    wanted = formats(format_, (*FORMATS, *WHOLE))
    plan = planned(inputs, values)
    if not len(plan):
        raise click.UsageError("there is no INPUT")
    engine = translator(values["model"], **engine_settings(values))
    whole = tuple(each for each in wanted if each in WHOLE)
    task = _task(values, tuple(each for each in wanted if each not in WHOLE), bool(whole))
    settings = batch.Settings(
        workers=values["workers"],
        timeout=values["timeout"],
        force=values["force"],
        fresh=values["fresh"],
        retry_failed=values["retry_failed"],
    )
    known = memory(values)
    if values["dry_run"]:
        _rehearse(plan, engine, task, output, settings, known)
        return

    def go(plan: Plan) -> None:
        progress = _progress(values)
        tally = batch.translate(
            plan, engine, task, output, whole=whole, settings=settings, progress=progress, memory=known
        )
        _finish(tally, output, values, progress)

    if not values["watch"]:
        go(plan)
        return
    from newsbridge.batch.watching import changes

    _go_on(lambda: go(plan))
    for _ in changes(inputs, output):
        _go_on(lambda: go(planned(inputs, values)))


def _go_on(run: Callable[[], None]) -> None:
    """Run under --watch: what failed was named, and the next change brings another run."""
    from newsbridge.cli import complain

    try:
        run()
    except click.exceptions.Exit:
        pass
    except OutputError as error:
        complain(error)


def _rehearse(
    plan: Plan, engine: Translator, task: Task, output: Path, settings: Settings, known: Memory | None
) -> None:
    """Say what would be done, on stdout; exit with 1 if an article cannot be read."""
    from newsbridge.batch.progress import duration
    from newsbridge.batch.rehearsal import rehearse
    from newsbridge.cli import complain

    found = rehearse(plan, engine, task, output, settings, known)
    for _, failure in found.failures:
        complain(failure.error())
    click.echo(f"{_articles(found.todo)} to translate: {found.segments:,} segments")
    if found.same:
        click.echo(f"{_articles(found.same)} up to date in {output}")
    if found.failures:
        click.echo(f"{_articles(len(found.failures))} cannot be read")
    if found.seconds is not None:
        click.echo(
            f"about {duration(found.seconds)}, at {found.speed:.0f} segments/s "
            f"(measured on {_articles(found.sample)}; nothing was written)"
        )
    if found.failures:
        raise click.exceptions.Exit(1)


def on_ray(inputs: tuple[str, ...], output: str, format_: str | None, values: dict[str, Any]) -> None:
    """Translate JSON lines or Parquet on a Ray cluster.

    Raises:
        click.UsageError: if there are no inputs, or the format is not one file for many articles.
        NewsbridgeError: if Ray is not installed, or the run cannot go on.
    """
    import re

    from newsbridge.batch import cluster
    from newsbridge.batch.progress import Progress
    from newsbridge.reading.containers import Columns

    if not inputs:
        raise click.UsageError("there is no INPUT")
    (format,) = formats(format_ or "parquet", cluster.FORMATS)[:1]
    actors = re.fullmatch(r"([1-9]\d*)(?:-([1-9]\d*))?", values["actors"])
    if not actors:
        raise click.UsageError(f"--actors: {values['actors']!r} is neither a number nor a range such as 2-16")
    least = int(actors[1])
    gpus = values["actor_gpus"]
    settings = {**engine_settings(values), "threads": max(1, round(values["actor_cpus"]))}
    if gpus and settings["device"] == "auto":
        settings["device"] = "cuda"
    tally = cluster.translate(
        inputs,
        cluster.Engine(values["model"], settings, None if values["memory"] == "none" else values["memory"]),
        _task(values, (), True),
        output,
        format,
        columns=Columns(values["text_column"], values["id_column"]),
        cluster=cluster.Cluster(
            values["ray_address"], (least, max(least, int(actors[2] or least))), values["actor_cpus"], gpus
        ),
    )
    _finish(tally, output, values, Progress())


def stream(inputs: tuple[str, ...], format_: str | None, values: dict[str, Any]) -> None:
    """Answer JSON lines on stdin with records on stdout, line by line; a bad line answers ``{"id", "error"}``.

    Raises:
        click.UsageError: if there are other inputs, or another format.
    """
    import json
    from collections import Counter

    from newsbridge import batch
    from newsbridge.cli.translate import exit_if_strict
    from newsbridge.engines.registry import translator

    if format_ not in (None, "jsonl"):
        raise click.UsageError("--jsonl without -o writes records as JSON lines, no other format")
    plan = planned(inputs, values)
    if not plan.containers:
        raise click.UsageError("--jsonl reads JSON lines from stdin: the input is -")
    engine = translator(values["model"], **engine_settings(values))
    settings = batch.Settings(workers=values["workers"], timeout=values["timeout"])
    failed, findings = 0, Counter[str]()
    for job, outcome in batch.stream(plan, engine, _task(values, (), True), settings=settings, memory=memory(values)):
        findings += Counter(outcome.findings)
        head = json.dumps({"id": job.input.id}, ensure_ascii=False)[:-1]
        if outcome.line is None:
            failed += 1
            said = ": ".join(filter(None, (outcome.error.message, outcome.error.hint))) if outcome.error else ""
            click.echo(f"{head}, {json.dumps({'error': said}, ensure_ascii=False)[1:]}")
        else:
            click.echo(f"{head}, {outcome.line[1:]}")
    if failed:
        raise click.exceptions.Exit(1)
    exit_if_strict(values["strict"], findings)


def planned(inputs: tuple[str, ...], values: dict[str, Any]) -> Plan:
    """Look for the inputs that the command line names."""
    from newsbridge.batch.plan import Plan
    from newsbridge.reading.containers import Columns

    plan = Plan(Columns(values["text_column"], values["id_column"]), rows=values["jsonl"])
    plan.add(inputs)
    if values["files_from"]:
        plan.add(_listed(values["files_from"]))
    return plan


def _listed(name: str) -> Iterator[str]:
    """Yield the lines of a list, or what its NULs separate."""
    try:
        stream = sys.stdin.buffer if name == "-" else open(name, "rb")  # noqa: SIM115
        with stream:
            head = stream.peek(1 << 16) if hasattr(stream, "peek") else b""
            mark = b"\0" if b"\0" in head else b"\n"
            rest = b""
            while data := stream.read(1 << 16):
                *whole, rest = (rest + data).split(mark)
                yield from filter(None, map(_path, whole))
            if path := _path(rest):
                yield path
    except OSError as error:
        raise ArticleError(f"cannot read the list {name}: {error.strerror or error}", "check the path") from None


def _path(line: bytes) -> str:
    import os

    return os.fsdecode(line.removesuffix(b"\r"))


def _task(values: dict[str, Any], views: tuple[str, ...], whole: bool) -> Task:
    from newsbridge.batch.jobs import Task

    return Task(
        summarizer=summarizer(values),
        bridge=bridge_settings(values),
        formats=views,
        reading={"encoding": values["encoding"], "language": values["from_"]},
        whole=whole,
    )


def _progress(values: dict[str, Any]) -> Progress:
    """Choose how the run is told, and let failures be named where it is told to people."""
    from newsbridge.batch import progress

    if values["log_json"]:
        return progress.Json()
    bar = sys.stderr.isatty() and not values["quiet"]
    kind: type[Progress] = progress.Bar if bar else progress.Progress if values["quiet"] else progress.Lines

    class Naming(kind):  # type: ignore[misc, valid-type]
        def article(self, job: Job, outcome: Outcome) -> None:
            super().article(job, outcome)
            _name(job, outcome, values)

    return Naming()


def _name(job: Job, outcome: Outcome, values: dict[str, Any]) -> None:
    """Say on stderr what became of an article: always if it failed, else with ``--verbose``."""
    from collections import Counter

    from newsbridge.cli import complain
    from newsbridge.cli.translate import counted

    if outcome.error:
        complain(outcome.error.error())
        if outcome.error.trace and values["verbose"]:
            click.echo(outcome.error.trace, err=True)
    elif values["verbose"]:
        what = "is up to date" if outcome.same else f"{outcome.segments} segments"
        found = "" if outcome.same else f"; {counted(Counter(outcome.quotes), Counter(outcome.findings))}"
        click.echo(f"{job.name}: {what}{found}", err=True)


def _finish(tally: Tally, output: Path | str, values: dict[str, Any], progress: Progress) -> None:
    """Say what was done and exit: 1 after a failure, 3 after a finding ``--strict`` does not let pass."""
    from newsbridge.cli.translate import counted, exit_if_strict

    if not values["quiet"] and not values["log_json"]:
        parts = [f"{_articles(tally.done)} → {output}; {counted(tally.quotes, tally.findings)}"]
        if progress.hits:
            parts.append(f"{progress.hits} of {progress.count['segments']} segments from the memory")
        if tally.same:
            parts.append(f"{tally.same} up to date")
        if tally.failed:
            where = output / "failures.jsonl" if isinstance(output, Path) else output
            parts.append(f"{tally.failed} failed, see {where}")
        click.echo("; ".join(parts), err=True)
    if tally.failed:
        raise click.exceptions.Exit(1)
    exit_if_strict(values["strict"], tally.findings)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"

"""``translate -o DIR``: from one article to as many as there are, into a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import bridge_settings, engine_settings, formats, memory, summarizer
from newsbridge.errors import ArticleError

if TYPE_CHECKING:
    from newsbridge.batch import Tally
    from newsbridge.batch.jobs import Job, Outcome, Task
    from newsbridge.batch.plan import Plan
    from newsbridge.batch.progress import Progress


def translate(inputs: tuple[str, ...], output: Path, format_: str, values: dict[str, Any]) -> None:
    """Translate every article of the inputs into a folder, as far as it is not up to date there.

    Raises:
        click.UsageError: if there are no inputs, or a format is not built.
        NewsbridgeError: if the run cannot go on: the folder, the engine, the workers, the memory.
    """
    from newsbridge import batch
    from newsbridge.batch.outputs import WHOLE
    from newsbridge.engines.registry import translator
    from newsbridge.writing import FORMATS

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
    progress = _progress(values)
    known = memory(values)
    tally = batch.translate(plan, engine, task, output, whole=whole, settings=settings, progress=progress, memory=known)
    _finish(tally, output, values, progress)


def planned(inputs: tuple[str, ...], values: dict[str, Any]) -> Plan:
    """Look for the inputs that the command line names."""
    from newsbridge.batch.plan import Plan
    from newsbridge.reading.containers import Columns

    plan = Plan(Columns(values["text_column"], values["id_column"]))
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
        summarizer=summarizer(values["summarizer"]),
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


def _finish(tally: Tally, output: Path, values: dict[str, Any], progress: Progress) -> None:
    """Say what was done and exit: 1 after a failure, 3 after a finding ``--strict`` does not let pass."""
    from newsbridge.cli.translate import counted, exit_if_strict

    if not values["quiet"] and not values["log_json"]:
        parts = [f"{_articles(tally.done)} → {output}; {counted(tally.quotes, tally.findings)}"]
        if progress.hits:
            parts.append(f"{progress.hits} of {progress.count['segments']} segments from the memory")
        if tally.same:
            parts.append(f"{tally.same} up to date")
        if tally.failed:
            parts.append(f"{tally.failed} failed, see {output / 'failures.jsonl'}")
        click.echo("; ".join(parts), err=True)
    if tally.failed:
        raise click.exceptions.Exit(1)
    exit_if_strict(values["strict"], tally.findings)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"

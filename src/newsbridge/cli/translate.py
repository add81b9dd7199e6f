"""``translate`` and ``brief``: articles in, records and their views out."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import (
    CHAT,
    COMMON,
    ENGINE,
    FORCE,
    GLOSSARY,
    MANY,
    MEMORY,
    READING,
    STRICT,
    SUMMARY,
    Command,
    bridge_settings,
    engine_settings,
    formats,
    memory,
    option,
    options,
    summarizer,
)
from newsbridge.errors import NewsbridgeError

if TYPE_CHECKING:
    from newsbridge.engines import Translator
    from newsbridge.reading import Input
    from newsbridge.record import Record

DEFAULT_FORMATS = "json,md,html"
FORMAT_HELP = (
    f"Output formats, by default {DEFAULT_FORMATS} (on stdout: md); jsonl and parquet put all articles into one file."
)
NEED_FOLDER = ("files_from", "dry_run", "watch", "fresh", "retry_failed", "log_json", "on")


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge translate article.txt > article.en.md\n"
    "  newsbridge translate articles/ -o out --format json,html\n"
    "  newsbridge translate feed.jsonl.gz archive.zip -o out --format jsonl\n"
    "  cat article.txt | newsbridge translate - -o out --strict",
)
@click.argument("inputs", nargs=-1, metavar="INPUT…")
@option("-o", "--output", metavar="DIR", help="The folder to write to.", envvar=None)
@option("--format", "format_", metavar="LIST", help=FORMAT_HELP)
@options(READING, ENGINE, CHAT, SUMMARY, MEMORY, GLOSSARY, MANY, STRICT, FORCE, COMMON)
def translate(inputs: tuple[str, ...], output: str | None, format_: str | None, **values: Any) -> None:
    """Translate articles and write their records, parallel texts and briefs.

    INPUT is a file, a folder, a glob, or - for one text on stdin. JSON lines, Parquet, zip and tar hold many
    articles; .gz, .zst, .bz2 and .xz are read as they are. One input without -o prints Markdown on stdout;
    several need -o. DIR mirrors the relative paths; an input is never overwritten. Run again, only what is
    missing or changed is done; DIR/index.html lists everything.
    """
    from newsbridge.cli import many
    from newsbridge.writing import FORMATS, render

    if output is not None:
        if values["on"] == "ray":
            many.on_ray(inputs, output, format_, values)
        else:
            many.translate(inputs, Path(output), format_ or DEFAULT_FORMATS, values)
        return
    if values["jsonl"]:
        many.stream(inputs, format_, values)
        return
    for name in NEED_FOLDER:
        if values[name] and values[name] != "here":
            raise click.UsageError(f"--{name.replace('_', '-')} needs a folder to write to: -o DIR")
    if not inputs:
        raise click.UsageError("there is no INPUT")
    run = Run(values)
    wanted = formats(format_ or "md", FORMATS)
    articles = run.find(inputs)
    if len(articles) > 1:
        raise click.UsageError("several articles need a folder to write to: -o DIR")
    if len(wanted) > 1:
        raise click.UsageError(f"{len(wanted)} formats need a folder to write to: -o DIR")
    for _, record in run.bridge(articles):
        click.echo(render(record, wanted[0]), nl=False)
    run.finish()


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge brief article.txt\n  cat article.txt | newsbridge brief -",
)
@click.argument("input_", metavar="INPUT")
@options(READING, ENGINE, CHAT, SUMMARY, MEMORY, GLOSSARY, STRICT, COMMON)
def brief(input_: str, **values: Any) -> None:
    """Print the English brief of one article on the terminal.

    Headline, points and the key quotations, each with its speaker and the German beside it.
    """
    from newsbridge.writing import terminal

    run = Run(values)
    articles = run.find([input_])
    if len(articles) > 1:
        raise click.UsageError(f"{input_} holds more than one article; brief takes one")
    for _, record in run.bridge(articles):
        click.echo(terminal.render(record), nl=False)
    run.finish()


@dataclass
class Run:
    """One run over articles: builds the engine once, goes on after a failure, remembers what to exit with."""

    values: dict[str, Any]
    failures: int = 0
    done: int = 0
    severities: Counter[str] = field(default_factory=Counter)
    quotes: Counter[str] = field(default_factory=Counter)

    def find(self, arguments: Sequence[str]) -> list[Input]:
        """Find the articles; a path that leads nowhere is a failure, the rest goes on."""
        from newsbridge import reading
        from newsbridge.reading import containers
        from newsbridge.reading.files import each_file

        found: dict[tuple[bytes, str], Input] = {}
        for argument in arguments:
            try:
                for file in reading.inputs([argument]):
                    for each in islice(containers.articles(file), 2):  # of a container, enough to see that it is one
                        found.setdefault((each_file(each), each.member), each)
            except NewsbridgeError as error:
                self.fail(error)
        return list(found.values())

    def bridge(self, articles: Sequence[Input]) -> Iterator[tuple[Input, Record]]:
        """Yield each article with its record; one that fails is named and left out.

        Raises:
            NewsbridgeError: if the engine or the summariser cannot be built.
        """
        if not articles:
            return
        from newsbridge import pipeline
        from newsbridge.engines.progress import Ticking
        from newsbridge.engines.registry import translator
        from newsbridge.engines.remembering import Remembering

        values = self.values
        engine: Translator = translator(values["model"], **engine_settings(values))
        known = memory(values)
        writer = summarizer(values)
        settings = bridge_settings(values)
        with _bar(len(articles), self.shows_progress) as bar:
            for each in articles:
                started = time.perf_counter()
                try:
                    bar.begin(each.name)
                    article = each.read(encoding=values["encoding"], language=values["from_"])
                    record = pipeline.bridge(
                        article,
                        Remembering(Ticking(engine, bar.tick), known),
                        writer,
                        **settings,
                    )
                    yield each, record
                except NewsbridgeError as error:
                    self.fail(error)
                    continue
                finally:
                    bar.end()
                self.note(each, record, time.perf_counter() - started)

    @property
    def shows_progress(self) -> bool:
        """Whether a bar is wanted: on a terminal, and not with ``--quiet``."""
        return sys.stderr.isatty() and not self.values["quiet"]

    def fail(self, error: NewsbridgeError) -> None:
        """Name a failure on stderr and remember it."""
        from newsbridge.cli import complain

        complain(error)
        self.failures += 1

    def note(self, article: Input, record: Record, seconds: float) -> None:
        """Count what became of an article's quotations, and say it with ``--verbose``."""
        found = Counter(finding.severity.value for finding in record.every_finding())
        direct = [each.id for each in record.ledger.quotations if each.kind == "direct"]
        quotes = Counter(record.rendering[id_].status.value for id_ in direct)
        self.severities += found
        self.quotes += quotes
        self.done += 1
        if self.values["verbose"]:
            click.echo(
                f"{article.name}: {len(record.translations)} segments in {seconds:.1f} s; {counted(quotes, found)}",
                err=True,
            )

    def finish(self) -> None:
        """Exit: 1 after a failure, 3 after a finding ``--strict`` does not let pass."""
        if self.failures:
            raise click.exceptions.Exit(1)
        exit_if_strict(self.values["strict"], self.severities)


def exit_if_strict(strict: str | None, severities: Counter[str]) -> None:
    """Exit with 3 if ``--strict`` (``error`` or ``warning``) was given and a finding is as bad as that."""
    if (severities["error"] and strict) or (severities["warning"] and strict == "warning"):
        raise click.exceptions.Exit(3)


def counted(quotes: Counter[str], findings: Counter[str]) -> str:
    """Say in words what became of the direct quotations and how many findings there are."""
    kept = ", ".join(f"{quotes[status]} {status}" for status in ("kept", "repaired", "missing") if quotes[status])
    bad = ", ".join(
        f"{findings[each]} {each}{'s' if findings[each] > 1 and each != 'info' else ''}"
        for each in ("error", "warning", "info")
        if findings[each]
    )
    return f"quotations: {kept or 'none'}; findings: {bad or 'none'}"


class _Silent:
    """A progress bar nobody sees."""

    def __enter__(self) -> _Silent:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, name: str) -> None:
        """Start an article."""

    def tick(self, done: int, total: int) -> None:
        """Say how many segments of the article are translated."""

    def end(self) -> None:
        """End an article."""


class _Bar(_Silent):
    """Articles, and the segments of the one in hand, on stderr."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.articles = self.progress.add_task("newsbridge", total=total, unit="articles", visible=total > 1)
        self.segments = self.progress.add_task("", total=None, unit="segments")

    def __enter__(self) -> _Bar:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def begin(self, name: str) -> None:
        self.progress.reset(self.segments, total=None, description=name[-40:])

    def tick(self, done: int, total: int) -> None:
        self.progress.update(self.segments, completed=done, total=total)

    def end(self) -> None:
        self.progress.advance(self.articles)


def _bar(total: int, visible: bool) -> _Silent:
    return _Bar(total) if visible else _Silent()

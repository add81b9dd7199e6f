"""What ``newsbridge check`` does with records, line-aligned files and translation memories, and how it tells of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import glossary
from newsbridge.errors import NewsbridgeError

if TYPE_CHECKING:
    from newsbridge.article import Finding
    from newsbridge.record import Record
    from newsbridge.writing.audit import Row


class Audit:
    """One run: prints each result as it comes, goes on after a failure, remembers what to exit with."""

    def __init__(self, values: dict[str, Any], *, as_json: bool) -> None:
        self.values = values
        self.as_json = as_json
        self.source, self.target = values["from_"] or "de", values["into"]
        self.glossary = glossary(values["glossary"], self.source, self.target)
        self.failures = 0
        self.total = 0
        self.severities: Counter[str] = Counter()
        self.rows: list[Row] = []
        self.titles: list[str] = []

    def fail(self, error: NewsbridgeError) -> None:
        """Name a failure on stderr and remember it."""
        from newsbridge.cli import complain

        complain(error)
        self.failures += 1

    def record(self, path: str) -> None:
        """Check one record."""
        from newsbridge.cli.check import load
        from newsbridge.record import revision

        try:
            record = revision.checked(load(path), self.glossary)
        except NewsbridgeError as error:
            self.fail(error)
            return
        self.titles.append(path)
        self.severities.update(finding.severity.value for finding in record.every_finding())
        self.total += len(record.translations)
        (print_lines if self.as_json else print_table)(path, record)
        if self.values["html"]:
            self._keep_record(record)

    def _keep_record(self, record: Record) -> None:
        from dataclasses import replace

        from newsbridge.fidelity.sides import sides
        from newsbridge.writing.audit import Row

        for side in sides(record.article, record.ledger):
            translation = record.translation.get(side.segment.id)
            if translation is not None and translation.findings:
                found = tuple(
                    replace(each, source=side.within(each.source) if each.source is not None else None)
                    for each in translation.findings
                )
                self.rows.append(Row(side.segment.id, side.text, translation.target, found))

    def lines(self, source: Path, target: Path) -> None:
        """Check two files whose lines face each other."""
        from newsbridge import bitext

        self.titles.append(f"{source} and {target}")
        self._pairs(bitext.lines(source, target), "line")

    def tmx(self, path: Path) -> None:
        """Check a translation memory."""
        from newsbridge import bitext

        self.titles.append(str(path))
        self._pairs(bitext.tmx(path, self.source, self.target), "unit")

    def _pairs(self, pairs: Iterable[tuple[str, str]], name: str) -> None:
        from newsbridge.fidelity import foreign
        from newsbridge.writing.audit import Row

        texts, checked = tee(self._readable(pairs))
        try:
            results = foreign.check(checked, source=self.source, target=self.target, glossary=self.glossary)
            for number, (pair, findings) in enumerate(zip(texts, self._ticked(results), strict=False), start=1):
                self.total += 1
                self.severities.update(each.severity.value for each in findings)
                if self.as_json:
                    print_json({name: number}, findings)
                else:
                    _print_findings(f"{name} {number}", findings)
                if findings and self.values["html"]:
                    self.rows.append(Row(f"{name} {number}", *pair, findings))
        except NewsbridgeError as error:
            self.fail(error)

    def _readable(self, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Yield what can be read; what is wrong behind it is a failure, not the end of what came before."""
        try:
            yield from pairs
        except NewsbridgeError as error:
            self.fail(error)

    def _ticked(self, results: Iterable[tuple[Finding, ...]]) -> Iterator[tuple[Finding, ...]]:
        """Show on a terminal how many pairs are checked."""
        import sys

        if self.values["quiet"] or not sys.stderr.isatty() or sys.stdout.isatty():
            yield from results
            return
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn

        with Progress(
            SpinnerColumn(), TextColumn("{task.completed} pairs"), console=Console(stderr=True), transient=True
        ) as bar:
            yield from bar.track(results)

    def finish(self) -> None:
        """Write the page, and say what was found."""
        page = self.values["html"]
        if page is not None and self.titles:
            from newsbridge.writing.audit import render
            from newsbridge.writing.files import same_file, write_together

            text = render(", ".join(self.titles), self.rows, self.total, (self.source, self.target))
            inputs = [Path(each) for each in (self.values["source"], self.values["target"], self.values["tmx"]) if each]

            def is_input(path: Path) -> bool:
                return any(same_file(path, each) for each in inputs)

            try:
                write_together({page: text}, force=self.values["force"], is_input=is_input)
            except NewsbridgeError as error:
                self.fail(error)
        if not self.values["quiet"] and (self.values["source"] or self.values["tmx"]):
            found = ", ".join(
                f"{self.severities[each]} {each}" for each in ("error", "warning", "info") if self.severities[each]
            )
            click.echo(f"{self.total} pairs; findings: {found or 'none'}", err=True)


def print_json(where: dict[str, Any], findings: Sequence[Finding]) -> None:
    """Print one JSON line."""
    from newsbridge.record.document import finding_document

    click.echo(json.dumps({**where, "findings": [finding_document(each) for each in findings]}, ensure_ascii=False))


def print_lines(path: str, record: Record) -> None:
    """Print one JSON line per segment, and one for the article as a whole if it has findings."""
    for translation in record.translations:
        print_json({"article": path, "segment": translation.segment}, translation.findings)
    if record.findings:
        print_json({"article": path, "segment": None}, record.findings)


def print_table(path: str, record: Record) -> None:
    """Print a record's findings for a reader."""
    found = record.every_finding()
    click.echo(f"{path}: {len(record.translations)} segments, {len(found)} finding{'' if len(found) == 1 else 's'}")
    for finding in found:
        _print_findings(finding.segment or "article", [finding])


def _print_findings(where: str, findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"  {where:10} {finding.severity:8} {finding.kind:16} {finding.message}")

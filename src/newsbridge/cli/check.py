"""``check`` and ``convert``: what can be done with a record, without a model."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import COMMON, FORCE, STRICT, Command, formats, option, options
from newsbridge.errors import NewsbridgeError, RecordError

if TYPE_CHECKING:
    from newsbridge.record import Record


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge check out/article.json\n  newsbridge check --json --strict out/*.json",
)
@click.argument("records", nargs=-1, required=True, metavar="RECORD…")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per segment, for other programs.")
@options(STRICT, COMMON)
def check(records: tuple[str, ...], as_json: bool, strict: str | None, **values: Any) -> None:
    """Check records again, for example after they were edited by hand.

    Each segment's translation is held against its source; nothing is written.
    """
    from newsbridge.cli.translate import exit_if_strict
    from newsbridge.record import revision

    severities: Counter[str] = Counter()
    failures = 0
    for path in records:
        try:
            record = revision.checked(load(path))
        except NewsbridgeError as error:
            _complain(error)
            failures += 1
            continue
        severities.update(finding.severity.value for finding in record.every_finding())
        (_print_lines if as_json else _print_table)(path, record)
    if failures:
        raise click.exceptions.Exit(1)
    exit_if_strict(strict, severities)


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge convert out/article.json --format html\n"
    "  newsbridge convert out/article.json --format md -o - | less",
)
@click.argument("records", nargs=-1, required=True, metavar="RECORD…")
@option("--format", "format_", metavar="LIST", default="md,html", help="Output formats.")
@click.option("-o", "--output", metavar="DIR", help="Where to write, instead of beside the record; - is stdout.")
@options(FORCE, COMMON)
def convert(records: tuple[str, ...], format_: str, output: str | None, force: bool, **values: Any) -> None:
    """Make any view of a record again, without a model.

    After edits by hand the views follow: a summary sentence is derived again from the segments it cites, and
    dropped when one of them is gone.
    """
    from newsbridge.writing import FORMATS, render
    from newsbridge.writing.files import same_file, write_together

    wanted = formats(format_, FORMATS)
    if output == "-" and len(records) * len(wanted) > 1:
        raise click.UsageError("stdout takes one record and one format")
    failures = 0
    for name in records:
        try:
            record, path = load(name), Path(name)
            if output == "-":
                click.echo(render(record, wanted[0]), nl=False)
                continue
            folder = Path(output) if output else path.parent
            files = {folder / f"{path.stem}.{format}": render(record, format) for format in wanted}
            write_together(files, force=force, is_input=partial(same_file, path))
            if not values["quiet"]:
                click.echo(f"{name} → {', '.join(map(str, files))}", err=True)
        except NewsbridgeError as error:
            _complain(error)
            failures += 1
    if failures:
        raise click.exceptions.Exit(1)


def load(name: str) -> Record:
    """Read a record and bring what depends on its targets up to date.

    Raises:
        RecordError: if the file is missing, or no record.
    """
    from newsbridge.record import document, revision

    try:
        data = Path(name).read_bytes()
    except OSError as error:
        raise RecordError(
            f"cannot read {name}: {error.strerror}", "give the NAME.json that `newsbridge translate` wrote"
        ) from None
    return revision.refreshed(document.loads(data, name))


def _complain(error: NewsbridgeError) -> None:
    from newsbridge.cli import complain

    complain(error)


def _print_lines(path: str, record: Record) -> None:
    from newsbridge.record.document import finding_document

    for translation in record.translations:
        findings = [finding_document(finding) for finding in translation.findings]
        line = {"article": path, "segment": translation.segment, "findings": findings}
        click.echo(json.dumps(line, ensure_ascii=False))
    if record.findings:
        whole = [finding_document(finding) for finding in record.findings]
        click.echo(json.dumps({"article": path, "segment": None, "findings": whole}, ensure_ascii=False))


def _print_table(path: str, record: Record) -> None:
    found = record.every_finding()
    click.echo(f"{path}: {len(record.translations)} segments, {len(found)} finding{'' if len(found) == 1 else 's'}")
    for finding in found:
        click.echo(f"  {finding.segment or 'article':10} {finding.severity:8} {finding.kind:16} {finding.message}")

"""``check`` and ``convert``: what can be done with a record, and with pairs of texts from elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import COMMON, FORCE, GLOSSARY, LANGUAGES, STRICT, Command, formats, option, options
from newsbridge.errors import NewsbridgeError, RecordError

if TYPE_CHECKING:
    from newsbridge.record import Record


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge check out/article.json\n  newsbridge check --json --strict out/*.json\n"
    "  newsbridge check --source de.txt --target en.txt --html audit.html\n  newsbridge check --tmx memory.tmx --json",
)
@click.argument("records", nargs=-1, metavar="[RECORD…]")
@click.option("--source", type=click.Path(path_type=Path), metavar="FILE", help="German, one sentence a line ...")
@click.option(
    "--target", type=click.Path(path_type=Path), metavar="FILE", help="... and its translation, line by line."
)
@click.option("--tmx", type=click.Path(path_type=Path), metavar="FILE", help="A translation memory with both sides.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per segment or pair, for other programs.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Also write the findings as a page.")
@options(LANGUAGES, GLOSSARY, STRICT, FORCE, COMMON)
def check(records: tuple[str, ...], as_json: bool, strict: str | None, **values: Any) -> None:
    """Check records again, or a translation that came from elsewhere.

    Each translation is held against its source: quotation marks, speakers, figures, names, negations, dropped and
    invented text, German left over, loops, terms of a glossary.  RECORD is a NAME.json, for example after edits by
    hand; --source with --target, or --tmx, is the output of any other system.
    """
    from newsbridge.cli import audit
    from newsbridge.cli.translate import exit_if_strict

    source, target, tmx = values["source"], values["target"], values["tmx"]
    if (source is None) != (target is None):
        raise click.UsageError("--source needs --target, and --target needs --source")
    if (bool(records) + (source is not None) + (tmx is not None)) != 1:
        raise click.UsageError("give records, or --source with --target, or --tmx")
    run = audit.Audit(values, as_json=as_json)
    if records:
        for path in records:
            run.record(path)
    elif tmx is not None:
        run.tmx(tmx)
    else:
        run.lines(source, target)
    run.finish()
    if run.failures:
        raise click.exceptions.Exit(1)
    exit_if_strict(strict, run.severities)


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

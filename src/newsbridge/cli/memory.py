"""``memory``: what was translated before, and what a person made of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import COMMON, MEMORY, Command, option, options
from newsbridge.errors import MemoryFault, NewsbridgeError

if TYPE_CHECKING:
    from newsbridge.memory import Memory

_UNITS = {"": 1, "k": 1000, "m": 1_000_000, "g": 1_000_000_000}
PAIR = (
    option("--from", "from_", metavar="LANG", default="de", help="The source language (BCP 47)."),
    option("--into", metavar="LANG", default="en", help="The target language (BCP 47)."),
)


@click.group(epilog="Example: newsbridge memory import corrected.tmx")
def memory() -> None:
    """See, exchange and prune the translation memory."""


@memory.command("import", cls=Command, epilog="\b\nExample:\n  newsbridge memory import corrected.tmx")
@click.argument("files", nargs=-1, required=True, metavar="TMX…", type=click.Path(path_type=Path))
@options(PAIR, MEMORY, COMMON)
def import_(files: tuple[Path, ...], **values: Any) -> None:
    """Take over translations that a person approved.

    From then on they win over every engine, wherever their source stands word for word; which quotation marks it has
    does not matter. A file is taken over whole or not at all.
    """
    from newsbridge.cli import complain
    from newsbridge.memory import tmx

    known = _opened(values)
    failed = False
    for path in files:
        try:
            count = known.add(tmx.read(path, values["from_"], values["into"]))
        except NewsbridgeError as error:
            complain(error)
            failed = True
            continue
        if not values["quiet"]:
            click.echo(f"{path}: {count} approved translations", err=True)
    if failed:
        raise click.exceptions.Exit(1)


@memory.command("export", cls=Command, epilog="\b\nExample:\n  newsbridge memory export -o memory.tmx")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where to, instead of stdout.")
@click.option("--approved", is_flag=True, help="Only what a person approved.")
@options(MEMORY, COMMON)
def export(output: Path | None, approved: bool, **values: Any) -> None:
    """Write the memory's translations as TMX 1.4b."""
    from newsbridge.memory import tmx
    from newsbridge.writing.files import replacing

    units = _opened(values).units(approved=approved)
    if output is None:
        tmx.write(sys.stdout, units)
        return
    with replacing(output) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        count = tmx.write(file, units)
    if not values["quiet"]:
        click.echo(f"{count} translations → {output}", err=True)


@memory.command("stats", cls=Command, epilog="\b\nExample:\n  newsbridge memory stats --json")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@options(MEMORY, COMMON)
def stats(as_json: bool, **values: Any) -> None:
    """Say how much the memory holds."""
    import json
    from dataclasses import asdict

    known = _opened(values)
    found = known.stats()
    if as_json:
        click.echo(json.dumps({"path": str(known.path), **asdict(found)}))
        return
    click.echo(f"memory        {known.path}")
    click.echo(f"size          {found.size / 1e6:,.1f} MB")
    click.echo(f"answers       {found.answers:,}")
    click.echo(f"translations  {found.units:,}, approved {found.approved:,}")


@memory.command("prune", cls=Command, epilog="\b\nExample:\n  newsbridge memory prune --size 500M --unused-for 90")
@click.option("--size", metavar="BYTES", help="Until it has at most so many bytes, for instance 500M or 2G.")
@click.option("--unused-for", "days", type=click.IntRange(0), metavar="DAYS", help="What was not used for so long.")
@options(MEMORY, COMMON)
def prune(size: str | None, days: int | None, **values: Any) -> None:
    """Forget what was not used for longest; what a person approved stays."""
    if size is None and days is None:
        raise click.UsageError("say how far: --size BYTES, --unused-for DAYS, or both")
    gone = _opened(values).prune(size=None if size is None else _bytes(size), days=days)
    if not values["quiet"]:
        click.echo(f"{gone} entries went", err=True)


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", text.strip().lower())
    if not found:
        raise click.UsageError(f"--size: {text!r} is no size; write for instance 500M or 2G")
    return int(float(found[1]) * _UNITS[found[2]])


def _opened(values: dict[str, Any]) -> Memory:
    from newsbridge.cli.options import memory as opened

    known = opened(values)
    if known is None:
        raise MemoryFault("--memory none is no memory", "name a file, or leave --memory out")
    return known

"""``OUT/index.html``: every article of the folder on one page that can be sorted and searched, offline."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from newsbridge import __version__
from newsbridge.batch.journal import Entry, Journal
from newsbridge.reading.files import readable
from newsbridge.writing.files import may_write, replacing

NAME = "index.html"
MOST = 20_000  # rows; a browser sorts so many at once, and the page says how many it leaves out
READ = ("html", "md", "json")  # the view a row leads to: the first there is


@dataclass(frozen=True)
class Row:
    """One article in the list."""

    number: int
    name: str
    link: str | None
    headline: str
    title: str
    kept: int
    repaired: int
    missing: int
    errors: int
    warnings: int
    segments: int


def write(journal: Journal, formats: tuple[str, ...], *, force: bool = False) -> None:
    """Write the index page of a journal.

    Raises:
        OutputError: if somebody else's file is in its place, or there is no room.
    """
    path = journal.folder / NAME
    may_write(path, force=force)
    style, script = _asset("index.css"), _asset("index.js")
    sums, models = _sums(journal)
    page = _template().generate(
        version=__version__,
        sums=sums,
        models=sorted(models),
        failures=[entry for _, entry in zip(range(MOST), journal.entries(done=False), strict=False)],
        rows=_rows(journal, formats),
        left_out=max(0, sums["done"] - MOST),
        most=MOST,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    with replacing(path, drafts=journal.drafts) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(page)


def _sums(journal: Journal) -> tuple[Counter[str], set[str]]:
    """Add up what stands in the rows, and name the models."""
    sums: Counter[str] = Counter()
    models = set()
    for entry in journal.entries():
        sums["done" if entry.done else "failed"] += 1
        sums.update(entry.said.get("quotes", {}))
        sums.update(entry.said.get("findings", {}))
        sums["segments"] += entry.said.get("segments", 0)
        if model := entry.said.get("model"):
            models.add(str(model))
    return sums, models


def _rows(journal: Journal, formats: tuple[str, ...]) -> Iterator[Row]:
    for number, entry in zip(range(1, MOST + 1), journal.entries(done=True), strict=False):
        yield _row(number, entry)


def _row(number: int, entry: Entry) -> Row:
    said: Any = entry.said
    view = next((format for format in READ if format in said["formats"]), None)
    link = None
    if view:
        place = PurePosixPath(entry.stem)
        link = quote(str(place.with_name(f"{place.name}.{view}")), errors="surrogateescape")
        link = f"./{link}"
    quotes, findings = said["quotes"], said["findings"]
    return Row(
        number,
        readable(entry.stem),
        link,
        said["headline"],
        said["title"],
        quotes.get("kept", 0),
        quotes.get("repaired", 0),
        quotes.get("missing", 0),
        findings.get("error", 0),
        findings.get("warning", 0),
        said["segments"],
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("newsbridge.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["count"] = lambda number: f"{number:,}"
    return environment.get_template("index.html")


@cache
def _asset(name: str) -> str:
    return resources.files("newsbridge.batch").joinpath("templates", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()

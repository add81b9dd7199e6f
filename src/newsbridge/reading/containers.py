"""Files that hold many articles: JSON lines, Parquet, tar and zip, plain or compressed.

They are read from front to back and never unpacked; one article at a time is in memory.  What cannot be read in them is
yielded in its place, with its fault.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from newsbridge.errors import ArticleError, MissingPackage, NewsbridgeError
from newsbridge.reading import content
from newsbridge.reading.content import FIELDS, LARGEST, Content
from newsbridge.reading.files import SUFFIXES, Holding, Input, is_own, readable, uncompressed

ROWS = 64  # of a Parquet file, held at a time
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST = 100  # code points of a file name made from an id
_HINT = "every row needs its article under {!r}; another name is given with --text-column"


@dataclass(frozen=True)
class Columns:
    """Where rows have their text and their id; without an id, an article is called by its number."""

    text: str = "text"
    id: str = "id"


def articles(found: Input, columns: Columns = Columns()) -> Iterator[Input]:
    """Yield the articles a file holds: itself, or every member of a container, in the order in which they lie there.

    Their ``relative`` is a path below one that is called like the container without its suffixes.
    """
    kind = found.holding
    if kind is Holding.ARTICLE or found.fault:
        yield found
        return
    assert found.path is not None
    read = {Holding.ROWS: _lines, Holding.PARQUET: _parquet, Holding.TAR: _tar, Holding.ZIP: _zip}[kind]
    count = 0
    try:
        for each in read(found, columns):
            count += 1
            yield each
    except NewsbridgeError as error:
        yield _fault(found, "", ArticleError(error.message, error.hint))
        return
    except Exception as error:  # every format has errors of its own
        broken = content.unreadable(found.name, error)
        after = f" after {count} articles" if count else ""
        yield _fault(found, "", ArticleError(f"{broken.message}{after}", "is the file whole?"))
        return
    if not count:
        yield _fault(found, "", ArticleError(f"{found.name} holds no article", f"{', '.join(SUFFIXES)} are looked for"))


def lines(stream: IO[bytes], found: Input, columns: Columns = Columns()) -> Iterator[Input]:
    """Yield the articles of JSON lines from a stream, for instance stdin; blank lines are passed over."""
    number = 0
    while line := stream.readline(2 * LARGEST):
        number += 1
        if len(line) == 2 * LARGEST and not line.endswith(b"\n"):
            while (rest := stream.readline(LARGEST)) and not rest.endswith(b"\n"):
                pass
            yield _fault(found, f":{number}", content.too_large(f"{found.name}:{number}", len(line)))
        elif line.strip():
            yield json_row(line, f":{number}", found, columns)


def _lines(found: Input, columns: Columns) -> Iterator[Input]:
    assert found.path is not None
    with content.opened(found.path) as stream:
        head = stream.readline(LARGEST)
        if is_own(head):
            raise ArticleError(f"{found.name} was written by newsbridge, it holds no articles", "give the articles")
    with content.opened(found.path) as stream:
        yield from lines(stream, found, columns)


def json_row(line: bytes, place: str, found: Input, columns: Columns = Columns()) -> Input:
    """Make an article of a JSON line; ``place`` is its place in the file: ``:17``."""
    where = f"{found.name}{place}"
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _fault(found, place, ArticleError(f"{where} is not JSON: {error}", "write one object per line"))
    if not isinstance(row, dict):
        return _fault(found, place, ArticleError(f"{where} is no JSON object", 'write {"id": …, "text": "…"}'))
    return table_row(row, place, found, columns)


def table_row(row: Mapping[str, Any], place: str, found: Input, columns: Columns = Columns()) -> Input:
    """Make an article of a row: its text, its id, and what other columns say about it."""
    identity = row.get(columns.id)
    if not isinstance(identity, str | int) or not str(identity).strip():
        identity = None
    text = row.get(columns.text)
    if not isinstance(text, str):
        fault = ArticleError(f"{found.name}{place} has no text in {columns.text!r}", _HINT.format(columns.text))
        return _fault(found, place, fault, identity)
    if len(text) > LARGEST:
        return _fault(found, place, content.too_large(f"{found.name}{place}", len(text)), identity)
    called = _file_name(f"{place[1:]:>06}" if identity is None else str(identity))
    fields = {name: str(value) for name in FIELDS if isinstance(value := row.get(name), str) and value.strip()}
    name = readable(f"{found.path.as_posix()}{place}" if found.path else f"stdin{place}")
    made = Content(text, name, fields=fields)
    return Input(found.path, _below(found, called), len(text), place, identity, made)


def _parquet(found: Input, columns: Columns) -> Iterator[Input]:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise MissingPackage(f"{found.name} is a Parquet file", "pip install 'newsbridge[batch]'") from None
    with parquet.ParquetFile(found.path) as file:
        there = file.schema_arrow.names
        if columns.text not in there:
            said = ", ".join(map(repr, there[:20]))
            raise ArticleError(
                f"{found.name} has no column {columns.text!r}; it has {said}", "name its column with --text-column"
            )
        wanted = [name for name in dict.fromkeys((columns.text, columns.id, *FIELDS)) if name in there]
        number = 0
        for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield table_row(row, f":{number}", found, columns)


def _tar(found: Input, columns: Columns) -> Iterator[Input]:
    import tarfile

    assert found.path is not None
    with content.opened(found.path) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            if member.isfile() and _wanted(member.name):
                if member.size > LARGEST:
                    yield _member(found, member.name, None, member.size)
                    continue
                file = archive.extractfile(member)
                yield _member(found, member.name, file.read() if file else b"", member.size)


def _zip(found: Input, columns: Columns) -> Iterator[Input]:
    import zipfile

    assert found.path is not None
    with zipfile.ZipFile(found.path) as archive:
        for member in archive.infolist():
            if member.is_dir() or not _wanted(member.filename):
                continue
            if member.file_size > LARGEST:
                yield _member(found, member.filename, None, member.file_size)
                continue
            try:
                with archive.open(member) as file:
                    yield _member(found, member.filename, file.read(LARGEST + 1), member.file_size)
            except Exception as error:  # encrypted, damaged, an unknown method
                place = f"/{member.filename}"
                yield _fault(found, place, content.unreadable(f"{found.name}{place}", error))


def _wanted(member: str) -> bool:
    """Say whether a member of an archive is an article; hidden ones and those macOS adds are not."""
    parts = PurePosixPath(member).parts
    hidden = any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)
    return not hidden and os.path.splitext(member)[1].lower() in SUFFIXES


def _member(found: Input, member: str, data: bytes | None, size: int) -> Input:
    name = readable(f"{found.path.as_posix()}/{member}" if found.path else member)
    if data is None or len(data) > LARGEST:
        return _fault(found, f"/{member}", content.too_large(name, size))
    safe = [_file_name(part) for part in PurePosixPath(member).parts if part not in ("..", ".", "/")]
    made = Content(data, name, content.is_markdown(member))
    return Input(found.path, _below(found, *safe), len(data), f"/{member}", content=made)


def _fault(found: Input, place: str, fault: ArticleError, identity: str | int | None = None) -> Input:
    parts = [_file_name(part) for part in PurePosixPath(place.lstrip(":/")).parts if part not in ("..", ".", "/")]
    return Input(found.path, _below(found, *parts), 0, place, identity, fault=fault)


def _below(found: Input, *parts: str) -> PurePosixPath:
    folder, name = found.relative.parent, uncompressed(found.relative.name)
    return PurePosixPath(folder, PurePosixPath(name).stem or name, *parts)


def _file_name(text: str) -> str:
    """Make a file name of an id: no separators, no control characters, not too long, not hidden."""
    name = _UNSAFE.sub("_", text.strip()).lstrip(".") or "_"
    return name if len(name) <= _LONGEST else name[:_LONGEST].rstrip()

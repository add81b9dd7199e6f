"""Files appear whole or not at all, and nobody's work is overwritten."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path

from newsbridge.errors import OutputError
from newsbridge.reading.files import is_own

_numbers = count()


def write_together(files: Mapping[Path, str], *, force: bool = False, inputs: Collection[Path] = ()) -> None:
    """Write several files, UTF-8 with LF: all of them appear, or none does.

    Each is written beside its place under a hidden name and renamed when every one of them is complete.  A file
    that newsbridge wrote before is replaced.

    Args:
        files: The text of each file under its path; folders are made.
        force: Replace files that newsbridge did not write, too.
        inputs: Files that are never replaced, not even with ``force``.

    Raises:
        OutputError: if a file stands in the way or cannot be written; what stood there before is untouched.
    """
    for path in files:
        _may_write(path, force, inputs)
    drafts: list[tuple[Path, Path]] = []
    try:
        for path, text in files.items():
            draft = path.parent / f".newsbridge-{os.getpid()}-{next(_numbers)}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                drafts.append((draft, path))
                with open(draft, "x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise _blocked(path, error) from error
        for draft, path in drafts:
            try:
                os.replace(draft, path)
            except OSError as error:
                raise _blocked(path, error) from error
    finally:
        for draft, _ in drafts:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _may_write(path: Path, force: bool, inputs: Collection[Path]) -> None:
    if not os.path.lexists(path):
        return
    if any(_same(path, each) for each in inputs):
        raise OutputError(f"{path} is an input and is never overwritten", "write to another folder with -o DIR")
    if path.is_dir():
        raise OutputError(f"{path} is a folder", "write to another folder with -o DIR")
    if not force and not _ours(path):
        raise OutputError(
            f"{path} exists and was not written by newsbridge", "write to another folder with -o DIR, or give --force"
        )


def _ours(path: Path) -> bool:
    """Say whether newsbridge wrote a file; one that cannot be read is somebody else's."""
    try:
        with path.open("rb") as file:
            return is_own(file.read(4096))
    except OSError:
        return False


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _blocked(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {path}: {error.strerror or error}",
        "make room or choose another folder with -o DIR; nothing that stood there was changed",
    )

"""Files appear whole or not at all, and nobody's work is overwritten."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

from newsbridge.errors import DiskFull, OutputError
from newsbridge.reading.files import is_own, is_own_parquet, readable

_numbers = count()


def write_together(
    files: Mapping[Path, str],
    *,
    force: bool = False,
    is_input: Callable[[Path], bool] = lambda path: False,
    drafts: Path | None = None,
) -> None:
    """Write several files, UTF-8 with LF: all of them appear, or none does.

    Each is written under a hidden name and renamed when every one of them is complete.  A file that newsbridge wrote
    before is replaced.

    Args:
        files: The text of each file under its path; folders are made.
        force: Replace files that newsbridge did not write, too.
        is_input: Whether a file is an input; such a one is never replaced, not even with ``force``.
        drafts: The folder for the hidden files, on the same file system; each one's own by default.

    Raises:
        OutputError: if a file stands in the way or cannot be written; what stood there before is untouched.
        DiskFull: if there is no room.
    """
    for path in files:
        may_write(path, force=force, is_input=is_input)
    written: list[tuple[Path, Path]] = []
    try:
        for path, text in files.items():
            draft = _draft(path, drafts)
            with _naming(path):
                _make_folders(path, draft)
                written.append((draft, path))
                with open(draft, "x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
                    file.flush()
                    os.fsync(file.fileno())
        for draft, path in written:
            with _naming(path):
                os.replace(draft, path)
    finally:
        for draft, _ in written:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(path: Path, *, drafts: Path | None = None) -> Iterator[Path]:
    """Hand out a hidden file to write to; when the block ends well it takes the place of ``path``.

    Raises:
        OutputError: if it cannot be written; what stood there before is untouched.
        DiskFull: if there is no room.
    """
    draft = _draft(path, drafts)
    with _naming(path):
        try:
            _make_folders(path, draft)
            yield draft
            with open(draft, "rb") as file:
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def may_write(path: Path, *, force: bool = False, is_input: Callable[[Path], bool] = lambda path: False) -> None:
    """Make sure that nobody's work is overwritten.

    Raises:
        OutputError: if ``path`` is an input, a folder, or (without ``force``) was not written by newsbridge.
    """
    if not os.path.lexists(path):
        return
    shown = readable(str(path))
    if is_input(path):
        raise OutputError(f"{shown} is an input and is never overwritten", "write to another folder with -o DIR")
    if path.is_dir():
        raise OutputError(f"{shown} is a folder", "write to another folder with -o DIR")
    if not force and not _ours(path):
        raise OutputError(
            f"{shown} exists and was not written by newsbridge", "write to another folder with -o DIR, or give --force"
        )


def _draft(path: Path, drafts: Path | None) -> Path:
    return (drafts or path.parent) / f".newsbridge-{os.getpid()}-{next(_numbers)}"


def _make_folders(path: Path, draft: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.parent.mkdir(parents=True, exist_ok=True)


def _ours(path: Path) -> bool:
    """Say whether newsbridge wrote a file; one that cannot be read is somebody else's."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(b"PAR1"):
                return is_own_parquet(file)
            return is_own(head)
    except OSError:
        return False


def same_file(one: Path, other: Path) -> bool:
    """Say whether two paths lead to one file."""
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn an operating system's error into ours, with the path in it."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else OutputError
        raise kind(
            f"cannot write {readable(str(path))}: {error.strerror or error}",
            "make room or choose another folder with -o DIR; nothing that stood there was changed",
        ) from error

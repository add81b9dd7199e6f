"""A folder under observation: what is put into it is translated."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsbridge.errors import ArticleError, MissingPackage
from newsbridge.reading.files import root

SETTLED = 1000  # milliseconds without a change after which a run begins: files are still being copied before


def changes(arguments: Sequence[str], output: Path) -> Iterator[int]:
    """Yield the number of changed files whenever something below the inputs changed, until Ctrl-C.

    Hidden files and the output folder are not looked at.

    Raises:
        MissingPackage: if watchfiles is not installed.
        ArticleError: if there is nothing to observe.
    """
    try:
        from watchfiles import watch
    except ImportError:
        raise MissingPackage("--watch needs watchfiles", "pip install 'newsbridge[batch]'") from None
    places = sorted({place for argument in arguments if argument != "-" and (place := root(argument)).exists()})
    if not places:
        raise ArticleError("there is nothing to observe", "give --watch a folder that exists")
    own = os.path.realpath(output)

    def counts(change: object, path: str) -> bool:
        real = os.path.realpath(path)
        inside = real == own or real.startswith(own + os.sep)
        return not inside and not any(part.startswith(".") for part in Path(path).parts[1:] if part not in (".", ".."))

    for found in watch(*places, watch_filter=counts, debounce=10 * SETTLED, step=SETTLED, raise_interrupt=False):
        yield len(found)

"""Which engines there are, and how one is built from its name on the command line."""

from __future__ import annotations

import difflib
from importlib.metadata import entry_points
from typing import Any

from newsbridge.engines import Translator
from newsbridge.errors import EngineError, NewsbridgeError

GROUP = "newsbridge.engines"


def names() -> tuple[str, ...]:
    """Return the names of the engines that are registered, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def translator(name: str, **settings: Any) -> Translator:
    """Build an engine.

    Args:
        name: As with ``--model``.
        settings: ``beam``, ``n_best``, ``device``, ``threads``, ``batch_tokens``.

    Raises:
        EngineError: if there is no such engine, or it would not load.
    """
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in found:
        near = difflib.get_close_matches(name, found, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise EngineError(f"no engine {name!r}", f"{meant}there is {', '.join(sorted(found))}")
    try:
        engine: Translator = found[name].load()(**settings)
    except NewsbridgeError:
        raise
    except Exception as error:  # somebody else's code
        where = found[name].value
        raise EngineError(f"the engine {name} ({where}) would not load: {error!r}", "update or remove it") from error
    return engine

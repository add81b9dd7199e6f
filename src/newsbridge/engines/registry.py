"""Which engines there are, and how one is built from its name on the command line."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from newsbridge import store
from newsbridge.engines import Translator
from newsbridge.errors import EngineError, NewsbridgeError

GROUP = "newsbridge.engines"
PULLED = "pulled"  # the engine of every model in the store
KINDS = frozenset({PULLED, "chat"})  # they need a model's name behind them


def names() -> tuple[str, ...]:
    """Return the names of the engines that stand alone, without a model's name behind them, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)} - KINDS))


def translator(name: str, **settings: Any) -> Translator:
    """Build an engine.

    Args:
        name: As with ``--model``: an engine (``embedded``), an engine and what it is to run (``chat:NAME``), or a
            model of the store (``Helsinki-NLP/opus-mt-de-en``, also with ``@COMMIT``).
        settings: ``beam``, ``n_best``, ``device``, ``threads``, ``batch_tokens``, …; an engine is given those its
            build function names, or all of them if it takes ``**settings``.

    Raises:
        EngineError: if there is no such engine, or it would not load.
    """
    found = {entry.name: entry for entry in entry_points(group=GROUP)}
    kind, _, model = name.partition(":")
    if model and kind in found:
        return _build(found[kind], {**settings, "model": model})
    if name in found and name not in KINDS:
        return _build(found[name], settings)
    if name not in KINDS and PULLED in found and ("/" in name or _is_pulled(name)):
        return _build(found[PULLED], {**settings, "model": name})
    near = difflib.get_close_matches(name, names(), 1)
    meant = f"did you mean {near[0]}? " if near else ""
    if name in KINDS:
        meant = f"say which model: {name}:NAME; "
    raise EngineError(
        f"no engine {name!r}", f"{meant}there is {', '.join(names())}, chat:NAME, and every model of `models list`"
    )


def _is_pulled(name: str) -> bool:
    wanted = name.partition("@")[0]
    return any(model.name == wanted for model in store.models(damaged=lambda error: None))


def _build(entry: EntryPoint, settings: Mapping[str, Any]) -> Translator:
    try:
        build = entry.load()
        engine: Translator = build(**accepted(build, settings))
    except NewsbridgeError:
        raise
    except Exception as error:  # somebody else's code
        raise EngineError(
            f"the engine {entry.name} ({entry.value}) would not load: {error!r}", "update or remove it"
        ) from error
    return engine


def accepted(build: Callable[..., Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings a function takes by name."""
    parameters = inspect.signature(build).parameters.values()
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters):
        return dict(settings)
    named = {each.name for each in parameters}
    return {name: value for name, value in settings.items() if name in named}

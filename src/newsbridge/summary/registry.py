"""Which summarisers there are, and how one is built from its name on the command line."""

from __future__ import annotations

from typing import Any

from newsbridge.errors import EngineError
from newsbridge.summary import Summarizer
from newsbridge.summary.extractive import Extractive
from newsbridge.summary.style import Style

SEQ2SEQ = {"beam": "beam", "device": "device", "threads": "threads", "batch_tokens": "batch_tokens", "dtype": "dtype"}
CHAT = ("base_url", "prompts", "concurrency", "device", "dtype", "threads")


def summarizer(name: str, *, style: Style | None = None, target: str = "en", **settings: Any) -> Summarizer:
    """Build a summariser.

    Args:
        name: As with ``--summarizer``: ``extractive``, ``chat:NAME``, or a pulled model that writes summaries.
        style: How much it says.
        target: BCP 47 tag of the language it writes.
        settings: Those of the engines; see :func:`newsbridge.engines.registry.translator`.

    Raises:
        EngineError: if there is none of that name.
    """
    style = style or Style()
    if name == "extractive":
        return Extractive(target, style)
    from newsbridge.summary.written import Written

    if name.startswith("chat:"):
        from newsbridge.summary.scribes import Chat

        chosen = {each: settings[each] for each in CHAT if each in settings}
        chosen["timeout"] = settings.get("answer_timeout", 120.0)
        chosen["budget"] = settings.get("token_budget", 0)
        return Written(Chat(name.removeprefix("chat:"), target=target, style=style.name, **chosen), style, target)
    from newsbridge.summary.scribes import Checkpoint

    chosen = {SEQ2SEQ[each]: value for each, value in settings.items() if each in SEQ2SEQ}
    chosen["runner_"] = settings.get("runner", "ctranslate2")
    try:
        return Written(Checkpoint(name, target=target, **chosen), style, target)
    except EngineError as error:
        if "no model" not in error.message:
            raise
        hint = f"newsbridge has extractive, chat:NAME, and models for summaries: newsbridge models pull {name}"
        raise EngineError(f"no summarizer {name!r}", hint) from None

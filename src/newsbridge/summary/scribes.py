"""Who writes summaries: a sequence-to-sequence checkpoint of the store, or a chat model with our prompts.

Both are opened when they are first asked, so that a summariser can be handed to worker processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from newsbridge import store
from newsbridge.errors import EngineError
from newsbridge.summary.written import Draft, Order, sentences

PROMPTS = {"section": "summarise", "brief": "brief", "headline": "headline"}
LENGTHS = {"brief": "", "wire": ", as terse as a news agency", "explainer": ", with the background a reader needs"}
MOST = 60  # segments in one prompt


class Checkpoint:
    """A pulled model for summaries: it writes in the language it reads, so it is given the translation."""

    def __init__(self, name: str, *, target: str = "en", **settings: Any) -> None:
        self.name = name
        self.target = target
        self._settings = settings
        model = store.find(name)
        if "summary" not in model.tasks:
            raise EngineError(f"{name} translates and writes no summaries", f"use --model {name}")
        self.settings: Mapping[str, Any] = {"revision": model.revision, "license": model.license}
        self._writer: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_writer": None}

    def write(self, orders: Sequence[Order]) -> list[tuple[Draft, ...]]:
        """Write what is ordered; the second time with the second hypothesis. See :class:`Scribe`."""
        if self._writer is None:
            from newsbridge.engines.summarising import open_writer

            self._writer = open_writer(store.find(self.name), **self._settings)
        texts = [" ".join(line.text for line in order.lines) for order in orders]
        longest = [3 * order.words * order.sentences for order in orders]
        answers = self._writer.several(texts, self.target, longest=max(longest, default=None), n_best=2)
        found = []
        for order, hypotheses in zip(orders, answers, strict=True):
            chosen = hypotheses[-1 if order.faults else 0]
            said = sentences(chosen.text)
            said = said if chosen.complete else said[:-1]  # the last one was cut off
            found.append(tuple(Draft(text) for text in said[: order.sentences]))
        return found


class Chat:
    """A chat model, with the templates summarise, brief and headline."""

    def __init__(
        self,
        model: str,
        *,
        target: str = "en",
        style: str = "brief",
        prompts: str | Path | None = None,
        concurrency: int = 8,
        **settings: Any,
    ) -> None:
        from newsbridge.prompts import Prompts

        self.name = f"chat:{model}"
        self.target = target
        self.style = style
        self.concurrency = concurrency if settings.get("base_url") else 1
        self._model = model
        self._settings = settings
        self._client: Any = None
        self._prompts = Prompts(Path(prompts) if prompts else None)
        self.settings: Mapping[str, Any] = {"prompts": dict(self._prompts.versions(*PROMPTS.values()))}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_client": None}

    def write(self, orders: Sequence[Order]) -> list[tuple[Draft, ...]]:
        """Write what is ordered; see :class:`Scribe`."""
        if self._client is None:
            from newsbridge.engines.chat.client import connect

            self._client = connect(self._model, **self._settings)
        with ThreadPoolExecutor(max_workers=max(1, min(self.concurrency, len(orders)))) as pool:
            answers = list(pool.map(self._ask, orders))
        failures = [each for each in answers if isinstance(each, EngineError)]
        if failures and len(failures) == len(answers):
            raise failures[0]
        return [() if isinstance(each, EngineError) else each for each in answers]

    def _ask(self, order: Order) -> tuple[Draft, ...] | EngineError:
        from newsbridge.engines.chat.answers import SENTENCES, objects

        try:
            items = objects(self._client.complete(self._prompt(order), SENTENCES), "sentences")
        except EngineError as error:
            return error if "no JSON" not in error.message else ()
        drafts = []
        for each in items:
            text, cited = each.get("text"), each.get("segments")
            if isinstance(text, str) and isinstance(cited, list):
                drafts.append(Draft(text, tuple(dict.fromkeys(map(str, cited)))))
        return tuple(drafts)

    def _prompt(self, order: Order) -> list[dict[str, str]]:
        from newsbridge.engines.chat.forms import language_name

        lines = [
            {"id": line.id, "text": line.text, **({"speaker": line.speaker} if line.speaker else {})}
            for line in order.lines[:MOST]
        ]
        text = self._prompts.fill(
            PROMPTS[order.kind],
            target=language_name(self.target),
            segments=json.dumps(lines, ensure_ascii=False, indent=1),
            sentences=order.sentences,
            points=order.sentences,
            words=order.words,
            style=LENGTHS[self.style],
            faults="\n".join(f"- {each}" for each in order.faults),
        )
        return [{"role": "user", "content": text}]

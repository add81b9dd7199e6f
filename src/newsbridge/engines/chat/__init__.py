"""Chat models as translators: answers are checked, asked for again with the finding, or left to another engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsbridge.engines import Hypothesis, Request, Translator
from newsbridge.engines.chat.answers import TRANSLATIONS, bare, faults, translations
from newsbridge.engines.chat.client import Client, Spent, connect
from newsbridge.engines.chat.forms import Form, form_of, language_name
from newsbridge.errors import EngineError, NewsbridgeError
from newsbridge.prompts import Prompts

TRIES = 3  # the first, and two with the finding in the prompt
SEGMENTS = 12  # in one prompt
LENGTH = 2400  # code points of source in one prompt
NEXT = "embedded"  # the engine that translates what no answer would do for


@dataclass(frozen=True, slots=True)
class _Asked:
    """A segment a chat model is asked for, and what was wrong with its last answer."""

    number: int
    request: Request
    answer: str = ""
    fault: str = ""


class Chat:
    """A chat model as an engine.

    ``fallbacks`` counts the segments another engine had to translate, ``reasons`` says why, by what was wrong.
    """

    def __init__(
        self, name: str, client: Client, prompts: Prompts, form: Form, *, concurrency: int, fallback: str = NEXT
    ) -> None:
        self.name = f"chat:{name}"
        self.model = f"{name}, through {client.where}"
        self.revision = client.revision
        self.license = client.license
        self.client = client
        self.prompts = prompts
        self.form = form
        self.concurrency = concurrency
        self.fallback = fallback
        self.fallbacks = 0
        self.reasons: dict[str, int] = {}
        used = ("translate", "repair") if form.structured else (form.prompt,)
        self.settings: dict[str, Any] = {"prompts": dict(prompts.versions(*used)), "through": client.where}
        said = json.dumps({**self.settings, "form": form.name, "next": fallback}, sort_keys=True)
        self.settings_hash = hashlib.sha256(said.encode()).hexdigest()[:16]

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order, one hypothesis each; see :class:`newsbridge.engines.Translator`.

        An answer that lost or invented a quotation or a figure, left something out or said something else is asked
        for again, with what is wrong with it in the prompt, at most twice; then the next engine translates the
        segment, and the hypothesis says so.

        Raises:
            EngineError: if neither the model nor the next engine can translate.
        """
        waiting = [_Asked(i, each) for i, each in enumerate(requests) if each.text.strip()]
        answers: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(requests)
        failure: NewsbridgeError | None = None
        for attempt in range(TRIES):
            if not waiting:
                break
            batches = _batches(waiting) if self.form.structured else [[each] for each in waiting]
            with ThreadPoolExecutor(max_workers=max(1, min(self.concurrency, len(batches)))) as pool:
                results = list(pool.map(lambda batch: self._ask(batch, again=attempt > 0), batches))  # noqa: B023
            waiting = []
            for answered, refused, error in results:
                failure = error or failure
                for number, text in answered.items():
                    answers[number] = (Hypothesis(text, 0.0),)
                waiting += refused
            waiting.sort(key=lambda each: each.number)
            if failure is not None:  # the server was given its own retries already
                break
        if waiting:
            reached = len(waiting) < sum(bool(each.text.strip()) for each in requests)
            if failure is not None and not reached and not isinstance(failure, Spent):
                raise failure  # a server that is not there at all is an error, not a reason for another engine
            self._give_up(waiting, answers, failure)
        return answers

    def _ask(self, batch: list[_Asked], *, again: bool) -> tuple[dict[int, str], list[_Asked], NewsbridgeError | None]:
        """Ask for some segments; return the answers that will do, what is left to ask for, and a failure."""
        try:
            if self.form.structured:
                said = translations(self.client.complete(self._prompt(batch, again), TRANSLATIONS))
            else:
                (one,) = batch
                said = {str(one.number): bare(self.client.complete(self.form.messages(self.prompts, one.request)))}
        except EngineError as error:
            return {}, [replace(each, fault=error.message) for each in batch], error
        good: dict[int, str] = {}
        bad: list[_Asked] = []
        for each in batch:
            answer = said.get(str(each.number))
            fault = "there was no answer for it" if answer is None else next(faults(each.request.text, answer), "")
            if answer is not None and not fault:
                good[each.number] = " ".join(answer.split())
            else:
                bad.append(replace(each, answer=answer or "", fault=fault))
        return good, bad, None

    def _prompt(self, batch: list[_Asked], again: bool) -> list[dict[str, Any]]:
        request = batch[0].request
        segments = [
            {
                "id": str(each.number),
                "text": each.request.text,
                **({"your answer": each.answer[:1000], "wrong": each.fault} if again else {}),
            }
            for each in batch
        ]
        text = self.prompts.fill(
            "repair" if again else "translate",
            source=language_name(request.source),
            target=language_name(request.target),
            segments=json.dumps(segments, ensure_ascii=False, indent=1),
        )
        return [{"role": "user", "content": text}]

    def _give_up(
        self, waiting: list[_Asked], answers: list[tuple[Hypothesis, ...]], failure: NewsbridgeError | None
    ) -> None:
        from newsbridge.engines import registry

        for each in waiting:
            self.reasons[each.fault] = self.reasons.get(each.fault, 0) + 1
        self.fallbacks += len(waiting)
        hint = failure.hint if failure else "try another model, or another engine: --model"
        try:
            engine: Translator = registry.translator(self.fallback, beam=4, n_best=waiting[0].request.n_best)
            found = engine.translate([each.request for each in waiting])
        except EngineError as error:
            said = failure.message if failure else f"{self.name} gave no usable answer ({waiting[0].fault})"
            raise EngineError(f"{said}; {error.message}", hint) from None
        for each, hypotheses in zip(waiting, found, strict=True):
            answers[each.number] = tuple(replace(one, engine=self.fallback) for one in hypotheses)


def _batches(waiting: Sequence[_Asked]) -> list[list[_Asked]]:
    """Group segments of the same languages, in order, as many as one prompt takes."""
    groups: list[list[_Asked]] = []
    size = 0
    for each in waiting:
        length = len(each.request.text)
        fits = groups and len(groups[-1]) < SEGMENTS and size + length <= LENGTH
        same = groups and _pair(groups[-1][0]) == _pair(each)
        if fits and same:
            groups[-1].append(each)
            size += length
        else:
            groups.append([each])
            size = length
    return groups


def _pair(asked: _Asked) -> tuple[str, str]:
    return asked.request.source, asked.request.target


def build(
    *,
    model: str,
    base_url: str | None = None,
    prompts: str | Path | None = None,
    device: str = "auto",
    dtype: str = "auto",
    threads: int = 0,
    concurrency: int = 8,
    answer_timeout: float = 120.0,
    token_budget: int = 0,
) -> Chat:
    """Build the engine.

    Args:
        model: The model's name on the server, or without one a folder, or a name in huggingface_hub's cache.
        base_url: Of an OpenAI-compatible server, with ``/v1``; without one the model runs in this process.
        prompts: A folder with templates that count before ours.
        device: In process: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        dtype: In process: ``auto``, ``float32``, ``bfloat16`` or ``float16``.
        threads: In process, on the CPU; 0 takes every core.
        concurrency: Requests to the server at a time.
        answer_timeout: Seconds to wait for an answer.
        token_budget: Tokens, asked and answered together, after which the next engine translates; 0 is no limit.

    Raises:
        MissingPackage: without openai, or in process without torch.
        EngineError: if the model would not load.
        PromptError: if a template is missing or not valid.
    """
    templates = Prompts(Path(prompts) if prompts else None)
    loaded = connect(
        model,
        base_url=base_url,
        device=device,
        dtype=dtype,
        threads=threads,
        timeout=answer_timeout,
        budget=token_budget,
    )
    return Chat(model, loaded, templates, form_of(model), concurrency=concurrency if base_url else 1)

"""Where a chat model runs: behind an OpenAI-compatible server, or in this process through transformers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from urllib.parse import urlsplit

from newsbridge.errors import EngineError, MissingPackage

RETRIES = 3  # after 408, 409, 429, 5xx and broken connections, with growing pauses
MOST = 4096  # tokens of an answer
Messages = Sequence[Mapping[str, Any]]


class Spent(EngineError):
    """The token budget is used up."""


class Client(Protocol):
    """What both can do."""

    where: str
    revision: str
    license: str

    def complete(self, messages: Messages, schema: Mapping[str, Any] | None = None) -> str:
        """Return a model's answer; with a schema, as JSON that keeps to it where that can be asked for.

        Raises:
            EngineError: if there is no answer; ``Spent`` if the budget is used up.
        """
        ...


class Budget:
    """How many tokens may still be used; safe between threads."""

    def __init__(self, tokens: int) -> None:
        self.limit = tokens
        self.used = 0
        self._lock = Lock()

    def check(self) -> None:
        """Raise if nothing is left."""
        if self.limit and self.used >= self.limit:
            raise Spent(
                f"the budget of {self.limit} tokens is used up ({self.used} used)", "give more with --token-budget"
            )

    def add(self, tokens: int) -> None:
        """Count what an answer used."""
        with self._lock:
            self.used += tokens


class Server:
    """An OpenAI-compatible server: vLLM, llama.cpp, ``transformers serve``, or a service."""

    license = ""

    def __init__(self, model: str, base_url: str, *, timeout: float, budget: int) -> None:
        try:
            import openai
        except ImportError:
            raise MissingPackage(
                "a chat server needs openai, which is not installed", "pip install 'newsbridge[chat]'"
            ) from None
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise EngineError(f"{base_url!r} is no address of a server", "write --base-url http://HOST:PORT/v1")
        self.model = model
        self.where = parts.hostname or base_url
        self.revision = f"{model} at {parts.hostname}"
        self.budget = Budget(budget)
        self._openai = openai
        self._structured = True
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=os.environ.get("NEWSBRIDGE_API_KEY") or os.environ.get("OPENAI_API_KEY") or "none",
            timeout=timeout,
            max_retries=RETRIES,
        )

    def complete(self, messages: Messages, schema: Mapping[str, Any] | None = None) -> str:
        """Ask the server; see :class:`Client`. A server that knows no schemas is asked without, from then on."""
        self.budget.check()
        structured = schema is not None and self._structured
        try:
            return self._ask(messages, schema if structured else None)
        except (self._openai.BadRequestError, self._openai.UnprocessableEntityError) as error:
            if not structured:
                raise self._failure(error) from None
            self._structured = False
        except self._openai.OpenAIError as error:
            raise self._failure(error) from None
        try:
            return self._ask(messages, None)
        except self._openai.OpenAIError as error:
            raise self._failure(error) from None

    def _ask(self, messages: Messages, schema: Mapping[str, Any] | None) -> str:
        more: dict[str, Any] = {}
        if schema is not None:
            form = {"name": "answer", "schema": dict(schema), "strict": True}
            more["response_format"] = {"type": "json_schema", "json_schema": form}
        found = self._client.chat.completions.create(
            model=self.model,
            messages=list(messages),  # type: ignore[arg-type]
            temperature=0,
            max_tokens=MOST,
            **more,
        )
        usage = getattr(found, "usage", None)
        self.budget.add(int(getattr(usage, "total_tokens", 0) or 0))
        choices = getattr(found, "choices", None) or []
        return str((choices[0].message.content if choices else None) or "")

    def _failure(self, error: Exception) -> EngineError:
        status = getattr(error, "status_code", None)
        said = " ".join(str(getattr(error, "message", error)).split())[:200]
        if status in (401, 403):
            return EngineError(f"{self.where} refused: {status}", "set OPENAI_API_KEY to a key it knows")
        if status == 404:
            return EngineError(f"{self.where} has no model {self.model!r}: {said}", "check the name, and --base-url")
        if status is not None:
            return EngineError(f"{self.where} answered {status}: {said}", "try again later, or another --model")
        return EngineError(
            f"{self.where} did not answer: {said}", "is it running? check --base-url, or give --answer-timeout"
        )


class Local:
    """A chat model in this process; it is loaded from this machine only, and only safetensors."""

    where = "transformers"
    license = ""

    def __init__(self, model: str, *, device: str, dtype: str, threads: int, budget: int) -> None:
        from newsbridge.engines.native import import_torch, quiet, torch_device

        torch = import_torch()
        from transformers import AutoModelForCausalLM, AutoTokenizer

        if threads:
            torch.set_num_threads(threads)
        self.budget = Budget(budget)
        self.device = torch_device(device)
        name = dtype if dtype != "auto" else "float32" if self.device == "cpu" else "bfloat16"
        try:
            with quiet():
                self._tokenizer = AutoTokenizer.from_pretrained(model, local_files_only=True)
                self._model = AutoModelForCausalLM.from_pretrained(
                    model, local_files_only=True, use_safetensors=True, dtype=getattr(torch, name)
                )
            self._model = self._model.eval().to(self.device)
        except (OSError, ValueError, RuntimeError, ImportError, AttributeError) as error:
            said = next(iter(str(error).splitlines()), repr(error))[:200]
            hint = f"download it first (hf download {model}), or name a server with --base-url"
            raise EngineError(f"the chat model {model} would not load: {said}", hint) from None
        if not self._tokenizer.chat_template:
            raise EngineError(f"{model} has no chat template; it is no chat model", "take an instruction-tuned one")
        self.revision = str(getattr(self._model.config, "_commit_hash", None) or Path(model).name)

    def complete(self, messages: Messages, schema: Mapping[str, Any] | None = None) -> str:
        """Ask the model; see :class:`Client`. It is not held to the schema; its answer is checked all the same."""
        import torch

        self.budget.check()
        inputs = self._tokenizer.apply_chat_template(
            list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self.device)
        given = inputs["input_ids"].shape[1]
        places = getattr(self._model.config, "max_position_embeddings", None) or 8192
        room = min(MOST, int(places) - given, 3 * given + 64)
        if room < 8:
            raise EngineError(f"the prompt has {given} tokens, the model places for {places}", "take a larger model")
        with torch.inference_mode():
            found = self._model.generate(**inputs, max_new_tokens=room, do_sample=False)
        answer = found[0, given:]
        self.budget.add(int(found.shape[1]))
        return str(self._tokenizer.decode(answer, skip_special_tokens=True))


def connect(
    model: str,
    *,
    base_url: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    threads: int = 0,
    timeout: float = 120.0,
    budget: int = 0,
) -> Client:
    """Build the client of a chat model: of a server if there is an address, in this process if not.

    Raises:
        MissingPackage: without openai or torch.
        EngineError: if the address is none, or the model would not load.
    """
    if base_url:
        return Server(model, base_url, timeout=timeout, budget=budget)
    return Local(model, device=device, dtype=dtype, threads=threads, budget=budget)

"""The prompt a model was trained on: those made for translation have a form of their own, all others are instructed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from newsbridge import languages
from newsbridge.engines import Request
from newsbridge.engines.families import families, shorter
from newsbridge.errors import NewsbridgeError
from newsbridge.prompts import Prompts


@dataclass(frozen=True, slots=True)
class Form:
    """How a model wants to be asked.

    ``structured`` models take many segments and answer in JSON; the others take one, and answer with its
    translation.  ``codes`` says that the chat template takes language codes beside the text.
    """

    name: str
    prompt: str
    structured: bool = False
    codes: bool = False

    def messages(self, prompts: Prompts, request: Request) -> list[dict[str, Any]]:
        """Return the conversation that asks for one segment."""
        source, target = language_name(request.source), language_name(request.target)
        text = prompts.fill(self.prompt, source=source, target=target, text=request.text)
        if self.codes:
            part = {
                "type": "text",
                "source_lang_code": request.source,
                "target_lang_code": request.target,
                "text": text,
            }
            return [{"role": "user", "content": [part]}]
        return [{"role": "user", "content": text}]


PLAIN = Form("plain", "translate", structured=True)
FORMS = (
    (re.compile(r"hy-?mt|hunyuan-?mt", re.IGNORECASE), Form("hy-mt", "form-hy-mt")),
    (re.compile(r"translate-?gemma", re.IGNORECASE), Form("translategemma", "form-translategemma", codes=True)),
    (re.compile(r"eurollm", re.IGNORECASE), Form("eurollm", "form-eurollm")),
    (re.compile(r"tower", re.IGNORECASE), Form("tower", "form-tower")),
)


def form_of(model: str) -> Form:
    """Return the form of a model, by its name.

    Example:
        >>> form_of("tencent/Hy-MT2-7B").name, form_of("Qwen/Qwen3-8B").name
        ('hy-mt', 'plain')
    """
    return next((form for pattern, form in FORMS if pattern.search(model)), PLAIN)


def language_name(tag: str) -> str:
    """Return the English name of a language, the tag itself where nobody here knows one."""
    try:
        return languages.load(tag).name
    except NewsbridgeError:
        return families()["t5"].codes.get(shorter(tag)[-1], tag)

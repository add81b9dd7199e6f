"""What a chat model answered: found in whatever stands round it, and held against what was asked."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from newsbridge.engines.normal import normalise
from newsbridge.errors import EngineError

FIGURE = re.compile(r"\d+(?:[.,'’:]\d+)*")
WORD = re.compile(r"[^\W\d_]+")
THINKING = re.compile(r"<think>.*?</think>", re.DOTALL)
SHORT, LONG = 0.3, 3.0  # characters of the answer per character of the source, from LEAST on
LEAST = 25
TIMES = 4  # a phrase said so often in a row is a loop


def _schema(list_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {list_name: {"type": "array", "items": item}},
        "required": [list_name],
        "additionalProperties": False,
    }


TRANSLATIONS = _schema("translations", {"id": {"type": "string"}, "text": {"type": "string"}})
SENTENCES = _schema(
    "sentences", {"text": {"type": "string"}, "segments": {"type": "array", "items": {"type": "string"}}}
)


def objects(text: str, name: str) -> list[Mapping[str, Any]]:
    """Return the objects of the list ``name`` in the first JSON object of an answer that has one.

    Chatter, fences of code and a model's thinking round it are left out.

    Raises:
        EngineError: if there is none.
    """
    text = THINKING.sub("", text)
    decoder = json.JSONDecoder()
    for start in (found.start() for found in re.finditer(r"[{\[]", text)):
        try:
            value, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        items = value.get(name) if isinstance(value, dict) else value
        if isinstance(items, list) and all(isinstance(each, dict) for each in items):
            return items
    raise EngineError(f"the answer holds no JSON list {name!r}", "try another model, or one that can keep to a schema")


def translations(text: str) -> dict[str, str]:
    """Return the translations of an answer by id; nothing where it holds no JSON of ours."""
    try:
        items = objects(text, "translations")
    except EngineError:
        return {}
    return {str(each["id"]): each["text"] for each in items if "id" in each and isinstance(each.get("text"), str)}


def bare(text: str) -> str:
    """Return an answer that is only a translation, without thinking, and without marks round all of it."""
    return THINKING.sub("", text).strip()


def faults(source: str, answer: str) -> Iterator[str]:
    """Yield what is wrong with the translation of a segment, in words a model understands; nothing if it will do.

    Looked at are: quotation marks, figures, length, repetition, and whether it is still the source.
    """
    answer = " ".join(answer.split())
    if not WORD.search(answer) and WORD.search(source):
        yield "it is empty"
        return
    wanted, given = normalise(source).count('"'), normalise(answer).count('"')
    if given > wanted:
        yield f"it has {given} double quotation marks, the original {wanted}: a quotation was made up"
    elif given < wanted:
        yield f"it has {given} double quotation marks, the original {wanted}: a quotation was lost"
    new = figures(answer) - figures(source)
    if new:
        yield f"it has the figure {', '.join(sorted(new))}, which the original does not have"
    if len(source) >= LEAST and not SHORT <= len(answer) / len(source) <= LONG:
        yield "it is much shorter than the original" if len(answer) < len(source) else "it says more than the original"
    if _loops(answer) and not _loops(source):
        yield "it repeats itself"
    if len(source) >= LEAST and normalise(answer).casefold() == normalise(source).casefold():
        yield "it is not translated"


def figures(text: str) -> Counter[str]:
    """Count the figures of a text by their digits; 1'500 and 1,500 are the same."""
    return Counter(re.sub(r"\D", "", found) for found in FIGURE.findall(text))


def _loops(text: str) -> bool:
    words = text.casefold().split()
    for size in range(1, 5):
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= size * (TIMES - 1):
                return True
    return False

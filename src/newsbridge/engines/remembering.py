"""An engine with a memory in front: nothing is decoded twice, and what a person approved is not decoded at all."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

from newsbridge.engines import Hypothesis, Request, Translator
from newsbridge.engines.attention import Attention
from newsbridge.memory import Memory

_APPROVED = 0.0  # the score of what a person wrote
_LEVEL = 1  # of compression: answers are many and short


class Remembering:
    """The engine itself, for requests that are equal or known only once.

    What the memory gives back is what went into it, also in the run that put it there: a run with a warm memory gives
    the same bytes as one with a cold memory.

    Args:
        engine: Asked for what is not known, each request once.
        memory: None only joins equal requests.
        hit: Told how many requests were answered without the engine; ``hit(n, from_memory)``.
    """

    def __init__(
        self, engine: Translator, memory: Memory | None, hit: Callable[[int, bool], None] = lambda count, known: None
    ) -> None:
        self.engine = engine
        self.memory = memory
        self._hit = hit
        self.name = engine.name
        self.revision = engine.revision
        self.settings_hash = engine.settings_hash

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`."""
        answers: list[tuple[Hypothesis, ...] | None] = self._approved(requests)
        bare = [replace(request, shown="") for request in requests]
        asked = [bare[i] for i, answer in enumerate(answers) if answer is None]
        distinct = list(dict.fromkeys(asked))
        known = self._known(distinct)
        if approved := len(requests) - len(asked):
            self._hit(approved, True)
        self._hit(sum(request in known for request in asked), True)
        missing = [request for request in distinct if request not in known]
        if missing:
            self._hit(len(asked) - sum(request in known for request in asked) - len(missing), False)
            known |= self._decoded(missing)
        return [answer or known[request] for answer, request in zip(answers, bare, strict=True)]

    def _approved(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...] | None]:
        """Answer what a person approved, alone: nothing is chosen where somebody has chosen."""
        answers: list[tuple[Hypothesis, ...] | None] = [None] * len(requests)
        if self.memory is None:
            return answers
        pairs: dict[tuple[str, str], list[int]] = {}
        for index, request in enumerate(requests):
            pairs.setdefault((request.source, request.target), []).append(index)
        for (source, target), indices in pairs.items():
            texts = {i: requests[i].shown or requests[i].text for i in indices}
            found = self.memory.approved(list(texts.values()), source, target)
            for i, text in texts.items():
                if text in found:
                    answers[i] = (Hypothesis(found[text], _APPROVED, approved=True),)
        return answers

    def _known(self, requests: Sequence[Request]) -> dict[Request, tuple[Hypothesis, ...]]:
        if self.memory is None:
            return {}
        keys = {self._key(request): request for request in requests}
        known = {}
        for key, value in self.memory.recall(list(keys)).items():
            hypotheses = unpacked(value)
            if hypotheses is not None:
                known[keys[key]] = hypotheses
        return known

    def _decoded(self, requests: Sequence[Request]) -> dict[Request, tuple[Hypothesis, ...]]:
        answers = self.engine.translate(requests)
        if self.memory is None:
            return dict(zip(requests, answers, strict=True))
        values = [packed(each) for each in answers]
        kept = (not any(one.engine for one in each) for each in answers)  # not what another engine stepped in for
        pairs = zip(requests, values, kept, strict=True)
        self.memory.keep({self._key(request): value for request, value, own in pairs if own})
        return dict(zip(requests, answers, strict=True))

    def _key(self, request: Request) -> bytes:
        """Hash everything an answer depends on."""
        said = [getattr(request, field.name) for field in fields(request) if field.name != "shown"]
        engine = [self.name, self.revision, self.settings_hash]
        return sha256(json.dumps([engine, said], ensure_ascii=False, default=repr).encode("utf-8", "replace")).digest()


def packed(hypotheses: Sequence[Hypothesis]) -> bytes:
    """Write hypotheses as bytes: JSON, attention behind it, all compressed with a checksum."""
    rows: list[dict[str, Any]] = []
    matrices: list[bytes] = []
    for each in hypotheses:
        row = {field.name: getattr(each, field.name) for field in fields(each) if field.name != "attention"}
        if each.attention is not None:
            row["weights"] = each.attention.shape
            matrices.append(each.attention.data)
        rows.append(row)
    head = json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return zlib.compress(len(head).to_bytes(4, "big") + head + b"".join(matrices), _LEVEL)


def unpacked(data: bytes) -> tuple[Hypothesis, ...] | None:
    """Read what :func:`packed` wrote; None where it is damaged or of another version."""
    try:
        data = zlib.decompress(data)
        end = 4 + int.from_bytes(data[:4], "big")
        hypotheses = []
        for row in json.loads(data[4:end].decode("utf-8", "surrogatepass")):
            shape = row.pop("weights", None)
            values: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
            }
            if shape is not None:
                values["attention"] = Attention((shape[0], shape[1]), data[end : end + shape[0] * shape[1]])
                end += shape[0] * shape[1]
            hypotheses.append(Hypothesis(**values))
        return tuple(hypotheses)
    except (zlib.error, ValueError, TypeError, KeyError):
        return None

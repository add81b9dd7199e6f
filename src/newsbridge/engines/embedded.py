"""The model that ships inside the package, run by CTranslate2 in eight bits: no network, no torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import groupby

from newsbridge import store
from newsbridge.engines import Hypothesis, Request
from newsbridge.engines.normal import VERSION, normalise
from newsbridge.errors import EngineError

END = "</s>"
LONGEST = 500  # source pieces; the model has 512 positions


class Embedded:
    """The embedded engine; ``settings_hash`` covers everything that can change a hypothesis."""

    name = "embedded"

    def __init__(self, model: store.Model, *, beam: int, device: str, threads: int, batch_tokens: int) -> None:
        import ctranslate2
        import sentencepiece

        self.model = f"{model.title}, version {model.version}"
        self.revision = model.revision
        self.license = model.license
        self.languages = model.languages
        self.beam = beam
        self.batch_tokens = batch_tokens
        self.settings = {"beam": beam, "quantization": "int8"}
        said = json.dumps({**self.settings, "normalisation": VERSION}, sort_keys=True)
        self.settings_hash = hashlib.sha256(said.encode()).hexdigest()[:16]
        name, _, index = device.partition(":")
        if name == "auto":
            name = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        if name not in ("cpu", "cuda"):
            raise EngineError(f"no device {device!r}", "--device takes auto, cpu, cuda or cuda:N")
        try:
            self._source = sentencepiece.SentencePieceProcessor(model_file=str(model.path / "source.spm"))
            self._target = sentencepiece.SentencePieceProcessor(model_file=str(model.path / "target.spm"))
            self._decoder = ctranslate2.Translator(
                str(model.path / store.WEIGHTS),
                device=name,
                device_index=int(index or 0),
                compute_type="int8" if name == "cpu" else "int8_float16",
                intra_threads=threads,
            )
        except (RuntimeError, OSError, ValueError) as error:
            hint = "try --device cpu" if name == "cuda" else store.REINSTALL
            raise EngineError(f"the embedded model would not load on {device}: {error}", hint) from None

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`.

        A request longer than 500 pieces is cut there; its hypotheses have exactly 500 source tokens.

        Raises:
            EngineError: for another pair of languages, or if decoding fails.
        """
        for request in requests:
            if (request.source.split("-")[0], request.target.split("-")[0]) != self.languages:
                raise EngineError(
                    f"the embedded model does not translate {request.source} into {request.target}",
                    f"it translates {' into '.join(self.languages)}",
                )
        pieces = [self._source.encode(normalise(request.text), out_type=str)[:LONGEST] for request in requests]
        answers: list[tuple[Hypothesis, ...]] = [(Hypothesis("", 0.0),)] * len(requests)
        order = sorted(
            (i for i, tokens in enumerate(pieces) if tokens), key=lambda i: (requests[i].n_best, -len(pieces[i]), i)
        )
        for n_best, group in groupby(order, key=lambda i: requests[i].n_best):
            members = list(group)
            for i, hypotheses in zip(members, self._decode([pieces[i] for i in members], n_best), strict=True):
                answers[i] = hypotheses
        return answers

    def _decode(self, sources: list[list[str]], n_best: int) -> list[tuple[Hypothesis, ...]]:
        longest = max(map(len, sources))
        try:
            results = self._decoder.translate_batch(
                [[*tokens, END] for tokens in sources],
                beam_size=max(self.beam, n_best),
                num_hypotheses=n_best,
                return_scores=True,
                max_batch_size=self.batch_tokens,
                batch_type="tokens",
                max_decoding_length=min(LONGEST, 2 * longest + 20),
                disable_unk=True,
            )
        except RuntimeError as error:
            raise EngineError(f"the embedded model failed: {error}", "try a smaller --batch-tokens") from None
        return [
            tuple(
                Hypothesis(_text(self._target.decode(target)), float(score), tuple(source), tuple(target))
                for target, score in zip(result.hypotheses, result.scores, strict=True)
            )
            for source, result in zip(sources, results, strict=True)
        ]


def _text(decoded: str) -> str:
    """Drop what is left of a character the model spelled in bytes and did not finish."""
    return " ".join(decoded.replace("\ufffd", "").split()) if "\ufffd" in decoded else decoded


def build(
    *, beam: int = 4, n_best: int = 4, device: str = "auto", threads: int = 0, batch_tokens: int = 2048
) -> Embedded:
    """Build the engine.

    Args:
        beam: Beam size; a request for more hypotheses widens it.
        n_best: How many hypotheses requests will ask for.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        threads: On the CPU; 0 takes every core.
        batch_tokens: Source tokens decoded together, padding included.

    Raises:
        EngineError: if the model is damaged or the device is not there.
    """
    return Embedded(
        store.find("embedded"), beam=max(beam, n_best), device=device, threads=threads, batch_tokens=batch_tokens
    )

"""The model that ships inside the package, run by CTranslate2 in eight bits: no network, no torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from newsbridge import store
from newsbridge.engines import Hypothesis, Request, cores
from newsbridge.engines.attention import STEPS, Attention
from newsbridge.engines.division import divide, join
from newsbridge.engines.normal import VERSION, normalise
from newsbridge.engines.runners import Search, search_of
from newsbridge.errors import EngineError

END = "</s>"
GENERATION = "generation_config.json"  # beside the weights; what it says of the search holds here too
LONGEST = 500  # source pieces; the model has 512 positions
STOP = "."  # stands behind a given target, so that the decoder reads its last piece too
TOGETHER = 64  # pairs of similar length that are aligned in one call


class Embedded:
    """The embedded engine; ``settings_hash`` covers everything that can change a hypothesis."""

    name = "embedded"
    at_once = 2  # calls of translate that are of use; see newsbridge.engines.progress

    def __init__(self, model: store.Model, *, beam: int, device: str, threads: int, batch_tokens: int) -> None:
        import ctranslate2
        import sentencepiece

        self.model = f"{model.title}, version {model.version}"
        self.revision = model.revision
        self.license = model.license
        self.languages = model.languages
        self.beam = beam
        self.batch_tokens = batch_tokens
        said = search_of(json.loads((model.path / GENERATION).read_text(encoding="utf-8")))
        self._search = Search(**said)
        self.settings = {"beam": beam, "quantization": "int8", **said}
        settings = json.dumps({**self.settings, "normalisation": VERSION, "attention": STEPS}, sort_keys=True)
        self.settings_hash = hashlib.sha256(settings.encode()).hexdigest()[:16]
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
                **cores.shared(threads, name),
            )
        except (RuntimeError, OSError, ValueError) as error:
            hint = "try --device cpu" if name == "cuda" else store.REINSTALL
            raise EngineError(f"the embedded model would not load on {device}: {error}", hint) from None

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`.

        A request longer than 500 pieces is divided where a reader would pause, and its hypotheses are joined.

        Raises:
            EngineError: for another pair of languages, or if decoding fails.
        """
        for request in requests:
            if (request.source.split("-")[0], request.target.split("-")[0]) != self.languages:
                raise EngineError(
                    f"the embedded model does not translate {request.source} into {request.target}",
                    f"it translates {' into '.join(self.languages)}",
                )
        parts = [
            (number, pieces)
            for number, request in enumerate(requests)
            for text in divide(normalise(request.text), lambda part: len(self._pieces(part)) <= LONGEST)
            if (pieces := self._pieces(text))
        ]
        decoded: dict[int, list[tuple[Hypothesis, ...]]] = {}
        order = sorted(range(len(parts)), key=lambda i: (requests[parts[i][0]].n_best, -len(parts[i][1]), i))
        found: dict[int, tuple[Hypothesis, ...]] = {}
        for n_best, group in groupby(order, key=lambda i: requests[parts[i][0]].n_best):
            members = list(group)
            found.update(zip(members, self._decode([parts[i][1] for i in members], n_best), strict=True))
        for i, (number, _) in enumerate(parts):
            decoded.setdefault(number, []).append(found[i])
        return [join(decoded[i]) if i in decoded else (Hypothesis("", 0.0),) for i in range(len(requests))]

    def _pieces(self, text: str) -> list[str]:
        pieces: list[str] = self._source.encode(text, out_type=str)
        return pieces

    def _decode(self, sources: list[list[str]], n_best: int) -> list[tuple[Hypothesis, ...]]:
        longest = max(map(len, sources))
        try:
            results = self._decoder.translate_batch(
                [[*tokens, END] for tokens in sources],
                beam_size=max(self.beam, n_best),
                length_penalty=self._search.length_penalty,
                repetition_penalty=self._search.repetition_penalty,
                no_repeat_ngram_size=self._search.no_repeat_ngram,
                num_hypotheses=n_best,
                return_scores=True,
                max_batch_size=self._batch_size(sources),
                batch_type="tokens",
                max_decoding_length=min(LONGEST, 2 * longest + 20),
                disable_unk=True,
                return_end_token=True,
                return_attention=True,
            )
        except RuntimeError as error:
            raise EngineError(f"the embedded model failed: {error}", "try a smaller --batch-tokens") from None
        return [
            tuple(
                self._hypothesis(tokens, target, float(score), attention)
                for target, score, attention in zip(result.hypotheses, result.scores, result.attention, strict=True)
            )
            for tokens, result in zip(map(tuple, sources), results, strict=True)
        ]

    def _batch_size(self, sources: list[list[str]]) -> int:
        decoder = self._decoder
        return cores.batch_size(sum(map(len, sources)), decoder.num_translators, self.batch_tokens, decoder.device)

    def _hypothesis(
        self, source: tuple[str, ...], target: list[str], score: float, attention: list[list[float]]
    ) -> Hypothesis:
        ended = target[-1:] == [END]
        said = target[: len(target) - ended]
        read = _rows(attention, len(said), len(source)) if ended and said else None
        return Hypothesis(_text(self._target.decode(said)), score, source, tuple(said), read, complete=ended)

    def align(self, pairs: Sequence[tuple[str, str]]) -> list[Hypothesis]:
        """Say which pieces of given translations face which pieces of their sources, by teacher forcing.

        Args:
            pairs: Source and target texts; whose translations they are does not matter.

        Returns:
            One hypothesis per pair, in order, whose ``text`` is the target and whose ``attention`` has shape
            (target tokens, source tokens); what a row lacks to a sum of 1 fell on the end of the sentence.  A pair
            with an empty side, or with one of more than 500 pieces, has none.

        Raises:
            EngineError: if the model fails.
        """
        encoded = [(_by_word(self._source, source), _by_word(self._target, target)) for source, target in pairs]
        answers = [
            Hypothesis(target, 0.0, tuple(s), tuple(t)) for (_, target), (s, t) in zip(pairs, encoded, strict=True)
        ]
        order = sorted(
            (i for i, (s, t) in enumerate(encoded) if s and t and max(len(s), len(t)) < LONGEST),
            key=lambda i: len(encoded[i][1]),
        )
        groups = [order[start : start + TOGETHER] for start in range(0, len(order), TOGETHER)]
        try:
            started = [self._read([encoded[i] for i in members]) for members in groups]
            for members, results in zip(groups, started, strict=True):
                for i, result in zip(members, results, strict=True):
                    source, target = encoded[i]
                    weights = _rows(result.result().attention[0], len(target), len(source))
                    answers[i] = replace(answers[i], attention=weights)
        except RuntimeError as error:
            raise EngineError(f"the embedded model failed: {error}", "try a smaller --batch-tokens") from None
        return answers

    def _read(self, pairs: Sequence[tuple[list[str], list[str]]]) -> list[Any]:
        """Have given targets read in the background, those of a call with a similar length; results can be waited for.

        Raises:
            RuntimeError: if the model fails.
        """
        results: list[Any] = self._decoder.translate_batch(
            [[*source, END] for source, _ in pairs],
            target_prefix=[[*target, STOP] for _, target in pairs],
            beam_size=1,
            max_decoding_length=len(pairs[-1][1]) + 1,
            return_attention=True,
            max_batch_size=self._batch_size([source for source, _ in pairs]),
            batch_type="tokens",
            asynchronous=True,
        )
        return results


def _rows(attention: list[list[float]], targets: int, sources: int) -> Attention:
    """Take the rows where the decoder reads a token, and the columns of the text itself.

    A row is taken where its token is read, not where it is predicted (Chen et al. 2020, "Accurate Word Alignment
    Induction from NMT").
    """
    import numpy

    return Attention.of(numpy.asarray(attention[1 : targets + 1], dtype=numpy.float32)[:, :sources])


def _by_word(encoder: Any, text: str) -> list[str]:
    """Encode word by word: a piece then belongs to one word."""
    return [piece for word in normalise(text).split() for piece in encoder.encode(word, out_type=str)]


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

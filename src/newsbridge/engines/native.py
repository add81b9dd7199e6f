"""The transformers runner: the same checkpoints natively, for devices CTranslate2 does not know (``[torch]``).

transformers 5 has no translation pipeline any more; this calls ``generate`` with the search spelled out, so that
nothing of a checkpoint's own generation config decides silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from newsbridge.engines.attention import Attention
from newsbridge.engines.families import Prepared
from newsbridge.engines.runners import UNSAID, Output, Search, buckets
from newsbridge.errors import EngineError, MissingPackage

DTYPES = ("auto", "float32", "bfloat16", "float16")
INSTALL = "pip install 'newsbridge[torch]'"


class Transformers:
    """Runs the checkpoint itself.

    Args:
        folder: With ``config.json`` and safetensors; pickled weights are never loaded here.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        threads: On the CPU; 0 takes every core.
        dtype: What to compute in; ``auto`` is float32 on the CPU and bfloat16 elsewhere.
        start: Whether the decoder has a start token of its own.

    Raises:
        MissingPackage: without torch.
        EngineError: if the folder is damaged, or the device or dtype is not there.
    """

    at_once = 1

    def __init__(
        self, folder: Path, *, device: str = "auto", threads: int = 0, dtype: str = "auto", start: bool = True
    ) -> None:
        torch = import_torch()
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, GenerationConfig

        self.device = torch_device(device)
        if dtype not in DTYPES:
            raise EngineError(f"no dtype {dtype!r}", f"with transformers, --dtype takes {', '.join(DTYPES)}")
        self.dtype = dtype if dtype != "auto" else "float32" if self.device == "cpu" else "bfloat16"
        if threads:
            torch.set_num_threads(threads)
        try:
            with quiet():
                self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
                self._model = AutoModelForSeq2SeqLM.from_pretrained(
                    folder, dtype=getattr(torch, self.dtype), local_files_only=True, use_safetensors=True
                )
            self._model = self._model.eval().to(self.device)
        except (RuntimeError, OSError, ValueError, ImportError) as error:
            raise EngineError(f"{folder} would not load on {device}: {error}", "try --device cpu") from None
        config = self._model.config
        said = [getattr(config, f"{each}_token_id", None) for each in ("decoder_start", "bos", "eos")]
        began = next(each for each in said if each is not None)
        self._model.generation_config = GenerationConfig(
            pad_token_id=config.pad_token_id if config.pad_token_id is not None else config.eos_token_id,
            eos_token_id=config.eos_token_id,
            decoder_start_token_id=began,
        )
        self._start = [began] if start else []
        unsaid = self._tokenizer.convert_tokens_to_ids(list(UNSAID))
        self._unsaid = sorted({i for i in unsaid if i is not None and i != config.eos_token_id})

    def decode(self, batch: Sequence[Prepared], search: Search, batch_tokens: int) -> list[tuple[Output, ...]]:
        """Decode in input order; see :class:`newsbridge.engines.runners.Runner`."""
        answers: list[tuple[Output, ...]] = [()] * len(batch)
        for most, members in buckets(batch):
            for part in portions([len(batch[i].source) for i in members], batch_tokens):
                chosen = [members[i] for i in part]
                for i, outputs in zip(chosen, self._generate([batch[i] for i in chosen], search, most), strict=True):
                    answers[i] = outputs
        return answers

    def _generate(self, batch: Sequence[Prepared], search: Search, most: int) -> Iterator[tuple[Output, ...]]:
        import torch

        ids = [self._ids(each.source) for each in batch]
        width = max(map(len, ids))
        pad = self._model.generation_config.pad_token_id
        source = torch.tensor([each + [pad] * (width - len(each)) for each in ids], device=self.device)
        mask = torch.tensor([[1] * len(each) + [0] * (width - len(each)) for each in ids], device=self.device)
        begun = torch.tensor([[*self._start, *self._ids(each.prefix)] for each in batch], device=self.device)
        given = begun.shape[1]
        try:
            with torch.inference_mode():
                found = self._model.generate(
                    input_ids=source,
                    attention_mask=mask,
                    decoder_input_ids=begun,
                    num_beams=max(search.beam, search.n_best),
                    num_return_sequences=search.n_best,
                    do_sample=False,
                    early_stopping=True,  # at as many finished as the beam has places, as CTranslate2 does
                    length_penalty=search.length_penalty,
                    repetition_penalty=search.repetition_penalty,
                    no_repeat_ngram_size=search.no_repeat_ngram,
                    min_new_tokens=max(1, search.shortest),
                    max_new_tokens=search.most(most, given - len(self._start)),
                    suppress_tokens=self._unsaid,
                    return_dict_in_generate=True,
                    output_scores=True,
                    output_attentions=search.attention,
                )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"decoding failed: {error}", "try a smaller --batch-tokens") from None
        scores = self._scores(found, given, search.length_penalty)
        for row in range(len(batch)):
            numbers = range(row * search.n_best, (row + 1) * search.n_best)
            yield tuple(self._output(found, n, given, scores[n], len(ids[row])) for n in numbers)

    def _ids(self, tokens: Sequence[str]) -> list[int]:
        ids: list[int] = self._tokenizer.convert_tokens_to_ids(list(tokens)) if tokens else []
        return ids

    def _scores(self, found: Any, given: int, length_penalty: float) -> list[float]:
        if getattr(found, "sequences_scores", None) is not None:
            return [float(each) for each in found.sequences_scores]
        steps = self._model.compute_transition_scores(found.sequences, found.scores, normalize_logits=True)
        eos = self._model.generation_config.eos_token_id
        scores = []
        for tokens, row in zip(found.sequences[:, given:].tolist(), steps.tolist(), strict=True):
            stop = tokens.index(eos) + 1 if eos in tokens else len(tokens)
            scores.append(sum(row[:stop]) / max(1, stop) ** length_penalty)
        return scores

    def _output(self, found: Any, number: int, given: int, score: float, columns: int) -> Output:
        tokens = found.sequences[number, given:].tolist()
        eos = self._model.generation_config.eos_token_id
        ended = eos in tokens
        tokens = tokens[: tokens.index(eos)] if ended else [each for each in tokens if each not in self._unsaid]
        attention = None
        if getattr(found, "cross_attentions", None):
            attention = _attention(found, number, len(tokens), columns)
        return Output(tuple(self._tokenizer.convert_ids_to_tokens(tokens)), score, ended, attention)


def _attention(found: Any, number: int, rows: int, columns: int) -> Attention:
    """Return the mean of the last layer's heads for one hypothesis; a beam is followed back step by step."""
    beams = getattr(found, "beam_indices", None)
    attention = []
    for step in range(rows):
        beam = int(beams[number, step]) if beams is not None else number
        heads = found.cross_attentions[step][-1][beam]  # (heads, given or 1, source_length)
        attention.append(heads[:, -1, :columns].float().mean(0).tolist())
    return Attention.of(attention)


def portions(lengths: Sequence[int], batch_tokens: int) -> Iterator[list[int]]:
    """Yield indexes that are decoded together: as many as fit, padding included, longest first."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        count = max(1, batch_tokens // max(1, lengths[order[0]]))
        yield order[:count]
        order = order[count:]


def import_torch() -> Any:
    """Return torch.

    Raises:
        MissingPackage: if it is not installed.
    """
    try:
        import torch
    except ImportError:
        raise MissingPackage("this needs torch, which is not installed", INSTALL) from None
    return torch


def torch_device(device: str) -> str:
    """Read ``--device`` for torch.

    Raises:
        EngineError: if it is none, or not there.
    """
    torch = import_torch()
    name, _, index = device.partition(":")
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return next((each for each in ("cuda", "mps") if there[each]), "cpu")
    if name not in there or (index and (name != "cuda" or not index.isdecimal())):
        raise EngineError(f"no device {device!r}", "--device takes auto, cpu, cuda, cuda:N or mps")
    if not there[name]:
        raise EngineError(f"there is no device {device!r} here", "try --device auto")
    return device


class quiet:  # noqa: N801  # used as a statement
    """Keep transformers' progress bars and advice off stderr while a model loads."""

    def __enter__(self) -> None:
        from transformers.utils import logging

        self._level, self._bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
        logging.set_verbosity_error()
        logging.disable_progress_bar()

    def __exit__(self, *_: object) -> None:
        from transformers.utils import logging

        logging.set_verbosity(self._level)
        if self._bars:
            logging.enable_progress_bar()

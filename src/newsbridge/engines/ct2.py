"""The CTranslate2 runner: the fast path on CPU and GPU, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbridge.engines import cores
from newsbridge.engines.attention import Attention
from newsbridge.engines.families import Prepared
from newsbridge.engines.runners import Output, Search, buckets
from newsbridge.errors import EngineError

DTYPES = ("auto", "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32")


class CTranslate2:
    """Runs a folder that ``newsbridge models pull`` converted.

    Args:
        folder: With ``model.bin``.
        device: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.
        threads: On the CPU; 0 takes every core.
        dtype: What to compute in; ``auto`` is what the folder holds, or the next the device can.
        pad: Whether the vocabulary has ``<pad>``, which is then never part of an answer.

    Raises:
        EngineError: if the folder is damaged, or the device or dtype is not there.
    """

    at_once = 2

    def __init__(
        self, folder: Path, *, device: str = "auto", threads: int = 0, dtype: str = "auto", pad: bool = True
    ) -> None:
        import ctranslate2

        name, index = device_of(device)
        if dtype not in DTYPES:
            raise EngineError(f"no dtype {dtype!r}", f"with CTranslate2, --dtype takes {', '.join(DTYPES)}")
        compute = {"auto": "auto" if name == "cuda" else "default"}.get(dtype, dtype)
        try:
            self._translator = ctranslate2.Translator(
                str(folder), device=name, device_index=index, compute_type=compute, **cores.shared(threads, name)
            )
        except (RuntimeError, OSError, ValueError) as error:
            hint = "try --device cpu, or --dtype auto" if name == "cuda" else "try --dtype auto, or pull it again"
            raise EngineError(f"{folder} would not load on {device}: {error}", hint) from None
        self._unsaid = [["<pad>"]] if pad else None
        self.device, self.dtype = name, str(self._translator.compute_type)

    def decode(self, batch: Sequence[Prepared], search: Search, batch_tokens: int) -> list[tuple[Output, ...]]:
        """Decode in input order; see :class:`newsbridge.engines.runners.Runner`."""
        answers: list[tuple[Output, ...]] = [()] * len(batch)
        tokens = sum(len(each.source) for each in batch)
        size = cores.batch_size(tokens, self._translator.num_translators, batch_tokens, self.device)
        try:
            started = [
                (members, self._start([batch[i] for i in members], search, size, most))
                for most, members in buckets(batch)
            ]
            for members, results in started:
                for i, result in zip(members, results, strict=True):
                    answers[i] = _outputs(result.result(), len(batch[i].prefix))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"decoding failed: {error}", "try a smaller --batch-tokens") from None
        return answers

    def _start(self, batch: Sequence[Prepared], search: Search, batch_tokens: int, most: int) -> Any:
        """Have a batch decoded in the background; its results can be waited for."""
        prefixes = [list(each.prefix) for each in batch]
        given = max(map(len, prefixes))
        return self._translator.translate_batch(
            [list(each.source) for each in batch],
            target_prefix=prefixes if any(prefixes) else None,
            beam_size=max(search.beam, search.n_best),
            num_hypotheses=search.n_best,
            length_penalty=search.length_penalty,
            repetition_penalty=search.repetition_penalty,
            no_repeat_ngram_size=search.no_repeat_ngram,
            min_decoding_length=max(1, search.shortest),
            max_decoding_length=search.most(most, given) + given,
            max_input_length=0,  # divided before, never cut here
            max_batch_size=batch_tokens,
            batch_type="tokens",
            use_vmap=search.shortlist,
            suppress_sequences=self._unsaid,
            disable_unk=True,
            return_scores=True,
            return_attention=search.attention,
            return_end_token=True,
            asynchronous=True,
        )


def _outputs(result: Any, given: int) -> tuple[Output, ...]:
    """Turn a result into outputs, without the tokens the decoder was given and without the end."""
    outputs = []
    for number, (tokens, score) in enumerate(zip(result.hypotheses, result.scores, strict=True)):
        ended = bool(tokens) and tokens[-1] == "</s>"
        stop = len(tokens) - ended
        attention = None
        if result.attention:
            attention = Attention.of(result.attention[number][given:stop])
        outputs.append(Output(tuple(tokens[given:stop]), float(score), ended, attention))
    return tuple(outputs)


def device_of(device: str) -> tuple[str, int]:
    """Read ``--device`` for CTranslate2: its name and its number.

    Raises:
        EngineError: if it is none, or one CTranslate2 does not run on.
    """
    import ctranslate2

    name, _, index = device.partition(":")
    if name == "auto":
        name = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    if name not in ("cpu", "cuda") or (index and not index.isdecimal()):
        hint = "add --runner transformers" if name == "mps" else "--device takes auto, cpu, cuda or cuda:N"
        raise EngineError(f"CTranslate2 has no device {device!r}", hint)
    return name, int(index or 0)

"""Make the CTranslate2 form of a checkpoint, and the manifest of the one that ships.

``python -m newsbridge.models.convert FOLDER`` made the data that ships; it needs ``newsbridge[torch]``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbridge.errors import EngineError
from newsbridge.store import MANIFEST, WEIGHTS, describe

DESCRIPTION = "small Marian model, 10 million parameters; the gist of a news article, not publishable copy"
QUANTIZATIONS = ("auto", "int8", "int8_float32", "float16", "bfloat16", "float32")
# Whose cross-attention tells which words face each other: `benchmarks/alignment.py --choose` measures every layer and
# head of a checkpoint on hand-aligned sentences; run it for a new one, and write its answer here.
ALIGNMENT_LAYER = 0
ALIGNMENT_HEADS = (5, 7)

# What the converter asks a configuration for, and checkpoints saved by transformers 5 no longer say.
LAYOUT = {
    "bart": {"normalize_before": False, "normalize_embedding": True},
    "mbart": {"normalize_before": True, "normalize_embedding": True},
    "pegasus": {"normalize_before": True, "normalize_embedding": False},
}

Heads = tuple[int, Sequence[int]]


def choose(quantization: str) -> str:
    """Return what ``auto`` means here: half precision where there is a GPU, eight bits on a CPU."""
    if quantization != "auto":
        return quantization
    import ctranslate2

    return "float16" if ctranslate2.get_cuda_device_count() else "int8"


def convert(
    checkpoint: Path,
    target: Path,
    quantization: str = "int8",
    shortlist: Path | None = None,
    heads: Heads | None = None,
) -> None:
    """Write the CTranslate2 form of a checkpoint.

    Args:
        checkpoint: A folder with safetensors; nothing else is loaded from it, and no code.
        target: The folder to write.
        quantization: One of :data:`QUANTIZATIONS`, but for ``auto``.
        shortlist: A vocabulary map for Marian (``vmap``), see :mod:`newsbridge.models.shortlist`.
        heads: Layer and heads of the cross-attention to return; CTranslate2 returns the mean of the first heads of
            one layer, so these are put first, and the model computes the same as before.

    Raises:
        EngineError: if CTranslate2 has no form for it.
    """
    from newsbridge.engines.native import quiet

    try:
        with quiet():
            converter(checkpoint, heads).convert(
                str(target), quantization=quantization, vmap=str(shortlist) if shortlist else None, force=True
            )
    except (ValueError, RuntimeError, OSError, KeyError, AttributeError, NotImplementedError) as error:
        raise EngineError(
            f"{checkpoint} cannot be converted to CTranslate2: {error}", "run it as it is: --runner transformers"
        ) from error


def converter(checkpoint: Path, heads: Heads | None = None) -> Any:
    """Build CTranslate2's converter for a folder, made to agree with transformers 5."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        def _load(self) -> Any:
            spec = super()._load()
            if heads is not None:
                _put_first(spec.decoder, *heads)
            return spec

        def load_model(self, model_class: Any, path: str, **settings: Any) -> Any:
            model = model_class.from_pretrained(path, use_safetensors=True, local_files_only=True, **settings)
            for name, value in LAYOUT.get(model.config.model_type, {}).items():
                if not hasattr(model.config, name):
                    setattr(model.config, name, value)
            return model

        def load_tokenizer(self, tokenizer_class: Any, path: str, **settings: Any) -> Any:
            tokenizer = tokenizer_class.from_pretrained(path, local_files_only=True, **settings)
            return Spelled(tokenizer)

    return Converter(str(checkpoint))


def _put_first(decoder: Any, layer: int, heads: Sequence[int]) -> None:
    """Reorder the heads of one layer's cross-attention, and have the decoder return the attention of the first."""
    import numpy

    attention = decoder.layer[layer].attention
    query, both, out = attention.linear  # both: keys, then values
    count = int(decoder.num_heads)
    order = [*heads, *(head for head in range(count) if head not in heads)]
    rows = numpy.arange(query.weight.shape[0]).reshape(count, -1)[order].reshape(-1)
    twice = numpy.concatenate([rows, rows + len(rows)])
    query.weight, query.bias = query.weight[rows], query.bias[rows]
    both.weight, both.bias = both.weight[twice], both.bias[twice]
    out.weight = out.weight[:, rows]
    decoder.alignment_layer = numpy.dtype("int16").type(layer)
    decoder.alignment_heads = numpy.dtype("int16").type(len(heads))


class Spelled:
    """A tokenizer that names its special tokens where CTranslate2's converter looks for them.

    In transformers 5, M2M100's no longer lists its languages among the special tokens, and mBART-50's has no token
    for a beginning.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tokenizer, name)

    @property
    def bos_token(self) -> str:
        """Return the token for a beginning; no model of ours is ever given it."""
        return str(self._tokenizer.bos_token or self._tokenizer.cls_token or self._tokenizer.eos_token)

    @property
    def special_tokens_map(self) -> dict[str, Any]:
        """Return the special tokens, M2M100's languages in the order of their embeddings."""
        known: dict[str, Any] = dict(self._tokenizer.special_tokens_map)
        if ids := getattr(self._tokenizer, "lang_token_to_id", None):
            known["additional_special_tokens"] = sorted(ids, key=ids.__getitem__)
        return known


def manifest(folder: Path) -> dict[str, object]:
    """Describe the folder that ships: every file with its size in bytes and SHA-256, and the revision made of them."""
    listed = describe(folder)
    return {
        "name": "embedded",
        "title": "newsbridge de-en",
        "version": "4",
        "revision": listed[f"{WEIGHTS}/model.bin"]["sha256"],
        "license": "CC-BY-4.0",
        "languages": ["de", "en"],
        "description": DESCRIPTION,
        "files": listed,
    }


def main() -> None:
    """Convert the folder named on the command line and write its manifest."""
    folder = Path(sys.argv[1])
    convert(folder, folder / WEIGHTS, heads=(ALIGNMENT_LAYER, ALIGNMENT_HEADS))
    text = json.dumps(manifest(folder), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

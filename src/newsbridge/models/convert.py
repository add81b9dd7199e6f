"""Make the CTranslate2 form of a Marian folder, and the manifest that says what lies in it.

``python -m newsbridge.models.convert FOLDER`` made the data that ships; it needs ``newsbridge[torch]``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbridge.store import MANIFEST, WEIGHTS

DESCRIPTION = "small Marian model, 10 million parameters; the gist of a news article, not publishable copy"
# Whose cross-attention tells which words face each other: `benchmarks/alignment.py --choose` measures every layer and
# head of a checkpoint on hand-aligned sentences; run it for a new one, and write its answer here.
ALIGNMENT_LAYER = 0
ALIGNMENT_HEADS = (5, 7)


def convert(folder: Path) -> None:
    """Write ``ct2-int8/`` into a Marian folder: the weights in eight bits, as CTranslate2 reads them.

    CTranslate2 returns the mean attention of the first heads of one layer, so the heads chosen for alignment are put
    first; the model computes the same as before.
    """
    from ctranslate2.converters import TransformersConverter

    class Aligning(TransformersConverter):  # type: ignore[misc]
        def _load(self) -> Any:
            spec = super()._load()
            _put_first(spec.decoder, ALIGNMENT_LAYER, ALIGNMENT_HEADS)
            return spec

    Aligning(str(folder)).convert(str(folder / WEIGHTS), quantization="int8", force=True)


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


def manifest(folder: Path) -> dict[str, object]:
    """Describe a folder: every file with its size in bytes and SHA-256, and the revision made of them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    listed = {
        path.relative_to(folder).as_posix(): {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files
    }
    weights = listed[f"{WEIGHTS}/model.bin"]["sha256"]
    return {
        "name": "embedded",
        "title": "newsbridge de-en",
        "version": "1",
        "revision": weights,
        "license": "CC-BY-4.0",
        "languages": ["de", "en"],
        "description": DESCRIPTION,
        "files": listed,
    }


def main() -> None:
    """Convert the folder named on the command line and write its manifest."""
    folder = Path(sys.argv[1])
    convert(folder)
    text = json.dumps(manifest(folder), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

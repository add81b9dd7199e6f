"""Alignment error on hand-aligned sentences: the embedded model against looks alone; with --choose, every head.

``--choose [FOLDER]`` measures each layer and head of a Marian checkpoint (it needs newsbridge[torch]) and prints the
best set of heads for ``ALIGNMENT_LAYER`` and ``ALIGNMENT_HEADS`` in ``newsbridge/models/convert.py``.
"""

import itertools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from newsbridge import alignment, store
from newsbridge.engines import Hypothesis, registry
from test_alignment import PAIRS, error_rate, gold


def choose(folder: Path) -> None:
    import json

    import sentencepiece
    import torch
    from transformers import MarianMTModel

    model = MarianMTModel.from_pretrained(folder, attn_implementation="eager").float().eval()
    known = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    encoders = [
        sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm")) for side in ("source", "target")
    ]
    read = []
    for pair in PAIRS:
        texts = gold(pair)[:2]
        pieces = [
            [piece for word in text.split() for piece in encoder.encode(word, out_type=str)]
            for text, encoder in zip(texts, encoders, strict=True)
        ]
        source, target = ([known[piece] for piece in each] + [model.config.eos_token_id] for each in pieces)
        with torch.no_grad():
            out = model(
                input_ids=torch.tensor([source]),
                decoder_input_ids=torch.tensor([[model.config.decoder_start_token_id, *target]]),
                output_attentions=True,
            )
        read.append((texts, pieces, torch.stack(out.cross_attentions)[:, 0]))

    def error(layer: int, heads: tuple[int, ...]) -> float:
        alignments = []
        for texts, pieces, attention in read:
            rows = attention[layer, list(heads)].mean(0)[1 : len(pieces[1]) + 1, : len(pieces[0])]
            answer = Hypothesis(texts[1], 0.0, tuple(pieces[0]), tuple(pieces[1]), tuple(map(tuple, rows.tolist())))
            alignments.append(alignment.from_hypothesis(texts[0], answer))
        return error_rate(alignments)

    layers, heads = model.config.decoder_layers, model.config.decoder_attention_heads
    single = sorted((error(layer, (head,)), layer, head) for layer in range(layers) for head in range(heads))
    for rate, layer, head in single[:5]:
        print(f"layer {layer}, head {head}: {rate:.3f}")
    layer = single[0][1]
    good = sorted(head for _, of, head in single if of == layer)[:8]
    sets = (each for size in (1, 2, 3) for each in itertools.combinations(good, size))
    rate, best = min((error(layer, each), each) for each in sets)
    print(f"best: ALIGNMENT_LAYER = {layer}, ALIGNMENT_HEADS = {best}: alignment error {rate:.3f}")


def main() -> None:
    if "--choose" in sys.argv:
        rest = sys.argv[sys.argv.index("--choose") + 1 :]
        choose(Path(rest[0]) if rest else store.find("embedded").path)
        return
    pairs = [gold(pair)[:2] for pair in PAIRS]
    embedded = registry.translator("embedded", beam=1, n_best=1, device="cpu")
    print(f"{len(pairs)} pairs, {sum(len(gold(pair)[2]) for pair in PAIRS)} links made by hand; alignment error rate:")
    print(f"{'embedded model, teacher-forced':34} {error_rate(alignment.align(pairs, embedded)):.3f}")
    print(f"{'looks and position':34} {error_rate(alignment.align(pairs, None)):.3f}")


if __name__ == "__main__":
    main()

"""A model of the size of an OPUS-MT model (74 million parameters) with random weights, whose sentences have one length.

What it says is rubbish; what it costs is what such a model costs.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from newsbridge import store
from newsbridge.engines import Hypothesis, Request
from newsbridge.engines.normal import normalise

VOCABULARY = 58_101  # opus-mt-de-en
LENGTH = 30  # target tokens of every hypothesis
BATCH = 1024  # source tokens decoded together


class RandomOpus:
    """Translates into random pieces; the decoding length is fixed."""

    name, model, revision, license, settings_hash = "random-opus", "random weights", "1", "Apache-2.0", "beam 4"

    def __init__(self, folder: Path) -> None:
        import ctranslate2
        import sentencepiece

        place = store.find("embedded").path
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(place / "source.spm"))
        self._decoder = ctranslate2.Translator(str(folder), device="cpu", compute_type="int8")

    def translate(self, requests: Sequence[Request]) -> list[tuple[Hypothesis, ...]]:
        """Translate in input order; see :class:`newsbridge.engines.Translator`."""
        sources = [[*self._pieces.encode(normalise(each.text), out_type=str)[:400], "</s>"] for each in requests]
        results = self._decoder.translate_batch(
            sources,
            beam_size=4,
            num_hypotheses=4,
            min_decoding_length=LENGTH,
            max_decoding_length=LENGTH,
            max_batch_size=BATCH,
            batch_type="tokens",
            return_scores=True,
        )
        return [
            tuple(
                Hypothesis(self._pieces.decode(target), score)
                for target, score in zip(result.hypotheses, result.scores, strict=True)
            )
            for result in results
        ]


def checkpoint(folder: Path) -> Path:
    """Make a Marian checkpoint of OPUS-MT's size with the embedded model's pieces first; no sentence ever ends.

    The folder must not be there.
    """
    import torch
    from transformers import MarianConfig, MarianMTModel

    shipped = store.find("embedded").path
    folder.mkdir(parents=True)
    for name in ("source.spm", "target.spm", "tokenizer_config.json"):
        (folder / name).write_bytes((shipped / name).read_bytes())
    known = json.loads((shipped / "vocab.json").read_text(encoding="utf-8"))
    pieces = [each for each in sorted(known, key=known.__getitem__) if each != "<pad>"]
    pieces += [f"filler{n}" for n in range(VOCABULARY - 1 - len(pieces))]
    (folder / "vocab.json").write_text(json.dumps({each: n for n, each in enumerate([*pieces, "<pad>"])}), "utf-8")
    config = MarianConfig(
        vocab_size=VOCABULARY,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        pad_token_id=VOCABULARY - 1,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=VOCABULARY - 1,
        forced_eos_token_id=None,
    )
    torch.manual_seed(1)
    model = MarianMTModel(config)
    with torch.no_grad():
        model.final_logits_bias[0, 0] = -1e4
        model.final_logits_bias[0, 12_000:] = -1e4  # pieces nobody could read
    model.save_pretrained(folder)
    return folder


def build(folder: Path) -> RandomOpus:
    """Make the checkpoint, convert it to eight bits, and load it."""
    from ctranslate2.converters import TransformersConverter

    source = checkpoint(folder / "checkpoint")
    TransformersConverter(str(source)).convert(str(folder / "ct2"), quantization="int8", force=True)
    return RandomOpus(folder / "ct2")

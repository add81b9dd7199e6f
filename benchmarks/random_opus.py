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


def build(folder: Path) -> RandomOpus:
    """Make the checkpoint, convert it to eight bits, and load it."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    place = store.find("embedded").path
    torch.manual_seed(1)
    pieces = json.loads((place / "vocab.json").read_text(encoding="utf-8"))
    vocabulary = {"</s>": 0, "<unk>": 1}
    for piece in [*pieces, *(f"▁{number}" for number in range(VOCABULARY))]:
        if len(vocabulary) < VOCABULARY - 1 and piece != "<pad>":
            vocabulary.setdefault(piece, len(vocabulary))
    vocabulary["<pad>"] = VOCABULARY - 1
    source = folder / "checkpoint"
    source.mkdir(parents=True)
    (source / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        (source / name).write_bytes((place / name).read_bytes())
    config = MarianConfig(
        vocab_size=VOCABULARY,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        max_position_embeddings=512,
        pad_token_id=VOCABULARY - 1,
        eos_token_id=0,
        decoder_start_token_id=VOCABULARY - 1,
        forced_eos_token_id=0,
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
    )
    MarianMTModel(config).save_pretrained(source)
    MarianTokenizer(
        str(source / "source.spm"), str(source / "target.spm"), str(source / "vocab.json"), source_lang="de"
    ).save_pretrained(source)
    TransformersConverter(str(source)).convert(str(folder / "ct2"), quantization="int8", force=True)
    return RandomOpus(folder / "ct2")

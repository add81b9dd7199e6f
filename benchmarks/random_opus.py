"""A model of the size of an OPUS-MT model (74 million parameters) with random weights, whose sentences have one length.

What it says is rubbish; what it costs is what such a model costs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from newsbridge import store

if TYPE_CHECKING:
    from newsbridge.engines.seq2seq import Seq2Seq

VOCABULARY = 58_101  # opus-mt-de-en
LENGTH = 30  # target tokens of every hypothesis


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


def make(folder: Path, shortlist: Path | None = None) -> Path:
    """Make the checkpoint and convert it to eight bits, in a folder as the store has them."""
    from newsbridge.models.convert import convert

    made = folder / store.CHECKPOINT
    convert(made if made.is_dir() else checkpoint(made), folder / store.CONVERTED, "int8", shortlist)
    return folder


def load(folder: Path, threads: int = 0) -> Seq2Seq:
    """Load it as a pulled model is loaded, but for the length of its sentences."""
    from newsbridge.engines.ct2 import CTranslate2
    from newsbridge.engines.families import Checkpoint
    from newsbridge.engines.runners import Search
    from newsbridge.engines.seq2seq import Seq2Seq

    runner = CTranslate2(folder / store.CONVERTED, device="cpu", threads=threads, pad=False)
    model = store.Model("opus-sized", "", "", "0" * 40, "Apache-2.0", ("de", "en"), 0, "", folder)
    search = Search(longest=LENGTH, shortest=LENGTH)
    checkpoint = Checkpoint(folder / store.CHECKPOINT)
    return Seq2Seq(model, checkpoint, runner, kind="ctranslate2", search=search, batch_tokens=2048)

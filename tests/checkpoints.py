"""Small checkpoints of every family, with random weights and tokenizers trained on ``samples/``.

Each looks like the folder a hub repository holds: what ``save_pretrained`` writes, and a model card.  The output
layer is scaled until greedy decoding has a clear favourite at every step, so that two runners can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SENTENCES = [
    line.strip()
    for path in sorted((ROOT / "samples").glob("*"))
    if path.name != "README.md"
    for line in path.read_text(encoding="utf-8").splitlines()
    if len(line.strip()) > 3
]
D, HEADS, LAYERS, FFN = 32, 4, 2, 64
PIECES = 500
SHARP = 40.0  # what the last norm is multiplied with
SIZES = {
    "d_model": D,
    "encoder_layers": LAYERS,
    "decoder_layers": LAYERS,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": FFN,
    "decoder_ffn_dim": FFN,
    "max_position_embeddings": 128,
}


@cache
def _spm(kind: str = "unigram", specials: tuple[str, ...] = (), **ids: int) -> bytes:
    import io

    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        vocab_size=PIECES,
        model_type=kind,
        character_coverage=1.0,
        user_defined_symbols=list(specials),
        hard_vocab_limit=False,
        minloglevel=2,
        **ids,
    )
    return model.getvalue()


def pieces(model: bytes) -> list[str]:
    """Return the pieces of a SentencePiece model, in order."""
    import sentencepiece

    loaded = sentencepiece.SentencePieceProcessor(model_proto=model)
    return [loaded.id_to_piece(i) for i in range(loaded.get_piece_size())]


def _card(folder: Path, **front: Any) -> None:
    lines = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    (folder / "README.md").write_text(f"---\n{lines}\n---\n# A checkpoint of the tests\n", encoding="utf-8")


def _save(model: Any, tokenizer: Any, folder: Path) -> None:
    """Give a model weights that have something to say, and save it; the same seed gives the same weights.

    Embeddings are small and layers large, so that an answer is more than its own last token again; the last norm is
    scaled until one token is a clear favourite; special tokens are never said, an end now and then.
    """
    import torch

    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if parameter.dim() > 1:
                small = "embed" in name or "shared" in name
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * (0.05 if small else 0.35))
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding) and module.padding_idx is not None:
                module.weight[module.padding_idx] = 0.0  # Marian's decoder starts from it
        decoder = model.get_decoder()
        norms = [each for name, each in decoder.named_parameters() if "layer_norm" in name and name.endswith("weight")]
        norms[-1].mul_(SHARP)
        if getattr(model, "final_logits_bias", None) is not None:
            ends = model.config.eos_token_id
            unsaid = [*tokenizer.all_special_ids, *range(len(tokenizer), model.config.vocab_size)]
            model.final_logits_bias[:, [each for each in unsaid if each != ends]] = -1e4
    model.eval().save_pretrained(folder)


def marian(folder: Path, *, targets: tuple[str, ...] = (), pair: tuple[str, str] = ("de", "en")) -> Path:
    """OPUS-MT; with ``targets`` a multi-target one (``>>eng<<``)."""
    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    model = _spm()
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(model)
    plain = [piece for piece in pieces(model) if piece not in ("<s>", "</s>", "<unk>")]
    vocabulary = ["</s>", "<unk>", *plain, *(f">>{code}<<" for code in targets), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({each: i for i, each in enumerate(vocabulary)}), encoding="utf-8")
    tokenizer = MarianTokenizer(
        str(folder / "source.spm"),
        str(folder / "target.spm"),
        str(folder / "vocab.json"),
        source_lang=pair[0],
        target_lang=pair[1],
    )
    tokenizer.save_pretrained(folder)
    pad = len(vocabulary) - 1
    config = MarianConfig(
        vocab_size=len(vocabulary),
        pad_token_id=pad,
        eos_token_id=0,
        bos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        scale_embedding=True,
        activation_function="swish",
        share_encoder_decoder_embeddings=True,
        **SIZES,
    )
    _save(MarianMTModel(config), tokenizer, folder)
    _card(folder, language=list(pair), license="cc-by-4.0", tags=["translation"])
    return folder


def marian_multi(folder: Path) -> Path:
    return marian(folder, targets=("eng", "fra", "deu"), pair=("gmw", "mul"))


def m2m100(folder: Path) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    model = _spm()
    (folder / "sentencepiece.bpe.model").write_bytes(model)
    plain = [piece for piece in pieces(model) if piece not in ("<s>", "</s>", "<unk>")]
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *plain]
    (folder / "vocab.json").write_text(json.dumps({each: i for i, each in enumerate(vocabulary)}), encoding="utf-8")
    tokenizer = M2M100Tokenizer(str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"))
    tokenizer.save_pretrained(folder)
    config = M2M100Config(vocab_size=len(vocabulary) + 100 + 8, decoder_start_token_id=2, **SIZES)
    _save(M2M100ForConditionalGeneration(config), tokenizer, folder)
    _card(folder, license="mit")
    return folder


def nllb(folder: Path) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer
    from transformers.models.nllb.tokenization_nllb import FAIRSEQ_LANGUAGE_CODES

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(_spm("bpe"))
    tokenizer = NllbTokenizer.from_pretrained(folder, extra_special_tokens=FAIRSEQ_LANGUAGE_CODES)
    tokenizer.save_pretrained(folder)
    config = M2M100Config(vocab_size=len(tokenizer), decoder_start_token_id=2, scale_embedding=True, **SIZES)
    _save(M2M100ForConditionalGeneration(config), tokenizer, folder)
    _card(folder, license="cc-by-nc-4.0")
    return folder


def mbart50(folder: Path) -> Path:
    from transformers import MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentencepiece.bpe.model").write_bytes(_spm())
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "MBart50Tokenizer"}))
    tokenizer = MBart50Tokenizer.from_pretrained(folder)
    tokenizer.save_pretrained(folder)
    config = MBartConfig(
        vocab_size=len(tokenizer),
        decoder_start_token_id=2,
        scale_embedding=True,
        add_final_layer_norm=True,
        normalize_before=True,
        tokenizer_class="MBart50Tokenizer",
        **SIZES,
    )
    _save(MBartForConditionalGeneration(config), tokenizer, folder)
    _card(folder, license="mit")
    return folder


def _t5(folder: Path, *, kind: str, specials: tuple[str, ...], gated: bool, card: dict[str, Any]) -> Path:
    from transformers import MT5Config, MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration, T5Tokenizer

    folder.mkdir(parents=True, exist_ok=True)
    model = _spm("unigram", specials, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    (folder / "spiece.model").write_bytes(model)
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "T5Tokenizer", "extra_ids": 0}))
    tokenizer = T5Tokenizer.from_pretrained(folder)
    tokenizer.save_pretrained(folder)
    classes = {"t5": (T5Config, T5ForConditionalGeneration), "mt5": (MT5Config, MT5ForConditionalGeneration)}
    config_class, model_class = classes[kind]
    config = config_class(
        vocab_size=len(tokenizer) + 3,  # embeddings are padded to a round number
        d_model=D,
        d_kv=D // HEADS,
        d_ff=FFN,
        num_layers=LAYERS,
        num_heads=HEADS,
        feed_forward_proj="gated-gelu" if gated else "relu",
        tie_word_embeddings=not gated,
        decoder_start_token_id=0,
    )
    _save(model_class(config), tokenizer, folder)
    _card(folder, **card)
    return folder


def t5(folder: Path) -> Path:
    return _t5(folder, kind="t5", specials=(), gated=False, card={"language": ["de", "en"], "license": "apache-2.0"})


def mt5(folder: Path) -> Path:
    return _t5(folder, kind="mt5", specials=(), gated=True, card={"language": ["de", "en"], "license": "apache-2.0"})


def madlad(folder: Path) -> Path:
    return _t5(folder, kind="t5", specials=("<2en>", "<2de>", "<2fr>"), gated=True, card={"license": "apache-2.0"})


def bart(folder: Path) -> Path:
    from tokenizers.implementations import ByteLevelBPETokenizer
    from transformers import BartConfig, BartForConditionalGeneration, BartTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    trained = ByteLevelBPETokenizer()
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trained.train_from_iterator(SENTENCES, vocab_size=PIECES, special_tokens=specials, show_progress=False)
    trained.save_model(str(folder))
    tokenizer = BartTokenizer.from_pretrained(folder)
    tokenizer.save_pretrained(folder)
    config = BartConfig(vocab_size=len(tokenizer), decoder_start_token_id=2, forced_bos_token_id=0, **SIZES)
    _save(BartForConditionalGeneration(config), tokenizer, folder)
    _card(folder, language=["en"], license="mit", pipeline_tag="summarization")
    return folder


def pegasus(folder: Path) -> Path:
    from transformers import PegasusConfig, PegasusForConditionalGeneration, PegasusTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spiece.model").write_bytes(_spm("unigram", (), pad_id=0, eos_id=1, unk_id=2, bos_id=-1))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PegasusTokenizer"}))
    tokenizer = PegasusTokenizer.from_pretrained(folder)
    tokenizer.save_pretrained(folder)
    config = PegasusConfig(vocab_size=len(tokenizer), scale_embedding=True, **SIZES)
    _save(PegasusForConditionalGeneration(config), tokenizer, folder)
    _card(folder, language=["en"], license="apache-2.0", pipeline_tag="summarization")
    return folder


TEMPLATE = "{% for m in messages %}<|{{ m['role'] }}|> {{ m['content'] }}</s>{% endfor %}<|assistant|> "


def chat(folder: Path) -> Path:
    """A causal model with a chat template."""
    from tokenizers.implementations import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        SENTENCES, vocab_size=PIECES, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="</s>"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=D,
        intermediate_size=FFN,
        num_hidden_layers=1,
        num_attention_heads=HEADS,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).eval().save_pretrained(folder)
    return folder


TRANSLATION: dict[str, Callable[[Path], Path]] = {
    "marian": marian,
    "marian-multi": marian_multi,
    "m2m100": m2m100,
    "nllb": nllb,
    "mbart50": mbart50,
    "t5": t5,
    "mt5": mt5,
    "madlad": madlad,
}
SUMMARY: dict[str, Callable[[Path], Path]] = {"bart": bart, "pegasus": pegasus}

"""From a run to the folder that ships: Hugging Face's Marian, and CTranslate2 in eight bits beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from training import TrainingError, network, state
from training.recipe import Size
from training.vocabulary import END, MODEL, PAD, UNKNOWN, processor

BEAM = 4
LENGTH_PENALTY = 1.2  # small models leave words out: chosen on WMT21 among 0.8, 1.0 and 1.2, see training/README.md
LENGTH = 256


def export(
    run: Path, data: Path, folder: Path, *, version: str, snapshots: int = 0, others: Sequence[Path] = ()
) -> Path:
    """Write a model folder.

    Args:
        run: Where the state lies.
        data: Where its ``pieces.model`` lies.
        folder: What is written; files of an older model in it are replaced.
        version: For the manifest.
        snapshots: Take the mean of the last so many snapshots; 0 takes the running average.
        others: Runs whose running averages are taken into the mean, each with the same weight.

    Returns:
        The folder.

    Raises:
        TrainingError: if a run has no state, its vocabulary is not that of the data folder, or the runs differ in size.
    """
    kept = state.needed(run)
    weights = kept.average
    if snapshots:
        weights = state.average(sorted((run / state.SNAPSHOTS).glob("*.safetensors"))[-snapshots:])
    if others:
        weights = state.mean({run: weights, **{other: state.needed(other).average for other in others}})
    pieces = processor(data)
    vocabulary = pieces.get_piece_size()
    if len(weights["model.shared.weight"]) != vocabulary:
        raise TrainingError(
            f"{run} was trained with {len(weights['model.shared.weight'])} pieces, {data} has {vocabulary}",
            "name the data folder it was trained from",
        )
    folder.mkdir(parents=True, exist_ok=True)
    order = marian_order(vocabulary)
    model = _model(kept, weights, order)
    model.save_pretrained(folder)
    names = {pieces.id_to_piece(piece): number for number, piece in enumerate(order)}
    (folder / "vocab.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(data / MODEL, folder / name)
    (folder / "tokenizer_config.json").write_text(json.dumps(TOKENIZER), encoding="utf-8")
    count = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    convert(folder, version, count, heads=kept.size.heads)
    return folder


def adopt(folder: Path, run: Path) -> state.State:
    """Begin a run with the weights of a model folder, so that training can go on where no state was kept.

    Args:
        folder: As written by :func:`export`.
        run: Where the state is written; it has no moments and no progress.

    Raises:
        TrainingError: if the folder holds no Marian checkpoint.
    """
    from transformers import MarianMTModel

    try:
        model = MarianMTModel.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"no model in {folder}: {error}", "name a folder written by python -m training export"
        ) from None
    has = model.config
    size = Size(has.d_model, has.encoder_ffn_dim, has.encoder_attention_heads, has.encoder_layers, has.decoder_layers)
    learnt = network.Marian(size, has.vocab_size).state_dict().keys()  # a loaded one counts its positions among them
    weights = {name: weight.float().clone() for name, weight in state.weights_of(model).items() if name in learnt}
    order = torch.tensor(marian_order(has.vocab_size))
    weights["model.shared.weight"] = weights["model.shared.weight"][torch.argsort(order)]
    begun = state.State(size, weights, {name: weight.clone() for name, weight in weights.items()})
    state.save(run, begun)
    return begun


TOKENIZER = {
    "source_lang": "de",
    "target_lang": "en",
    "model_max_length": network.POSITIONS,
    "tokenizer_class": "MarianTokenizer",
    "separate_vocabs": False,
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
}


def marian_order(vocabulary: int) -> list[int]:
    """Return the pieces in Marian's order: the end, the unknown, the rest, and the padding last.

    CTranslate2 drops the padding's row when it converts, and starts from zeros, as training did.
    """
    return [END, UNKNOWN, *range(UNKNOWN + 1, vocabulary), PAD]


def _model(kept: state.State, weights: state.Weights, order: list[int]) -> Any:
    from transformers import GenerationConfig, MarianMTModel

    pad = len(order) - 1
    model = MarianMTModel(network.config(kept.size, len(order), pad=pad, end=0))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                weight = weights[name].float()
                parameter.copy_(weight[order] if name == "model.shared.weight" else weight)
        model.model.shared.weight[pad].zero_()
    model.tie_weights()
    model.generation_config = GenerationConfig(
        max_length=LENGTH,
        num_beams=BEAM,
        length_penalty=LENGTH_PENALTY,
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        bad_words_ids=[[pad]],
    )
    return model.half()


def convert(folder: Path, version: str, parameters: int, *, heads: int) -> None:
    """Write ``ct2-int8/`` with the package's own converter, and the manifest.

    Args:
        folder: With the checkpoint in it.
        version: For the manifest.
        parameters: How many the model has.
        heads: How many each of its layers has; the package aligns words with two of eight, and a model with fewer
            cannot align.

    Raises:
        EngineError: if the converter fails.
    """
    from newsbridge.models import convert as package
    from newsbridge.store import WEIGHTS

    aligning = (package.ALIGNMENT_LAYER, package.ALIGNMENT_HEADS)
    package.convert(folder, folder / WEIGHTS, heads=aligning if heads > max(package.ALIGNMENT_HEADS) else None)
    describe(folder, version, parameters)


def describe(folder: Path, version: str, parameters: int) -> None:
    """Write the manifest again, with the version and the number of parameters in it."""
    from newsbridge.models.convert import manifest

    described = manifest(folder) | {
        "version": version,
        "description": f"small Marian model, {parameters / 1e6:.0f} million parameters; "
        "the gist of a news article, not publishable copy",
    }
    text = json.dumps(described, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")

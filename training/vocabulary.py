"""The pieces text is made of: one SentencePiece model for both languages.

Digits are pieces of their own, so a figure is copied digit by digit; a quotation mark is a piece, so it is never lost
inside another; what no piece covers is spelled in bytes, so nothing is unknown.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from training import TrainingError
from training.corpus import MARK
from training.prepare import pairs_of
from training.recipe import Recipe

MODEL = "pieces.model"
PAD, END, UNKNOWN = 0, 1, 2  # while training; the exported folder has Marian's order


def learn(data: Path, recipe: Recipe, *, pieces: int | None = None, threads: int = 2, seed: int = 1) -> int:
    """Learn the pieces of the prepared pairs and write ``pieces.model`` into the data folder.

    Args:
        data: As written by prepare.
        recipe: How many pieces, and which share of each tag is read.
        pieces: Overrules the recipe.
        threads: Of the CPU.
        seed: Which pairs stand for a tag whose share has a fraction.

    Returns:
        The number of pieces.

    Raises:
        TrainingError: if the text is too small for so many pieces.
    """
    import sentencepiece

    rng = random.Random(seed)

    def sentences() -> Iterator[str]:
        for pair in pairs_of(data):
            share = recipe.piece_shares.get(pair.tag, 0.0)
            for _ in range(int(share) + (rng.random() < share % 1)):
                yield pair.source
                yield pair.target

    wanted = pieces or recipe.pieces
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=sentences(),
            model_prefix=str(data / MODEL.removesuffix(".model")),
            vocab_size=wanted,
            model_type="unigram",
            character_coverage=0.9998,
            split_digits=True,
            byte_fallback=True,
            user_defined_symbols=[MARK],
            normalization_rule_name="identity",
            pad_id=PAD,
            eos_id=END,
            unk_id=UNKNOWN,
            bos_id=-1,
            input_sentence_size=1_500_000,
            shuffle_input_sentence=True,
            max_sentence_length=4000,
            num_threads=threads,
            minloglevel=2,
        )
    except RuntimeError as error:
        hint = "fewer pieces (--pieces), or more text; the pieces need 260 for bytes and signs alone"
        raise TrainingError(f"SentencePiece could not learn {wanted} pieces from {data}: {error}", hint) from None
    return int(processor(data).get_piece_size())


def processor(data: Path) -> Any:
    """Load the pieces of a data folder.

    Raises:
        TrainingError: if they are missing or damaged.
    """
    import sentencepiece

    if not (data / MODEL).is_file():
        raise TrainingError(f"there is no {data / MODEL}", f"run python -m training vocabulary {data} first")
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(data / MODEL))
    except RuntimeError as error:
        raise TrainingError(f"cannot load {data / MODEL}: {error}", "learn the vocabulary again") from None

"""What newsbridge is held against: CTranslate2 on bare sentences, and transformers' ``generate`` on one at a time.

Things that are compared take turns, and the best turn of each counts: whatever else a machine does can only make a turn
longer.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbridge.engines.normal import normalise

BEAM = N_BEST = 4
BATCH = 512  # source tokens; more are no faster, see newsbridge.engines.cores
END = "</s>"


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and seconds of a processor."""

    wall: float
    cpu: float

    def best(self, other: Spent) -> Spent:
        return Spent(min(self.wall, other.wall), min(self.cpu, other.cpu))


def spent(work: Callable[[], object]) -> Spent:
    """Return what some work takes, in this process and its threads."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def in_turns(works: Mapping[str, Callable[[], Spent]], rounds: int) -> dict[str, Spent]:
    """Let every work have its turn, several times; return the best of each, of the clock and of the processor."""
    best = dict.fromkeys(works, Spent(math.inf, math.inf))
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = best[name].best(work())
    return best


def asked(texts: Iterable[str]) -> list[str]:
    """Return what an engine is asked first about articles: the distinct segments, as they are prepared for it."""
    from newsbridge import pipeline, reading
    from newsbridge.fidelity.sides import sides

    found: dict[str, None] = {}
    for text in texts:
        article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
        found |= dict.fromkeys(side.request for side in sides(article, ledger))
    return list(found)


def encoded(folder: Path, texts: Sequence[str]) -> list[list[str]]:
    """Return texts as a Marian checkpoint reads them."""
    from newsbridge.engines.tokens import Pieces

    pieces = Pieces(folder)
    return [[*pieces.encode(normalise(text)), END] for text in texts]


def bare(
    decoder: Any, sources: Sequence[list[str]], length: int | None = None, *, shortlist: bool = False
) -> Callable[[], Spent]:
    """Decode sentences that are encoded already, in one call; ``length`` fixes the number of tokens of an answer."""

    def work() -> None:
        decoder.translate_batch(
            sources,
            beam_size=BEAM,
            num_hypotheses=N_BEST,
            return_scores=True,
            disable_unk=True,
            max_batch_size=BATCH,
            batch_type="tokens",
            use_vmap=shortlist,
            max_decoding_length=length or 2 * max(map(len, sources)) + 20,
            min_decoding_length=length or 1,
        )

    return lambda: spent(work)


def naive(folder: Path, texts: Sequence[str], length: int | None = None) -> Callable[[], Spent]:
    """Translate as a first script does: transformers in float32, one sentence at a time."""
    generate = generator(folder)

    def work() -> None:
        for text in texts:
            generate(text, N_BEST, length)

    return lambda: spent(work)


def generator(folder: Path) -> Callable[[str, int, int | None], list[str]]:
    """Load a checkpoint; what is returned gives the texts of so many hypotheses, best first."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).float().eval()

    def generate(text: str, count: int, length: int | None = None) -> list[str]:
        batch = tokenizer([normalise(text)], return_tensors="pt")
        most = 2 * batch["input_ids"].shape[1] + 20
        limit = {"max_new_tokens": length or most, "min_new_tokens": length or 1}
        with torch.inference_mode():
            found = model.generate(**batch, num_beams=BEAM, num_return_sequences=count, do_sample=False, **limit)
        texts: list[str] = tokenizer.batch_decode(found, skip_special_tokens=True)
        return texts

    return generate

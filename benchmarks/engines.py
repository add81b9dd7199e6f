"""What newsbridge adds to an engine's own time, and what it saves against the plain way.

On the same checkpoint, sentences, beam, n-best and threads, in one run:

- newsbridge end to end (sections, quotations, prepare, decode, choose, checks, brief, record),
- CTranslate2's ``translate_batch`` on the bare sentences, tokenized before the clock starts,
- transformers' ``generate``, one sentence at a time, in float32 (the plain way of a first script).

The OPUS-MT-sized model has random weights and never ends a sentence of itself, so every answer has the same length; its
speed is that of a real one, its words are not.  ``--quick`` measures the embedded model only.

Usage: python benchmarks/engines.py [--quick] [--threads 1]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import random_opus
from newsbridge import pipeline, reading, store
from newsbridge.engines import Hypothesis, Request, registry
from newsbridge.engines.ct2 import CTranslate2
from newsbridge.engines.families import Checkpoint
from newsbridge.engines.normal import normalise
from newsbridge.engines.runners import Search
from newsbridge.engines.seq2seq import Seq2Seq
from newsbridge.models.convert import convert
from newsbridge.record import document
from newsbridge.summary.extractive import Extractive

ROOT = Path(__file__).parent.parent
ARTICLES = sorted(path for path in (ROOT / "samples").iterdir() if path.name != "README.md")
BEAM = N_BEST = 4
NAIVE = 12  # sentences the plain way is timed on
RUNS = 3


class Listening:
    """An engine that remembers what it is asked: the sentences of the comparison."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.asked: list[Request] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def translate(self, requests: list[Request]) -> list[tuple[Hypothesis, ...]]:
        """Pass the requests on."""
        self.asked += requests
        found: list[tuple[Hypothesis, ...]] = self.engine.translate(requests)
        return found


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the processor time of the work, so that whatever else the machine does counts for nobody."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return statistics.median(times)


def bridged(engine: Any) -> None:
    for path in ARTICLES:
        article = reading.read_file(path)
        document.dumps(pipeline.bridge(article, engine, Extractive(), n_best=N_BEST))


def naive(folder: Path, texts: list[str], length: int | None) -> Callable[[], None]:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).float().eval()

    def work() -> None:
        for text in texts:
            batch = tokenizer([text], return_tensors="pt")
            limit = {"max_new_tokens": length, "min_new_tokens": length} if length else {"max_length": 200}
            found = model.generate(**batch, num_beams=BEAM, num_return_sequences=N_BEST, do_sample=False, **limit)
            tokenizer.batch_decode(found, skip_special_tokens=True)

    return work


def bare(runner: CTranslate2, sources: list[list[str]], length: int | None) -> Callable[[], None]:
    def work() -> None:
        runner._translator.translate_batch(
            sources,
            beam_size=BEAM,
            num_hypotheses=N_BEST,
            return_scores=True,
            max_batch_size=512,
            batch_type="tokens",
            max_decoding_length=length or 200,
            min_decoding_length=length or 1,
        )

    return work


def report(name: str, engine: Any, folder: Path, runner: CTranslate2, threads: int, length: int | None) -> None:
    listening = Listening(engine)
    bridged(listening)  # warms up, and tells what the sentences are
    texts = [normalise(request.text) for request in listening.asked]
    encode = Checkpoint(folder).tokenizer.encode
    sources = [[*encode(text), "</s>"] for text in texts]
    ours = seconds(lambda: bridged(engine))
    raw = seconds(bare(runner, sources, length))
    picked = texts[:: max(1, len(texts) // NAIVE)][:NAIVE]
    plain = seconds(naive(folder, picked, length), 1) / len(picked)
    count = len(texts)
    print(f"\n{name}, {count} sentences, beam {BEAM}, n-best {N_BEST}, {threads} thread(s)")
    print(f"  newsbridge, end to end             {count / ours:8.1f} sentences/s")
    print(f"  CTranslate2, bare sentences        {count / raw:8.1f} sentences/s   newsbridge reaches {raw / ours:.2f}")
    print(
        f"  transformers, one at a time, fp32  {1 / plain:8.1f} sentences/s   newsbridge is {plain * count / ours:.1f}x"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    import torch

    torch.set_num_threads(options.threads)
    shipped = store.find("embedded")
    embedded = registry.translator("embedded", beam=BEAM, n_best=N_BEST, device="cpu", threads=options.threads)
    weights = shipped.path / store.WEIGHTS
    runner = CTranslate2(weights, device="cpu", threads=options.threads, dtype="int8", pad=False)
    report("the embedded model, int8", embedded, shipped.path, runner, options.threads, None)
    if options.quick:
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = random_opus.checkpoint(Path(scratch) / "checkpoint")
        convert(folder, Path(scratch) / "ct2", "int8")
        runner = CTranslate2(Path(scratch) / "ct2", device="cpu", threads=options.threads, pad=False)
        model = store.Model("opus-sized", "", "", "0" * 40, "", ("de", "en"), 0, "", Path(scratch))
        search = Search(beam=BEAM, longest=random_opus.LENGTH, shortest=random_opus.LENGTH)
        engine = Seq2Seq(model, Checkpoint(folder), runner, kind="ctranslate2", search=search, batch_tokens=512)
        report(
            "an OPUS-MT-sized model, int8, random weights", engine, folder, runner, options.threads, random_opus.LENGTH
        )


if __name__ == "__main__":
    main()

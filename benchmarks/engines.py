"""What newsbridge adds to an engine's own time, and what it saves against the plain way.

On the same checkpoint, sentences, beam, n-best and cores, in turns:

- newsbridge end to end (reading, quotations, prepare, decode, choose, checks, brief, record, files),
- CTranslate2's ``translate_batch`` on the bare sentences, encoded before the clock starts, in one call,
- transformers' ``generate``, one sentence at a time, in float32 (the plain way of a first script).

The OPUS-MT-sized model has random weights, and every answer has the same length; its speed is that of a real one, and
its words are those of the embedded model (voiced.py).  Behind that: whether both runners say the same in float32, and
with a bitext what a shortlist is worth.

Usage: python benchmarks/engines.py [embedded opus agreement shortlist] [--threads 1,2] [--bitext PAIRS.tsv]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import articles
import random_opus
import yardsticks
from newsbridge import store
from voiced import Voice, Voiced, through
from yardsticks import Spent, in_turns

PARTS = ("embedded", "opus", "agreement", "shortlist")
NAIVE = 8  # sentences the plain way is timed on; it is slow
ROW = "{:58} {:>9} {:>12} {:>8} {:>8}"


def say(what: str, seconds: float, each: float, ratio: float | None = None, goal: str = "") -> None:
    shown = "" if ratio is None else f"{ratio:.2f}"
    print(ROW.format(what, f"{seconds:.1f} s", f"{each:.1f}/s", shown, goal), flush=True)


def compare(engine: Any, decoder: Any, folder: Path, given: argparse.Namespace, length: int | None, goal: str) -> None:
    """Let newsbridge, CTranslate2 and transformers take turns at the same articles."""
    texts = yardsticks.asked(text for _, text in articles.texts(given.articles))
    picked = texts[:: max(1, len(texts) // NAIVE)][:NAIVE]
    with tempfile.TemporaryDirectory() as scratch:
        inputs = articles.write(Path(scratch) / "in", given.articles)

        def ours() -> Spent:
            return yardsticks.spent(partial(through, engine, inputs, Path(tempfile.mkdtemp(dir=scratch)), 0))

        works = {
            "bare": yardsticks.bare(decoder, yardsticks.encoded(folder, texts), length),
            "ours": ours,
            "naive": yardsticks.naive(folder, picked, length),
        }
        best = in_turns(works, given.rounds)
    bare, found, naive = best["bare"], best["ours"], best["naive"]
    count, plain = len(texts), naive.wall / len(picked)
    say(f"transformers, one at a time, float32, {len(picked)} sentences", naive.wall, 1 / plain)
    say(f"bare CTranslate2, {count} sentences", bare.wall, count / bare.wall)
    say(
        f"newsbridge, end to end, {given.articles} articles",
        found.wall,
        count / found.wall,
        bare.wall / found.wall,
        goal,
    )
    say("  in processor time", found.cpu, count / found.cpu, bare.cpu / found.cpu)
    say("  against transformers", found.wall, count / found.wall, plain * count / found.wall, "≥ 12")
    if isinstance(engine, Voiced) and engine.unknown:
        print(f"  {engine.unknown} requests were new to the voice and were translated while the clock ran")


def embedded(given: argparse.Namespace) -> None:
    from newsbridge.engines.registry import translator

    print(f"\nthe embedded model, int8, beam 4, n-best 4, {given.threads} thread(s)")
    engine: Any = translator("embedded", device="cpu", threads=int(given.threads))
    compare(engine, engine._decoder, store.find("embedded").path, given, None, "≥ 0.75")


def opus(given: argparse.Namespace) -> None:
    print(f"\na model of OPUS-MT's size, int8, beam 4, n-best 4, {given.threads} thread(s)")
    with tempfile.TemporaryDirectory() as scratch:
        place = random_opus.make(Path(scratch) / "model")
        engine, voice = random_opus.load(place, int(given.threads)), Voice()
        inputs = articles.write(Path(scratch) / "in", given.articles)
        through(voice, inputs, Path(scratch) / "heard", 0)
        decoder: Any = engine.runner
        voiced = Voiced(engine, voice)
        compare(voiced, decoder._translator, place / store.CHECKPOINT, given, random_opus.LENGTH, "≥ 0.9")


def agreement(given: argparse.Namespace) -> None:
    """Whether CTranslate2 and transformers give the same best translation: the embedded model, float32, beam 4."""
    from newsbridge.engines.ct2 import CTranslate2
    from newsbridge.engines.families import Prepared
    from newsbridge.engines.native import Transformers
    from newsbridge.engines.runners import Search
    from newsbridge.models.convert import convert

    place = store.find("embedded").path
    texts = yardsticks.asked(text for _, text in articles.texts(given.articles))
    batch = [Prepared(tuple(tokens), ()) for tokens in yardsticks.encoded(place, texts)]
    with tempfile.TemporaryDirectory() as scratch:
        convert(place, Path(scratch) / "ct2", "float32")
        runners = [CTranslate2(Path(scratch) / "ct2", device="cpu", pad=False), Transformers(place, device="cpu")]
        ours, theirs = (runner.decode(batch, Search(beam=4), 512) for runner in runners)
    same = sum(one[0].tokens == other[0].tokens for one, other in zip(ours, theirs, strict=True))
    share = 100 * same / len(batch)
    print(f"\nCTranslate2 and transformers, float32, beam 4: {same} of {len(batch)} translations equal ({share:.1f} %)")


def shortlist(given: argparse.Namespace) -> None:
    """What a shortlist learned from a bitext is worth, and how often the translation stays the same."""
    if given.bitext is None:
        print("\na shortlist is measured with --bitext: a file of source, tab, translation, at least 1,000 lines")
        return
    from newsbridge.engines.ct2 import CTranslate2
    from newsbridge.engines.families import Checkpoint, Prepared
    from newsbridge.engines.runners import Search
    from newsbridge.models import shortlist as learning
    from newsbridge.models.convert import convert

    texts = yardsticks.asked(text for _, text in articles.texts(given.articles))
    threads = int(given.threads)
    with tempfile.TemporaryDirectory() as name:
        scratch, shipped = Path(name), store.find("embedded").path
        learned = learning.build(given.bitext, Checkpoint(shipped, "embedded"), scratch / "vmap.txt")
        big = random_opus.checkpoint(scratch / "opus")
        for title, folder, length in (("embedded", shipped, None), ("OPUS-MT's size", big, random_opus.LENGTH)):
            convert(folder, scratch / title, "int8", learned)
            runner = CTranslate2(scratch / title, device="cpu", threads=threads, pad=False)
            sources = yardsticks.encoded(folder, texts)
            best = in_turns(
                {
                    each: yardsticks.bare(runner._translator, sources, length, shortlist=each == "with")
                    for each in ("without", "with")
                },
                given.rounds,
            )
            print(f"\na shortlist, {title}, int8, {len(texts)} sentences, {threads} thread(s)")
            say("without", best["without"].wall, len(texts) / best["without"].wall)
            wall = best["with"].wall
            say("with", wall, len(texts) / wall, best["without"].wall / wall)
            if length is None:  # random weights choose words that no list has
                batch = [Prepared(tuple(tokens), ()) for tokens in sources]
                said = [runner.decode(batch, Search(shortlist=each), 512) for each in (False, True)]
                same = sum(one[0].tokens == other[0].tokens for one, other in zip(*said, strict=True))
                print(f"  {same} of {len(texts)} best translations equal ({100 * same / len(texts):.1f} %)")


def main() -> None:
    cores = sorted(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="by default all of them")
    parser.add_argument("--threads", default=f"1,{len(cores)}", help="cores to use, one run each")
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bitext", type=Path, help="pairs to learn a shortlist from")
    given = parser.parse_args()
    if "," in given.threads:  # each in a process of its own: threads stay on the cores they were started on
        for number in dict.fromkeys(given.threads.split(",")):
            subprocess.run([sys.executable, *sys.argv, "--threads", number], check=True)
        return
    os.sched_setaffinity(0, cores[: int(given.threads)])
    import torch

    torch.set_num_threads(int(given.threads))
    for part in given.parts or PARTS:
        globals()[part](given)


if __name__ == "__main__":
    main()

"""Many articles, one table: throughput against two yardsticks, scaling, stages, resume, a warm memory.

    python benchmarks/batch.py                 # everything; about an hour on two cores
    python benchmarks/batch.py scale --articles 100,1000

Everything is a ratio of two things measured in the same run.  Articles are the samples with seeded variations.
"""

import argparse
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import articles
import watched
import yardsticks
from watched import Watched
from yardsticks import Spent, in_turns

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
PARTS = ("engine", "opus", "cost", "scale", "stages", "resume", "memory")
ROW = "{:50} {:>10} {:>12} {:>9} {:>8}"
NAIVE = 24  # sentences of the naive loop; it is slow
ROUNDS = 3  # turns of newsbridge and of what it is held against; the best of each counts


def say(what: str, seconds: float, each: str, ratio: float | None = None, goal: str = "") -> None:
    print(ROW.format(what, f"{seconds:.1f} s", each, "" if ratio is None else f"{ratio:.2f}", goal), flush=True)


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="newsbridge-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def run(inputs: Path, out: Path, *options: str, memory: str = "none") -> Watched:
    """Run the command line."""
    command = [NEWSBRIDGE, "translate", str(inputs), "-o", str(out), "--from", "de", "-q", "--memory", memory]
    return watched.run([*command, *options])


# ------------------------------------------------------------------------------------------------ throughput


def engine(count: int, rounds: int) -> None:
    from newsbridge import store
    from newsbridge.engines.registry import translator

    asked = yardsticks.asked(text for _, text in articles.texts(count))
    place = store.find("embedded").path
    picked = asked[:: max(1, len(asked) // NAIVE)][:NAIVE]
    naive = yardsticks.naive(place, picked)().wall / len(picked)
    decoder = translator("embedded")._decoder
    bare = yardsticks.bare(decoder, yardsticks.encoded(place, asked))
    say(f"naive: transformers, sentence by sentence, fp32 ({len(picked)})", naive * len(picked), f"{1 / naive:.1f}/s")
    with folder() as scratch:
        articles.write(scratch / "in", count)

        def ours() -> Spent:
            out = tempfile.mkdtemp(dir=scratch)
            return run(scratch / "in", Path(out), "--format", "json").spent

        best = in_turns({"bare": bare, "ours": ours}, rounds)
    _against(best, len(asked), f"newsbridge, {count} articles, start to files", "≥ 0.75")
    wall = best["ours"].wall
    say("  against the naive loop", wall, "", naive * len(asked) / wall, "≥ 12")


def opus(count: int, rounds: int) -> None:
    """The same with a model of the size of an OPUS-MT model: random weights, decoding length fixed; see voiced.py."""
    import random_opus
    from voiced import Voice, through

    asked = yardsticks.asked(text for _, text in articles.texts(count))
    with folder() as scratch:
        articles.write(scratch / "in", count)
        voice = Voice()
        through(voice, scratch / "in", scratch / "heard")
        (scratch / "voice").write_bytes(pickle.dumps(voice.said))
        model = random_opus.make(scratch / "model")
        sources = yardsticks.encoded(model / "checkpoint", asked)
        bare = yardsticks.bare(random_opus.load(model).runner._translator, sources, random_opus.LENGTH)

        def ours() -> Spent:
            given = [model, scratch / "voice", scratch / "in", tempfile.mkdtemp(dir=scratch)]
            found = watched.run([sys.executable, str(Path(__file__).with_name("voiced.py")), *map(str, given)])
            assert int(found.output) <= len(asked) // 100, "too much that the voice had not heard"
            return found.spent

        best = in_turns({"bare": bare, "ours": ours}, rounds)
    _against(best, len(asked), f"newsbridge with it, {count} articles", "≥ 0.9")


def _against(best: dict[str, Spent], count: int, what: str, goal: str) -> None:
    bare, ours = best["bare"], best["ours"]
    say(f"bare CTranslate2, {count} distinct sentences", bare.wall, f"{count / bare.wall:.1f}/s")
    say(what, ours.wall, f"{count / ours.wall:.1f}/s", bare.wall / ours.wall, goal)
    say("  in processor time", ours.cpu, "", bare.cpu / ours.cpu)


def cost(count: int) -> None:
    """How many seconds of a core an article takes, everything in one process; it does not depend on other load."""
    texts = [text for _, text in articles.texts(count)]
    asked = len(yardsticks.asked(texts)) - len(
        yardsticks.asked(texts[:1])
    )  # the first article is taken off with the start
    with folder() as place:
        articles.write(place / "in", count)
        articles.write(place / "one", 1)
        options = ("--workers", "0", "--threads", "1", "--format", "jsonl")
        run(place / "one", place / "warm", *options)
        start = run(place / "one", place / "0", *options).spent.cpu
        spent = run(place / "in", place / "1", *options).spent.cpu - start
    say(f"one core, {count - 1} articles, {asked} distinct segments", spent, f"{1000 * spent / asked:.1f} ms/seg")
    hours = spent / asked * 1e6 / 3600
    say("  core-hours per million distinct segments", spent, f"{hours:.1f} h")


# ------------------------------------------------------------------------------------------------ scaling


def scale(counts: list[int]) -> None:
    """Whether time per article and peak memory stay what they are; each number is held against the one before it."""
    before: tuple[float, float, float] | None = None
    for count in counts:
        with folder() as place:
            articles.write(place / "in", count)
            found = run(place / "in", place / "out", "--model", "echo", "--format", "json", "--workers", "2")
        now = 1000 * found.spent.wall / count, 1000 * found.spent.cpu / count, found.peak
        ratios = [ours / theirs for ours, theirs in zip(now, before, strict=True)] if before else [None] * 3
        goal = "≤ 1.15" if before else ""
        say(f"echo engine, {count:,} articles: time per article", found.spent.wall, f"{now[0]:.1f} ms", ratios[0], goal)
        say("  processor time per article", found.spent.cpu, f"{now[1]:.1f} ms", ratios[1])
        say("  peak memory of all its processes", found.spent.wall, f"{now[2]:.0f} MB", ratios[2], goal)
        before = now


def stages(count: int) -> None:
    """What each step costs, in seconds of a core."""
    from newsbridge import fidelity, languages, pipeline, reading
    from newsbridge.engines.echo import Echo
    from newsbridge.summary.extractive import Extractive
    from newsbridge.writing import FORMATS, render

    spent: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        started = time.process_time()
        yield
        spent[name] = spent.get(name, 0.0) + time.process_time() - started

    language = languages.load("de")
    options = {"language": language, "target": "en", "quote_style": "american", "n_best": 4}
    for _, text in articles.texts(count):
        with stage("read"):
            article, _ = reading.read_text(text)
        with stage("sections, sentences"):
            pipeline.read_sections(article)
        with stage("quotations and speakers"):
            read, ledger = pipeline.read_quotes(article)
        with stage("fidelity, without an engine"):
            translations = fidelity.translate(read, ledger, Echo(), **options)
            renderings = fidelity.render(read, ledger, translations)
        by_segment = {each.segment: each for each in translations}
        by_quotation = {each.quotation: each for each in renderings}
        with stage("summaries"):
            Extractive().summarise(read, ledger, by_segment, by_quotation)
        record = pipeline.bridge(article, Echo(), Extractive())
        for format in FORMATS:
            with stage(f"writing {format}"):
                render(record, format)
    spent["quotations and speakers"] -= spent["sections, sentences"]  # it divides the article once more
    whole = sum(spent.values())
    for name, seconds in spent.items():
        say(f"stage: {name}", seconds, f"{1000 * seconds / count:.1f} ms", seconds / whole)


def resume(count: int) -> None:
    with folder() as place:
        articles.write(place / "in", count)
        options = ("--model", "echo", "--format", "json", "--workers", "2")
        whole = run(place / "in", place / "out", *options).spent.wall
        for path in sorted((place / "out").rglob("*.json"))[::10]:
            path.unlink()
        rest = run(place / "in", place / "out", *options).spent.wall
        nothing = run(place / "in", place / "out", *options).spent.wall
    say(f"echo engine, {count:,} articles, from the start", whole, f"{1000 * whole / count:.1f} ms")
    say("  again with 90 % done", rest, f"{1000 * rest / count:.1f} ms", rest / whole)
    say("  again with everything done", nothing, f"{1000 * nothing / count:.1f} ms", nothing / whole)


def memory(count: int) -> None:
    with folder() as place:
        articles.write(place / "in", count)
        known, options = str(place / "memory.sqlite"), ("--format", "json")
        without = run(place / "in", place / "0", *options).spent.wall
        cold = run(place / "in", place / "1", *options, memory=known).spent.wall
        warm = run(place / "in", place / "2", *options, memory=known).spent.wall
        size = sum(path.stat().st_size for path in place.glob("memory.sqlite*"))
        same = subprocess.run(
            ["diff", "-r", "-x", ".newsbridge", place / "1", place / "2"], check=False, stdout=subprocess.DEVNULL
        )
    say(f"embedded engine, {count} articles, no memory", without, f"{1000 * without / count:.0f} ms")
    say("  with a cold memory", cold, f"{size / 1e6:.1f} MB", cold / without)
    say(f"  with a warm one ({'same bytes' if same.returncode == 0 else 'OTHER BYTES'})", warm, "", warm / without)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="by default all of them")
    parser.add_argument(
        "--articles", default="", help="how many, for the parts named; for scale a list: 100,1000,10000"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns in the parts engine and opus")
    given = parser.parse_args()
    counts = [int(each) for each in given.articles.split(",") if each]
    os.environ["NEWSBRIDGE_MEMORY"] = "none"
    print(ROW.format("", "time", "each", "ratio", "goal"))
    usual = {"engine": 300, "opus": 40, "cost": 40, "stages": 200, "resume": 1000, "memory": 60}
    for part in given.parts or PARTS:
        if part == "scale":
            scale(counts or [100, 1000, 10_000])
            continue
        count = counts[0] if counts else usual[part]
        if part in ("engine", "opus"):
            globals()[part](count, given.rounds)
        else:
            globals()[part](count)


if __name__ == "__main__":
    main()

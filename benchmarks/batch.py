"""Many articles, one table: throughput against two yardsticks, scaling, stages, resume, a warm memory.

    python benchmarks/batch.py                 # everything; about an hour on two cores
    python benchmarks/batch.py scale --articles 100,1000

Everything is a ratio of two things measured in the same run.  Articles are the samples with seeded variations.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import articles

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
PARTS = ("engine", "opus", "cost", "scale", "stages", "resume", "memory")
ROW = "{:50} {:>10} {:>12} {:>9} {:>8}"
NAIVE = 24  # sentences of the naive loop; it is slow
EVERY = 0.25  # seconds between looks at the memory


def say(what: str, seconds: float, each: str, ratio: float | None = None, goal: str = "") -> None:
    print(ROW.format(what, f"{seconds:.1f} s", each, "" if ratio is None else f"{ratio:.2f}", goal), flush=True)


@contextmanager
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="newsbridge-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def run(inputs: Path, out: Path, *options: str, memory: str = "none") -> tuple[float, float]:
    """Run the command line and return seconds and the peak memory of all its processes, in MB."""
    command = [NEWSBRIDGE, "translate", str(inputs), "-o", str(out), "--from", "de", "-q", "--memory", memory, *options]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    peak, done = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(EVERY):
            peak = max(peak, sum(map(_proportional, _family(process.pid))))

    watcher = threading.Thread(target=look)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    assert code == 0, code
    return time.perf_counter() - started, peak


def _family(pid: int) -> list[int]:
    """Return a process and everything that comes from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [pid]
    for each in family:
        family += parents.get(each, [])
    return family


def _proportional(pid: int) -> float:
    """Return the memory of a process in MB; pages that several share count in parts."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except OSError:
        pass
    return 0.0


# ------------------------------------------------------------------------------------------------ throughput


def requests(texts: list[str]) -> list:
    """Return the distinct requests of articles, as the ladder asks them."""
    from newsbridge import pipeline, reading
    from newsbridge.engines import Request
    from newsbridge.fidelity.sides import sides

    found = {}
    for text in texts:
        article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
        for side in sides(article, ledger):
            found[side.request] = Request(side.request, "de", "en", 4)
    return list(found.values())


def engine(count: int) -> None:
    from newsbridge.engines.registry import translator

    texts = [text for _, text in articles.texts(count)]
    asked = requests(texts)
    naive = _naive([request.text for request in asked[:: max(1, len(asked) // NAIVE)]][:NAIVE])
    with folder() as place:
        articles.write(place / "in", count)
        embedded = translator("embedded")
        embedded.translate(asked[:50])
        started = time.perf_counter()
        embedded.translate(asked)
        bare = time.perf_counter() - started
        del embedded
        ours, _ = run(place / "in", place / "out", "--format", "json")
    per = bare / len(asked)
    say(f"naive: transformers, sentence by sentence, fp32 ({NAIVE})", naive * NAIVE, f"{1 / naive:.1f}/s")
    say(f"bare CTranslate2, {len(asked)} distinct sentences", bare, f"{1 / per:.0f}/s")
    say(f"newsbridge, {count} articles, start to files", ours, f"{len(asked) / ours:.0f}/s", bare / ours, "≥ 0.75")
    say("  against the naive loop", ours, "", naive * len(asked) / ours, "≥ 12")


def _naive(sentences: list[str]) -> float:
    """Return the seconds a sentence takes when transformers' generate gets one at a time: beam 4, fp32."""
    import sentencepiece
    import torch
    from transformers import MarianMTModel
    from transformers.utils import logging

    from newsbridge import store
    from newsbridge.engines.normal import normalise

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    place = store.find("embedded").path
    model = MarianMTModel.from_pretrained(place)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(place / "source.spm"))
    import json

    vocabulary = json.loads((place / "vocab.json").read_text(encoding="utf-8"))
    started = time.perf_counter()
    for sentence in sentences:
        tokens = pieces.encode(normalise(sentence), out_type=str)
        ids = [vocabulary.get(piece, vocabulary["<unk>"]) for piece in tokens]
        ids.append(vocabulary["</s>"])
        with torch.no_grad():
            model.generate(torch.tensor([ids]), num_beams=4, num_return_sequences=4, max_new_tokens=2 * len(ids) + 20)
    return (time.perf_counter() - started) / len(sentences)


def opus(count: int) -> None:
    """The same with a model of the size of an OPUS-MT model: random weights, decoding length fixed."""
    import random_opus
    from newsbridge import batch
    from newsbridge.batch.jobs import Task
    from newsbridge.batch.plan import Plan
    from newsbridge.summary.extractive import Extractive

    texts = [text for _, text in articles.texts(count)]
    asked = requests(texts)
    with folder() as place:
        model = random_opus.build(place / "model")
        model.translate(asked[:8])
        started = time.perf_counter()
        model.translate(asked)
        bare = time.perf_counter() - started
        plan = Plan()
        plan.add([str(articles.write(place / "in", count))])
        started = time.perf_counter()
        task = Task(Extractive(), {"n_best": 4}, ("json",), {"language": "de"})
        batch.translate(plan, model, task, place / "out", settings=batch.Settings(workers=None))
        ours = time.perf_counter() - started
    say(f"bare CTranslate2, OPUS-MT size, {len(asked)} sentences", bare, f"{len(asked) / bare:.1f}/s")
    say(f"newsbridge with it, {count} articles", ours, f"{len(asked) / ours:.1f}/s", bare / ours, "≥ 0.9")


def cost(count: int) -> None:
    """How many seconds of a core an article takes, everything in one process; it does not depend on other load."""
    texts = [text for _, text in articles.texts(count)]
    asked = len(requests(texts)) - len(requests(texts[:1]))  # the first article is taken off with the start
    with folder() as place:
        articles.write(place / "in", count)
        articles.write(place / "one", 1)
        run(place / "one", place / "warm", "--workers", "0")
        before = _cpu()
        run(place / "one", place / "0", "--workers", "0", "--threads", "1", "--format", "jsonl")
        start = _cpu() - before
        before = _cpu()
        run(place / "in", place / "1", "--workers", "0", "--threads", "1", "--format", "jsonl")
        spent = _cpu() - before - start
    say(f"one core, {count - 1} articles, {asked} distinct segments", spent, f"{1000 * spent / asked:.1f} ms/seg")
    hours = spent / asked * 1e6 / 3600
    say("  core-hours per million distinct segments", spent, f"{hours:.1f} h")


def _cpu() -> float:
    """Return the processor time of all commands that ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ------------------------------------------------------------------------------------------------ scaling


def scale(counts: list[int]) -> None:
    first: tuple[float, float] | None = None
    reference = counts[-2] if len(counts) > 1 else counts[0]
    for count in counts:
        with folder() as place:
            articles.write(place / "in", count)
            seconds, peak = run(place / "in", place / "out", "--model", "echo", "--format", "json", "--workers", "2")
        each = seconds / count
        what = f"echo engine, {count:,} articles"
        if first is None or count <= reference:
            say(what, seconds, f"{1000 * each:.1f} ms, {peak:.0f} MB")
            first = each, peak
        else:
            say(f"{what}: time per article", seconds, f"{1000 * each:.1f} ms", each / first[0], "≤ 1.15")
            say(f"{what}: peak memory", seconds, f"{peak:.0f} MB", peak / first[1], "≤ 1.15")


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
        whole, _ = run(place / "in", place / "out", *options)
        for path in sorted((place / "out").rglob("*.json"))[::10]:
            path.unlink()
        rest, _ = run(place / "in", place / "out", *options)
        nothing, _ = run(place / "in", place / "out", *options)
    say(f"echo engine, {count:,} articles, from the start", whole, f"{1000 * whole / count:.1f} ms")
    say("  again with 90 % done", rest, f"{1000 * rest / count:.1f} ms", rest / whole)
    say("  again with everything done", nothing, f"{1000 * nothing / count:.1f} ms", nothing / whole)


def memory(count: int) -> None:
    with folder() as place:
        articles.write(place / "in", count)
        known, options = str(place / "memory.sqlite"), ("--format", "json")
        without, _ = run(place / "in", place / "0", *options)
        cold, _ = run(place / "in", place / "1", *options, memory=known)
        warm, _ = run(place / "in", place / "2", *options, memory=known)
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
    given = parser.parse_args()
    counts = [int(each) for each in given.articles.split(",") if each]
    os.environ["NEWSBRIDGE_MEMORY"] = "none"
    print(ROW.format("", "time", "each", "ratio", "goal"))
    for part in given.parts or PARTS:
        usual = {"engine": 300, "opus": 40, "cost": 40, "stages": 200, "resume": 1000, "memory": 60}
        if part == "scale":
            scale(counts or [100, 1000, 10_000])
        else:
            globals()[part](counts[0] if counts else usual[part])


if __name__ == "__main__":
    main()

"""How much faster the quotations are read when they are compiled, as a ratio in one run; the ledgers must be the same.

Builds a wheel from a copy of the source with ``HATCH_BUILD_HOOK_ENABLE_MYPYC=1`` (needs a C compiler and takes
minutes), and lets both read the articles of ``quotes.py`` in turns.

    python benchmarks/compiled.py
    python benchmarks/compiled.py ARTICLES.jsonl
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "src", "prompts")
TURNS = 5
READ = """
import hashlib, json, sys, time
from newsbridge import pipeline, quotes, reading
texts = json.load(sys.stdin)
pipeline.read_quotes(reading.read_text(texts[0], language="de")[0])
pipeline.settle()
started = time.process_time()
ledgers = [pipeline.read_quotes(reading.read_text(text, language="de")[0])[1] for text in texts]
spent = time.process_time() - started
told = hashlib.sha256(repr(ledgers).encode()).hexdigest()
print(json.dumps([len(texts) / spent, told, quotes.framing.__file__]))
"""


def built(folder: Path) -> Path:
    """Return a folder with the compiled package, built from a copy, so that the source stays as it is."""
    source, target = folder / "source", folder / "installed"
    source.mkdir()
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(source)]
    subprocess.run(command, check=True, env=os.environ | {"HATCH_BUILD_HOOK_ENABLE_MYPYC": "1"})
    return target


def turn(path: Path, texts: str) -> tuple[float, str, str]:
    """Return articles a second, what all ledgers come to, and which file a module was loaded from."""
    environment = os.environ | {"PYTHONPATH": str(path)}
    command = [sys.executable, "-c", READ]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True, env=environment)
    rate, told, file = json.loads(done.stdout)
    return rate, told, file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path, help="JSON lines with a text each; by default the samples")
    given = parser.parse_args().articles
    if given:
        read = [json.loads(line)["text"] for line in given.read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        from quotes import articles

        read = articles()
    texts = json.dumps(read)
    with tempfile.TemporaryDirectory() as name:
        compiled = built(Path(name))
        plain, fast = [], []
        for _ in range(TURNS):
            plain.append(turn(ROOT / "src", texts))
            fast.append(turn(compiled, texts))
    if plain[0][2].endswith(".so") or fast[0][2].endswith(".py"):
        sys.exit(f"these are not what is compared: {plain[0][2]}, {fast[0][2]}; try: make clean")
    if len({told for _, told, _ in plain + fast}) > 1:
        sys.exit("the ledgers differ")
    ratio = statistics.median(one[0] / other[0] for one, other in zip(fast, plain, strict=True))
    print(f"{len(read)} articles, the same ledgers")
    print("interpreted:", ", ".join(f"{rate:.0f}" for rate, _, _ in plain), "articles a second")
    print("compiled:   ", ", ".join(f"{rate:.0f}" for rate, _, _ in fast), "articles a second")
    print(f"compiled is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()

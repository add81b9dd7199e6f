"""How much faster the quotations are read when they are compiled, as a ratio in one run; the ledgers must be the same.

Installs a copy of the source with ``HATCH_BUILD_HOOK_ENABLE_MYPYC=1`` (needs a C compiler and takes
minutes), and lets both read the articles of ``quotes.py`` in turns.

    python benchmarks/compiled.py
    python benchmarks/compiled.py ARTICLES.jsonl
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from quotes import articles, given

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
    if subprocess.run(command, env=os.environ | {"HATCH_BUILD_HOOK_ENABLE_MYPYC": "1"}).returncode:
        sys.exit("the quotation rules could not be compiled; pip says why above; is there a C compiler (cc --version)?")
    return target


def turn(path: Path, texts: str, *, compiled: bool) -> tuple[float, str]:
    """Return articles a second, and what all ledgers come to."""
    environment = os.environ | {"PYTHONPATH": str(path)}
    command = [sys.executable, "-c", READ]
    done = subprocess.run(command, input=texts, capture_output=True, text=True, check=True, env=environment)
    rate, told, file = json.loads(done.stdout)
    if file.endswith(".py") == compiled:
        sys.exit(f"not what is compared: {file}; compiled files in src/ hide the source, try: make clean")
    return rate, told


def main() -> None:
    read = given(__doc__) or articles()
    texts = json.dumps(read)
    with tempfile.TemporaryDirectory() as name:
        installed = built(Path(name))
        plain, fast = [], []
        for _ in range(TURNS):
            plain.append(turn(ROOT / "src", texts, compiled=False))
            fast.append(turn(installed, texts, compiled=True))
    if len({told for _, told in plain + fast}) > 1:
        sys.exit("the ledgers differ")
    ratio = statistics.median(one[0] / other[0] for one, other in zip(fast, plain, strict=True))
    print(f"{len(read)} articles, the same ledgers")
    print("interpreted:", ", ".join(f"{rate:.0f}" for rate, _ in plain), "articles a second")
    print("compiled:   ", ", ".join(f"{rate:.0f}" for rate, _ in fast), "articles a second")
    print(f"compiled is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()

"""kill -9 at many random moments, started again each time: the result is that of a calm run, nothing is done twice."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import articles

NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder but the hidden ones."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".newsbridge" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as place:
        inputs, out, calm, log = (Path(place, name) for name in ("in", "out", "calm", "log"))
        articles.write(inputs, given.articles)

        def command(folder: Path, *more: str) -> list[str]:
            options = ["--model", "echo", "--from", "de", "--workers", "2", "--memory", "none"]
            return [NEWSBRIDGE, "translate", str(inputs), "-o", str(folder), "--format", "json,jsonl", *options, *more]

        started = time.perf_counter()
        subprocess.run(command(calm, "-q"), check=True)
        whole = time.perf_counter() - started
        kills = 0
        while True:
            with log.open("ab") as stream:
                process = subprocess.Popen(command(out, "--log-json"), stderr=stream)
                try:
                    # late enough to get somewhere, and on average early enough for all the kills
                    least = 0.3 + chance.random() * 2 * (whole / given.kills + 2.0)
                    process.wait(least if kills < given.kills else None)
                except subprocess.TimeoutExpired:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    kills += 1
                    continue
            break
        assert process.returncode == 0, log.read_text()[-2000:]
        lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        events = [json.loads(line) for line in lines]
        done = [each["article"] for each in events if each["event"] == "article" and not each["same"]]
        same = tree(out) == tree(calm)
        print(
            f"{given.articles} articles, killed {kills} times: {'the same bytes' if same else 'OTHER BYTES'} as a calm"
        )
        print(f"run; {len(done) - len(set(done))} articles were done again after they were said to be done")
        sys.exit(not (same and len(done) == len(set(done))))


if __name__ == "__main__":
    main()

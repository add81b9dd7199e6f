"""How long a person waits: `--help`, and one article from process start to finished files.

Each is given in seconds (the median of several runs) and as a ratio to a bare `python -c pass` of the same run.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLE = Path(__file__).parent.parent / "samples" / "000_334f0a9f5df88d9b.txt"
NEWSBRIDGE = str(Path(sys.executable).with_name("newsbridge"))
RUNS = 7


def median(command: list[str]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare = median([sys.executable, "-c", "pass"])
        rows = {
            "newsbridge --help": (median([NEWSBRIDGE, "--help"]), 0.15),
            "newsbridge translate, the seed": (median([NEWSBRIDGE, "translate", str(SAMPLE), "-o", folder]), 3.0),
        }
    print(f"{'python -c pass':34} {bare:6.3f} s")
    for name, (seconds, goal) in rows.items():
        print(f"{name:34} {seconds:6.3f} s  {seconds / bare:6.1f} times bare Python  (goal: under {goal} s)")


if __name__ == "__main__":
    main()

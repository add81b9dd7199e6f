"""Articles a second on one core, from text to ledger; goal: 300."""

import time
from pathlib import Path

from newsbridge import pipeline, reading

SAMPLES = Path(__file__).parent.parent / "samples"
ROUNDS = 100


def main() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    pipeline.read_quotes(reading.read_text(texts[0])[0])  # the rules are compiled once
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for text in texts:
            pipeline.read_quotes(reading.read_text(text)[0])
    spent = time.perf_counter() - started
    count, size = ROUNDS * len(texts), ROUNDS * sum(map(len, texts))
    print(f"{count / spent:.0f} articles a second, {size / spent / 1e6:.2f} million code points a second")


if __name__ == "__main__":
    main()

"""Twice the text, how much more time: reading, sections, sentences and quotations; goal: at most 2.3 times."""

import time
from pathlib import Path

from newsbridge import pipeline, reading

SAMPLE = Path(__file__).parent.parent / "samples" / "000_334f0a9f5df88d9b.txt"
SIZE = 1_000_000  # code points; then twice that
GOAL = 2.3


def seconds(text: str) -> float:
    started = time.perf_counter()
    article, _ = reading.read_text(text, language="de")
    pipeline.read_quotes(article)
    return time.perf_counter() - started


def main() -> None:
    article = " ".join(SAMPLE.read_text(encoding="utf-8").split())
    texts = {
        "one paragraph": article + " ",
        "paragraphs": article + "\n\n",
        "nothing but marks": '«„»“"‚‘',
        "nothing but opening marks": "„",
        "one word": "a",
    }
    for name, unit in texts.items():
        text = unit * (SIZE // len(unit))
        once, twice = min(seconds(text) for _ in range(2)), min(seconds(text * 2) for _ in range(2))
        print(
            f"{name:28} {once:6.2f} s per {SIZE / 1e6:.0f} MB, twice the text {twice / once:4.2f} times (goal: {GOAL})"
        )


if __name__ == "__main__":
    main()

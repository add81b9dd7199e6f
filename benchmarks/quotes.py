"""Articles a second on one core, from text to ledger; goal: 300.

No article is read twice: each round gives the people of ``samples/`` other names.  The rate is that of the middle one
of all rounds, so that what else the machine does in between disturbs little.

    python benchmarks/quotes.py                  # the samples, 2,800 code points each
    python benchmarks/quotes.py ARTICLES.jsonl   # articles of your own, one JSON object with "text" a line
"""

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from newsbridge import pipeline, reading

SAMPLES = Path(__file__).parent.parent / "samples"
ROUNDS = 60
GOAL = 300
NAMES = re.compile(
    "Nauer|Paschinjan|Sellin|Ostermeyer|Bielik|Amstalden|Zurwerra|Betschart|Inderbitzi|Kälin|Wendt|Krull"
)
LETTERS = "aeiounrs"


def articles() -> list[str]:
    """Return every sample as often as there are rounds, with other names in each."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("[!R]*.*"))]
    endings = ["".join(LETTERS[int(digit)] for digit in f"{number:03o}") for number in range(ROUNDS)]
    return [NAMES.sub(rf"\g<0>{ending}", text) for ending in endings for text in texts]


def given(about: str | None) -> list[str] | None:
    """Return the articles that the command line names, or None where it names none.

    Args:
        about: What ``--help`` says of the benchmark.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=Path, help="JSON lines with a text each; by default the samples")
    path = parser.parse_args().articles
    if path is None:
        return None
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def seconds(read: Callable[[str], object], texts: list[str], each: int) -> float:
    """Return how long all texts take, ``each`` a round, where every round takes as long as the middle one."""
    rounds = []
    for begin in range(0, len(texts), each):
        started = time.process_time()  # of this process: other work on the machine disturbs it least
        for text in texts[begin : begin + each]:
            read(text)
        rounds.append(time.process_time() - started)
    return statistics.median(rounds) * len(rounds)


def main() -> None:
    named = given(__doc__)
    texts = named or articles()
    each = len(texts) if named else len(texts) // ROUNDS  # one round: articles differ in length, rounds of them too
    ways: dict[str, Callable[[str], object]] = {
        "language told": lambda text: pipeline.read_quotes(reading.read_text(text, language="de")[0]),
        "language recognised": lambda text: pipeline.read_quotes(reading.read_text(text)[0]),
        "sections, sentences": lambda text: pipeline.read_sections(reading.read_text(text, language="de")[0]),
    }
    size = sum(map(len, texts))
    print(f"{len(texts)} articles of {size / len(texts):.0f} code points on the average")
    for name, read in ways.items():
        read(texts[0])  # the rules are compiled once
        pipeline.settle()  # as the command does once it has read articles
        spent = seconds(read, texts, each)
        rate = f"{len(texts) / spent:4.0f} articles a second, {size / spent / 1e6:.2f} million code points a second"
        print(f"{name:20} {rate}" + (f" (goal: {GOAL} articles)" if name == "language told" else ""))


if __name__ == "__main__":
    main()

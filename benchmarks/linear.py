"""Twice the text, how much more time: reading, sections, sentences and quotations; goal: at most 2.3 times.

Each kind of text grows until it takes a second, and is then doubled once more.  Exits with 1 where one misses the goal.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from newsbridge import pipeline, reading

SAMPLE = Path(__file__).parent.parent / "samples" / "000_334f0a9f5df88d9b.txt"
SMALLEST, LARGEST = 25_000, 1_600_000  # code points
ENOUGH = 1.0  # seconds: shorter runs say little about the next twice as long
GOAL = 2.3
TRIES = 3  # as other work on the machine may slow down one of two runs


def seconds(text: str) -> float:
    started = time.process_time()  # of this process alone
    article, _ = reading.read_text(text, language="de")
    pipeline.read_quotes(article)
    return time.process_time() - started


def repeated(unit: str) -> Callable[[int], str]:
    return lambda size: unit * (size // len(unit))


def one_quotation(size: int) -> str:
    return "«" + repeated("Wir bauen noch heute. Das gilt.\n\n")(size) + "Ja», sagte Eva Kern."


def everybody_speaks(size: int) -> str:
    """Introduce somebody in each paragraph, so that there are ever more whom a pronoun may mean."""
    return "".join(itertools.islice(_people(), size // 95))


def _people() -> Iterator[str]:
    for number in itertools.count():
        name = "K" + "".join("aeiounrs"[int(digit)] for digit in f"{number:o}")
        yield f"Ministerin Eva {name} trat zurück. «Ich bin müde», sagte sie. Man habe verloren, so {name}.\n\n"


def main() -> None:
    article = " ".join(SAMPLE.read_text(encoding="utf-8").split())
    texts = {
        "one paragraph": repeated(article + " "),
        "paragraphs": repeated(article + "\n\n"),
        "ever more people": everybody_speaks,
        "one quotation": one_quotation,
        "one sentence": repeated("dass er, sagte Eva Kern, zu spät komme, und "),
        "nothing but frames": repeated("sagte er. "),
        "nothing but marks": repeated('«„»“"‚‘'),
        "nothing but marks and blanks": repeated("« „ » “ \" ‚ ‘ ' "),
        "nothing but pairs": repeated("«a» "),
        "nothing but opening marks": repeated("„"),
        "nothing but closing marks": repeated("“ "),
        "nothing but single marks": repeated("‹ "),
        "one word": repeated("a"),
    }
    missed = [name for name, make in texts.items() if not linear(name, make)]
    sys.exit(1 if missed else 0)


def linear(name: str, make: Callable[[int], str]) -> bool:
    """Measure one kind of text, print what came out, and say whether the goal is reached."""
    size = SMALLEST
    while seconds(make(size)) < ENOUGH and size < LARGEST:
        size *= 2
    for _ in range(TRIES):
        short, long = seconds(make(size)), seconds(make(2 * size))
        if long <= GOAL * short:
            break
    reached = "" if long <= GOAL * short else "  MISSED"
    print(
        f"{name:30} {short:5.2f} s for {size:9,} code points, twice the text {long / short:4.2f} times"
        f" (goal: at most {GOAL}){reached}",
        flush=True,
    )
    return not reached


if __name__ == "__main__":
    main()

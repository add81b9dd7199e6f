"""Articles for measurements: the samples, multiplied with seeded variations so that nothing is cached by accident.

Every article differs from every other, and so does nearly every sentence: in each a noun is replaced by another noun of
the samples; names, figures and weekdays are replaced, paragraphs are left out or change places.  The same numbers give
the same articles.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = [
    "Baumann",
    "Frei",
    "Graf",
    "Huber",
    "Keller",
    "Kunz",
    "Lang",
    "Meier",
    "Moser",
    "Roth",
    "Steiner",
    "Suter",
    "Vogt",
    "Weber",
    "Wyss",
    "Zimmermann",
]
DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
NAME = re.compile(r"\b(?:Amstalden|Betschart|Zurwerra|Nauer|Tokajew)\b")
FIGURE = re.compile(r"(?<![\d.,'-])\d{2,3}(?![\d.,'])")
DAY = re.compile(rf"\b(?:{'|'.join(DAYS)})\b")


NOUN = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{4,}\b")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def texts(count: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield names and texts of ``count`` articles."""
    originals = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt"))]
    for number in range(count):
        yield f"{number % 100:02}/artikel-{number:05}.txt", vary(originals[number % len(originals)], f"{seed}.{number}")


def vary(text: str, seed: str) -> str:
    """Return the article with other names, figures and days, and its paragraphs in another order."""
    chance = random.Random(seed)
    head, *paragraphs = text.split("\n\n")
    if len(paragraphs) > 3:
        del paragraphs[chance.randrange(len(paragraphs))]
        first = chance.randrange(len(paragraphs) - 1)
        paragraphs[first], paragraphs[first + 1] = paragraphs[first + 1], paragraphs[first]
    names: dict[str, str] = {}
    text = "\n\n".join([head, *paragraphs])
    text = NAME.sub(lambda found: names.setdefault(found[0], chance.choice(NAMES)), text)
    text = DAY.sub(lambda found: chance.choice(DAYS), text)
    text = FIGURE.sub(lambda found: str(chance.randrange(10, 999)), text)
    return SENTENCE.sub(lambda found: _other_noun(found[0], chance), text)


def _other_noun(sentence: str, chance: random.Random) -> str:
    """Replace one noun of a sentence."""
    places = list(NOUN.finditer(sentence))
    if not places:
        return sentence
    place = chance.choice(places)
    return sentence[: place.start()] + chance.choice(nouns()) + sentence[place.end() :]


@cache
def nouns() -> list[str]:
    """Return the nouns of the samples, sorted."""
    found = (NOUN.findall(path.read_text(encoding="utf-8")) for path in SAMPLES.glob("*.txt"))
    return sorted({noun for each in found for noun in each})


def write(folder: Path, count: int, seed: int = 7) -> Path:
    """Write ``count`` articles below a folder and return it."""
    for name, text in texts(count, seed):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder

"""Marks taken out of correct pairs and set again by alignment: how many stand round the same words; goal: 95 %.

The pairs are those of ``tests/cases/pairs.json``; or, with a path, of a TSV file (source, target).
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from newsbridge import alignment, languages
from newsbridge.alignment import look
from newsbridge.article import Origin
from newsbridge.engines.registry import translator
from newsbridge.fidelity import foreign, targetmarks
from newsbridge.fidelity.ladder import Draft, Ladder


@dataclass(frozen=True)
class Placement:
    """How many pairs of marks were taken out, set again, and stood where they had stood."""

    taken: int
    set_again: int
    same: int

    def __str__(self) -> str:
        again, same = self.set_again / max(1, self.taken), self.same / max(1, self.set_again)
        return f"{self.taken} pairs of marks taken out; set again {again:.1%}, of these in their place {same:.1%}"


def words(text: str, spans) -> list[list[str]]:
    """Return the words in each pair of marks; a sign that stands by itself is none."""
    return [[look(word) for word in span.of(text).split() if look(word)] for span in spans]


def placement(pairs: Iterable[tuple[str, str]]) -> Placement:
    """Take the marks out of every target that has as many pairs as its source, and set them again."""
    german, english = languages.load("de"), languages.load("en")
    ladder = Ladder(
        translator("echo"), alignment.standard(None, "de", "en"), german, english, lambda side, text: (0, 0)
    )
    drafts, wanted = [], []
    for source, target in pairs:
        side = foreign.side(source, german)
        marked, strays = targetmarks.read(target)
        if side.pairs and not strays and len(marked) == side.pairs:
            bare = "".join(
                letter
                for at, letter in enumerate(target)
                if not any(at in (span.start, span.end - 1) for span in marked)
            )
            drafts.append(Draft(side, bare, Origin.MODEL))
            wanted.append(words(target, marked))
    mended = [(each, quoted) for each, quoted in zip(ladder.align(drafts), wanted, strict=True) if each is not None]
    again = [(words(each.text, targetmarks.read(each.text)[0]), quoted) for each, quoted in mended]
    return Placement(
        sum(map(len, wanted)),
        sum(len(there) for there, _ in again),
        sum(one in there for there, quoted in again for one in quoted),
    )


def main() -> None:
    from mutations import PAIRS

    pairs = [(pair["de"], pair["en"]) for pair in PAIRS]
    if sys.argv[1:]:
        rows = (line.split("\t") for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
        pairs = [(row[0], row[1]) for row in rows if len(row) > 1]
    print(placement(pairs))


if __name__ == "__main__":
    main()

"""Marks taken out of correct pairs and set again by alignment: how many stand round the same words; goal: 95 %.

The pairs are those of ``tests/cases/pairs.json``; or, with a path, of a TSV file (source, target).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from mutations import PAIRS
from newsbridge import alignment, languages
from newsbridge.alignment import look
from newsbridge.article import Origin
from newsbridge.engines.registry import translator
from newsbridge.fidelity import foreign, targetmarks
from newsbridge.fidelity.ladder import Draft, Ladder


def words(text: str, spans) -> list[list[str]]:
    return [[look(word) for word in span.of(text).split()] for span in spans]


def main() -> None:
    pairs = [(pair["de"], pair["en"]) for pair in PAIRS]
    if sys.argv[1:]:
        rows = (line.split("\t") for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
        pairs = [(row[0], row[1]) for row in rows if len(row) > 1]
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
    total = sum(map(len, wanted))
    mended = [(each, quoted) for each, quoted in zip(ladder.align(drafts), wanted, strict=True) if each is not None]
    again = [(words(each.text, targetmarks.read(each.text)[0]), quoted) for each, quoted in mended]
    same = sum(one in there for there, quoted in again for one in quoted)
    number = sum(len(quoted) for _, quoted in mended)
    print(
        f"{total} pairs of marks taken out; set again {number / total:.1%}, of these in their place {same / number:.1%}"
    )


if __name__ == "__main__":
    main()

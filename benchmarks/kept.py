"""The quotations of news sentences through the model that ships: kept, mended, reported, silent.

    python benchmarks/kept.py                  # the quotations of samples/
    python benchmarks/kept.py FILE.tsv         # every sentence with quotation marks in the first column

Goals: every pair of marks is kept or reported, 95 % are kept.  Pairs are counted by ``oracle.py``, which shares nothing
with the package.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import oracle
from newsbridge import fidelity, languages, pipeline, reading
from newsbridge.article import Ledger, Origin, Translation
from newsbridge.engines.registry import translator

SAMPLES = Path(__file__).parent.parent / "samples"
GOAL = 0.95
TOGETHER = 6  # lines that a quotation may run through


def texts(arguments: list[str]) -> list[str]:
    if not arguments:
        return [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("[!R]*.*"))]
    lines = (line.split("\t")[0] for path in arguments for line in Path(path).read_text(encoding="utf-8").splitlines())
    return list(passages(lines))


def passages(lines: Iterable[str]) -> Iterator[str]:
    """Yield every sentence with marks; one whose quotation is closed in a later line, together with those up to it."""
    held: list[str] = []
    for line in lines:
        if held or oracle.count(line):
            held.append(line)
        if held and (sum(map(oracle.count, held)) % 2 == 0 or len(held) == TOGETHER):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def translate(text: str, engine) -> tuple[tuple[Translation, ...], Ledger]:
    article, ledger = pipeline.read_quotes(reading.read_text(text, language="de")[0])
    translations = fidelity.translate(
        article, ledger, engine, language=languages.load("de"), target="en", quote_style="american", n_best=4
    )
    return translations, ledger


def main() -> None:
    engine = translator("embedded")
    pairs = kept = mended = reported = 0
    silent: list[Translation] = []
    for text in texts(sys.argv[1:]):
        translations, ledger = translate(text, engine)
        open_ = len(ledger.findings)  # marks without partner in the German: reported as such
        for each in translations:
            wanted = (oracle.count(each.text) + 1) // 2
            found = sum(finding.kind.value.startswith("quote") for finding in each.findings)
            missing = oracle.pairs_lost(each.text, each.target)
            gone = min(wanted, max(missing, found))
            said = found + (open_ if missing > found else 0)
            pairs += wanted
            reported += min(gone, said)
            kept += wanted - gone
            mended += (wanted - gone) * (each.origin in (Origin.ALIGN, Origin.SPLIT))
            if gone > said or (not said and oracle.moved(each.text, each.target)):
                silent.append(each)
    print(
        f"{pairs} pairs: kept {kept} ({kept / pairs:.1%}; goal: {GOAL:.0%}), {mended} of them mended; "
        f"reported {reported}; silent, or moved as far as can be seen: {len(silent)} (goal: 0)"
    )
    for each in silent:
        print(f"\n  de  {each.text}\n  en  {each.target}  ({each.origin}; {oracle.moved(each.text, each.target)})")


if __name__ == "__main__":
    main()

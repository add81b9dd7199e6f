"""Real engines' outputs: what became of every pair of marks, and how often the checks cry wolf at human translations.

    python benchmarks/outputs.py FILE.tsv[.gz] --half odd --others 300
    python benchmarks/outputs.py FILE.tsv --show silent          # or a kind of finding: a sample to read
    python benchmarks/outputs.py FILE.tsv --show figure-lost --sample 50 --seed 1

FILE has a line of column names, tab-separated: ``source`` (German), ``reference`` (a human's English; may be missing),
and a column for each engine; ``set`` and ``line`` are not looked at.  Marks that were lost or moved are counted by
``oracle.py``, which shares nothing with the checks: "silent" is what it sees and no finding says.
"""

import argparse
import csv
import gzip
import random
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import oracle
from marks import placement
from newsbridge import alignment, languages
from newsbridge.article import Finding, Origin
from newsbridge.engines import Hypothesis
from newsbridge.engines.echo import Echo
from newsbridge.fidelity import dressed, foreign
from newsbridge.fidelity.ladder import Ladder
from newsbridge.fidelity.style import house

BESIDE = ("set", "line", "source")
REFERENCE = "reference"
GOALS = {"figure": 0.02, "name": 0.03, "quote": 0.01, "any": 0.08}  # segments of human references with a false alarm


class Nobody(Echo):
    """Stands for an engine that cannot be asked again: its outputs are all there is."""

    def translate(self, requests):
        return [(Hypothesis("", 0.0),) for _ in requests]


@dataclass(frozen=True)
class Case:
    """A sentence with one engine's output, and what was found."""

    source: str
    target: str
    findings: tuple[Finding, ...]

    @property
    def families(self) -> set[str]:
        return {each.kind.value.split("-")[0] for each in self.findings}

    @property
    def quote_findings(self) -> int:
        return sum(each.kind.value.startswith("quote") for each in self.findings)

    @property
    def lost(self) -> int:
        return oracle.pairs_lost(self.source, self.target)

    @property
    def silent(self) -> int:
        """Pairs that were lost, and (as one) marks that seem moved, without a finding of their own."""
        if not self.lost:
            return int(oracle.moved(self.source, self.target) is not None and not self.quote_findings)
        return max(0, self.lost - self.quote_findings)


def read(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [{name: unicodedata.normalize("NFC", text or "") for name, text in row.items() if name} for row in rows]


def check(pairs: list[tuple[str, str]]) -> list[Case]:
    """Check pairs as ``newsbridge check`` does."""
    return [Case(*pair, found) for pair, found in zip(pairs, foreign.check(pairs), strict=True)]


def climb(cases: list[Case]) -> list[tuple[Case, bool]]:
    """Take outputs up the ladder, as far as an engine that cannot be asked again allows.

    Returns:
        Each as it is then, checked again, and whether its marks were set by alignment.
    """
    german, english = languages.load("de"), languages.load("en")
    ladder = Ladder(Nobody(), alignment.standard(None, "de", "en"), german, english, lambda side, text: (0, 0))
    sides = [foreign.side(case.source, german) for case in cases]
    drafts = ladder.climb(sides, [[Hypothesis(case.target, 0.0)] for case in cases])
    texts = [dressed(draft.side, draft.text, house("american", "")) for draft in drafts]
    after = check([(case.source, text) for case, text in zip(cases, texts, strict=True)])
    return [(case, draft.origin is Origin.ALIGN) for case, draft in zip(after, drafts, strict=True)]


def tell_marks(engine: str, cases: list[Case]) -> list[Case]:
    """Print what became of the marks of an engine's outputs, and return the silent cases."""
    quoted = [case for case in cases if oracle.count(case.source)]
    lost = [case for case in quoted if case.lost]
    moved = [case for case in quoted if not case.lost and oracle.moved(case.source, case.target)]
    after = climb(lost)
    pairs, mendable = sum(case.lost for case in lost), sum(oracle.mendable(case.source, case.target) for case in lost)
    mended = silent = 0
    for case, (then, aligned) in zip(lost, after, strict=True):
        mended += max(0, case.lost - max(then.lost, then.quote_findings)) * aligned
        silent += then.silent
    print(
        f"{engine:12} {len(quoted):6} {sum((oracle.count(case.source) + 1) // 2 for case in quoted):6}"
        f" {pairs:6} {sum(case.silent for case in lost):7} {mendable:9} {mended:5} {mended / max(1, mendable):6.1%}"
        f" {pairs - mended - silent:9} {silent:7} {len(moved):7} {sum(not case.silent for case in moved):9}"
        f" {sum(case.silent for case in moved):7}"
    )
    return [case for case in quoted if case.silent] + [then for then, _ in after if then.silent]


def tell_alarms(name: str, cases: list[Case]) -> None:
    """Print in how many segments of human translations there is a finding, family by family."""
    if not cases:
        return
    counted = Counter(family for case in cases for family in case.families)
    counted["any"] = sum(bool(case.findings) for case in cases)
    real = sum("quote" in case.families and bool(_real(case)) for case in cases)
    counted["quote"] -= real
    counted["any"] -= sum(case.families == {"quote"} and bool(_real(case)) for case in cases)
    print(f"{name}: {len(cases)} segments; of {real} more the marks do differ in number")
    for family, number in sorted(counted.items(), key=lambda each: -each[1]):
        goal = f"  (goal: {GOALS[family]:.0%})" if family in GOALS else ""
        print(f"  {family:10} {number:5} {number / len(cases):6.1%}{goal}")


def _real(case: Case) -> bool:
    """Say whether a reference has other marks than its source, as everybody can count."""
    return bool(case.lost or oracle.lost(case.target, case.source))


def show(cases: list[tuple[str, Case]], kind: str, sample: int, seed: int) -> None:
    """Print cases with a kind of finding, or silent ones, for a reader."""
    if kind == "silent":
        chosen = [(engine, case, None) for engine, case in cases]
    else:
        chosen = [(engine, case, found) for engine, case in cases for found in case.findings if found.kind == kind]
    total = len(chosen)
    if len(chosen) > sample:
        chosen = random.Random(seed).sample(chosen, sample)
    print(f"\n{kind}: {len(chosen)} of {total}")
    for number, (engine, case, found) in enumerate(chosen, start=1):
        print(f"\n{number}. {engine}\n   de  {case.source}\n   en  {case.target}")
        if found is not None:
            print(f"   →   {found.message}")
        elif why := oracle.moved(case.source, case.target):
            print(f"   ?   moved: {why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the outputs, TSV or TSV in gzip")
    parser.add_argument("--half", choices=("even", "odd"), help="only rows of even or odd number, from 0")
    parser.add_argument("--others", type=int, default=300, help="sentences without marks to check too (300)")
    parser.add_argument("--limit", type=int, help="as many sentences with marks at most")
    parser.add_argument(
        "--show", default="", metavar="KIND", help="print a sample of this kind of finding, or `silent`"
    )
    parser.add_argument("--sample", type=int, default=50, help="how many to print (50)")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn (1)")
    options = parser.parse_args()

    rows = read(options.file)
    if options.half:
        rows = rows[options.half == "odd" :: 2]
    draw = random.Random(options.seed)
    quoted = [row for row in rows if oracle.count(row["source"])]
    plain = [row for row in rows if not oracle.count(row["source"])]
    if options.limit is not None and len(quoted) > options.limit:
        quoted = draw.sample(quoted, options.limit)
    others = draw.sample(plain, min(options.others, len(plain)))
    engines = [name for name in rows[0] if name not in (*BESIDE, REFERENCE)]

    if not options.show:
        print(
            "                             as it came  taken up the ladder (goal: 80%)            as it came\n"
            "engine       quoted  pairs   lost  silent  mendable   mended    reported  silent  moved?  reported  silent"
        )
    seen: list[tuple[str, Case]] = []
    every: list[tuple[str, Case]] = []
    for engine in engines:
        cases = check([(row["source"], row[engine]) for row in (*quoted, *others)])
        every += [(engine, case) for case in cases]
        if not options.show or options.show == "silent":
            seen += [(engine, case) for case in tell_marks(engine, cases)]
    if options.show:
        show(seen if options.show == "silent" else every, options.show, options.sample, options.seed)
        return
    print()
    for engine in engines:
        print(f"{engine:12} {placement((row['source'], row[engine]) for row in quoted)}")
    if REFERENCE in rows[0]:
        print()
        for name, some in (("references with marks", quoted), ("references without", others)):
            tell_alarms(name, check([(row["source"], row[REFERENCE]) for row in some]))


if __name__ == "__main__":
    main()

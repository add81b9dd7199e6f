"""Correct pairs broken in every way a check claims to find, and how many of them it finds; goal: 97 % of each kind.

The pairs are our own: ``tests/cases/pairs.json``.  Each mutation breaks every pair it can be made of.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from mutations import MUTATIONS, PAIRS, found


def main() -> None:
    clean = found([(pair["de"], pair["en"]) for pair in PAIRS])
    print(f"{len(PAIRS)} correct pairs, {sum(bool(each) for each in clean)} of them with a finding")
    for name, (mutate, kinds) in MUTATIONS.items():
        broken = [(pair["de"], target) for pair in PAIRS for target in mutate(pair)]
        sources = len({source for source, _ in broken})
        seen = sum(bool(kinds & {finding.kind for finding in each}) for each in found(broken))
        print(f"{name:34} {seen:4} of {len(broken):4}  {seen / len(broken):6.1%}  ({sources} pairs)")


if __name__ == "__main__":
    main()

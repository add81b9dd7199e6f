"""From corpora to what is learnt from: normalised, filtered, without doubles and test sentences, augmented."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training import TrainingError
from training.augment import augment
from training.corpus import Pair, fault, held_out, read, tidy, write
from training.recipe import Recipe

PAIRS = "pairs.tsv"


@dataclass
class Tally:
    """What became of the pairs: kept and made ones by tag, dropped ones by tag and reason."""

    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Return one line per tag, the most pairs first."""
        tags = sorted({*self.kept, *(tag for tag, _ in self.dropped)}, key=lambda tag: (-self.kept[tag], tag))
        return [f"{tag:20} {self.kept[tag]:>9,} kept{self._reasons(tag)}" for tag in tags]

    def _reasons(self, tag: str) -> str:
        of_tag = Counter({reason: count for (owner, reason), count in self.dropped.items() if owner == tag})
        return "".join(f", {count:,} {reason}" for reason, count in of_tag.most_common())


def prepare(
    corpora: Sequence[Path],
    data: Path,
    recipe: Recipe,
    *,
    tests: Sequence[Path] = (),
    seed: int = 1,
    say: Callable[[str], None] = print,
) -> Tally:
    """Write ``pairs.tsv`` into the data folder.

    Args:
        corpora: See :mod:`training.corpus`; a tag the recipe has no number for is left out.
        data: A folder, made if need be.
        recipe: Which tags are used, and how often pairs are made out of pairs.
        tests: Test sets, German in the first column: their sentences are taken out of every corpus.
        seed: The same corpora and seed give the same file.
        say: Called with one line per corpus.

    Raises:
        TrainingError: if a corpus cannot be read, or nothing is left.
    """
    tally, forbidden = Tally(), held_out(tests)
    wanted, seen = recipe.tags(), set[tuple[str, str]]()
    pairs: list[Pair] = []
    for path in corpora:
        before = len(pairs)
        for pair in map(tidy, read(path)):
            reason = "not in the recipe" if pair.tag not in wanted else fault(pair)
            reason = reason or ("in a test set" if pair.source in forbidden else None)
            if not reason and (pair.source, pair.target) in seen:
                reason = "double"
            if reason:
                tally.dropped[pair.tag, reason] += 1
                continue
            seen.add((pair.source, pair.target))
            tally.kept[pair.tag] += 1
            pairs.append(pair)
        say(f"{path}: {len(pairs) - before:,} pairs")
    if not pairs:
        raise TrainingError("no pair is left to learn from", "look at the reasons above, and at the tags in the recipe")
    made = list(augment([pair for pair in pairs if pair.tag in recipe.augmented], recipe.rates, random.Random(seed)))
    tally.kept.update(Counter(pair.tag for pair in made))
    data.mkdir(parents=True, exist_ok=True)
    write(data / PAIRS, (pair for group in (pairs, made) for pair in group))
    return tally


def pairs_of(data: Path) -> list[Pair]:
    """Read the pairs of a data folder.

    Raises:
        TrainingError: if it was not prepared.
    """
    if not (data / PAIRS).is_file():
        raise TrainingError(f"there is no {data / PAIRS}", f"run python -m training prepare … -o {data} first")
    return list(read(data / PAIRS))

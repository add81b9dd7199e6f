"""The recipe: which corpora in which proportions, in which phases, into a model of which size."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from training import TrainingError
from training.augment import Rates

T = TypeVar("T")
RECIPE = Path(__file__).parent / "recipe.toml"
SCHEDULES = ("inverse-root", "linear")


@dataclass(frozen=True, slots=True)
class Size:
    """A Marian model: vector width, width inside the feed-forward layers, heads, and layers on either side."""

    width: int
    inner: int
    heads: int
    encoder: int
    decoder: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the training: the highest rate, how it falls, warm-up in updates, and how often each tag is seen."""

    name: str
    rate: float
    schedule: str
    warmup: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What recipe.toml says."""

    pieces: int
    piece_shares: Mapping[str, float]
    augmented: frozenset[str]
    rates: Rates
    phases: Mapping[str, Phase]
    sizes: Mapping[str, Size]
    translated: Mapping[str, float]  # the part of each tag that teachers translate

    def tags(self) -> frozenset[str]:
        """Return the tags any phase uses."""
        return frozenset(tag for phase in self.phases.values() for tag, share in phase.shares.items() if share > 0)

    def phase(self, name: str) -> Phase:
        """Return a phase; raise TrainingError, naming those there are, if it is none."""
        return _known(self.phases, name, "phase")

    def size(self, name: str) -> Size:
        """Return a size; raise TrainingError, naming those there are, if it is none."""
        return _known(self.sizes, name, "size")


def load(path: Path = RECIPE) -> Recipe:
    """Read a recipe.

    Raises:
        TrainingError: if it cannot be read, or something is missing, too much or of the wrong kind.
    """
    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        augmented = said["augment"]
        recipe = Recipe(
            pieces=int(said["vocabulary"]["pieces"]),
            piece_shares=said["vocabulary"]["shares"],
            augmented=frozenset(augmented.pop("tags")),
            rates=Rates(**augmented),
            phases={name: Phase(name, **phase) for name, phase in said["phases"].items()},
            sizes={name: Size(**size) for name, size in said["sizes"].items()},
            translated=said["translate"],
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"the recipe {path} cannot be used: {error!r}", f"compare it with {RECIPE}") from None
    for phase in recipe.phases.values():
        if phase.schedule not in SCHEDULES:
            raise TrainingError(
                f"the recipe {path} has the schedule {phase.schedule!r} for {phase.name}",
                f"a schedule is one of {', '.join(SCHEDULES)}",
            )
    return recipe


def _known(there: Mapping[str, T], name: str, kind: str) -> T:
    if name not in there:
        raise TrainingError(f"the recipe has no {kind} {name!r}", f"it has {', '.join(there)}")
    return there[name]

"""How much a summary says: sentences, points, words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

POINTS = ((20, 5), (10, 4), (5, 3), (3, 2), (1, 1))  # from so many sentences on, so many points
TWO_SENTENCES = 4  # a section of so many gets two


@dataclass(frozen=True, slots=True)
class Style:
    """What an editor asks for.

    ``name`` is brief, wire (shorter) or explainer (longer); ``length`` is how many sentences a section gets at most,
    ``points`` how many points the brief has at most; None leaves it to the style.
    """

    name: str = "brief"
    length: int | None = None
    points: int | None = None

    @property
    def words(self) -> int:
        """How many words a sentence should have at most."""
        return {"wire": 22, "explainer": 40}.get(self.name, 30)

    @property
    def headline(self) -> int:
        """How many words the headline should have at most."""
        return {"wire": 9, "explainer": 14}.get(self.name, 12)

    def section_sentences(self, lines: int) -> int:
        """Return how many sentences a section of so many sentences gets."""
        usual = 2 if lines >= TWO_SENTENCES else 1
        styled = {"wire": 1, "explainer": usual + (lines >= 3 * TWO_SENTENCES)}.get(self.name, usual)
        return max(1, min(self.length or styled, lines))

    def brief_points(self, lines: int) -> int:
        """Return how many points the brief of an article of so many sentences has."""
        usual = next((points for least, points in POINTS if lines >= least), 0)
        styled = {"wire": min(3, usual), "explainer": usual + (lines >= 2 * POINTS[0][0])}.get(self.name, usual)
        return min(self.points or styled, lines)

    def document(self) -> Mapping[str, Any]:
        """Return what the record says of it: only what is not usual."""
        said = {"style": self.name, "summary_length": self.length, "points": self.points}
        return {name: value for name, value in said.items() if value not in (None, "brief")}

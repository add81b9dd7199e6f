"""Frames: who is said to say something, and by which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Match
from newsbridge.quotes.phrases import Phrase


class How(StrEnum):
    """The rule that named a speaker; what ``--explain`` shows."""

    VERB = "verb"  # "sagte die Ministerin", "die Ministerin sagte"
    AS = "as"  # "wie die Ministerin sagte"
    SO = "so"  # "so die Ministerin"
    ACCORDING = "according"  # "laut einer Studie", "der Polizei zufolge"
    STATEMENT = "statement"  # "nach Angaben der Polizei", "Kühns Einschätzung nach"
    NOUN = "noun"  # "der Vorwurf der Opposition, …", "sie ist der Meinung, …"
    FOR = "for"  # "für die Ministerin ist das …": no frame of speech, yet whose view it is
    BACK = "back"  # "…, wonach …", "Demnach …"


@dataclass(slots=True, eq=False)
class Frame:
    """A cue and its speaker in one line; ``at`` are the items of the cue."""

    how: How
    at: tuple[int, ...]
    speaker: Phrase | None
    clause: Clause
    match: Match | None = None
    medium: Phrase | None = None
    passive: bool = False
    reach: int = 0  # the item behind a statement: "seiner Zählung nach", "nach seiner Zählung"
    finite: int = -1  # the finite verb of a verb's clause
    plural: bool | None = None  # whether that verb is plural
    folds: tuple[str, ...] = ()  # casefolded words of a verb's clause

    @property
    def start(self) -> int:
        """The first item of cue and speaker."""
        return min(self.at[0], self.speaker.start) if self.speaker else self.at[0]

    @property
    def end(self) -> int:
        """The item behind cue and speaker."""
        return max(self.at[-1] + 1, self.speaker.end if self.speaker else 0, self.reach)

    @property
    def inverted(self) -> bool:
        """Whether it stands behind what it reports: "…, sagte Kühn"."""
        return self.how is How.VERB and self.clause.inverted

    @property
    def embedded(self) -> bool:
        """Whether its own clause depends on another one: "der sagte", "nachdem er gesagt hatte"."""
        return self.clause.kind is not ClauseKind.MAIN


@dataclass(slots=True)
class Parsed:
    """A line with its clauses and frames."""

    clauses: tuple[Clause, ...]
    frames: tuple[Frame, ...]


NOTHING = Parsed((), ())

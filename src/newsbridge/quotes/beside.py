"""Beside the marks: which frame stands next to a pair, shares its clause, or is the nearest of its sentence."""

from __future__ import annotations

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.words import Words

APART = (ClauseKind.RELATIVE, ClauseKind.ASIDE)  # what stands outside of them is said by somebody else as a rule


class Beside:
    """Finds the frames round a pair of marks."""

    def __init__(self, lexicon: Lexicon, known: Words, mood: Mood) -> None:
        self.lexicon, self.known, self.mood = lexicon, known, mood

    def near(self, line: Line, item: int, parsed: Parsed) -> Frame | None:
        """Return the frame beside a pair: "…", sagte er; er sagte: "…"; mit den Worten "…"."""
        after = item + 1
        if after < len(line.words) and line.words[after] in (",", "–"):
            after += 1
        best = None
        for frame in parsed.frames:
            if frame.how is How.VERB and frame.clause.inverted and frame.clause.start == after:
                if item and line.words[item - 1] == ":" and (self._nobody(frame) or self._relays(frame)):
                    return self._before_colon(line, item, parsed) or frame  # "Kühn wehrte ab: «…», hiess es"
                return best if best is not None and frame.match is None else frame
            if self._follows(frame, item):
                return frame
            called = frame.match is not None and frame.match.verb.klass == "call"
            if frame.how is How.AS and frame.clause.start == after and not called:
                return frame
            if frame.how in (How.SO, How.ACCORDING, How.STATEMENT) and frame.start == after:
                best = frame if frame.how is How.SO else best or frame
            if frame.how in (How.ACCORDING, How.STATEMENT) and frame.end == item:
                best = best or frame  # "laut Kühn «ein Skandal»"
        if best is not None:
            return best
        if item and line.words[item - 1] == ":":
            return self._before_colon(line, item, parsed)
        comma = item > 1 and line.words[item - 1] == ","
        for frame in parsed.frames:
            if frame.how is not How.VERB or frame.match is None or frame.match.verb.klass != "say" or frame.embedded:
                continue
            if comma and frame.at[-1] == item - 2:
                return frame  # "und sagte, «Ihr könnt nichts!»"
            if frame.end == item and (line.capitals[item - 1] or line.folds[item - 1] in self.known.pronouns):
                return frame
        return None

    def felt(self, line: Line, frame: Frame) -> bool:
        """Say whether a noun frame is itself reported: "Bär sagte, die Leute seien besorgt: «…»"."""
        return frame.how is How.NOUN and frame.finite >= 0 and line.folds[frame.finite] in self.mood.strong

    def _nobody(self, frame: Frame) -> bool:
        """Say whether a frame leaves out who says it: "hiess es"."""
        return self.says_it(frame) and frame.speaker is None

    def _relays(self, frame: Frame) -> bool:
        """Say whether a frame is a medium's, which tells what somebody said: "Kühn sagte: «…», berichtet der Bote"."""
        return frame.match is not None and frame.match.verb.lemma in self.lexicon.relaying

    def says_it(self, frame: Frame) -> bool:
        """Say whether a frame has a verb that nobody needs to be the subject of: "hiess es"."""
        return frame.match is not None and frame.match.verb.lemma in self.lexicon.saying_it

    def _before_colon(self, line: Line, item: int, parsed: Parsed) -> Frame | None:
        """Return the frame in front of the colon before a pair."""
        before = [frame for frame in parsed.frames if frame.end <= item and frame.how is not How.BACK]
        named = [frame for frame in before if frame.speaker is not None and frame.how is not How.ACCORDING]
        named = [frame for frame in named if not self._circumstance(line, frame)] or named
        last = max((each.end for each in parsed.clauses if each.end < item and each.kind not in APART), default=0)
        named = [frame for frame in named if not self._apart_from(frame, last)] or named
        named = [frame for frame in named if not (self.felt(line, frame) or self._told_itself(line, frame))] or named
        if named:
            verbs = [frame for frame in named if frame.clause is named[-1].clause and frame.how is not How.NOUN]
            return (verbs or named)[-1]
        before = [frame for frame in before if frame.speaker is not None or not frame.embedded]
        return before[-1] if before else None

    def _apart_from(self, frame: Frame, last: int) -> bool:
        """Say whether a clause set apart says nothing of what stands behind a colon: "…, die er Heimat nennt: «…»"."""
        if frame.clause.kind not in APART:
            return False
        return frame.clause.end <= last or (frame.match is not None and frame.match.verb.klass == "call")

    def _told_itself(self, line: Line, frame: Frame) -> bool:
        """Say whether a frame is part of what another one reports: "…, dass es die Firma sei, die das anweise: «…»"."""
        if frame.match is None or frame.match.verb.klass == "say" or frame.finite < 0:
            return False
        return line.folds[frame.finite] in self.mood.strong

    def _circumstance(self, line: Line, frame: Frame) -> bool:
        """Say whether a frame stands in a clause of reason or time: "…, warum man sich entschieden hat: «…»"."""
        if frame.clause.kind is not ClauseKind.SUBORDINATE:
            return False
        opener = line.folds[frame.clause.items[0]]
        if opener in self.known.contrasting and line.words[frame.clause.end : frame.clause.end + 1] == [":"]:
            return False
        return opener not in self.lexicon.phrases["that"] and frame.how is not How.AS

    def _follows(self, frame: Frame, item: int) -> bool:
        """Say whether the verb of a frame stands right behind the marks, and its subject behind it."""
        if frame.how is not How.VERB or frame.match is None or frame.finite != item + 1:
            return False
        return "after" in frame.match.verb.takes and (frame.speaker is None or frame.speaker.start > item)

    def same(self, item: int, clause: Clause | None, parsed: Parsed) -> Frame | None:
        """Return a frame in the clause of a pair."""
        if clause is None:
            return None
        mine = [frame for frame in parsed.frames if frame.clause is clause]
        calls = any(each.speaker and each.match and each.match.verb.klass == "call" for each in mine)
        mine.sort(
            key=lambda frame: (
                frame.speaker is None,
                frame.how is How.NOUN,
                calls and frame.how is How.ACCORDING,  # "laut «Tagblatt» sprach Kühn von «…»"
                abs(frame.at[0] - item),
            )
        )
        return mine[0] if mine else None

    def nearest(self, line: Line, item: int, parsed: Parsed) -> Frame | None:
        """Return the nearest frame of the line that names somebody."""
        nobody = self.known.nobody
        named = [each for each in parsed.frames if each.speaker and line.folds[each.speaker.start] not in nobody]
        apart = [at for at, word in enumerate(line.words) if word == ";"]
        named = [
            each for each in named if not any(each.at[0] < at < item or item < at < each.at[0] for at in apart)
        ] or named
        return min(
            named,
            key=lambda frame: (
                frame.how is How.FOR,
                frame.clause.kind in APART,
                min(abs(frame.at[0] - item), abs(frame.at[-1] - item)),
            ),
            default=None,
        )

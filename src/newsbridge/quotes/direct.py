"""Direct quotations: which pairs of marks hold speech, which parts are one utterance, and who speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsbridge.article import QuoteKind, Speaker
from newsbridge.quotes.beside import Beside
from newsbridge.quotes.carriers import carrier
from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.conjugation import FormKind
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.framing import parse
from newsbridge.quotes.lines import Line
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.mouths import Mouths
from newsbridge.quotes.reported import Told
from newsbridge.quotes.sights import ENDS, Sight
from newsbridge.quotes.speech import WEAK, Judge
from newsbridge.quotes.traits import ACRONYM, MOOD
from newsbridge.quotes.voices import Voices
from newsbridge.spans import Span

TAIL = 4  # words between a claim and the clause that spells it out: "wies Kühns Behauptung zurück, dass …"


@dataclass(slots=True, eq=False)
class Found:
    """A quotation before it has its number."""

    kind: QuoteKind
    spans: tuple[Span, ...]
    contents: tuple[Span, ...]
    partial: bool
    speaker: Speaker | None
    cue: Span | None = None
    medium: Span | None = None
    line: int = 0


class Quoted:
    """Reads the pairs of marks of an article, line by line."""

    def __init__(self, voices: Voices, judge: Judge, mood: Mood) -> None:
        self.voices, self.judge, self.mood = voices, judge, mood
        self.page, self.known = voices.page, voices.known
        self.mouths = Mouths(voices, mood)
        self.beside = Beside(voices.lexicon, voices.known, mood)

    def quotations(
        self, number: int, parsed: Parsed, told: Sequence[Told], *, after: Pair | None, voiced: bool
    ) -> Iterator[tuple[Found, Frame | None]]:
        """Yield the direct quotations of one line with the frames that name their speakers.

        Args:
            number: The line.
            parsed: Its clauses and frames.
            told: What its frames report.
            after: A pair that began in a line before; it is left out.
            voiced: Whether somebody spoke in the line before.
        """
        line = self.page.lines[number]
        previous: tuple[Found, Frame | None] | None = None
        previous_item = -1
        seen = [
            self._look(line, item, pair, parsed, told, voiced)
            for item, pair in enumerate(line.pairs)
            if pair is not None and pair is not after
        ]
        verdicts = self.judge.verdicts([sight for sight, _ in seen])
        for (sight, frame), speaks in zip(seen, verdicts, strict=True):
            item, pair = sight.item, sight.pair
            behind = self._behind(number, pair) if len(pair.spans) > 1 and sight.near is None else None
            if behind is not None:
                if previous is not None:
                    yield previous
                    previous = None
                yield behind, None
                continue
            if not speaks:
                continue
            if previous is not None and self._goes_on(line, previous_item, item, parsed):
                one = previous[0]
                previous = (
                    replace(one, spans=(*one.spans, *pair.spans), contents=(*one.contents, *pair.contents)),
                    previous[1],
                )
            else:
                if previous is not None:
                    yield previous
                previous = self._utterance(number, sight, frame, previous, parsed), frame
            previous_item = item
        if previous is not None:
            yield previous

    def _behind(self, number: int, pair: Pair) -> Found | None:
        """Return a quotation of several paragraphs whose frame stands behind its end, in a later line."""
        for later in range(number + 1, len(self.page.lines)):
            line = self.page.lines[later]
            if line.span.end <= pair.spans[-1].start:
                continue
            item = line.index(pair)
            if item is None:
                return None
            frame = self.beside.near(line, item, parse(line, self.voices.lexicon, self.known))
            if frame is None or frame.speaker is None or frame.start < item:
                return None
            cue = line.cover(frame.at[0], frame.at[-1] + 1)
            speaker = self.voices.of(later, frame)
            return Found(QuoteKind.DIRECT, pair.spans, pair.contents, False, speaker, cue, line=number)
        return None

    def _look(
        self, line: Line, item: int, pair: Pair, parsed: Parsed, told: Sequence[Told], voiced: bool
    ) -> tuple[Sight, Frame | None]:
        """Gather what is known about a pair, and the frame that names its speaker."""
        clause = next((each for each in parsed.clauses if item in each.items), None)
        near = self.beside.near(line, item, parsed)
        covering = sorted(
            (each for each in told if each.covers(item)),
            key=lambda each: (each.frame.how is How.NOUN and not self._owned(line, each.frame), each.size),
        )
        within = self._claimed(line, item, clause, parsed) or self._covering(line, covering)
        if (
            within is not None
            and near is not None
            and near.inverted
            and not any(each.frame is near for each in covering)
        ):
            near = None if any(each.frame is near for each in told) else near  # "Auf den Vorwurf, …, sagte sie, dass …"
        same = self.beside.same(item, self._host(item, clause, parsed), parsed)
        mood = (
            clause is not None
            and line.every & MOOD > 0
            and self.mood.subjunctive(line.folds[at] for at in clause.items)
        )
        whole = self._whole(line, item)
        told_line = not self.mood.strong.isdisjoint(line.folds)
        named = near is not None and near.speaker is not None
        written = None if named else carrier(line, item, parsed.clauses, self.voices.lexicon, self.known)
        sight = Sight(line, item, pair, clause, near, within, same, mood, told_line, whole, voiced, written)
        return sight, self._frame(sight, parsed)

    def _host(self, item: int, clause: Clause | None, parsed: Parsed) -> Clause | None:
        """Return the clause of a pair; of one alone in brackets, the clause in front: "ärgerte sich («…»), aber …"."""
        if clause is None or clause.kind is not ClauseKind.ASIDE or len(clause.items) > 1:
            return clause
        return next((each for each in parsed.clauses if item - 2 in each.items), clause)

    def _covering(self, line: Line, covering: Sequence[Told]) -> Frame | None:
        """Return the frame nearest round a pair that names somebody: "sagte, man könne fragen, ob «…»"."""
        for each in covering:
            who = each.frame.speaker
            if who is None or line.folds[who.start] not in self.known.nobody:
                return each.frame
        return covering[0].frame if covering else None

    def _claimed(self, line: Line, item: int, clause: Clause | None, parsed: Parsed) -> Frame | None:
        """Return a claim that a clause of quoted words spells out: "Kühns Behauptung, dass «…»"."""
        if clause is None or not 0 <= item - clause.start <= 1:
            return None
        said = [
            each.clause for each in parsed.frames if self.beside.says_it(each)
        ]  # "In einer Erklärung der Polizei heisst es"
        claims = (each for each in parsed.frames if 0 < clause.start - each.end < TAIL and self._owned(line, each))
        return next((each for each in claims if each.clause not in said), None)

    def _owned(self, line: Line, frame: Frame) -> bool:
        """Say whether a frame is a claim, and whose it is stands beside it."""
        who, at = frame.speaker, frame.at[0]
        if frame.how is not How.NOUN or who is None:
            return False
        return who.end == at or (
            who.start in (at + 1, at + 2) and line.folds[at + 1] in self.known.genitive | self.known.of
        )

    def _frame(self, sight: Sight, parsed: Parsed) -> Frame | None:
        """Return the frame that names whose words a pair of marks holds."""
        near, within, same = sight.near, sight.within, sight.same
        colon = near is not None and near.end == sight.item - 1 and sight.line.words[near.end] == ":"
        told = near is not None and (
            (near.end == sight.item and self._told_of(near, sight, says=True))
            or (colon and sight.voiced and self._told_of(near, sight))
        )
        if near is not None and near.how is How.SO and within is not None and near is not within and not sight.whole:
            told_by = within.match is not None and within.match.verb.klass == "say" and within.speaker is not None
            if told_by and sight.item != within.clause.items[-1] and self._medium(sight.line, near):
                return replace(within, medium=near.speaker)  # "Kühn sagte, das sei ein «Erfolg», so die AP"
        voice = self._carried(near, same, sight, parsed) if near is not None else None
        if voice is not None and near is not None:
            return replace(voice, medium=near.speaker)
        if near is not None and not told:
            return near
        if same is not None and same is not within and same.speaker is not None:
            called = same.match is not None and same.match.verb.klass == "call"
            if called or same.how in (How.SO, How.ACCORDING, How.STATEMENT):
                return same
        if within is None and same is not None and self._told_of(same, sight):
            return None
        nearest = within or same or self.beside.nearest(sight.line, sight.item, parsed)
        if nearest is not None and (
            self.beside.felt(sight.line, nearest)
            or (nearest.how is How.VERB and self._told_of(nearest, sight, silent=True))
        ):
            others = (each for each in parsed.frames if each.speaker is not None and not self._told_of(each, sight))
            return next(others, None if sight.voiced else nearest)  # "Die Studie zeige, «dass …»"
        return nearest

    def _carried(self, near: Frame, same: Frame | None, sight: Sight, parsed: Parsed) -> Frame | None:
        """Return who speaks where the frame behind the marks names the medium: "Kühn nannte das «Unsinn», meldet …"."""
        line, medium = sight.line, near.speaker
        if medium is None or not (near.how is How.ACCORDING or near.inverted):
            return None
        if near.how is How.ACCORDING:  # "sprach von seinem «Freund», laut einem Bericht zum fünften Mal"
            same = next((each for each in parsed.frames if each.clause is sight.clause and each.how is How.VERB), None)
        if same is None or same.match is None or same.speaker is None or same.finite < 0 or same.at[0] > sight.item:
            return None
        if line.folds[same.finite] in self.known.mood or (near.inverted and same.clause is near.clause):
            return None
        if not (self._medium(line, near) or self.voices.lexicon.reports(line.folds[medium.head])):
            return None
        return same if same.match.verb.klass in ("say", "call") else None

    def _medium(self, line: Line, frame: Frame) -> bool:
        """Say whether a frame names a medium: by its noun, as an acronym, or in marks."""
        who = frame.speaker
        if who is None:
            return False
        inside = range(who.start, who.end)
        if any(at in line.named or line.traits[at] & ACRONYM for at in inside):
            return True
        return self.known.medium(line.folds[who.head])

    def _told_of(self, same: Frame, sight: Sight, *, says: bool = False, silent: bool = False) -> bool:
        """Say whether a frame in the clause of the marks is itself told in somebody else's words: "Es drohe «…»"."""
        if same.how is How.FOR:
            return sight.mood and sight.voiced  # "Für die Nachfahren sei das «ein Trost»"
        if same.finite < 0:
            return False
        fold = sight.line.folds[same.finite]
        by_form = same.match is not None and same.match.kind is FormKind.KONJUNKTIV and not fold.endswith("te")
        if fold not in self.mood.strong and not by_form:
            return False
        if same.match is None:
            return same.how is How.NOUN  # "sagte, die Leute seien besorgt: «…»"
        if silent:
            return same.match.verb.klass in WEAK
        nobody = same.speaker is not None and sight.line.folds[same.speaker.start] in self.known.it
        return nobody or (same.passive and sight.voiced) or says or same.match.verb.klass != "say"

    def _utterance(
        self,
        number: int,
        sight: Sight,
        frame: Frame | None,
        previous: tuple[Found, Frame | None] | None,
        parsed: Parsed,
    ) -> Found:
        before = previous[0].speaker if previous is not None else None
        speaker, medium = self.mouths.speaker(number, sight, frame, before, parsed)
        cue = None
        if frame is not None and not (sight.whole and frame is not sight.near):
            cue = sight.line.cover(frame.at[0], frame.at[-1] + 1)
        partial = not (sight.whole or self._apart(sight))
        return Found(QuoteKind.DIRECT, sight.pair.spans, sight.pair.contents, partial, speaker, cue, medium, number)

    def _apart(self, sight: Sight) -> bool:
        """Say whether nothing of the sentence needs the words: they stand in front of it, or behind a colon."""
        line, item, clause = sight.line, sight.item, sight.clause
        if item == 0 or line.words[item - 1] in (":", "–"):
            return clause is None or len(clause.items) == 1 or sight.near is not None
        content = self.judge.content(sight.pair)
        return sight.near is not None and content[0].isupper() and content[-1] in ENDS

    def _whole(self, line: Line, item: int) -> bool:
        """Say whether the pair is a sentence of its own."""
        return item in (0, 1) and item >= len(line.words) - 2 and (item == 0 or not line.words[0].isalnum())

    def _goes_on(self, line: Line, first: int, second: int, parsed: Parsed) -> bool:
        """Say whether a second pair goes on with the first: the frame between them ends in a comma, or is no clause."""
        between = [frame for frame in parsed.frames if first < frame.at[0] < second and frame.end <= second]
        if not between:
            return False
        says = [frame for frame in between if frame.match is not None and "that" in frame.match.verb.takes]
        if len({id(frame.clause) for frame in says}) > 1 or (says and says[-1].clause.wall == "und"):
            return False  # "«…», empörte sich Kühn und kündigte an, «…»"
        if line.words[second - 1] == ",":
            own = any(frame.inverted and second < frame.start <= second + 2 for frame in parsed.frames)
            ends = [frame.end for frame in between]
            return not own or not any(
                each.kind is ClauseKind.MAIN and each.verb >= 0 and each.items[0] >= ends[0] and not each.inverted
                for each in parsed.clauses
                if each.start < second
            )  # "«…», sagt Kühn, doch Falk ist sicher, «…», wie er sagt"
        text = self.page.article.plain
        content = line.pairs[second].contents[0].of(text) if line.pairs[second] else ""  # type: ignore[union-attr]
        before = line.pairs[first].contents[-1].of(text) if line.pairs[first] else ""  # type: ignore[union-attr]
        small = next((character.islower() for character in content if character.isalpha()), False)
        return (
            small
            and before.rstrip()[-1:] not in ENDS
            and between[-1].end == second
            and line.words[second - 1] != ":"
            and between[0].start <= first + 2
            and between[0].how is not How.VERB
        )

"""Direct quotations: which pairs of marks hold speech, which parts are one utterance, and who speaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsbridge.article import QuoteKind, Speaker
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.phrases import Phrase, Words, phrase
from newsbridge.quotes.speakers import Cast, Person
from newsbridge.spans import Span

ENDS = ".!?…"
SENTENCE = 7  # words; a longer pair of marks is speech unless a title stands before it
NAME = 5  # words; a longer one is no name


@dataclass(frozen=True)
class Voice:
    """Who speaks, as later sentences carry it on."""

    speaker: Speaker
    person: Person | None
    block: int
    line: int


@dataclass(frozen=True)
class Found:
    """A quotation before it has its number."""

    kind: QuoteKind
    spans: tuple[Span, ...]
    contents: tuple[Span, ...]
    partial: bool
    speaker: Speaker | None
    cue: Span | None = None
    line: int = 0


class Attribution:
    """Reads the lines of an article in order and remembers who spoke last."""

    def __init__(
        self, page: Page, lexicon: Lexicon, known: Words, cast: Cast, frames: Sequence[tuple[Frame, ...]]
    ) -> None:
        self.page, self.lexicon, self.known, self.cast, self.frames = page, lexicon, known, cast, frames
        self.voice: Voice | None = None

    def speaker(self, number: int, found: Phrase, confidence: float, rule: str) -> Speaker:
        """Resolve a mention in a line, and remember the voice unless it is a text's."""
        line = self.page.lines[number]
        last = self.voice.person if self.voice else None
        who = self.cast.resolve(line, found, last)
        speaker = Speaker(
            mention=line.cover(found.start, found.end),
            name=who.name,
            description=who.description,
            confidence=round(confidence * who.certainty, 2),
            rule=f"{rule}; {who.rule}",
        )
        if self.lexicon.noun(line.folds[found.head]) != "statement":
            self.voice = Voice(speaker, who.person, line.block, number)
        return speaker

    def listen(self, number: int) -> None:
        """Remember who speaks in a line that quotes nothing, "… wies die Kritik zurück": the next may be theirs."""
        for frame in self.frames[number]:
            if frame.speaker is not None and not frame.speaker.pronoun and not frame.subordinate:
                self.speaker(number, frame.speaker, 0.8, frame.how.value)

    def carried(self, number: int) -> Speaker | None:
        """Return who spoke last, if that was in this paragraph or a recent one of the same section."""
        voice = self.voice
        if voice is None:
            return None
        block = self.page.lines[number].block
        blocks = self.page.blocks
        if block - voice.block > 3 or blocks[block].id.split(".")[0] != blocks[voice.block].id.split(".")[0]:
            return None
        confidence = 0.8 if block == voice.block and number - voice.line <= 1 else 0.7 if block == voice.block else 0.6
        who = voice.speaker
        return Speaker(
            who.mention, who.name, who.description, round(confidence * who.confidence, 2), "carried over; " + who.rule
        )

    def quoted(self, number: int, after: Pair | None = None) -> Iterator[Found]:
        """Yield the direct quotations of one line, in order; ``after`` skips a pair that began in a line before."""
        line = self.page.lines[number]
        previous: Found | None = None
        previous_item = -1
        for item, pair in enumerate(line.pairs):
            if pair is None or pair is after:
                continue
            frame, near = self._frame(number, item)
            if not self._speech(line, item, pair, frame, near):
                continue
            if previous is not None and self._goes_on(line, previous_item, item):
                previous = Found(
                    previous.kind,
                    (*previous.spans, *pair.spans),
                    (*previous.contents, *pair.contents),
                    previous.partial,
                    previous.speaker,
                    previous.cue,
                    number,
                )
                previous_item = item
                continue
            if previous is not None:
                yield previous
            previous, previous_item = self._utterance(number, item, pair, frame, near), item
        if previous is not None:
            yield previous

    def _utterance(self, number: int, item: int, pair: Pair, frame: Frame | None, near: bool) -> Found:
        line = self.page.lines[number]
        speaker: Speaker | None = None
        cue = None
        if frame is not None:
            cue = line.cover(frame.at[0], frame.at[-1] + 1)
            if frame.speaker is not None:
                speaker = self.speaker(number, frame.speaker, 0.97 if near else 0.85, frame.how.value)
        if speaker is None and item and line.words[item - 1] == ":":
            named = self._before_colon(line, item - 1)
            if named is not None:
                speaker = self.speaker(number, named, 0.8, "colon")
        if speaker is None:
            speaker = self.carried(number)
        partial = not (near or self._whole(line, item))
        return Found(QuoteKind.DIRECT, pair.spans, pair.contents, partial, speaker, cue, number)

    def _before_colon(self, line: Line, colon: int) -> Phrase | None:
        """Return who is named before a colon without a verb of saying: "Kühn dazu: „…“"."""
        for start in range(colon):
            if line.folds[start] in self.known.prepositions:
                continue
            found = phrase(line, start, self.known)
            if found is not None and found.subject and found.end <= colon:
                return found
        return None

    def _whole(self, line: Line, item: int) -> bool:
        """Say whether the pair is a sentence of its own."""
        return item in (0, 1) and item >= len(line) - 2 and (item == 0 or not line.words[0].isalnum())

    def _frame(self, number: int, item: int) -> tuple[Frame | None, bool]:
        """Return the frame a pair belongs to, and whether it stands right beside it."""
        line, frames = self.page.lines[number], self.frames[number]
        after = item + 1
        if after < len(line) and line.words[after] in ",–":
            after += 1
        for frame in frames:
            if frame.at[0] == after or (frame.how is How.VERB and frame.clause == after and frame.subordinate):
                return frame, True
            if frame.how is not How.VERB and frame.start == after:
                return frame, True
        if item and line.words[item - 1] == ":":
            before = [frame for frame in frames if frame.end <= item]
            for frame in reversed(before):
                if frame.speaker is not None:
                    return frame, True
            return (before[-1], True) if before else (None, False)
        spoken = [frame for frame in frames if frame.speaker is not None]
        if not spoken:
            return (frames[0], False) if frames else (None, False)
        return min(spoken, key=lambda frame: min(abs(frame.at[0] - item), abs(frame.at[-1] - item))), False

    def _speech(self, line: Line, item: int, pair: Pair, frame: Frame | None, near: bool) -> bool:
        """Say whether a pair of marks holds speech, not a title, a name or a term."""
        text = self.page.article.plain
        content = " ".join(span.of(text) for span in pair.contents)
        words = content.split()
        count = len(words)
        if not count or not any(character.isalpha() for character in content):
            return False
        ends = content.rstrip()[-1] in ENDS
        before = line.folds[item - 1] if item else ""
        announced = before in self.known.called or (
            item > 0 and line.capital(item - 1) and before.endswith(self.known.works)
        )
        colon = before == ":"
        if announced and not colon and count <= 12 and not ends:
            return False
        if near:
            return count > 1 or not colon or ends
        if colon and (count >= 3 or ends):
            return True
        if self._whole(line, item):
            return count >= 3 and (ends or count >= SENTENCE)
        if count >= SENTENCE:
            return True
        if all(word[0].isupper() or not word[0].isalpha() for word in words) and count <= NAME:
            return False
        if frame is None or frame.speaker is None:
            return count >= 4 and words[0][0].islower()
        if item and line.capital(item - 1) and words[0][0].isupper():
            return False
        return count >= 2 or abs(frame.at[0] - item) <= 6

    def _goes_on(self, line: Line, first: int, second: int) -> bool:
        """Say whether a second pair goes on with the first: the frame between them ends in a comma."""
        if line.words[second - 1] != ",":
            return False
        return any(first < frame.at[0] < second for frame in self.frames[self.page.line_at(line.starts[0])])

"""Voices: who is heard in the sentences of an article, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from newsbridge.article import Speaker
from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.clauses import clauses
from newsbridge.quotes.conjugation import FormKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.mentions import Mention
from newsbridge.quotes.people import Gender, Person
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.speakers import Resolver
from newsbridge.quotes.subjects import can_speak
from newsbridge.quotes.words import Words
from newsbridge.spans import Span

ANSWERS = frozenset({"say", "blame", "warn", "demand"})  # classes of verbs by which a capital speaks for its country
FAR = 3  # blocks; a voice farther back is not carried on
SURE = {
    How.VERB: 0.97,
    How.AS: 0.9,
    How.SO: 0.97,
    How.ACCORDING: 0.95,
    How.STATEMENT: 0.93,
    How.NOUN: 0.85,
    How.FOR: 0.7,
    How.BACK: 0.7,
}


@dataclass(slots=True, eq=False)
class Voice:
    """Who speaks, as later sentences carry it on."""

    speaker: Speaker
    person: Person | None
    block: int
    line: int


class Voices:
    """Reads the lines of an article in order, resolves who speaks in them, and remembers who spoke last."""

    def __init__(self, page: Page, lexicon: Lexicon, known: Words, resolver: Resolver) -> None:
        self.page, self.lexicon, self.known, self.resolver = page, lexicon, known, resolver
        self.silent = known.indefinite | known.first_person
        self.voice: Voice | None = None
        self._people: dict[int, Person] = {}  # whom the mention at a code point means
        self._said: dict[tuple[int, tuple[int, ...]], tuple[Speaker, Person | None]] = {}

    def of(self, number: int, frame: Frame) -> Speaker | None:
        """Return who speaks in a frame of a line, None where it names nobody."""
        if frame.speaker is None:
            return None
        key = number, frame.at
        if key not in self._said:
            behind = frame.how is How.SO or (frame.inverted and not self._leads(number, frame))
            self._said[key] = self.resolve(
                number, frame.speaker, SURE[frame.how], frame.how.value, frame.plural, behind=behind
            )
        return self._said[key][0]

    def _leads(self, number: int, frame: Frame) -> bool:
        """Say whether a frame that begins with its verb stands in front of what is said: "Als …, sagte er, dass …"."""
        line, end = self.page.lines[number], frame.clause.items[-1] + 1
        if end < len(line.words) - 1 and line.words[end] == ":":
            return True
        inner = next((each for each in clauses(line, self.known) if each.start > frame.clause.items[-1]), None)
        if inner is None or inner.kind is not ClauseKind.SUBORDINATE or line.words[inner.start - 1] != ",":
            return False
        return line.folds[inner.start] in self.lexicon.phrases["that"] | self.known.asking

    def resolve(
        self,
        number: int,
        found: Phrase,
        confidence: float,
        rule: str,
        plural: bool | None = None,
        *,
        behind: bool = False,
    ) -> tuple[Speaker, Person | None]:
        """Say whom a mention in a line means."""
        line = self.page.lines[number]
        who = self.resolver.resolve(number, found, plural, self._last(), behind=behind)
        speaker = Speaker(
            mention=line.cover(found.start, found.end),
            name=who.name,
            description=who.description,
            confidence=round(confidence * who.certainty, 2),
            rule=f"{rule}; {who.rule}",
        )
        if speaker.mention is not None and who.person is not None:
            self._people[speaker.mention.start] = who.person
        return speaker, who.person

    def _last(self) -> Mention | None:
        """Return who spoke last, as a pronoun may mean them."""
        voice = self.voice
        if voice is None:
            return None
        who = voice.speaker
        name = who.name or (self.page.article.words(who.mention) if who.mention else "")
        return Mention(voice.line, 0, 0.0, Gender.UNKNOWN, None, name, voice.person, True)

    def heard(self, number: int, speaker: Speaker) -> None:
        """Remember that somebody spoke in a line."""
        person = self._people.get(speaker.mention.start) if speaker.mention is not None else None
        self.voice = Voice(speaker, person, self.page.lines[number].block, number)

    def listen(self, number: int, parsed: Parsed, spoken: list[Frame], *, quoted: bool) -> None:
        """Remember whose words a line leaves in the air: the next sentence may go on with them.

        Args:
            number: The line.
            parsed: Its frames.
            spoken: Those that report something.
            quoted: Whether the line quotes or reports anything.
        """
        if not parsed.frames:
            return
        line = self.page.lines[number]
        best: Frame | None = None
        rank = -1
        for frame in parsed.frames:
            if frame.speaker is None or (frame.passive and frame.how is How.VERB and frame not in spoken):
                continue
            if self.lexicon.claim(line.folds[frame.speaker.head]):
                continue  # "so der Vorwurf"
            if frame.finite >= 0 and line.folds[frame.finite] in self.known.mood and frame.how is How.VERB:
                continue  # somebody else says so: "Er habe mit dem Anwalt gesprochen"
            if frame.match is not None and frame.match.verb.klass == "begin" and frame not in spoken:
                continue  # "Andere Städte werben um Personal"
            if frame.speaker.pronoun and line.folds[frame.speaker.start] in self.silent:
                continue  # "man"; and "ich" is whoever spoke before
            speaks = can_speak(line, frame.speaker, self.known) or self._bare(line, frame) or self._says(line, frame)
            if frame not in spoken and (frame.embedded or not speaks or (frame.speaker.pronoun and quoted)):
                continue
            worth = 2 * (frame in spoken) + speaks + (frame.how is not How.ACCORDING)
            if worth > rank:
                best, rank = frame, worth
        if best is None:
            return
        speaker = self.of(number, best)
        assert speaker is not None
        if best.speaker is not None and self.lexicon.noun(line.folds[best.speaker.head]) != "statement":
            self.heard(number, speaker)

    def _bare(self, line: Line, frame: Frame) -> bool:
        """Say whether a name without article does something with words: "Budapest wies die Kritik zurück"."""
        who, match = frame.speaker, frame.match
        assert who is not None
        alone = who.end - who.start == 1 and line.capitals[who.start] and who.start + 1 == frame.finite
        return alone and match is not None and match.verb.klass in ANSWERS and not frame.passive

    def _says(self, line: Line, frame: Frame) -> bool:
        """Say whether somebody whom no list of words knows says something: "Der alte Haudegen meldete sich zu Wort"."""
        who, match, known = frame.speaker, frame.match, self.known
        assert who is not None
        if match is None or match.verb.klass != "say" or frame.passive or match.kind is FormKind.INFINITIVE:
            return False  # "Die Wirte haben nichts zu sagen"
        if line.folds[who.start] not in known.he_subjects | known.she_subjects:
            return False  # "das Buch erzählt"
        if match.verb.lemma in self.lexicon.saying_it or self.lexicon.noun(line.folds[who.head]) is not None:
            return False  # "Der Titel lautet", "Der Bericht sagt"
        return not line.folds[who.head].endswith((*known.abstract, *known.works))

    def back(self, number: int, cue: Span) -> Speaker:
        """Return whom a word means that points back to a source: "Demnach seien …"."""
        who = self.carried(number)
        if who is None:
            return Speaker(cue, None, None, 0.4, "back")
        name = who.name or (self.page.article.words(who.mention) if who.mention else None)
        return Speaker(cue, name, who.description, who.confidence, "back; " + who.rule)

    def carried(self, number: int) -> Speaker | None:
        """Return who spoke last, if that was in this paragraph or a recent one of the same section."""
        voice = self.voice
        if voice is None:
            return None
        block = self.page.lines[number].block
        blocks = self.page.blocks
        if block - voice.block > FAR or blocks[block].id.split(".")[0] != blocks[voice.block].id.split(".")[0]:
            return None
        confidence = 0.8 if block == voice.block and number - voice.line <= 1 else 0.7 if block == voice.block else 0.6
        who = voice.speaker
        rule = who.rule if who.rule.startswith("carried over") else "carried over; " + who.rule
        return Speaker(who.mention, who.name, who.description, round(confidence * who.confidence, 2), rule)

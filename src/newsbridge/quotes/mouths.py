"""Mouths: whose words a pair of marks holds, by a frame or by whatever else the sentences round it say."""

from __future__ import annotations

from dataclasses import replace

from newsbridge.article import Speaker
from newsbridge.quotes.carriers import carried, worded
from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.clauses import clauses, second
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.framing import parse
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.sights import Sight
from newsbridge.quotes.subjects import antecedent, can_speak, owner, subject
from newsbridge.quotes.traits import ACRONYM, CLEAR, COMMON, FINITE, PREPOSITION, SMALL
from newsbridge.quotes.voices import ANSWERS, Voices
from newsbridge.spans import Span

AHEAD = 6  # sentences in marks, one behind the other, until somebody is named


class Mouths:
    """Names who speaks in the direct quotations of an article."""

    def __init__(self, voices: Voices, mood: Mood) -> None:
        self.voices, self.mood = voices, mood
        self.page, self.known = voices.page, voices.known
        self._no_voice = self.known.determiners | self.known.it | self.known.nobody

    def speaker(
        self, number: int, sight: Sight, frame: Frame | None, before: Speaker | None, parsed: Parsed
    ) -> tuple[Speaker | None, Span | None]:
        """Return who speaks, and the medium that carries it.

        Args:
            number: The line.
            sight: What is known about the marks.
            frame: The frame that says whose words they are.
            before: Who spoke in the pair before it, in the same line.
            parsed: The line's clauses and frames.
        """
        line, item = sight.line, sight.item
        speaker: Speaker | None = None
        medium: Span | None = None
        if sight.written is not None:
            return self._written(number, sight.written), None
        if frame is not None and not (sight.whole and frame is not sight.near):
            speaker = self._claimant(number, frame) or self.voices.of(number, frame)
            medium = line.cover(frame.medium.start, frame.medium.end) if frame.medium else None
            gapped = self._gapped(line, item, frame)
            if gapped is not None:
                speaker, _ = self.voices.resolve(number, gapped, 0.8, "gap")
        channel = self._channel(sight, frame)
        if channel is not None and speaker is not None:
            medium, speaker = speaker.mention, None
        speaker = self._bracketed(number, sight, speaker)
        colon = item > 0 and line.words[item - 1] == ":"
        if speaker is None and colon and (sight.near is None or sight.near.how is How.NOUN or channel is not None):
            named = self._before_colon(line, item - 1, parsed)
            if named is not None:
                speaker, _ = self.voices.resolve(number, named, 0.8, "colon")
        if speaker is None and frame is None and not sight.mood and not sight.whole and sight.clause is not None:
            speaker = self._doer(number, sight.clause, sight.item)
        speaker = speaker or before
        if sight.whole and sight.near is None:
            speaker = self._summed_up(number) or speaker
        if speaker is None and sight.clause is not None:
            speaker = self._source(number, sight)
        if speaker is None and sight.whole and sight.near is None and not sight.voiced:
            about = self.before(number)  # "Kühn war überrascht. «Das ist neu.»", whoever spoke last
            ahead = self._ahead(number)
            if ahead is not None and ahead.name is None and self.voices.carried(number) is not None:
                ahead = None
            speaker = ahead or (about if about is not None and about.name is not None else None)
        if speaker is None and not self._anonymous(number, sight):
            speaker = self.voices.carried(number) if self._unsourced(sight) else self.carried(number)
        return speaker, medium

    def carried(self, number: int) -> Speaker | None:
        """Return who spoke last; where that was paragraphs ago, or somebody else came in since, whom that is about."""
        voice = self.voices.voice
        here = voice is not None and voice.block == self.page.lines[number].block
        if voice is not None and here and voice.line >= number - 1:
            return self.voices.carried(number)
        about = self.before(number)
        if voice is not None and here and about is not None and about.name in (None, voice.speaker.name):
            about = None  # nobody new
        return about or self.voices.carried(number)

    def _written(self, number: int, found: Phrase) -> Speaker:
        """Return what words stand on, or who holds it up: "Auf dem Schild stand: «…»", "Darauf stand: «…»"."""
        if not found.pronoun:
            return self.voices.resolve(number, found, 0.7, "written")[0]
        line, name = self.page.lines[number], None
        if number and self.page.lines[number - 1].block == line.block:
            before = self.page.lines[number - 1]
            named = carried(before, self.voices.lexicon, self.known)
            name = self.page.article.words(before.cover(named.start, named.end)) if named is not None else None
        return Speaker(line.cover(found.start, found.end), name, None, 0.5, "written")

    def _unsourced(self, sight: Sight) -> bool:
        """Say whether a frame beside the marks leaves out who says it: "«…», hiess es"."""
        near = sight.near
        return near is not None and near.match is not None and near.match.verb.lemma in self.voices.lexicon.saying_it

    def _anonymous(self, number: int, sight: Sight) -> bool:
        """Say whether nobody named said words: "Der Plan sei «tot», hiess es"; what spoke just before it may go on."""
        within, voice = sight.within, self.voices.voice
        if voice is None or (voice.person is None and voice.line >= number - 1):
            return False
        if within is None or within.speaker is not None or within.match is None or sight.near not in (None, within):
            return False
        return within.how is How.VERB and within.match.verb.lemma in self.voices.lexicon.saying_it

    def _claimant(self, number: int, frame: Frame) -> Speaker | None:
        """Return whose answer or question words are: "«…», lautet die Antwort von Kühn"."""
        line, who = self.page.lines[number], frame.speaker
        lexicon = self.voices.lexicon
        if who is None or frame.match is None or frame.match.verb.lemma not in lexicon.saying_it:
            return None
        if lexicon.noun(line.folds[first_noun(line, who)]) != "claim":
            return None
        whose = owner(line, who, self.known)
        return self.voices.resolve(number, whose, 0.85, "verb")[0] if whose is not None else None

    def _bracketed(self, number: int, sight: Sight, speaker: Speaker | None) -> Speaker | None:
        """Return who speaks in or by a bracket: "Kühn («Zu wenig»)", "«Zu wenig» (Kühn)"."""
        line, item = sight.line, sight.item
        if item and line.words[item - 1] == "(" and sight.near is None:
            named = antecedent(line, item - 1, self.known)
            if named is not None and sight.within is not None and line.folds[named.head] not in line.names:
                named = None  # "er mag Frauen («Sie sind klug»), sagte Kühn"
            if named is not None and sight.same is not None and self._aimed_at(line, named, sight.same):
                named = None  # "Kühn ärgerte sich über den Trainer («Der ist blind»)"
            if named is not None and can_speak(line, named, self.known):
                return self.voices.resolve(number, named, 0.8, "bracket")[0]
        if speaker is None and item + 3 < len(line.words) and line.words[item + 1] == "(":
            named = phrase(line, item + 2, self.known)
            if named is not None and line.words[named.end : named.end + 1] == [")"]:
                return self.voices.resolve(number, named, 0.8, "bracket")[0]
        return speaker

    def _aimed_at(self, line: Line, named: Phrase, frame: Frame) -> bool:
        """Say whether an object of a verb of speech, and no name, stands in front of a bracket."""
        if frame.how is not How.VERB or frame.speaker is None or line.folds[named.head] in line.names:
            return False
        return frame.speaker.start < named.start and line.folds[named.start] not in self.known.nominative

    def before(self, number: int) -> Speaker | None:
        """Return whom the sentence before is about, where nobody has spoken yet: "Kühn steht am Grab. «Sie fehlt.»"."""
        if not number or self.page.lines[number - 1].block != self.page.lines[number].block:
            return None
        line, known = self.page.lines[number - 1], self.known
        parsed = parse(line, self.voices.lexicon, known)
        frames = (each for each in parsed.frames if each.match is not None and each.match.verb.klass in ANSWERS)
        doers = [each.speaker for each in frames if each.speaker is not None and not each.passive and not each.embedded]
        for clause in clauses(line, known):
            if clause.kind is ClauseKind.MAIN and clause.verb >= 0:
                if self._moody(line, clause):
                    return None  # somebody tells that: "Der Minister habe gewusst, …"
                who = subject(line, clause, clause.verb, None, known)
                if who is not None and who.pronoun and line.folds[who.start] in self._no_voice:
                    return None  # "eine", "es", "man"
                says = who is not None and any(each.head == who.head for each in doers)
                if who is not None and (says or can_speak(line, who, known)):
                    return self.voices.resolve(number - 1, who, 0.5, "subject before")[0]
        return None

    def _gapped(self, line: Line, item: int, frame: Frame) -> Phrase | None:
        """Return who speaks where the verb is left out: "sie spricht von «Mord», die Verteidigung von «Notwehr»"."""
        if frame.how is not How.VERB or item < 3 or frame.end >= item:
            return None
        for at in range(item - 1, frame.end, -1):
            if line.words[at] in ".:;":
                return None
            if line.words[at] != "," and line.folds[at] not in self.known.and_:
                continue
            found = phrase(line, at + 1, self.known, apposition=False)
            if found is None or not found.subject or not can_speak(line, found, self.known) or found.end >= item:
                return None
            if any(line.pairs[each] is not None for each in range(found.start, found.end)):
                return None  # "ihre «Jugend» mit «leeren Worten»"
            between = range(found.end, item)
            if any(not line.words[each][0].isalnum() for each in between):
                return None  # "mit Kühn und Graf als Richtern – «…»"
            led = line.traits[found.end] & PREPOSITION or line.folds[found.end] in self.known.comparing
            verbs = any(line.traits[each] & (CLEAR | FINITE) and not line.capitals[each] for each in between)
            return found if led and not verbs else None
        return None

    def _channel(self, sight: Sight, frame: Frame | None) -> Frame | None:
        """Return a frame that names but the medium: "Wie der Sender meldet, gab sie eine Erklärung ab: «…»"."""
        if frame is None or frame.how is not How.AS or frame is not sight.near or frame.end >= sight.item:
            return None
        line, known, who = sight.line, self.known, frame.speaker
        if who is None or not any(
            at in line.named or line.traits[at] & ACRONYM or known.medium(line.folds[at])
            for at in range(who.start, who.end)
        ):
            return None
        for clause in reversed(clauses(line, known)):
            if clause.kind is ClauseKind.MAIN and frame.at[-1] < clause.verb < sight.item:
                doer = subject(line, clause, clause.verb, None, known)
                return frame if doer is not None and can_speak(line, doer, known) else None
        return None

    def _ahead(self, number: int) -> Speaker | None:
        """Return who goes on with the words right behind the marks: "«Das ist neu.» «Und gut», sagt Kühn."."""
        lines = self.page.lines
        line = lines[number]
        for later in range(number, min(number + AHEAD, len(lines))):
            following = lines[later]
            first = following.pairs[0]
            apart = following.block - line.block > 1
            if first is None or apart or self.page.article.plain[first.contents[-1].end - 1] == "?":
                return None  # a question is answered by somebody else
            if len(following.words) < 3:
                continue
            for frame in parse(following, self.voices.lexicon, self.known).frames:
                says = frame.how is How.SO or (frame.inverted and frame.match is not None)
                if says and frame.start in (1, 2) and frame.speaker is not None and not frame.speaker.pronoun:
                    speaker = self.voices.of(later, frame)
                    return speaker and replace(speaker, rule=f"ahead; {speaker.rule}")
            return None
        return None

    def _summed_up(self, number: int) -> Speaker | None:
        """Return whom the next sentence names: "«Wir bauen.» Das sagte Kühn in Kiel"."""
        if number + 1 >= len(self.page.lines):
            return None
        line, known = self.page.lines[number + 1], self.known
        if line.block != self.page.lines[number].block or line.quoted:
            return None
        if tuple(line.folds[:3]) == known.with_words:
            clause = clauses(line, known)[0]
            finite = second(line, clause, known)
            who = subject(line, clause, finite, None, known) if finite is not None else None
            return self.voices.resolve(number + 1, who, 0.8, "summing up")[0] if who is not None else None
        if line.folds[0] not in known.summing:
            return None
        for frame in parse(line, self.voices.lexicon, known).frames:
            says = frame.match is not None and frame.match.verb.klass == "say"
            if frame.how is How.VERB and says and frame.finite == 1 and frame.speaker is not None:
                alone = not any(line.words[at] == "," for at in range(frame.end, len(line.words)))
                return self.voices.of(number + 1, frame) if alone else None
        return None

    def _source(self, number: int, sight: Sight) -> Speaker | None:
        """Return from whom words are: "Der Satz «…» stammt von Kühn"."""
        line, known, clause = sight.line, self.known, sight.clause
        assert clause is not None
        if known.stemming.isdisjoint(line.folds[at] for at in clause.items):
            return None
        for at in clause.items:
            if line.folds[at] in known.by and at > sight.item:
                found = phrase(line, at + 1, known)
                if found is not None and can_speak(line, found, known):
                    return self.voices.resolve(number, found, 0.8, "source")[0]
        return None

    def _doer(self, number: int, clause: Clause, item: int) -> Speaker | None:
        """Return who does what the clause round a partial quotation says: "Meteorologen rechnen mit «…»"."""
        line, known = self.page.lines[number], self.known
        finite = clause.verb
        if finite < 0:
            finite = next((at for at in clause.items if not line.capitals[at] and line.folds[at] in known.finite), -1)
        if finite < 0:
            at = second(line, clause, known)  # "Mit den Worten «Jetzt reicht es» verliess sie den Raum"
            finite = -1 if at is None else at
        if finite < 0 or line.folds[finite] in self.mood.hearsay:
            return None  # "soll «zu weit gegangen» sein": so others say
        own = worded(line, item, known)
        if own and line.folds[finite] in known.passive:
            return None  # "wurde mit den Worten «Bis bald» entlassen"
        who = subject(line, clause, finite, None, known)
        if who is None or (who.pronoun and not own):
            return None
        if not can_speak(line, who, known) and self.voices.lexicon.noun(line.folds[who.head]) != "document":
            return None
        if who.end == item and self.voices.lexicon.claim(line.folds[who.head]):
            return None  # "die Botschaft «…» kam an"
        return self.voices.resolve(number, who, 0.6, "subject")[0]

    def _before_colon(self, line: Line, colon: int, parsed: Parsed) -> Phrase | None:
        """Return who is named before a colon without a verb of saying: "Kühn dazu: „…“"."""
        mains = (each for each in parsed.clauses if each.start < colon and each.kind is ClauseKind.MAIN)
        if any(each.verb >= 0 and line.folds[each.verb] in self.mood.strong for each in mains):
            return None  # somebody told that already
        for clause in reversed(parsed.clauses):
            if (
                clause.start < colon
                and clause.kind is ClauseKind.MAIN
                and clause.verb >= 0
                and not self._moody(line, clause)
            ):
                who = subject(line, clause, clause.verb, None, self.known)
                if who is not None and (can_speak(line, who, self.known) or self._named(line, who, clause)):
                    return owner(line, who, self.known) or who
        stop = 0
        told = {at for each in parsed.clauses if each.kind is ClauseKind.SUBORDINATE for at in each.items}
        for start in range(colon):
            if start < stop or start in told:
                continue
            if line.traits[start] & PREPOSITION:
                inner = phrase(line, start + 1, self.known, apposition=False) if start + 1 < colon else None
                stop = inner.end if inner is not None else start + 1
                continue
            found = phrase(line, start, self.known)
            whose = owner(line, found, self.known) if found is not None and start == 0 else None
            if whose is not None:
                return whose
            if found is not None and found.subject and found.end <= colon and can_speak(line, found, self.known):
                return found
        return None

    def announced(self, number: int) -> tuple[Speaker, Span] | None:
        """Return who is named before a colon and what stands behind it: "Kühn wiegelte ab: Der Wald sei sicher"."""
        line = self.page.lines[number]
        colon = next((at for at, word in enumerate(line.words) if word == ":"), None)
        if colon is None:
            return None
        divided = clauses(line, self.known)
        told = next((each for each in divided if each.start == colon + 1), None)
        if told is None or told.kind is not ClauseKind.MAIN or told.verb < 0:
            return None
        if line.folds[told.verb] not in self.mood.strong:
            return None
        who = self._before_colon(line, colon, Parsed(divided, ()))
        if who is None or not can_speak(line, who, self.known) or line.folds[who.start] in self.known.nobody:
            return None
        return self.voices.resolve(number, who, 0.8, "colon")[0], line.cover(colon + 1, len(line.words))

    def _named(self, line: Line, who: Phrase, clause: Clause) -> bool:
        """Say whether one word that begins a sentence in front of its verb may be a name: "Kern ist zufrieden: «…»"."""
        at, fold = who.start, line.folds[who.start]
        if at or who.end != 1 or clause.verb != 1 or line.traits[0] & (COMMON | SMALL) or fold in self.known.called:
            return False
        lexicon = self.voices.lexicon
        return lexicon.noun(fold) is None and not lexicon.claim(fold) and not fold.endswith(self.known.no_name_ends)

    def _moody(self, line: Line, clause: Clause) -> bool:
        return self.mood.subjunctive((line.folds[clause.verb],))

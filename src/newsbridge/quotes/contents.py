"""Contents: which items of a sentence a frame reports, behind it, before it or round it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newsbridge.quotes.borders import addressed, compared, enclosing, has_object, last_item
from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How, Parsed
from newsbridge.quotes.lines import Line
from newsbridge.quotes.mood import Mood
from newsbridge.quotes.subjects import can_speak
from newsbridge.quotes.traits import CLEAR, MOOD
from newsbridge.quotes.words import Words

PUNCTUATION = frozenset(",.:;!?–—()")
UTTERANCE = 48  # code points; a longer pair of marks
SHARE = 0.7  # of reported speech: where such pairs make up more of it, the quotation is all that is reported
Range = tuple[int, int]  # items of a line, half-open


class Contents:
    """Reads what the frames of one line report."""

    def __init__(self, line: Line, parsed: Parsed, lexicon: Lexicon, words: Words, known: Mood) -> None:
        self.line, self.lexicon, self.words, self.known = line, lexicon, words, known
        self.clauses, self.frames = parsed.clauses, parsed.frames
        end = len(line.words)
        while end and line.words[end - 1] in ".!?…":
            end -= 1
        self.end = end

    def trim(self, start: int, end: int) -> Range:
        """Cut punctuation off both ends."""
        while start < end and self.line.words[start] in PUNCTUATION:
            start += 1
        while end > start and self.line.words[end - 1] in PUNCTUATION:
            if self.line.words[end - 1] == ")" and "(" in self.line.words[start : end - 1]:
                break  # it closes a bracket of what is reported
            end -= 1
        return start, end

    def ended(self, frame: Frame, ranges: Sequence[Range]) -> Sequence[Range]:
        """Cut ", so die AP" off the end of what somebody else is reported to have said."""
        if not ranges or frame.how is not How.VERB:
            return ranges
        start, end = ranges[-1]
        for other in self.frames:
            if other.how is How.SO and start < other.start - 1 and other.end in (end, end - 1):
                return (*ranges[:-1], (start, other.start - 1))
        return ranges

    def aside(self, ranges: Sequence[Range]) -> bool:
        """Say whether ranges are a quotation and words without a verb behind it."""
        (start, stop), *others = ranges
        if stop - start != 1 or self.line.pairs[start] is None:
            return False
        return not any(self.line.traits[at] & CLEAR for first, last in others for at in range(first, last))

    def content(self, frame: Frame) -> tuple[Range, ...]:
        """Return what a frame reports: behind it, before it, or on both sides of it."""
        if frame.how in (How.SO, How.ACCORDING, How.STATEMENT):
            return self._around(frame, frame.start, frame.end)
        if frame.how is How.AS and self._called(frame):
            return ()  # "der «Eisbrecher», wie ihn die Fans nennen, hört auf"
        if frame.how is How.AS and compared(self.line, frame.clause.start, self.words):
            return ()  # "nicht so viele, wie Kühn gehofft hatte"
        if frame.how is How.AS:
            return self._around(frame, frame.clause.start, frame.clause.end)
        if frame.how is How.FOR:
            return self._forward(frame) if self._that(frame) and self._certain(frame) else ()
        if frame.how is How.BACK:
            if frame.clause.kind is ClauseKind.MAIN:
                return ((frame.at[0] + 1, self.end),)
            return ((frame.at[0] + 1, self._reach(frame.clause)),)
        if frame.inverted:
            return self._before(frame)
        return self._forward(frame) or self._taken_up(frame)

    def _taken_up(self, frame: Frame) -> tuple[Range, ...]:
        """Return the clause in front that a frame takes up with a word: "Dass der Preis steigt, damit rechnet Kühn"."""
        start, index = frame.clause.start, self._index(frame.clause)
        front = self.clauses[index - 1] if index else None
        if front is None or front.start or front.end != start - 1 or frame.how is not How.VERB or frame.speaker is None:
            return ()
        that = front.kind is ClauseKind.SUBORDINATE and self._opener(front) in self.lexicon.phrases["that"]
        return ((0, front.end),) if that and self.line.folds[start] in self.words.taking_up else ()

    def _called(self, frame: Frame) -> bool:
        """Say whether a frame with "wie" says what something is called."""
        if frame.match is None:
            return False
        who = frame.speaker
        named = frame.match.verb.lemma in self.lexicon.saying_it and who is not None and who.pronoun
        return named or frame.match.verb.klass == "call"

    def _certain(self, frame: Frame) -> bool:
        """Say whether a clause says that something is certain for somebody: "Für Kühn steht fest, dass …"."""
        return self.line.folds[frame.clause.items[-1]] in self.words.certain

    def _that(self, frame: Frame) -> bool:
        """Say whether "dass" opens the clause behind a frame."""
        following = next((each for each in self.clauses if each.start > frame.clause.items[-1]), None)
        return (
            following is not None
            and following.kind is ClauseKind.SUBORDINATE
            and self.line.words[following.start - 1] == ","
            and self._opener(following) in self.lexicon.phrases["that"]
        )

    def _index(self, clause: Clause) -> int:
        return next(index for index, each in enumerate(self.clauses) if each is clause)

    def quoted(self, ranges: Iterable[Range]) -> bool:
        """Say whether long quotations make up nearly all of what is reported."""
        line, whole, inside = self.line, 0, 0
        if not line.quoted:
            return False
        for start, end in ranges:
            whole += line.ends[end - 1] - line.starts[start]
            for at in range(start, end):
                size = line.ends[at] - line.starts[at]
                inside += size if line.pairs[at] is not None and size > UTTERANCE else 0
        return inside > SHARE * whole

    def _mood(self, clause: Clause) -> bool:
        line = self.line
        if line.every & MOOD and any(line.traits[at] & MOOD for at in clause.items):
            return True
        if clause.kind is not ClauseKind.MAIN or clause.verb < 0:
            return False
        fold = line.folds[clause.verb]
        return len(fold) > 3 and fold.endswith("e") and not fold.endswith("te") and fold not in self.words.finite

    def _forward(self, frame: Frame) -> tuple[Range, ...]:
        """Return what stands behind "er sagte, "."""
        line, index = self.line, self._index(frame.clause)
        last = last_item(self.line, frame, self.clauses)
        behind = [each for each in self.clauses[index + 1 :] if each.start > last and each.kind is not ClauseKind.ASIDE]
        if len(behind) > 1 and behind[0].kind is ClauseKind.RELATIVE and behind[1].start == behind[0].end + 1:
            if self._speaks(behind[0]):
                return ()  # "telefonierte mit dem Minister, der versicherte, dass …"
            behind = behind[1:]  # "sagte der Mann, der im Saal sass, dass er gehe"
            if self._opener(behind[0]) in self.words.asking:
                return ()  # "bestätigte die Zahlen, die gestern kamen, was viele freut"
        if not behind:
            return ()
        first = behind[0]
        if frame.embedded and self._between(last, first.start, frame.clause):
            return ()  # "in der Erklärung, die veröffentlicht wurde, hiess es, dass …"
        mark = line.words[first.start - 1]
        if line.pairs[last] is not None and last not in line.named and self._opener(first) in self.words.asking:
            return ()  # "sagte «…», was niemanden freute"
        if mark not in ",:" or (line.pairs[first.start] is not None and first.end - first.start == 1):
            return ()
        takes = frame.match.verb.takes if frame.match else frozenset({"that", "second", "zu", "whether"})
        opener = self._opener(first)
        if self._so_much(frame) and opener in self.lexicon.phrases["that"]:
            return ()  # "ist so umstritten, dass"
        if mark == ":" and self._goes_on(first):
            return ()  # "erzählt eine Geschichte: sie sagt, dass …"
        if first.kind is ClauseKind.SUBORDINATE and self._conditional(first, behind):
            pass  # "sagte, wenn der Schnee liegen bleibe, werde der Pass geschlossen"
        elif first.kind is ClauseKind.SUBORDINATE:
            if opener not in self.known.conjunctions or ("that" not in takes and "whether" not in takes):
                return ()
            if opener in self.words.comparing and line.capitals[first.items[-1]] and first.end == first.items[-1] + 1:
                return ()  # "reden über Sorgen, wie die Länge einer Kerze"
            asked = last > 1 and line.capitals[last] and self.lexicon.claim(line.folds[last])
            questions = self.words.asking | self.words.comparing
            if asked and opener in questions and line.folds[last - 2] in self.words.prepositions:
                return ()  # "antwortete auf die Frage, wie das gehe: «…»"
            asks = "whether" in takes and frame.match is not None and frame.match.verb.klass in ("ask", "say")
            if not asks and opener not in self.lexicon.phrases["that"] and self._as(first):
                return ()  # "sie verpflichten sich, wie Kühn bekräftigt"
            if opener in self.words.relative_nouns and line.capitals[first.start - 2]:
                return ()  # "die Fehlerkette, welche dazu führte"
        elif first.kind is ClauseKind.INFINITIVE:
            if "zu" not in takes or opener in self.words.infinitive:
                return ()
        elif first.kind is ClauseKind.MAIN:
            if "second" not in takes or not line.words[first.start][0].isalnum():
                return ()
            if mark == "," and line.folds[first.start] in self.words.but:
                return ()  # "schlugen Gewürze vor, aber der Ofen könnte ausgehen"
            nobody = frame.how is How.NOUN and frame.speaker is None and first.verb > first.start
            so = first.verb == first.start and frame.finite > 0 and line.folds[frame.finite - 1] in self.words.so
            if not ((mark == ":" and not nobody) or so or self._mood(first) or self._said_so(frame, first)):
                return ()  # "Aus Bern kam Kritik: Die Partei nannte das «falsch»"
        else:
            return ()
        begin = self._led(frame, first) if first.verb == first.start else first.start
        stop = self._stop(first)
        if opener in self.words.asking and stop < self.end and line.words[stop - 1] == ":":
            return ()  # "hat ausgerechnet, was ihr entgeht: «…»": the answer is what is said
        return ((begin, stop),)

    def _led(self, frame: Frame, first: Clause) -> int:
        """Return where what is said begins if a relative clause stands before its verb: "in Orten, die …, sei …"."""
        behind = max(frame.at[-1] + 1, frame.speaker.end if frame.speaker is not None else 0)
        for at in frame.clause.items:
            if behind < at < first.start and self.line.words[at - 1] == ",":
                return at
        return first.start

    def _so_much(self, frame: Frame) -> bool:
        """Say whether a participle has a degree: "so umstritten", "so geschrieben"."""
        at = frame.at[-1]
        return (
            frame.finite >= 0 and frame.finite not in frame.at and at > 0 and self.line.folds[at - 1] in self.words.so
        )

    def _as(self, clause: Clause) -> bool:
        """Say whether a clause is a frame with "wie"."""
        return any(frame.how is How.AS and frame.clause is clause and frame.speaker for frame in self.frames)

    def _between(self, last: int, first: int, inner: Clause) -> bool:
        """Say whether a clause round another one goes on between two items."""
        return any(
            last < at < first for each in self.clauses if each.start < inner.start for at in reversed(each.items)
        )

    def _speaks(self, inner: Clause) -> bool:
        """Say whether an embedded clause reports with a conjunction."""
        return any(
            frame.clause is inner
            and frame.match is not None
            and "that" in frame.match.verb.takes
            and (not frame.passive or (frame.speaker is not None and can_speak(self.line, frame.speaker, self.words)))
            for frame in self.frames
        )

    def _goes_on(self, first: Clause) -> bool:
        """Say whether a clause is a frame of its own, in which a pronoun speaks in the indicative."""
        return any(
            frame.clause is first
            and frame.speaker is not None
            and frame.speaker.pronoun
            and self._that(frame)
            and not self._mood(first)
            for frame in self.frames
        )

    def _conditional(self, first: Clause, behind: Sequence[Clause]) -> bool:
        """Say whether a clause of reported speech begins with a condition or a reason."""
        following = next((each for each in behind if each.start > first.start and each.kind is ClauseKind.MAIN), None)
        opener = self._opener(first)
        if following is None or following.verb < 0 or opener not in self.known.reasons | self.known.conditions:
            return False
        return self.known.subjunctive((self.line.folds[following.verb],)) and following.start == following.verb

    def _said_so(self, frame: Frame, first: Clause) -> bool:
        """Say whether a verb-second clause behind the comma is what was said, whatever its mood: nothing else is."""
        if frame.match is None or frame.passive or frame.match.verb.klass != "say" or first.inverted or first.verb < 0:
            return False
        items = frame.clause.items
        last = items[-1] in frame.at or items[-1] == frame.finite
        return frame.finite in items and last and not has_object(self.line, frame, self.words)

    def _opener(self, clause: Clause) -> str:
        for at in clause.items:
            if self.line.folds[at] not in self.words.openers:
                return self.line.folds[at]
        return ""

    def _stop(self, first: Clause) -> int:
        """Return where reported speech that begins with a clause ends: where the report goes on in its own voice."""
        end = self.end
        for clause in self.clauses:
            if clause.start < first.start and clause.items[-1] >= first.end:  # a clause round it goes on
                end = min(end, next(at for at in clause.items if at >= first.end))
        for clause in self.clauses[self._index(first) :]:
            if clause is first or clause.kind is not ClauseKind.MAIN or clause.start < first.end:
                continue
            if clause.wall != ":" and not self._mood(clause):
                return clause.start
            if clause.wall == ":" and self.line.pairs[clause.start] is not None:
                return min(end, clause.start)  # "bestritt, dass es Pläne gebe: «Das ist falsch»"
            if clause.wall == "und" and clause.before is not None and not self._reported(clause, first):
                return clause.start
        return end

    def _reported(self, clause: Clause, first: Clause) -> bool:
        """Say whether a clause joined by "und" belongs to the reported speech that began with ``first``."""
        return (clause.before is first and not self._mood(first)) or self._mood(clause)

    def _before(self, frame: Frame) -> tuple[Range, ...]:
        """Return what stands before ", sagte er", and what goes on behind another comma."""
        so = self.line.folds[frame.clause.start] in self.words.so  # "…, so hat Kühn nachgewiesen, …"
        if frame.clause.start and self.line.words[frame.clause.start - 1] == "," and self._that(frame):
            return self._forward(frame)  # "Auf die Kritik, …, entgegnete sie, dass …"
        if self._prefaced(frame):
            return self._forward(frame)  # "Um Staus zu vermeiden, fordert er, die Brücke zu sperren"
        if (frame.match is not None and "after" not in frame.match.verb.takes and not so) or (
            frame.passive and not frame.speaker
        ):
            return ()
        line, start = self.line, frame.clause.start
        end = frame.clause.items[-1] + 1
        if end < len(line.words) - 1 and line.words[end] == ":" and not line.words[end + 1].isdigit():
            return self._forward(frame)  # "Was das bedeutet, erklärt sie so: «…»"
        begin = 0
        for clause in self.clauses:
            if clause.start < start and clause.wall and clause.wall in ":;":
                begin = clause.start
            elif clause.inverted and clause.end < start and self.line.folds[clause.verb] in self.words.sayings:
                begin = clause.end  # an earlier frame: "„Wir gehen“, rief sie, „und zwar alle“, rief sie noch"
        if line.pairs[max(0, start - 2)] is not None and start - begin <= 3:
            return ()
        around = next((each for each in self.clauses if each.start < start and each.end > frame.clause.end), None)
        if (begin == 0 and start <= 2 and around is None) or not self._reportable(begin, frame):
            return ()
        spans: list[Range] = [(begin, start - 1)]
        if around is not None:  # "Der Vertrag, sagte Kühn, werde unterzeichnet"
            spans.append((frame.clause.end, self._stop(around)))
            return tuple(spans)
        behind = next((each for each in self.clauses if each.start >= frame.clause.end), None)
        if behind is not None and line.pairs[behind.start] is None and line.words[behind.start - 1] == ",":
            joined = self._opener(behind) in self.known.conjunctions
            if joined or self._mood(behind):
                spans.append((behind.start, self._stop(behind)))
        return tuple(spans)

    def _prefaced(self, frame: Frame) -> bool:
        """Say whether nothing but a purpose, a reason or a condition stands before a frame, and a clause behind it."""
        front = [each for each in self.clauses if each.start < frame.clause.start]
        if len(front) != 1 or front[0].end != frame.clause.start - 1 or self._reportable(0, frame):
            return False
        if self._opener(front[0]) in self.lexicon.phrases["as"]:
            return False  # "Wie die AFP meldet, …": somebody else reports
        following = next((each for each in self.clauses if each.start > frame.clause.items[-1]), None)
        if following is None or following.kind is ClauseKind.RELATIVE or frame.speaker is None:
            return False
        return following.verb != following.start and self._opener(following) not in self.words.asking

    def _reportable(self, begin: int, frame: Frame) -> bool:
        """Say whether what stands in front of a frame may be reported, unlike "um Kosten zu sparen, schliesst sie"."""
        first = next((each for each in self.clauses if each.start >= begin), None)
        if first is None:
            return False
        if first.kind is ClauseKind.INFINITIVE:
            return self._opener(first) not in self.words.infinitive
        if first.kind is ClauseKind.SUBORDINATE:
            opener = self._opener(first)
            second = any(
                each.kind is ClauseKind.MAIN and first.end < each.start < frame.clause.start for each in self.clauses
            )
            behind = [each for each in self.clauses if each.start > frame.clause.items[-1]]
            if self._conditional(first, behind):
                return True  # "Wenn es regne, sagte Kühn, werde der Pass geschlossen"
            return second or (opener in self.known.conjunctions and opener not in self.lexicon.phrases["as"])
        return first.kind is ClauseKind.MAIN

    def _reach(self, clause: Clause) -> int:
        """Return where a subordinate clause ends with all that depends on it."""
        end = clause.end
        for other in self.clauses[self._index(clause) + 1 :]:
            if other.kind is ClauseKind.MAIN:
                break
            end = max(end, other.end)
        return end

    def _around(self, frame: Frame, start: int, stop: int) -> tuple[Range, ...]:
        """Return all of a sentence but the frame: "Die Gefahr, so Kühn, sei real"."""
        clause = frame.clause
        dated = len(self.line.words) > 2 and self.line.words[1] in "–—" and self.line.capitals[0]  # "Berlin – Laut …"
        begin, end = 2 * dated, self.end
        if frame.how in (How.ACCORDING, How.STATEMENT) and stop + 1 < end:
            stop = addressed(self.line, stop, self.words)
        if frame.how in (How.ACCORDING, How.AS, How.SO, How.STATEMENT) and stop < end and self.line.words[stop] == ",":
            about = next((each for each in self.clauses if each.start == stop + 1), None)
            if about is not None and about.kind is ClauseKind.RELATIVE and stop not in about.items:
                stop = about.end  # "Laut Akten, die dem Gericht vorliegen, …"
        if clause.kind in (ClauseKind.SUBORDINATE, ClauseKind.RELATIVE) and frame.how is not How.AS:
            begin, end = clause.start, clause.end
        elif frame.how is How.AS and (around := enclosing(self.clauses, clause)) is not None:
            begin, end = around.start, around.end
        else:
            for other in self.clauses:
                if other.wall in (":", ";") and other.wall:
                    if other.start <= start:
                        begin = other.start
                    elif other.start >= stop and other.wall == ";" and not self._mood(other):
                        end = min(end, other.start - 1)
                elif (
                    other.wall == "und" and other.kind is ClauseKind.MAIN and other.start >= stop and self._says(other)
                ):
                    end = min(end, other.start)
            if clause.wall == "und" and clause.before is not None and self._says(clause.before):
                begin = max(begin, clause.start + 1)
        return ((begin, start), (stop, end))

    def _says(self, clause: Clause) -> bool:
        """Say whether somebody speaks in a clause, by a verb of its own."""
        return any(each.clause is clause and each.how is How.VERB and each.speaker is not None for each in self.frames)

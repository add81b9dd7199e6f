"""Frames: who is said to say something, and by which words.

„…“, sagte die Ministerin; „…“, so Kühn; laut einer Studie; nach Angaben der Polizei; der Vorwurf der Opposition, …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from newsbridge.quotes.clauses import Clause, ClauseKind, clauses, utters, verbal
from newsbridge.quotes.cues import FINITE, FormKind, Lexicon, Match
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, Words, phrase
from newsbridge.quotes.subjects import can_speak, subject


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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True)
class Parsed:
    """A line with its clauses and frames."""

    clauses: tuple[Clause, ...]
    frames: tuple[Frame, ...]


NOTHING = Parsed((), ())


def parse(line: Line, lexicon: Lexicon, known: Words) -> Parsed:
    """Find the clauses of a line and every frame, in order of their cues; nothing where no word of saying stands."""
    quoted = any(pair is not None for pair in line.pairs)
    if not quoted and not lexicon.hints(line.folds) and not _nouns(line, lexicon):
        return NOTHING
    divided = clauses(line, known)
    found: list[Frame] = []
    for index, clause in enumerate(divided):
        last = clause.items[-1]
        following = next((each for each in divided[index + 1 :] if each.start > last), None)
        found.extend(_Reader(line, clause, following, lexicon, known).frames())
    found = _channels(line, found, known)
    found.sort(key=lambda frame: frame.at)
    return Parsed(divided, tuple(found))


def _nouns(line: Line, lexicon: Lexicon) -> bool:
    """Say whether a noun of saying stands in a line where it may be a cue: behind "nach", in front of a comma."""
    signal = not lexicon.signals.isdisjoint(line.folds)
    for at, fold in enumerate(line.folds):
        if line.capitals[at] and (signal or "," in line.words[at + 1 : at + 6]) and lexicon.noun(fold):
            return True
    return False


def _channels(line: Line, found: list[Frame], known: Words) -> list[Frame]:
    """Set the medium: "sagte Kühn laut «Tagblatt»", "gegenüber Radio Basel", "im Interview mit dem «Boten»"."""
    said = [frame for frame in found if frame.how is How.VERB and frame.speaker is not None and frame.medium is None]
    if not said:
        return found
    kept = list(found)
    for frame in said:
        channel = _channel(line, frame, known)
        if channel is None:
            continue
        kept[kept.index(frame)] = replace(frame, medium=channel)
        kept = [
            each
            for each in kept
            if not (each.how is How.ACCORDING and each.clause is frame.clause and each.end == channel.end)
        ]
    return kept


def _channel(line: Line, frame: Frame, known: Words) -> Phrase | None:
    """Return the medium named in the clause of a frame, without its article."""
    for at in frame.clause.items:
        if line.folds[at] not in known.carried_by or at + 1 >= len(line):
            continue
        found = phrase(line, at + 1, known, apposition=False)
        if found is None or found.pronoun:
            continue
        named = any(each in line.named for each in range(found.start, found.end))
        if named or line.folds[found.head].endswith(known.media) or line.folds[found.start].endswith(known.media):
            start = found.start
            while start < found.end - 1 and not line.capitals[start] and start not in line.named:
                start += 1
            return Phrase(start, found.end, found.head, found.case)
    return None


class _Reader:
    """Reads one clause."""

    def __init__(self, line: Line, clause: Clause, following: Clause | None, lexicon: Lexicon, known: Words) -> None:
        self.line, self.clause, self.following = line, clause, following
        self.lexicon, self.known = lexicon, known
        self.items = clause.items
        self.folds = [line.folds[at] for at in clause.items]

    def frames(self) -> Iterator[Frame]:
        """Yield every frame of the clause."""
        taken: set[int] = set()
        verb = False
        for position, at in enumerate(self.items):
            if self.line.pairs[at] is not None or at in taken:
                continue
            frame = self._verb(position) if self.folds[position] in self.lexicon.verbs else None
            verb = verb or frame is not None
            if frame is None and self.folds[position] in self.lexicon.signals:
                frame = self._words(at)
            if frame is not None:
                taken.update(frame.at)
                yield frame
        back = self._back()
        if back is not None:
            yield back
        noun = self._noun()
        if noun is not None and not taken & set(noun.at):
            yield noun
        if not verb and self.clause.inverted:
            unknown = self._unknown()
            if unknown is not None:
                yield unknown

    # verbs

    def _verb(self, position: int) -> Frame | None:
        """Read a form of a verb of saying with its subject."""
        line, known, at = self.line, self.known, self.items[position]
        if line.capitals[at] and position > 0:
            return None
        match = self.lexicon.match(self.folds, position)
        if match is None or self.clause.kind is ClauseKind.INFINITIVE:
            return None
        kinds = {form.kind for form in self.lexicon.verbs[self.folds[position]] if form.verb is match.verb}
        finite, passive = position, False
        helper = self._helper(position, kinds)
        if helper is not None:
            finite, passive = helper, self.folds[helper] not in known.auxiliaries | known.modals
            if self.folds[helper] in known.passive and match.kind is FormKind.INFINITIVE:
                passive = False  # "wird sagen"
            if match.verb.lemma in self.lexicon.moving and self.folds[helper] in known.states:
                passive = False
        elif not kinds & FINITE:
            return None
        cue = tuple(self.items[index] for index in match.at)
        where = self.items[finite]
        how = How.VERB
        if self.clause.kind is ClauseKind.SUBORDINATE and self.folds[0] in self.lexicon.phrases["as"]:
            how = How.AS
        if (
            helper is not None
            and self.folds[helper] in known.states
            and self.folds[position] in self.lexicon.adjectives
        ):
            return None
        if passive:
            return self._passive(how, match, cue, where)
        if (finite + 1 < len(self.folds) and self.folds[finite + 1] in known.it) or self._it(finite):
            place = self._place()
            if place is not None:
                return Frame(how, tuple(sorted({*cue, where})), place, self.clause, match)
            if match.verb.lemma in self.lexicon.saying_it:
                return Frame(how, tuple(sorted({*cue, where})), None, self.clause, match)
        plural = match.plural if helper is None else self.folds[finite] in known.plural
        quoted = self._quoted(match, where, plural)
        if quoted is not None:
            return Frame(how, cue, quoted[0], self.clause, match, quoted[1], finite=where, folds=tuple(self.folds))
        if self.clause.kind is ClauseKind.RELATIVE:
            who = self._relative(where, plural)
        else:
            who = subject(line, self.clause, where, plural, known)
            if self.clause.before is not None and (who is None or not can_speak(line, who, known)):
                shared = self._shared(self.clause.before)
                who = shared if shared is not None and (who is None or can_speak(line, shared, known)) else who
            if who is None and how is How.AS:
                who = self._place()
        return Frame(how, cue, who, self.clause, match, finite=where, plural=plural, folds=tuple(self.folds))

    def _helper(self, position: int, kinds: set[FormKind]) -> int | None:
        """Return the position of the finite verb a participle or infinitive goes with."""
        known = self.known
        wanted: frozenset[str] = frozenset()
        if FormKind.PARTICIPLE in kinds:
            wanted |= known.auxiliaries | known.passive | known.states
        if FormKind.INFINITIVE in kinds:
            wanted |= known.modals | known.passive
        last = len(self.folds) - 1
        if self.clause.kind is not ClauseKind.MAIN or position + 1 <= last < position + 3:
            for at in range(position + 1, min(last + 1, position + 3)):
                if self.folds[at] in wanted:
                    return at
        if self.clause.kind is ClauseKind.MAIN:
            for at in range(position - 1, -1, -1):
                if (self.folds[at] in wanted and not self.line.capitals[self.items[at]]) or (
                    at == 0 and self.folds[at] in wanted
                ):
                    return at
        return None

    def _it(self, finite: int) -> bool:
        """Say whether the subject is an "es" in front: "Es heisst bei der Polizei"."""
        return finite == 1 and self.folds[0] in self.known.it

    def _shared(self, before: Clause) -> Phrase | None:
        """Return the subject of the clause this one is joined to: "Kühn nickte und sagte"."""
        line, known = self.line, self.known
        finite = next(
            (
                at
                for at in before.items
                if not line.capitals[at] and (line.folds[at] in known.finite or line.folds[at] in self.lexicon.finite)
            ),
            None,
        )
        if finite is None:
            return None
        return subject(line, before, finite, None, known) or (self._shared(before.before) if before.before else None)

    def _passive(self, how: How, match: Match, cue: tuple[int, ...], where: int) -> Frame:
        """Read "wurde von der Polizei mitgeteilt", "wird Kühn zitiert", "wurde in einer Erklärung mitgeteilt"."""
        known = self.known
        agent = self._agent()
        if match.verb.lemma in self.lexicon.quoting:
            who = subject(self.line, self.clause, where, self.line.folds[where] in known.plural, known)
            return Frame(how, cue, who, self.clause, match, agent, passive=True, finite=where, folds=tuple(self.folds))
        if agent is None:
            place = self._place(documents=True)
            return Frame(how, cue, place, self.clause, match, passive=True, finite=where, folds=tuple(self.folds))
        return Frame(how, cue, agent, self.clause, match, passive=True, finite=where, folds=tuple(self.folds))

    def _quoted(self, match: Match, where: int, plural: bool | None) -> tuple[Phrase, Phrase | None] | None:
        """Read "zitiert die «Computerwoche» Kühn": the object speaks, the subject is the medium."""
        if match.verb.lemma not in self.lexicon.quoting:
            return None
        who = subject(self.line, self.clause, where, plural, self.known)
        others = [
            found
            for found in self._phrases()
            if (who is None or found.end <= who.start or found.start >= who.end)
            and self.line.folds[found.head] not in self.known.times
            and self.lexicon.noun(self.line.folds[found.head]) is None
        ]
        if not others:
            return None
        others.sort(key=lambda found: not can_speak(self.line, found, self.known))
        return others[0], who

    def _phrases(self) -> Iterator[Phrase]:
        """Yield the noun phrases of the clause that stand in no prepositional one."""
        stop = -1
        for at in self.items:
            if at < stop:
                continue
            if self.line.folds[at] in self.known.prepositions:
                inner = phrase(self.line, at + 1, self.known, apposition=False) if at + 1 < len(self.line) else None
                stop = inner.end if inner is not None else at + 1
                continue
            found = phrase(self.line, at, self.known)
            if found is not None:
                stop = found.end
                yield found

    def _relative(self, where: int, plural: bool | None) -> Phrase | None:
        """Return who speaks in a relative clause: a subject in it, or what its pronoun stands for."""
        line, known, clause = self.line, self.known, self.clause
        first = self.items[0]
        inner = subject(line, Clause(clause.kind, first, clause.end, self.items[1:]), where, plural, known)
        if line.folds[first] == "der" and not (inner is not None and inner.pronoun):
            return antecedent(line, clause.start - 1, known)
        if line.folds[first] in known.nominative and not (inner is not None and can_speak(line, inner, known)):
            return antecedent(line, clause.start - 1, known)
        if (
            inner is not None
            and inner.case != "nominative"
            and not inner.pronoun
            and line.folds[first] in ("der", "die")
        ):
            return antecedent(line, clause.start - 1, known)
        return inner

    def _agent(self) -> Phrase | None:
        """Return by whom something was said: "wurde von der Polizei mitgeteilt"."""
        for at in self.items:
            if self.line.folds[at] in self.known.by and at + 1 < len(self.line):
                found = phrase(self.line, at + 1, self.known, apposition=False)
                if found is not None and can_speak(self.line, found, self.known):
                    return found
        return None

    def _place(self, *, documents: bool = False) -> Phrase | None:
        """Return where it says so: "heisst es in der Mitteilung", "heisst es bei der Polizei"."""
        first = None
        for at in self.items:
            if self.line.folds[at] not in self.known.places or at + 1 >= len(self.line):
                continue
            found = phrase(self.line, at + 1, self.known, apposition=False)
            if found is None or self.line.folds[found.head] in self.known.times:
                continue
            noun = self.lexicon.noun(self.line.folds[found.head])
            speaks = noun in ("document", "statement") or can_speak(self.line, found, self.known)
            if noun == "document" or (speaks and not documents):
                return found
            first = first or found
        return None if documents else first

    def _unknown(self) -> Frame | None:
        """Read a frame whose verb is in no list: „…“, strich Kühn heraus."""
        line, first = self.line, self.items[0]
        back = first - 2 if first and line.words[first - 1] == "," else first - 1
        behind = back >= 0 and utters(line, back, self.known)
        if not behind or line.capitals[first] or not verbal(line.folds[first], self.known):
            return None
        who = subject(line, self.clause, first, None, self.known)
        if who is None or not can_speak(line, who, self.known):
            return None
        return Frame(How.VERB, (first,), who, self.clause, finite=first)

    # nouns of saying

    def _noun(self) -> Frame | None:
        """Read "der Vorwurf der Opposition, …", "sie ist der Meinung, …", "zeigte sich überzeugt, …"."""
        line, known, following = self.line, self.known, self.following
        if (
            following is None
            or following.start - self.clause.items[-1] != 2
            or line.words[following.start - 1] not in ",:"
        ):
            return None
        tail = self.items[-12:]
        for at in reversed(tail):
            fold = line.folds[at]
            if fold in self.lexicon.convinced and at >= tail[-1] - 2:
                finite = next((each for each in self.items if line.folds[each] in self.lexicon.states), None)
                if finite is None:
                    return None
                who = subject(line, self.clause, finite, None, known)
                return Frame(How.NOUN, (at,), who, self.clause) if who is not None else None
            if not line.capitals[at] or self.lexicon.noun(fold) is None or not self.lexicon.claim(fold):
                continue
            return self._claim(at)
        return None

    def _claim(self, at: int) -> Frame | None:
        """Read a noun of saying whose content stands behind the comma."""
        line, known = self.line, self.known
        end = self.items[-1] + 1
        rest = at + 1
        owner = None
        if rest < end and (line.folds[rest] in known.genitive or line.folds[rest] in known.of):
            owner = phrase(line, rest + 1 if line.folds[rest] in known.of else rest, known)
            if owner is not None:
                rest = owner.end
        elif rest < end and line.capitals[rest]:
            owner = phrase(line, rest, known)
            rest = owner.end if owner is not None else rest
        tail = range(rest, end)
        if len(tail) > 3 or any(line.capitals[each] or line.folds[each] in known.degree for each in tail):
            return None
        before = at - 1
        while (
            before > self.items[0]
            and line.words[before][0].islower()
            and line.folds[before].endswith(("e", "en", "er"))
        ):
            if line.folds[before] in known.determiners or line.folds[before] in known.possessive:
                break
            before -= 1
        if owner is None and before >= 0 and line.folds[before] in known.possessive:
            owner = Phrase(before, before + 1, before, "any", pronoun=True)
        if owner is None and before >= 0 and line.capitals[before] and line.folds[before].endswith(("s", "’", "'")):
            owner = Phrase(before, before + 1, before, "any")
        if owner is None:
            finite = next(
                (
                    each
                    for each in self.items
                    if line.folds[each] in self.known.finite or (each != at and self._lexical(each))
                ),
                None,
            )
            if finite is None and self.clause.verb >= 0:
                finite = self.clause.verb
            who = subject(line, self.clause, finite, None, known) if finite is not None else None
            if who is not None and not who.start <= at < who.end:
                if not can_speak(line, who, known) and self.lexicon.noun(line.folds[who.head]) != "document":
                    return None
                owner = who
            elif finite is not None and who is None:
                return None
        return Frame(How.NOUN, (at,), owner, self.clause)

    def _lexical(self, at: int) -> bool:
        return (
            not self.line.capitals[at]
            and self.line.pairs[at] is None
            and self.line.folds[at] not in self.known.small
            and verbal(self.line.folds[at], self.known)
            and (at == self.items[0] or at - 1 in self.items)
            and (phrase(self.line, self.items[0], self.known, apposition=False) or Phrase(0, -1, 0, "any")).end == at
        )

    def _back(self) -> Frame | None:
        """Read "…, wonach …" and "Demnach …"."""
        first = self.items[0]
        fold = self.line.folds[first]
        if self.clause.kind is ClauseKind.SUBORDINATE and fold in self.lexicon.phrases["relative"]:
            return Frame(How.BACK, (first,), antecedent(self.line, first - 1, self.known), self.clause)
        if self.clause.kind is ClauseKind.MAIN and fold in self.lexicon.phrases["back"] and first == 0:
            return Frame(How.BACK, (first,), None, self.clause)
        return None

    # cues that are no verbs

    def _words(self, index: int) -> Frame | None:
        """Read a cue that is no verb."""
        line, known, phrases = self.line, self.known, self.lexicon.phrases
        fold = line.folds[index]
        if fold in phrases["so"]:
            return self._so(index)
        if fold in phrases["behind"] and index > self.items[0]:
            frame = self._behind(index)
            if frame is not None:
                return frame
        if fold in phrases["before"]:
            found = phrase(line, index + 1, known, apposition=True)
            if found is not None and not found.pronoun:
                owner = self._owner(found)
                return Frame(How.ACCORDING, (index,), owner or found, self.clause, reach=found.end)
        if fold in phrases["view"] and (index == self.items[0] or line.folds[index - 1] in known.and_):
            return self._view(index)
        if fold in phrases["before_noun"]:
            found = phrase(line, index + 1, known, apposition=False)
            if found is None:
                return None
            if fold in phrases["in_words"] and line.folds[found.head] not in self.lexicon.phrases["words"]:
                return None
            owner = self._owner(found)
            if owner is not None:
                return Frame(How.STATEMENT, (index,), owner, self.clause, reach=found.end)
            noun = self.lexicon.noun(line.folds[found.head])
            if fold in phrases["after_document"] and noun == "statement" and not self._topic(found.end):
                return Frame(How.STATEMENT, (index,), found, self.clause)
            if (
                fold in phrases["after_document"]
                and self.lexicon.reports(line.folds[found.head])
                and (index == self.items[0] or found.end - found.start <= 2)
            ):
                return Frame(How.ACCORDING, (index,), found, self.clause)
        return None

    def _view(self, index: int) -> Frame | None:
        """Read "für Minister Kühn ist das «ein Meilenstein»"."""
        line, known = self.line, self.known
        found = phrase(line, index + 1, known, apposition=False)
        if found is None or found.end >= len(line) or not can_speak(line, found, known):
            return None
        return Frame(How.FOR, (index,), found, self.clause) if line.folds[found.end] in known.states else None

    def _topic(self, at: int) -> bool:
        """Say whether a statement is followed by what it is about: "Angaben über die Herkunft"."""
        return at < len(self.line) and self.line.folds[at] in self.lexicon.phrases["about"]

    def _so(self, index: int) -> Frame | None:
        """Read "…, so die Ministerin", and "So die Ministerin:" in front."""
        line, known = self.line, self.known
        if index and line.words[index - 1] not in ",–—" and line.pairs[index - 1] is None:
            return None
        found = phrase(line, index + 1, known)
        if found is None or not found.subject:
            return None
        closed = found.end == len(line) or line.words[found.end] in ",.:;–—)" or found.end - found.start > 1
        closed = closed or line.folds[found.end] in known.small or line.pairs[found.end] is not None
        if index == 0 and not (found.end < len(line) and line.words[found.end] == ":"):
            return None
        if found.end < len(line) and line.folds[found.end] in known.finite:
            return None
        return Frame(How.SO, (index,), found, self.clause) if closed else None

    def _behind(self, index: int) -> Frame | None:
        """Read "der Polizei zufolge", "Kühns Einschätzung nach"."""
        line, known = self.line, self.known
        for start in range(max(0, index - 10), index):
            if start and line.folds[start - 1] in known.determiners:
                continue
            found = phrase(line, start, known, apposition=False)
            if found is None or found.end != index or found.pronoun:
                continue
            owner = self._owner(found)
            if owner is not None:
                return Frame(How.STATEMENT, (index,), owner, self.clause)
            if line.folds[index] in self.lexicon.phrases["before"]:
                return Frame(How.ACCORDING, (index,), found, self.clause)
            return None
        return None

    def _owner(self, found: Phrase) -> Phrase | None:
        """Return whose statement a phrase is: "Angaben der Polizei" → der Polizei, "Kühns Einschätzung" → Kühns."""
        line, known = self.line, self.known
        for at in range(found.start, found.end):
            if not line.capitals[at] or self.lexicon.noun(line.folds[at]) != "statement":
                continue
            if at + 1 < found.end:
                owner = phrase(line, at + 2 if line.folds[at + 1] in known.of else at + 1, known)
                if owner is not None:
                    return owner
            inner = [i for i in range(found.start, at) if line.capitals[i]]
            if inner and line.folds[inner[-1]].endswith(("s", "x", "z", "’", "'")):
                return Phrase(inner[0], inner[-1] + 1, inner[-1], "any")
            if line.folds[found.start] in known.possessive:
                return Phrase(found.start, found.start + 1, found.start, "any", pronoun=True)  # "seiner Meinung nach"
        return None


def antecedent(line: Line, comma: int, known: Words) -> Phrase | None:
    """Return what a relative clause behind a comma is about: the nearest phrase in front of it that can speak."""
    widest = None
    for start in range(comma - 1, max(-1, comma - 14), -1):
        if line.words[start] in ".:;":
            break
        found = phrase(line, start, known)
        if found is None or found.end != comma:
            continue
        if can_speak(line, found, known) and (start == 0 or line.folds[start - 1] not in known.determiners):
            return found
        if widest is None or line.folds[start] in known.determiners:
            widest = found
    if widest is not None:
        return widest
    for start in range(comma - 1, max(-1, comma - 8), -1):
        if line.words[start] in ".:;,":
            break
        found = phrase(line, start, known)
        if found is not None and not found.pronoun and can_speak(line, found, known):
            widest = found
    return widest

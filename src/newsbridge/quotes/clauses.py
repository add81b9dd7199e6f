"""Clauses: which words of a sentence belong to the same verb, whatever stands between them.

German sets clauses off with commas and wraps them round each other („Primus, der bei der Stiftung arbeitet, wies das
zurück“), so a clause is a list of items, not a stretch.  The rules are those of the topological fields of German
(Drach 1937; Duden, Die Grammatik, "Der Satz"): one constituent, then the finite verb, then the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsbridge.quotes.chunks import (
    GLUED,
    Chunk,
    Clause,
    ClauseKind,
    chunks_of,
    ends_in_verb,
    finite_verb,
    first_word,
    is_open,
    kind_of,
    utterance,
    waits,
)
from newsbridge.quotes.dashes import DASHES, asides
from newsbridge.quotes.joints import joined
from newsbridge.quotes.lines import QUOTE, Line
from newsbridge.quotes.phrases import phrase
from newsbridge.quotes.traits import CLEAR, FINITE, JOINT, OPENS, PREPOSITION, SAYING
from newsbridge.quotes.words import Words

WALLS = frozenset(":;")  # a clause never goes on behind these
CLOSING = frozenset(")]")  # a clause goes on behind these


def clauses(line: Line, known: Words) -> tuple[Clause, ...]:
    """Divide a sentence into its clauses, in order of their first items.

    Args:
        line: The sentence.
        known: The language's words.
    """
    if line.clauses is None:
        line.clauses = _divided(line, known)
    return line.clauses


def _divided(line: Line, known: Words) -> tuple[Clause, ...]:
    division = _Division(line, known)
    chunks = asides(line, list(chunks_of(line, known)), known)
    brackets = "(" in line.words or "[" in line.words
    depth = 0
    for index, chunk in enumerate(chunks):
        for at in range(chunks[index - 1].end if index else 0, chunk.start) if brackets else ():
            depth = max(0, depth + (line.words[at] in ("(", "[")) - (line.words[at] in (")", "]")))
        if depth:
            division.found.append(_clause(ClauseKind.ASIDE, chunk))
        else:
            division.read(chunk, chunks[index + 1 :])
    return tuple(joined(line, division.found, known) if line.every & JOINT else division.found)


class _Division:
    """Reads the chunks of a sentence in order and says which clause each of them belongs to."""

    def __init__(self, line: Line, known: Words) -> None:
        self.line, self.known = line, known
        self.found: list[Clause] = []
        self.main: Clause | None = None  # the clause that may go on
        self.last: Clause | None = None  # the one read last, embedded or not
        self.outer: Clause | None = None  # the clause that a frame interrupts: "Man habe, sagte er, alles geprüft"
        self.added = -1  # the end of the noun phrase that was added last: "am Montag, dem 19. Mai, …"

    def read(self, chunk: Chunk, rest: Sequence[Chunk]) -> None:
        """Add a chunk to a clause, or begin one with it; ``rest`` are those behind it."""
        line, known = self.line, self.known
        following = rest[0] if rest else None
        if chunk.mark in WALLS:
            self.main = self.last = self.outer = None
        if self.last is not None and chunk.mark not in DASHES and waits(line, self.last, chunk, known):
            _extend(self.last, chunk)
            return
        if chunk.mark in CLOSING and self.last is not None:
            _extend(self.last, chunk)
            if self.last.kind is ClauseKind.MAIN and self.last.verb < 0:
                verb = finite_verb(line, chunk, known)
                self.last.verb = -1 if verb is None else verb
            return
        if (outer := self._waiting(chunk)) is not None:
            _extend(outer, chunk)
            self.last = outer
            return
        kind = kind_of(line, chunk, known)
        if kind is ClauseKind.MAIN and (self._wrapped(chunk, following) or self._round_marks(chunk, rest)):
            kind = ClauseKind.RELATIVE
        if kind is ClauseKind.RELATIVE and self._ends_open(chunk):
            kind = ClauseKind.MAIN
        if kind is None and self._told_as(chunk, rest):
            kind = ClauseKind.SUBORDINATE
        if kind is None and self._speaks(chunk, rest):
            self.main = self.last = _clause(ClauseKind.MAIN, chunk)
            self.found.append(self.main)
            return
        target = self.last or self.main
        if kind is None and self._verb_due(chunk):
            assert self.main is not None
            target, self.last, self.main.verb = self.main, self.main, chunk.start
        if kind is None and self.main is not None and self._closed(chunk):
            target = self.last = self.main
        if kind is None and target is not None:  # an apposition or enumeration
            _extend(target, chunk)
            self.added = chunk.end
        elif kind is None or kind is ClauseKind.MAIN:
            self._main(chunk, following)
        else:
            self.last = _clause(kind, chunk)
            self.found.append(self.last)

    def _verb_due(self, chunk: Chunk) -> bool:
        """Say whether the verb of a sentence begins behind a relative clause: "Laut dem Plan, der …, fehlen Lehrer"."""
        line, known, main, last, at = self.line, self.known, self.main, self.last, chunk.start
        if main is None or last is None or main.verb >= 0 or last.kind is not ClauseKind.RELATIVE or chunk.mark != ",":
            return False
        led = line.folds[main.items[0]] in known.prepositions and main.items[0] == main.start
        done = ends_in_verb(line, last.items[-1] + 1)
        return led and done and not line.capitals[at] and known.verbal(line.folds[at]) and at + 1 < chunk.end

    def _ends_open(self, chunk: Chunk) -> bool:
        """Say whether a noun and an infinitive end an interrupted clause: "Man müsse, so Kühn, ans Geld denken"."""
        line, known, outer = self.line, self.known, self.outer or self.main
        at = first_word(line, chunk, known)
        if outer is None or outer.verb < 0 or chunk.mark != "," or line.folds[at] not in known.prepositions:
            return False
        so = any(line.folds[each] in known.so and line.words[each - 1] == "," for each in outer.items[1:])
        if self.outer is None and not so:
            return False
        found = phrase(line, at + 1, known, apposition=False) if at + 1 < chunk.end else None
        ends = found is not None and not found.pronoun and found.end == chunk.end - 1
        return ends and self._resumes(outer, chunk, chunk.end - 1)

    def _speaks(self, chunk: Chunk, rest: Sequence[Chunk]) -> bool:
        """Say whether a noun phrase is the subject of a new clause: "…, die Leiterin, Vera Bosch (FDP), sagte: …"."""
        line, known, main = self.line, self.known, self.main
        if (
            main is None
            or main is not self.last
            or main.verb < 0
            or main.inverted
            or line.folds[chunk.start] in known.oblique
        ):
            return False
        for index, each in enumerate(rest):
            if line.traits[each.start] & SAYING and not line.capitals[each.start]:
                after = index + 1 < len(rest) and rest[index + 1].mark
                own = phrase(line, each.start + 1, known) if each.start + 1 < each.end else None
                return (after == ":" or not after) and (own is None or not own.subject)
            bracketed = line.words[each.start - 1] == "("
            if not bracketed and kind_of(line, each, known) is not None:
                return False
        return False

    def _told_as(self, chunk: Chunk, rest: Sequence[Chunk]) -> bool:
        """Say whether a chunk opens a frame whose verb stands behind an apposition: "wie Kühn, der Leiter, sagte"."""
        line, known = self.line, self.known
        if not rest or chunk.mark != "," or line.folds[chunk.start] not in known.comparing:
            return False
        for each in rest[:2]:
            if ends_in_verb(line, each.end):
                return line.traits[each.end - 1] & SAYING > 0
            if line.words[each.start - 1] != "(" and kind_of(line, each, known) is not None:
                return False
        return False

    def _waiting(self, chunk: Chunk) -> Clause | None:
        """Return the clause round an embedded one whose verb a chunk holds: "Wie Kühn, der dabei war, feststellt"."""
        line, known, last = self.line, self.known, self.last
        if last is None or last.kind is ClauseKind.MAIN or len(self.found) < 2 or chunk.mark != ",":
            return None
        outer = self.found[-2]
        if outer.kind not in (ClauseKind.SUBORDINATE, ClauseKind.RELATIVE) or outer.end + 1 != last.start:
            return None
        return outer if ends_in_verb(line, last.end) and waits(line, outer, chunk, known, resumed=True) else None

    def _closed(self, chunk: Chunk) -> bool:
        """Say whether "…, als «überzogen»" stands behind an embedded clause that has its verb, not in it."""
        line, known, last = self.line, self.known, self.last
        if last is None or last.kind not in (ClauseKind.SUBORDINATE, ClauseKind.RELATIVE):
            return False
        return line.folds[chunk.start] in known.comparing and ends_in_verb(line, last.items[-1] + 1)

    def _wrapped(self, chunk: Chunk, following: Chunk | None) -> bool:
        """Say whether a chunk stands between a subject and its verb: "Kühn, der Rot sah, nannte das überzogen"."""
        line, known, main = self.line, self.known, self.main
        if main is None or main.verb >= 0 or following is None or chunk.mark != "," or following.mark != ",":
            return False
        if line.folds[chunk.start] not in known.relative or not ends_in_verb(line, chunk.end):
            return False
        first = following.start
        return not line.capitals[first] and (line.folds[first] in known.sayings or line.folds[first] in known.clear)

    def _round_marks(self, chunk: Chunk, rest: Sequence[Chunk]) -> bool:
        """Say whether a relative clause begins whose verb stands behind marks: ", der den Plan als «…» bezeichnete"."""
        line, known = self.line, self.known
        if len(rest) < 2 or chunk.mark != "," or rest[0].mark != GLUED or rest[1].mark != QUOTE:
            return False
        relative = chunk.start + (line.folds[chunk.start] in known.prepositions)
        return line.folds[relative] in known.relative and ends_in_verb(line, rest[1].end)

    def _adjectives(self, chunk: Chunk) -> bool:
        """Say whether a chunk goes on with a list of adjectives: "er sei müde, gereizt und etwas kratzig"."""
        line, inside = self.line, range(chunk.start, chunk.end)
        if any(line.capitals[at] or line.pairs[at] is not None or line.traits[at] & OPENS for at in inside):
            return False
        if any(line.traits[at] & CLEAR for at in inside[1:]):
            return False
        joint = any(line.traits[at] & JOINT for at in inside)
        return joint and not any(line.folds[at] in self.known.pronouns for at in inside)

    def _main(self, chunk: Chunk, following: Chunk | None) -> None:
        """Add a chunk to the main clause that waits for it, or begin a main clause."""
        line, known = self.line, self.known
        verb = finite_verb(line, chunk, known)
        begins = verb is not None and verb == first_word(line, chunk, known)
        if self.outer is not None and chunk.mark == "," and self._resumes(self.outer, chunk, verb):
            _extend(self.outer, chunk)
            if self.outer.verb < 0 and verb is not None:
                self.outer.verb = verb
            self.main = self.last = self.outer
            self.outer = None
            return
        main = self.main
        if main is not None and chunk.mark == "," and main.verb >= 0 and self._adjectives(chunk):
            _extend(main, chunk)
            self.last = main
            return
        if main is not None and chunk.mark != "":
            if begins and chunk.mark == "," and self._frames(main, chunk, following):
                self.outer = main
                self.last = _clause(ClauseKind.MAIN, chunk)
                self.last.verb, self.last.inverted = first_word(line, chunk, known), True
                self.found.append(self.last)
                return
            if self._goes_on(main, chunk, verb, begins=begins):
                _extend(main, chunk)
                if main.verb < 0 and verb is not None and not (begins and self._participle(chunk, verb)):
                    main.verb = verb
                self.last = main
                return
        self.main = self.last = _clause(ClauseKind.MAIN, chunk)
        self.main.verb = -1 if verb is None else verb
        self.main.inverted = begins and line.folds[chunk.start] not in known.openers and bool(self.found)
        told = self._told()
        if self.main.inverted and told is not None and chunk.mark == "," and self._elided(told, chunk):
            self.main.inverted, self.main.before = False, told
        elif begins and line.folds[chunk.start] in known.eliding and told is not None and chunk.mark != "":
            self.main.before = told  # "Kühn verwies darauf, dass …, und sagte, …"
        elif verb is not None and told is not None and chunk.mark == "," and self._joined(chunk, verb):
            self.main.before = told  # "Kühn kam mit dem Anwalt, Till Falk, nach Bern und sagte, …"
        self.found.append(self.main)

    def _told(self) -> Clause | None:
        """Return the last main clause that the report itself says, not somebody in it."""
        line, known = self.line, self.known
        for each in reversed(self.found):
            if each.kind is not ClauseKind.MAIN or each.verb < 0:
                continue
            mood = line.folds[each.verb] in known.mood - (known.modals - known.passive)
            if not mood or line.folds[each.items[0]] in known.first_person:
                return each
        return None

    def _elided(self, main: Clause, chunk: Chunk) -> bool:
        """Say whether a chunk goes on with the subject of the clause before: "Kühn zögerte, sagte aber, …"."""
        line, known = self.line, self.known
        if main.inverted or main.items[0] == main.verb:
            return False
        if any(line.folds[at] in known.adversative for at in range(chunk.start + 1, chunk.end)):
            return True
        return not self._names(range(chunk.start + 1, chunk.end))

    def _joined(self, chunk: Chunk, verb: int) -> bool:
        """Say whether "und" stands in front of the verb of a chunk, and nobody who could be its subject before that."""
        line, known = self.line, self.known
        if verb < chunk.start + 2 or line.folds[verb - 1] not in known.and_ or line.folds[chunk.start] in known.and_:
            return False
        return not self._names(range(chunk.start, verb - 1))

    def _names(self, places: range) -> bool:
        """Say whether a noun phrase that no preposition leads begins at one of some places: a subject, perhaps."""
        line, known = self.line, self.known
        return any(
            line.folds[at - 1] not in known.prepositions and phrase(line, at, known, apposition=False) is not None
            for at in places
        )

    def _quoted(self, clause: Clause) -> bool:
        return len(clause.items) == 1 and self.line.pairs[clause.items[0]] is not None

    def _goes_on(self, main: Clause, chunk: Chunk, verb: int | None, *, begins: bool) -> bool:
        """Say whether a chunk belongs to the main clause before it: its verb, or what its verb waits for."""
        if main.verb < 0:
            if begins and verb is not None and self._participle(chunk, verb):
                return True  # "Die Regierung, geschwächt durch den Streit, hofft"
            if verb is not None and not begins and main.start == 0 and chunk.mark == ",":
                named = phrase(self.line, 0, self.known)
                return named is not None and named.end == verb  # "Rita Kunz, Leiterin des Instituts sagte"
            return (verb is None or begins) and not self._quoted(main) and not (begins and self._said(main, chunk))
        alone = begins and chunk.end - chunk.start == 1
        if (
            verb == chunk.end - 1
            and is_open(self.line, main)
            and (alone or not (begins or (self.last is main and chunk.start != self.added + 1)))
        ):
            return True  # the participle of "hatte Kühn, der das Amt leitet, in Bern erklärt"
        return verb is None and not utterance(self.line, chunk)

    def _participle(self, chunk: Chunk, verb: int) -> bool:
        """Say whether a chunk is a participle with what hangs on it: "geschwächt durch den Streit"."""
        line = self.line
        if verb != chunk.start or verb + 1 >= chunk.end or line.traits[verb] & (CLEAR | SAYING):
            return False
        return line.folds[verb].startswith("ge") and line.traits[verb + 1] & PREPOSITION > 0

    def _said(self, main: Clause, chunk: Chunk) -> bool:
        """Say whether a chunk is a frame behind a clause with its verb in marks: "Der Weg «ist hart», sagte sie"."""
        line, last, first = self.line, main.items[-1], chunk.start
        if line.pairs[last] is None or last in line.named or not line.traits[first] & SAYING or chunk.mark != ",":
            return False
        found = phrase(line, first + 1, self.known)
        return found is not None and found.subject

    def _frames(self, main: Clause, chunk: Chunk, following: Chunk | None) -> bool:
        """Say whether a chunk is a frame that interrupts a clause: "Der Vertrag, sagte Kühn, werde unterzeichnet"."""
        line, known = self.line, self.known
        first = first_word(line, chunk, known)
        if following is None or following.mark != "," or not line.traits[first] & SAYING or self._quoted(main):
            return False
        found = phrase(line, first + 1, known)
        if (found is None or not found.subject) and line.folds[first + 1] not in known.it:
            return False
        verb = finite_verb(line, following, known)
        return self._resumes(main, following, verb)

    def _resumes(self, outer: Clause, chunk: Chunk, verb: int | None) -> bool:
        """Say whether an interrupted clause goes on in a chunk."""
        line, known = self.line, self.known
        first = first_word(line, chunk, known)
        if outer.verb < 0:
            told = line.words[first].endswith("e") and not line.words[first].endswith("te")  # "prüfe den Fall"
            return verb is not None and verb == first and (line.traits[first] & FINITE > 0 or told)
        if not is_open(line, outer) or line.folds[first] in known.clausal_openers:
            return False
        last = chunk.end - 1
        ends = not line.capitals[last] and line.folds[last].endswith(("t", "en", "n"))
        return ends and not any(line.traits[at] & CLEAR and not line.capitals[at] for at in range(chunk.start, last))


def second(line: Line, clause: Clause, known: Words) -> int | None:
    """Return the second constituent of a main clause, which is its finite verb, whatever its form; None if unclear."""
    items = clause.items
    position = 0
    while position < len(items) - 1 and line.folds[items[position]] in known.openers:
        position += 1
    led = line.folds[items[position]] in known.prepositions
    found = phrase(line, items[position] + led, known, apposition=False)
    stop = found.end if found is not None else items[position] + 1
    if led and found is None:  # "Am Morgen traf …"
        stop += sum(each == stop and (line.capitals[each] or line.words[each].isdigit()) for each in items)
    if stop + 1 < len(line.words) and line.words[stop] == "." and line.words[stop - 1].isdigit():
        stop += 1 + line.capitals[stop + 1]  # "Am 21. November traf …"
    at = next((each for each in items if each >= stop and line.pairs[each] is None), None)
    if at is None or line.capitals[at] or line.pairs[at] is not None or not line.words[at].isalpha():
        return None
    return at


def _clause(kind: ClauseKind, chunk: Chunk) -> Clause:
    return Clause(kind, chunk.start, chunk.end, list(range(chunk.start, chunk.end)), wall=chunk.mark)


def _extend(clause: Clause, chunk: Chunk) -> None:
    clause.items.extend(range(chunk.start, chunk.end))
    clause.end = chunk.end

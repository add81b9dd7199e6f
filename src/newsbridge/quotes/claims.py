"""Frames with a noun or an adjective of saying: „der Vorwurf der Opposition, …“; „…, ist Kühn überzeugt“."""

from __future__ import annotations

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, phrase
from newsbridge.quotes.sources import OWNING
from newsbridge.quotes.subjects import antecedent, can_speak, subject
from newsbridge.quotes.traits import BODY, COMMON, CONVINCED, DETERMINER, ENDINGS, NOUN, PREPOSITION, VERBAL
from newsbridge.quotes.words import Words

REACH = 8  # items of "…, ist die Leiterin der Schule überzeugt"


class Claims:
    """Reads what the clause behind one spells out."""

    def __init__(self, line: Line, clause: Clause, following: Clause | None, lexicon: Lexicon, known: Words) -> None:
        self.line, self.clause, self.following = line, clause, following
        self.lexicon, self.known = lexicon, known
        self.items = clause.items

    def noun(self) -> Frame | None:
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
            if line.traits[at] & CONVINCED and at >= tail[-1] - 2:
                finite = next((each for each in self.items if line.folds[each] in self.lexicon.states), None)
                if finite is None:
                    return None
                if self.clause.kind is ClauseKind.SUBORDINATE and following.inverted:
                    return None  # "Ob Gäste betroffen sind, sei unklar"
                who = subject(line, self.clause, finite, None, known)
                if who is None or line.folds[who.start] in known.indefinite | known.it or self._stands_for(at):
                    return None
                return Frame(How.NOUN, (at,), who, self.clause, finite=finite)
            if not line.capitals[at] or not line.traits[at] & NOUN or not self.lexicon.claim(fold):
                continue
            return self._claim(at)
        return None

    def convinced(self) -> Frame | None:
        """Read "…, ist Kühn überzeugt", "…, ist sie sich sicher"."""
        line, first, last = self.line, self.items[0], self.items[-1]
        if (
            line.folds[last] not in self.known.sure
            or line.folds[first] not in self.known.states
            or last - first > REACH
        ):
            return None
        who = subject(line, self.clause, first, None, self.known)
        if who is None or line.folds[who.start] in self.known.it | self.known.indefinite:
            return None
        speaks = can_speak(line, who, self.known) or (who.start == first + 1 and not line.traits[who.head] & COMMON)
        return Frame(How.VERB, (last,), who, self.clause, finite=first) if speaks else None

    def _stands_for(self, at: int) -> bool:
        """Say whether "dafür" hangs on a word in front of it: "der Grund dafür ist", "dankbar dafür"."""
        line = self.line
        return (
            at > 0
            and (line.capitals[at - 1] or line.traits[at - 1] & CONVINCED > 0)
            and line.folds[at] in self.known.stands_for
        )

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
            if owner is not None and not (line.folds[owner.head].endswith(OWNING) or can_speak(line, owner, known)):
                return None  # "angesichts der Forderung Entschlossenheit zeigen"
            rest = owner.end if owner is not None else rest
        tail = range(rest, end)
        if len(tail) > 3 or any(line.capitals[each] or line.folds[each] in known.degree for each in tail):
            return None
        if any(line.pairs[each] is not None for each in tail):
            return None  # "Die Idee sei «absurd», …"
        before = at - 1
        while before > self.items[0] and line.words[before][0].islower() and line.folds[before].endswith(ENDINGS):
            if line.folds[before] in known.determiners or line.folds[before] in known.possessive:
                break
            before -= 1
        if owner is None and before >= 0 and line.folds[before] in known.possessive:
            owner = Phrase(before, before + 1, before, "any", pronoun=True)
        if owner is None and before >= 0 and line.capitals[before] and line.folds[before].endswith(("s", "’", "'")):
            first = before
            while (
                first > self.items[0]
                and line.capitals[first - 1]
                and not line.traits[first - 1] & (DETERMINER | PREPOSITION)
            ):
                first -= 1  # "Thea Falks Antwort"
            owner = Phrase(first, before + 1, before, "any")
        if owner is None and line.traits[at] & BODY and at + 1 == self.clause.verb:
            return None  # "Der Rat weigert sich, Pferde zu kaufen"
        if owner is None and line.folds[self.items[0]] in known.of and not known.coming.isdisjoint(line.folds):
            owner = phrase(line, self.items[0] + 1, known)  # "Von der Polizei kam die Information, …"
            owner = owner if owner is not None and can_speak(line, owner, known) else None
        if owner is None and not self._exists(at):
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
            shared = self.clause.before
            if shared is not None and shared.verb >= 0 and (who is None or who.start <= at < who.end):
                who = subject(line, shared, shared.verb, None, known)  # "nickt und sieht darin ein Signal: …"
            relative = line.folds[self.items[0]]
            held = line.folds[at - 1] in known.genitive and line.folds[self.items[-1]] in known.states
            if self.clause.kind is ClauseKind.RELATIVE and held and at == self.items[-1] - 1:
                who = antecedent(line, self.clause.start - 1, known, relative)  # ", das der Ansicht ist, …"
            if who is not None and finite is not None and self._heisst(finite):
                return None  # "heisst es zur Begründung"
            if who is not None and line.folds[who.start] in known.it:
                pass  # "Es gibt von Kühn den Vorschlag"
            elif who is not None and not who.start <= at < who.end:
                if not can_speak(line, who, known) and self.lexicon.noun(line.folds[who.head]) != "document":
                    return None
                owner = who
            elif who is not None and who.start < at - 1 and can_speak(line, who.until(at - 1), known):
                owner = who.until(at - 1)  # "ist die Zeitung der Ansicht, …"
            elif finite is not None and who is None:
                return None
        return Frame(How.NOUN, (at,), owner, self.clause, finite=self.clause.verb)

    def _exists(self, at: int) -> bool:
        """Say whether "es gibt" stands in front of a noun, with nobody's name: "es gibt Berichte"."""
        folds, states = self.line.folds, self.lexicon.states
        near = range(max(self.items[0], at - 4), at)
        return any(
            folds[each] in self.known.it and (folds[each + 1] in states or (each > 0 and folds[each - 1] in states))
            for each in near
        )

    def _heisst(self, finite: int) -> bool:
        forms = self.lexicon.verbs.get(self.line.folds[finite], ())
        return any(form.verb.lemma in self.lexicon.saying_it for form in forms)

    def _lexical(self, at: int) -> bool:
        return (
            not self.line.capitals[at]
            and self.line.pairs[at] is None
            and self.line.folds[at] not in self.known.small
            and self.line.traits[at] & VERBAL > 0
            and (at == self.items[0] or at - 1 in self.items)
            and (phrase(self.line, self.items[0], self.known, apposition=False) or Phrase(0, -1, 0, "any")).end == at
        )

"""Frames without a verb: „…“, so Kühn; laut einer Studie; nach Angaben der Polizei; wonach …."""

from __future__ import annotations

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.subjects import antecedent, can_speak, subject
from newsbridge.quotes.subjects import owner as possessor
from newsbridge.quotes.traits import (
    COMMON,
    DETERMINER,
    FINITE,
    MOOD,
    NOUN,
    PREPOSITION,
    TIME,
)
from newsbridge.quotes.words import Words

OWNING = ("s", "x", "z", "ß", "’", "'")  # endings of a genitive without article: "Ansicht Kühns"


class Sources:
    """Reads the cues of one clause that are no verbs."""

    def __init__(self, line: Line, clause: Clause, lexicon: Lexicon, known: Words) -> None:
        self.line, self.clause = line, clause
        self.lexicon, self.known = lexicon, known
        self.items = clause.items

    def back(self) -> Frame | None:
        """Read "…, wonach …" and "Demnach …"."""
        first = self.items[0]
        fold = self.line.folds[first]
        if self.clause.kind is ClauseKind.SUBORDINATE and fold in self.lexicon.phrases["relative"]:
            return Frame(How.BACK, (first,), antecedent(self.line, first - 1, self.known), self.clause)
        if self.clause.kind is ClauseKind.MAIN and fold in self.lexicon.phrases["back"] and first == 0:
            return Frame(How.BACK, (first,), None, self.clause)
        return None

    def _fronted(self, index: int, found: Phrase) -> Phrase:
        """Return a source with all that hangs on it up to the verb: "nach Ansicht der Leiterin für Technik ist"."""
        verb, line = self.clause.verb, self.line
        if index != self.items[0] or not found.end < verb <= found.end + 8 or found.pronoun:
            return found
        if line.folds[found.end] not in self.known.joins_noun or any(at not in self.items for at in range(index, verb)):
            return found
        if any(line.traits[at] & TIME for at in range(found.end, verb)):
            return found
        return Phrase(found.start, verb, found.head, found.case)

    def words(self, index: int) -> Frame | None:
        """Read a cue that is no verb."""
        line, known, phrases = self.line, self.known, self.lexicon.phrases
        fold = line.folds[index]
        if fold in phrases["so"]:
            return self._so(index)
        if fold in phrases["behind"] and index > self.items[0] and not self._led(index):
            frame = self._behind(index)
            if frame is not None:
                return frame
        if fold in phrases["before"]:
            found = phrase(line, index + 1, known, apposition=True)
            if found is not None and not found.pronoun:
                owner = self.owner(found)
                return Frame(How.ACCORDING, (index,), owner or found, self.clause, reach=found.end)
        if fold in phrases["view"]:
            return self._view(index)
        if (
            fold in phrases["before_noun"]
            and index + 2 < len(line.words)
            and line.folds[index + 1] in known.relative_only
        ):
            return self._relatively(index)
        if fold in phrases["before_noun"]:
            found = phrase(line, index + 1, known, apposition=False)
            if found is None or (index and self._later(index - 1)):
                return None
            if line.folds[found.start] in known.own and self.lexicon.noun(line.folds[found.head]) == "statement":
                found.means = self._doer()
                return Frame(How.STATEMENT, (index,), found, self.clause)
            if fold in phrases["in_words"] and line.folds[found.head] not in self.lexicon.phrases["words"]:
                return None
            owner = self.owner(found)
            if owner is not None and line.pairs[owner.start] is not None:
                return None  # "mit den Worten «Bis bald»"
            if owner is not None:
                if owner.end == found.end:
                    owner = found = self._fronted(index, owner)
                return Frame(How.STATEMENT, (index,), owner, self.clause, reach=found.end)
            noun = self.lexicon.noun(line.folds[found.head])
            if noun == "statement" and self._genitive(found.end):
                owner = phrase(line, found.end, known, apposition=False)
                if owner is not None and not owner.pronoun:
                    return Frame(How.STATEMENT, (index,), owner, self.clause)
            if fold in phrases["after_document"] and noun == "statement" and not self._topic(found.end):
                return Frame(How.STATEMENT, (index,), found, self.clause)
            if (
                fold in phrases["after_document"]
                and self.lexicon.reports(line.folds[found.head])
                and (index == self.items[0] or found.end - found.start <= 2)
                and not self._topic(found.end)
            ):
                return Frame(How.ACCORDING, (index,), found, self.clause)
        return None

    def _relatively(self, index: int) -> Frame | None:
        """Read "der Nachbar, nach dessen Angaben …", "Dessen Angaben nach …"."""
        line, known, at = self.line, self.known, index + 1
        if self.lexicon.noun(line.folds[at + 1]) != "statement" or not line.capitals[at + 1]:
            return None
        who = Phrase(at, at + 1, at, "any", pronoun=True)
        if index and line.words[index - 1] == ",":
            who.means = antecedent(line, index - 1, known, line.folds[at])
        return Frame(How.STATEMENT, (index,), who, self.clause, reach=at + 2)

    def _led(self, index: int) -> bool:
        """Say whether a word that may stand on either side of its source stands in front: "gemäss «Landpost»"."""
        phrases, fold = self.lexicon.phrases, self.line.folds[index]
        if fold not in phrases["before"] or fold not in phrases["before_noun"]:
            return False
        return phrase(self.line, index + 1, self.known, apposition=False) is not None

    def _later(self, at: int) -> bool:
        """Say whether a word in front of "nach" tells the time: "Stunden nach der Ankündigung", "kurz nach"."""
        return self.line.traits[at] & TIME > 0 or self.line.folds[at] in self.known.lapsing

    def _doer(self) -> Phrase | None:
        """Return the subject of the clause."""
        finite = self.clause.verb
        if finite < 0:
            finite = next((at for at in self.items if self.line.traits[at] & FINITE), -1)
        return subject(self.line, self.clause, finite, None, self.known) if finite >= 0 else None

    def _view(self, index: int) -> Frame | None:
        """Read "für Minister Kühn ist das «ein Meilenstein»"."""
        line, known = self.line, self.known
        found = phrase(line, index + 1, known)
        if found is None and line.folds[index + 1 : index + 2] and line.folds[index + 1] in known.objects:
            found = Phrase(index + 1, index + 2, index + 1, "oblique", pronoun=True)  # "Für ihn steht fest, dass …"
        if found is None or found.end >= len(line.words) or not can_speak(line, found, known):
            return None
        first, last = self.items[0], self.items[-1]
        begins = index == first or line.folds[index - 1] in known.and_ | known.openers  # "Auch für Kühn ist …"
        verb = next((at for at in self.items if at >= found.end), last)  # behind a relative clause, perhaps
        front = begins and (line.folds[verb] in known.states or line.folds[verb] in known.stands)
        near = (line.pairs[at] is not None for at in range(found.end, min(found.end + 4, last + 1)))
        behind = line.folds[index - 1] in known.states and any(near)
        inside = index == first + 1 and line.folds[last] in known.states and self.clause.kind is not ClauseKind.MAIN
        return Frame(How.FOR, (index,), found, self.clause) if front or behind or inside else None

    def _genitive(self, at: int) -> bool:
        """Say whether a genitive without determiner stands at an item: "Angaben informierter Kreise"."""
        line = self.line
        if at + 1 >= len(line.words) or line.capitals[at] or not line.capitals[at + 1]:
            return False
        fold = line.folds[at]
        return fold.endswith("er") and fold not in self.known.small | self.known.determiners | self.known.prepositions

    def _topic(self, at: int) -> bool:
        """Say whether a statement is followed by what it is about: "Angaben über die Herkunft"."""
        return at < len(self.line.words) and self.line.folds[at] in self.lexicon.phrases["about"]

    def _so(self, index: int) -> Frame | None:
        """Read "…, so die Ministerin", and "So die Ministerin:" in front."""
        line, known = self.line, self.known
        if index and line.words[index - 1] not in ",–—" and line.pairs[index - 1] is None:
            return None
        if index + 1 < len(line.words) and line.folds[index + 1] in known.places:
            return self._so_in(index)
        found = phrase(line, index + 1, known)
        if found is None or not found.subject or line.folds[found.start] in known.indefinite:
            return None  # "so viele Menschen"
        if line.folds[found.start] in known.called:
            return None  # "so genannte Gefährder"
        if self._example(found):
            return None
        closed = found.end == len(line.words) or line.words[found.end] in ",.:;–—)" or found.end - found.start > 1
        closed = closed or line.folds[found.end] in known.small or line.pairs[found.end] is not None
        closed = closed or self._adverb(found.end)
        if index == 0 and not (found.end < len(line.words) and line.words[found.end] == ":"):
            return None
        if found.end < len(line.words) and line.folds[found.end] in known.finite:
            return None
        if not closed:
            return None
        reach = found.end
        while reach < min(len(line.words), found.end + 2) and line.folds[reach] in known.small:
            reach += 1  # "so sie weiter"
        if reach < len(line.words) and line.words[reach] not in ",.":
            reach = found.end
        whose = self.owner(found, claims=True)
        if whose is None and line.folds[found.start] in known.possessive:
            whose = possessor(line, found, known)  # "…, so ihre Haltung"
        return Frame(How.SO, (index,), whose or found, self.clause, reach=reach)

    def _so_in(self, index: int) -> Frame | None:
        """Read "…, so in der Mitteilung, …"."""
        line = self.line
        found = phrase(line, index + 2, self.known, apposition=False)
        if found is None or self.lexicon.noun(line.folds[first_noun(line, found)]) not in ("document", "statement"):
            return None
        if found.end < len(line.words) and line.words[found.end] not in ",.":
            return None
        return Frame(How.SO, (index,), found, self.clause, reach=found.end)

    def _example(self, found: Phrase) -> bool:
        """Say whether a phrase with a genitive gives an example: "Es gab Ärger, so der Rücktritt des Leiters"."""
        line = self.line
        head = first_noun(line, found)
        if head + 1 >= found.end or line.folds[head + 1] not in self.known.genitive or line.quoted:
            return False
        fold = line.folds[head]
        if self.lexicon.noun(fold) is not None or can_speak(line, found.until(head + 1), self.known):
            return False
        return line.traits[head] & COMMON > 0 and not line.every & MOOD

    def _adverb(self, at: int) -> bool:
        """Say whether one small word stands alone at an item: "so Kühn trocken"."""
        line = self.line
        return line.words[at].islower() and (at + 1 == len(line.words) or line.words[at + 1] in ",.:;–—)")

    def _behind(self, index: int) -> Frame | None:
        """Read "der Polizei zufolge", "Kühns Einschätzung nach"."""
        line, known = self.line, self.known
        if line.folds[index - 1] in known.datives and line.folds[index] in self.lexicon.phrases["before"]:
            return Frame(How.ACCORDING, (index,), Phrase(index - 1, index, index - 1, "any", pronoun=True), self.clause)
        bare = line.folds[index] in self.lexicon.phrases["before"] and self.lexicon.noun(line.folds[index - 1])
        named = index > 2 and line.capitals[index - 2] and not line.traits[index - 2] & DETERMINER
        alone = bare and named and not line.folds[index - 2].endswith(OWNING)
        for start in range(index - 1 if alone else max(0, index - 10), index):  # "da der Direktor Berichten zufolge"
            if start and line.folds[start - 1] in known.determiners:
                continue
            if line.folds[start] in known.she_subjects | known.it_articles:
                continue  # no dative: "Die Leute kamen Berichten zufolge …"
            found = phrase(line, start, known, apposition=False)
            if found is None or found.end != index or found.pronoun:
                continue
            hangs = line.traits[found.head] & TIME or not can_speak(line, found, known)
            hangs = hangs and line.folds[index] in self.lexicon.phrases["before"]
            if hangs and start and line.traits[start - 1] & PREPOSITION:
                found = self._dated(start - 1, found)  # "einem Brief aus dem Juni zufolge"
            owner = self.owner(found)
            if owner is not None:
                return Frame(How.STATEMENT, (index,), owner, self.clause)
            if line.folds[index] in self.lexicon.phrases["before"]:
                return Frame(How.ACCORDING, (index,), found, self.clause)
            return None
        return None

    def _dated(self, end: int, date: Phrase) -> Phrase:
        """Return a phrase with the date behind its preposition, the date alone where none stands in front."""
        for start in range(max(0, end - 10), end):
            found = phrase(self.line, start, self.known, apposition=False)
            if found is not None and found.end == end and not found.pronoun:
                return Phrase(start, date.end, found.head, found.case)
        return date

    def owner(self, found: Phrase, *, claims: bool = False) -> Phrase | None:
        """Return whose statement a phrase is: "Angaben der Polizei" → der Polizei, "Kühns Einschätzung" → Kühns."""
        line, known = self.line, self.known
        for at in range(found.start, found.end):
            noun = line.traits[at] & NOUN and line.capitals[at] and self.lexicon.noun(line.folds[at])
            if noun != "statement" and not (claims and noun == "claim"):
                continue
            if at == found.start + 1 and line.folds[found.start] in known.possessive:
                return Phrase(found.start, at, found.start, "any", pronoun=True)  # "seine Version der Ereignisse"
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

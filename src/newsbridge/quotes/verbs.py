"""Frames with a verb of saying: „…“, sagte die Ministerin; wie Kühn erklärte; wurde von der Polizei mitgeteilt."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.quotes.chunks import Clause, ClauseKind, utters
from newsbridge.quotes.conjugation import FINITE, FormKind
from newsbridge.quotes.cues import Lexicon, Match
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line
from newsbridge.quotes.participles import attributive
from newsbridge.quotes.phrases import Phrase, phrase
from newsbridge.quotes.subjects import antecedent, can_speak, many_people, owner, subject
from newsbridge.quotes.traits import AUXILIARY, COMMON, MODAL, TIME, VERB_ONLY, VERBAL
from newsbridge.quotes.words import Words

SILENT = ("act", "begin")  # classes of verbs that report nothing by themselves
ADJECTIVES = ("en", "em")  # endings of adjectives that no other word of a clause has so often


class Verbs:
    """Reads the verbs of saying of one clause."""

    def __init__(self, line: Line, clause: Clause, lexicon: Lexicon, known: Words) -> None:
        self.line, self.clause, self.lexicon, self.known = line, clause, lexicon, known
        self.items = clause.items
        self.folds = line.folds[clause.start : clause.end]
        if len(self.folds) > len(clause.items):  # something else stands in it
            self.folds = [line.folds[at] for at in clause.items]

    def read(self, position: int) -> Frame | None:
        """Read a form of a verb of saying with its subject."""
        line, known, at = self.line, self.known, self.items[position]
        if (line.capitals[at] and (position > 0 or line.words[at + 1 : at + 2] == [","])) or attributive(line, at):
            return None  # "Preise, sagte er, …"
        match = self.lexicon.match(self.folds, position)
        if match is None or self.clause.kind is ClauseKind.INFINITIVE or self._noun_follows(at, match):
            return None
        kinds = {form.kind for form in self.lexicon.verbs[self.folds[position]] if form.verb is match.verb}
        finite, passive = position, False
        helper = self._helper(position, kinds)
        if helper is not None:
            finite, passive = helper, self.folds[helper] not in known.active
            if self.folds[helper] in known.passive and match.kind is FormKind.INFINITIVE:
                passive = False  # "wird sagen"
            if match.verb.lemma in self.lexicon.moving and self.folds[helper] in known.states:
                passive = False
        elif not kinds & FINITE or self._attribute(at) or (FormKind.PARTICIPLE in kinds and self._adverb(at)):
            return None
        if helper is not None and match.kind is FormKind.PARTICIPLE and self._compared(at):
            return None
        cue = tuple(self.items[index] for index in match.at)
        where = self.items[finite]
        how = How.VERB
        if self.clause.kind is ClauseKind.SUBORDINATE and self.folds[0] in self.lexicon.phrases["as"]:
            how = How.AS
            if match.verb.klass in SILENT:
                return None  # "wie die Bienen reagieren"
            if match.verb.klass != "call" and self._takes_thing(where):
                return None  # "wurde dabei gesehen, wie er den Hund rief"
        if (
            helper is not None
            and self.folds[helper] in known.states
            and self.folds[position] in self.lexicon.adjectives
        ):
            return None
        if passive:
            return self._passive(how, match, cue, where)
        if (
            finite + 1 < len(self.folds) and self.folds[finite + 1] in known.it and not self._fronted(finite, match)
        ) or self._it(finite):
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
            if self.clause.before is not None:
                who = self._elliptic(self.clause.before, where, who)
            if who is None:
                who = self._circles() or (self._from() if match.verb.lemma in self.lexicon.heard_from else None)
            if (who is None and how is How.AS) or (who is not None and who.head in cue):
                who = self._place()  # "ist in dem Schreiben von «Pannen» die Rede"
        if match.verb.lemma in self.lexicon.arising:
            who = self._place(documents=True) or who
        if who is not None and line.folds[who.start] in known.possessive and match.verb.lemma in self.lexicon.saying_it:
            who = owner(line, who, known) or who  # "…, lautete ihre Begründung"
        return Frame(how, cue, who, self.clause, match, finite=where, plural=plural, folds=tuple(self.folds))

    def _noun_follows(self, at: int, match: Match) -> bool:
        """Say whether a form is no verb in front of its noun: "meine Sorge", "einen heissen Sommer"."""
        line = self.line
        if at + 1 >= len(line.words):
            return False
        if line.capitals[at] and line.folds[at + 1] in self.lexicon.phrases["behind"]:
            return True  # "Berichten zufolge"
        if not line.capitals[at + 1]:
            return False
        fold = line.folds[at]
        if fold in self.known.first_person:
            return True
        return fold == match.verb.lemma and at > 0 and line.folds[at - 1] in self.known.articles - self.known.relative

    def _takes_thing(self, finite: int) -> bool:
        """Say whether a clause with its verb at the end has a thing as its object, behind its subject."""
        line, known, seen = self.line, self.known, False
        for found in self._phrases():
            thing = not found.pronoun and not can_speak(line, found, known) and line.pairs[found.head] is None
            if seen and thing and found.end <= finite and not line.traits[found.head] & TIME:
                return line.folds[found.start] in known.articles and line.folds[found.start] not in known.genitive
            seen = True
        return False

    def _helper(self, position: int, kinds: set[FormKind]) -> int | None:
        """Return the position of the finite verb a participle or infinitive goes with."""
        wanted = (AUXILIARY if FormKind.PARTICIPLE in kinds else 0) | (MODAL if FormKind.INFINITIVE in kinds else 0)
        if not self.line.every & wanted:
            return None
        traits, items = self.line.traits, self.items
        last = len(items) - 1
        if self.clause.kind is not ClauseKind.MAIN or position + 1 <= last < position + 3:
            for at in range(position + 1, min(last + 1, position + 3)):
                if traits[items[at]] & wanted:
                    return at
        if self.clause.kind is ClauseKind.MAIN:
            for at in range(position - 1, -1, -1):
                if traits[items[at]] & wanted and (at == 0 or not self.line.capitals[items[at]]):
                    return at
        return None

    def _attribute(self, at: int) -> bool:
        """Say whether a form stands before a noun, behind the verb of its clause: "waren nicht bezeichnete Mängel"."""
        clause, line = self.clause, self.line
        if clause.kind is not ClauseKind.MAIN or clause.verb < 0 or clause.verb >= at or at + 1 >= len(line.words):
            return False
        behind = at + 1
        while behind + 1 < len(line.words) and line.words[behind].endswith(ADJECTIVES) and not line.capitals[behind]:
            behind += 1  # "die verbreiteten leisen Zweifel"
        noun = line.capitals[behind] or line.pairs[behind] is not None
        return noun and line.folds[at].endswith(("te", "ten")) and line.folds[at - 1] not in self.known.and_

    def _compared(self, at: int) -> bool:
        """Say whether a participle is what something is compared with: "grösser als bislang gedacht"."""
        line = self.line
        for back in range(at - 1, max(-1, at - 4), -1):
            if line.capitals[back] or line.pairs[back] is not None:
                return False
            if line.folds[back] in self.known.comparing:
                return True
        return False

    def _adverb(self, at: int) -> bool:
        """Say whether a form that may be a participle stands behind the verb of its clause: "sprach wiederholt"."""
        clause, line = self.clause, self.line
        if clause.kind is not ClauseKind.MAIN or clause.verb < 0 or clause.verb >= at:
            return False
        return line.traits[clause.verb] & VERB_ONLY > 0 and line.folds[at - 1] not in self.known.and_

    def _fronted(self, finite: int, match: Match) -> bool:
        """Say whether somebody stands in front of the verb: "es" behind it is its object then, "Kühn drückte es …"."""
        line = self.line
        if not finite or self.clause.kind is not ClauseKind.MAIN:
            return False
        found = phrase(line, self.items[0], self.known, apposition=False)
        if found is None or found.end != self.items[finite] or found.case == "oblique":
            return False
        named = line.capitals[found.start] and not line.traits[found.head] & COMMON and found.end - found.start == 1
        return (
            found.pronoun
            or can_speak(line, found, self.known)
            or found.head in line.named
            or (named and match.verb.lemma not in self.lexicon.saying_it)
        )

    def _it(self, finite: int) -> bool:
        """Say whether the subject is an "es" in front: "Es heisst bei der Polizei", "in dem es heisst"."""
        if self.clause.kind is not ClauseKind.MAIN:
            return not self.known.it.isdisjoint(self.folds[1:finite])
        return finite == 1 and self.folds[0] in self.known.it

    def _elliptic(self, before: Clause, where: int, who: Phrase | None) -> Phrase | None:
        """Return the subject of a clause joined to another one, which it has in common with it as a rule."""
        line, known = self.line, self.known
        bare = len(self.items) > 1 and self.items[1] == where  # "und nannte Kühns Plan untauglich"
        behind = where + 1
        if self.items[0] == where and any(line.folds[at] in known.adversative for at in self.items[1:]):
            late = line.folds[behind] not in known.adversative  # "…, hält die Behörden aber für «…»"
            bare = late or who is None or who.start > behind + 1  # "…, sagte aber «…», was die Behörden freute"
            bare = bare or (who is not None and line.folds[who.start] in known.possessive)  # "…, lobte aber sein Team"
        if who is not None and line.folds[who.start] in known.it:
            bare, who = True, None  # "und findet es richtig, dass …"
        if who is not None and (who.pronoun or (can_speak(line, who, known) and not bare)):
            return who
        shared = self._shared(before)
        return shared if shared is not None and (who is None or bare or can_speak(line, shared, known)) else who

    def _shared(self, before: Clause) -> Phrase | None:
        """Return the subject of the clause this one is joined to: "Kühn nickte und sagte"."""
        line, known = self.line, self.known
        finite = next(
            (
                at
                for at in before.items
                if not line.capitals[at] and (line.folds[at] in known.finite or line.folds[at] in self.lexicon.finite)
            ),
            before.verb if before.verb >= 0 else None,
        )
        if finite is None:
            return None
        return subject(line, before, finite, None, known) or (self._shared(before.before) if before.before else None)

    def _passive(self, how: How, match: Match, cue: tuple[int, ...], where: int) -> Frame:
        """Read "wurde von der Polizei mitgeteilt", "wird Kühn zitiert", "wurde in einer Erklärung mitgeteilt"."""
        known = self.known
        agent = None if match.verb.lemma in self.lexicon.asked_of else self._agent()
        if match.verb.lemma in self.lexicon.quoting:
            who = subject(self.line, self.clause, where, self.line.folds[where] in known.plural, known)
            return Frame(how, cue, who, self.clause, match, agent, passive=True, finite=where, folds=tuple(self.folds))
        if agent is None:
            place = self._place(documents=True) or self._circles()
            return Frame(how, cue, place, self.clause, match, passive=True, finite=where, folds=tuple(self.folds))
        return Frame(how, cue, agent, self.clause, match, passive=True, finite=where, folds=tuple(self.folds))

    def _quoted(self, match: Match, where: int, plural: bool | None) -> tuple[Phrase, Phrase | None] | None:
        """Read "zitiert die «Computerwoche» Kühn": the object speaks, the subject is the medium."""
        if match.verb.lemma not in self.lexicon.quoting:
            return None
        known = self.known
        who = subject(self.line, self.clause, where, plural, known)
        others = [
            found
            for found in self._phrases()
            if (who is None or found.end <= who.start or found.start >= who.end)
            and self.line.folds[found.head] not in self.known.times
            and self.lexicon.noun(self.line.folds[found.head]) is None
        ]
        if not others and who is not None and self.clause.before is not None and not who.pronoun:
            shared = self._shared(self.clause.before)
            if shared is not None and who.start == where + 1:
                return who, shared  # "berichtete die «Landpost» und zitierte eine Frau mit den Worten"
        paper = self._paper()
        if not others and paper is not None and who is not None:
            return paper, who.until(paper.start - 1) if who.start < paper.start - 1 < who.end else who
        if not others:
            for found in self._phrases():  # "zitiert die «Landpost» seine letzten Worte"
                whose = owner(self.line, found, known) if who is None or found.start >= who.end else None
                if whose is not None:
                    return whose, who
            for at in self.items:
                if at > where and self.line.folds[at] in known.objects:
                    return Phrase(at, at + 1, at, "oblique", pronoun=True), who  # "zitiert ihn"
            for found in self._phrases():  # "zitiert die «Landpost» den Bericht"
                behind = found.start > where and (
                    found.case == "oblique" or (who is not None and found.start >= who.end)
                )
                if behind and self.lexicon.reports(self.line.folds[found.head]):
                    return found, who
            return None
        others.sort(key=lambda found: not can_speak(self.line, found, self.known))
        return others[0], who

    def _paper(self) -> Phrase | None:
        """Return the document out of which somebody quotes: "zitierte die «Landpost» aus dem Bericht"."""
        for at in self.items[:-1]:
            if self.line.folds[at] in self.known.out_of:
                found = phrase(self.line, at + 1, self.known, apposition=False)
                if found is not None and self.lexicon.noun(self.line.folds[found.head]) is not None:
                    return found
        return None

    def _phrases(self) -> Iterator[Phrase]:
        """Yield the noun phrases of the clause that stand in no prepositional one."""
        stop = -1
        for at in self.items:
            if at < stop:
                continue
            if self.line.folds[at] in self.known.prepositions:
                inner = (
                    phrase(self.line, at + 1, self.known, apposition=False) if at + 1 < len(self.line.words) else None
                )
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
        inner = subject(line, clause, where, plural, known)
        if inner is not None and plural is False and many_people(line, inner, known):
            inner = None  # "eine Botschaft, welche die Techniker als «…» bezeichnete"
        doer = inner is not None and inner.pronoun and line.folds[inner.start] not in known.either | known.it
        if line.folds[first] == "der" and not doer:
            return antecedent(line, clause.start - 1, known, line.folds[first])
        if line.folds[first] in known.nominative and not (inner is not None and can_speak(line, inner, known)):
            return antecedent(line, clause.start - 1, known, line.folds[first])
        if (
            inner is not None
            and inner.case != "nominative"
            and not inner.pronoun
            and line.folds[first] in ("der", "die")
        ):
            return antecedent(line, clause.start - 1, known, line.folds[first])
        return inner

    def _agent(self) -> Phrase | None:
        """Return by whom something was said: "wurde von der Polizei mitgeteilt"."""
        known, other = self.known, None
        for at in self.items:
            if self.line.folds[at] in self.known.by and at + 1 < len(self.line.words):
                aside = self.line.folds[at + 1] in self.known.sides  # "von Seiten der Behörden"
                found = phrase(self.line, at + 1 + aside, self.known, apposition=False)
                inner = found is not None and any(
                    self.line.folds[each] in self.known.by and not can_speak(self.line, found.until(each), self.known)
                    for each in range(found.start + 1, found.end)
                )  # "die Gefahr von Bränden vom Wetterdienst"
                if found is None or inner:
                    continue
                if can_speak(self.line, found, self.known):
                    return found
                behind = self.line.folds[found.end] if found.end < len(self.line.words) else ""
                thing = self.line.folds[found.head].endswith(known.abstract) or self.line.traits[found.head] & TIME
                if not thing and not found.pronoun and behind not in known.no_agents:
                    other = other or found  # "von Imkern als «Witz» bezeichnet"
        return other

    def _circles(self) -> Phrase | None:
        """Return the circles in which something is said: "Aus Regierungskreisen verlautete, …"."""
        for at in self.items[:-1]:
            if self.line.folds[at] in self.known.places:
                found = phrase(self.line, at + 1, self.known, apposition=False)
                if found is not None and self.line.folds[found.head].endswith(self.known.circles):
                    return found
        return None

    def _from(self) -> Phrase | None:
        """Return from whom something is heard: "Von der Behörde verlautete, …"."""
        for at in self.items[:-1]:
            if self.line.folds[at] in self.known.of:
                found = phrase(self.line, at + 1, self.known, apposition=False)
                if found is not None and can_speak(self.line, found, self.known):
                    return found
        return None

    def _place(self, *, documents: bool = False) -> Phrase | None:
        """Return where it says so: "heisst es in der Mitteilung", "heisst es bei der Polizei"."""
        first = None
        if self.clause.kind is ClauseKind.RELATIVE and self.line.folds[self.items[0]] in self.known.places:
            return antecedent(self.line, self.clause.start - 1, self.known)  # "der Brief, in dem es heisst"
        for at in self.items:
            if self.line.folds[at] not in self.known.places or at + 1 >= len(self.line.words):
                continue
            found = phrase(self.line, at + 1, self.known, apposition=False)
            if found is None or self.line.folds[found.head] in self.known.times or self._towards(found):
                continue
            if found.head in self.line.named or self.known.medium(self.line.folds[found.head]):
                return found  # "im «Standard»"
            noun = self.lexicon.noun(self.line.folds[found.head])
            speaks = noun in ("document", "statement") or can_speak(self.line, found, self.known)
            if noun == "document" or (documents and noun == "statement") or (speaks and not documents):
                return found
            first = first or found
        return None if documents else first

    def _towards(self, found: Phrase) -> bool:
        """Say whether a phrase behind a preposition is in the accusative: "Einsicht in den Bericht", no place."""
        first, known = self.line.folds[found.start], self.known
        if first in known.given_to:
            return not self.line.folds[found.head].endswith(known.dative_ends)
        return first in known.she_subjects | known.it_articles

    def unknown(self) -> Frame | None:
        """Read a frame whose verb is in no list: „…“, strich Kühn heraus."""
        line, first = self.line, self.items[0]
        back = first - 2 if first and line.words[first - 1] == "," else first - 1
        short = back == 0 and first == 2 and line.pairs[0] is not None  # "«Ein Tor», zischte der Trainer"
        behind = short or (back >= 0 and utters(line, back, self.known))
        if not behind or line.capitals[first] or not (line.traits[first] & VERBAL or self.clause.verb == first):
            return None
        who = subject(line, self.clause, first, None, self.known)
        if who is None or line.folds[who.start] in self.known.it:
            return None
        bare = who.start == first + 1 and line.capitals[who.start] and not line.traits[who.head] & COMMON
        if not (bare or can_speak(line, who, self.known)):
            return None
        return Frame(How.VERB, (first,), who, self.clause, finite=first)

    # nouns of saying

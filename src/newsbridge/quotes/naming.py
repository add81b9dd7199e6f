"""Naming: what tells that marks hold a name, and who calls something by the words in marks.

„Der Film «…»“, „so heisst das Buch“ and „ein Verfahren wegen «…»“ announce a name, „nannte den Plan «…»“ an opinion.
"""

from __future__ import annotations

from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame
from newsbridge.quotes.lines import Line
from newsbridge.quotes.sights import ENDS, TERM, Sight
from newsbridge.quotes.subjects import can_speak
from newsbridge.quotes.traits import ACRONYM, FUNCTION, GIVEN, PREPOSITION
from newsbridge.quotes.words import Words


class Names:
    """Reads the words round a pair of marks.

    Args:
        lexicon: The language's words of saying.
        known: Its words around names.
    """

    def __init__(self, lexicon: Lexicon, known: Words) -> None:
        self.lexicon, self.known = lexicon, known

    def named(self, sight: Sight, content: str) -> float:
        """Weigh words in front that announce a name, a title or a term."""
        known, lexicon, line, item = self.known, self.lexicon, sight.line, sight.item
        count = len(content.split())
        around = range(max(0, item - 4), min(len(line.words), item + 3))
        before = line.folds[item - 1] if item else ""
        behind = line.folds[item + 1] if item + 1 < len(line.words) else ""
        if before in known.called or behind in known.called:
            return 3.2
        if any(line.folds[at] in known.naming for at in around if at != item):
            return 2.4
        same = sight.same
        verb = same.match.verb if same is not None and same.match is not None and item + 1 in same.at else None
        if verb is not None and verb.lemma in lexicon.quoting and content[0].isupper():
            return 3.2  # "«Der Bote» zitierte die Ministerin: …"
        if same is not None and same.match is not None and same.match.verb.klass == "call" and self._reflexive(same):
            return 2.4
        if (
            behind in known.comparing
            and before not in known.articles
            and content[0].isupper()
            and "call" in self._classes(sight)
        ):
            return 3.2  # "nannte «Der lange Weg» als «rührselig» …"
        if any(line.folds[at].endswith(known.slogans) for at in range(max(0, item - 4), item)):
            return -2.0 if count > 1 else 0.0  # "Parolen wie «Nieder mit …»"
        if sight.written is not None:
            return 0.0
        if before in known.listing and content[0].isupper():
            return 1.0
        if before in known.charging and not (same is not None and same.match and same.match.verb.klass == "blame"):
            return 1.5  # "ein Verfahren wegen «groben Unfugs»", but "kritisierte ihn wegen «grober Fehler»"
        made = item > 1 and line.capitals[item - 2] and line.folds[item - 2].endswith(known.makers)
        if made and before in known.joins_noun and content[0].isupper():
            return 1.6  # "die Autorin von «Der stille See»"
        if before in known.genitive and item > 1 and line.folds[item - 2] in known.terms:
            return 1.6  # "den Begriff des «gerechten Krieges»"
        if item and line.capitals[item - 1] and line.words[item - 1][0].isalpha():
            if lexicon.claim(before) or lexicon.noun(before) == "statement":
                return -1.5 if count > 2 else 0.0
            if self.predicate(sight, content):
                return 0.0
            if content[0].islower() and count > 1:
                return 1.0 if before.endswith(known.works) else 0.0
            return 3.0 if before.endswith(known.works) else 1.6 if content[0].isupper() else 0.4
        return 0.0

    def valued(self, sight: Sight, content: str) -> bool:
        """Say whether somebody calls something that: "nannte den Plan «untauglich»", "sprach von «Fehlern»"."""
        frame, line, item = sight.same, sight.line, sight.item
        if frame is None or frame.match is None or self._reflexive(frame):
            return False
        if frame.speaker is None and not frame.passive and not content[0].islower():
            return False
        if frame.speaker is not None and line.folds[frame.speaker.start] in self.known.nobody:
            return False
        titled = item > 0 and line.capitals[item - 1] and line.folds[item - 1].endswith(self.known.works)
        if titled and (content[0].isupper() or not self._somebody(frame, sight)):
            return False  # "das Wort «deadline» bezeichnet", but "nannte das Projekt «überflüssig»"
        if item + 1 < len(line.words) and line.folds[item + 1] in self.known.naming:
            return False  # "als «Rotbart» bekannt"
        if frame.passive and frame.speaker is None and not sight.mood and content.split()[-1][0].isupper():
            return False  # "werden «kleine Kaiser» genannt"
        klasses = self._classes(sight)
        before = line.folds[max(0, item - 2) : item]
        charges = frame.match.verb.klass == "blame" and frame.match.verb.particle and item + 1 in frame.at
        if charges and self._somebody(frame, sight) and not self.known.prepositions & set(before[-1:]):
            return True  # "warf dem Trainer «Realitätsverlust» vor"
        if frame.passive and len(content.split()) == 1 and content[0].isupper():
            return False  # "wird als «Sonnenwind» bezeichnet"
        if klasses & {"call", "view"}:
            if "call" not in klasses and all(map(self.capital, content.split())):
                return False  # "fordert einen «Master Plan»"
            ours = len(before) > 1 and before[-2] in self.known.comparing and before[-1] in self.known.possessive
            return content[:1].islower() or ours or (bool(before) and before[-1] in self.known.valuing)
        return any(klass in klasses and fold in before for klass, fold in self.known.turning)

    def entitles(self, sight: Sight) -> bool:
        """Say whether a frame names a title: "«Leben mit dem Wolf», so heisst das Buch"."""
        near = sight.near
        if near is None or near.speaker is None or near.match is None:
            return False
        head, led = sight.line.folds[near.speaker.head], sight.line.traits[near.speaker.start - 1] & PREPOSITION
        says = self.lexicon.noun(head) in ("claim", "statement")  # "Antwort" is no "Wort"
        work = head.endswith(self.known.works) and not says
        named = head in self.known.called or (work and not led)  # but "heisst es im Bericht"
        return named and near.match.verb.lemma in self.lexicon.saying_it

    def shown(self, sight: Sight) -> bool:
        """Say whether what looks like the subject behind a verb cannot speak, so that the marks are the subject."""
        near = sight.near
        if near is None or near.speaker is None or near.speaker.pronoun:
            return False
        noun = self.lexicon.noun(sight.line.folds[near.speaker.head])
        return noun is None and not can_speak(sight.line, near.speaker, self.known)

    def glossed(self, line: Line, item: int) -> bool:
        """Say whether the marks explain something in brackets: "(etwa: «Partei der Volksmacht»"."""
        for at in range(item - 1, max(-1, item - 5), -1):
            if line.words[at] in ("(", "[", "="):
                return True
            if line.words[at] in (")", "]"):
                return False
        return False

    def talks(self, content: str) -> bool:
        """Say whether words in brackets are too many for a name, and a sentence: "(«Ich bin ja nur zu Gast»)"."""
        words = content.casefold().split()
        if content[0].isupper() and len(words) > 1 and not self.known.finite.isdisjoint(words):
            return True  # "(«Der war blind»)"
        return len(words) > TERM and (content[-1] in ENDS or not self.known.speaking.isdisjoint(words))

    def explained(self, line: Line, item: int) -> bool:
        """Say whether a name in brackets says what the marks hold: "«Ärzte der Welt» (ÄdW)", not "«Nein» (Kühn)"."""
        if item + 3 >= len(line.words) or line.words[item + 1] != "(":
            return False
        for at in range(item + 2, min(len(line.words), item + 8)):
            if line.words[at] == ")":
                return at > item + 3 or line.traits[item + 2] & ACRONYM > 0 or "-" in line.words[item + 2]
            if not line.capitals[at] and line.folds[at] not in self.known.name_words | self.known.joining:
                return False
            if line.folds[at] in line.names or line.traits[at] & (GIVEN | FUNCTION):
                return False
        return False

    def predicate(self, sight: Sight, content: str) -> bool:
        """Say whether the marks hold the infinitive that a modal verb waits for: "will «Konsequenzen ziehen»"."""
        clause, words = sight.clause, content.split()
        if clause is None or clause.verb < 0 or clause.items[-1] != sight.item or len(words) < 2:
            return False
        return sight.line.folds[clause.verb] in self.known.modals and words[-1].islower() and words[-1].endswith("n")

    def capital(self, word: str) -> bool:
        """Say whether a word may stand in a name: with a capital letter, or small as "of" is."""
        return word[0].isupper() or not word[0].isalpha() or word in self.known.name_words

    def _classes(self, sight: Sight) -> set[str]:
        """Return every class of the verb in the frame around the marks."""
        at = sight.same.at if sight.same is not None else ()
        return {form.verb.klass for each in at for form in self.lexicon.verbs.get(sight.line.folds[each], ())}

    def _somebody(self, frame: Frame, sight: Sight) -> bool:
        """Say whether a frame names somebody who can speak, and that is not what stands in front of the marks."""
        who = frame.speaker
        return who is not None and can_speak(sight.line, who, self.known) and not who.start < sight.item <= who.end

    def _reflexive(self, frame: Frame) -> bool:
        return any(fold in self.lexicon.reflexive for fold in frame.folds)

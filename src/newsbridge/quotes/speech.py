"""Speech or not: what a pair of marks holds, and what speaks for it.

About half of the marks in German news hold no speech but a title, a name, a nickname, a term.  No single sign tells,
so each sign has a weight and the sum decides; 0 is the border.  ``newsbridge quotes --explain`` does not show the sum,
the tests hold what it decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsbridge.quotes.clauses import Clause
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import Frame, How
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.phrases import Phrase
from newsbridge.quotes.subjects import can_speak
from newsbridge.quotes.traits import ACRONYM, ENDINGS, FINITE, FUNCTION, GIVEN, PREPOSITION
from newsbridge.quotes.words import Words

ENDS = ".!?…"
SEARCHED = 50_000  # code points; a longer text is not searched for the words of every pair
TERM = 3  # words of a term at the most
WEAK = frozenset({"judge", "begin", "act"})  # classes of verbs that are near speech, and seldom quote
DOING = frozenset({"view", "begin", "act"})  # classes of verbs that need no word to be said
WISHING = frozenset({"demand", "think"})  # what is wished for or expected has a name more often than it is a quotation
NAME = 5  # words; a longer one is no name
VOICED = 0.2
VERBAL = 0.3
SENTENCE = 9  # words; as many are no figure of speech
ALONE = 1.3  # off what nobody in this sentence or the one before can have said
WRITTEN = 2.2  # nobody says it, yet it is somebody's words
LATIN = "\u024f"  # the last Latin letter of Unicode's Latin Extended-B
JOINED = 4  # words between two pairs that share a verdict
LONG = 14  # words; a longer one is no title


@dataclass(slots=True, eq=False)
class Sight:
    """What is known about a pair of marks before it is weighed."""

    line: Line
    item: int
    pair: Pair
    clause: Clause | None  # the one it stands in
    near: Frame | None  # a frame beside it
    within: Frame | None  # a frame that reports the clause it stands in
    same: Frame | None  # a frame in its own clause
    mood: bool  # its clause is in the subjunctive of reported speech
    told: bool  # another clause of its sentence is
    whole: bool  # it is a sentence of its own
    voiced: bool  # somebody spoke in the sentence before
    written: Phrase | None  # what the words stand on, where nobody speaks them


class Judge:
    """Weighs pairs of marks of one article.

    Args:
        page: The article.
        lexicon: The language's words of saying.
        known: Its words around names.
        pairs: Every pair, for words that come back in marks.
    """

    def __init__(self, page: Page, lexicon: Lexicon, known: Words, pairs: tuple[Pair, ...]) -> None:
        self.text = page.article.plain
        self.folded = self.text.casefold() if len(self.text) < SEARCHED else ""
        self.lexicon, self.known = lexicon, known
        self.often = Counter(self.content(pair).casefold() for pair in pairs if pair.depth == 0)

    def content(self, pair: Pair) -> str:
        """Return what stands between the marks, every run of blanks one space."""
        return " ".join(" ".join(span.of(self.text) for span in pair.contents).split())

    def speech(self, sight: Sight) -> bool:
        """Say whether a pair of marks holds speech."""
        content = self.content(sight.pair)
        if not any(character.isalpha() for character in content):
            return False
        return self._plain(sight, content) or self.weigh(sight, content) > 0

    def _plain(self, sight: Sight, content: str) -> bool:
        """Say whether nothing needs weighing: a frame and a colon, or marks that begin the sentence before a frame."""
        line, item, near = sight.line, sight.item, sight.near
        says = near is not None and near.match is not None and near.match.verb.klass == "say"
        colon = (
            item > 0
            and line.words[item - 1] == ":"
            and (content[-1] in ENDS or (says and not self._named(sight, content)))
        )
        if self._entitles(sight):
            return False
        if colon and near is not None and near.how is How.VERB and near.speaker is not None and near.end <= item:
            return True  # "antwortete sie: «Schlafen.»"
        begins = item == 0 or line.words[item - 1] in (":", "–")
        behind = line.words[item + 1] if item + 1 < len(line.words) else ""
        return sight.near is not None and begins and behind == "," and sight.near.start > item

    def weigh(self, sight: Sight, content: str) -> float:
        """Add up what speaks for speech and against it."""
        valued = self._valued(sight)
        weight = self._form(content, valued) + self._place(sight, content, valued)
        return weight if valued else weight - self._named(sight, content)

    def verdicts(self, sights: Sequence[Sight]) -> list[bool]:
        """Say of each pair of a line whether it holds speech; pairs joined by "und" or a comma share the verdict."""
        found: list[bool] = []
        names: set[str] = set()  # what led to a name: "in «Vier Winter» spielte sie …, in «Der Brief» …"
        for group in self._groups(sights):
            each = [self.speech(sight) for sight in group]
            if any(each) and not all(each):
                each = [self._shared(group)] * len(group)
            led = group[0].line.folds[group[0].item - 1] if group[0].item else ""
            named = self.content(group[0].pair)[:1].isupper() and led in self.known.prepositions
            if named and led in names and group[0].near is None:
                each = [False] * len(group)
            elif named and not any(each):
                names.add(led)
            found.extend(each)
        return found

    def _shared(self, group: Sequence[Sight]) -> bool:
        """Say whether joined pairs hold speech; what announces the first as a name does so for all of them."""
        contents = [self.content(sight.pair) for sight in group]
        if all(content[0].islower() for content in contents):
            return True  # none of them is a name
        weights = [self.weigh(*each) for each in zip(group, contents, strict=True)]
        names = [self._named(*each) for each in zip(group, contents, strict=True)]
        return sum(weights) + sum(names) - len(names) * max(names) > 0

    def _groups(self, sights: Sequence[Sight]) -> Iterator[list[Sight]]:
        """Yield pairs of marks between which nothing stands but what joins them: "«zu teuer» und «zu spät»"."""
        group: list[Sight] = []
        for sight in sights:
            if group and not self._joined(group[-1], sight):
                yield group
                group = []
            group.append(sight)
        if group:
            yield group

    def _joined(self, one: Sight, other: Sight) -> bool:
        between = one.line.folds[one.item + 1 : other.item]
        if not 0 < len(between) < JOINED or self.known.joins.isdisjoint(between):
            return False
        kinds = [self.content(sight.pair)[:1].islower() for sight in (one, other)]
        if between[0] == "," and between[-1] in self.known.relative and kinds == [False, True]:
            return False  # "von der «Tiefkarte», die «den Meeresgrund ganz neu zeigt»"
        return all(fold in self.known.joins or fold in self.known.determiners for fold in between)

    def _form(self, content: str, valued: bool) -> float:
        """Weigh the words between the marks."""
        words = content.split()
        count = len(words)
        first = next((character for character in content if character.isalpha()), "")
        small = [word.strip(",.;:!?…()'’‚‘›‹").casefold() for word in words]
        ends = content[-1] in ENDS and count > 1
        speaks = any(word in self.known.speaking for word in small)
        weight = min(count, LONG) * 0.28 - 1.1
        if count == 1:
            weight -= 0.9
        if first.islower():
            weight += 1.2 if count > 1 else 0.3
            if count > 1 and content.islower():
                weight += VERBAL  # no noun, so no name and no term: "will «alles tun»"
        elif not valued and count <= NAME and all(self._capital(word) for word in words):
            weight -= 1.6
        elif not ends and not speaks and count < LONG and self._titled(words):
            weight -= 1.3
        if ends:
            weight += 1.2 if count > 3 else 0.5
        if speaks:
            weight += 0.9
        if first.isupper() and not ends and any(word in self.known.foreign for word in small):
            weight -= 1.5
        if first > LATIN:
            weight -= 3.0
        if self.often[content.casefold()] > 1:
            weight -= 1.2
        elif count <= TERM and self._unmarked(content.casefold(), noun=content[0].isupper()):
            weight -= 0.6  # the words stand in the text without marks as well
        if any(word[0].isdigit() for word in words) and count < NAME:
            weight -= 0.6
        return weight

    def _unmarked(self, content: str, *, noun: bool) -> bool:
        """Say whether words stand in the text once more: a noun with any ending, other words as they are."""
        found, at = 0, self.folded.find(content)
        while at >= 0 and found < 2:
            end = at + len(content)
            whole = not (self.folded[at - 1 : at].isalnum() or self.folded[end : end + 1].isalnum())
            found += noun or whole
            at = self.folded.find(content, end)
        return found > 1

    def _capital(self, word: str) -> bool:
        return word[0].isupper() or not word[0].isalpha() or word in self.known.name_words

    def _titled(self, words: list[str]) -> bool:
        """Say whether words read like a title: nouns and what joins them, no verb."""
        return all(word[0].isupper() or word in self.known.joining or not word[0].isalpha() for word in words)

    def _place(self, sight: Sight, content: str, valued: bool) -> float:
        """Weigh what stands around the marks."""
        line, item = sight.line, sight.item
        count = len(content.split())
        weight = 0.0
        before = line.folds[item - 1] if item else ""
        behind = line.words[item + 1] if item + 1 < len(line.words) else ""
        who = sight.same.speaker if sight.same is not None else None
        bracketed = before == "(" and self._talks(content)
        if who is not None and who.start <= item < who.end and not bracketed:
            return -4.0  # "die Zeitung «…» berichtet"
        if sight.same is not None and sight.same.how is How.AS and before in self.lexicon.phrases["as"]:
            return -4.0  # "wie «heise online» berichtet"
        if sight.near is not None:
            weight += self._nearness(sight, content)
        if sight.within is not None:
            weight += 1.1
        elif sight.same is not None:
            match = sight.same.match
            weak = match is not None and match.verb.klass in WEAK | WISHING and sight.near is None
            weight += -0.4 if weak else 0.6
        if sight.mood:
            weight += 0.8
        elif sight.told:
            weight += 0.5
        elif sight.voiced and sight.near is None and not sight.whole:
            weight += VOICED
        if valued:
            weight += 2.8
        if sight.whole:
            weight += (1.2 if content[-1] in ENDS else 0.0) + (0.6 if sight.voiced else 0.0)
        if before == ":" and count > 2:
            weight += 0.9
        if (self._glossed(line, item) and not self._talks(content)) or self._explained(line, item):
            weight -= 2.6
        if behind.startswith("-"):
            weight -= 2.5
        weight += self._built_in(sight, content, valued)
        if sight.same is not None and sight.same.how is How.FOR:
            weight += 1.4
        if sight.written is not None:
            weight += WRITTEN
        if sight.same is None and sight.within is None and sight.near is None and not sight.mood and not sight.whole:
            weight -= ALONE if count < SENTENCE and self._alone(sight, content) else 0.7
        return weight

    def _alone(self, sight: Sight, content: str) -> bool:
        """Say whether nobody is there to have said words: neither in their sentence nor in the one before."""
        if sight.voiced or sight.told or sight.written is not None or self._predicate(sight, content):
            return False
        if not self.known.speaking.isdisjoint(content.casefold().split()):
            return False
        frames = sight.line.parsed.frames if sight.line.parsed is not None else ()
        return all(each.match is not None and each.match.verb.klass in DOING for each in frames)

    def _built_in(self, sight: Sight, content: str, valued: bool) -> float:
        """Weigh how a sentence holds the words: what has a name is known, and what it ends with is its news."""
        line, item, known, same = sight.line, sight.item, self.known, sight.same
        verb = same.match.verb if same is not None and same.match is not None else None
        says = verb is None or not (verb.klass in WEAK | WISHING or verb.lemma in self.lexicon.saying_it)
        reported = sight.within is not None or sight.mood or (same is not None and says)
        behind = item + 1 if item + 1 < len(line.words) else None
        weight = 0.0
        if content[0].isupper():
            article = self._article(line, item)
            if article in known.definite:
                weight -= 0.6  # "den neuen «Rat der Weisen»"
            elif article in known.presenting and reported:
                weight += 0.5  # "eine neue «Achse Paris-Rom»"
        elif " " not in content and sight.mood:
            attribute = behind is not None and line.capitals[behind]
            weight += 0.3 if attribute else 0.8  # "das System sei «kaputt»", not "das «alte» Haus sei"
        if self._predicate(sight, content):
            weight += 1.3
        if item == 0 and sight.near is None and line.words[1:2] == [","] and len(line.traits) > 2:
            weight += 2.0 if line.traits[2] & FINITE else 0.0  # "«Hände weg», war zu lesen": a title has no comma
        if behind is not None and line.words[behind] == "." and reported and not valued:
            weight += 0.7
        elif behind is not None and line.capitals[behind]:
            weight -= 0.6  # "das «Alte» Rathaus"
        return weight

    def _predicate(self, sight: Sight, content: str) -> bool:
        """Say whether the marks hold the infinitive that a modal verb waits for: "will «Konsequenzen ziehen»"."""
        clause, words = sight.clause, content.split()
        if clause is None or clause.verb < 0 or clause.items[-1] != sight.item or len(words) < 2:
            return False
        return sight.line.folds[clause.verb] in self.known.modals and words[-1].islower() and words[-1].endswith("n")

    def _article(self, line: Line, item: int) -> str:
        """Return the article in front of the marks, over one adjective at the most."""
        for at in range(item - 1, max(-1, item - 3), -1):
            if line.folds[at] in self.known.articles:
                return line.folds[at]
            if line.capitals[at] or not line.folds[at].endswith(ENDINGS):
                break
        return ""

    def _nearness(self, sight: Sight, content: str) -> float:
        """Weigh a frame beside the marks."""
        near, words = sight.near, content.split()
        assert near is not None
        ends = content[-1] in ENDS
        line, item = sight.line, sight.item
        comma = item + 1 < len(line.words) and line.words[item + 1] == ","
        if item and line.capitals[item - 1] and not comma and near.start > item:
            return 0.6  # "Unter dem Motto «…» informierten …"
        if self._entitles(sight):
            return -1.0
        if near.finite == item + 1 and self._titled(words) and self._shown(sight):
            return -2.0  # "«Fett und Feuer» erklärt die Kunst des Bratens"
        if near.match is not None and near.match.verb.lemma in self.lexicon.saying_it and near.start > sight.item:
            return 3.2 if ends else 0.8  # "«Der lange Weg nach Bern», so lautet der Titel"
        if content[0].isupper() and not ends and len(words) < LONG and self._titled(words):
            return 1.8
        return 3.2 if len(words) > 2 or ends else 1.2

    def _shown(self, sight: Sight) -> bool:
        """Say whether what looks like the subject behind a verb cannot speak, so that the marks are the subject."""
        near = sight.near
        if near is None or near.speaker is None or near.speaker.pronoun:
            return False
        noun = self.lexicon.noun(sight.line.folds[near.speaker.head])
        return noun is None and not can_speak(sight.line, near.speaker, self.known)

    def _entitles(self, sight: Sight) -> bool:
        """Say whether a frame names a title: "«Leben mit dem Wolf», so heisst das Buch"."""
        near = sight.near
        if near is None or near.speaker is None or near.match is None:
            return False
        head, led = sight.line.folds[near.speaker.head], sight.line.traits[near.speaker.start - 1] & PREPOSITION
        work = head.endswith(self.known.works) and self.lexicon.noun(head) not in (
            "claim",
            "statement",
        )  # but "Antwort"
        named = head in self.known.called or (work and not led)  # but "heisst es im Bericht"
        return named and near.match.verb.lemma in self.lexicon.saying_it

    def _talks(self, content: str) -> bool:
        """Say whether words in brackets are too many for a name, and a sentence: "(«Ich bin ja nur zu Gast»)"."""
        words = content.casefold().split()
        return len(words) > TERM and (content[-1] in ENDS or not self.known.speaking.isdisjoint(words))

    def _glossed(self, line: Line, item: int) -> bool:
        """Say whether the marks explain something in brackets: "(etwa: «Partei der Volksmacht»"."""
        for at in range(item - 1, max(-1, item - 5), -1):
            if line.words[at] in ("(", "[", "="):
                return True
            if line.words[at] in (")", "]"):
                return False
        return False

    def _explained(self, line: Line, item: int) -> bool:
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

    def _named(self, sight: Sight, content: str) -> float:
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
        if before in known.genitive and item > 1 and line.folds[item - 2] in known.terms:
            return 1.6  # "den Begriff des «gerechten Krieges»"
        if item and line.capitals[item - 1] and line.words[item - 1][0].isalpha():
            if lexicon.claim(before) or lexicon.noun(before) == "statement":
                return -1.5 if count > 2 else 0.0
            if self._predicate(sight, content):
                return 0.0
            if content[0].islower() and count > 1:
                return 1.0 if before.endswith(known.works) else 0.0
            return 3.0 if before.endswith(known.works) else 1.6 if content[0].isupper() else 0.4
        return 0.0

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

    def _valued(self, sight: Sight) -> bool:
        """Say whether somebody calls something that: "nannte den Plan «untauglich»", "sprach von «Fehlern»"."""
        frame, line, item = sight.same, sight.line, sight.item
        if frame is None or frame.match is None or self._reflexive(frame):
            return False
        if frame.speaker is None and not frame.passive and not self.content(sight.pair)[0].islower():
            return False
        if frame.speaker is not None and line.folds[frame.speaker.start] in self.known.nobody:
            return False
        if item and line.capitals[item - 1] and line.folds[item - 1].endswith(self.known.works):
            if not self._somebody(frame, sight) or self.content(sight.pair)[0].isupper():
                return False  # "das Wort «deadline» bezeichnet", but "nannte das Projekt «überflüssig»"
        if item + 1 < len(line.words) and line.folds[item + 1] in self.known.naming:
            return False  # "als «Rotbart» bekannt"
        if (
            frame.passive
            and frame.speaker is None
            and not sight.mood
            and self.content(sight.pair).split()[-1][0].isupper()
        ):
            return False  # "werden «kleine Kaiser» genannt"
        klasses = self._classes(sight)
        before = line.folds[max(0, item - 2) : item]
        charges = frame.match.verb.klass == "blame" and frame.match.verb.particle and item + 1 in frame.at
        if charges and self._somebody(frame, sight) and not self.known.prepositions & set(before[-1:]):
            return True  # "warf dem Trainer «Realitätsverlust» vor"
        if frame.passive and len(self.content(sight.pair).split()) == 1 and self.content(sight.pair)[0].isupper():
            return False  # "wird als «Sonnenwind» bezeichnet"
        if klasses & {"call", "view"}:
            if "call" not in klasses and all(map(self._capital, self.content(sight.pair).split())):
                return False  # "fordert einen «Master Plan»"
            return self.content(sight.pair)[:1].islower() or (bool(before) and before[-1] in self.known.valuing)
        return any(klass in klasses and fold in before for klass, fold in self.known.turning)

"""Speech or not: what a pair of marks holds, and what speaks for it.

About half of the marks in German news hold no speech but a title, a name, a nickname, a term.  No single sign tells,
so each sign has a weight and the sum decides; 0 is the border.  ``newsbridge quotes --explain`` does not show the sum,
the tests hold what it decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from newsbridge.quotes.carriers import worded
from newsbridge.quotes.cues import Lexicon
from newsbridge.quotes.frames import How
from newsbridge.quotes.lines import Line, Page
from newsbridge.quotes.marks import Pair
from newsbridge.quotes.naming import Names
from newsbridge.quotes.sights import ENDS, TERM, Sight
from newsbridge.quotes.traits import ENDINGS, FINITE
from newsbridge.quotes.words import Words

SEARCHED = 50_000  # code points; a longer text is not searched for the words of every pair
WEAK = frozenset({"judge", "begin", "act"})  # classes of verbs that are near speech, and seldom quote
DOING = frozenset({"view", "begin", "act"})  # classes of verbs that need no word to be said
WISHING = frozenset({"demand", "think"})  # what is wished for or expected has a name more often than it is a quotation
NAME = 5  # words; a longer one is no name
VOICED = 0.2
VERBAL = 0.3
SENTENCE = 9  # words; as many are no figure of speech
ALONE = 1.3  # off what nobody in this sentence or the one before can have said
EDITED = 2.0  # "wegen «Probleme[n] mit der Elektrizität»": somebody fitted in what somebody else had said
SHOUTED = 3.0  # "riefen «Feuer»": no title stands there
WRITTEN = 2.2  # nobody says it, yet it is somebody's words
LATIN = "\u024f"  # the last Latin letter of Unicode's Latin Extended-B
JOINED = 4  # words between two pairs that share a verdict
EXCLAIMED = 1.5  # "«Eine Frechheit!»" as a sentence of its own
LONG = 14  # words; a longer one is no title


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
        self.names = Names(lexicon, known)
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
            and (content[-1] in ENDS or (says and not self.names.named(sight, content)))
        )
        if self.names.entitles(sight):
            return False
        if worded(line, item, self.known):
            return True
        if colon and near is not None and near.how is How.VERB and near.speaker is not None and near.end <= item:
            return True  # "antwortete sie: «Schlafen.»"
        begins = item == 0 or line.words[item - 1] in (":", "–")
        behind = line.words[item + 1] if item + 1 < len(line.words) else ""
        return sight.near is not None and begins and behind == "," and sight.near.start > item

    def weigh(self, sight: Sight, content: str) -> float:
        """Add up what speaks for speech and against it."""
        valued = self.names.valued(sight, content)
        weight = self._form(content, valued) + self._place(sight, content, valued)
        return weight if valued else weight - self.names.named(sight, content)

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
        names = [self.names.named(*each) for each in zip(group, contents, strict=True)]
        return sum(weights, 0.0) + sum(names, 0.0) - len(names) * max(names) > 0

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
        elif not valued and count <= NAME and all(self.names.capital(word) for word in words):
            weight -= 1.6
        elif not ends and not speaks and count < LONG and self._titled(words):
            weight -= 1.3
        if ends:
            weight += 1.2 if count > 3 else 0.5
        if speaks:
            weight += 0.9
        if "[" in content:
            weight += EDITED
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
        bracketed = before == "(" and self.names.talks(content)
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
            weight += EXCLAIMED if content[-1] in "!?" else 0.0
        if before == ":" and count > 2:
            weight += 0.9
        if (self.names.glossed(line, item) and not self.names.talks(content)) or self.names.explained(line, item):
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
        if sight.voiced or sight.told or sight.written is not None or self.names.predicate(sight, content):
            return False
        if content[-1] == ",":
            return False  # "ist „mehr Kunst als Wissenschaft,“ sagte Kühn"
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
        if self.names.predicate(sight, content):
            weight += 1.3
        if verb is not None and verb.lemma in self.lexicon.shouting and same is not None and item > 0:
            who = same.speaker
            if item - 1 in same.at or (who is not None and who.end == item and who.start > same.at[0]):
                weight += SHOUTED
        if item == 0 and sight.near is None and line.words[1:2] == [","] and len(line.traits) > 2:
            weight += 2.0 if line.traits[2] & FINITE else 0.0  # "«Hände weg», war zu lesen": a title has no comma
        if behind is not None and line.words[behind] == "." and reported and not valued:
            weight += 0.7
        elif behind is not None and line.capitals[behind]:
            weight -= 0.6  # "das «Alte» Rathaus"
        return weight

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
        if self.names.entitles(sight):
            return -1.0
        if near.finite == item + 1 and self._titled(words) and self.names.shown(sight):
            return -2.0  # "«Fett und Feuer» erklärt die Kunst des Bratens"
        if near.match is not None and near.match.verb.lemma in self.lexicon.saying_it and near.start > sight.item:
            return 3.2 if ends else 0.8  # "«Der lange Weg nach Bern», so lautet der Titel"
        if content[0].isupper() and not ends and len(words) < LONG and self._titled(words):
            return 1.8
        return 3.2 if len(words) > 2 or ends else 1.2

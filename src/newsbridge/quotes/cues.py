"""The words that say whose words they are: verbs and nouns of saying, laut, zufolge, so, wie.

The table ``[cues]`` of a language names lemmas; :mod:`newsbridge.quotes.conjugation` generates their forms, so that
"warf … vor", "vorwarf", "vorgeworfen" and "vorzuwerfen" all lead to "vor|werfen".  Words are compared casefolded, and
casefolding makes ß of German and ss of Swiss spelling the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_lowercase
from types import MappingProxyType
from typing import Any

from newsbridge.languages import Language
from newsbridge.quotes.conjugation import FINITE, Conjugator, Form, FormKind, Verb, read_verb

BREAKS = frozenset(',;:.!?()–—„“”«»"')  # no clause reaches across these
JOINING = frozenset({"und", "oder", "sowie", "aber"})
LAST = 3  # letters; no ending of a noun is shorter
REACH = 40  # words between a verb and the particle that belongs to it


@dataclass(slots=True)
class Match:
    """A verb of saying found in a clause; ``at`` are the indices of its words, in order."""

    verb: Verb
    kind: FormKind
    at: tuple[int, ...]
    plural: bool | None = None


@dataclass(frozen=True, eq=False)
class Lexicon:
    """A language's words of saying, every key casefolded."""

    verbs: Mapping[str, tuple[Form, ...]]
    lemmas: tuple[Verb, ...]
    particles: frozenset[str]
    statements: frozenset[str]
    documents: frozenset[str]
    claims: frozenset[str]
    no_nouns: frozenset[str]
    convinced: frozenset[str]
    reflexive: frozenset[str]
    asked_of: frozenset[str]  # lemmas in whose passive "von" names who is asked: "von Eltern wird verlangt"
    quoting: frozenset[str]  # lemmas whose object speaks: "zitieren"
    adjectives: frozenset[str]  # participles that are adjectives with "sein": "bekannt"
    arising: frozenset[str]  # lemmas whose source stands behind "aus": "hervorgehen"
    pointing: frozenset[str]  # lemmas of "Das ergab eine Studie": the sentence before is what it says
    heard_from: frozenset[str]  # lemmas with "von" and no subject: "von der Behörde verlautet"
    saying_it: frozenset[str]  # lemmas of "es heisst"
    shouting: frozenset[str]
    relaying: frozenset[str]  # lemmas of what media do: "berichtet die Zeitung"
    moving: frozenset[str]  # lemmas whose perfect goes with "sein": "davon ausgehen"
    states: frozenset[str]  # "zeigte" of "zeigte sich überzeugt"
    phrases: Mapping[str, frozenset[str]]  # before, behind, so, as, back, that, whether, …
    abbreviations: frozenset[str]  # words whose point ends nothing: "prof"
    silent: Mapping[str, frozenset[str]]  # words of a clause beside which a lemma says nothing
    finite: frozenset[str]  # every finite form of ``verbs``
    participles: frozenset[str]  # "erklärt", "vorgeworfen"
    told: frozenset[str]  # participles that are cues by themselves
    alone: frozenset[str]  # those that are cues by themselves: "sagte", not "war" of "war sich einig"
    plurals: frozenset[str]  # finite forms that are nothing but plural: "fordern"
    wanting: Mapping[str, tuple[frozenset[str], ...]]  # forms that are a cue only with other words, and those words
    signals: frozenset[str]  # words that are cues, or begin one: "so", "laut", "nach"
    cues: frozenset[str]  # every word that may be a cue or begin one: those, and every form of ``verbs``
    triggers: frozenset[str]  # a sentence with none of these and no noun of saying has no frame
    noun_tails: Mapping[str, tuple[str, ...]]  # every noun of saying, grouped by its last letters

    def match(self, words: Sequence[str], at: int, end: int | None = None) -> Match | None:
        """Read ``words[at]`` as a form of a verb of saying.

        Args:
            words: Casefolded words and punctuation marks of one sentence, one item each.
            at: Index of the word to look at.
            end: Where to stop looking for a particle, ``len(words)`` if None.

        Returns:
            The verb whose particle and other words stand there too, the one with the most of them first; None if
            there is none.  A particle stands behind its verb ("warf … vor") in the same clause, or is in the word.
        """
        forms = self.verbs.get(words[at])
        if forms is None:
            return None
        end = min(len(words) if end is None else end, at + REACH)
        best: Match | None = None
        rank = -1
        for form in forms:
            if (silent := self.silent.get(form.verb.lemma)) and not silent.isdisjoint(words):
                continue  # "hiess die Gäste willkommen"
            found = self._complete(form, words, at, end)
            if found is not None and (worth := len(found) + form.verb.reflexive + len(form.verb.needs)) > rank:
                best, rank = Match(form.verb, form.kind, found, form.plural), worth
        return best

    def plural(self, word: str) -> bool:
        """Say whether a casefolded form of a verb of saying is plural in every reading: "fordern", not "forderte"."""
        return word in self.plurals

    def hints(self, folds: Sequence[str]) -> bool:
        """Say whether a sentence may hold a verb of saying or another cue, by its words alone."""
        words = set(folds)
        if not self.triggers.isdisjoint(words):
            return True
        return any(any(needed <= words for needed in self.wanting[word]) for word in words if word in self.wanting)

    def _complete(self, form: Form, words: Sequence[str], at: int, end: int) -> tuple[int, ...] | None:
        """Return the indices of the form with all that belongs to it, or None if something is missing."""
        verb, found = form.verb, [at]
        if verb.particle and not form.joined:
            if verb.particle not in words:
                return None
            if at and words[at - 1] == verb.particle:  # "bekannt gab"
                found.insert(0, at - 1)
            elif form.kind in FINITE and (there := self._closing(words, verb.particle, at + 1, end)) is not None:
                found.append(there)
            else:
                return None
        for need in verb.needs:
            there = self._find(words, need, at + 1, end) if need in words else None
            if there is None and need in words:
                there = _find_back(words, need, at)
            if there is None:
                return None
            found.append(there)
        if verb.reflexive and self.reflexive.isdisjoint(words[max(0, at - 12) : min(end, at + 12)]):
            return None
        return tuple(sorted(found))

    def _find(self, words: Sequence[str], wanted: str, start: int, end: int) -> int | None:
        """Return where ``wanted`` stands before the clause ends, the last place if there are several."""
        found = None
        for index in range(start, end):
            word = words[index]
            if word == wanted:
                found = index
            elif word in BREAKS and not (
                word == "." and (words[index - 1] in self.abbreviations or words[index - 1].isdigit())
            ):
                break
        return found

    def _closing(self, words: Sequence[str], particle: str, start: int, end: int) -> int | None:
        """Return where the particle of a separable verb stands: at the end of its clause."""
        found = self._find(words, particle, start, end)
        if found is None:
            return None
        closes = found + 1 >= end or words[found + 1] in BREAKS or words[found + 1] in JOINING
        return found if closes else None

    def noun(self, word: str) -> str | None:
        """Say which nouns of saying a casefolded noun or the last part of a compound belongs to.

        Returns:
            ``statement``, ``document``, ``claim`` or None; "polizeiangaben" and "uno-angaben" are statements.
        """
        return _noun(self, word)

    def claim(self, word: str) -> bool:
        """Say whether what a casefolded noun says may stand behind it: "vorwurf", "überzeugung"."""
        return word not in self.no_nouns and tail(word, self.claims) is not None

    def reports(self, word: str) -> bool:
        """Say whether a casefolded noun is a document that says something: "studie", "medienberichten"."""
        return tail(word, self.documents) is not None


@lru_cache(maxsize=1 << 16)
def _noun(lexicon: Lexicon, word: str) -> str | None:
    if word in lexicon.no_nouns or not word.endswith(lexicon.noun_tails.get(word[-LAST:], ())):
        return None
    for name, known in (
        ("statement", lexicon.statements), ("document", lexicon.documents), ("claim", lexicon.claims)
    ):  # fmt: skip
        if tail(word, known):
            return name
    return None


def tails(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Group endings by their last letters: one word need not be compared with a thousand of them."""
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for word in dict.fromkeys(words):
        found[word[-LAST:]] += (word,)
    return dict(found)


def tail(word: str, known: frozenset[str]) -> str | None:
    """Return the longest member of ``known`` with at least four letters that ends ``word``, or None."""
    if word in known:
        return word
    for start in range(2, len(word) - 3):
        if word[start:] in known:
            return word[start:]
    return None


def _find_back(words: Sequence[str], wanted: str, end: int) -> int | None:
    for index in range(end - 1, max(-1, end - 1 - REACH), -1):
        if words[index] == wanted:
            return index
        if words[index] in BREAKS:
            break
    return None


@cache
def lexicon(language: Language) -> Lexicon:
    """Compile a language's words of saying.

    Raises:
        NewsbridgeError: if the language has no table ``[cues]``.
    """
    table = language.table("cues")
    conjugator = Conjugator(table["principal"]["parts"], tuple(table["principal"]["prefixes"]))
    lemmas: list[Verb] = []
    forms: dict[str, list[Form]] = {}
    for klass, rules in table["classes"].items():
        takes = frozenset(rules["takes"])
        for lemma in dict.fromkeys(rules["verbs"]):
            verb, base = read_verb(lemma, klass, takes)
            lemmas.append(verb)
            for word, form in conjugator.forms(verb, base):
                forms.setdefault(word.casefold(), []).append(form)
    nouns: Mapping[str, Any] = table["nouns"]
    statements, documents, claims = (_fold(nouns[kind]) for kind in ("statements", "documents", "claims"))
    phrases = {name: _fold(words) for name, words in table["phrases"].items()}
    finite = frozenset(word for word, found in forms.items() if any(form.kind in FINITE for form in found))
    participles = frozenset(
        word for word, found in forms.items() if any(form.kind is FormKind.PARTICIPLE for form in found)
    )
    signals: frozenset[str] = frozenset().union(
        *(phrases[name] for name in ("so", "before", "behind", "before_noun", "view"))
    )
    wanting: dict[str, tuple[frozenset[str], ...]] = {}
    plain: set[str] = set()
    for word, found in forms.items():
        needed = [_needed(form) for form in found]
        if frozenset() in needed:
            plain.add(word)
        else:
            wanting[word] = tuple(dict.fromkeys(needed))
    triggers = frozenset(plain).union(*(phrases[name] for name in ("so", "before", "back", "relative", "convinced")))
    return Lexicon(
        verbs=MappingProxyType({word: tuple(found) for word, found in forms.items()}),
        lemmas=tuple(lemmas),
        particles=frozenset(verb.particle for verb in lemmas if verb.particle),
        statements=statements,
        documents=documents,
        claims=claims,
        no_nouns=_fold(nouns["no_nouns"]),
        convinced=phrases["convinced"],
        reflexive=phrases["reflexive"],
        asked_of=frozenset(table["phrases"]["asked_of"]),
        quoting=frozenset(table["phrases"]["quoting"]),
        adjectives=phrases["adjectives"],
        arising=frozenset(table["phrases"]["arising"]),
        pointing=frozenset(table["phrases"]["pointing"]),
        heard_from=frozenset(table["phrases"]["heard_from"]),
        saying_it=frozenset(table["phrases"]["saying_it"]),
        shouting=frozenset(table["phrases"]["shouting"]),
        relaying=frozenset(table["phrases"]["relaying"]),
        moving=frozenset(table["phrases"]["moving"]),
        states=phrases["states"],
        phrases=MappingProxyType(phrases),
        abbreviations=_fold(" ".join(language.table("speakers")["titles"]).split()) | frozenset(ascii_lowercase),
        silent=MappingProxyType({lemma: _fold(words) for lemma, words in table["silent"].items()}),
        finite=finite,
        participles=participles,
        told=participles & triggers,
        alone=finite & frozenset(plain),
        plurals=frozenset(
            word
            for word, found in forms.items()
            if word in finite and all(form.plural for form in found if form.kind in FINITE)
        ),
        wanting=MappingProxyType(wanting),
        signals=signals,
        cues=signals.union(forms),
        triggers=triggers,
        noun_tails=tails(statements | documents | claims),
    )


def _needed(form: Form) -> frozenset[str]:
    """Return the words without which a form is no cue; a reflexive pronoun is left to the match itself."""
    needed = set(form.verb.needs)
    if form.verb.particle and not form.joined:
        needed.add(form.verb.particle)
    return frozenset(needed)


def _fold(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)

"""Traits: what a word may be by its form alone, one bit each, looked up once for every form.

A rule that asks whether a word is a function, a body or a verb of saying asks for a bit, and whether a sentence has
such a word at all for a bit of :attr:`Line.every <newsbridge.quotes.lines.Line>`.  Most rules end there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from newsbridge.languages import Language
from newsbridge.quotes.cues import lexicon
from newsbridge.quotes.words import words

if TYPE_CHECKING:
    from newsbridge.quotes.lines import Item

ENDINGS = ("e", "en", "er", "es", "em")  # of adjectives
WORD = re.compile(r"\w+(?:(?:[-’'./&]|(?<=\d)[,:](?=\d))\w+)*-?|[^\w\s]")
NAMED = re.compile(r"[a-z][\w-]*[-’'][A-ZÄÖÜ]\w+|[a-z][\w-]*\w\.[a-z]{2,4}")  # "al-Masri", "dpa-Bericht", "bote.de"
STOPS = frozenset(".,;:!?")
FORMS = 1 << 16  # word forms kept in mind: more than a newspaper uses in a week

DETERMINER = 1 << 0
OPENS = 1 << 1  # may begin a noun phrase
FINITE = 1 << 2  # finite whatever stands around it
CLEAR = 1 << 3  # that, or a finite form of a verb of saying
SAYING = 1 << 4  # a finite form of a verb of saying
VERB = 1 << 5  # any form of one
ALONE = 1 << 6  # a form of one that is a cue by itself
TRIGGER = 1 << 7  # a cue of any kind by itself
WANTING = 1 << 8  # a cue together with other words
SIGNAL = 1 << 9  # a cue that is no verb, or begins one
NOUN = 1 << 10  # a noun of saying
FUNCTION = 1 << 11  # says what somebody is
BODY = 1 << 12  # a body that speaks
GIVEN = 1 << 13  # a first name, or begins with one
PERSONAL = FUNCTION | BODY | GIVEN  # names somebody who can speak
COMMON = 1 << 14  # a common noun for certain
NEVER = 1 << 15  # never part of a name
PARTICLE = 1 << 16  # "von", "de"
JOINT = 1 << 17  # "und"
MOOD = 1 << 18  # a form of the subjunctive of reported speech
SMALL = 1 << 19  # no lexical verb, however it ends
TIME = 1 << 20
VERBAL = 1 << 21  # looks like a finite verb
ACRONYM = 1 << 22  # two capitals or more
LINKS = 1 << 23  # may begin an attribute of the noun in front of it
ZU = 1 << 24  # has "zu" in it
AUXILIARY = 1 << 25  # a participle may wait for it
MODAL = 1 << 26  # an infinitive may
CONVINCED = 1 << 27  # "überzeugt"
ADVERB = 1 << 28  # a small word that ends the field in front of the verb
FEMININE = 1 << 29
HEARSAY = 1 << 30  # "soll"
PREPOSITION = 1 << 31
IT = 1 << 32  # "es"
BACK = 1 << 33  # "wonach", "demnach"
VERB_ONLY = 1 << 34  # a clear verb that is no adjective: "gab", "nannte", not "erklärte"
FOREIGN = 1 << 35  # a small word in a name: "dello", "of"
PEOPLE = 1 << 36  # names people in the plural: "Meteorologen"


@cache
def reader(language: Language) -> Callable[[str], tuple[Item, ...]]:
    """Return the function that divides what stands between two blanks into words and punctuation marks with traits.

    It keeps the :data:`FORMS` it read last in mind.
    """
    known, cues = words(language), lexicon(language)
    listed: defaultdict[str, int] = defaultdict(int)
    for bit, forms in (
        (DETERMINER, known.determiners),
        (FINITE, known.finite),
        (CLEAR, known.clear),
        (SAYING, known.sayings),
        (VERB, cues.verbs.keys()),
        (ALONE, cues.alone),
        (TRIGGER, cues.triggers),
        (WANTING, cues.wanting.keys()),
        (SIGNAL, cues.signals),
        (NEVER, known.times | known.roles | known.organs | known.masses | cues.statements),
        (PARTICLE, known.particles),
        (JOINT, known.and_),
        (MOOD, known.mood),
        (SMALL, known.small),
        (TIME, known.times),
        (AUXILIARY, known.auxiliaries | known.passive | known.states),
        (MODAL, known.modals | known.passive),
        (CONVINCED, cues.convinced),
        (VERB_ONLY, {fold for fold in known.clear if not _adjective(fold, cues.participles)}),
        (FOREIGN, known.name_words),
        (HEARSAY, frozenset(word.casefold() for word in language.table("mood")["hearsay"])),
        (PREPOSITION, known.prepositions),
        (IT, known.it),
        (BACK, cues.phrases["relative"] | cues.phrases["back"]),
        (ADVERB, known.small - known.clausal - known.determiners),
        (LINKS, known.genitive | known.joins_noun | known.joins_name | {"("}),
    ):
        for each in forms:
            listed[each] |= bit
    adjectives = known.placeless | known.sayings | known.clausal | known.never_adjectives
    stands_alone = known.determiners | known.pronouns | known.several

    def noun(word: str, fold: str, found: int) -> int:
        """Return what a word with a capital letter may be, beside what is ``found`` of it."""
        if fold.partition("-")[0] in known.given:
            found |= GIVEN
        if known.function(fold):
            found |= FUNCTION
        if known.body(fold):
            found |= BODY
        if fold.endswith(known.people):
            found |= PEOPLE
        if cues.noun(fold) is not None:
            found |= NOUN
        if found & (TIME | FUNCTION | BODY | NOUN) or fold.endswith(known.abstract):
            found |= COMMON
        if not word.istitle() and sum(map(str.isupper, word)) > 1 and word.isalpha():
            name = any(word[len(first) :].istitle() for first in known.name_heads if fold.startswith(first))
            found |= ACRONYM * (not name)  # "McKay"
        if fold.endswith(known.feminine) or known.woman(fold):
            found |= FEMININE
        return found | OPENS

    @lru_cache(maxsize=FORMS)
    def form(word: str) -> tuple[str, str, bool, int]:
        fold, capital = word.casefold(), _capital(word)
        found = listed.get(fold, 0)
        if capital:
            found = noun(word, fold, found)
        elif fold in stands_alone or word == "." or word.isdigit():
            found |= OPENS
        elif word.endswith(ENDINGS) and (word[0].islower() or word[0].isdigit()) and fold not in adjectives:
            found |= OPENS
        if known.verbal(fold) and not (fold in cues.particles and fold.endswith("t")):  # "fort", "fest"
            found |= VERBAL
        if "zu" in fold:
            found |= ZU
        return word, fold, capital, found

    @lru_cache(maxsize=FORMS)
    def items(chunk: str) -> tuple[Item, ...]:
        if chunk == "-":
            return ((*form("–"), 0),)  # a hyphen between two blanks is a dash
        if chunk.isalnum():
            return ((*form(chunk), 0),)
        if chunk[-1] in STOPS and chunk[:-1].isalnum():
            return (*form(chunk[:-1]), 0), (*form(chunk[-1]), len(chunk) - 1)
        return tuple([(*form(match.group()), match.start()) for match in WORD.finditer(chunk)])

    return items


def _adjective(fold: str, participles: frozenset[str]) -> bool:
    """Say whether a verb form may be a participle in front of a noun as well: "erklärte", not "nannte"."""
    return fold.endswith(ENDINGS) and any(fold[:-cut] in participles for cut in (1, 2))


def _capital(word: str) -> bool:
    first = word[0]
    if first.isupper() or (first.isdigit() and word.rpartition("-")[2][:1].isupper() and word[-1].islower()):
        return True  # "31-Jährige", but "31-jährige"
    if word[-1].islower() and not word.islower() and word.isalpha() and not word[1].isupper():
        return True  # "deGravelles"
    return not word.isalpha() and NAMED.fullmatch(word) is not None

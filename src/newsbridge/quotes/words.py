"""The words round a name: determiners, functions, bodies, first names, verb forms, from a language's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from newsbridge.languages import Language
from newsbridge.quotes.cues import LAST, lexicon, tails


@dataclass(eq=False)
class Words:
    """A language's table ``[speakers]``, every word casefolded; nobody changes it once it is read."""

    nominative: frozenset[str]
    oblique: frozenset[str]
    genitive: frozenset[str]
    pronouns: frozenset[str]
    only_subjects: frozenset[str]  # pronouns that are subjects whatever stands around them: "er", "wir"
    male: frozenset[str]
    female: frozenset[str]
    either: frozenset[str]
    first_person: frozenset[str]
    single_person: frozenset[str]
    joins_noun: frozenset[str]
    joins_name: frozenset[str]
    of: frozenset[str]
    and_: frozenset[str]
    eliding: frozenset[str]  # between two verbs of one subject: "…, aber räumte ein"
    prepositions: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    epicene: tuple[str, ...]
    honours: tuple[str, ...]  # what somebody with an office may be as well
    hailing: tuple[str, ...]
    courtly: tuple[str, ...]  # who speaks in court and is not accused
    lapsing: frozenset[str]  # in front of "nach": a matter of time
    relative: frozenset[str]
    subordinating: frozenset[str]
    contrasting: frozenset[str]  # open a clause that goes on with the report: "…, woraufhin Kühn rief: «…»"
    but: frozenset[str]  # open a clause that says something else: "aber"
    vaguely: frozenset[str]  # prepositions in front of these: "laut den Behörden in einem Schuppen"
    vague: frozenset[str]  # articles of what a body is hardly told by: "in einem"
    sure: frozenset[str]  # what somebody is who stands behind an opinion: "…, ist Kühn überzeugt"
    roughly: frozenset[str]  # prepositions that stand in front of numbers as well: "über 50 Leute"
    since: frozenset[str]  # open a clause as well as a sentence: "seitdem"
    stands_for: frozenset[str]  # point to what follows: "dafür"
    times: frozenset[str]
    functions: tuple[str, ...]
    men: frozenset[str]
    women: frozenset[str]
    bodies: tuple[str, ...]
    works: tuple[str, ...]
    called: frozenset[str]
    terms: frozenset[str]
    makers: tuple[str, ...]
    charging: frozenset[str]
    naming: frozenset[str]
    valuing: frozenset[str]
    definite: frozenset[str]
    presenting: frozenset[str]
    turning: tuple[tuple[str, str], ...]
    nobody: frozenset[str]
    listing: frozenset[str]
    speaking: frozenset[str]
    foreign: frozenset[str]
    masses: frozenset[str]
    whence: frozenset[str]  # what stands before a place and before nobody
    adverb_ends: tuple[str, ...]
    foreign_articles: frozenset[str]  # no person's name begins with them
    name_words: frozenset[str]
    name_heads: tuple[str, ...]  # before a capital inside a surname: "McKay"
    inner: frozenset[str]  # small words between two capitals of one name: "District of Columbia"
    joins: frozenset[str]
    slogans: tuple[str, ...]
    relative_nouns: frozenset[str]
    auxiliaries: frozenset[str]
    passive: frozenset[str]
    modals: frozenset[str]
    openers: frozenset[str]
    so: frozenset[str]
    it: frozenset[str]
    out_of: frozenset[str]
    addressing: frozenset[str]
    taking_up: frozenset[str]
    pointing_back: frozenset[str]
    denying: frozenset[str]
    comparing: frozenset[str]
    asking: frozenset[str]
    infinitive: frozenset[str]
    copula: frozenset[str]
    states: frozenset[str]
    stands: frozenset[str]
    certain: frozenset[str]
    preterites: frozenset[str]
    verb_prefixes: frozenset[str]
    plural: frozenset[str]
    plural_ends: tuple[str, ...]
    either_ends: tuple[str, ...]
    plural_nouns: tuple[str, ...]
    counted_more: frozenset[str]
    counted_one: frozenset[str]
    he_subjects: frozenset[str]
    she_subjects: frozenset[str]
    it_articles: frozenset[str]
    plural_pronouns: frozenset[str]
    given_to: frozenset[str]
    dative_ends: tuple[str, ...]
    never_adjectives: frozenset[str]
    singular: frozenset[str]
    several: frozenset[str]
    amounts: frozenset[str]  # "ein Teil der Mitglieder": those are meant
    agents: tuple[str, ...]
    exceeding: frozenset[str]  # "mehr als 30 Anwohner"
    collectives: tuple[str, ...]  # one, and many: "ein Ehepaar"
    ones: frozenset[str]  # behind an article alone they are people: "ein anderer"
    jobs: tuple[str, ...]
    nationals: frozenset[str]  # who is from a country, whole words: "Kroate", and no "Satire" for an "Ire"
    women_end: tuple[str, ...]
    masculine: frozenset[str]
    alone: frozenset[str]
    pointing: frozenset[str]
    indefinite: frozenset[str]
    possessive: frozenset[str]
    by: frozenset[str]
    sides: frozenset[str]
    own: frozenset[str]
    people: tuple[str, ...]
    no_agents: frozenset[str]
    leading_places: frozenset[str]
    contracted: frozenset[str]
    each: frozenset[str]
    masculine_determiners: frozenset[str]
    female_determiners: frozenset[str]
    many_dative: tuple[str, ...]
    no_names: frozenset[str]
    summing: frozenset[str]
    stemming: frozenset[str]
    with_words: tuple[str, ...]
    no_name_ends: tuple[str, ...]  # of words that begin a sentence, and are hardly the name of anybody
    written: frozenset[str]
    inscriptions: tuple[str, ...]
    inscribed: frozenset[str]
    worded: frozenset[str]
    surfaces: frozenset[str]
    thereon: frozenset[str]
    carriers: tuple[str, ...]
    many: tuple[str, ...]
    mens: tuple[str, ...]  # endings of what men do; behind "die" they are plurals
    circles: tuple[str, ...]
    tellers: tuple[str, ...]
    countries: frozenset[str]
    article_places: frozenset[str]
    cited: Mapping[str, Mapping[str, str]]  # the nominative of a determiner, by "he", "she", "it" and "many"
    keeps_n: tuple[str, ...]
    plural_e: tuple[str, ...]
    weak_e: tuple[str, ...]
    bare: tuple[str, ...]
    mixed: frozenset[str]  # behind them adjectives show the case
    place_ends: tuple[str, ...]  # endings of names of places
    no_bodies: tuple[str, ...]
    no_functions: tuple[str, ...]
    place_words: frozenset[str]
    relatives: Mapping[str, frozenset[str]]  # determiners of what they cannot stand for
    neutral: frozenset[str]
    adversative: frozenset[str]
    datives: frozenset[str]
    objects: frozenset[str]
    demonstrative: frozenset[str]
    dates: frozenset[str]
    done: frozenset[str]
    coming: frozenset[str]
    led: frozenset[str]
    places: frozenset[str]
    degree: frozenset[str]
    carried_by: frozenset[str]
    media: tuple[str, ...]
    outlets: frozenset[str]
    feminine: tuple[str, ...]
    aged: tuple[str, ...]
    ages: frozenset[str]  # between a number and "alte": "der 48 Jahre alte Wirt"
    neuter: tuple[str, ...]
    abstract: tuple[str, ...]
    sayings: frozenset[str]  # finite forms of verbs of saying
    starters: frozenset[str]  # small inside a sentence; with a capital letter they begin one
    mood: frozenset[str]

    given: frozenset[str] = field(init=False)  # every first name
    nameless: frozenset[str] = field(init=False)  # begin no phrase without a determiner, whatever their case
    relative_only: frozenset[str] = field(init=False)  # relative pronouns that are no articles: "deren", "dessen"
    lands: frozenset[str] = field(init=False)  # every country, with an article or without one
    clausal: frozenset[str] = field(init=False)  # what stands inside no noun phrase
    clausal_openers: frozenset[str] = field(init=False)  # what begins a clause of its own
    placeless: frozenset[str] = field(init=False)  # what is no adjective in front of a noun without a determiner
    active: frozenset[str] = field(init=False)  # helping verbs that make no passive
    unattributive: frozenset[str] = field(init=False)  # what is no adjective behind a determiner either
    determiners: frozenset[str] = field(init=False)  # every word that may begin a phrase
    finite: frozenset[str] = field(init=False)  # verb forms that are finite whatever stands around them
    governments: tuple[str, ...] = field(init=False)  # a person's name stands behind them: "die Regierung Kühn"
    articles: frozenset[str] = field(init=False)  # articles of what is known, and of what is new
    roles: frozenset[str] = field(init=False)  # the functions themselves, no compound
    organs: frozenset[str] = field(init=False)  # the bodies themselves, no compound
    joining: frozenset[str] = field(init=False)  # small words of a title: "Der Einsatz der Bahn und die Folgen"
    clear: frozenset[str] = field(init=False)  # verb forms that are finite for certain: those, and ``sayings``
    small: frozenset[str] = field(init=False)  # words that are no lexical verb, however they end
    _strong: frozenset[str] = field(init=False, repr=False)
    _function_tails: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    _body_tails: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)
    _nationals: frozenset[str] = field(init=False, repr=False)
    _roots: tuple[str, ...] = field(init=False, repr=False)
    _stems: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out what follows from the tables."""
        self.given = self.men | self.women
        self.nameless = self.times | self.prepositions | self.pronouns
        self.lands = self.countries | self.article_places
        self.clausal = self.prepositions | self.subordinating
        self.clausal_openers = self.subordinating | self.relative | self.asking | self.infinitive
        self.placeless = self.prepositions | self.pronouns | self.and_ | self.openers
        self.active = self.auxiliaries | self.modals
        self.unattributive = self.clausal | self.never_adjectives
        self.determiners = self.nominative | self.oblique | self.genitive
        self.relative_only = self.relative - self.determiners - self.asking
        self.articles = self.definite | self.presenting
        self.joining = self.determiners | self.prepositions | self.and_
        self.finite = self.auxiliaries | self.passive | self.modals | self.copula | self.mood
        self.clear = self.finite | self.sayings
        self.small = (
            self.starters | self.clausal | self.determiners | self.pronouns | self.relative | self.times
        ) - self.finite
        self.governments = tuple(sorted(self.led))
        self.roles = frozenset(self.functions)
        self.organs = frozenset(self.bodies)
        composed = {prefix + form for prefix in self.verb_prefixes for form in self.preterites}
        self._strong = (self.preterites | composed) - self.small
        more = (each + ending for each in self.functions for ending in ("", "in", "s", "n", "en", "innen"))
        roots = (each[:-1] + "in" for each in self.functions if each.endswith("e"))
        self._function_tails = tails((*more, *roots))
        cases = (each + ending for each in self.bodies for ending in ("", "e", "es", "en"))
        genitives = (each + "s" for each in self.bodies if not each.endswith("e"))
        plurals = (each + "n" for each in self.bodies if each.endswith("e"))
        self._body_tails = tails((*cases, *genitives, *plurals))
        women = (each[:-1] + "in" if each.endswith("e") else each + "in" for each in self.nationals)
        self._nationals = self.nationals.union(women)
        self._roots = tuple(each for each in self.jobs if each.endswith("e"))
        self._stems = tuple(each for each in self.jobs if not each.endswith("e"))

    def function(self, word: str) -> bool:
        """Say whether a noun says what somebody is: "Präsident", "Justizministerin", "Sprechers"."""
        fold = word.casefold()
        return fold.endswith(self._function_tails.get(fold[-LAST:], ())) and not fold.endswith(self.no_functions)

    def body(self, word: str) -> bool:
        """Say whether a casefolded noun is a body that speaks: "kantonspolizei"."""
        return word.endswith(self._body_tails.get(word[-LAST:], ())) and not word.endswith(self.no_bodies)

    def verbal(self, fold: str) -> bool:
        """Say whether a casefolded word looks like a finite verb."""
        if fold in self.finite or fold in self._strong:
            return True
        ends = fold.endswith(("t", "te", "ten", "en", "e"))
        return ends and len(fold) > 2 and fold.isalpha() and fold not in self.small

    def medium(self, fold: str) -> bool:
        """Say whether a noun names a medium: "Lokalradio", "dpa", "ABC-News"."""
        return fold.endswith(self.media) or fold.rpartition("-")[2] in self.outlets

    def job(self, word: str) -> bool:
        """Say whether a noun may say what somebody does: a function, or a noun with the ending of one ("Geologin")."""
        low = word.casefold()
        if low.endswith("in"):
            return self.woman(low)
        return self.function(low) or (len(low) > 3 and low.endswith(self.jobs)) or self.national(low)

    def national(self, fold: str) -> bool:
        """Say whether a casefolded noun says where somebody is from: "Kroate", "Norwegerin", "Deutsch-Türke"."""
        return fold.rpartition("-")[2] in self._nationals

    def woman(self, word: str) -> bool:
        """Say whether a noun means a woman by its form: "Justizministerin"."""
        low = word.casefold()
        if low.endswith(self.women_end):
            return True
        if not low.endswith("in") or low in self.given or self.body(low):
            return False
        root = low[:-2]  # "Geologin" of "Geologe", "Trainerin" of "Trainer"; "Verein" of nothing
        job = self.function(low) or (root + "e").endswith(self._roots) or root.endswith(self._stems)
        return job or self.national(low)


@cache
def words(language: Language) -> Words:
    """Compile a language's tables ``[speakers]`` and ``[marked]``.

    Raises:
        NewsbridgeError: if the language has none.
    """
    table, marked = language.table("speakers"), language.table("marked")

    def folded(items: Iterable[str]) -> list[str]:
        return " ".join(items).casefold().split()

    def fold(items: Iterable[str]) -> frozenset[str]:
        return frozenset(folded(items))

    derived: dict[str, Any] = {
        "and_": fold(table["and"]),
        "so": lexicon(language).phrases["so"],
        "turning": tuple((klass, word) for klass, word in marked["turning"]),
        "relatives": {pronoun: fold(words) for pronoun, words in table["relatives"].items()},
        "countries": fold(table["neuter_places"]),
        "cited": {form: words for form, words in table["cited"].items() if isinstance(words, dict)},
        "keeps_n": tuple(table["cited"]["keeps_n"]),
        "plural_e": tuple(table["cited"]["plural_e"]),
        "weak_e": tuple(table["cited"]["weak_e"]),
        "bare": tuple(table["cited"]["bare"]),
        "mixed": fold(table["cited"]["mixed"]),
        "sayings": lexicon(language).finite,
        "starters": fold(language.table("sentences")["starters"]),
        "mood": fold(language.table("mood")["strong"]) | fold(language.table("mood")["weak"]),
    }
    for each in fields(Words):
        if each.init and each.name not in derived:
            listed = table[each.name] if each.name in table else marked[each.name]
            items = folded([listed] if isinstance(listed, str) else listed)
            derived[each.name] = frozenset(items) if "frozenset" in str(each.type) else tuple(items)
    return Words(**derived)

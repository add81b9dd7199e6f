"""The mood that says "somebody says so": subjunctive speech without a frame, and hearsay with "sollen"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from newsbridge.article import Hearsay
from newsbridge.languages import Language
from newsbridge.quotes.chunks import ClauseKind
from newsbridge.quotes.clauses import clauses
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import phrase
from newsbridge.quotes.traits import CLEAR, HEARSAY, MOOD
from newsbridge.quotes.words import Words
from newsbridge.spans import Span


@dataclass(frozen=True)
class Mood:
    """A language's table ``[mood]``: the forms that say "somebody says so"."""

    strong: frozenset[str]  # always: "sei", "habe"
    weak: frozenset[str]  # where reported speech goes on: "hätten"
    hearsay: frozenset[str]
    perfect: frozenset[str]
    conditions: frozenset[str]
    conjunctions: frozenset[str]
    reasons: frozenset[str]
    wishes: frozenset[str]
    recipes: frozenset[str]
    fixed: frozenset[str]
    seems: frozenset[str]

    def subjunctive(self, folds: Iterable[str]) -> bool:
        """Say whether one of the words is a form of reported speech, also one that other speech has."""
        return any(fold in self.strong or fold in self.weak for fold in folds)


@cache
def mood(language: Language) -> Mood:
    """Compile a language's table ``[mood]``."""
    table = language.table("mood")
    names = (
        "strong",
        "weak",
        "hearsay",
        "perfect",
        "conditions",
        "conjunctions",
        "reasons",
        "wishes",
        "recipes",
        "fixed",
        "seems",
    )
    return Mood(**{name: frozenset(word.casefold() for word in table[name]) for name in names})


def subjunctive(line: Line, known: Mood, words: Words, *, goes_on: bool) -> bool:
    """Say whether a sentence reports speech by its mood alone."""
    folds = line.folds
    formed = by_form(line, words) and (goes_on or _third(line, words))
    if not line.every & MOOD and not formed:
        return False
    if not words.first_person.isdisjoint(folds) or folds[0] in known.wishes:
        return False
    auxiliary = words.auxiliaries | words.passive | words.modals | words.states
    if not goes_on and len(folds) > 1 and folds[0] in known.recipes and folds[1] in known.strong - auxiliary:
        return False  # "Man nehme 200 Gramm Mehl"
    sentence = " ".join(folds)
    if any(each in sentence for each in known.fixed):
        return False  # "Gott sei Dank"
    real = [at for at, fold in enumerate(folds) if fold in known.strong and not line.capitals[at]]
    if any(at == 0 or folds[at - 1] not in known.seems for at in real) or (folds[0] in known.strong):
        return not _told(line, known, words, goes_on=goes_on)
    if not (goes_on or formed) or _told(line, known, words, goes_on=goes_on):
        return False
    if not goes_on:
        return True
    if any(fold in known.weak for fold in folds) and not known.conditions & set(folds):
        first = next(
            (fold for at, fold in enumerate(folds) if fold in words.finite and not _inner(line, at, words)), ""
        )
        return first in known.weak or first == ""
    return formed


def _told(line: Line, known: Mood, words: Words, *, goes_on: bool) -> bool:
    """Say whether the report itself says the main clause: "Er ging zum Hof, auf dem er ein Pferd kaufen sollte"."""
    if "," not in line.words:
        return False
    told = False
    for clause in clauses(line, words):
        if clause.kind is not ClauseKind.MAIN:
            continue
        for at in clause.items:
            fold = line.folds[at]
            if not line.capitals[at] and (fold in known.strong or (goes_on and fold in known.weak)):
                return False
        if clause.verb >= 0:
            if line.folds[clause.verb] not in words.finite and by_ending(line.folds[clause.verb]):
                return False  # "Es koste zu viel" has the form as well
            told = True
    return told


def by_ending(fold: str) -> bool:
    """Say whether a verb may be a form of reported speech by its ending."""
    return fold.endswith("e") and not fold.endswith("te")


def _inner(line: Line, at: int, words: Words) -> bool:
    """Say whether a verb closes a relative or subordinate clause: a comma follows it and one opens its clause."""
    opened = False
    for back in range(at - 1, -1, -1):
        if line.words[back] == ",":
            opened = line.folds[back + 1] in words.clausal_openers | words.prepositions
            break
    return opened


def by_form(line: Line, words: Words) -> bool:
    """Say whether the verb in second place has the form of the subjunctive: "Es fresse nicht mehr", "Sie trage Rot"."""
    found = phrase(line, 0, words, apposition=False)
    at = found.end if found is not None else 1
    if at >= len(line.words) or line.capitals[at] or line.pairs[at] is not None:
        return False
    rest = line.words[at:]
    stop = at + (rest.index(",") if "," in rest else len(rest))
    if any(line.traits[each] & CLEAR for each in range(at + 1, stop)):
        return False  # "Der 51-jährige aus Bern stammende Mann wurde …"
    fold = line.folds[at]
    return len(fold) > 3 and by_ending(fold) and fold not in words.finite and words.verbal(fold)


def _third(line: Line, words: Words) -> bool:
    """Say whether a noun in the singular begins a sentence, so that its only verb, one in "-e", is no indicative."""
    found = phrase(line, 0, words, apposition=False)
    if found is None or found.pronoun or line.folds[0] not in words.nominative or not line.capitals[found.end - 1]:
        return False
    return line.words[found.end + 1 : found.end + 2] != [","]


def hearsay(line: Line, known: Mood) -> Span | None:
    """Return the clause of a claim with "sollen" and no source: "eine Schiesserei soll es gegeben haben"."""
    if not line.every & HEARSAY:
        return None
    for at in [at for at, trait in enumerate(line.traits) if trait & HEARSAY]:
        end = at + 1
        while end < len(line.words) and line.words[end] not in ",.;:!?":
            end += 1
        if line.folds[end - 1] not in known.perfect or end - at < 3 or not line.folds[end - 2].endswith(("t", "en")):
            continue  # no perfect infinitive: a plan, not a rumour
        start = at
        while start and line.words[start - 1] not in ",.;:!?–":
            start -= 1
        return line.cover(start, end)
    return None


def as_hearsay(spans: list[Span]) -> tuple[Hearsay, ...]:
    """Number the claims."""
    return tuple(Hearsay(f"h{number}", span) for number, span in enumerate(spans, start=1))

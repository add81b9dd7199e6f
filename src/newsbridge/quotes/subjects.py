"""Subjects: who does what the verb of a clause says.

German marks the subject by case, and case shows in few words only.  So every noun phrase of the clause is weighed:
what its determiner allows, whether it agrees with the verb, whether it can speak, and where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.quotes.chunks import Clause, ClauseKind
from newsbridge.quotes.lines import Line
from newsbridge.quotes.phrases import Phrase, first_noun, phrase
from newsbridge.quotes.traits import (
    ACRONYM,
    ADVERB,
    BODY,
    COMMON,
    DETERMINER,
    ENDINGS,
    FEMININE,
    FUNCTION,
    GIVEN,
    IT,
    JOINT,
    NOUN,
    OPENS,
    PEOPLE,
    PERSONAL,
    PREPOSITION,
    TIME,
    VERBAL,
)
from newsbridge.quotes.words import Words

DASHES = ("–", "—")
SPEAKS = 4.0  # somebody who can speak: a person, a body, a pronoun
FRONT = 3.0  # fills the field in front of the verb
PLACE = 2.0  # right behind it
FAR = 0.3  # for every item farther to the right
ABSTRACT = 3.0  # "Begründung", "Sicherheit" say nothing
DISAGREES = 6.0
BARE = 3.0  # one word that has its capital from the beginning of the sentence
UNKNOWN = 1.0  # the same, where it may be a name
LEAST = -2.5


def subject(line: Line, clause: Clause, finite: int, plural: bool | None, known: Words) -> Phrase | None:
    """Return the subject of a clause.

    Args:
        line: The sentence.
        clause: The clause.
        finite: Its finite verb, an item of the line.
        plural: Whether the verb is plural, None where its form does not tell.
        known: The language's words.
    """
    best, worth = None, LEAST
    front = clause.items[0] if clause.items else 0
    filled = False  # by what may be a subject
    for found, distance, field in _candidates(line, clause, finite, known):
        if line.folds[found.start] in known.it and found.start == finite + 1 and filled:
            continue  # "Kunz drückte es so aus"
        if (
            best is not None
            and line.folds[found.start] in known.either
            and found.pronoun
            and _asked(line, clause, found)
        ):
            continue  # "als Sauter sie fragte"
        filled = filled or (field and found.subject)
        value = _weigh(line, found, finite, plural, known, begins=field and found.start == front)
        value += FRONT if field else PLACE if distance == 0 else -FAR * min(distance, 10)
        if value > worth:
            best, worth = found, value
    return best


def _candidates(line: Line, clause: Clause, finite: int, known: Words) -> Iterator[tuple[Phrase, int, bool]]:
    """Yield noun phrases outside prepositional ones, how far from the verb, and whether they fill the field before."""
    items = clause.items
    verb_last = clause.kind is not ClauseKind.MAIN
    begin = 1 if verb_last else 0
    if clause.kind is ClauseKind.RELATIVE and len(items) > 2 and line.traits[items[0]] & PREPOSITION:
        inner = phrase(line, items[1], known, apposition=False)
        nominative = phrase(line, items[2], known, apposition=False)
        if line.folds[items[1]] in known.relative and inner is not None and nominative is not None:
            begin = 2 if nominative.end == inner.end else 1  # "ein Gesetz, von dem Anwälte sagen, …"
    while not verb_last and begin < len(items) - 1 and line.folds[items[begin]] in known.openers:
        begin += 1
    traits, named = line.traits, line.named
    passed, stop = 0, 0
    for at in items[begin:]:
        if at < stop:
            passed += 1
            continue
        if at > items[0] and line.words[at - 1] in DASHES:  # "Falk – eine Kritikerin von Horn –"
            stop = next((each for each in range(at, len(line.words)) if line.words[each] in DASHES), at)
            if stop > at:
                continue
        if at == finite:
            passed = 0
            continue
        trait = traits[at]
        if line.folds[at] in known.so and at > begin and line.words[at - 1] == ",":
            inner = phrase(line, at + 1, known, apposition=False)
            stop = inner.end if inner is not None else at + 1
            continue  # "…, so die Post"
        counted = at == items[0] and at + 1 < len(line.words) and line.words[at + 1].isdigit()
        if counted and line.folds[at] in known.roughly:
            found = phrase(line, at + 1, known)
            if found is not None and not _time(line, found):
                stop = found.end
                yield found, 0, at < finite and not verb_last  # "Über 50 Prozent der Befragten"
        elif trait & PREPOSITION and (at == items[0] or not line.capitals[at]):
            inner = phrase(line, at + 1, known, apposition=False)
            stop = inner.end if inner is not None else at + 1
        elif trait & (OPENS | IT) or at in named:
            if at > items[0] and line.pairs[at - 1] is not None and _owns(line, at, known):
                inner = phrase(line, at, known, apposition=False)
                stop = inner.end if inner is not None else at + 1
                continue
            found = phrase(line, at, known)
            if (
                found is not None
                and at > items[0]
                and line.folds[at - 1] in known.comparing
                and line.pairs[at] is not None
            ):
                stop = found.end  # "hatte den Putsch als «Geschenk» bezeichnet"
                continue
            if found is None and trait & IT and abs(at - finite) == 1:
                found = Phrase(at, at + 1, at, "nominative", pronoun=True)
            if found is not None:
                stop = found.end
                if not verb_last and at == items[begin] and at < finite:
                    yield _field(line, found, finite, items, known), 0, True
                elif not _time(line, found):
                    yield found, passed, False
        passed += 1


def _time(line: Line, found: Phrase) -> bool:
    """Say whether a phrase is a time, not somebody of its name: "Theresa Mai"."""
    named = found.head > found.start and line.traits[found.head - 1] & GIVEN
    return line.traits[found.head] & TIME > 0 and not named


def _asked(line: Line, clause: Clause, found: Phrase) -> bool:
    """Say whether a pronoun behind a bare name that opens a clause is its object."""
    at = found.start - 1
    if clause.kind is ClauseKind.MAIN or len(clause.items) < 2 or at != clause.items[1]:
        return False
    return line.capitals[at] and not line.traits[at] & COMMON


def _owns(line: Line, at: int, known: Words) -> bool:
    """Say whether a genitive hangs on the noun in the marks in front of it: "den «friedlichen Aufstieg» der Insel"."""
    before = at - 2
    if line.folds[at] not in known.genitive or before < 0:
        return False
    return line.folds[before] in known.determiners or (
        line.words[before].endswith(ENDINGS) and not line.capitals[before]
    )


def _field(line: Line, found: Phrase, finite: int, items: list[int], known: Words) -> Phrase:
    """Return the phrase with the prepositional attributes up to the verb: before it stands one constituent only."""
    end = min(found.end, finite)
    rest = range(end, finite)
    if (
        rest
        and line.folds[end] in known.joins_noun
        and not any(line.traits[at] & (TIME | ADVERB) or (at not in items and line.words[at] != ",") for at in rest)
    ):
        end = finite
    return found if end == found.end else Phrase(found.start, end, found.head, found.case, found.pronoun)


def _weigh(line: Line, found: Phrase, finite: int, plural: bool | None, known: Words, *, begins: bool) -> float:
    if found.case == "oblique":
        return -10.0
    determiner = line.folds[found.start]
    head = line.folds[found.head]
    if determiner in known.it:
        return 0.0
    if found.pronoun:
        value = SPEAKS - (DISAGREES if plural and determiner in known.singular else 0.0)
        return value + (FRONT if found.start == finite + 1 and determiner in known.only_subjects else 0.0)
    value = 0.0
    abstract = head.endswith(known.abstract) and not names_person(line, found.head)
    if can_speak(line, found, known):
        value += SPEAKS if not abstract else -1.0  # "die Äusserung der Partei"
    elif abstract:
        value -= ABSTRACT
    if _time(line, found):
        return -10.0
    noun = first_noun(line, found)
    if determiner in known.masculine and noun > found.start and line.traits[noun] & FEMININE:
        value -= DISAGREES  # "der Regierung" is no subject; "der Präsident Putin" may be one
    if plural is not None:
        joined = any(trait & JOINT for trait in line.traits[found.start + 1 : found.end - 1])
        one = determiner in known.she_subjects and line.folds[noun].endswith(known.feminine)  # "die Regierung"
        if plural and not joined and (one or determiner in known.masculine or determiner in known.alone):
            value -= DISAGREES
        if plural and not joined and _one(line, found):
            value -= DISAGREES  # "Einige der Wirte haben Minister Kühn geschrieben"
        if not plural and joined and determiner not in known.masculine:
            value -= 1.0
        if not plural and many_people(line, found, known):
            value -= DISAGREES  # "bevor Kern die Politiker angestarrt hat"
    if begins and found.start == 0 and found.end - found.start == 1 and not names_person(line, found.head):
        if head in known.countries:
            value += SPEAKS - UNKNOWN  # "Italien hat die Verbände gewarnt"
        elif not (plural and line.traits[found.head] & NOUN):  # "Untersuchungen zeigen, dass …"
            value -= BARE if line.traits[found.head] & COMMON or head.endswith(known.no_name_ends) else UNKNOWN
    return value


def _one(line: Line, found: Phrase) -> bool:
    """Say whether a phrase names one person by first name and surname, and no list goes on behind it."""
    if line.traits[found.start] & DETERMINER or found.head == found.start or line.traits[found.head] & PEOPLE:
        return False
    listed = found.end < len(line.words) and (line.words[found.end] in ",(" or line.traits[found.end] & JOINT)
    return line.traits[found.head - 1] & GIVEN > 0 and line.capitals[found.head] and not listed


def many_people(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether "die" stands in front of a plural: the word of a man's function, or of people."""
    if line.folds[found.start] not in known.either:
        return False
    noun = first_noun(line, found)
    trait, fold = line.traits[noun], line.folds[noun]
    if trait & PEOPLE:
        return True
    return trait & FUNCTION > 0 and not trait & (FEMININE | BODY) and fold.endswith(known.mens)


def feminine(word: str, known: Words) -> bool:
    """Say whether a casefolded noun is feminine by its ending."""
    return word.endswith(known.feminine) or (word.endswith("in") and known.woman(word))


def can_speak(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether a phrase names a person or a body."""
    if found.pronoun:
        return True
    if any(fold.endswith(known.aged) or fold in known.titles for fold in line.folds[found.start : found.head + 1]):
        return True  # "der 29-jährige Dominik Badi", "Mr. Bone"
    if found.end - found.start == 2 and line.folds[found.head] in known.ones:
        return True
    return any(
        at in line.named or (line.capitals[at] and names_person(line, at)) for at in range(found.start, found.end)
    )


def names_person(line: Line, at: int) -> bool:
    """Say whether an item names somebody who can speak: by name, function, or as a body."""
    trait = line.traits[at]
    return bool(trait & (PERSONAL | PEOPLE) or line.folds[at] in line.names or (trait & ACRONYM and at > 0))


def owner(line: Line, found: Phrase, known: Words) -> Phrase | None:
    """Return whose something is: "die Reaktion der Ministerin", "ein Satz von Kühn", "ihr Kommentar"."""
    head = first_noun(line, found)
    if line.folds[found.start] in known.possessive and not names_person(line, head):
        return Phrase(found.start, found.start + 1, found.start, "any", pronoun=True)
    if head + 1 >= len(line.words) or names_person(line, head):
        return None
    led = line.folds[head + 1] in known.of
    if not led and line.folds[head + 1] not in known.genitive:
        return None
    inner = phrase(line, head + 1 + led, known)
    return inner if inner is not None and can_speak(line, inner, known) else None


def _disagrees(line: Line, found: Phrase, relative: str, known: Words) -> bool:
    """Say whether a relative pronoun cannot stand for a phrase: "die Bitte eines Künstlers, der …"."""
    if line.folds[found.start] in known.relatives.get(relative, ()):
        return True
    return relative in known.masculine and line.traits[found.head] & FEMININE > 0


def antecedent(line: Line, comma: int, known: Words, relative: str = "") -> Phrase | None:
    """Return what a relative clause behind a comma is about: the nearest phrase in front of it that can speak.

    Args:
        line: The sentence.
        comma: The item in front of the clause.
        known: The language's words.
        relative: Its pronoun, casefolded; what disagrees with it in gender is passed over.
    """
    if relative in known.it_articles and line.folds[comma - 1] in known.countries:
        return Phrase(comma - 1, comma, comma - 1, "any")  # "ein Antrag der Delegation von Kanada, das vorschlug, …"
    widest = best = None
    for start in range(comma - 1, max(-1, comma - 14), -1):
        if line.words[start] in ".:;":
            break
        found = phrase(line, start, known)
        if found is None or found.end != comma or _disagrees(line, found, relative, known):
            if best is not None:
                return best
            continue
        if can_speak(line, found, known) and (start == 0 or line.folds[start - 1] not in known.determiners):
            adjective = start > 1 and line.words[start - 1].endswith(ENDINGS) and not line.capitals[start - 1]
            if adjective and line.folds[start - 2] in known.determiners:
                best = found  # "den ehemaligen Präsidenten"
                continue
            if start == 0 or not line.capitals[start - 1] or line.folds[start] in known.determiners:
                return found
            best = found  # a name may begin farther in front
            continue
        if widest is None or line.folds[start] in known.determiners:
            widest = found
    if best is not None or widest is not None:
        return best or widest
    if comma > 2 and line.words[comma - 2] == "," and line.traits[comma - 1] & VERBAL:
        return antecedent(line, comma - 2, known, relative)  # "von dem Sprecher, Rolf Kern, verurteilt, der …"
    if comma > 2 and line.traits[comma - 1] & VERBAL and not line.capitals[comma - 1]:
        before = antecedent(line, comma - 1, known, relative)  # "wurde von einem Dieb gezeigt, der …"
        if before is not None:
            return before
    for start in range(comma - 1, max(-1, comma - 8), -1):
        if line.words[start] in ".:;,":
            break
        found = phrase(line, start, known)
        if found is None or found.pronoun or _disagrees(line, found, relative, known):
            continue
        if can_speak(line, found, known):
            widest = found
    return widest

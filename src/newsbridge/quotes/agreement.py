"""Agreement: what a noun phrase shows by its form, whom it may name, of what gender, one or many."""

from __future__ import annotations

from newsbridge.quotes.chunks import Clause
from newsbridge.quotes.lines import Line
from newsbridge.quotes.people import Gender
from newsbridge.quotes.phrases import Phrase, first_noun
from newsbridge.quotes.subjects import feminine, names_person
from newsbridge.quotes.traits import BODY, DETERMINER, ENDINGS, FINITE, FUNCTION, PEOPLE, VERBAL
from newsbridge.quotes.words import Words


def gender(line: Line, found: Phrase, known: Words, *, subjective: bool) -> Gender:
    """Return the gender a noun phrase shows."""
    determiner, head = line.folds[found.start], line.folds[found.head]
    noun = line.words[first_noun(line, found)]
    if (
        subjective
        and determiner in known.he_subjects
        and found.head > found.start + 1
        and line.capitals[found.head - 1]
    ):
        return Gender.HE  # "der junge Till Hartung"
    if known.woman(noun) or feminine(head, known):
        return Gender.SHE
    if determiner in known.neutral and head.endswith(known.neuter):
        return Gender.IT
    if subjective and determiner in known.he_subjects:
        return Gender.HE
    if determiner in known.given_to:
        return Gender.HE  # "den Patienten": of one man, or of many
    if determiner in known.it_articles:
        return Gender.IT
    if subjective and determiner in known.she_subjects:
        return Gender.SHE
    if known.function(noun):
        return Gender.HE
    return Gender.UNKNOWN


def plural(line: Line, found: Phrase, known: Words) -> bool | None:
    """Say whether a noun phrase is plural, None where nothing tells."""
    determiner = line.folds[found.start]
    if any(line.folds[i] in known.and_ for i in range(found.start, named_until(line, found))):
        return True
    if found.start and line.folds[found.start - 1] in known.contracted:
        return False
    head = line.folds[found.head]
    if determiner in known.several or determiner in known.masses:
        return True
    if determiner in known.given_to:  # "den Medien", "den Minister", and "den Zeugen" of one or many
        if not head.endswith(known.dative_ends) or head.endswith(known.functions):
            return False
        many = head.endswith(known.many_dative) or line.traits[found.head] & BODY
        return True if many else None
    if determiner in known.genitive and determiner in known.masculine and not known.woman(line.words[found.head]):
        hangs = found.start > 0 and line.capitals[found.start - 1] and line.traits[found.head] & PEOPLE
        if hangs or (head.endswith(known.mens) and not head.endswith("r")):
            return True  # "die Angaben der Veranstalter", "einige der Demonstranten"
    if determiner in known.counted_one or (determiner in known.she_subjects and head.endswith(known.feminine)):
        return False  # "die Regierung"; many would be "die Regierungen"
    if line.traits[found.head] & PEOPLE and not known.woman(line.words[found.head]):
        woman = determiner in known.she_subjects and head.endswith("e") and known.function(head)
        return None if woman else True  # "die Angeklagte" is one, unless its verb is plural
    if not line.traits[found.start] & DETERMINER and line.traits[first_noun(line, found)] & FUNCTION:
        return not known.woman(line.words[first_noun(line, found)])  # "Reporter warteten", and no "der" before it
    if determiner in known.counted_more and found.head > found.start:
        noun = line.words[first_noun(line, found)]
        if known.function(noun) and not (known.woman(noun) or noun.endswith("e")):
            return True  # "die Minister", not "die Ministerin"
        return line.folds[found.head].endswith(known.plural_nouns) or None  # "die Behörden", not "die Behörde"
    return None


def named_until(line: Line, found: Phrase) -> int:
    """Return where the name in a phrase ends and an apposition begins: "Ismet Kern (60), Gründer und Direktor"."""
    commas = () if found.listed else range(found.start, found.end)
    return next((at for at in commas if line.words[at] == ","), found.end)


def plural_verb(line: Line, finite: int, known: Words) -> bool | None:
    """Say whether a finite verb is plural, None where it may be no finite verb."""
    fold, trait = line.folds[finite], line.traits[finite]
    if fold in known.plural:
        return True
    if line.capitals[finite] or not (trait & FINITE or finite + 1 == len(line.words) or trait & VERBAL):
        return None
    return None if fold.endswith(known.either_ends) else fold.endswith(known.plural_ends)


def has_said(line: Line, clause: Clause, finite: int, said: frozenset[str], known: Words) -> bool:
    """Say whether a clause ends in a participle of ``said``, a verb of saying: "haben … geschrieben"."""
    last = clause.items[-1]
    return line.folds[finite] in known.auxiliaries and last > finite and line.folds[last] in said


def proper(line: Line, found: Phrase) -> bool:
    """Say whether an adjective with a capital makes a phrase the name of a body: "die Freie Liste"."""
    at = found.start + 1
    if not line.traits[found.start] & DETERMINER or at >= found.head or not line.capitals[at]:
        return False
    return at + 1 == found.head and line.words[at].endswith(ENDINGS) and not line.traits[at] & (FUNCTION | PEOPLE)


def speaks(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether a phrase itself names a person or a body, not only an attribute of it."""
    noun = first_noun(line, found)
    if proper(line, found):
        return True
    if line.capitals[noun] and known.woman(line.words[noun]):
        return True
    if any(line.words[at][0].isdigit() and line.folds[at].endswith(known.aged) for at in range(found.start, noun)):
        return True  # "die 30-jährige Ronja Valk"
    if found.head > noun and line.capitals[found.head] and line.folds[noun].removesuffix("s") in line.names:
        noun = found.head  # "Lehmanns Rede"
    return any(at in line.named or names_person(line, at) for at in {noun, found.head} if at <= found.head)

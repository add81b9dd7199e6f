"""Agreement: what a noun phrase shows by its form, whom it may name, of what gender, one or many."""

from __future__ import annotations

from newsbridge.quotes.lines import Line
from newsbridge.quotes.people import Gender
from newsbridge.quotes.phrases import Phrase, first_noun
from newsbridge.quotes.subjects import feminine, names_person
from newsbridge.quotes.traits import PEOPLE
from newsbridge.quotes.words import Words


def gender(line: Line, found: Phrase, known: Words, *, subjective: bool) -> Gender:
    """Return the gender a noun phrase shows."""
    determiner, head = line.folds[found.start], line.folds[found.head]
    noun = line.words[first_noun(line, found)]
    if known.woman(noun) or feminine(head, known):
        return Gender.SHE
    if determiner in known.neutral and head.endswith(known.neuter):
        return Gender.IT
    if subjective and determiner == "der":
        return Gender.HE
    if determiner == "das":
        return Gender.IT
    if determiner in ("die", "eine") and subjective:
        return Gender.SHE
    if determiner in ("ein", "dieser", "einem", "dem", "den", "einen") and known.function(noun):
        return Gender.HE
    if known.function(noun):
        return Gender.HE
    return Gender.UNKNOWN


def plural(line: Line, found: Phrase, known: Words) -> bool | None:
    """Say whether a noun phrase is plural, None where nothing tells."""
    determiner = line.folds[found.start]
    if any(line.folds[i] in known.and_ for i in range(found.start, found.end)):
        return True
    if determiner in known.several or (determiner == "den" and line.folds[found.head].endswith("ern")):
        return True
    if determiner in ("der", "das", "ein", "eine", "dem", "den", "einem", "einer"):
        return False
    return True if line.traits[found.head] & PEOPLE and not known.woman(line.words[found.head]) else None


def speaks(line: Line, found: Phrase, known: Words) -> bool:
    """Say whether a phrase itself names a person or a body, not only an attribute of it."""
    noun = first_noun(line, found)
    return any(at in line.named or names_person(line, at) for at in {noun, found.head} if at <= found.head)

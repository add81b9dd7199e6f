"""Citing: how a noun phrase stands alone, in the nominative: "der Veranstalter" of many is "die Veranstalter".

A pronoun is shown with whom it means.  In the words of the text that is often a genitive or a dative, which an editor
reads as somebody else.  What the forms do not tell for certain stays as the text has it.
"""

from __future__ import annotations

from newsbridge.quotes.lines import Line
from newsbridge.quotes.people import Gender
from newsbridge.quotes.phrases import Phrase, first_noun
from newsbridge.quotes.traits import PEOPLE
from newsbridge.quotes.words import Words

WEAK = "en"  # of adjectives and nouns in all cases but the nominative
STRONG = {"he": "er", "she": "e", "it": "es", "many": "e"}  # of adjectives behind what shows no case: "ein alter Mann"
CONSONANTS = frozenset("bcdfghklmnpqrtvwz")


def nominative(line: Line, found: Phrase, gender: Gender, known: Words, *, plural: bool) -> list[str] | None:
    """Return the words of a phrase up to its noun as they stand in the nominative.

    Args:
        line: The line of the phrase.
        found: The phrase.
        gender: Of the pronoun that means it.
        known: The language's words.
        plural: Whether the pronoun means many.

    Returns:
        A word for every item from the start to the noun, or None where they stand in the nominative already or their
        forms do not tell it.
    """
    form = "many" if plural else gender.name.lower()
    determiner = known.cited.get(form, {}).get(line.folds[found.start])
    noun = first_noun(line, found)
    if determiner is None or noun <= found.start or noun >= found.end:
        return None
    if any(line.folds[at] in known.and_ for at in range(found.start, found.end)):
        return None
    oblique = line.folds[found.start]
    if form == "many":
        name = _many(line, noun, known, dative=oblique.endswith("n"))
    elif form == "she":
        name = line.words[noun]
    else:
        name = _one(line, noun, known, genitive=oblique.endswith("s"), mixed=determiner in known.mixed)
    if name is None:
        return None
    words = [determiner, *line.words[found.start + 1 : noun], name]
    if line.words[found.start][0].isupper():
        words[0] = determiner[0].upper() + determiner[1:]
    strong = determiner in known.mixed or (form == "many" and determiner in known.several)
    for at in range(noun - 1, found.start, -1):
        word = line.words[at]
        ends = word.endswith("en") or (form == "many" and word.endswith("er"))
        if word[0].isupper() or not ends or line.folds[at] in known.small:
            break
        if form == "many" and not strong:
            continue  # "der alten Männer", "die alten Männer"
        words[at - found.start] = word[:-2] + (STRONG[form] if strong else "e")
    return words


def cite(line: Line, found: Phrase, name: str, gender: Gender, known: Words, *, plural: bool) -> str:
    """Return the words ``name`` of a phrase with the nominative in front, as :func:`nominative` tells it."""
    words = nominative(line, found, gender, known, plural=plural)
    said = name.split()
    if words is None or said[: len(words)] != line.words[found.start : found.start + len(words)]:
        return name  # "des 14. Präsidenten" has a full stop between two words
    return " ".join([*words, *said[len(words) :]])


def _many(line: Line, noun: int, known: Words, *, dative: bool) -> str | None:
    """Return a plural noun in the nominative; its genitive is the same."""
    word, fold = line.words[noun], line.folds[noun]
    if not dative or fold.endswith(known.keeps_n):
        return word
    if fold.endswith(("ern", "eln")):
        return word[:-1]  # "den Anwohnern"
    if fold[:-1].endswith(known.plural_e):
        return word[:-1]  # "den Ärzten"
    return word if line.traits[noun] & PEOPLE else None  # "den Experten"; "den Kreisen" may be either


def _one(line: Line, noun: int, known: Words, *, genitive: bool, mixed: bool) -> str | None:
    """Return a noun that is no woman's in the nominative."""
    word, fold = line.words[noun], line.folds[noun]
    if fold.endswith(WEAK):
        if fold[:-2].endswith(known.bare):
            return word[:-2]  # "dem Präsidenten"
        sure = not mixed or fold[:-1].endswith(known.weak_e)
        return word[:-1] if sure else None  # "dem Zeugen", but "einem Angeklagten" is "ein Angeklagter"
    if not genitive or not fold.endswith("s") or fold.endswith("ss"):
        return word
    if fold.endswith("es") and len(fold) > 4 and fold[-3] in CONSONANTS:
        return word[:-2]  # "des Verbandes"
    return word[:-1]  # "des Sprechers"

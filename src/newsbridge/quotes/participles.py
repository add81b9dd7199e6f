"""Participles: long attributes in front of a noun, and adjectives that look like verbs."""

from __future__ import annotations

from newsbridge.quotes.lines import Line
from newsbridge.quotes.traits import CLEAR, DETERMINER, ENDINGS, FINITE, GIVEN, PREPOSITION, SMALL, VERB_ONLY
from newsbridge.quotes.words import Words

MAX_ADJECTIVES = 8
ATTRIBUTE = 24  # words of a long attribute
SHORT = 5  # letters: "roter" is no participle
PARTICIPLES = ("ende", "enden", "ender", "endes", "te", "ten", "ter", "ene", "enen", "ener", "enes", "ete", "eten")
GOVERNING = ("ige", "igen", "iger", "liche", "lichen", "licher")  # "die für Kiel zuständige Leiterin"


def attributive(line: Line, verb: int) -> bool:
    """Say whether a verb form ends a long attribute: "das von der Partei im Mai formulierte Ziel"."""
    if line.traits[verb] & VERB_ONLY or not line.words[verb].endswith(ENDINGS):
        return False
    noun = verb + 1
    while noun < len(line.words) and line.words[noun].endswith(ENDINGS) and not line.capitals[noun]:
        noun += 1
    if noun >= len(line.words) or not line.capitals[noun]:
        return False
    if noun == verb + 1 and verb > 1 and line.traits[verb - 2] & DETERMINER and recently(line, verb - 2, verb):
        return line.words[verb - 1].islower() and not line.traits[verb - 1] & (CLEAR | PREPOSITION)
    for at in range(verb - 1, max(-1, verb - ATTRIBUTE), -1):
        if line.words[at] in ",:;":
            return False
        if line.traits[at] & DETERMINER and line.traits[at + 1] & PREPOSITION and not line.capitals[at + 1]:
            return True
    return False


def turned(line: Line, at: int, known: Words) -> bool:
    """Say whether a word is the verb in front of somebody, no adjective: "lachte Herr Kühn laut"."""
    if line.traits[at] & CLEAR:
        return True
    if at + 1 >= len(line.words) or not line.words[at].endswith(("te", "ten")):
        return False
    return line.folds[at + 1] in known.titles or line.traits[at + 1] & (GIVEN | DETERMINER) > 0


def recently(line: Line, determiner: int, at: int) -> bool:
    """Say whether a participle with an adverb stands in front of a noun: "eine kürzlich veröffentlichte Studie"."""
    if at != determiner + 2 or at + 1 >= len(line.words) or not line.capitals[at + 1]:
        return False
    adverb = line.words[determiner + 1]
    return line.words[at].endswith(PARTICIPLES) and not line.capitals[at] and not adverb.endswith(ENDINGS)


def participial(line: Line, at: int, known: Words) -> int | None:
    """Return the noun of "die in New York geborene Lopez": behind a participle that closes a long attribute."""
    for index in range(at + 1, min(len(line.words) - 1, at + MAX_ADJECTIVES)):
        word = line.words[index]
        if index == at + 1 and line.capitals[index + 1] and word.islower() and word.endswith(PARTICIPLES):
            return index + 1  # "eine kürzlich veröffentlichte Studie"
        if word in ",:;.–()" or line.traits[index] & FINITE:
            return None
        if word.endswith("en") and line.traits[index - 1] & DETERMINER and line.capitals[index + 1]:
            return None  # "die mit ihren gewählten Räten sprechen"
        if not word[0].islower() or not line.capitals[index + 1]:
            continue
        if (len(word) > SHORT and word.endswith(PARTICIPLES)) or (
            word.endswith(GOVERNING) and line.capitals[index - 1]
        ):
            return index + 1
    return None


def aged(line: Line, index: int) -> bool:
    """Say whether "30-jährige" is an adjective in front of another one: "die 30-jährige galicische Wirtin"."""
    if index + 2 >= len(line.words) or not line.words[index].endswith(ENDINGS) or not line.capitals[index + 2]:
        return False
    word = line.words[index + 1]
    return word[0].islower() and word.endswith(ENDINGS) and not line.traits[index + 1] & (CLEAR | SMALL)

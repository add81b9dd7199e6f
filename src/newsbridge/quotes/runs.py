"""Runs: how far the nouns and names behind each other are one mention, „Bundesrätin Anna von der Weid“."""

from __future__ import annotations

from newsbridge.quotes.lines import Line
from newsbridge.quotes.traits import BODY, CLEAR, COMMON, DETERMINER, FUNCTION, GIVEN, PARTICLE, PEOPLE, PERSONAL, TIME
from newsbridge.quotes.words import Words


def run_of_names(line: Line, index: int, known: Words) -> int:
    """Return the end of a run of nouns and names: "Bundesrätin Anna von der Weid", "Dr. J. Kühn"."""
    words, traits, capitals = line.words, line.traits, line.capitals
    end, last = index + 1, len(words)
    while end < last:
        if capitals[end]:
            titled = words[end - 1] == "." and end - 2 >= index and line.folds[end - 2] in known.titles
            personal = titled or traits[end - 1] & GIVEN > 0
            if (traits[end] & DETERMINER or line.folds[end] in known.pronouns) and not personal:
                break  # but "Amalia Allen", "Mrs. Allen"
            if traits[end] & TIME and not traits[end - 1] & (TIME | GIVEN):
                break  # "sagte West Anfang Mai"
            somebody = traits[end - 1] & FUNCTION or line.folds[end - 1] in line.names
            if line.folds[end] in known.masses or (line.folds[end] in known.outlets and somebody):
                break  # "sagte der Papst Tausenden", "sagte Falk CNN"
            if traits[end] & COMMON and not traits[end] & PERSONAL and line.folds[end - 1] in line.names:
                break  # "hatte Kühn Pläne enthüllt"
            if words[end].isupper() and len(words[end]) > 2 and end > index + 1 and traits[end - 2] & GIVEN:
                break  # "teilte Luca Kern CNN mit"
            if traits[end] & PEOPLE and end > 1 and line.folds[end - 1].endswith(known.many):
                break  # "rufen die Stiftungen Eltern auf"
            named = end - index >= 2 and traits[end - 2] & GIVEN and not traits[end - 1] & GIVEN
            if named and traits[end] & (PEOPLE | FUNCTION) and not _owns(line, end):
                break  # "warf Theresa Mai Kritikern vor", but "Theresa Kerns Sprecherin"
            if end - 1 in line.named:
                break  # "zitiert die «Landpost» Minister Kühn"
            before = line.folds[end - 1]
            named = line.folds[end] in line.names and line.folds[end] not in known.countries
            led = before in known.given or before in known.led or known.medium(before)
            if before.endswith(known.governments) and line.folds[end] in known.countries:
                break  # "nannte die US-Regierung Georgien tapfer"
            both = named and end == index + 1 and before in line.names and before not in known.countries
            if both and not traits[end - 1] & (GIVEN | FUNCTION) and not traits[end] & GIVEN:
                break  # "als Miller Acosta beschimpfte"
            if traits[end - 1] & BODY and not traits[end - 1] & FUNCTION and named and not led:
                break  # "warf die Staatsanwaltschaft Ertel vor"
        elif not (
            end in line.named
            or (
                words[end] == "."
                and ((words[end - 1].isalpha() and len(words[end - 1]) == 1) or line.folds[end - 1] in known.titles)
            )
            or (traits[end] & PARTICLE and particle(line, index, end, known))
            or (words[end].isdigit() and _numbered(line, end))
            or (line.folds[end] in known.inner and end + 1 < last and capitals[end + 1] and capitals[end - 1])
        ):
            break
        end += 1
    while end > index + 1 and traits[end - 1] & PARTICLE and not capitals[end - 1]:
        end -= 1  # "Susan Jordan vom" before "QIMR"
    return end


def _numbered(line: Line, at: int) -> bool:
    """Say whether a number belongs to the name in front of it: "von Kino 4, Luca Kern,", not "4 Tore", "Mai 12"."""
    if len(line.words[at]) > 1 or line.traits[at - 1] & (TIME | PERSONAL) or at + 1 >= len(line.words):
        return False
    return line.words[at + 1] == "," or line.traits[at + 1] & CLEAR > 0


def _owns(line: Line, at: int) -> bool:
    """Say whether a name in the genitive stands before what somebody is: "Theresa Kerns Sprecherin"."""
    fold = line.folds[at - 1]
    return line.traits[at] & FUNCTION > 0 and fold.endswith("s") and fold[:-1] in line.names


def particle(line: Line, start: int, at: int, known: Words) -> bool:
    """Say whether an item goes on with the name begun at ``start``: "Chiara de Santis", "Ursula von der Leyen"."""
    traits, last = line.traits, len(line.words)
    if not traits[at] & PARTICLE:
        return False
    following = at + 1
    while following < last and traits[following] & PARTICLE:
        following += 1
    if following >= last or not line.capitals[following]:
        return False
    if traits[following] & (BODY | FUNCTION):
        return False  # "Thea Falk von der Gewerkschaft"
    if traits[at] & DETERMINER and not traits[at - 1] & PARTICLE:
        return False  # "Anna Falk den Raum"
    if line.folds[at] in known.contracted and at - start >= 2 and traits[at - 2] & GIVEN:
        return False  # "Susan Jordan vom Institut"
    if traits[at - 1] & (GIVEN | PARTICLE):
        return True
    foreign = not traits[at] & DETERMINER and line.folds[at] not in known.prepositions
    return foreign and at - start >= 2

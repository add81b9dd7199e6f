"""Noun phrases: from „der Leiter des Programms, Klaus Stöhr,“ to the last word that belongs to the mention.

German writes nouns with a capital letter, so a phrase is found by its shape: determiner, adjectives in small letters,
nouns and names, then what hangs on them.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsbridge.quotes.lines import QUOTE, Line
from newsbridge.quotes.words import Words

MAX_ADJECTIVES = 8
PARTICIPLES = ("ende", "enden", "ender", "endes", "te", "ten", "ter", "ene", "enen", "ener", "enes", "ete", "eten")
ENDINGS = ("e", "en", "er", "es", "em")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The items ``[start, end)`` of a line that name somebody or something; ``head`` is its main noun."""

    start: int
    end: int
    head: int
    case: str  # nominative, oblique, or any where nothing tells
    pronoun: bool = False

    @property
    def subject(self) -> bool:
        """Whether it may be the subject."""
        return self.case != "oblique"


def phrase(line: Line, at: int, known: Words, *, apposition: bool = True) -> Phrase | None:
    """Read the noun phrase or pronoun that begins at an item.

    Args:
        line: The sentence.
        at: Index of the first item.
        known: The language's words.
        apposition: Whether ", der armenische Präsident Nikol Paschinjan" behind it belongs to it.

    Returns:
        The phrase with its genitives, prepositional attributes and apposition, or None.
    """
    if at >= len(line):
        return None
    key = 2 * at + apposition
    if key not in line.phrases:
        line.phrases[key] = _phrase(line, at, known, apposition=apposition)
    found: Phrase | None = line.phrases[key]
    return found


def _phrase(line: Line, at: int, known: Words, *, apposition: bool) -> Phrase | None:
    fold = line.folds[at]
    if line.pairs[at] is not None:
        return Phrase(at, at + 1, at, "any") if at in line.named else None
    core = _core(line, at, known)
    if core is None:
        if (fold in known.pronouns or fold in known.several) and not line.words[at].isdigit():
            if at + 1 < len(line) and line.folds[at + 1] in known.genitive:
                among = _core(line, at + 1, known)  # "eine der Forscherinnen"
                if among is not None:
                    return Phrase(at, among[1], among[0], "nominative")
            if fold in known.pronouns:
                return Phrase(at, at + 1, at, "nominative", pronoun=True)
        return None
    head, end = core
    case = "any"
    if fold in known.nominative:
        case = "nominative"
    elif fold in known.oblique:
        case = "oblique"
    end = _attributes(line, end, head, known)
    if end < len(line) - 1 and line.folds[end] in known.and_:
        more = _core(line, end + 1, known)
        if more is not None and line.folds[end + 1] not in known.oblique - known.nominative:
            end = _attributes(line, more[1], more[0], known)
    if apposition:
        end = _apposition(line, end, known)
    return Phrase(at, end, head, case)


def _core(line: Line, at: int, known: Words) -> tuple[int, int] | None:
    """Read determiner, adjectives, nouns and names; return the head and the end, or None."""
    index = at
    determined = line.folds[index] in known.determiners
    if determined:
        index += 1
    limit = min(len(line), index + MAX_ADJECTIVES)
    while index < limit and not _nominal(line, index, known):
        word = line.words[index]
        if word.isdigit() or word == ".":
            if word == "." and not line.words[index - 1].isdigit():
                return None
        elif not (word[0].islower() and (word.endswith(ENDINGS) or (determined and word.isalpha()))):
            return None
        elif not determined and (
            index > at or line.folds[index] in known.placeless or line.folds[index] in known.sayings
        ):
            return None
        elif line.folds[index] in known.clausal or line.folds[index] in known.never_adjectives:
            inner = _participial(line, index, known) if determined else None
            if inner is None:
                return None
            index = inner
            break
        index += 1
    if index >= limit or not _nominal(line, index, known):
        return None
    if not determined and line.folds[index] in known.nameless:
        return None
    end = _names(line, index, known)
    head = end - 1
    while head > index and line.pairs[head] is not None:
        head -= 1
    return head, end


def _participial(line: Line, at: int, known: Words) -> int | None:
    """Return the noun of "die in New York geborene Lopez": behind a participle that closes a long attribute."""
    for index in range(at + 1, min(len(line) - 1, at + MAX_ADJECTIVES)):
        word = line.words[index]
        if word in ",:;.–()" or line.folds[index] in known.finite:
            return None
        if word[0].islower() and word.endswith(PARTICIPLES) and line.capitals[index + 1]:
            return index + 1
    return None


def _nominal(line: Line, index: int, known: Words) -> bool:
    """Say whether an item is a noun or name: a capital letter that is not there because a sentence begins."""
    if index in line.named:
        return index > 0 and line.folds[index - 1] in known.determiners
    if not line.capitals[index]:
        return False
    begins = index == 0 or not line.words[index - 1][0].isalnum()
    return not (begins and line.folds[index] in known.starters)


def _names(line: Line, index: int, known: Words) -> int:
    """Return the end of a run of nouns and names: "Bundesrätin Anna von der Weid", "Dr. J. Kühn"."""
    end = index + 1
    while end < len(line):
        word, fold = line.words[end], line.folds[end]
        if line.capitals[end]:
            if fold in known.pronouns or fold in known.determiners:
                break
            if end - 1 in line.named:
                break  # "zitiert die «Landpost» Minister Kühn"
            if known.body(line.folds[end - 1]) and fold in line.names and line.folds[end - 1] not in known.given:
                break  # "warf die Staatsanwaltschaft Ertel vor"
            end += 1
        elif line.pairs[end] is not None and end in line.named:
            end += 1
        elif word == "." and (len(line.words[end - 1]) == 1 or line.folds[end - 1] in known.titles):
            end += 1
        elif end > index and known.particle(line, index, end):
            end += 1
        elif word.isdigit() and len(word) < 3 and end + 1 < len(line) and line.words[end + 1] not in ".,":
            break
        else:
            break
    return end


def _attributes(line: Line, end: int, head: int, known: Words) -> int:
    """Return where the genitives and prepositional attributes behind a noun end."""
    last = line.folds[end - 1]
    run = end - 2 >= 0 and line.capitals[end - 2] and line.capitals[end - 1] and line.folds[end - 2] not in known.small
    named = last in known.given or last in line.names or (run and last not in known.roles and last not in known.organs)
    for _ in range(4):
        if end >= len(line):
            break
        fold = line.folds[end]
        if line.words[end] == "(":
            closing = next((i for i in range(end, min(len(line), end + 8)) if line.words[i] == ")"), None)
            if closing is None:
                break
            end = closing + 1
            continue
        if fold in known.genitive and not (named and fold == "der"):
            more = _core(line, end, known)
        elif fold in (known.joins_name if named else known.joins_noun) and end + 1 < len(line):
            last = line.folds[end - 1]
            if not named and fold not in known.joins_name and not (known.function(last) or known.body(last)):
                break
            if line.folds[end + 1] in known.times:
                break
            more = _core(line, end + 1, known)
            if more is not None and (
                any(line.folds[i] in known.times for i in range(end + 1, more[1])) or line.folds[end + 1] in known.times
            ):
                break
        else:
            break
        if more is None:
            break
        end = more[1]
    return end


def _apposition(line: Line, end: int, known: Words) -> int:
    """Return the end with ", der armenische Präsident Nikol Paschinjan", if such a thing stands there."""
    if end + 1 >= len(line) or line.words[end] != ",":
        return end
    if line.folds[end + 1] in known.oblique:
        return end
    core = _core(line, end + 1, known)
    if core is None:
        return end
    stop = _attributes(line, core[1], core[0], known)
    if stop == len(line) or line.words[stop] in ",.:!?;–" or line.words[stop] == QUOTE:
        return stop
    return end

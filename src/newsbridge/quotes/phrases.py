"""Noun phrases: from „der Leiter des Programms, Klaus Stöhr,“ to the last word that belongs to the mention.

German writes nouns with a capital letter, so a phrase is found by its shape: determiner, adjectives in small letters,
nouns and names, then what hangs on them.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsbridge.quotes.lines import QUOTE, Line
from newsbridge.quotes.participles import ATTRIBUTE, MAX_ADJECTIVES, aged, participial, recently, turned
from newsbridge.quotes.runs import run_of_names
from newsbridge.quotes.traits import (
    ACRONYM,
    BODY,
    CLEAR,
    COMMON,
    DETERMINER,
    ENDINGS,
    FUNCTION,
    GIVEN,
    JOINT,
    LINKS,
    NOUN,
    OPENS,
    PEOPLE,
    PREPOSITION,
    SAYING,
    SMALL,
    TIME,
    VERB,
    VERB_ONLY,
    VERBAL,
)
from newsbridge.quotes.words import Words

LIST = 4  # words; no list with "und" and a comma is shorter


NONE = None, None


@dataclass(slots=True)
class Phrase:
    """The items ``[start, end)`` of a line that name somebody or something; ``head`` is its main noun."""

    start: int
    end: int
    head: int
    case: str  # nominative, oblique, or any where nothing tells
    pronoun: bool = False
    means: Phrase | None = None  # whom it points to in its own sentence: "nach eigenen Angaben"
    listed: bool = False  # several names with commas between them: "Till Falk, Eva Kern und Jan Roth"

    @property
    def subject(self) -> bool:
        """Whether it may be the subject."""
        return self.case != "oblique"

    def until(self, end: int) -> Phrase:
        """Return what of it stands in front of an item."""
        return Phrase(self.start, end, min(self.head, end - 1), self.case)


def first_noun(line: Line, found: Phrase) -> int:
    """Return the first noun or name of a phrase; an article has a capital at the head of a sentence, and is none."""
    start = found.start + (line.traits[found.start] & DETERMINER > 0)
    for at in range(start, found.end):
        if line.capitals[at]:
            return at
    return found.head


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
    both = line.phrases.get(at)
    if both is None:
        both = line.phrases[at] = _phrase(line, at, known)
    return both[apposition]


def _phrase(line: Line, at: int, known: Words) -> tuple[Phrase | None, Phrase | None]:
    """Read the phrase that begins at an item, without the apposition behind it and with it."""
    if at >= len(line.words) or not (line.traits[at] & OPENS or at in line.named):
        return NONE
    if line.pairs[at] is not None:
        name = Phrase(at, at + 1, at, "any")
        return name, name
    core = _core(line, at, known)
    if core is None:
        pronoun = _pronoun(line, at, known)
        if pronoun is not None and pronoun.end > at + 2:
            apposed = _apposition(line, pronoun.end, known, opens=at == 0)  # "Einer der Wirte, Urs Kern, sagte"
            return pronoun, Phrase(at, apposed, pronoun.head, pronoun.case)
        return pronoun, pronoun
    fold, (head, end) = line.folds[at], core
    case = "any"
    if fold in known.nominative:
        case = "nominative"
    elif fold in known.oblique:
        case = "oblique"
    first, end = end, _attributes(line, end, known)
    listed = _listed(line, at, first, end, known)
    if listed > end:
        plain = Phrase(at, listed, head, case, listed=True)
        return plain, plain
    if end < len(line.words) - 1 and line.traits[end] & JOINT:
        more = _core(line, end + 1, known)
        led = at > 0 and line.traits[at - 1] & PREPOSITION  # "laut Forschern und anderen Fachleuten"
        nominative = line.folds[end + 1] not in known.oblique or line.folds[end + 1] in known.nominative
        if more is not None and (nominative or led):
            end = _attributes(line, more[1], known)
    plain = Phrase(at, end, head, case, listed=end > at + LIST and "," in line.words[at:end])
    apposed = _apposition(line, end, known, opens=at == 0)
    return plain, plain if apposed == end else Phrase(at, apposed, head, case)


def _listed(line: Line, at: int, core: int, end: int, known: Words) -> int:
    """Return the end of a list of names that begins with ``[at, core)``: "Till Falk, Eva Kern und Jan Roth"."""
    words, stop = line.words, end
    kind = _member(line, at, core) if end < len(words) and words[end] == "," else 0
    while kind:
        more = _core(line, stop + 1, known) if stop + 1 < len(words) else None
        if more is None or not kind & _member(line, stop + 1, more[1]):
            return end
        joint, stop = stop > end and line.traits[stop] & JOINT, _attributes(line, more[1], known)
        if joint:
            return stop
        if stop >= len(words) or not (words[stop] == "," or line.traits[stop] & JOINT):
            return end
    return end


def _member(line: Line, start: int, end: int) -> int:
    """Say of what list a name without an article may be part: 1 of people in full, 2 of bodies, 0 of none."""
    named = end - start > 1 and line.capitals[end - 1] and line.traits[end - 2] & GIVEN
    if named and not line.traits[end - 1] & (FUNCTION | TIME):
        return 1
    return 2 * (line.traits[end - 1] & (BODY | ACRONYM) > 0)


def enumerations(line: Line, known: Words) -> frozenset[int]:
    """Return the commas between the names of a list: they divide no clauses."""
    if not line.every & JOINT or not any(_between_names(line, at) for at in range(1, len(line.words) - 1)):
        return frozenset()
    found: set[int] = set()
    at = 0
    while at < len(line.words):
        each = phrase(line, at, known, apposition=False) if line.traits[at] & OPENS else None
        if each is None:
            at += 1
            continue
        found.update(inner for inner in range(each.start, each.end) if line.words[inner] == ",")
        at = each.end
    return frozenset(found)


def _between_names(line: Line, at: int) -> bool:
    """Say whether a comma stands between two words that may be names of one list."""
    if line.words[at] != "," or not line.capitals[at + 1]:
        return False
    return line.traits[at + 1] & (GIVEN | BODY | ACRONYM | FUNCTION) > 0


def _pronoun(line: Line, at: int, known: Words) -> Phrase | None:
    """Read "er", "eine der Forscherinnen", "zwei der Männer"."""
    fold = line.folds[at]
    pronoun = fold in known.pronouns
    if at == 0 and len(line.words) > 1 and fold in known.demonstrative and line.traits[1] & CLEAR:
        return Phrase(at, at + 1, at, "nominative", pronoun=True)  # "Der versprach, …"
    behind = at + 1
    if line.traits[at] & DETERMINER and behind < len(line.words) and line.pairs[behind] is not None:
        return None  # "als eine «Herausforderung»"
    if line.traits[at] & DETERMINER and behind < len(line.words) and line.folds[behind] in known.ones:
        following = line.traits[behind + 1] if behind + 1 < len(line.words) else 0
        if not following & OPENS or following & VERBAL:
            case = "oblique" if fold in known.oblique and fold not in known.nominative else "any"
            return Phrase(at, behind + 1, behind, case)  # "ein anderer", "ein dritter"
    if not (pronoun or fold in known.several) or line.words[at].isdigit():
        return None
    several = fold not in known.male | known.either | known.it  # but "sagte sie der Agentur"
    if several and at + 1 < len(line.words) and line.folds[at + 1] in known.genitive:
        among = _core(line, at + 1, known)
        if among is not None:
            return Phrase(at, _attributes(line, among[1], known), among[0], "nominative")
    return Phrase(at, at + 1, at, "nominative", pronoun=True) if pronoun else None


def _core(line: Line, at: int, known: Words) -> tuple[int, int] | None:
    """Read determiner, adjectives, nouns and names; return the head and the end, or None."""
    words, capitals, named = line.words, line.capitals, line.named
    determined = bool(line.traits[at] & DETERMINER)
    index = at + determined
    if determined and index < len(words) and words[index][0].isdigit() and line.folds[index].endswith(known.aged):
        behind = words[index + 1] if index + 1 < len(words) else ""
        if not capitals[index] and not behind[:1].isupper() and not behind.endswith(ENDINGS):
            return index, index + 1  # "Der 28-jährige aus Bern"
    if (
        determined
        and index + 2 < len(words)
        and line.folds[index + 1] in known.ages
        and words[index + 2].endswith(ENDINGS)
    ):
        index += 2  # "der 48 Jahre alte Kroate"
    limit = min(len(words), index + MAX_ADJECTIVES)
    while index < limit and not ((capitals[index] or index in named) and _nominal(line, index, known)):
        word = words[index]
        if word[0].isdigit() and aged(line, index):
            index += 1
            continue
        if determined and index == at + 1 and line.traits[index] & VERB_ONLY:
            return None  # "Diese gab vorsichtig Entwarnung"
        if index == at + 1 and line.folds[at] in known.pronouns and line.folds[index] in known.genitive:
            return None  # "Einer der bekanntesten Architekten"
        if word.isdigit() or word == ".":
            if word == "." and not words[index - 1].isdigit():
                return None
        elif not (not word[0].isupper() and (word.endswith(ENDINGS) or (determined and word.isalpha()))):
            return None
        elif not determined and (
            (index > at and not _strong(line, at, index))
            or turned(line, index, known)
            or line.folds[index] in known.placeless
            or line.folds[index] in known.sayings
        ):
            return None
        elif line.folds[index] in known.unattributive:
            if determined and index + 1 < len(words) and line.folds[index + 1].endswith(known.aged):
                index += 1
                continue  # "der heute 84-Jährige"
            if determined and recently(line, at, index):
                index += 1
                continue
            inner = participial(line, index, known) if determined else None
            if inner is None:
                return None
            index, limit = inner, max(limit, inner + 1)
            break
        index += 1
    if index >= limit or not _nominal(line, index, known):
        return None
    if not determined and line.folds[index] in known.nameless:
        return None
    end = run_of_names(line, index, known)
    head = end - 1
    while head > index and line.pairs[head] is not None:
        head -= 1
    return head, end


def _strong(line: Line, at: int, index: int) -> bool:
    """Say whether a second adjective follows one that shows the case: "laut nationalem statistischen Institut"."""
    led = at > 0 and line.traits[at - 1] & PREPOSITION and index == at + 1
    return bool(led and line.words[at].endswith(("em", "er", "en")) and line.words[index].endswith("en"))


def _nominal(line: Line, index: int, known: Words) -> bool:
    """Say whether an item is a noun or name: a capital letter that is not there because a sentence begins."""
    if index in line.named:
        return index > 0 and line.traits[index - 1] & DETERMINER > 0
    if not line.capitals[index] or (line.words[index][0].isdigit() and aged(line, index)):
        return False
    if index == 0 and line.traits[0] & VERB and line.folds[0].endswith("t"):
        return False  # "Gefragt nach dem Grund, sagte sie"
    starter = line.folds[index] in known.starters
    return not (starter and (index == 0 or not line.words[index - 1][0].isalnum()))


def _attributes(line: Line, end: int, known: Words) -> int:
    """Return where the genitives and prepositional attributes behind a noun end."""
    words, folds, traits, capitals = line.words, line.folds, line.traits, line.capitals
    if end >= len(words) or not traits[end] & LINKS:
        return end
    last = folds[end - 1]
    run = end - 2 >= 0 and capitals[end - 2] and capitals[end - 1] and not traits[end - 2] & SMALL
    named = (
        last in known.given
        or last in line.names
        or last.endswith(known.aged)
        or (run and last not in known.roles and last not in known.organs)
    )
    alone = (
        end >= 2 and not traits[end - 1] & (COMMON | FUNCTION | BODY | PEOPLE) and traits[end - 2] & (SAYING | VERB) > 0
    )
    for _ in range(4):
        if end >= len(words) or not traits[end] & LINKS:
            break
        fold = folds[end]
        if line.words[end] == "(":
            closing = next((i for i in range(end, min(len(line.words), end + 8)) if line.words[i] == ")"), None)
            if closing is None or any(line.pairs[at] is not None for at in range(end, closing)):
                break
            end = closing + 1
            continue
        if fold in known.genitive and not (named and fold == "der"):
            more = _core(line, end, known)
            tells = last.endswith(known.tellers) or (alone and fold == "der")
            if more is not None and tells and _medium(line, more[0], known):
                break  # "sagte die Ministerin der «Rheinischen Post»", "teilte Brandt der Post mit"
        elif fold in (known.joins_name if named else known.joins_noun) and end + 1 < len(line.words):
            if not named and fold not in known.joins_name and not line.traits[end - 1] & (FUNCTION | BODY):
                break
            if line.traits[end + 1] & TIME or line.folds[end + 1] in known.possessive:
                break  # "nach Ansicht von Historikern in seinem späteren Kampf"
            if fold in known.addressing and line.folds[end + 1] in known.she_subjects | known.it_articles:
                break  # "eine Auskunft des Amtes an die Abgeordnete Kühn"
            if fold in known.vaguely and line.folds[end + 1] in known.vague:
                break  # "laut den Behörden in einem Schuppen"
            more = _core(line, end + 1, known)
            if more is not None and any(trait & TIME for trait in line.traits[end + 1 : more[1]]):
                break
            within = fold in known.leading_places | known.contracted and fold not in known.joins_name
            if more is not None and within and line.traits[more[0]] & NOUN:
                break  # "teilte die Klinik in einer Erklärung mit", but "eine Stelle aus dem Bericht"
        else:
            break
        if more is None:
            break
        end = _listed(line, end + 1, more[1], more[1], known) if fold in known.of else more[1]
    return end


def _medium(line: Line, head: int, known: Words) -> bool:
    """Say whether a noun names a medium: whoever speaks may speak to it."""
    marked = head in line.named or (head + 1 < len(line.words) and head + 1 in line.named)
    return marked or known.medium(line.folds[head])


def _apposition(line: Line, end: int, known: Words, *, opens: bool) -> int:
    """Return the end with ", der armenische Präsident Nikol Paschinjan", if such a thing stands there.

    A comma closes it, or, where it has no determiner and its phrase ``opens`` the sentence, a verb of saying: "Rita
    Kunz, Leiterin des Instituts sagte".
    """
    if end + 1 >= len(line.words) or line.words[end] != ",":
        return end
    if line.folds[end + 1] in known.oblique or line.folds[end + 1] in known.relative_only:
        return end
    core = _core(line, end + 1, known)
    if core is None:
        return end
    stop = _attributes(line, core[1], known)
    if stop + 1 < len(line.words) and line.traits[stop] & JOINT:  # ", Leiter des Amts und Präsident des Vereins,"
        more = _core(line, stop + 1, known)
        if more is not None and line.traits[core[0]] & line.traits[more[0]] & FUNCTION:
            stop = _attributes(line, more[1], known)
    if stop == len(line.words) or line.words[stop] in ",.:!?;–" or line.words[stop] == QUOTE:
        return stop
    led = line.folds[end + 1] in known.nominative and line.traits[core[0]] & FUNCTION
    if opens and (led or line.traits[end + 1] & FUNCTION):
        for at in range(stop, min(len(line.words), stop + ATTRIBUTE)):
            if line.traits[at] & CLEAR and not line.capitals[at]:
                return at if line.traits[at] & SAYING else end
            if line.words[at] in ",:;–":
                break
    return end

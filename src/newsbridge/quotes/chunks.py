"""Chunks: what stands between two commas, and how it is built; clauses are put together from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress, count

from newsbridge.quotes.lines import QUOTE, Line
from newsbridge.quotes.participles import attributive
from newsbridge.quotes.phrases import enumerations, phrase
from newsbridge.quotes.traits import (
    AUXILIARY,
    CLEAR,
    DETERMINER,
    FINITE,
    JOINT,
    MODAL,
    MOOD,
    PERSONAL,
    PREPOSITION,
    SAYING,
    SMALL,
    TIME,
    VERB_ONLY,
    VERBAL,
    ZU,
)
from newsbridge.quotes.words import Words

LONG = 32  # code points; a pair of marks longer than that is an utterance, not a name
COMMAS = frozenset(",;:–—()[]")
WALLS = COMMAS | {QUOTE}
GLUED = "glued"  # the mark of a chunk that is an utterance behind other words
ZU_MIN = 7  # letters: "vorzulegen", not "zuchen"


class ClauseKind(StrEnum):
    """How a clause is built."""

    MAIN = "main"  # its finite verb stands second or first
    SUBORDINATE = "subordinate"  # a conjunction or a question word opens it, the verb ends it
    RELATIVE = "relative"
    INFINITIVE = "infinitive"  # with "zu"
    ASIDE = "aside"  # in brackets or between dashes


@dataclass(slots=True)
class Chunk:
    """What stands between two marks."""

    start: int
    end: int
    mark: str  # the one in front


@dataclass(slots=True, eq=False)
class Clause:
    """The items of one clause in reading order; ``start`` and ``end`` enclose them and all they enclose."""

    kind: ClauseKind
    start: int
    end: int
    items: list[int] = field(default_factory=list)
    inverted: bool = False  # begins with its verb, behind a comma: "…, sagte er"
    wall: str = ""  # the mark in front of it
    verb: int = -1  # the item of its finite verb where the division saw it, else -1
    before: Clause | None = None  # the clause it is joined to by "und", with whose subject it goes on if it has none


def utters(line: Line, at: int, known: Words) -> bool:
    """Say whether an item is an utterance in marks: too long for a name, behind a colon, or in front of a frame."""
    pair = line.pairs[at]
    if pair is None:
        return False
    if (len(pair.whole) > LONG and not _led(line, at, known)) or (at and line.words[at - 1] == ":"):
        return True
    following = at + 1
    if following < len(line.words) and line.words[following] == ",":
        following += 1
    elif at > 0 or (at in line.named and not _spoken_by(line, following, known)):
        return False
    if following >= len(line.words):
        return False
    return line.traits[following] & SAYING > 0 and not line.capitals[following]


def _led(line: Line, at: int, known: Words) -> bool:
    """Say whether a word in front asks for a noun, which the marks hold: "eine «…»", "mit der «…»"."""
    return at > 0 and (line.folds[at - 1] in known.articles or line.folds[at - 1] in known.prepositions)


def _spoken_by(line: Line, verb: int, known: Words) -> bool:
    """Say whether somebody is named behind a verb, so that marks in front of it hold words: "«Nein» sagte Kühn"."""
    found = phrase(line, verb + 1, known, apposition=False) if verb + 1 < len(line.words) else None
    return found is not None and found.subject


def chunks_of(line: Line, known: Words) -> Iterator[Chunk]:
    """Yield what stands between commas and their like; an utterance in marks is a chunk of its own."""
    start, mark = 0, ""
    listed = enumerations(line, known)
    for at in compress(count(), map(WALLS.__contains__, line.words)):
        if at in listed:
            continue
        word = line.words[at]
        if word != QUOTE:
            if start < at:
                yield Chunk(start, at, mark)
            start, mark = at + 1, word
        elif utters(line, at, known):
            if start < at:
                yield Chunk(start, at, mark)
            yield Chunk(at, at + 1, mark if at == start else GLUED)
            start, mark = at + 1, QUOTE
    end = len(line.words)
    while end > start and line.words[end - 1] in ".!?…":
        end -= 1
    if start < end:
        yield Chunk(start, end, mark)


def first_word(line: Line, chunk: Chunk, known: Words) -> int:
    """Return the first item behind "und", "aber" and the like, and behind the "so" of "so berichtete Kühn"."""
    at = chunk.start
    if line.folds[at] in known.so and at + 1 < chunk.end and line.traits[at + 1] & SAYING:
        return at + 1
    while at + 1 < chunk.end and line.folds[at] in known.openers:
        at += 1
    return at


def kind_of(line: Line, chunk: Chunk, known: Words) -> ClauseKind | None:
    """Say how a chunk is built, None for a noun phrase alone."""
    at, end = first_word(line, chunk, known), chunk.end
    fold = line.folds[at]
    if chunk.mark == "," and _comments(line, at, end, known):
        return ClauseKind.MAIN
    if at + 1 < end and line.words[at + 1][0].isdigit() and line.folds[at] in known.dates:
        return None  # "am Montag, dem 19. Mai, …"
    if end - at == 1 and chunk.mark == "," and fold in known.relative:
        return ClauseKind.RELATIVE  # ", der, wie Kühn sagte, …"
    if fold in known.comparing:
        marked = at + 1 < end and line.pairs[at + 1] is not None
        if marked and (at + 2 >= end or not ends_in_verb(line, end)):
            return None  # "…, als «übertrieben» und «falsch»"
        alone = phrase(line, at + 1, known, apposition=False)
        if alone is not None and alone.end >= end and chunk.mark != "":
            return None
        last = chunk.mark == "," and line.traits[end - 1] & FINITE and not line.capitals[end - 1]
        if alone is not None and alone.end < end - 1 and line.traits[alone.end] & CLEAR and not last:
            return ClauseKind.MAIN  # "Als Begründung sagte sie", but "…, wie Kühn behaupten konnte"
        return ClauseKind.SUBORDINATE
    if fold in known.subordinating and not (at == 0 and end > 2 and line.traits[1] & CLEAR):
        taken_up = (
            fold in known.taking_up and at + 1 < end and line.traits[at + 1] & SAYING and not line.capitals[at + 1]
        )
        if not taken_up or ends_in_verb(line, end):
            return ClauseKind.SUBORDINATE  # but "Damit wird …", "…, damit rechnet Kühn"
    if fold in known.since and ends_in_verb(line, end) and not (end > at + 2 and line.traits[at + 1] & VERBAL):
        return ClauseKind.SUBORDINATE
    lapse = fold in known.so or fold in known.lapsing or line.traits[at] & TIME  # "kurz nachdem", "Stunden nachdem"
    if lapse and at + 1 < end and line.folds[at + 1] in known.subordinating:
        return ClauseKind.SUBORDINATE
    if fold in known.asking and end - at > 1 and (chunk.mark != "" or ends_in_verb(line, end)):
        return ClauseKind.SUBORDINATE
    if chunk.mark == "," and fold in known.relative_only and ends_in_verb(line, end):
        return ClauseKind.RELATIVE
    if (
        chunk.mark == ","
        and fold in known.relative
        and fold not in known.nominative
        and _led_by(line, at + 1, end, known)
    ):
        return ClauseKind.RELATIVE  # ", den der Leiter, Urs Kern, «…» genannt hatte"
    found = phrase(line, at, known, apposition=False)
    if found is not None and not found.pronoun and (found.end >= end or _verbless(line, found.end, end)):
        return None
    if chunk.mark == "," and line.traits[at] & DETERMINER and _adjectival(line, at + 1, end):
        return None  # ", die jüngste in einer Reihe von Entscheidungen, "
    if _second(line, at, end, known):
        return ClauseKind.MAIN
    if (
        line.traits[at] & SAYING
        and not line.capitals[at]
        and at + 1 < end
        and line.folds[at + 1] in known.only_subjects
    ):
        return ClauseKind.MAIN  # "erklärte er ohne ins Detail zu gehen"
    if chunk.mark == "," and line.traits[at] & VERB_ONLY and not line.capitals[at] and at + 1 < end:
        return ClauseKind.MAIN  # "…, gab aber zu bedenken"
    if fold in known.infinitive or (line.every & ZU and _zu_last(line, at, end, known)):
        return ClauseKind.INFINITIVE
    if chunk.mark == ",":
        relative = at + 1 if fold in known.prepositions and at + 1 < end else at
        if relative == at and at + 2 < end and line.traits[at + 1] & FINITE and not line.capitals[at + 1]:
            return ClauseKind.MAIN  # "…, das sei gerecht"
        if line.folds[relative] in known.relative and ends_in_verb(line, end):
            inner = phrase(line, relative, known, apposition=False)
            is_one = line.folds[end - 1] in known.states  # ", der zuvor Minister war"
            if inner is None or inner.pronoun or inner.end < end - 1 or relative > at or is_one:
                return ClauseKind.RELATIVE
    return ClauseKind.INFINITIVE if line.every & ZU and zu(line, at, end) else ClauseKind.MAIN


def _verbless(line: Line, at: int, end: int) -> bool:
    """Say whether nothing but prepositional phrases follows a noun phrase: ", Sprecher des Amts in Bern, "."""
    if not line.traits[at] & PREPOSITION or line.capitals[at]:
        return False
    return not any(line.traits[each] & (CLEAR | VERBAL | ZU) and not line.capitals[each] for each in range(at, end))


def _adjectival(line: Line, at: int, end: int) -> bool:
    """Say whether an adjective without a noun stands at an item, and but prepositional phrases behind it."""
    if at + 1 >= end or line.capitals[at] or not line.words[at].endswith(("e", "en")):
        return False
    return _verbless(line, at + 1, end)


def _led_by(line: Line, at: int, end: int, known: Words) -> bool:
    """Say whether an item begins a subject with its article."""
    return (
        at < end and line.traits[at] & DETERMINER > 0 and line.folds[at] in known.nominative and not line.capitals[at]
    )


def _comments(line: Line, at: int, end: int, known: Words) -> bool:
    """Say whether a verb and a name stand behind an utterance, no adjective and a noun: "«…», urteilte Kühn"."""
    if at < 2 or at + 1 >= end or line.capitals[at] or not line.traits[at] & VERBAL or not line.capitals[at + 1]:
        return False
    return line.pairs[at - 2] is not None and utters(line, at - 2, known)


def _second(line: Line, at: int, end: int, known: Words) -> bool:
    """Say whether a finite verb stands second: behind a noun phrase, or behind a prepositional one."""
    inner = at + 1 if line.folds[at] in known.prepositions else at
    found = phrase(line, inner, known, apposition=False)
    if found is None or found.end >= end - 1 or line.capitals[found.end]:
        return False
    if line.folds[found.end].endswith("en") and line.folds[found.end + 1] == "zu":
        return False  # "…, die Frau halten zu können"
    if line.traits[found.end] & PREPOSITION and inner == at:
        where = phrase(line, found.end + 1, known, apposition=False)
        behind = where.end if where is not None else found.end + 1
        return behind < end - 1 and line.traits[behind] & MOOD > 0  # "…, die Praxis in Bern bleibe offen"
    return line.traits[found.end] & CLEAR > 0


def finite_verb(line: Line, chunk: Chunk, known: Words) -> int | None:
    """Return where the finite verb of a main clause stands, as far as its words tell."""
    at, end = first_word(line, chunk, known), chunk.end
    traits, capitals = line.traits, line.capitals
    if chunk.mark == "," and _opens_with_verb(line, at, end, known):
        return at
    for index in range(at, end):
        owns = traits[index] & DETERMINER and index + 1 < end and capitals[index + 1]  # "sein Schwager"
        if traits[index] & CLEAR and not capitals[index] and not owns and not attributive(line, index):
            joined = index > at + 2 and traits[index - 1] & JOINT
            first = phrase(line, at, known, apposition=False) if joined else None
            if first is not None and first.end < index - 1 and traits[first.end] & VERBAL and not capitals[first.end]:
                return first.end  # "Die Ämter prüfen den Fall und warnen …"
            return index
    if _behind_words(line, chunk, at, known):
        return at
    led = line.folds[at] in known.prepositions and at + 1 < end  # "Im letzten Satz": no verb stands before its end
    found = phrase(line, at + led, known, apposition=False)
    second = found.end if found is not None else at
    if led and found is None:  # "Seit Mai 1998 vertritt …"
        second = at + 1
        while second < end - 1 and (capitals[second] or line.words[second].isdigit() or _hangs(line, second, known)):
            second += 1
    for index in dict.fromkeys((second, second + 1) if led and found is not None else (at, second, second + 1)):
        if index < end and traits[index] & VERBAL and not capitals[index]:
            return index
    if line.folds[at] in known.pointing_back and at + 2 < end and traits[at + 2] & VERBAL and not capitals[at + 2]:
        return at + 2  # "Das allein hilft nicht"
    return None


def _hangs(line: Line, at: int, known: Words) -> bool:
    """Say whether the article of a genitive stands at an item: "Am Ende des Jahres fallen …"."""
    return line.folds[at] in known.genitive and line.capitals[at - 1] and line.capitals[at + 1]


def _opens_with_verb(line: Line, at: int, end: int, known: Words) -> bool:
    """Say whether a verb of any form begins a chunk: no adjective stands before "die" or "sich"."""
    if at + 1 >= end or line.capitals[at] or line.traits[at] & (SMALL | PREPOSITION | DETERMINER | CLEAR):
        return False
    following = line.folds[at + 1] in known.never_adjectives
    following = following or (line.traits[at + 1] & PREPOSITION > 0 and line.words[at].endswith("te"))
    return following and line.traits[at] & VERBAL > 0 and line.words[at].endswith(("te", "ten", "t"))


def _behind_words(line: Line, chunk: Chunk, at: int, known: Words) -> bool:
    """Say whether a verb of any form begins a chunk behind words in marks: "«…», nahm er die Spieler in Schutz"."""
    if chunk.mark != "," or at < 2 or line.pairs[at - 2] is None or at + 1 >= chunk.end:
        return False
    if line.capitals[at] or not line.words[at].isalpha() or line.traits[at] & (SMALL | PREPOSITION):
        return False
    following = line.folds[at + 1]
    if following in known.only_subjects or following in known.either:
        found = phrase(line, at + 1, known, apposition=False)
        if found is None or found.pronoun:
            return found is not None
    found = phrase(line, at + 1, known, apposition=False)
    return found is not None and found.subject and line.traits[found.head] & PERSONAL > 0


def zu(line: Line, start: int, end: int) -> bool:
    """Say whether an infinitive with "zu" stands near the end of ``[start, end)``."""
    for at in range(max(start, end - 4), end):
        word = line.folds[at]
        if word == "zu" and at + 1 < end and line.folds[at + 1].endswith("n") and not line.capitals[at + 1]:
            return True
        if len(word) > ZU_MIN and "zu" in word[2:-3] and word.endswith(("en", "eln", "ern")) and not line.capitals[at]:
            return True
    return False


def _zu_last(line: Line, start: int, end: int, known: Words) -> bool:
    """Say whether ``[start, end)`` ends with an infinitive with "zu", not with the verb of a relative clause."""
    last = line.folds[end - 1]
    if line.capitals[end - 1] or last in known.datives:
        return False  # "Ilse zu Rantzau"
    if end - start < 2:
        return False
    if line.folds[end - 2] == "zu":
        return last.endswith("n") or line.pairs[end - 1] is not None  # "die Leitung zu «kappen»"
    return "zu" in last[2:-3] and zu(line, end - 1, end)


def ends_in_verb(line: Line, end: int) -> bool:
    """Say whether the item in front of ``end`` may be the finite verb of a subordinate clause."""
    return line.traits[end - 1] & (SAYING | VERBAL) > 0 and not line.capitals[end - 1]


def utterance(line: Line, chunk: Chunk) -> bool:
    """Say whether a chunk is an utterance in marks."""
    return chunk.end - chunk.start == 1 and line.pairs[chunk.start] is not None


def waits(line: Line, clause: Clause, chunk: Chunk, known: Words, *, resumed: bool = False) -> bool:
    """Say whether a clause goes on in a chunk: a subordinate one without its verb, any one with words in marks.

    ``resumed`` says that another clause stood in between: "dass die Politik, die …, der Wirtschaft schadet".
    """
    if chunk.mark == GLUED:
        return True
    first = chunk.start
    if chunk.mark == QUOTE:
        if len(clause.items) == 1:
            return False
        verb_last = clause.kind in (ClauseKind.SUBORDINATE, ClauseKind.RELATIVE)
        if verb_last:
            return not ends_in_verb(line, clause.items[-1] + 1)
        return line.capitals[first] or not line.traits[first] & VERBAL
    if clause.kind not in (ClauseKind.SUBORDINATE, ClauseKind.RELATIVE) or chunk.mark != ",":
        return False
    if ends_in_verb(line, clause.items[-1] + 1):
        return False
    opener = line.folds[first_word(line, chunk, known)]
    if opener in known.clausal_openers and not (resumed and opener in known.determiners):
        return False
    if not resumed and _relates(line, chunk, known):
        return False
    return ends_in_verb(line, chunk.end) or (resumed and _compares(line, chunk, known))


def _relates(line: Line, chunk: Chunk, known: Words) -> bool:
    """Say whether a chunk begins with a preposition and a relative pronoun: ", mit dem gegen Kühn ermittelt wird"."""
    at = chunk.start + 1
    if at >= chunk.end or line.folds[chunk.start] not in known.prepositions or line.folds[at] not in known.relative:
        return False
    inner = phrase(line, at, known, apposition=False)
    return (inner is None or inner.pronoun) and line.capitals[chunk.start - 2]


def _compares(line: Line, chunk: Chunk, known: Words) -> bool:
    """Say whether what follows the verb of a chunk is a comparison: ", das Risiko höher lag als in der Stadt"."""
    return any(line.folds[at] in known.comparing and ends_in_verb(line, at) for at in range(chunk.start + 1, chunk.end))


def is_open(line: Line, clause: Clause) -> bool:
    """Say whether a clause waits for the participle or infinitive of its finite verb."""
    return any(line.traits[at] & (AUXILIARY | MODAL) for at in clause.items)

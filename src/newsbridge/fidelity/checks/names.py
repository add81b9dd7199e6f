"""Names: every person and place of the source in the target, as English writes it, and not taken for a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair, inside
from newsbridge.fidelity.spellings import exonyms, same
from newsbridge.languages import Language
from newsbridge.quotes.words import Words, words
from newsbridge.spans import Span

WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
INITIALS = 3  # letters of a word that is looked for as a whole
JOINTS = re.compile("[’'-]")  # the UK's, US-led
BESIDE = 2  # words to each side
FACED = 0.5  # weight of the target word that stands where the name should
FAINT = 0.3  # the same behind a first name, where a noun is likely


@dataclass(frozen=True, slots=True)
class Name:
    """One word of a name, where it stands, and what English may call it."""

    word: str
    span: Span
    english: tuple[str, ...] = ()
    given: str = ""  # the first name before it
    second: bool = False  # which another first name stands before, so that it may be the family name itself
    joined: str = ""  # with the word behind it, as it may be written together: "Mac Kenna"


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for each name that the target does not have."""
    there = WORD.findall(pair.target)
    for name in names(pair.text, pair.source_language):
        if stands(name, there) or not _person(name, there) or (name.given and pair.titled(name.span)):
            continue
        facing = _facing(pair, name.span, FAINT if name.given else FACED)
        if facing is not None and facing.of(pair.target)[:1].islower():
            if name.second or not _beside(pair, name, facing):
                continue
            message = f"The name {name.word} was taken for a word: {facing.of(pair.target)}."
            yield pair.finding(FindingKind.NAME_TRANSLATED, Severity.WARNING, message, name.span, facing)
        else:
            instead = f"; {facing.of(pair.target)} stands there" if facing is not None else ""
            message = f"The English lacks the name {name.word}{instead}."
            yield pair.finding(FindingKind.NAME_LOST, Severity.WARNING, message, name.span, facing)


def _person(name: Name, there: list[str]) -> bool:
    """Say whether the first name is none: it stands in the target in small letters only ("Jade", a stone)."""
    low = [word for word in there if word.casefold() == name.given.casefold()]
    return not low or any(word[0].isupper() for word in low)


def _beside(pair: Pair, name: Name, facing: Span) -> bool:
    """Say whether a word stands next to the first name, as one does that was taken for the family name.

    "Peter the tailor", but not "Eva wanted to buy tools" for "wollte Eva Werkzeug kaufen".
    """
    if not name.given:
        return True
    matches = list(WORD.finditer(pair.target))
    at = next((at for at, match in enumerate(matches) if match.start() >= facing.start), len(matches))
    near = [match.group() for match in matches[max(0, at - BESIDE) : at + BESIDE]]
    return stands(Name(name.given, name.span), near) or not stands(
        Name(name.given, name.span), WORD.findall(pair.target)
    )


def stands(name: Name, there: list[str]) -> bool:
    """Say whether a name is among the words of a target text, in whatever spelling."""
    if name.english:
        low = f" {JOINTS.sub(' ', ' '.join(there)).casefold()} "
        return name.word in there or any(_begun(each, low) for each in name.english)
    bare = name.word.rstrip("’'")
    forms = {bare, bare.removesuffix("s"), *bare.split("-")[:1]} if len(bare) > 3 else {bare}
    if name.joined:
        forms.add(name.joined)
    for word in there:
        parts = {word, *re.split("[-’']", word)}
        if any(same(form, part) for form in forms for part in parts if part):
            return True
    return False


def _begun(beginning: str, low: str) -> bool:
    """Say whether a word of a text begins so ("swed": Sweden, Swedish), or is so if that is short ("eu", "us")."""
    return f" {beginning}{'' if len(beginning) > INITIALS else ' '}" in low


def names(text: str, language: Language) -> Iterator[Name]:
    """Yield the words that are names beyond doubt: behind a first name or a title, and places with an English name.

    A family name that could be a common noun counts only behind a first name or "Herr", "Frau" and the like.
    """
    known, places = words(language), exonyms(language)
    table = language.table("fidelity")
    abstract = tuple(table["abstract_endings"].split())
    nouns, bound = frozenset(table["no_names"].split()), frozenset(table["bound"].split())
    matches = list(WORD.finditer(text))
    for number, match in enumerate(matches):
        word = match.group()
        if not word[0].isupper():
            continue
        low = word.casefold()
        if low in places:
            yield Name(word, Span(*match.span()), places[low])
            continue
        if low.endswith("s") and low[:-1] in places and len(low) > 4:
            yield Name(word, Span(*match.span()), places[low[:-1]])
            continue
        before = _before(text, matches, number, known, bound)
        if (
            before
            and not word.isupper()
            and len(word) > 2
            and not known.function(low)
            and low not in known.nameless | nouns
            and not low.endswith(abstract)
        ):
            behind = matches[number + 1].group() if number + 1 < len(matches) else ""
            joined = word + behind if behind[:1].isupper() else ""
            yield Name(word, Span(*match.span()), (), before, _second(matches, number, known), joined)


def _before(text: str, matches: list[re.Match[str]], number: int, known: Words, bound: frozenset[str]) -> str:
    """Return the first name that stands right before a word, maybe with a second one or a particle between."""
    at = number - 1
    while at >= 0 and number - at <= 3:
        between = text[matches[at].end() : matches[at + 1].start()]
        if between.strip():
            return ""
        low = matches[at].group().casefold()
        if matches[at].group()[0].isupper() and low in known.given:
            return matches[at].group()
        if low not in known.particles or (low in bound and number - at == 1 and not _noble(matches, at)):
            return ""
        at -= 1
    return ""


def _second(matches: list[re.Match[str]], number: int, known: Words) -> bool:
    """Say whether two first names stand before a word."""
    before = [match.group() for match in matches[max(0, number - 2) : number]]
    return len(before) == 2 and all(word[0].isupper() and word.casefold() in known.given for word in before)


def _noble(matches: list[re.Match[str]], at: int) -> bool:
    """Say whether an article belongs to a name: "van den Berg", but not "Gabriel den Zeitungen"."""
    return at > 0 and matches[at - 1].group().casefold() in ("van", "von")


def _facing(pair: Pair, span: Span, least: float) -> Span | None:
    """Return the target word that faces a stretch of the source, without its stops."""
    alignment = pair.alignment
    if alignment is None:
        return None
    columns = inside(pair.text, alignment.source, span)
    best = max(((alignment.weights[t, s], t) for s in columns for t in range(len(alignment.target))), default=(0.0, 0))
    if best[0] < least:
        return None
    return alignment.target[best[1]].strip(pair.target, "«»„“”\"'‘’.,;:!?()")

"""What the summary knows about its two languages, compiled from their files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newsbridge.languages import Language

WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_SIMPLE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "é": "e", "è": "e", "ê": "e", "à": "a", "ç": "c", "ñ": "n"})


def simple(word: str) -> str:
    """Write a word as it is compared: small letters, ß as ss, no dots and accents.

    Example:
        >>> simple("Größe"), simple("Grösse")
        ('grosse', 'grosse')
    """
    return word.casefold().translate(_SIMPLE)


@dataclass(frozen=True, eq=False)
class Rules:
    """The source language, from its table ``[summary]``; every word as :func:`simple` writes it."""

    stopwords: frozenset[str]
    endings: tuple[str, ...]
    pronouns: frozenset[str]
    connectives: frozenset[str]
    standing: tuple[str, ...]
    articles: frozenset[str]
    persons: frozenset[str]
    others: frozenset[str]
    impersonal: frozenset[str]

    def stem(self, word: str) -> str:
        """Take the ending off a word that was written by :func:`simple`."""
        for ending in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                return word[: -len(ending)]
        return word

    def terms(self, text: str) -> list[str]:
        """Return the stems of the words that say what a text is about, in order, repeated as they are."""
        words = (simple(found.group()) for found in WORD.finditer(text))
        return [self.stem(word) for word in words if word not in self.stopwords and len(word) > 1]

    def leans(self, text: str, *, on_names: bool = False) -> bool:
        """Say whether a sentence begins with a word that points back to the sentence before it.

        Args:
            text: The sentence.
            on_names: Only a word that stands for somebody or something counts ("Er", "Dies"), not one that merely
                goes on ("Doch", "Zudem").

        Example:
            >>> from newsbridge import languages
            >>> rules = compile_rules(languages.load("de"))
            >>> rules.leans("Er baut."), rules.leans("Doch das Wehr hielt."), rules.leans("Das Wehr hielt.")
            (True, True, False)
        """
        words = [each.group() for each, _ in zip(WORD.finditer(text[:200]), range(4), strict=False)]
        first = simple(words[0]) if words else ""
        if first not in self.pronouns and (on_names or first not in self.connectives):
            return False
        opening = " ".join(map(simple, words)) + " "
        if any(opening.startswith(f"{each} ") for each in self.standing):
            return False
        return not (first in self.articles and self._noun_follows(words[1:]))

    def _noun_follows(self, words: list[str]) -> bool:
        """Say whether a noun follows, behind adjectives: "Das [alte Wehr]", not "Das [wurde Moser] zu viel"."""
        for word in words:
            if word[0].isupper():
                return True
            if simple(word) in self.stopwords or not word.endswith(("e", "en", "er", "es")) or word.endswith("hte"):
                return False
        return False

    def goes_on(self, text: str) -> bool:
        """Say whether a connective, or a pronoun, stands near the beginning: "Im Norden hatte er aber …"."""
        words = ["", *(simple(each.group()) for each, _ in zip(WORD.finditer(text[:200]), range(7), strict=False)), ""]
        return any(
            word in self.connectives or (word in self.others and not self.impersonal & {before, after})
            for before, word, after in list(zip(words, words[1:], words[2:], strict=False))[1:6]
        )


@dataclass(frozen=True, eq=False)
class Frames:
    """The target language, from its table ``[summary]``: how it shows that somebody else says something."""

    reporting: frozenset[str]
    hearsay: re.Pattern[str]

    def reports(self, text: str) -> bool:
        """Say whether a word of saying stands in the text."""
        return any(found.group().casefold() in self.reporting for found in WORD.finditer(text))

    def doubts(self, text: str) -> bool:
        """Say whether the text shows that it is hearsay."""
        return self.hearsay.search(text) is not None


@cache
def compile_rules(language: Language) -> Rules:
    """Compile the table of a source language.

    Raises:
        NewsbridgeError: if the language has no such table.
    """
    table = language.table("summary")

    def words(name: str) -> frozenset[str]:
        value = table[name]
        return frozenset(map(simple, value.split() if isinstance(value, str) else value))

    return Rules(
        words("stopwords"),
        tuple(table["endings"]),
        words("pronouns"),
        words("connectives"),
        tuple(map(simple, table["standing"])),
        words("articles"),
        words("persons"),
        words("others"),
        words("impersonal"),
    )


@cache
def compile_frames(language: Language) -> Frames:
    """Compile the table of a target language.

    Raises:
        NewsbridgeError: if the language has no such table.
    """
    table = language.table("summary")
    hearsay = "|".join(map(re.escape, table["hearsay"]))
    return Frames(frozenset(table["reporting"].split()), re.compile(rf"\b(?:{hearsay})\b", re.IGNORECASE))

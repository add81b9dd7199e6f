"""Whether a text in the target language names a speaker, and how a summary may name one itself.

A name goes through a translation nearly as it is ("Paschinjan", "Pashinyan"); a word like "Polizei" does not, and
must not stand in an English sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from newsbridge.article import Article, Speaker
from newsbridge.summary.rules import WORD, Rules, simple

_ALIKE = 0.8  # two spellings of one name: "Selenskyj" and "Zelensky" reach it, "Polizei" and "police" do not
_LONGEST = 40  # letters of a word that are compared
_MOST = 200  # capitalised words of a sentence that are compared


def capitalised(text: str) -> list[str]:
    """Return the words of a text that begin with a capital, in order, without a possessive s."""
    words = (found.group() for found in WORD.finditer(text))
    return [_bare(word) for word in words if word[0].isupper()]


def _bare(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'’")


def alike(one: str, other: str) -> bool:
    """Say whether two words are spellings of the same name.

    Example:
        >>> alike("Paschinjan", "Pashinyan"), alike("Lüthi", "Luthi"), alike("Polizei", "Police")
        (True, True, False)
    """
    one, other = simple(one)[:_LONGEST], simple(other)[:_LONGEST]
    if one == other:
        return True
    if min(len(one), len(other)) < 4:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


class Names:
    """The names an article and its translation share.

    Args:
        article: The source; the words that follow an article in it are taken for common nouns.
        rules: Of its language.
        targets: Every target text.
    """

    def __init__(self, article: Article, rules: Rules, targets: Iterable[str]) -> None:
        self.rules = rules
        self.nouns: set[str] = set()
        before = ""
        for found in WORD.finditer(article.plain):
            word = found.group()
            if before in rules.articles and word[0].isupper():
                self.nouns.add(word)
            before = simple(word)
        self.kept = {simple(word) for target in targets for word in capitalised(target)}

    def key(self, speaker: Speaker | None) -> str | None:
        """Return the word a speaker is known by: the last of the name; None for a pronoun or no name."""
        words: list[str] = WORD.findall(speaker.name) if speaker and speaker.name else []
        words = [word for word in words if word[0].isupper() or word[0].isdigit()]
        if not words or simple(words[-1]) in self.rules.persons:
            return None
        return words[-1]

    def stands_in(self, text: str, speaker: Speaker | None) -> bool:
        """Say whether a target text names the speaker."""
        key = self.key(speaker)
        return key is not None and any(alike(key, word) for word in capitalised(text)[:_MOST])

    def shown(self, speaker: Speaker | None) -> str | None:
        """Return the name as a sentence in the target language may give it; None where it may not.

        A person's name stays as it is.  A common noun would have to be translated, which is not ours to do: one that
        has an article somewhere in the source is never shown, unless it is an abbreviation the translation kept.
        """
        key = self.key(speaker)
        if key is None or speaker is None or speaker.name is None:
            return None
        words = WORD.findall(speaker.name)
        if simple(words[0]) in self.rules.articles:
            return None
        if len(words) == 1 and key.isupper() and len(key) > 1:
            if simple(key) not in self.kept:
                return None
            return f"the {key}" if key in self.nouns else key
        common = words[0] in self.nouns
        return None if common or (len(words) == 1 and simple(key) not in self.kept) else speaker.name

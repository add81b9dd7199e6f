"""Is this German?  Asked offline, and only to refuse what an engine would turn into nonsense."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsbridge.errors import ArticleError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

KNOWN = {"de": "German", "fr": "French", "it": "Italian", "en": "English"}
_SAMPLE = 800  # code points: more do not change the answer, and cost more than all that follows
_SHORT = 40  # letters: fewer are given the benefit of the doubt
_SURE = 0.9  # confidence wanted before a text of less than ``_BRIEF`` letters is refused
_BRIEF = 200
_LETTERS = re.compile(r"[^\W\d_]")
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
# Words that French, Italian and English do not have, or hardly use; a fifth of all words in German news.
_GERMAN = frozenset((
    "und", "der", "das", "dem", "nicht", "ist", "für", "eine", "einen", "einer", "einem", "auf", "sich", "mit", "dass",
    "wird", "auch", "zu", "zum", "zur", "von", "vom", "aus", "nach", "über", "haben", "werden", "wurde", "sie", "im",
    "sind", "den",
))  # fmt: skip
_CLEAR = 0.12  # of the words: no other text has that many of them, so nobody else needs to be asked
_ENOUGH = 20  # words: fewer are always looked at more closely
_HINT = "newsbridge reads German; if it is German all the same, say so with --from de"


def check(text: str, where: str) -> None:
    """Refuse a text that is clearly not German.

    Args:
        text: The article without its header.
        where: Its name, for the message.

    Raises:
        ArticleError: if most letters are not Latin, or the text is in another language.  Of a text without a
            single letter there is nothing to translate, so it is refused as well.
    """
    if is_clear(text):
        return
    letters = _LETTERS.findall(text[:_SAMPLE])
    if not letters:
        raise ArticleError(f"{where} holds no words", "give an article in German")
    latin = len(_LATIN.findall("".join(letters)))
    if 2 * latin < len(letters):
        raise ArticleError(f"{where} is not German: most of its letters are not Latin", _HINT)
    if len(letters) < _SHORT:
        return
    language, confidence = identify(text)
    if language != "de" and (len(letters) >= _BRIEF or confidence >= _SURE):
        raise ArticleError(f"{where} is in {KNOWN[language]}, not in German", _HINT)


def is_clear(text: str) -> bool:
    """Say whether a text is German at a glance; of one that is not clear, nothing is said."""
    words = text[:_SAMPLE].split()
    return len(words) >= _ENOUGH and sum(map(_GERMAN.__contains__, words)) >= _CLEAR * len(words)


def identify(text: str) -> tuple[str, float]:
    """Say which of the :data:`KNOWN` languages a text is in, and how sure that is, from 0 to 1."""
    language, confidence = _identifier().classify(text[:_SAMPLE])
    return str(language), float(confidence)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it unpacks its model into the folder for temporary files
        raise ArticleError(
            f"cannot recognise the language: {error.strerror}", "make room, or name the language with --from de"
        ) from None
    identifier.set_languages(list(KNOWN))
    return identifier

"""How text must look before the embedded model reads it: as the text it was trained on."""

from __future__ import annotations

import unicodedata

VERSION = "1"
SIGNS = str.maketrans(
    dict.fromkeys("„“”‟«»〝〞＂", '"')
    | dict.fromkeys("‚‘’‛‹›`´＇", "'")
    | {"—": "–", "―": "–", "‐": "-", "‑": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
    | dict.fromkeys("\u200b\u200c\u200d\ufeff\u00ad", "")
)


def normalise(text: str) -> str:
    r"""Bring marks, dashes and blanks into the form the model knows; see its README.

    Example:
        >>> normalise("«Wir bauen»,  sagte sie — „noch ‚heute‘ …“")
        '"Wir bauen", sagte sie – "noch \'heute\' ..."'
    """
    text = unicodedata.normalize("NFC", text).translate(SIGNS)
    return " ".join(text.replace("''", '"').replace(",,", '"').split())


def moses(text: str) -> str:
    r"""Bring punctuation into the form OPUS-MT was trained on: that of Moses' normalize-punctuation.perl.

    transformers builds such a normaliser for Marian and never calls it.

    Example:
        >>> moses("«Wir bauen» – seit 1’500 Tagen")
        '"Wir bauen" - seit 1\'500 Tagen'
    """
    return normalise(text).replace("–", "-")

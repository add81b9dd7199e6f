"""A text in NFC with LF line ends, and the way back from its offsets to the text as it was given.

Only what is out of the ordinary is looked at character by character, so an ordinary article costs one search.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_BOM = "\ufeff"
# No character below U+0300 and none of the usual punctuation and currency signs ever changes or joins the one
# before it in NFC; the base in front of such a run does, so it is taken along.
_STRANGE = r"\u0300-\u1fff\u2000\u2001\u2028-\u209f\u20c0-\U0010ffff"
_PLACES = re.compile(rf"\r\n?|[^\r{_STRANGE}]?[{_STRANGE}]+")
_LONGEST = 64  # characters normalised at once: Python sorts a run of combining marks in quadratic time
_JOINING = re.compile("[\u1161-\u1175\u11a8-\u11c2\U00016d63-\U00016d6a]")  # letters that join the one before


@dataclass(frozen=True, slots=True)
class Offsets:
    r"""Maps offsets of the normalised text to offsets of the text as given.

    ``starts`` and ``given`` are where stretches begin on both sides; inside a stretch both count alike.

    Example:
        >>> text, offsets = normalise("Zu\u0308rich\r\nBern")
        >>> text, offsets(text.index("B"))
        ('Zürich\nBern', 9)
    """

    starts: tuple[int, ...] = (0,)
    given: tuple[int, ...] = (0,)

    def __call__(self, offset: int) -> int:
        """Return where ``offset`` stands in the text as given; inside a joined character, where that begins."""
        index = bisect_right(self.starts, offset) - 1
        found = self.given[index] + offset - self.starts[index]
        return min(found, self.given[index + 1]) if index + 1 < len(self.given) else found


def normalise(text: str) -> tuple[str, Offsets]:
    """Return the text in NFC with LF line ends and without a byte order mark, and the way back.

    Lone surrogates, which no encoding can write, become U+FFFD.  Time is linear in the length of ``text``.
    """
    begin = 1 if text.startswith(_BOM) else 0
    if not begin and _is_normal(text):
        return text, Offsets()
    parts: list[str] = []
    starts, given = [0], [begin]
    done, length = begin, 0
    for place in _PLACES.finditer(text, begin):
        parts.append(text[done : place.start()])
        length += place.start() - done
        at = place.start()
        for cluster in _clusters(place.group()):
            new = _normal(cluster)
            parts.append(new)
            length += len(new)
            at += len(cluster)
            if len(new) != len(cluster):
                starts.append(length)
                given.append(at)
        done = place.end()
    parts.append(text[done:])
    return "".join(parts), Offsets(tuple(starts), tuple(given))


def _is_normal(text: str) -> bool:
    """Say whether nothing needs to be done, as with most articles; Python looks it up without a new text."""
    try:
        text.encode()  # lone surrogates
    except UnicodeEncodeError:
        return False
    return "\r" not in text and unicodedata.is_normalized("NFC", text)


def _clusters(run: str) -> list[str]:
    """Split before every character that never joins the one before it."""
    if run[0] == "\r":
        return [run]
    clusters: list[str] = []
    begin = 0
    for index in range(1, len(run)):
        char = run[index]
        joins = unicodedata.category(char)[0] == "M" or _JOINING.match(char)
        if not joins or index - begin >= _LONGEST:
            clusters.append(run[begin:index])
            begin = index
    clusters.append(run[begin:])
    return clusters


def _normal(cluster: str) -> str:
    if cluster[0] == "\r":
        return "\n"
    if "\ud800" <= cluster[0] <= "\udfff":
        return "\ufffd" + unicodedata.normalize("NFC", cluster[1:])
    return unicodedata.normalize("NFC", cluster)

"""Names: those that stand unchanged on both sides, and Slavic ones, which German and English spell differently.

German writes Paschinjan and Lukaschenko, English Pashinyan and Lukashenko; a small model that never saw the name must
have seen the rule.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable

from training.corpus import Pair

NAME = re.compile(r"[A-ZÄÖÜ][a-zäöüßéèçñ]{3,}")
VOWELS = "aeiou"
# Longest first: what German newspapers write for a Cyrillic letter, and what English ones write.
LETTERS = (
    ("schtsch", "shch"),
    ("dsch", "j"),
    ("tsch", "ch"),
    ("sch", "sh"),
    ("jew", "yev"),
    ("jow", "yov"),
    ("ch", "kh"),
    ("ij", "iy"),
    ("ja", "ya"),
    ("je", "ye"),
    ("ju", "yu"),
    ("j", "y"),
    ("w", "v"),
    ("z", "ts"),
)
SYLLABLES = (
    "a al ar ba bai be bul cha da dar di ga gor gu gul i is iwa ja je kal kam kar kat ko kra la law le len lju ma med "
    "mi mir mo mur na nas no nur o oleg pe pet po ra ro ru sa sar schu se ser si sta su sul ta tar tasch ti to tsche "
    "tur u wa was wi wlad wo ze"
).split()
ENDINGS = (
    "ow ew jew in skij enko schenko jan schwili dse bajew owa ewa jewa tschuk itsch owitsch ajew inow inskij ko uk adse"
).split()


def english(name: str) -> str:
    """Spell a Slavic name as English does.

    Example:
        >>> [english(name) for name in ("Paschinjan", "Tokajew", "Schewtschenko", "Nasarbajew")]
        ['Pashinyan', 'Tokayev', 'Shevchenko', 'Nazarbayev']
    """
    spelled, at, lower = "", 0, name.lower()
    while at < len(lower):
        for german, letters in LETTERS:
            if lower.startswith(german, at):
                spelled, at = spelled + letters, at + len(german)
                break
        else:
            between = 0 < at < len(lower) - 1 and lower[at - 1] in VOWELS and lower[at + 1] in VOWELS
            spelled, at = spelled + ("z" if lower[at] == "s" and between else lower[at]), at + 1
    return spelled.capitalize()


def slavic(rng: random.Random) -> tuple[str, str]:
    """Invent a name; return its German and its English spelling."""
    name = "".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 2)))) + rng.choice(ENDINGS)
    return name.capitalize(), english(name)


def shared(pair: Pair) -> set[str]:
    """Return the capitalised words that stand on both sides."""
    return set(NAME.findall(pair.source)) & set(NAME.findall(pair.target))


class Names:
    """The names of a corpus: capitalised on both sides, and never written small on either."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        small: Counter[str] = Counter()
        found: Counter[str] = Counter()
        for pair in pairs:
            small.update(word for word in (pair.source + " " + pair.target).split() if word[:1].islower())
            found.update(shared(pair))
        self._pool = sorted(name for name in found if len(name) > 4 and not small[name.lower()])
        self._known = frozenset(self._pool)

    def __len__(self) -> int:
        return len(self._pool)

    def swap(self, pair: Pair, rng: random.Random) -> tuple[str, str] | None:
        """Put other names in the place of up to three of a pair's; None if it has none.

        Returns:
            The German and the English side.
        """
        old = sorted(shared(pair) & self._known)
        if not old:
            return None
        source, target = pair.source, pair.target
        for name in rng.sample(old, min(3, len(old))):
            german, other = slavic(rng) if rng.random() < 0.3 else (rng.choice(self._pool),) * 2
            source = re.sub(rf"\b{name}(?=s?\b)", german, source)
            target = re.sub(rf"\b{name}\b", other, target)
        return source, target

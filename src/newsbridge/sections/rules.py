"""A language's table ``[sections]``, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from newsbridge.languages import Language

OPENING_MARKS = "„»«“‚›‹‘\"'"
CLOSING_MARKS = "“”«»’‘‹›\"'"
SENTENCE_ENDS = ".!?…"


@dataclass(frozen=True)
class Rules:
    """What the rules look words up in; words that may begin a sentence are in small letters."""

    openers: frozenset[str]
    weak_openers: frozenset[str]
    clauses: frozenset[str]
    articles: frozenset[str]
    inflected: tuple[str, ...]
    reported: tuple[str, ...]
    announcing: frozenset[str]
    announcing_alone: frozenset[str]
    cited: tuple[str, ...]
    topics: frozenset[str]
    saying: frozenset[str]
    half_saying: frozenset[str]
    particles: frozenset[str]
    abbreviations: frozenset[str]
    caption: re.Pattern[str]  # "Legende:" at the beginning
    credit: re.Pattern[str]  # "(Bild: Keystone)", "Foto: Ole Brandt", "© Reuters" at the end; group "name"
    agency: re.Pattern[str]  # "Keystone", "Keystone/Anna Muster" at the end; group "name"
    byline: re.Pattern[str]
    dateline: re.Pattern[str]  # "BERN (dpa) – "; groups "place", "agency"
    agency_line: re.Pattern[str]  # "(sda/afp)" alone; group "name"
    teaser: re.Pattern[str]
    question_labels: frozenset[str]


@cache
def rules(language: Language) -> Rules:
    """Compile a language's table.

    Raises:
        NewsbridgeError: if the language has none.
    """
    table = language.table("sections")
    credits, agencies = _either(table["credit_labels"]), _either(table["agencies"])
    name = r"[A-ZÄÖÜ][\w.'’-]*"
    joiner = _either(table["byline_joiners"])
    names = rf"{name}(?:(?:,? |, ?| ?/ ?| (?:{joiner}) )+{name}){{0,7}}"
    return Rules(
        openers=frozenset(table["openers"]),
        weak_openers=frozenset(table["weak_openers"]),
        clauses=frozenset(table["clauses"]),
        articles=frozenset(table["articles"]),
        inflected=tuple(table["inflected"]),
        reported=tuple(table["reported"]),
        announcing=frozenset(table["announcing"]),
        announcing_alone=frozenset(table["announcing_alone"]),
        cited=tuple(each + " " for each in table["cited"]),
        topics=frozenset(table["topics"]),
        saying=frozenset(table["saying"]),
        half_saying=frozenset(table["half_saying"]),
        particles=frozenset(table["particles"]),
        abbreviations=frozenset(table["abbreviations"]),
        caption=re.compile(rf"(?:{_either(table['caption_labels'])})\s?:(?=\s)"),
        credit=re.compile(
            rf"(?:\(\s?(?:(?:{credits})\s?:|©)\s?(?P<inner>[^()\n]{{2,80}})\)"
            rf"|(?:(?:{credits})\s?:|©)\s?(?P<open>[^().:!?\n]{{2,80}}))\.?\s*\Z"
        ),
        agency=re.compile(
            rf"(?:\(\s?(?P<inner>(?:[^()\n]{{2,40}}[/,]\s?)?(?:{agencies})(?:\s?[/,–-]\s?[^()\n]{{2,60}})?)\s?\)"
            rf"|(?<=[.!?…“”«»\s])(?P<open>(?:{agencies})(?:\s?[/,]\s?[^().!?\n]{{2,60}})?))\s*\Z"
        ),
        byline=re.compile(rf"(?:{_either(table['by'])}):? (?P<name>{names})\Z"),
        dateline=re.compile(
            r"(?P<place>[A-ZÄÖÜ][^\n().:!?«»„“]{1,60}?),?[ \u00a0]\((?P<agency>[^()\n]{2,30})\)\s?[.:–—-]*\s"
        ),
        agency_line=re.compile(r"\((?P<name>[A-Za-z][\w/ .-]{1,30})\)\Z"),
        teaser=re.compile(rf"(?:{_either(table['teaser_labels'])})\s?:(?=\s)"),
        question_labels=frozenset(table["question_labels"]),
    )


def _either(words: Iterable[str]) -> str:
    """Return an alternation, longest first, so that "Fotos" is not read as "Foto"."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))

"""Reported speech that became a fact: "die Lage sei ernst" is somebody's claim, "the situation is serious" is not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.checks.names import WORD
from newsbridge.fidelity.pairs import Pair
from newsbridge.languages import Language
from newsbridge.quotes.mood import mood


@cache
def traces(tongue: Language) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Return the words, beginnings of words, and phrases of the target language that show that somebody says so."""
    summary, fidelity = tongue.table("summary"), tongue.table("fidelity")
    words = frozenset((*summary["reporting"].split(), *fidelity["distance"]))
    return words, tuple(fidelity["saying"].split()), tuple(summary["hearsay"])


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding where the source reports a claim, in the subjunctive or as hearsay, and the target states it."""
    if not pair.claims or not pair.target:
        return
    ours = {word.casefold() for word in WORD.findall(pair.text)}
    if "hearsay" not in pair.claims and (not ours & mood(pair.source_language).strong or ours & pair.grammar.first[0]):
        return
    words, stems, phrases = traces(pair.target_language)
    low = pair.target.casefold()
    theirs = WORD.findall(low)
    if words & set(theirs) or any(word.startswith(stems) for word in theirs) or any(each in low for each in phrases):
        return
    whose = next((each for each in pair.claims if each != "hearsay"), "hearsay")
    source = "hearsay" if whose == "hearsay" else f"the words of {whose}"
    message = f"The German gives this as {source}; the English states it as a fact."
    yield pair.finding(FindingKind.CLAIM_AS_FACT, Severity.WARNING, message)

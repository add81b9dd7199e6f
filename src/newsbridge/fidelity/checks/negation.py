"""Negations: "nicht" without a "not" turns a sentence round."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity import rendering
from newsbridge.fidelity.checks.names import WORD
from newsbridge.fidelity.pairs import Pair
from newsbridge.spans import Span

NEAR = 4  # words behind "kein" in which a "mehr" belongs to it


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding where the source denies and the target does not, or the other way round."""
    known, table = pair.grammar, pair.source_language.table("fidelity")
    matches = list(WORD.finditer(pair.text))
    low = [match.group().casefold() for match in matches]
    denied = [at for at in rendering.denials(low, known) if not pair.titled(Span(*matches[at].span()))]
    theirs = [rendering.word_of(word) for word in pair.target.replace("-", " ").split()]
    ohne, without = table["without"], pair.target_language.table("fidelity")["without"]
    if without in theirs:  # the two stand for each other and for nothing else
        denied = [at for at in denied if low[at] != ohne]
        theirs = [word for word in theirs if word != without] if ohne in low else theirs
    denied = [at for at in denied if not set(low[:at]) & set(table["asking"].split())]  # "ob man nicht gehen sollte"
    if denied and (set(low) & set(table["lacking"].split()) or _otherwise(pair, low, denied)):
        return
    if denied and not rendering.negated(theirs, known):
        message = f"The German says „{low[denied[0]]}“; the English has no negation."
        yield pair.finding(FindingKind.NEGATION_LOST, Severity.WARNING, message)


def _otherwise(pair: Pair, low: list[str], denied: list[int]) -> bool:
    """Say whether English says the same without a negation: "until" for "solange nicht", "than any other"."""
    ours, theirs = pair.source_language.table("fidelity"), pair.target_language.table("fidelity")
    text = f" {' '.join(WORD.findall(pair.target.casefold().replace('-', ' ')))} "
    if any(f" {phrase} " in text for phrase in theirs["for_negation"]):
        return True
    if set(low) & set(ours["until_negated"].split()) and set(text.split()) & set(theirs["until"].split()):
        return True
    if all(low[at] in ours["hardly"].split() for at in denied):
        return any(f" {phrase} " in text for phrase in (*theirs["as_hardly"], *theirs["as_any"]))
    if all(ours["no_longer"] in low[at + 1 : at + NEAR] for at in denied):
        return any(f" {phrase} " in text for phrase in theirs["as_gone"])
    if all(set(low[max(0, at - 2) : at]) & set(ours["as_none"].split()) for at in denied):  # "wie noch nie"
        return any(f" {phrase} " in text for phrase in theirs["as_any"])
    return False

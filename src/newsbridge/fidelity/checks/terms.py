"""Terms of a glossary: the target has the translation the house has agreed on."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for each term of the glossary that the target renders otherwise."""
    if pair.glossary is None:
        return
    for found in pair.glossary.find(pair.text):
        if not found.term.stands(pair.target):
            note = f" ({found.term.note})" if found.term.note else ""
            message = f"The glossary has {found.term.target} for {found.span.of(pair.text)}{note}."
            yield pair.finding(FindingKind.GLOSSARY_MISSED, Severity.WARNING, message, found.span)

"""What can be told from a pair of texts: one module for each thing that goes wrong between them."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding
from newsbridge.fidelity.checks import (
    claims,
    coverage,
    figures,
    loops,
    names,
    negation,
    quotemarks,
    residue,
    speakers,
    terms,
)
from newsbridge.fidelity.pairs import Pair

EVERY = (quotemarks, speakers, figures, names, negation, claims, residue, coverage, loops, terms)


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield what an editor should look at in one segment; where there is no target, only that."""
    if not pair.target.strip():
        yield from coverage.findings(pair)
        return
    for check in EVERY:
        yield from check.findings(pair)

"""What can be told from a pair of texts: one module for each thing that goes wrong between them."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

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
TEXTUAL = frozenset({figures, negation, residue, loops})  # need no alignment, only the texts and what is quoted
LOCATING = frozenset({names})  # whether they find anything does; an alignment tells where

Key = tuple[str, str, str, tuple[str, ...]]  # check, id of the segment, target text, ids of the quotations
Known = MutableMapping[Key, tuple[Finding, ...]]


def findings(pair: Pair, known: Known | None = None) -> Iterator[Finding]:
    """Yield what an editor should look at in one segment; where there is no target, only that.

    Args:
        pair: The segment and its target text.
        known: What the checks found before in the same article, between the same languages; added to.
    """
    if not pair.target.strip():
        yield from coverage.findings(pair)
        return
    quoted = tuple(each.id for each in pair.quotations)
    for check in EVERY:
        key = check.__name__, pair.side.segment.id, pair.target, quoted
        found = known.get(key) if known is not None else None
        if found is None:
            found = tuple(check.findings(pair))
            if known is not None and (check in TEXTUAL or (check in LOCATING and not found)):
                known[key] = found
        yield from found

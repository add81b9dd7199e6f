"""Figures: every one of the source in the target, and no others, in whatever form."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.pairs import Pair
from newsbridge.fidelity.quantities import Quantity, loosely, numerals, quantities
from newsbridge.spans import Span

SMALL = 1.0  # "ein", "one" and "first" are hardly ever figures


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for figures that are missing, new, or other ones."""
    ours, theirs = numerals(pair.source_language), numerals(pair.target_language)
    source, target = quantities(pair.text, ours), quantities(pair.target, theirs)
    missing, new = _unanswered(source, target), _unanswered(target, source)
    if not (missing or new):
        return
    loose_source, loose_target = loosely(pair.text, ours), loosely(pair.target, theirs)
    same = {each.span.of(pair.text) for each in source} & {each.span.of(pair.target) for each in target}
    missing = [each for each in missing if not each.values & loose_target and each.span.of(pair.text) not in same]
    new = [each for each in new if not each.values & loose_source and each.span.of(pair.target) not in same]
    lost, invented = [each for each in missing if each.digits], [each for each in new if each.digits]
    said = [each for each in missing if not each.digits and max(each.values) > SMALL]
    written = [each for each in new if not each.digits and max(each.values) > SMALL]
    while (lost or said) and (invented or (lost and written) or (said and written)):
        one = lost.pop(0) if lost else said.pop(0)
        if invented:
            other = invented.pop(0)
        elif written:
            other = written.pop(0)
        else:
            break
        message = f"The English has {_said(pair.target, other.span)} where the German has {_said(pair.text, one.span)}."
        yield pair.finding(FindingKind.FIGURE_CHANGED, Severity.ERROR, message, one.span, other.span)
    for each in lost:
        message = f"The English lacks the figure {_said(pair.text, each.span)}."
        yield pair.finding(FindingKind.FIGURE_LOST, Severity.WARNING, message, each.span)
    for each in invented:
        message = f"The English has the figure {_said(pair.target, each.span)}, which the German does not have."
        yield pair.finding(FindingKind.FIGURE_INVENTED, Severity.WARNING, message, target=each.span)


def _unanswered(ones: list[Quantity], others: list[Quantity]) -> list[Quantity]:
    """Return the figures of one side that no figure on the other may stand for."""
    every = frozenset(value for each in others for value in each.values)
    return [each for each in ones if not each.values & every]


def _said(text: str, span: Span) -> str:
    return span.of(text)

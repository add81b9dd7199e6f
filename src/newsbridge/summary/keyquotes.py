"""Key quotations: which of those in the ledger an editor would want to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newsbridge.article import Quotation, QuoteKind
from newsbridge.summary.candidates import LONG, SHORT, Candidates
from newsbridge.summary.rules import WORD

QUOTES = 5
ENOUGH = 3  # fewer direct ones than that are joined by reported speech


def choose(candidates: Candidates) -> tuple[str, ...]:
    """Choose the key quotations: direct ones first, whole sentences, of as many voices as there are."""
    ranked = sorted(
        (
            (_worth(candidates, each, ids), each)
            for each in candidates.evidence.ledger.quotations
            if (ids := _showable(candidates, each))
        ),
        key=lambda each: -each[0],
    )
    direct = [(score, each) for score, each in ranked if each.kind is QuoteKind.DIRECT]
    others = [(score, each) for score, each in ranked if each.kind is QuoteKind.INDIRECT]
    chosen = _by_voice(candidates, direct, QUOTES)
    chosen += _by_voice(candidates, others, max(0, ENOUGH - len(chosen)))
    numbers = {each.id: number for number, each in enumerate(candidates.evidence.ledger.quotations)}
    return tuple(sorted((each.id for each in chosen), key=numbers.__getitem__))


def _by_voice(candidates: Candidates, ranked: Sequence[tuple[float, Quotation]], wanted: int) -> list[Quotation]:
    """Take everybody's best, then everybody's second."""
    turn: Counter[str] = Counter()
    order = []
    for score, each in ranked:
        voice = candidates.evidence.names.key(each.speaker) or ""
        order.append((turn[voice] - 0.5 * score, each))
        turn[voice] += 1
    chosen: list[Quotation] = []
    for _, each in sorted(order, key=lambda pair: pair[0]):
        if len(chosen) < min(wanted, ENOUGH) or (len(chosen) < wanted and not _leans(candidates, each)):
            chosen.append(each)
    return chosen


def _leans(candidates: Candidates, quotation: Quotation) -> bool:
    """Say whether a quotation begins in the middle of a thought; beyond the first three nobody wants those."""
    return candidates.evidence.rules.leans(candidates.evidence.article.words(quotation.contents[0]))


def _showable(candidates: Candidates, quotation: Quotation) -> list[str]:
    """Return the segments of a quotation if all of it can be shown, with who says it."""
    evidence, speaker = candidates.evidence, quotation.speaker
    named = speaker is not None and (evidence.names.key(speaker) is not None or _described(candidates, quotation))
    ids = list(dict.fromkeys(id_ for span in quotation.spans for id_ in evidence.touched(span)))
    lines = [candidates.by_id.get(id_) for id_ in ids]
    sound = all(line is not None and candidates.sound(line) and evidence.spans(quotation, line.id) for line in lines)
    return ids if named and sound else []


def _worth(candidates: Candidates, quotation: Quotation, ids: Sequence[str]) -> float:
    lines = [candidates.by_id[id_] for id_ in ids]
    text = " ".join(candidates.evidence.article.words(span) for span in quotation.contents)
    words = len(WORD.findall(text))
    worth = max(line.central for line in lines) - 0.4 * quotation.partial - 0.5 * _leans(candidates, quotation)
    worth -= 0.3 * any(map(candidates.warned, lines))
    return worth - 0.3 * (words < SHORT) - 0.2 * (words > 2 * LONG)


def _described(candidates: Candidates, quotation: Quotation) -> bool:
    """Say whether the text calls a speaker without a name something ("ein Anwohner")."""
    mention = quotation.speaker.mention if quotation.speaker else None
    words = WORD.findall(candidates.evidence.article.words(mention)) if mention else []
    return bool(words) and words[-1][0].isupper() and words[-1].casefold() not in candidates.evidence.rules.persons

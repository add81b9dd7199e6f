"""Question and answer: who asks, who answers, and where nobody says so, questions by themselves.

A label is words with a colon at a paragraph's beginning ("SRF News: …").  It is believed when the article repeats
it, or when a question and its answer both have one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from newsbridge.sections.rules import CLOSING_MARKS, Rules
from newsbridge.spans import Span

_LABEL = re.compile(r"(?P<name>[A-ZÄÖÜ][^\n:!?;«»„“\"]{0,50})\s?:(?=[\s\u200b]+\S)")
_NAME = re.compile(r"[A-ZÄÖÜ][\w.'’&-]*|[\d]+|(?:der|die|das|von|van|de|zu|und|am|im)\b")
_LONGEST = 700  # code points of a question without a label
_TAIL = 20


class Voice(StrEnum):
    """Whose turn a paragraph is."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph of an interview, with the label of who speaks where it has one."""

    voice: Voice
    label: Span | None


def turns(text: str, paragraphs: Sequence[Span], bold: frozenset[int], rules: Rules) -> dict[int, Turn]:
    """Find question and answer.

    Args:
        text: The article as read, markup masked.
        paragraphs: Its running text in reading order, captions left out.
        bold: Which of them are printed in bold, as questions are.
        rules: The language's.

    Returns:
        Turns under the index of their paragraph, from the first question on; empty if it is no interview.
    """
    asks = [_asks(text, span) for span in paragraphs]
    labels = {index: label for index, span in enumerate(paragraphs) if (label := find_label(text, span))}
    askers = _askers(text, labels, asks, rules)
    if askers:
        answers = _answerers(text, labels, askers)
        known = {index: label for index, label in labels.items() if _name(text, label) in askers | answers}
        questions = {index for index, label in known.items() if _name(text, label) in askers}
        questions |= {
            index
            for index in range(min(questions), len(paragraphs))
            if index not in known and _stands_alone(index, paragraphs, asks)
        }
        return _turns(paragraphs, questions, known)
    marked = {index for index in bold if asks[index]}
    if len(marked) >= 2 or (marked and len(bold) > 2):
        return _turns(paragraphs, set(bold) if 2 * len(marked) >= len(bold) else marked, {})
    alone = {index for index in range(len(paragraphs)) if _stands_alone(index, paragraphs, asks)}
    if len(alone) >= 2 and 4 * len(alone) >= len(paragraphs) - min(alone):
        return _turns(paragraphs, alone, {})
    return {}


def _turns(paragraphs: Sequence[Span], questions: set[int], labels: dict[int, Span]) -> dict[int, Turn]:
    return {
        index: Turn(Voice.QUESTION if index in questions else Voice.ANSWER, labels.get(index))
        for index in range(min(questions), len(paragraphs))
    }


def _asks(text: str, span: Span) -> bool:
    """Say whether a paragraph ends in a question mark, outside of quotation marks or inside."""
    tail = text[max(span.start, span.end - _TAIL) : span.end]
    return tail.rstrip(CLOSING_MARKS + " \u200b")[-1:] == "?"


def _stands_alone(index: int, paragraphs: Sequence[Span], asks: Sequence[bool]) -> bool:
    """Say whether a paragraph without a label may be a question: it is short, and an answer follows."""
    return asks[index] and len(paragraphs[index]) <= _LONGEST and index + 1 < len(paragraphs) and not asks[index + 1]


def find_label(text: str, span: Span) -> Span | None:
    """Return the label at a paragraph's beginning, colon included: a name, no part of a sentence."""
    match = _LABEL.match(text, span.start, min(span.end, span.start + 60))
    if not match or match.end() >= span.end:
        return None
    words = match["name"].split()
    return Span(*match.span()) if len(words) <= 6 and all(_NAME.match(word) for word in words) else None


def _name(text: str, label: Span) -> str:
    return label.of(text).rstrip(": \u00a0")


def _answerers(text: str, labels: dict[int, Span], askers: set[str]) -> set[str]:
    """Return the labels of those who answer: the article repeats them, or they follow a question at once."""
    names = {index: _name(text, label) for index, label in labels.items()}
    counts = Counter(names.values())
    return {
        name
        for index, name in names.items()
        if name not in askers and (counts[name] > 1 or names.get(index - 1) in askers)
    }


def _askers(text: str, labels: dict[int, Span], asks: Sequence[bool], rules: Rules) -> set[str]:
    """Return the labels of those who ask; none if this is no interview.

    Whoever asks has the last word in half of the turns or more, and either asks again or is answered at once.
    """
    names = {index: _name(text, label) for index, label in labels.items()}
    counts = Counter(names.values())
    asked = Counter(name for index, name in names.items() if asks[index])
    often = {name for name in counts if name in rules.question_labels or 2 * asked[name] >= counts[name]}
    answered = {
        name
        for index, name in names.items()
        if asks[index] and name in often and names.get(index + 1, name) not in often
    }
    askers = {name for name in often if name in answered or counts[name] > 1}
    alone = len(counts) == 1  # whoever it is, the other one speaks without a label
    enough = max(counts.values(), default=0) > 1 or len(counts) == 2
    return askers if enough and (answered or alone) else set()

"""Lead-ins: "So geht es weiter: Als Reaktion …" is a heading with its running text.

Most colons are none of that.  What decides is how the words before the colon are built, what follows it, and how
many paragraphs of the same article begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsbridge.sections.rules import OPENING_MARKS, Rules
from newsbridge.spans import Span

_LONGEST = 110  # code points before the colon
_MOST_WORDS = 13
_CANDIDATE = re.compile(r"(?P<words>[^\n:]{2,110}):[\s\u200b]+(?=\S)")
_WORDS = re.compile(r"[\w'’-]+")
_FULL_STOP = re.compile(r"(\w+)[.!?…][“”«»]?\s")
_LATER = re.compile(r"\w{3}[.!?…][“”«»\"]?\s+[A-ZÄÖÜ0-9„«»\"“]")
_NEEDED = 3


def lead_ins(text: str, paragraphs: Sequence[Span], rules: Rules, bold: frozenset[int] = frozenset()) -> dict[int, int]:
    """Find the lead-ins of an article.

    Args:
        text: The article as read, markup masked.
        paragraphs: Its running text.
        rules: The language's.
        bold: Which of them begin with a colon's words in bold.

    Returns:
        The offset behind the colon, under the index of each paragraph that begins with a lead-in.

    Example:
        >>> from newsbridge import languages
        >>> from newsbridge.sections.rules import rules
        >>> text = "So geht es weiter: Der Rat tagt am Montag. Danach entscheidet das Volk."
        >>> lead_ins(text, [Span(0, len(text))], rules(languages.load("de")))
        {0: 18}
    """
    weighed: dict[int, tuple[int, int]] = {}
    for index, span in enumerate(paragraphs):
        candidate = _candidate(text, span, rules)
        if candidate:
            colon, evidence = candidate
            evidence += _NEEDED if index in bold else 0
            if evidence > 0:
                weighed[index] = (colon, evidence)
    repeats = min(2, len(weighed) - 1)
    return {index: colon for index, (colon, evidence) in weighed.items() if evidence + repeats >= _NEEDED}


def _candidate(text: str, span: Span, rules: Rules) -> tuple[int, int] | None:
    """Weigh one paragraph's beginning; return the offset behind its colon, and the evidence."""
    match = _CANDIDATE.match(text, span.start, min(span.end, span.start + _LONGEST + 10))
    if not match or match.end() >= span.end:
        return None
    lead, rest = match["words"], match.end()
    words = _WORDS.findall(lead)
    if not words or len(words) > _MOST_WORDS or _has_sentence_end(lead, rules) or not _begins_sentence(text, rest):
        return None
    opener = _opener(words, rules)
    if (not opener and any(mark in lead for mark in OPENING_MARKS)) or _announces(words, opener, rules):
        return None
    evidence = opener
    evidence += any(word in rules.topics for word in words)
    evidence += bool(_LATER.search(text, rest, min(span.end, rest + 2000)))
    evidence -= lead.count(",") > 1
    evidence -= 2 * (text[rest] in OPENING_MARKS)
    return match.end("words") + 1, evidence


def _opener(words: Sequence[str], rules: Rules) -> int:
    """Return how strongly the first words speak for a lead-in: 2, 1 or 0."""
    first = words[0].lower()
    if len(words) < 3:
        return 0
    if first in rules.articles and (not words[1].islower() or words[1].endswith(rules.inflected)):
        return 0
    if first in rules.openers or first in rules.clauses:
        return 2
    return 1 if first in rules.weak_openers else 0


def _announces(words: Sequence[str], opener: int, rules: Rules) -> bool:
    """Say whether the words before the colon announce what somebody says, or the other half of their sentence."""
    lower = [word.lower() for word in words]
    line = " ".join(lower)
    if line.startswith(rules.cited) or any(phrase in line for phrase in rules.reported):
        return True
    if opener and lower[0] in rules.clauses:
        return False
    if lower[-1] in rules.announcing or lower[-1] in rules.saying:
        return True
    if opener:
        said = [index for index, word in enumerate(lower) if word in rules.saying]
        return bool(said) and not (said[0] == 1 and lower[0] in rules.articles)
    if lower[-1] in rules.announcing_alone or lower[-1] in rules.particles:
        return True
    return any(word in rules.saying or word in rules.half_saying for word in lower)


def _has_sentence_end(lead: str, rules: Rules) -> bool:
    """Say whether a sentence ends before the colon; ordinals and abbreviations end none."""
    return any(
        not (stop[1].isdigit() or len(stop[1]) == 1 or stop[1] in rules.abbreviations)
        for stop in _FULL_STOP.finditer(lead)
    )


def _begins_sentence(text: str, at: int) -> bool:
    """Say whether a full sentence may begin here: a capital or a figure, perhaps behind an opening mark."""
    if text[at] in OPENING_MARKS:
        at += 1
    return at < len(text) and (text[at].isupper() or text[at].isdigit())

"""Lead-ins: "So geht es weiter: Als Reaktion …" is a heading with its running text.

Most colons are none of that.  What decides is how the words before the colon are built, what follows it, and how
many paragraphs of the same article begin alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsbridge.sections.rules import CLOSING_MARKS, OPENING_MARKS, Rules
from newsbridge.spans import Span

_LONGEST = 110  # code points before the colon
_MOST_WORDS = 13
_CANDIDATE = re.compile(r"(?P<words>[^\n:]{2,110}):(?:[ \t\u00a0]+|\n[ \t]*)(?=\S)")
_WORDS = re.compile(r"[\w'’-]+")
_FULL_STOP = re.compile(r"(\w+)[.!?…][“”«»]?\s")
_LATER = re.compile(r"\w{3}[.!?…][“”«»\"]?\s+[A-ZÄÖÜ0-9„«»\"“]")
_NEEDED = 3


def lead_ins(text: str, paragraphs: Sequence[Span], rules: Rules) -> dict[int, int]:
    """Find the lead-ins of an article.

    Args:
        text: The article as read, markup masked.
        paragraphs: Its running text.
        rules: The language's.

    Returns:
        The offset behind the colon, under the index of each paragraph that begins with a lead-in.

    Example:
        >>> from newsbridge import languages
        >>> from newsbridge.sections.rules import rules
        >>> text = "So geht es weiter: Der Rat tagt am Montag. Danach entscheidet das Volk."
        >>> lead_ins(text, [Span(0, len(text))], rules(languages.load("de")))
        {0: 18}
    """
    candidates = {index: found for index, span in enumerate(paragraphs) if (found := _candidate(text, span, rules))}
    repeats = min(2, len(candidates) - 1)
    return {
        index: colon
        for index, (colon, evidence) in candidates.items()
        if evidence + (repeats if evidence > 0 else 0) >= _NEEDED
    }


def _candidate(text: str, span: Span, rules: Rules) -> tuple[int, int] | None:
    """Weigh one paragraph's beginning; return the offset behind its colon and the evidence, at least 1."""
    match = _CANDIDATE.match(text, span.start, min(span.end, span.start + _LONGEST + 10))
    if not match or match.end() >= span.end:
        return None
    lead, rest = match["words"], match.end()
    words = _WORDS.findall(lead)
    if not words or len(words) > _MOST_WORDS or _has_sentence_end(lead, rules) or not _begins_sentence(text, rest):
        return None
    lower = [word.lower() for word in words]
    opener = lower[0] in rules.openers and len(words) >= 3
    if any(mark in lead for mark in '„“«»"') and not opener:
        return None
    if _announces(lower, opener, rules):
        return None
    evidence = 2 if opener else 0
    evidence += 1 if any(word in rules.topics for word in words) else 0
    evidence += 1 if _LATER.search(text, rest, min(span.end, rest + 2000)) else 0
    evidence -= lead.count(",") > 1
    evidence -= 2 if text[rest] in OPENING_MARKS else 0
    return (match.end("words") + 1, evidence) if evidence > 0 else None


def _announces(words: Sequence[str], opener: bool, rules: Rules) -> bool:
    """Say whether the words before the colon announce what somebody says, or the other half of their sentence."""
    if words[-1] in rules.announcing or words[-1] in rules.saying:
        return True
    if opener:
        said = [index for index, word in enumerate(words) if word in rules.saying]
        return bool(said) and not (said[0] == 1 and words[0] in rules.asking)
    return words[-1] in rules.particles or any(word in rules.saying or word in rules.half_saying for word in words)


def _has_sentence_end(lead: str, rules: Rules) -> bool:
    """Say whether a sentence ends before the colon; ordinals and abbreviations end none."""
    return any(
        not (stop[1].isdigit() or len(stop[1]) == 1 or stop[1] in rules.abbreviations)
        for stop in _FULL_STOP.finditer(lead)
    )


def _begins_sentence(text: str, at: int) -> bool:
    """Say whether a full sentence may begin here: a capital or a figure, perhaps behind an opening mark."""
    if text[at] in OPENING_MARKS + CLOSING_MARKS:
        at += 1
    return at < len(text) and (text[at].isupper() or text[at].isdigit())

"""German that was left over: a sentence that came back as it was, or words of it inside an English one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Severity
from newsbridge.fidelity.checks.names import WORD
from newsbridge.fidelity.pairs import Pair
from newsbridge.languages import Language
from newsbridge.spans import Span

LEFT_OVER = 0.6  # part of the small words of the source that stand in the target as they are
TELLING = 4  # small words there must be to say so
RUN = 2  # words in a row, one of them small, that are German and stand in the target


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for a sentence, or words of it, that came back in the source's language."""
    small = [word for word in WORD.findall(pair.text) if word.islower() and len(word) > 2]
    there = WORD.findall(pair.target)
    if len(small) >= TELLING and sum(word in set(there) for word in small) >= LEFT_OVER * len(small):
        message = f"The sentence came back in {pair.source_language.name}."
        yield pair.finding(FindingKind.RESIDUE_SOURCE, Severity.WARNING, message)
        return
    span = _german(pair)
    if span is not None:
        message = f"Left in {pair.source_language.name}: {span.of(pair.target)}."
        yield pair.finding(FindingKind.RESIDUE_SOURCE, Severity.WARNING, message, target=span)


def _german(pair: Pair) -> Span | None:
    """Return the words of the source that stand in the target though no English has them, outside its marks."""
    language: Language = pair.source_language
    known = set(language.table("summary")["stopwords"].split())
    english = {*pair.small, *pair.target_language.table("fidelity")["lookalikes"].split()}
    ours = {word for word in WORD.findall(pair.text) if word.islower()}
    for match in re.finditer(WORD, pair.target):
        word = match.group()
        if any(span.holds(Span(*match.span())) for span in pair.found):
            continue
        umlaut = word.islower() and any(letter in "äöüß" for letter in word)
        if word in ours and ((word in known and word not in english and len(word) > 2) or umlaut):
            return Span(*match.span())
    return None

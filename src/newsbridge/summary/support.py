"""Whether a sentence of a summary says no more than the segments it cites."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsbridge.article import QuoteKind
from newsbridge.summary import Sentence
from newsbridge.summary.evidence import Evidence, unmarked
from newsbridge.summary.naming import alike, capitalised
from newsbridge.summary.rules import simple

_FIGURE = re.compile(r"\d+(?:[.,’'\u00a0\u202f ]\d{3})*(?:[.,]\d+)?")
_QUOTED = re.compile(r"“([^“”]*)”|«([^«»]*)»|\"([^\"]*)\"")
_AFTER_STOP = re.compile(r"(?:^|[.!?:…][”»“\"]?\s+)[“«\"‘]?(\w+)")
_MOST_NAMES = 400  # capitalised words of the evidence a name is compared with


def supported(sentence: Sentence, evidence: Evidence) -> bool:
    """Say whether a sentence stands on what it cites; see :func:`faults`."""
    return next(faults(sentence, evidence), None) is None


def faults(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    """Yield what a sentence says beyond the segments it cites, in an editor's words; nothing if it is sound.

    Looked at are: that every cited segment exists and has a translation; figures; names (capitalised words, but
    for the first of a sentence); what stands in quotation marks, which the cited translations must have in marks
    too; and that whoever is quoted or reported there is named.
    """
    missing = [id_ for id_ in sentence.segments if not evidence.target(id_)]
    if missing or not sentence.segments:
        yield f"{', '.join(missing) or 'no segment'} is cited and not in the record"
        return
    targets = " ".join(evidence.target(id_) for id_ in sentence.segments)
    yield from _figures(sentence.text, targets)
    yield from _names(sentence, evidence, targets)
    yield from _quoted(sentence, evidence, targets)
    yield from _unattributed(sentence, evidence)


def _figures(text: str, targets: str) -> Iterator[str]:
    known = {_digits(found.group()) for found in _FIGURE.finditer(targets)}
    for found in _FIGURE.finditer(text):
        if _digits(found.group()) not in known:
            yield f"the figure {found.group()} is in none of the cited segments"


def _digits(figure: str) -> str:
    return re.sub(r"\D", "", figure)


def _names(sentence: Sentence, evidence: Evidence, targets: str) -> Iterator[str]:
    speakers = {
        each.speaker.name
        for id_ in sentence.segments
        for each in evidence.said.get(id_, ())
        if each.speaker and each.speaker.name
    }
    voices = {evidence.voice.get(id_, "") for id_ in sentence.segments}
    known = list(dict.fromkeys(capitalised(" ".join([targets, *sorted(speakers), *sorted(voices)]))))[:_MOST_NAMES]
    first = {found.group(1) for found in _AFTER_STOP.finditer(sentence.text)}
    for word in dict.fromkeys(capitalised(sentence.text)):
        if word not in first and word not in known and not any(alike(word, other) for other in known):
            yield f"the name {word} is in none of the cited segments"


def _quoted(sentence: Sentence, evidence: Evidence, targets: str) -> Iterator[str]:
    said = [
        unmarked(span.of(evidence.translations[id_].target))
        for id_ in sentence.segments
        for each in evidence.said.get(id_, ())
        if each.kind is QuoteKind.DIRECT
        for span in evidence.spans(each, id_)
    ]
    said += [_inner(found) for found in _QUOTED.finditer(targets)]
    words = [_bare(" ".join(said)), *map(_bare, said)]
    for found in _QUOTED.finditer(sentence.text):
        if not any(_bare(_inner(found)) in each for each in words):
            yield f"“{_inner(found)}” does not stand in quotation marks in the cited segments"


def _inner(found: re.Match[str]) -> str:
    return next(each for each in found.groups() if each is not None)


def _bare(text: str) -> str:
    """Return the words between blanks: punctuation at the end of a quotation is the house's, not the speaker's."""
    return " " + " ".join(re.findall(r"[\w’'-]+", simple(text))) + " "


def _unattributed(sentence: Sentence, evidence: Evidence) -> Iterator[str]:
    for id_ in sentence.segments:
        said = evidence.said.get(id_, ())
        credited = [each for each in said if evidence.credits(sentence.text, each, id_)]
        for each in said:
            if each not in credited and (each.speaker is not None or not credited):
                yield f"{each.id} is somebody's words, and the sentence does not say whose"
        if id_ in evidence.hearsay and not evidence.frames.doubts(sentence.text):
            yield f"{id_} is hearsay, and the sentence tells it as a fact"

"""Summaries a model writes: every sentence is checked against what it cites, written once more, or not taken.

What a model may write is decided here, who writes is a :class:`Scribe`: a sequence-to-sequence checkpoint or a chat
model.  A sentence that is not taken is replaced by the extractive one, which says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from newsbridge.article import Article, FindingKind, Ledger, Rendering, SectionKind, Severity, Translation
from newsbridge.errors import NewsbridgeError
from newsbridge.summary import Brief, SectionSummary, Sentence, Summary
from newsbridge.summary.evidence import RUNNING, Evidence
from newsbridge.summary.extractive import Extractive
from newsbridge.summary.rules import WORD, simple
from newsbridge.summary.style import Style
from newsbridge.summary.support import faults

OWN = 0.5  # part of the content words of a sentence that its evidence must have
MOST = 12  # words more than asked for that are let pass
CITED = 4  # segments a sentence may cite


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the article as a scribe sees it: its translation, and whose words it reports."""

    id: str
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence a scribe wrote, and the segments it says it rests on; none where a scribe cannot say."""

    text: str
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What a scribe is asked for: ``kind`` is section, brief or headline; ``faults`` of the answer before, if any."""

    kind: str
    lines: tuple[Line, ...]
    sentences: int
    words: int
    faults: tuple[str, ...] = ()


class Scribe(Protocol):
    """Who writes."""

    name: str

    def write(self, orders: Sequence[Order]) -> list[tuple[Draft, ...]]:
        """Write what is ordered, in order; an answer that cannot be used at all is empty.

        Raises:
            EngineError: if nothing can be written any more.
        """
        ...


@dataclass
class _Job:
    """One order and what came of it."""

    order: Order
    section: str = ""
    taken: list[Sentence] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Written:
    """A summariser that lets a model write.

    Args:
        scribe: Who writes.
        style: How much.
        target: BCP 47 tag of the target language.
    """

    def __init__(self, scribe: Scribe, style: Style | None = None, target: str = "en") -> None:
        self.scribe = scribe
        self.name = scribe.name
        self.style = style or Style()
        self.target = target
        self.extractive = Extractive(target, self.style)

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the record says of it."""
        return {**self.style.document(), **getattr(self.scribe, "settings", {})}

    def summarise(
        self,
        article: Article,
        ledger: Ledger,
        translations: Mapping[str, Translation],
        renderings: Mapping[str, Rendering],
    ) -> Summary:
        """Summarise each section that has running text, and the article; see :class:`~newsbridge.summary.Summarizer`.

        Raises:
            PromptError: if a prompt cannot be filled.
        """
        plain = self.extractive.summarise(article, ledger, translations, renderings)
        evidence = Evidence(article, ledger, translations, renderings, target=self.target)
        jobs = self._jobs(article, evidence)
        if not jobs:
            return plain
        failure = self._work(jobs, evidence)
        sections = {job.section: job for job in jobs if job.order.kind == "section"}
        found = tuple(
            replace(each, sentences=self._settled(sections.get(each.section), each.sentences, failure))
            for each in plain.sections
        )
        written = {section: job.taken for section, job in sections.items() if job.taken}
        missing = [
            SectionSummary(section, tuple(taken))
            for section, taken in written.items()
            if section not in {each.section for each in plain.sections}
        ]
        order = {section.id: number for number, section in enumerate(article.sections)}
        head = next(job for job in jobs if job.order.kind == "headline")
        points = next(job for job in jobs if job.order.kind == "brief")
        headline = plain.brief.headline
        if head.taken:
            headline = head.taken[0]
        elif headline is not None:
            headline = self._settled(head, (headline,), failure)[0]
        return Summary(
            tuple(sorted([*found, *missing], key=lambda each: order.get(each.section, 0))),
            Brief(headline, self._settled(points, plain.brief.points, failure), plain.brief.quotes),
        )

    def _jobs(self, article: Article, evidence: Evidence) -> list[_Job]:
        style = self.style
        jobs: list[_Job] = []
        every: list[Line] = []
        for section in article.sections:
            lines = tuple(_lines(section.id, evidence))
            every += lines
            if lines and section.kind is not SectionKind.FRONT:
                order = Order("section", lines, style.section_sentences(len(lines)), style.words)
                jobs.append(_Job(order, section.id))
        if not every:
            return []
        points = style.brief_points(len(every))
        jobs.append(_Job(Order("headline", tuple(every[:6]), 1, style.headline)))
        jobs.append(_Job(Order("brief", tuple(every), points, style.words)))
        return jobs

    def _work(self, jobs: list[_Job], evidence: Evidence) -> str:
        """Have every order written, and once more what cannot be used; return why nothing could be written, if so."""
        waiting = jobs
        for _ in range(2):
            try:
                answers = self.scribe.write([replace(job.order, faults=tuple(job.faults)) for job in waiting])
            except NewsbridgeError as error:
                return error.message
            for job, drafts in zip(waiting, answers, strict=True):
                job.taken, job.faults = self._judge(drafts, job.order, evidence)
            waiting = [job for job in waiting if not job.taken or job.faults]
            if not waiting:
                break
        return ""

    def _judge(self, drafts: Sequence[Draft], order: Order, evidence: Evidence) -> tuple[list[Sentence], list[str]]:
        """Return the sentences that may be taken, and what is wrong with the others."""
        taken: list[Sentence] = []
        wrong: list[str] = [] if drafts else ["there was no answer that could be read"]
        for draft in drafts[: order.sentences]:
            text = " ".join(draft.text.split())
            text = text.rstrip(".") if order.kind == "headline" else text
            sentence = Sentence(text, draft.segments or _evidence(text, order.lines), self.name)
            fault = next(self._faults(sentence, order, evidence), None)
            if fault is None and text.casefold() not in {each.text.casefold() for each in taken}:
                taken.append(replace(sentence, attribution=_attribution(sentence, evidence)))
            elif fault is not None:
                wrong.append(fault)
        return taken, wrong

    def _faults(self, sentence: Sentence, order: Order, evidence: Evidence) -> Iterator[str]:
        known = {line.id: line for line in order.lines}
        if not WORD.search(sentence.text):
            yield "the sentence is empty"
            return
        if any(id_ not in known for id_ in sentence.segments) or not sentence.segments:
            yield f"it cites {', '.join(sentence.segments) or 'nothing'}, which is not among the segments given"
            return
        if len(sentence.segments) > CITED:
            yield f"it cites {len(sentence.segments)} segments, more than {CITED}"
        words = WORD.findall(sentence.text)
        if len(words) > order.words + MOST:
            yield f"it has {len(words)} words, more than {order.words}"
        yield from faults(sentence, evidence)
        ours, theirs = _content(sentence.text), _content(" ".join(known[id_].text for id_ in sentence.segments))
        own = [word for word in ours if word in theirs]
        if ours and len(own) < OWN * len(ours):
            other = next(word for word in ours if word not in theirs)
            yield f"most of it, for example {other!r}, is in none of the cited segments"

    def _settled(self, job: _Job | None, plain: tuple[Sentence, ...], failure: str) -> tuple[Sentence, ...]:
        """Return what was written, or the extractive sentences with the reason why."""
        if job is None:
            return plain
        if job.taken:
            return tuple(job.taken)
        reason = failure or (job.faults[0] if job.faults else "nothing was written")
        return tuple(replace(each, reason=f"{self.name}: {reason}"[:300]) for each in plain)


def _lines(section: str, evidence: Evidence) -> Iterator[Line]:
    """Yield the sentences of a section that a summary may rest on: translated, without an error."""
    for segment in evidence.order:
        block = evidence.block[segment.id]
        if not segment.id.startswith(f"{section}.") or block.kind not in RUNNING:
            continue
        translation = evidence.translations.get(segment.id)
        if translation is None or not WORD.search(translation.target):
            continue
        bad = (each for each in translation.findings if each.severity is Severity.ERROR)
        if any(each.kind is not FindingKind.CLAIM_AS_FACT for each in bad):
            continue
        said = (each.speaker.name for each in evidence.said.get(segment.id, ()) if each.speaker)
        yield Line(segment.id, translation.target.strip(), next((name for name in said if name), None))


def _content(text: str) -> list[str]:
    """Return the words of a text that say something, cut to their beginnings: "mayors" is "mayor"."""
    words = (simple(found.group()) for found in WORD.finditer(text))
    return [word[:6].rstrip("s") for word in words if len(word) > 3 or any(sign.isdigit() for sign in word)]


def _evidence(text: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """Find the segments a sentence rests on: those that have its words, as few as cover them."""
    wanted = set(_content(text))
    found: list[Line] = []
    has = {line.id: set(_content(line.text)) for line in lines}
    while wanted and len(found) < 3:
        best = max(lines, key=lambda line: len(has[line.id] & wanted), default=None)
        if best is None or len(has[best.id] & wanted) < (1 if not found else 2):
            break
        found.append(best)
        wanted -= has[best.id]
    order = {line.id: number for number, line in enumerate(lines)}
    return tuple(line.id for line in sorted(found, key=lambda line: order[line.id]))


def _attribution(sentence: Sentence, evidence: Evidence) -> str | None:
    for id_ in sentence.segments:
        for each in evidence.said.get(id_, ()):
            if evidence.credits(sentence.text, each, id_):
                return each.id
    return None


def sentences(text: str) -> list[str]:
    """Divide what a model wrote, in English, into sentences.

    Example:
        >>> sentences("Mr. Moser spoke. “It holds,” he said. It cost 1.5 million!")
        ['Mr. Moser spoke.', '“It holds,” he said.', 'It cost 1.5 million!']
    """
    parts = _END.split(" ".join(text.split()))
    return [each for each in (part.strip() for part in parts) if each]


_END = re.compile(
    r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\b[A-Z]\.)(?<=[.!?…”\"])(?<![,;:]”)\s+(?=[“\"A-Z])"
)

"""What a summary can choose from: the sentences of the running text, weighed, and what each could show."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from newsbridge.article import BlockKind, FindingKind, Section, Severity
from newsbridge.summary.evidence import RUNNING, Evidence
from newsbridge.summary.ranking import Vector, centrality, cosine, weigh
from newsbridge.summary.rules import WORD

CURED = FindingKind.CLAIM_AS_FACT  # by the speaker's name, which a summary never leaves out
SHORT, BRIEF, LONG, TOO_LONG = 5, 8, 30, 42  # words of a sentence in the source


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the running text as the choice sees it."""

    id: str
    section: str
    block: str
    number: int  # in the article
    place: int  # in the section
    source: str
    vector: Vector
    here: float  # centrality in the section, 0 to 1
    central: float  # centrality in the article, 0 to 1
    titled: float  # likeness to the heading or headline above it


@dataclass(frozen=True, slots=True)
class Unit:
    """What can be chosen: a sentence, or one that points back together with the one before it."""

    lines: tuple[Line, ...]
    text: str
    attribution: str | None
    voice: str  # whose words they are, "" for the paper's own
    loose: bool  # begins with a connective; only for want of a better one
    merit: float  # in any choice: length, form

    @property
    def last(self) -> Line:
        """The sentence it was chosen for."""
        return self.lines[-1]


class Candidates:
    """The sentences of an article: weighed once, then chosen from.

    Attributes:
        lines: Every sentence of the running text, in order.
        by_id: The same, by segment id.
        units: What each section offers.
        sizes: How many sentences each section has.
    """

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.speaker = {each.id: each.speaker for each in evidence.ledger.quotations}
        self.lines = self._weigh()
        self.by_id = {line.id: line for line in self.lines}
        self.units: dict[str, list[Unit]] = defaultdict(list)
        before: Line | None = None
        for line in self.lines:
            self.units[line.section] += self._units(line, before)
            before = line
        self.sizes = Counter(line.section for line in self.lines)

    def _weigh(self) -> list[Line]:
        article, rules = self.evidence.article, self.evidence.rules
        running: list[tuple[Section, str, str, str]] = []
        for section in article.sections:
            for block in section.blocks:
                if block.kind in RUNNING:
                    running += ((section, block.id, each.id, article.words(each.span)) for each in block.segments)
        headings = {each.id: rules.terms(article.words(each.heading.span)) for each in article.sections if each.heading}
        top = [
            term
            for block in article.blocks()
            if block.kind in (BlockKind.HEADLINE, BlockKind.KICKER)
            for term in rules.terms(article.words(block.span))
        ]
        documents = [rules.terms(text) for *_, text in running]
        vectors = weigh([*documents, *([*terms, *top] for terms in headings.values()), top])
        titles = dict(zip(headings, vectors[len(documents) :], strict=False))
        central = centrality(vectors[: len(documents)])
        here: list[float] = []
        places: list[int] = []
        start = 0
        for section in article.sections:
            end = start
            while end < len(running) and running[end][0] is section:
                end += 1
            here += central if end - start == len(running) else centrality(vectors[start:end])
            places += range(end - start)
            start = end
        return [
            Line(
                id_,
                section.id,
                block,
                number,
                places[number],
                text,
                vectors[number],
                here[number],
                central[number],
                cosine(vectors[number], titles.get(section.id, vectors[-1])),
            )
            for number, (section, block, id_, text) in enumerate(running)
        ]

    # ----------------------------------------------------------------------------------------- candidates

    def _units(self, line: Line, before: Line | None) -> list[Unit]:
        """Return what a sentence offers: itself, or itself with the one before it."""
        if not self.sound(line):
            return []
        rules = self.evidence.rules
        if not rules.leans(line.source):
            return self._unit((line,))
        found = [] if rules.leans(line.source, on_names=True) else self._unit((line,), loose=True)
        if before and before.block == line.block and self.sound(before) and not rules.leans(before.source):
            found += self._unit((before, line))
        return found

    def sound(self, line: Line) -> bool:
        """Say whether a sentence states something, and its translation can be shown."""
        translation = self.evidence.translations.get(line.id)
        if translation is None or not (WORD.search(translation.target) and WORD.search(line.source)):
            return False
        if line.source.rstrip("»«“”’").endswith("?"):
            return False
        if any(each.severity is Severity.ERROR and each.kind is not CURED for each in translation.findings):
            return False
        return 0.45 <= (len(translation.target) + 15) / (len(line.source) + 15) <= 2.2

    def warned(self, line: Line) -> bool:
        """Say whether an editor has to look at the translation of a sentence before using it."""
        findings = self.evidence.translations[line.id].findings
        return any(each.severity is not Severity.INFO and each.kind is not CURED for each in findings)

    def _unit(self, lines: tuple[Line, ...], *, loose: bool = False) -> list[Unit]:
        evidence = self.evidence
        derived = evidence.derive([line.id for line in lines])
        if derived is None:
            return []
        text, attribution = derived
        pieces = [piece for line in lines if (piece := evidence.piece(line.id))]
        spoken = any(piece.lead for piece in pieces)
        merit = sum(map(self._merit, lines)) / len(lines) - 0.15 * (len(lines) - 1) - 0.15 * spoken - 0.5 * loose
        return [Unit(lines, text, attribution, self._voice(attribution), loose, merit)]

    def _merit(self, line: Line) -> float:
        """Weigh the form of a sentence: its length, whether it goes on from another, whether it is a list item."""
        words = len(WORD.findall(line.source))
        merit = -0.6 if words < SHORT else -0.2 if words < BRIEF else 0.0
        merit -= 0.4 if words > TOO_LONG else 0.1 if words > LONG else 0.0
        merit -= 0.4 * self.evidence.rules.goes_on(line.source) + 0.3 * self.warned(line)
        return merit - 0.2 * (self.evidence.block[line.id].kind is BlockKind.LIST_ITEM)

    def _voice(self, quotation: str | None) -> str:
        return self.evidence.names.key(self.speaker.get(quotation or "")) or ""

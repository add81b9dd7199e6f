"""The extractive summariser: it chooses sentences in the source language and shows their translation.

Choosing on the source side keeps the choice independent of how good the translation is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from newsbridge.article import Article, BlockKind, Ledger, Rendering, SectionKind, Translation
from newsbridge.summary import Brief, SectionSummary, Sentence, Summary, keyquotes
from newsbridge.summary.candidates import Candidates, Unit
from newsbridge.summary.evidence import Evidence
from newsbridge.summary.ranking import likest
from newsbridge.summary.style import Style

REDUNDANCY = 0.7  # what likeness to a chosen sentence costs
REPEATED = 0.7  # from this likeness on it says the same thing again; then it costs twice as much and more
SAME_SECTION = 0.25  # what a second point from one section costs, and a third again
SAME_VOICE = 0.15
LONGEST_HEADLINE = 24  # words


class Extractive:
    """Chooses the sentences that stand for the rest; needs no model.

    Args:
        target: BCP 47 tag of the target language.
        style: How many sentences and points.
    """

    name = "extractive"

    def __init__(self, target: str = "en", style: Style | None = None) -> None:
        self.target = target
        self.style = style or Style()

    @property
    def settings(self) -> Mapping[str, Any]:
        """What the record says of it."""
        return self.style.document()

    def summarise(
        self,
        article: Article,
        ledger: Ledger,
        translations: Mapping[str, Translation],
        renderings: Mapping[str, Rendering],
    ) -> Summary:
        """Summarise each section that has running text, and the article; see :class:`~newsbridge.summary.Summarizer`.

        Equal arguments give equal summaries; the time is linear in the length of the article.
        """
        evidence = Evidence(article, ledger, translations, renderings, target=self.target)
        desk = _Desk(candidates := Candidates(evidence), self.style)
        sections = []
        for section in article.sections:
            if section.kind is not SectionKind.FRONT and (chosen := desk.section(section.id)):
                sections.append(SectionSummary(section.id, tuple(self._sentence(unit) for unit in chosen)))
        headline, points = desk.points()
        return Summary(
            tuple(sections),
            Brief(
                None if headline is None else Sentence(headline[0], headline[1], self.name, headline[2]),
                tuple(self._sentence(unit) for unit in points),
                keyquotes.choose(candidates),
            ),
        )

    def _sentence(self, unit: Unit) -> Sentence:
        return Sentence(unit.text, tuple(line.id for line in unit.lines), self.name, unit.attribution)


class _Desk:
    """One article on the desk: its headline, its points, its sections."""

    def __init__(self, candidates: Candidates, style: Style) -> None:
        self.candidates = candidates
        self.style = style
        self.evidence = candidates.evidence

    def section(self, section: str) -> list[Unit]:
        """Choose one or two sentences for a section; none where nothing in it can be shown."""
        units = self.candidates.units.get(section, [])
        wanted = self.style.section_sentences(self.candidates.sizes[section])

        def worth(unit: Unit) -> float:
            scores = [line.here + 0.4 / (1 + line.place) + 0.3 * line.titled for line in unit.lines]
            return sum(scores) / len(scores) + unit.merit

        firm = [unit for unit in units if not unit.loose]
        return self._choose(firm or units, worth, wanted, sentences=max(2, wanted))

    def points(self) -> tuple[tuple[str, tuple[str, ...], str | None] | None, list[Unit]]:
        """Choose headline (text, evidence, attribution) and points."""
        units = [unit for each in self.candidates.units.values() for unit in each if not unit.loose]
        wanted = self.style.brief_points(len(self.candidates.lines))
        headline = self._printed_headline()
        lead: Unit | None = None
        if headline is None and (lead := self._lead(units)):
            derived = self.evidence.derive([line.id for line in lead.lines], headline=True)
            if derived:
                headline = derived[0], tuple(line.id for line in lead.lines), derived[1]
        rest = [unit for unit in units if lead is None or lead.last not in unit.lines]
        return headline, self._choose(rest, self._worth, wanted, spread=True) or ([lead] if lead else [])

    def _worth(self, unit: Unit) -> float:
        first = unit.lines[0]
        teasing = first.place == 0 and self.evidence.block[first.id].kind is BlockKind.TEASER
        scores = [
            0.6 * line.central + 0.4 * line.here + 0.2 / (1 + line.place) + 0.3 / (1 + line.number) + 0.3 * line.titled
            for line in unit.lines
        ]
        return sum(scores) / len(scores) + unit.merit + 0.3 * teasing

    def _printed_headline(self) -> tuple[str, tuple[str, ...], str | None] | None:
        for block in self.evidence.article.blocks():
            if block.kind is BlockKind.HEADLINE and block.segments:
                ids = tuple(segment.id for segment in block.segments)
                derived = self.evidence.derive(ids, headline=True)
                return (derived[0], ids, derived[1]) if derived else None
        return None

    def _lead(self, units: Sequence[Unit]) -> Unit | None:
        """Return the sentence that comes nearest to a headline: the paper's own words, short, one sentence."""

        def worth(unit: Unit) -> float:
            words = len(unit.text.split())
            return self._worth(unit) - 0.04 * max(0, words - LONGEST_HEADLINE) - 0.3 * bool(unit.attribution)

        single = [unit for unit in units if len(unit.lines) == 1]
        return max(single, key=lambda unit: (worth(unit), -unit.last.number), default=None)

    def _choose(
        self,
        units: Sequence[Unit],
        worth: Callable[[Unit], float],
        wanted: int,
        *,
        sentences: int | None = None,
        spread: bool = False,
    ) -> list[Unit]:
        """Choose units one by one, each as good and as new as can be (maximal marginal relevance).

        Args:
            units: To choose from.
            worth: How good one is on its own.
            wanted: How many at most.
            sentences: How many sentences they may have together; None is no limit.
            spread: Prefer sections and voices that are not there yet.

        Returns:
            The chosen, in order of the article.
        """
        scored = [(worth(unit), unit) for unit in units]
        chosen: list[Unit] = []
        while len(chosen) < wanted:
            taken = {line.id for unit in chosen for line in unit.lines}
            vectors = [line.vector for unit in chosen for line in unit.lines]
            sections = Counter(unit.last.section for unit in chosen)
            voices = Counter(unit.voice for unit in chosen if unit.voice)
            best: tuple[float, Unit] | None = None
            for score, unit in scored:
                if any(line.id in taken for line in unit.lines):
                    continue
                if sentences is not None and len(taken) + len(unit.lines) > sentences:
                    continue
                like = max(likest(line.vector, vectors) for line in unit.lines)
                score -= REDUNDANCY * like + (like > REPEATED)
                if spread:
                    score -= SAME_SECTION * sections[unit.last.section] + SAME_VOICE * voices[unit.voice]
                if best is None or score > best[0]:
                    best = score, unit
            if best is None:
                break
            chosen.append(best[1])
        return sorted(chosen, key=lambda unit: unit.lines[0].number)

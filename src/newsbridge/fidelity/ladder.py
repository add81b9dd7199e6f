"""The ladder that keeps quotations through a translation: prepare, choose, align, split, say so.

Each rung is tried only for the segments that failed the one above, all of them in one call.  What is still wrong then
is left to the checks to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from newsbridge.alignment import Aligner, Alignment, align
from newsbridge.article import Origin
from newsbridge.engines import Hypothesis, Request, Translator
from newsbridge.fidelity import inner, placing, rendering, splitting
from newsbridge.fidelity.marking import bare, laid_bare, mark
from newsbridge.fidelity.pairs import inside
from newsbridge.fidelity.sides import Side
from newsbridge.fidelity.style import PLAIN, plain, settle
from newsbridge.fidelity.verbatim import verbatim, with_signs
from newsbridge.languages import Language
from newsbridge.spans import Span

NEAR = 3  # words between the end of a run and the question mark it should end with
LOOSE = (",", ".")  # signs with a blank before them
TRIES = 4  # hypotheses per segment that the rung "align" looks at


@dataclass(frozen=True)
class Draft:
    """A segment on its way up the ladder: its target with plain marks, and what has been done to it."""

    side: Side
    text: str
    origin: Origin
    rest: tuple[str, ...] = ()  # every hypothesis, best first
    complete: bool = True  # the engine came to an end
    engine: str = ""  # who translated it, where that was not the engine that was asked

    @property
    def fits(self) -> bool:
        """Whether it has the marks of its side, and no others."""
        return self.text.count(PLAIN) == 2 * self.side.pairs


@dataclass(frozen=True)
class Ladder:
    """What the rungs need; ``flaws`` counts the errors and warnings of a segment's text with plain marks."""

    translator: Translator
    aligner: Aligner | None
    source: Language
    target: Language
    flaws: Callable[[Side, str], tuple[int, int]]
    american: bool = True  # commas and full stops stand inside the marks

    def climb(self, every: Sequence[Side], answers: Sequence[Sequence[Hypothesis]]) -> list[Draft]:
        """Take every segment up, as far as it must.

        Raises:
            EngineError: if the engine or the aligner fails.
        """
        drafts = [self.choose(side, hypotheses) for side, hypotheses in zip(every, answers, strict=True)]
        for rung in (self.align, self.split):
            failed = [number for number, draft in enumerate(drafts) if not draft.fits and draft.rest]
            for number, mended in zip(failed, rung([drafts[number] for number in failed]), strict=True):
                if mended is not None:
                    drafts[number] = mended
        return self.inner([self.settled(draft) for draft in drafts])

    def choose(self, side: Side, hypotheses: Sequence[Hypothesis]) -> Draft:
        """Take the first hypothesis with the fewest flaws, wrong marks weighing most, then errors.

        What a person approved is taken as it is.
        """
        if hypotheses and hypotheses[0].approved:
            return Draft(side, hypotheses[0].text, Origin.MEMORY)
        deep = len(inner.wanted(side)[1]) if side.pairs else 0
        texts = tuple(inner.lowered(plain(each.text), side.pairs, deep) for each in hypotheses)
        best, least, chosen = "", (99, 99, 99), 0
        for rank, (text, hypothesis) in enumerate(zip(texts, hypotheses, strict=True)):
            fits = text.count(PLAIN) == 2 * side.pairs
            errors, warnings = self.flaws(side, text)
            flaws = (0 if fits else 1, errors + (not hypothesis.complete), warnings)
            if flaws < least:
                best, least, chosen = text, flaws, rank
            if flaws == (0, 0, 0):
                break
        rest = tuple(text for text in texts if text.strip())
        origin = Origin.CHOOSE if chosen else Origin.MODEL
        if not hypotheses:
            return Draft(side, best, origin, rest)
        return Draft(side, best, origin, rest, hypotheses[chosen].complete, hypotheses[chosen].engine)

    def settled(self, draft: Draft) -> Draft:
        """Take off marks without partner, and all of them where the source has none."""
        if draft.origin is Origin.MEMORY:
            return draft
        text = settle(draft.text, draft.side.places)
        return draft if text == draft.text else replace(draft, text=text, origin=Origin.CHOOSE)

    def align(self, drafts: Sequence[Draft]) -> Iterator[Draft | None]:
        """Take every mark off and set those of the source round the words that render theirs."""
        tried = [
            (number, bare(text))
            for number, draft in enumerate(drafts)
            for text in dict.fromkeys((draft.text, *draft.rest[:TRIES]))
        ]
        pairs = [(laid_bare(drafts[number].side.request)[0], text) for number, text in tried]
        aligned = align(pairs, self.aligner) if self.aligner is not None else [None] * len(pairs)
        mended: dict[int, Draft] = {}
        for (number, _), pair, alignment in zip(tried, pairs, aligned, strict=True):
            if number in mended:
                continue
            marked = self.marked(drafts[number].side, pair, alignment, least=drafts[number].text.count(PLAIN) // 2)
            if marked is not None:
                origin = Origin.ALIGN if drafts[number].side.pairs else Origin.CHOOSE  # marks only taken off
                mended[number] = replace(drafts[number], text=marked, origin=origin)
        yield from (mended.get(number) for number in range(len(drafts)))

    def marked(self, side: Side, texts: tuple[str, str], alignment: Alignment | None, *, least: int) -> str | None:
        """Set the marks of a side into a bare target text; None where they cannot or must not be set.

        Where some of several pairs cannot, the others are set if they are more than the ``least`` there are already.
        """
        if side.pairs == 0:
            return texts[1]
        if alignment is None:
            return None
        spans: list[Span] = []
        set_: list[str] = []
        _, quoted = laid_bare(side.request)
        if len(quoted) != side.pairs:
            return None
        for pair in quoted:
            there = self._where(texts, alignment, pair)
            if there is None or any(there.meets(each) for each in spans):
                continue
            spans.append(there)
            set_.append(pair.of(texts[0]))
        if len(spans) < len(quoted) and (len(spans) <= least or side.begins_inside or side.ends_inside):
            return None
        if (side.begins_inside and spans[0].start != alignment.target[0].start) or (
            side.ends_inside and spans[-1].end != alignment.target[-1].end
        ):
            return None
        if spans != sorted(spans) and (side.begins_inside or side.ends_inside):
            return None
        return mark(texts[1], spans, set_, american=self.american)

    def _where(self, texts: tuple[str, str], alignment: Alignment, quoted: Span) -> Span | None:
        """Return the whole target words that render the quoted ones, or are the same; None where none do."""
        same = verbatim(texts[0], quoted, texts[1], self.lookalikes)
        if same is not None:
            return with_signs(texts[1], same)
        within = set(inside(texts[0], alignment.source, quoted))
        flags = [at in within for at in range(len(alignment.source))]
        run = (0, len(alignment.target)) if all(flags) else placing.place(alignment, texts, flags, self.small)
        run = _snapped(run, alignment, texts, quoted.of(texts[0]).rstrip()[-1:])
        run = _announced(run, alignment, texts, texts[0][: quoted.start].rstrip()[-1:])
        if run is None or rendering.refusal(alignment, texts, sorted(within), run, self.grammar) is not None:
            return None
        first, last = run[0], run[1] - 1
        while last > first and alignment.target[last].of(texts[1]) in LOOSE:
            last -= 1
        return Span(alignment.target[first].start, alignment.target[last].end)

    def inner(self, drafts: list[Draft]) -> list[Draft]:
        """Set the marks of quotations inside quotations again, where all of them were lost."""
        lacking = [
            (number, *inner.wanted(draft.side))
            for number, draft in enumerate(drafts)
            if draft.side.pairs and draft.fits and draft.origin is not Origin.MEMORY and inner.lost(draft.text)
        ]
        lacking = [each for each in lacking if each[2]]
        if not lacking or self.aligner is None:
            return drafts
        pairs = [(text, drafts[number].text) for number, text, _ in lacking]
        for (number, _, quoted), texts, alignment in zip(lacking, pairs, align(pairs, self.aligner), strict=True):
            spans = [self._where(texts, alignment, span) for span in quoted]
            found = [span for span in spans if span is not None]
            text = inner.set_again(texts[1], found) if len(found) == len(spans) else None
            if text is not None:
                drafts[number] = replace(drafts[number], text=text, origin=Origin.ALIGN)
        return drafts

    def split(self, drafts: Sequence[Draft]) -> Iterator[Draft | None]:
        """Translate a whole-sentence quotation and its frame apart, and put them together."""
        parts = [splitting.divide(draft.side) for draft in drafts]
        wanted = list(dict.fromkeys(text for each in parts if each for text in (each.content, each.frame) if text))
        if not wanted:
            yield from [None] * len(drafts)
            return
        code, into = self.source.code, self.target.code
        answers = self.translator.translate([Request(text, code, into, 1) for text in wanted])
        said = {text: bare(plain(answer[0].text)) for text, answer in zip(wanted, answers, strict=True)}
        checked = [(each.content, said[each.content]) for each in parts if each]
        alignments = iter(align(checked, self.aligner))
        for draft, each in zip(drafts, parts, strict=True):
            if each is None:
                yield None
                continue
            alignment = next(alignments)
            texts = (each.content, said[each.content])
            run = (0, len(alignment.target))
            whole = range(len(alignment.source))
            known = self.grammar
            bad = not all(run[1:]) or rendering.refusal(alignment, texts, whole, run, known) is not None
            text = None if bad else splitting.join(each, texts[1], said.get(each.frame, ""), self.reporting)
            yield None if text is None else replace(draft, text=text, origin=Origin.SPLIT)

    @property
    def small(self) -> placing.Small:
        """The small words of both languages."""
        return placing.small(self.source, self.target)

    @property
    def grammar(self) -> rendering.Grammar:
        """Person and negation in both languages."""
        return rendering.grammar(self.source, self.target)

    @cached_property
    def lookalikes(self) -> frozenset[str]:
        """Words of both languages that mean different things, or too little to tell anything."""
        table = self.target.table("fidelity")
        return frozenset(table["lookalikes"].split()) | self.grammar.small

    @property
    def reporting(self) -> frozenset[str]:
        """The words of the target language that say that somebody says so."""
        return frozenset(self.target.table("summary")["reporting"].split())


def _snapped(
    run: tuple[int, int] | None, alignment: Alignment, texts: tuple[str, str], sign: str
) -> tuple[int, int] | None:
    """Let a quotation that asks or calls out end with its own sign, if that stands near the end of the run."""
    if run is None or sign not in ("?", "!"):
        return run
    ends = [at for at, span in enumerate(alignment.target) if texts[1][span.end - 1] == sign and at >= run[0]]
    near = min(ends, key=lambda at: abs(at + 1 - run[1]), default=None)
    return (run[0], near + 1) if near is not None and abs(near + 1 - run[1]) <= NEAR else run


def _announced(
    run: tuple[int, int] | None, alignment: Alignment, texts: tuple[str, str], sign: str
) -> tuple[int, int] | None:
    """Let a quotation behind a colon begin behind the colon of the target, if that stands near the start of the run."""
    if run is None or sign != ":":
        return run
    starts = [at + 1 for at, span in enumerate(alignment.target) if texts[1][span.end - 1] == ":" and at + 1 < run[1]]
    near = min(starts, key=lambda at: abs(at - run[0]), default=None)
    return (near, run[1]) if near is not None and abs(near - run[0]) <= NEAR else run

"""A segment and its target text, as the checks read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from newsbridge.alignment import Alignment, look
from newsbridge.article import Finding, FindingKind, Quotation, Severity
from newsbridge.fidelity import rendering, targetmarks
from newsbridge.fidelity.sides import Side
from newsbridge.glossary import Glossary
from newsbridge.languages import Language
from newsbridge.spans import Span


@dataclass(frozen=True, eq=False)
class Pair:
    """Both sides of a segment.

    ``alignment`` faces the words of ``side.text`` with those of ``target``; None where nothing was aligned, and what
    needs it is not checked.
    """

    side: Side
    target: str
    source_language: Language
    target_language: Language
    alignment: Alignment | None = None
    quotations: tuple[Quotation, ...] = ()  # of the ledger, that meet the segment
    people: tuple[tuple[str, str], ...] = ()  # who else is in the article: name, and whose it is not to be said here
    claims: tuple[str, ...] = ()  # whose reported speech it holds
    glossary: Glossary | None = None
    loose: tuple[Span, ...] = ()  # marks without partner in ``text``: as many may stand in the target

    @property
    def text(self) -> str:
        """The source as a reader reads it."""
        return self.side.text

    @cached_property
    def wanted(self) -> tuple[Span, ...]:
        """The pairs of marks of the source, in ``text``, marks included; none where it lies wholly inside one."""
        if self.side.through:
            return ()
        spans = (self.side.within(span) for span in self.side.marked)
        return tuple(span for span in spans if len(span))

    @cached_property
    def _read(self) -> tuple[tuple[Span, ...], tuple[int, ...]]:
        if self.side.through:  # what is marked in the source too stands inside the quotation
            pairs, strays = targetmarks.read(self.target)
            return pairs[len(targetmarks.read(self.text)[0]) :], strays
        return targetmarks.read(self.target, begins_inside=self.side.begins_inside, ends_inside=self.side.ends_inside)

    @property
    def found(self) -> tuple[Span, ...]:
        """The pairs of marks of the target."""
        return self._read[0]

    @property
    def strays(self) -> tuple[int, ...]:
        """Where marks without partner stand in the target."""
        return self._read[1]

    def titled(self, word: Span) -> bool:
        """Say whether a word of ``text`` stands in a title: in marks, with a capital first, and nobody says it."""
        for span in self.wanted:
            if span.holds(word) and self.text[span.start + 1 : span.start + 2].isupper():
                there = self.side.without(span)
                return not any(each.meets(there) for quotation in self.quotations for each in quotation.spans)
        return False

    @cached_property
    def grammar(self) -> rendering.Grammar:
        """Person, negation and small words of both languages."""
        return rendering.grammar(self.source_language, self.target_language)

    @cached_property
    def source_words(self) -> tuple[str, ...]:
        """The aligned words of the source in small letters, without marks and stops."""
        return tuple(look(span.of(self.text)) for span in self.alignment.source) if self.alignment else ()

    @cached_property
    def target_words(self) -> tuple[str, ...]:
        """Likewise those of the target."""
        return tuple(look(span.of(self.target)) for span in self.alignment.target) if self.alignment else ()

    @cached_property
    def small(self) -> frozenset[str]:
        """Words of the target that carry no content."""
        return frozenset(self.target_language.table("fidelity")["function"].split())

    def finding(
        self,
        kind: FindingKind,
        severity: Severity,
        message: str,
        source: Span | None = None,
        target: Span | None = None,
    ) -> Finding:
        """Make a finding; ``source`` is a stretch of ``text``, all of it by default."""
        where = self.side.without(source) if source is not None else self.side.segment.span
        return Finding(kind, severity, message, where, target, self.side.segment.id)


def core(text: str, word: Span) -> int:
    """Return where the letters of a word begin."""
    return next((at for at in range(word.start, word.end) if text[at].isalnum()), word.start)


def inside(text: str, words: Sequence[Span], span: Span) -> list[int]:
    """Return the indices of the words that stand in a stretch of a text.

    Their letters begin in it, or most of them stand in it, or it has no others.

    Example:
        >>> inside('Er rief zum"Boykott" auf.', [Span(0, 2), Span(3, 7), Span(8, 20), Span(21, 25)], Span(11, 20))
        [2]
    """
    found = [at for at, word in enumerate(words) if word.meets(span) and _mostly(text, word, span)]
    return found or [at for at, word in enumerate(words) if word.start < span.start and span.end < word.end]


def _mostly(text: str, word: Span, span: Span) -> bool:
    if span.start <= core(text, word) < span.end:  # "Abendblatt"-Leser: what stands in marks comes first
        return True
    letters = [at for at in range(word.start, word.end) if text[at].isalnum()]
    return 2 * sum(span.start <= at < span.end for at in letters) >= max(1, len(letters))

"""German sentence ends, undeceived by „am 3. Mai“, „Dr. Kühn“ and „bzw.“.

A point ends a sentence unless something speaks against it; what may speak against it is data in the table
``[sentences]`` of a language: abbreviations, nouns after ordinals, words that begin a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from newsbridge.article import MASK, Article, Block, Section, Segment
from newsbridge.languages import Language
from newsbridge.spans import Span

MAX_WORDS = 80  # of a segment; the embedded model was trained on up to 90
MAX_LENGTH = 700  # code points of a segment
LOOK_BACK = 40  # code points that may speak against an end
LOOK_AHEAD = 40

BLANK = rf"\s{MASK}"
CLOSING = "\"'“”«»‹›‘’)\\]"
OPENING = "\"'„“«»‹›‚‘([–—-"
CANDIDATE = re.compile(  # begins with one set of characters, which is searched fast
    rf"[.!?…\n](?:(?<!\n)[.!?…]*(?P<closers>[{CLOSING}]*)(?P<gap>[{BLANK}]+|$|(?=[^\W\d_]))|(?<=\n)[{BLANK}]*\n[{BLANK}]*)"
)
WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
CHUNK = re.compile(rf"[^{BLANK}]+")
CHAIN = re.compile(rf"(?:(?<![\w.])[^\W\d_]{{1,5}}\.[{BLANK}]?){{1,3}}$")
SHORT = 5  # letters of an abbreviation
ROMAN = re.compile(r"[IVXLCDM]+")
ADDRESS = re.compile(r"www\.|@|://|/\w", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """A language's table ``[sentences]``, ready to be asked."""

    inner: frozenset[str]  # abbreviations after which a sentence always goes on, without blanks
    numbered: frozenset[str]  # abbreviations after which it goes on with a figure
    numbered_endings: tuple[str, ...]  # "Hauptstr. 5"
    final: frozenset[str]  # abbreviations that may end a sentence
    after_ordinal: frozenset[str]
    ordinal_endings: tuple[str, ...]
    before_ordinal: frozenset[str]
    starters: frozenset[str]
    names: frozenset[str]  # "Yahoo!"

    def starts(self, word: str) -> bool:
        """Say whether a word with a capital letter is one that is small inside a sentence."""
        return word.casefold() in self.starters

    def ordinal_noun(self, word: str) -> bool:
        """Say whether a noun goes with an ordinal: "Mai", "Jahrhundert", "Zivilkammer"."""
        low = word.casefold()
        return low in self.after_ordinal or low.endswith(self.ordinal_endings)


@cache
def rules(language: Language) -> Rules:
    """Compile a language's table.

    Raises:
        NewsbridgeError: if the language has no table ``[sentences]``.
    """
    table = language.table("sentences")

    def words(name: str) -> frozenset[str]:
        return frozenset(word.casefold() for word in table[name])

    def abbreviations(name: str) -> frozenset[str]:
        plain = [word.replace(" ", "") for word in table[name]]
        return frozenset([*plain, *(word[0].upper() + word[1:] for word in plain if len(word) > 2)])

    return Rules(
        inner=abbreviations("inner"),
        numbered=abbreviations("numbered"),
        numbered_endings=tuple(table["numbered_endings"]),
        final=abbreviations("final"),
        after_ordinal=words("after_ordinal"),
        ordinal_endings=tuple(sorted(words("ordinal_endings"))),
        before_ordinal=words("before_ordinal"),
        starters=frozenset(" ".join(table["starters"]).casefold().split()),
        names=words("names"),
    )


def split(text: str, language: Language, span: Span | None = None) -> tuple[Span, ...]:
    """Divide a text into sentences.

    Args:
        text: Any text; :data:`~newsbridge.article.MASK` counts as a blank.
        language: Whose rules to follow.
        span: The part of the text to divide, all of it by default.

    Returns:
        Spans in reading order without blanks at their ends; together they hold everything else of ``span``.
        Closing marks and brackets belong to the sentence they close, a frame behind a quotation to its sentence.

    Example:
        >>> from newsbridge import languages
        >>> text = "Am 3. Mai kam Dr. Kühn. «Wir bauen. Sofort!», sagte sie."
        >>> [each.of(text) for each in split(text, languages.load("de"))]
        ['Am 3. Mai kam Dr. Kühn.', '«Wir bauen.', 'Sofort!», sagte sie.']
    """
    known = rules(language)
    start, end = (span.start, span.end) if span else (0, len(text))
    found: list[Span] = []
    begin = start
    for match in CANDIDATE.finditer(text, start, end):
        stop = match.end("closers")
        if stop < 0:  # a blank line
            stop = match.start()
        elif match.end() < end and not _ends(text, match, begin, end, known):
            continue
        _keep(found, text, begin, stop)
        begin = match.end()
    _keep(found, text, begin, end)
    return tuple(found)


def _keep(found: list[Span], text: str, start: int, end: int) -> None:
    """Append what stands between two ends, unless that is nothing."""
    while start < end and (text[start] == MASK or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] == MASK or text[end - 1].isspace()):
        end -= 1
    if end > start:
        found.append(Span(start, end))


def _ends(text: str, match: re.Match[str], begin: int, end: int, known: Rules) -> bool:
    """Decide whether a sentence ends at a candidate that something follows."""
    start, stop = match.span()
    following = text[stop : min(end, stop + LOOK_AHEAD)]
    behind = following.lstrip(OPENING + " ")
    opened = behind != following
    if not behind:
        return True
    if following[0] in ",;:)" or (behind[0].isalpha() and not behind[0].isupper()):
        return False
    closers, marks = match["closers"], text[start : match.end("closers")]
    word = WORD.match(behind)
    following_word = word.group() if word else ""
    before = text[max(begin, start - LOOK_BACK) : start]
    if not match["gap"] and not opened:
        return _glued(before, following_word, marks)
    words = before.replace(MASK, " ").split()
    last = words.pop() if words and not (before[-1] == MASK or before[-1].isspace()) else ""
    if marks[0] in "!?":
        if last.casefold() in known.names:
            return known.starts(following_word)
        return not _embedded(text, match, begin) or opened or known.starts(following_word)
    if marks[0] == "…" or marks.startswith(".."):
        return True
    if closers and not closers[0].isspace() and closers[0] != ")":
        return True
    earlier = words[-1] if words else ""
    return _point_ends(before, earlier, last, following_word, opened, known, at_start=start - begin)


def _glued(before: str, following: str, marks: str) -> bool:
    """Decide about a point with no blank behind it: "Ende.Anfang", but neither "www.bern.ch" nor "z.B."."""
    chunk = before.split()[-1] if before.split() else ""
    if marks[0] in "!?":
        return len(chunk) > 2 and len(following) > 2
    plain = chunk.strip(OPENING)
    return (
        len(plain) > 3
        and plain.isalpha()
        and plain[1:].islower()
        and len(following) > 1
        and following[0].isupper()
        and following[1:].islower()
    )


def _embedded(text: str, match: re.Match[str], begin: int) -> bool:
    """Say whether ? or ! ends a quotation in the middle of a sentence: Die Frage «Warum?» blieb Ende Mai."""
    closers = match["closers"]
    if not closers or closers[0] == ")":
        return False
    inside = text[max(begin, match.start() - 2 * LOOK_BACK) : match.start()]
    opened = max(inside.rfind(mark) for mark in '„“«»"‚‹›')
    return opened > 0 and inside[:opened].rstrip()[-1:].isalnum()


def _point_ends(
    before: str, earlier: str, last: str, following: str, opened: bool, known: Rules, *, at_start: int
) -> bool:
    """Decide about a single point with a blank behind it; ``last`` and ``earlier`` are the words in front of it."""
    word = last.strip(OPENING + CLOSING)
    starts = opened or known.starts(following)
    if not word:
        return True
    if word.isdigit():
        return _number_ends(word, earlier, following, known, starts=starts, first=at_start <= len(word) + 1)
    long = len(before) > SHORT and before[-SHORT - 1 :].isalpha()
    chain = None if long else CHAIN.search(before + ".")
    short = "".join(chain.group().split()).replace(MASK, "") if chain else ""
    for abbreviation in (short, word + "."):
        if abbreviation in known.inner:
            return False
        if following[:1].isdigit() and (
            abbreviation in known.numbered or abbreviation.endswith(known.numbered_endings)
        ):
            return False
        if abbreviation in known.final:
            return starts
    if len(word) == 1 and word.isalpha():
        return word.isupper() and starts
    if ROMAN.fullmatch(word):
        return starts or not known.ordinal_noun(following)
    if word[-2:-1] in ".-" and word[-1].isupper():  # "J.R", "Hans-J"
        return starts
    if ADDRESS.search(word) or "." not in word:
        return True
    return starts or not following


def _number_ends(number: str, before: str, following: str, known: Rules, *, starts: bool, first: bool) -> bool:
    """Decide whether a number with a point is an ordinal or ends the sentence."""
    if following and known.ordinal_noun(following):
        return False
    if first:
        return False
    if len(number) > 3 or starts:
        return True
    if following.isdigit():  # "1. 6. 2022"
        return False
    word = before.strip(OPENING + CLOSING).casefold()
    return word not in known.before_ordinal


def segment(article: Article, language: Language) -> Article:
    """Give every block of an article its segments.

    A heading, caption or list item is divided like a paragraph; a block's label and credit stand in no segment.  A
    sentence of more than 80 words or 700 code points becomes several segments.

    Returns:
        The article with segments ``s2.p1.1``, ``s2.p1.2``, …
    """
    return replace(
        article, sections=tuple(_segment_section(article.plain, section, language) for section in article.sections)
    )


def _segment_section(text: str, section: Section, language: Language) -> Section:
    heading = _segment_block(text, section.heading, language) if section.heading else None
    blocks = tuple(_segment_block(text, block, language) for block in section.blocks)
    return replace(section, heading=heading, blocks=blocks)


def _segment_block(text: str, block: Block, language: Language) -> Block:
    spans = [
        part
        for piece in _without(block)
        for sentence in split(text, language, piece)
        for part in divide(text, sentence)
    ]
    segments = tuple([Segment(f"{block.id}.{number}", span) for number, span in enumerate(spans, start=1)])
    return Block(block.id, block.kind, block.span, segments, block.label, block.credit)


def _without(block: Block) -> Iterator[Span]:
    """Yield what is left of a block without its label and its credit."""
    if block.label is None and block.credit is None:
        yield block.span
        return
    begin = block.span.start
    for out in sorted(each for each in (block.label, block.credit) if each is not None):
        if out.start > begin:
            yield Span(begin, out.start)
        begin = max(begin, out.end)
    if begin < block.span.end:
        yield Span(begin, block.span.end)


def divide(text: str, sentence: Span) -> tuple[Span, ...]:
    """Divide an overlong sentence where it hurts least: ; or :, a dash, a comma, a blank, in this order.

    Returns:
        Parts of at most 80 words and 700 code points, in reading order; mostly the sentence itself.
    """
    if len(sentence) < 2 * MAX_WORDS:
        return (sentence,)
    words = sentence.of(text)
    if len(words) <= MAX_LENGTH and len(words.replace(MASK, " ").split()) <= MAX_WORDS:
        return (sentence,)
    chunks = [Span(*match.span()) for match in CHUNK.finditer(text, sentence.start, sentence.end)]
    return tuple(_parts(text, list(_short(chunks))))


def _short(chunks: Iterable[Span]) -> Iterator[Span]:
    """Cut what has no blank for 700 code points."""
    for chunk in chunks:
        for start in range(chunk.start, chunk.end, MAX_LENGTH):
            yield Span(start, min(chunk.end, start + MAX_LENGTH))


def _parts(text: str, chunks: list[Span]) -> Iterator[Span]:
    first = 0
    while first < len(chunks):
        stop = first + 1
        while stop < len(chunks) and stop - first < MAX_WORDS and chunks[stop].end - chunks[first].start <= MAX_LENGTH:
            stop += 1
        if stop < len(chunks):
            stop = _best_cut(text, chunks, first, stop)
        yield Span(chunks[first].start, chunks[stop - 1].end)
        first = stop


def _best_cut(text: str, chunks: list[Span], first: int, stop: int) -> int:
    """Return before which chunk to cut: the last good place in the second half of what fits."""
    low = first + max(1, (stop - first) // 2)
    for ends in (";:", "–—-", ",", ")"):
        for at in range(stop, low, -1):
            if text[chunks[at - 1].end - 1] in ends:
                return at
    return stop

"""What stands before the running text: kicker, headline, teaser, byline, and the dateline in its first line."""

from __future__ import annotations

from collections.abc import Sequence

from newsbridge.article import BlockKind, Shape
from newsbridge.sections.pieces import Piece, ends_sentence
from newsbridge.sections.rules import Rules

_LONGEST = 160  # code points of a headline
_MOST_WORDS = 22
_KICKER_WORDS = 5
_TEASER = 700  # code points
_CROSSHEAD = 90
_CROSSHEAD_WORDS = 12


def is_title(text: str, piece: Piece, *, longest: int = _LONGEST, words: int = _MOST_WORDS) -> bool:
    """Say whether a piece may be a headline or a crosshead: short, on one line, no sentence that ends."""
    if piece.shape is not Shape.PARAGRAPH or len(piece.span) > longest:
        return False
    line = piece.span.of(text)
    return (
        len(line.split()) <= words
        and line[-1] not in ",;:–-"
        and not (ends_sentence(line) and line.rstrip("“”«»\"' ")[-1:] != "?" and not _shouts(line))
        and any(char.isalpha() for char in line)
    )


def is_crosshead(text: str, piece: Piece) -> bool:
    """Say whether a piece may be a crosshead; it begins with a capital, a figure or a mark."""
    first = piece.span.of(text)[:1]
    return not first.islower() and is_title(text, piece, longest=_CROSSHEAD, words=_CROSSHEAD_WORDS)


def is_byline(text: str, piece: Piece, rules: Rules) -> bool:
    """Say whether a piece names the author or the agency: "Von Anna Muster", "(sda)"."""
    if len(piece.span) > _LONGEST:
        return False
    line = piece.span.of(text).replace("\u200b", "")
    return bool(rules.byline.match(line) or rules.agency_line.match(line))


def _shouts(line: str) -> bool:
    """Say whether a line ends in an exclamation mark or dots, as a headline may."""
    return line.endswith(("!", "…", "..."))


def find_headline(pieces: Sequence[Piece]) -> int | None:
    """Return the index of the Markdown heading that is the headline.

    It is the first heading, if nothing but short lines stands before it and no later one is its equal.
    """
    headings = [index for index, piece in enumerate(pieces) if piece.shape is Shape.HEADING]
    if not headings or headings[0] > 2:
        return None
    level = pieces[headings[0]].level
    return headings[0] if level == 1 or all(pieces[index].level > level for index in headings[1:]) else None


def front(
    text: str, pieces: Sequence[Piece], taken: frozenset[int], rules: Rules, *, headline: int | None
) -> dict[int, BlockKind]:
    """Find the front matter.

    Args:
        text: The article as read, markup masked.
        pieces: Its pieces in reading order, captions left out.
        taken: Those that are something else already: lead-ins, questions, answers.
        rules: The language's.
        headline: The one that is the headline, where Markdown says so.

    Returns:
        Kinds under the index of their piece: at most one kicker, headline and teaser.
    """
    found: dict[int, BlockKind] = {}
    titles: list[int] = []
    at = 0
    while at < len(pieces) and at not in taken and len(titles) < 3:
        if is_byline(text, pieces[at], rules):
            found[at] = BlockKind.BYLINE
        elif at == headline or is_title(text, pieces[at]):
            titles.append(at)
        else:
            break
        at += 1
    if not titles or (at == len(pieces) and headline is None):
        return found if at < len(pieces) else {}
    found |= _titles(text, pieces, titles, headline)
    plain = BlockKind.TEASER not in found.values() and all(index in found for index in titles)
    if plain and at < len(pieces) and _is_teaser(text, pieces, at, taken, rules):
        found[at] = BlockKind.TEASER
        at += 1
    while at < len(pieces) and at not in taken and is_byline(text, pieces[at], rules):
        found[at] = BlockKind.BYLINE
        at += 1
    return found


def _titles(text: str, pieces: Sequence[Piece], titles: list[int], headline: int | None) -> dict[int, BlockKind]:
    """Tell kicker, headline and a teaser without a full stop apart; what is left may be a crosshead."""
    lengths = [len(pieces[index].span.of(text).split()) for index in titles]
    if headline in titles:
        head = titles.index(headline)
    else:
        head = 1 if len(titles) > 1 and lengths[0] <= _KICKER_WORDS and lengths[0] < lengths[1] else 0
    found = {titles[head]: BlockKind.HEADLINE}
    if head:
        found[titles[head - 1]] = BlockKind.KICKER
    if len(titles) > head + 1 and (lengths[head + 1] > lengths[head] or pieces[titles[head + 1]].strong):
        found[titles[head + 1]] = BlockKind.TEASER
    return found


def _is_teaser(text: str, pieces: Sequence[Piece], at: int, taken: frozenset[int], rules: Rules) -> bool:
    """Say whether the paragraph behind the headline is a teaser: something must set it off from the text below."""
    piece = pieces[at]
    if (
        at in taken
        or piece.shape is not Shape.PARAGRAPH
        or len(piece.span) > _TEASER
        or at + 1 >= len(pieces)
        or rules.dateline.match(text, piece.span.start, piece.span.end)
    ):
        return False
    after = pieces[at + 1]
    return (
        piece.strong == piece.span
        or piece.emphasised
        or bool(rules.teaser.match(text, piece.span.start, piece.span.end))
        or at + 1 in taken
        or is_byline(text, after, rules)
        or bool(rules.dateline.match(text, after.span.start, after.span.end))
    )

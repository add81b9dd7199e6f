"""Who says it: the speaker of every quotation stands in the target too, outside the marks, and is nobody else."""

from __future__ import annotations

from collections.abc import Iterator

from newsbridge.article import Finding, FindingKind, Quotation, QuoteKind, Severity
from newsbridge.fidelity.checks.claims import traces
from newsbridge.fidelity.checks.names import WORD, Name, stands
from newsbridge.fidelity.pairs import Pair, inside
from newsbridge.fidelity.quantities import numerals
from newsbridge.fidelity.spellings import exonyms
from newsbridge.quotes.words import words
from newsbridge.spans import Span

NOUN = 0.1  # weight with which a word in small letters shows that what it faces is no name
SHORT = 4  # letters of a title that ends in a stop
PRONOUNS = frozenset({"he", "she", "it", "they", "someone", "somebody", "one"})
STOPS = "«»„“”\"'‘’.,;:!?()"
HEADLINE = 0.7  # part of the words with a capital letter
SEEN = 0.15  # weight with which a target word must face the speaker


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for each speaker named in the segment whom the target lacks, or has inside the quotation only."""
    said: set[Span] = set()  # reported speech and the quotation it holds have one mention, and one finding
    for quotation in sorted(pair.quotations, key=lambda each: each.kind is not QuoteKind.DIRECT):
        speaker = quotation.speaker
        if speaker is None or speaker.mention is None or not pair.side.segment.span.holds(speaker.mention):
            continue
        mention = pair.side.within(speaker.mention)
        unclosed = any(span.end <= mention.start for span in pair.loose)  # so that it may be quoted itself
        if unclosed or any(span.meets(mention) for span in pair.wanted):
            continue
        for finding in _one(pair, quotation, mention):
            if mention not in said:
                said.add(mention)
                yield finding


def _one(pair: Pair, quotation: Quotation, mention: Span) -> Iterator[Finding]:
    said = mention.of(pair.text)
    known = words(pair.source_language)
    outside = _outside(pair) if quotation.kind is QuoteKind.DIRECT else pair.target
    there = WORD.findall(outside)
    low = {word.casefold() for word in there}
    tokens = WORD.findall(said)
    if len(tokens) == 1 and tokens[0].casefold() in ("er", "sie"):
        wrong = {"er": {"she"}, "sie": {"he"}}[tokens[0].casefold()]
        right = {"er": {"he", "it"}, "sie": {"she", "they", "it"}}[tokens[0].casefold()]
        if low & wrong and not low & right and not any(word[0].isupper() for word in there[1:]):
            message = f"{said} says it in the German, {min(low & wrong)} in the English."
            yield pair.finding(FindingKind.SPEAKER_CHANGED, Severity.ERROR, message, mention)
        return
    name = _name(pair, quotation, tokens)
    if name is None:
        if known.pronouns & {token.casefold() for token in tokens} or pair.alignment is None or not tokens:
            return
        if not _seen(pair, mention, quotation) and not _attributed(pair, outside):
            message = f"The German says whose words these are („{said}“); the English does not."
            yield pair.finding(FindingKind.SPEAKER_LOST, Severity.WARNING, message, mention)
        return
    if stands(Name(name, mention), there) or _abbreviation(pair, mention):
        return
    if known.function(name.casefold()) or (not _full(pair, quotation, name) and _no_name(pair, mention, name)):
        return
    if quotation.kind is QuoteKind.DIRECT and stands(Name(name, mention), WORD.findall(pair.target)):
        message = f"{name} stands inside the quotation in the English, not as the one who says it."
        yield pair.finding(FindingKind.SPEAKER_LOST, Severity.ERROR, message, mention)
        return
    ours = WORD.findall(pair.text)
    other = next(
        (
            each
            for each, _ in pair.people
            if stands(Name(each, mention), there) and not stands(Name(each, mention), ours)
        ),
        None,
    ) or _stranger(pair, mention, ours)
    if other is not None:
        message = f"{name} says it in the German, {other} in the English."
        yield pair.finding(FindingKind.SPEAKER_CHANGED, Severity.ERROR, message, mention)
    else:
        message = f"The English does not name {name}, who says it in the German."
        yield pair.finding(FindingKind.SPEAKER_LOST, Severity.WARNING, message, mention)


def _name(pair: Pair, quotation: Quotation, tokens: list[str]) -> str | None:
    """Return the last word of the speaker's name as the mention has it; None for a description."""
    known = words(pair.source_language)
    full = quotation.speaker.name if quotation.speaker else None
    parts = [part.casefold() for part in WORD.findall(full or "")]
    held = [_bare(token, parts) for token in tokens if token[0].isupper() and len(token) > 1]
    given = [at for at, token in enumerate(held) if token.casefold() in known.given]
    written = WORD.findall(full or "")
    named = [part for part in written if part.casefold() not in known.particles]
    real = len(parts) > 1 and (
        any(part in known.given for part in parts) or all(part[0].isupper() and _surname(part, pair) for part in named)
    )
    if (
        given
        and given[-1] + 1 < len(held)
        and len(held[given[-1] + 1]) > 1
        and f"{held[given[-1]]} {held[given[-1] + 1]}" in pair.text
    ):
        return held[given[-1] + 1]
    if len(tokens) == 1 and held and held[0].casefold() in parts and (real or _surname(held[0], pair)):
        return held[0]
    last = [token for token in held if parts and token.casefold() == parts[-1]]
    return last[-1] if last and real else None


def _abbreviation(pair: Pair, mention: Span) -> bool:
    """Say whether a mention is a title cut short, and the name behind it: "Ing. Kern"."""
    behind = pair.text[mention.end : mention.end + 3]
    return behind[:2] == ". " and behind[2:].isupper() and len(mention) <= SHORT


def _full(pair: Pair, quotation: Quotation, name: str) -> bool:
    """Say whether the speaker is known with a first name right before the name."""
    given = words(pair.source_language).given
    full = (quotation.speaker and quotation.speaker.name) or ""
    return any(
        part.casefold() in given and f"{part} {name}" in f"{full}|{pair.text}"
        for part in WORD.findall(f"{full} {pair.text}")
    )


def _no_name(pair: Pair, mention: Span, name: str) -> bool:
    """Say whether a word without first name is a place, a number, or a noun as far as the target shows.

    What faces a noun most has a small letter, or stands where every word has a capital one.
    """
    low = name.casefold()
    if low in pair.grammar.small or _described(pair, mention, name):
        return True
    places = exonyms(pair.source_language)
    if low in places or low.removesuffix("s") in places or low in numerals(pair.source_language).units:
        return True
    alignment = pair.alignment
    columns = inside(pair.text, alignment.source, mention) if alignment is not None else []
    if alignment is None or not columns:
        return False
    rows = [at for at, word in enumerate(pair.target_words) if word and word not in pair.small | PRONOUNS]
    weight, row = max(((float(alignment.weights[at, columns[-1]]), at) for at in rows), default=(0.0, 0))
    if weight < NOUN:
        return False
    facing = alignment.target[row].strip(pair.target, STOPS)
    small = bool(facing.of(pair.target)[:1].islower())
    return small or _begins(pair.target, facing) or _headline(pair.target)


def _described(pair: Pair, mention: Span, name: str) -> bool:
    """Say whether an article or adjective stands before a word, as before a noun: "die neuen Regeln"."""
    at = pair.text.rfind(name, mention.start, mention.end)
    before = WORD.findall(pair.text[: max(at, mention.start)])[-1:]
    table = pair.source_language.table("fidelity")
    endings = tuple(table["adjective_endings"].split())
    return any(word.casefold() in table["articles"].split() or word.casefold().endswith(endings) for word in before)


def _begins(text: str, word: Span) -> bool:
    """Say whether a word begins a sentence."""
    return text[: word.start].rstrip(" \"'“‘«")[-1:] in ("", ".", ":", "!", "?")


def _headline(text: str) -> bool:
    """Say whether nearly every word has a capital letter, so that it tells nothing."""
    words: list[str] = [word for word in WORD.findall(text) if len(word) > SHORT]
    capital = sum(word[0].isupper() for word in words)
    return capital > HEADLINE * len(words)


def _attributed(pair: Pair, outside: str) -> bool:
    """Say whether the target, outside the marks, shows that somebody says so: a description is hard to find again."""
    found, stems, phrases = traces(pair.target_language)
    low = outside.casefold()
    theirs = WORD.findall(low)
    return (
        bool(found & set(theirs))
        or any(word.startswith(stems) for word in theirs)
        or any(phrase in low for phrase in phrases)
    )


def _bare(token: str, parts: list[str]) -> str:
    """Take the s of a genitive off a part of a name: "Nauers" is Nauer."""
    genitive = token.endswith("s") and token.casefold() not in parts and token[:-1].casefold() in parts
    return token[:-1] if genitive else token


def _surname(word: str, pair: Pair) -> bool:
    """Say whether a capitalised word without article looks like a family name, not like a noun."""
    known, low = words(pair.source_language), word.casefold()
    nouns = tuple(pair.source_language.table("fidelity")["noun_endings"].split())
    return not (
        "-" in word
        or word.isupper()
        or known.function(low)
        or known.body(low)
        or low.endswith(nouns)
        or low in known.nameless
    )


def _outside(pair: Pair) -> str:
    """Return the target without what stands in marks."""
    text, at = "", 0
    for span in pair.found:
        text += pair.target[at : span.start] + " "
        at = span.end
    return text + pair.target[at:]


def _seen(pair: Pair, mention: Span, quotation: Quotation) -> bool:
    """Say whether a target word outside the marks faces the mention."""
    alignment = pair.alignment
    assert alignment is not None
    quoted = {at for span in pair.found for at in inside(pair.target, alignment.target, span)}
    if quotation.kind is not QuoteKind.DIRECT:
        quoted = set()
    columns = [
        at for at in inside(pair.text, alignment.source, mention) if pair.source_words[at] not in pair.grammar.small
    ]
    rows = [at for at in range(len(alignment.target)) if at not in quoted]
    return not columns or not rows or bool(alignment.weights[rows][:, columns].max() >= SEEN)


def _stranger(pair: Pair, mention: Span, ours: list[str]) -> str | None:
    """Return the capitalised word that stands where the speaker should, if the source does not have it."""
    alignment = pair.alignment
    if alignment is None:
        return None
    for s in inside(pair.text, alignment.source, mention):
        for t in alignment.facing[s]:
            core = alignment.target[t].strip(pair.target, STOPS)
            word = core.of(pair.target)
            begins = _begins(pair.target, core)
            if word[:1].isupper() and not begins and not stands(Name(word, mention), ours) and not word.isupper():
                return word
    return None

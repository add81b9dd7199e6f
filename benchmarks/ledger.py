"""Who said what in 80 news pieces whose sentences no rule was made from: found, and by the right speaker.

    python benchmarks/ledger.py             # the pieces of news.jsonl
    python benchmarks/ledger.py FILE.jsonl  # pieces of your own

``news.jsonl`` was written and labelled for this without a look at the rules, and is for counting only: who reads
what is wrong in it and mends a rule has to write new pieces.  A line is an object with ``text`` and ``quotes``: every
direct quotation and every framed report with ``kind``, ``content`` (a list where others' words stand between its
parts), ``mention`` (the words that name the speaker, null where the quotation has no frame) and ``who`` they mean.

Goals: direct quotations 0.92 exact, 0.72 with the right speaker; pronouns 0.60; reports 0.62, with speaker 0.52.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from newsbridge import pipeline, reading
from newsbridge.article import Article, Quotation, QuoteKind
from newsbridge.spans import Span

PIECES = Path(__file__).parent / "news.jsonl"
PRONOUN = re.compile(r"er|sie|es|ihm|ihr|ihnen|beide|dies\w*|dessen|deren|(sein|ihr)(e[mnrs]?)?", re.IGNORECASE)
EDGES = "„“”‚‘’.,;:!?… "
SHARE = 0.5  # of the code points that a report and its label have together
HEAD = 4  # letters; behind so many an ending tells the case
CASES = ("s", "es", "n", "en", "r", "e")
APART = re.compile(r"[,;(–]| und ")
CAPITAL = r"(?:[A-ZÄÖÜ]|\d+-(?=[A-Z]))[\w’'.-]*"
RUN = re.compile(rf"(?<![\w-]){CAPITAL}(?: (?:(?:von der|von|van|de|al|bin) )?{CAPITAL})*")
ARTICLE = re.compile(
    r"\s*(?:Der|Die|Das|Dem|Den|Des|Ein\w{0,2}|Sein\w{0,2}|Ihr\w{0,2}|Zwei|Drei|Mehrere)\b|\d+ Jahre alte\w?"
)


def core(text: str, spans: list[Span]) -> list[Span]:
    """Cut marks and points off the outer ends."""
    found = [span for span in spans if span.end > span.start]
    start, end = found[0].start, found[-1].end
    while start < found[0].end and text[start] in EDGES:
        start += 1
    while end > found[-1].start and text[end - 1] in EDGES:
        end -= 1
    return (
        [Span(start, found[0].end), *found[1:-1], Span(found[-1].start, end)] if len(found) > 1 else [Span(start, end)]
    )


def places(text: str, quote: dict, taken: set[tuple[str, int]]) -> list[Span]:
    """Return where a labelled quotation stands; the same words twice are taken in their order."""
    parts = quote["content"] if isinstance(quote["content"], list) else [quote["content"]]
    at = text.index(parts[0])
    while (quote["kind"], at) in taken:
        at = text.index(parts[0], at + 1)
    taken.add((quote["kind"], at))
    spans = []
    for part in parts:
        at = text.index(part, at)
        spans.append(Span(at, at + len(part)))
        at += len(part)
    return core(text, spans)


def overlap(one: list[Span], other: list[Span]) -> float:
    """Return the share of code points that two quotations have in common."""
    first, second = ({at for span in spans for at in range(span.start, span.end)} for spans in (one, other))
    return len(first & second) / len(first | second)


def heads(words: str | None) -> set[str]:
    """Return what names a person or a body by: the last word of the first run of capitals of each part."""
    runs = (RUN.search(ARTICLE.sub("", part)) for part in APART.split(words or ""))
    return {run.group().split()[-1].casefold() for run in runs if run}


def right(article: Article, found: Quotation, quote: dict) -> bool:
    """Say whether a quotation has the labelled speaker: a word of the name, or of the mention where that is none."""
    speaker = found.speaker
    if speaker is None:
        return False
    mention = article.words(speaker.mention) if speaker.mention else None
    pronoun = quote["mention"] and PRONOUN.fullmatch(quote["mention"].split()[0])
    named = heads(speaker.name or mention)
    wanted = heads(quote["who"]) | (set() if pronoun else heads(quote["mention"]))
    if not pronoun:
        named |= heads(mention)
    return any(
        short == long or (len(short) >= HEAD and long.startswith(short) and long[len(short) :] in CASES)
        for one in named
        for other in wanted
        for short, long in (sorted((one, other), key=len),)
    )


def count(piece: dict, counts: Counter[str]) -> None:
    """Compare the ledger of a piece with its labels."""
    article, ledger = pipeline.read_quotes(reading.read_text(piece["text"], language="de")[0])
    taken: set[tuple[str, int]] = set()
    for kind in ("direct", "indirect"):
        wanted = [(quote, places(article.text, quote, taken)) for quote in piece["quotes"] if quote["kind"] == kind]
        found = [
            (each, core(article.text, list(each.contents)))
            for each in ledger.quotations
            if (each.kind is QuoteKind.DIRECT) == (kind == "direct")
        ]
        counts[f"{kind}, labelled"] += len(wanted)
        counts[f"{kind}, found"] += len(found)
        pairs = sorted(
            (
                (overlap(spans, others), i, j)
                for i, (_, spans) in enumerate(wanted)
                for j, (_, others) in enumerate(found)
            ),
            key=lambda pair: (-pair[0], pair[1:]),
        )
        used: tuple[set[int], set[int]] = set(), set()
        for share, i, j in pairs:
            if share < SHARE or i in used[0] or j in used[1]:
                continue
            used[0].add(i)
            used[1].add(j)
            quote = wanted[i][0]
            ok = right(article, found[j][0], quote)
            counts[f"{kind}, matched"] += share == 1 or kind == "indirect"
            counts[f"{kind}, right"] += ok
            if quote["mention"] and PRONOUN.fullmatch(quote["mention"].split()[0]):
                counts["pronouns"] += 1
                counts["pronouns, right"] += ok


def f1(hits: int, found: int, labelled: int) -> float:
    return 2 * hits / max(1, found + labelled)


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PIECES
    pieces = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    counts: Counter[str] = Counter()
    for piece in pieces:
        count(piece, counts)
    print(
        f"{len(pieces)} pieces, {counts['direct, labelled']} direct quotations, {counts['indirect, labelled']} reports"
    )
    for kind, exact, speaker in (("direct", 0.92, 0.72), ("indirect", 0.62, 0.52)):
        sizes = counts[f"{kind}, found"], counts[f"{kind}, labelled"]
        print(f"{kind:9} F1 {f1(counts[f'{kind}, matched'], *sizes):.3f} (goal {exact})", end="")
        print(f", with the right speaker {f1(counts[f'{kind}, right'], *sizes):.3f} (goal {speaker})")
    share = counts["pronouns, right"] / max(1, counts["pronouns"])
    print(f"pronouns  {counts['pronouns, right']} of {counts['pronouns']} right, {share:.2f} (goal 0.6)")


if __name__ == "__main__":
    main()

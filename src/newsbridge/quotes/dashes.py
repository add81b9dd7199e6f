"""Dashes: what stands between two of them, an aside of its sentence or a frame."""

from __future__ import annotations

from newsbridge.quotes.chunks import Chunk, utterance
from newsbridge.quotes.lines import Line
from newsbridge.quotes.traits import CLEAR, SAYING, VERB
from newsbridge.quotes.words import Words

DASHES = frozenset("–—")


def asides(line: Line, chunks: list[Chunk], known: Words) -> list[Chunk]:
    """Read over what stands between two dashes: "an Ostern für Frieden – vor allem im Osten – zu demonstrieren".

    A frame between them is read as between commas: "Der Vertrag – sagte Kühn – werde unterzeichnet".
    """
    dashed = [index for index, chunk in enumerate(chunks) if chunk.mark in DASHES]
    if len(dashed) == 2 and line.folds[chunks[dashed[0]].start] in known.relative:
        for index in dashed:  # "Kühn – der dabei war, als es brannte – hat gesagt, …"
            chunks[index] = Chunk(chunks[index].start, chunks[index].end, ",")
        return chunks
    if len(dashed) != 2 or dashed[1] != dashed[0] + 1 or not dashed[0]:
        return chunks
    first, before, aside, behind = dashed[0], *chunks[dashed[0] - 1 : dashed[0] + 2]
    if any(utterance(line, each) for each in (before, aside, behind)):
        return chunks
    if line.folds[behind.start] in known.clausal_openers:
        return chunks  # "sagte Kühn – ein Kenner der Lage –, dass …"
    if line.traits[aside.start] & SAYING and not line.capitals[aside.start]:
        merged = [before, Chunk(aside.start, aside.end, ","), Chunk(behind.start, behind.end, ",")]
    elif any(line.traits[at] & (CLEAR | VERB) and not line.capitals[at] for at in range(aside.start, aside.end)):
        return chunks
    else:
        merged = [Chunk(before.start, behind.end, before.mark)]
    return [*chunks[: first - 1], *merged, *chunks[first + 2 :]]

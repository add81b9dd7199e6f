"""A vocabulary shortlist for Marian (CTranslate2's ``vmap``): which target pieces a source piece may become.

The output layer is a large part of the work of a small model; with a shortlist it is computed for a few hundred pieces
instead of tens of thousands.  The list is learned from bitext the user has.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from newsbridge.engines.families import Checkpoint
from newsbridge.errors import EngineError

ALWAYS = 500  # target pieces that are always there: the most frequent ones
EACH = 40  # target pieces per source piece
PAIRS = 1_000_000  # beads that are read
MOST = 120  # pieces of a side; a longer bead says little about single pieces
FEWEST = 1000  # beads; from fewer, most pieces would have nothing to become


def build(bitext: Path, checkpoint: Checkpoint, target: Path) -> Path:
    """Learn a shortlist.

    Args:
        bitext: A file of beads, one a line, source and target with a tab between them, in UTF-8.
        checkpoint: A Marian one.
        target: The file to write: a line per source piece, a tab, its target pieces; the first has no source piece.

    Returns:
        ``target``.

    Raises:
        EngineError: if the checkpoint is no Marian one, or the file holds too few beads.
    """
    if not checkpoint.family.name.startswith("marian"):
        raise EngineError(
            f"{checkpoint.name} is {checkpoint.family.title}; a shortlist is for Marian", "pull it without --shortlist"
        )
    other: Counter[str] = Counter()
    together: dict[str, Counter[str]] = defaultdict(Counter)
    beads = 0
    for source, translation in islice(_beads(bitext), PAIRS):
        ours = set(checkpoint.tokenizer.encode(checkpoint.normalise(source))[:MOST])
        theirs = set(checkpoint.encode_target(translation)[:MOST])
        other.update(theirs)
        for piece in ours:
            together[piece].update(theirs)
        beads += 1
    if beads < FEWEST:
        raise EngineError(
            f"{bitext} holds {beads} pairs of lines; a shortlist needs {FEWEST} or more",
            "give a file with a source sentence, a tab and its translation on each line",
        )
    known = {piece for piece in other if piece in checkpoint.tokenizer}
    always = [piece for piece, _ in other.most_common() if piece in known][:ALWAYS]
    with target.open("w", encoding="utf-8") as file:
        file.write("\t" + " ".join(["</s>", *always]) + "\n")
        for piece, counts in sorted(together.items()):
            if piece not in checkpoint.tokenizer:
                continue
            best = sorted(
                (each for each in counts if each in known),
                key=lambda each: (-(counts[each] ** 2) / other[each], each),
            )[:EACH]
            file.write(f"{piece}\t{' '.join(dict.fromkeys([*best, piece]))}\n")
    return target


def _beads(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                source, _, translation = line.rstrip("\n").partition("\t")
                if source.strip() and translation.strip():
                    yield source, translation.partition("\t")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"cannot read {path}: {error}", "it must be text in UTF-8") from None

"""Fit the weights of ``fidelity/placing.py`` on outputs that kept their marks, and print them.

    python benchmarks/fit_placing.py FILE.tsv[.gz] --half even      # columns as outputs.py reads them

Conditional logistic regression: for each marked passage, the run of target words that stands in the marks against all
other runs.  It needs torch.  Measure what comes out on the other half: ``outputs.py FILE --half odd``.
"""

import argparse
from pathlib import Path

import numpy
import torch

from newsbridge import alignment, languages
from newsbridge.fidelity import foreign, placing, targetmarks
from newsbridge.fidelity.marking import laid_bare
from newsbridge.fidelity.pairs import inside
from outputs import BESIDE, REFERENCE, read

TIED = 7  # features of a run that are sums over its words: start and end share their weights
PENALTY = 2e-4
LONGEST = 60  # target words


def passages(pairs: list[tuple[str, str]]):
    """Yield for each marked passage its features and the run that stands in the marks."""
    german, english = languages.load("de"), languages.load("en")
    known = placing.small(german, english)
    taken = []
    for source, target in pairs:
        side = foreign.side(source, german)
        marked, strays = targetmarks.read(target)
        if not side.pairs or strays or len(marked) != side.pairs:
            continue
        places = sorted(at for span in marked for at in (span.start, span.end - 1))
        text = "".join(letter for at, letter in enumerate(target) if at not in places)
        spans = [
            (places[at] - at, places[at + 1] - at - 1) for at in range(0, len(places), 2)
        ]  # in the text without marks
        source, quoted = laid_bare(side.request)
        taken.append((source, text, quoted, spans))
    for (source, target, quoted, spans), each in zip(
        taken, alignment.align([(one[0], one[1]) for one in taken], alignment.standard(None, "de", "en")), strict=True
    ):
        if len(quoted) != len(spans) or not each.weights.size or len(each.target) > LONGEST:
            continue
        for pair, (start, end) in zip(quoted, spans, strict=True):
            within = set(inside(source, each.source, pair))
            words = [at for at, word in enumerate(each.target) if start <= word.start and word.start < end]
            if not words or not within or len(within) == len(each.source):
                continue
            flags = [at in within for at in range(len(each.source))]
            yield placing.features(each, (source, target), flags, known), (words[0], words[-1])


def fit(examples) -> tuple[list[float], list[float], list[float]]:
    sizes = [len(each[0][0]) for each in examples]
    width, count = max(sizes), len(examples)
    shape = [examples[0][0][part].shape[-1] for part in range(3)]
    start, end = torch.zeros(count, width, shape[0]), torch.zeros(count, width, shape[1])
    both = torch.zeros(count, width, width, shape[2], dtype=torch.float16)
    closed = torch.full((count, width, width), -1e4, dtype=torch.float16)
    wanted = torch.zeros(count, dtype=torch.long)
    for row, ((a, b, c), (first, last)) in enumerate(examples):
        size = sizes[row]
        start[row, :size], end[row, :size] = torch.tensor(a), torch.tensor(b)
        both[row, :size, :size] = torch.tensor(c)
        closed[row, :size, :size] = torch.tensor(numpy.where(numpy.tri(size, k=-1), -1e4, 0.0))
        wanted[row] = first * width + last
    weights = [torch.zeros(size, requires_grad=True) for size in (TIED, shape[0] - TIED, shape[1] - TIED, shape[2])]
    optimiser = torch.optim.LBFGS(weights, max_iter=80, history_size=20, line_search_fn="strong_wolfe")

    def scores(rows: slice):
        first, last = torch.cat([weights[0], weights[1]]), torch.cat([weights[0], weights[2]])
        grid = (start[rows] @ first)[:, :, None] + (end[rows] @ last)[:, None, :]
        return (grid + both[rows].float() @ weights[3] + closed[rows].float()).flatten(1)

    def loss():
        optimiser.zero_grad()
        total = 0.0
        for at in range(0, count, 500):
            rows = slice(at, at + 500)
            part = torch.nn.functional.cross_entropy(scores(rows), wanted[rows], reduction="sum") / count
            part.backward()
            total += float(part)
        penalty = PENALTY * sum((each**2).sum() for each in weights)
        penalty.backward()
        return total + float(penalty)

    optimiser.step(loss)
    with torch.no_grad():
        right = sum(
            int((scores(slice(at, at + 500)).argmax(1) == wanted[at : at + 500]).sum()) for at in range(0, count, 500)
        )
    print(f"{count} passages, {right / count:.1%} of the runs are the ones in the marks")
    values = [[round(float(each), 2) for each in part] for part in weights]
    return values[0] + values[1], values[0] + values[2], values[3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", choices=("even", "odd"), default="even")
    options = parser.parse_args()
    rows = read(options.file)[options.half == "odd" :: 2]
    engines = [name for name in rows[0] if name not in (*BESIDE, REFERENCE)]
    pairs = [(row["source"], row[engine]) for engine in engines for row in rows if '"' in row["source"]]
    torch.manual_seed(0)
    for name, values in zip(("START", "END", "BOTH"), fit(list(passages(pairs))), strict=True):
        print(f"{name} = {tuple(values)}")


if __name__ == "__main__":
    main()

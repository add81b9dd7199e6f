"""The papers of a model folder: the card (README.md), the NOTICE of its sources, and the LICENSE."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from training import TrainingError, state, stream
from training.evaluate import Score, evaluate
from training.export import LENGTH_PENALTY

HERE = Path(__file__).parent
SOURCES = HERE / "sources.toml"
DERIVED = frozenset({"swiss", "names", "figures", "half", "joined"})  # made by prepare out of other tags
LICENCE = """\
newsbridge de-en is licensed under the Creative Commons Attribution 4.0 International Licence (CC BY 4.0).

You may share and adapt it, also commercially, if you give appropriate credit ("newsbridge de-en, by the newsbridge
project"), link to the licence and say whether you changed anything.  It comes without warranties of any kind.

The full text: https://creativecommons.org/licenses/by/4.0/legalcode
What the model was trained from, and to whom attribution is owed: NOTICE
"""


def tags(data: Path) -> list[str]:
    """Return the tags of the pairs in a data folder, those that prepare derived left out."""
    return sorted(stream.load(data).rows.keys() - DERIVED)


def sources(names: Iterable[str], path: Path = SOURCES) -> list[tuple[str, str]]:
    """Return source and licence of each tag, in the order of sources.toml, without doubles.

    Raises:
        TrainingError: if a tag has no entry: a model is not published without saying what it was trained from.
    """
    known = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = set(names)
    if missing := sorted(wanted - set(known)):
        raise TrainingError(f"the source of {', '.join(missing)} is not known", f"add a line to {path}")
    rows = [(entry["source"], entry["licence"]) for tag, entry in known.items() if tag in wanted]
    return list(dict.fromkeys(rows))


def notice(version: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return the NOTICE."""
    width = max((len(source) for source, _ in rows), default=0)
    listed = "\n".join(f"  {source:{width}}  {licence}" for source, licence in rows)
    return (
        f"newsbridge de-en, version {version}, was trained from parallel sentences of these sources.  None of their\n"
        "sentences is distributed here; the licences are those the sources state for themselves.\n\n"
        f"{listed}\n\nThe sentences of the WMT19 to WMT23 German-English test sets were taken out.\n"
    )


def write(
    run: Path,
    data: Path,
    folder: Path,
    tests: Sequence[Path],
    *,
    version: str,
    history: str = "",
    also: Sequence[str] = (),
    beam: int = 4,
) -> list[tuple[str, Score]]:
    """Measure a model folder and write its papers; the manifest must list them afterwards.

    Args:
        run: Its training run.
        data: What it was trained from.
        folder: As written by export.
        tests: Test sets to score it on; see :func:`training.evaluate.read_tests`.
        version: As in the manifest.
        history: A sentence about phases and time, for the card.
        also: Further tags it was trained from, for example by the run this one went on from.
        beam: Of the scores.

    Returns:
        The name of each test set and its score.
    """
    import jinja2

    kept = state.needed(run)
    rows = sources([*tags(data), *also])
    scores = [(path.stem, evaluate(folder, path, beam=beam)) for path in tests]
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
    card = environment.from_string((HERE / "card.md.jinja").read_text(encoding="utf-8")).render(
        version=version,
        parameters=round(sum(weight.numel() for weight in kept.average.values()) / 1e6),
        size=kept.size,
        pieces=len(kept.average["model.shared.weight"]),
        updates=kept.progress.updates,
        tokens=kept.progress.tokens,
        history=history,
        beam=beam,
        penalty=LENGTH_PENALTY,
        scores=scores,
        sources=rows,
    )
    for name, text in (("README.md", card), ("NOTICE", notice(version, rows)), ("LICENSE", LICENCE)):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return scores

"""``python -m training``: the steps, in the order of the work."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from newsbridge.cli import complain
from newsbridge.errors import NewsbridgeError
from training import recipe as recipes

FOLDER = click.Path(path_type=Path, file_okay=False)
THERE = click.Path(path_type=Path, file_okay=False, exists=True)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
RECIPE = click.option(
    "--recipe", type=FILE, default=recipes.RECIPE, show_default="recipe.toml here", help="Tags, phases, sizes."
)


class Steps(click.Group):
    """A group that lists its commands in the order of the work, and prints our errors in two calm lines."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands as they were defined."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except NewsbridgeError as error:
            complain(error, "training")
            sys.exit(1)


@click.group(cls=Steps, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def steps() -> None:
    """Make the embedded model: prepare, vocabulary, train, translate, export, evaluate, card."""


@steps.command()
@click.argument("corpora", type=FILE, nargs=-1, required=True)
@click.option("-o", "--data", type=FOLDER, required=True, help="The data folder to write.")
@click.option("--leave-out", "tests", type=FILE, multiple=True, help="A test set whose sentences are taken out.")
@click.option("--seed", type=int, default=1, show_default=True)
@RECIPE
def prepare(corpora: Sequence[Path], data: Path, tests: Sequence[Path], seed: int, recipe: Path) -> None:
    """Normalise, filter and augment corpora (tag, German, English between tabs; .xz and .gz too)."""
    from training.prepare import prepare

    for line in prepare(corpora, data, recipes.load(recipe), tests=tests, seed=seed, say=_say).lines():
        _say(line)


@steps.command()
@click.argument("data", type=THERE)
@click.option("--pieces", type=click.IntRange(300, 65_535), help="How many; overrules the recipe.")
@click.option("--threads", type=click.IntRange(1), default=2, show_default=True)
@RECIPE
def vocabulary(data: Path, pieces: int | None, threads: int, recipe: Path) -> None:
    """Learn the SentencePiece model."""
    from training.vocabulary import learn

    _say(f"{learn(data, recipes.load(recipe), pieces=pieces, threads=threads):,} pieces")


@steps.command()
@click.argument("data", type=THERE)
@click.argument("run", type=FOLDER)
@click.option("--phase", required=True, help="A phase of the recipe: general, news.")
@click.option("--size", default="small", show_default=True, help="A size of the recipe; a run keeps the one it has.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=math.inf, help="End of the phase.")
@click.option("--updates", type=click.IntRange(1), help="End of the phase.")
@click.option("--then", help="A phase to go on with when the first ends.")
@click.option("--then-minutes", type=click.FloatRange(0, min_open=True), default=math.inf, help="End of that phase.")
@click.option(
    "--tokens", type=click.IntRange(64), default=4000, show_default=True, help="Of a batch, padding included."
)
@click.option("--rate", type=click.FloatRange(0, min_open=True), help="Overrules the phase's.")
@click.option("--dropout", type=click.FloatRange(0, 0.9), default=0.0, show_default=True)
@click.option("--candidates", type=click.IntRange(0), default=0, help="Sample so many rare pieces for the loss (CPU).")
@click.option("--precision", type=click.Choice(("auto", "fp32", "bf16")), default="auto", show_default=True)
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda.")
@click.option("--threads", type=click.IntRange(0), default=0, help="Of the CPU; 0 leaves it to torch.")
@click.option("--processes", type=click.IntRange(0), default=0, help="That prepare batches; a GPU needs several.")
@click.option("--reverse", is_flag=True, help="English to German, for translating back.")
@click.option("--compile", "compiled", is_flag=True, help="Compile the layers; worth it on a GPU.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--report", type=click.IntRange(1), default=100, show_default=True, help="Updates between two lines.")
@click.option("--save-minutes", type=click.FloatRange(0, min_open=True), default=5.0, show_default=True)
@click.option("--dev", type=FILE, help="A test set; its loss is shown at every save.")
@RECIPE
def train(data: Path, run: Path, updates: int | None, recipe: Path, **settings: object) -> None:
    """Train a phase, or go on with it; Ctrl-C saves and stops."""
    from training.train import Settings, train

    asked = Settings(updates=updates or math.inf, **settings)  # type: ignore[arg-type]
    train(data, run, recipes.load(recipe), asked, _say)


@steps.command()
@click.argument("run", type=THERE)
@click.argument("data", type=THERE)
@click.option("--as", "tag", required=True, help="The tag of the new pairs.")
@click.option("--reverse", is_flag=True, help="The run translates from English.")
@click.option("--beam", type=click.IntRange(1), default=4, show_default=True)
@click.option("--temperature", type=click.FloatRange(0), default=0.0, help="Draw, instead of searching for the best.")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda.")
@RECIPE
def translate(
    run: Path, data: Path, tag: str, reverse: bool, beam: int, temperature: float, device: str, recipe: Path
) -> None:
    """Translate a side of the pairs, as the recipe says, into further pairs."""
    from training.train import place
    from training.translate import How, translate

    how, shares = How(beam, temperature), recipes.load(recipe).translated
    translate(run, data, shares, tag, reverse=reverse, how=how, device=str(place(device)), say=_say)


@steps.command()
@click.argument("run", type=THERE)
@click.argument("folder", type=FOLDER)
@click.option("--limit", type=click.FloatRange(0, min_open=True), default=16.0, show_default=True, help="MiB a piece.")
def pack(run: Path, folder: Path, limit: float) -> None:
    """Write the averaged weights in half precision, in pieces small enough to carry."""
    from training.state import pack

    for path in pack(run, folder, limit=round(limit * 2**20)):
        _say(str(path))


@steps.command()
@click.argument("folder", type=THERE)
@click.argument("run", type=FOLDER)
def unpack(folder: Path, run: Path) -> None:
    """Put packed weights together to a run again."""
    from training.state import unpack

    _say(f"{run}: {unpack(folder, run).progress.updates:,} updates")


@steps.command()
@click.argument("run", type=THERE)
@click.argument("data", type=THERE)
@click.argument("folder", type=FOLDER)
@click.option("--as-version", "version", required=True, help="For the manifest.")
@click.option("--snapshots", type=click.IntRange(0), default=0, help="Average the last so many snapshots instead.")
@click.option("--with", "others", type=THERE, multiple=True, help="Average with the weights of another run.")
def export(run: Path, data: Path, folder: Path, version: str, snapshots: int, others: Sequence[Path]) -> None:
    """Write the model folder: Hugging Face Marian, and CTranslate2 in eight bits."""
    from training.export import export

    _say(str(export(run, data, folder, version=version, snapshots=snapshots, others=others)))


@steps.command()
@click.argument("folder", type=THERE)
@click.argument("run", type=FOLDER)
def adopt(folder: Path, run: Path) -> None:
    """Begin a run with the weights of a model folder; `train` goes on from there."""
    from training.export import adopt

    size = adopt(folder, run).size
    _say(f"{run}: the weights of {folder}, width {size.width}, {size.encoder} + {size.decoder} layers")


@steps.command()
@click.argument("folder", type=THERE)
@click.argument("tests", type=FILE, nargs=-1, required=True)
@click.option("--beam", type=click.IntRange(1), default=4, show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many segments.")
@click.option("--threads", type=click.IntRange(0), default=0)
def evaluate(folder: Path, tests: Sequence[Path], beam: int, limit: int | None, threads: int) -> None:
    """Score a model folder on test sets (German and references between tabs)."""
    from training.evaluate import evaluate

    for path in tests:
        click.echo(path)
        for line in evaluate(folder, path, beam=beam, threads=threads, limit=limit).lines():
            click.echo(f"  {line}")


@steps.command()
@click.argument("run", type=THERE)
@click.argument("data", type=THERE)
@click.argument("folder", type=THERE)
@click.option("--test", "tests", type=FILE, multiple=True, help="A test set to score it on.")
@click.option("--as-version", "version", required=True)
@click.option("--history", default="", help="A sentence about phases and time.")
@click.option("--also", multiple=True, help="A further tag it was trained from, by an earlier run.")
def card(
    run: Path, data: Path, folder: Path, tests: Sequence[Path], version: str, history: str, also: Sequence[str]
) -> None:
    """Measure the model, write its card, NOTICE and LICENSE, and list them in the manifest."""
    from training.card import write
    from training.export import describe
    from training.state import needed

    for name, score in write(run, data, folder, tests, version=version, history=history, also=also):
        click.echo(f"{name}: " + "; ".join(score.lines()))
    describe(folder, version, sum(weight.numel() for weight in needed(run).average.values()))


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    steps(prog_name="python -m training")

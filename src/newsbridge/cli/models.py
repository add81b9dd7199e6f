"""``models``: see, fetch, test and remove translation and summary models."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import COMMON, RUNNING, Command, option, options

if TYPE_CHECKING:
    from newsbridge.models import hub


@click.group(epilog="Example: newsbridge models list")
def models() -> None:
    """See, fetch, test and remove translation and summary models."""


@models.command("list", cls=Command, epilog="\b\nExample:\n  newsbridge models list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per model.")
def list_(as_json: bool) -> None:
    """List the models at hand, with their licences and what they are good for."""
    from newsbridge import store
    from newsbridge.cli import complain

    for model in store.models(damaged=complain):
        if as_json:
            click.echo(json.dumps(model.document(), ensure_ascii=False))
            continue
        pair = f"  {' → '.join(model.languages)}" if len(model.languages) == 2 else ""
        click.echo(f"{model.name}  {model.version}{pair}  {model.quantization}  {model.size / 1e6:.0f} MB")
        click.echo(f"  licence   {licence(model.license)}\n  revision  {model.revision}\n  {model.description}")
        if model.note:
            click.echo(f"  {model.note}")


@models.command(
    "pull",
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge models pull Helsinki-NLP/opus-mt-de-en\n"
    "  newsbridge models pull facebook/nllb-200-distilled-600M --quantization int8\n"
    "  newsbridge models pull Helsinki-NLP/opus-mt-de-en@COMMIT --offline\n  newsbridge models pull ./my-checkpoint",
)
@click.argument("name", metavar="NAME[@REVISION]")
@option(
    "--quantization",
    type=click.Choice(["auto", "int8", "int8_float32", "float16", "bfloat16", "float32"]),
    default="auto",
    help="What CTranslate2 keeps the weights in; auto is int8 on a CPU, float16 where there is a GPU.",
)
@click.option("--allow-pickle", is_flag=True, help="Take pickled weights where there are no others, weights-only.")
@click.option("--offline", is_flag=True, help="Take it from huggingface_hub's cache; open no connection.")
@click.option(
    "--no-test", "test", is_flag=True, flag_value=False, default=True, help="Store it without asking it anything."
)
@click.option(
    "--shortlist",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="BITEXT",
    help="Marian: build a vocabulary shortlist from a file of source TAB target lines; faster, a little less exact.",
)
@options(COMMON)
def pull(name: str, **values: Any) -> None:
    """Fetch a model from the Hugging Face hub, convert it, ask it something, and store it.

    NAME is ORGANISATION/NAME, with @ and a branch, tag or commit if it is not to be the latest, or the path of a
    folder with a checkpoint. It needs newsbridge[torch]. A download that was cut off goes on where it stopped.
    """
    from newsbridge.models.pull import Wishes
    from newsbridge.models.pull import pull as fetch

    wishes = Wishes(
        values["quantization"], values["allow_pickle"], values["offline"], values["test"], values["shortlist"]
    )
    with _progress(values["quiet"]) as progress:
        model = fetch(name, wishes, progress)
    if not values["quiet"]:
        click.echo(f"{model.name} {model.revision[:12]} is stored; licence: {licence(model.license)}", err=True)
        use = "--model" if "translation" in model.tasks else "--summarizer"
        click.echo(f"  use it: newsbridge translate article.txt {use} {model.name}", err=True)


@models.command("test", cls=Command, epilog="\b\nExample:\n  newsbridge models test Helsinki-NLP/opus-mt-de-en")
@click.argument("name")
@options(RUNNING, COMMON)
def test(name: str, **values: Any) -> None:
    """Read every file of a model, and ask the model a few plain sentences."""
    from newsbridge import store
    from newsbridge.models import smoke

    model = store.find(name)
    store.verify(model)
    settings = {key: values[key] for key in ("device", "threads", "dtype")}
    if model.family:
        settings["runner_"] = values["runner"]
    click.echo(smoke.test(model, **settings))


@models.command("remove", cls=Command, epilog="\b\nExample:\n  newsbridge models remove Helsinki-NLP/opus-mt-de-en")
@click.argument("name", metavar="NAME[@REVISION]")
@options(COMMON)
def remove(name: str, **values: Any) -> None:
    """Delete a model that was pulled, and what is on its way of it.

    Without @REVISION every revision and quantization of it goes.
    """
    from newsbridge import store

    wanted, _, revision = name.partition("@")
    first = store.find(name)
    with store.lock(wanted, lambda: click.echo(f"waiting for another newsbridge that pulls {wanted}", err=True)):
        for model in [first, *(each for each in store.models(damaged=lambda error: None) if each != first)]:
            if model.name == wanted and model.revision.startswith(revision):
                store.remove(model)
                if not values["quiet"]:
                    click.echo(f"{model.name} {model.revision[:12]} ({model.quantization}) is removed", err=True)
        store.forget(wanted)


def licence(name: str) -> str:
    """Return a licence as a reader should see it: one that forbids commercial use says so."""
    from newsbridge.models.pull import noncommercial

    return f"{name} (no commercial use)" if noncommercial(name) else name


def _progress(quiet: bool) -> Any:
    from newsbridge.models.pull import Progress

    class _Shown(Progress):
        """What a pull says on stderr: lines, and on a terminal a bar."""

        def __init__(self) -> None:
            self.bar: Any = None
            self.task: Any = None

        def __enter__(self) -> _Shown:
            return self

        def __exit__(self, *_: object) -> None:
            if self.bar is not None:
                self.bar.stop()

        def plan(self, plan: hub.Plan) -> None:
            """Say what will be fetched, under which licence."""
            if quiet:
                return
            click.echo(
                f"{plan.name} at {plan.commit[:12]}: {plan.size / 1e6:.1f} MB, licence: {licence(plan.license)}",
                err=True,
            )
            if plan.note:
                click.echo(f"  {plan.note}", err=True)
            if sys.stderr.isatty():
                from rich.console import Console
                from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

                columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
                self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
                self.task = self.bar.add_task("pull", total=plan.size)
                self.bar.start()

        def bytes(self, count: int) -> None:
            """Move the bar."""
            if self.bar is not None:
                self.bar.advance(self.task, count)

        def step(self, text: str) -> None:
            """Say what happens now."""
            if self.bar is not None:
                self.bar.stop()
                self.bar = None
            if not quiet:
                click.echo(f"  {text}", err=True)

    return _Shown()

"""``models`` and ``config``: what is installed, and what counts."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from newsbridge import config as settings
from newsbridge.cli.options import COMMON, IN_FILE, Command, options


@click.group(epilog="Example: newsbridge models list")
def models() -> None:
    """See which translation models are at hand."""


@models.command("list", cls=Command, epilog="\b\nExample:\n  newsbridge models list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per model.")
def list_(as_json: bool) -> None:
    """List the models at hand, with their licences and what they are good for."""
    from newsbridge import store

    for model in store.models():
        if as_json:
            click.echo(json.dumps(model.document(), ensure_ascii=False))
            continue
        click.echo(f"{model.name}  {model.version}  {' → '.join(model.languages)}  {model.size / 1e6:.0f} MB")
        click.echo(f"  licence   {model.license}\n  revision  {model.revision}\n  {model.description}")


@click.command(cls=Command, epilog="\b\nExample:\n  NEWSBRIDGE_BEAM=6 newsbridge config")
@options(IN_FILE, COMMON)
@click.pass_context
def config(ctx: click.Context, /, **values: Any) -> None:
    """Show where the config file lies, what counts now, and what said so."""
    path = os.environ.get("NEWSBRIDGE_CONFIG") or settings.default_path()
    click.echo(f"config file: {path}{'' if os.path.exists(path) else ' (not there)'}")
    said = {"COMMANDLINE": "option", "ENVIRONMENT": "environment", "DEFAULT_MAP": "config file", "DEFAULT": "default"}
    for parameter in ctx.command.params:
        if parameter.name not in values or parameter.name in ("quiet", "verbose"):
            continue
        source = ctx.get_parameter_source(str(parameter.name))
        value = values[str(parameter.name)]
        click.echo(
            f"{parameter.opts[-1].lstrip('-'):14} {'–' if value is None else value!s:12} "
            f"{said[source.name] if source else 'default'}"
        )

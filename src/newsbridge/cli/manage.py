"""``config``: which settings count, and what said so."""

from __future__ import annotations

import os
from typing import Any

import click

from newsbridge import config as settings
from newsbridge.cli.options import COMMON, IN_FILE, Command, options


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

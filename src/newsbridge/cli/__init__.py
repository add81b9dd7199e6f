"""click commands: read the options, call one function, print what it returns.

Everything a command needs beyond click is imported when it runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from newsbridge import __version__
from newsbridge.cli.check import check, convert
from newsbridge.cli.ledger import quotes, segment
from newsbridge.cli.manage import config
from newsbridge.cli.memory import memory
from newsbridge.cli.models import models
from newsbridge.cli.translate import brief, translate
from newsbridge.errors import NewsbridgeError

INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Newsbridge(click.Group):
    """The command line, with the one place where our errors become two calm lines on stderr."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a closed pipe is no failure, an error of ours exits with 1."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            _forget_stdout()
            raise click.exceptions.Exit(0) from None
        except NewsbridgeError as error:
            complain(error)
            raise click.exceptions.Exit(1) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the commands in the order of the work, not of the alphabet."""
        return list(self.commands)


def complain(error: NewsbridgeError, about: str = "newsbridge") -> None:
    """Print an error and its hint on stderr."""
    click.echo(f"{about}: {_one_line(error.message)}", err=True)
    if error.hint:
        click.echo(f"  try: {_one_line(error.hint)}", err=True)


def _one_line(text: str) -> str:
    r"""Show control characters, as file names may hold them, instead of sending them to a terminal.

    Example:
        >>> _one_line("a\nb.txt is empty")
        'a\\nb.txt is empty'
    """
    return "".join(repr(each)[1:-1] if each < " " or each == "\x7f" else each for each in text)


def _forget_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain either."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


@click.group(
    cls=Newsbridge,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: newsbridge translate article.txt -o out",
)
@click.version_option(__version__, "-V", "--version", message="newsbridge %(version)s")
def newsbridge() -> None:
    """German news in, an English brief and a parallel text out, every quotation in the same mouth.

    Options come first, then the environment (NEWSBRIDGE_MODEL, …), then the config file
    (`newsbridge config` says where it lies and what counts).

    Exit codes: 0 done; 1 something failed, and was named, and the rest is done; 2 usage; 3 a finding
    that --strict does not let pass; 130 interrupted.
    """


for command in (translate, brief, quotes, segment, check, convert, models, memory, config):
    newsbridge.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Args:
        arguments: As in ``sys.argv[1:]``, which they default to.
    """
    try:
        code = newsbridge.main(arguments, prog_name="newsbridge", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("newsbridge: interrupted; what was finished is written", err=True)
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)

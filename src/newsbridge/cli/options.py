"""The options that are the same everywhere, and where their values come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsbridge import config

if TYPE_CHECKING:
    from newsbridge.memory import Memory

F = TypeVar("F", bound=Callable[..., Any])


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Declare an option that ``NEWSBRIDGE_NAME`` can set as well."""
    long = next(name for name in names if name.startswith("--"))
    settings.setdefault("envvar", "NEWSBRIDGE_" + long.strip("-").upper().replace("-", "_"))
    settings.setdefault("show_default", "default" in settings)
    return click.option(*names, **settings)


READING = (
    option("--from", "from_", metavar="LANG", help="The source language (BCP 47), instead of looking at the text."),
    option("--encoding", metavar="NAME", help="The encoding of text files, instead of recognising it."),
)
RUNNING = (
    option(
        "--runner",
        type=click.Choice(["ctranslate2", "transformers"]),
        default="ctranslate2",
        help="What runs a pulled model; transformers needs newsbridge[torch].",
    ),
    option("--device", default="auto", metavar="auto|cpu|cuda[:N]|mps", help="Where the model runs."),
    option(
        "--dtype", default="auto", metavar="NAME", help="What a pulled model computes in: float32, int8, bfloat16, …"
    ),
    option("--threads", type=click.IntRange(0), default=0, help="Threads on the CPU; 0 takes every core."),
)
ENGINE = (
    option("--into", default="en", metavar="LANG", help="The target language (BCP 47)."),
    option("--model", default="embedded", metavar="NAME", help="The translation engine; see `newsbridge models list`."),
    option(
        "--summarizer",
        default="extractive",
        metavar="NAME",
        help="Who writes the summaries: extractive, chat:NAME, or a pulled model.",
    ),
    option("--beam", type=click.IntRange(1, 32), default=4, help="Beam size of the decoder."),
    option("--n-best", type=click.IntRange(1, 32), default=4, help="Hypotheses the quotation ladder may choose from."),
    *RUNNING,
    option(
        "--batch-tokens",
        type=click.IntRange(64),
        default=2048,
        help="Source tokens decoded together at most, padding included; on several cores 512 are enough.",
    ),
    option(
        "--quote-style",
        type=click.Choice(["american", "british", "source"]),
        default="american",
        help="Quotation marks of the English.",
    ),
)
SUMMARY = (
    option("--summary-length", type=click.IntRange(1, 5), metavar="N", help="Sentences per section, at most."),
    option("--points", type=click.IntRange(1, 12), metavar="N", help="Points of the brief, at most."),
    option(
        "--style",
        type=click.Choice(["brief", "explainer", "wire"]),
        default="brief",
        help="How much the summaries say: wire is shorter, explainer longer.",
    ),
)
CHAT = (
    option("--base-url", metavar="URL", help="chat:NAME: an OpenAI-compatible server, with /v1; without, in process."),
    option(
        "--prompts",
        type=click.Path(exists=True, file_okay=False),
        metavar="DIR",
        help="chat:NAME: templates that count before ours.",
    ),
    option("--concurrency", type=click.IntRange(1, 256), default=8, help="chat:NAME: requests at a time."),
    option(
        "--answer-timeout",
        type=click.FloatRange(min=0.1),
        default=120.0,
        metavar="SECONDS",
        help="chat:NAME: wait for an answer.",
    ),
    option("--token-budget", type=click.IntRange(0), default=0, help="chat:NAME: tokens of a run; 0 is no limit."),
)
MEMORY = (
    option(
        "--memory", metavar="FILE|none", help="The translation memory, instead of the platform's; none goes without."
    ),
)
MANY = (
    option("--workers", type=click.IntRange(0), metavar="N", help="Worker processes, by default up to one per core."),
    option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=300.0,
        metavar="SECONDS",
        help="Work on one article after which it is given up; needs worker processes.",
    ),
    option("--text-column", metavar="NAME", default="text", help="Where JSON lines and Parquet have the article."),
    option("--id-column", metavar="NAME", default="id", help="Where they have its id; else its number counts."),
    click.option("--files-from", metavar="FILE", help="A list of inputs, one per line or NUL-separated; - is stdin."),
    click.option("--jsonl", is_flag=True, help='The input - is JSON lines {"id", "text"}; without -o, answered so.'),
    click.option("--dry-run", is_flag=True, help="Say what would be done and about how long it takes; write nothing."),
    click.option("--watch", is_flag=True, help="Stay, and translate what is put into the folders, until Ctrl-C."),
    click.option("--fresh", is_flag=True, help="Translate again what is up to date in DIR."),
    click.option("--retry-failed", is_flag=True, help="Only what failed in DIR the last time."),
    option(
        "--on", type=click.Choice(["here", "ray"]), default="here", help="Where the work is done; see docs/cluster.md."
    ),
    option("--ray-address", metavar="ADDRESS", help="The Ray cluster, instead of RAY_ADDRESS or one started here."),
    option("--actors", metavar="N[-M]", default="1", help="On Ray: engines at work at a time, at least and at most."),
    option("--actor-cpus", type=click.FloatRange(0), default=1.0, metavar="N", help="On Ray: cores of an engine."),
    option("--actor-gpus", type=click.FloatRange(0), default=0.0, metavar="N", help="On Ray: GPUs of an engine."),
    click.option("--log-json", is_flag=True, help="Say on stderr in JSON lines what happens, for other programs."),
)
LANGUAGES = (READING[0], ENGINE[0])
GLOSSARY = (
    option(
        "--glossary",
        metavar="FILE",
        help="Terms to keep to: .tsv, .csv or .tbx; `starter` is the list that ships.",
    ),
)
STRICT = (
    option(
        "--strict",
        type=click.Choice(["error", "warning"]),
        metavar="[=warning]",
        help="Exit with 3 on a finding of severity error (=warning: on a warning too).",
    ),
)
FORCE = (option("--force", is_flag=True, help="Overwrite files that newsbridge did not write."),)
COMMON = (
    option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr; errors only."),
    option("-v", "--verbose", is_flag=True, help="Say more on stderr: a line per article, with its time."),
    click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        envvar="NEWSBRIDGE_CONFIG",
        is_eager=True,
        expose_value=False,
        callback=lambda ctx, param, value: _fall_back_on_file(ctx, value),
        help="A config file other than the platform's.",
    ),
)
IN_FILE = (*READING, *ENGINE, *CHAT, *SUMMARY, *MEMORY, *GLOSSARY, *STRICT)  # what a config file may set


def options(*groups: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    """Apply groups of options in the order in which ``--help`` shows them."""

    def apply(function: F) -> F:
        for decorator in reversed([each for group in groups for each in group]):
            function = decorator(function)
        return function

    return apply


def file_options() -> dict[str, str]:
    """Return the options a config file may set: long name without dashes → parameter name."""

    @options(IN_FILE)
    def every() -> None: ...

    return {
        parameter.opts[-1].lstrip("-"): str(parameter.name)
        for parameter in every.__click_params__  # type: ignore[attr-defined]
    }


def _fall_back_on_file(ctx: click.Context, value: Path | None) -> None:
    """Let the config file's settings be the defaults of this command."""
    names = file_options()
    settings = config.load(value or config.default_path(), names, required=value is not None)
    mine = {parameter.name for parameter in ctx.command.params}
    ctx.default_map = {names[name]: each for name, each in settings.items() if names[name] in mine}


class Command(click.Command):
    """A command whose ``--strict`` may stand alone or carry ``=warning``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let a bare ``--strict`` mean ``--strict=error``, not take the next word for its value."""
        end = args.index("--") if "--" in args else len(args)
        return super().parse_args(ctx, ["--strict=error" if a == "--strict" else a for a in args[:end]] + args[end:])


def formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Read ``--format json,md``.

    Raises:
        click.UsageError: if a format is not built; the message names those that are.
    """
    wanted = tuple(dict.fromkeys(each.strip().lower() for each in text.split(",") if each.strip()))
    strange = [each for each in wanted if each not in known]
    if strange or not wanted:
        said = ", ".join(strange) or "nothing"
        raise click.UsageError(f"--format: newsbridge does not write {said}; it writes {', '.join(known)}")
    return wanted


def summarizer(values: Mapping[str, Any]) -> Any:
    """Build the summariser that the command line names.

    Raises:
        NewsbridgeError: if there is none.
    """
    from newsbridge.summary.registry import summarizer as build
    from newsbridge.summary.style import Style

    style = Style(values["style"], values["summary_length"], values["points"])
    return build(values["summarizer"], style=style, target=values["into"], **engine_settings(values))


def bridge_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Pick the keyword arguments of :func:`newsbridge.pipeline.bridge` out of a command's parameters."""
    return {
        "target": values["into"],
        "quote_style": values["quote_style"],
        "n_best": values["n_best"],
        "glossary": glossary(values["glossary"], target=values["into"]),
    }


def glossary(name: str | None, source: str = "de", target: str = "en") -> Any:
    """Load the glossary of ``--glossary``; None where none was asked for.

    Raises:
        NewsbridgeError: if it cannot be read.
    """
    if not name:
        return None
    from newsbridge.glossary import load, starter

    return starter(source, target) if name == "starter" else load(Path(name))


ENGINE_SETTINGS = (
    *("beam", "n_best", "runner", "device", "dtype", "threads", "batch_tokens"),
    *("base_url", "prompts", "concurrency", "answer_timeout", "token_budget"),
)


def engine_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Pick an engine's settings out of a command's parameters."""
    return {name: values[name] for name in ENGINE_SETTINGS}


def memory(values: Mapping[str, Any]) -> Memory | None:
    """Open the memory that the command line names.

    Raises:
        MemoryFault: if it cannot be opened.
    """
    from newsbridge.memory import Memory, default_path

    if values["memory"] == "none":
        return None
    from newsbridge.cli import complain

    return Memory(Path(values["memory"]) if values["memory"] else default_path(), complain)

"""``quotes`` and ``segment``: what newsbridge reads in an article, without a model."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from newsbridge.cli.options import COMMON, READING, Command, options
from newsbridge.errors import ArticleError, NewsbridgeError

if TYPE_CHECKING:
    from newsbridge.article import Article

Offsets = Callable[[int], int]  # of Article.text → of the text as given
JSON_HELP = 'JSON lines; with the input - also read from stdin as {"id", "text"}, one article per line.'


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge quotes article.txt --explain\n"
    "  newsbridge quotes --json - < articles.jsonl > quotes.jsonl",
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@click.option("--explain", is_flag=True, help="Show the rule and the confidence behind each attribution.")
@options(READING, COMMON)
def quotes(inputs: tuple[str, ...], as_json: bool, explain: bool, **values: Any) -> None:
    """Show who said what: every quotation with its speaker."""
    from newsbridge.pipeline import read_quotes
    from newsbridge.writing import listing

    if as_json:
        _answer(inputs, values, lambda article, offsets: listing.quotes_document(*read_quotes(article), offsets))
    else:
        _show(inputs, values, lambda article: listing.quotes_text(*read_quotes(article), explain=explain))


@click.command(
    cls=Command,
    epilog="\b\nExamples:\n  newsbridge segment article.txt\n"
    "  newsbridge segment --json - < articles.jsonl > sections.jsonl",
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("--json", "as_json", is_flag=True, help=JSON_HELP)
@options(READING, COMMON)
def segment(inputs: tuple[str, ...], as_json: bool, **values: Any) -> None:
    """Show the section map: headings, lead-ins, captions, and how many sentences stand below each."""
    from newsbridge.pipeline import read_sections
    from newsbridge.writing import listing

    if as_json:
        _answer(inputs, values, lambda article, offsets: listing.sections_document(read_sections(article), offsets))
    else:
        _show(inputs, values, lambda article: listing.sections_text(read_sections(article)))


def _show(inputs: tuple[str, ...], values: dict[str, Any], show: Callable[[Article], str]) -> None:
    """Print what ``show`` makes of each article, under its name where there are several."""
    run = _Reader(values)
    articles = list(run.articles(inputs))
    for name, article in articles:
        if len(articles) > 1:
            click.echo(f"== {name}")
        click.echo(show(article), nl=False)
    run.finish()


def _answer(inputs: tuple[str, ...], values: dict[str, Any], document: Callable[[Article, Offsets], Any]) -> None:
    """Answer with one JSON line per article, in order; what fails answers ``{"id", "error"}`` in its place."""
    from newsbridge.pipeline import settle

    run = _Reader(values)
    if "-" in inputs and inputs != ("-",):
        raise click.UsageError("with --json, - stands alone: JSON lines on stdin")
    answers: Iterator[dict[str, Any]]
    if "-" in inputs:
        answers = (run.answer(line, document) for line in _json_lines(sys.stdin.buffer))
    else:
        answers = ({"id": name, **document(article, int)} for name, article in run.articles(inputs))
    for number, answer in enumerate(answers):
        click.echo(json.dumps(answer, ensure_ascii=False))
        if number == 1:  # there are many, perhaps
            settle()
    run.finish()


def _json_lines(stream: Any) -> Iterator[bytes]:
    """Yield the lines that are not blank."""
    return (line for line in stream if line.strip())


class _Reader:
    """Reads articles one after the other and remembers whether one failed."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.failures = 0

    def articles(self, arguments: tuple[str, ...]) -> Iterator[tuple[str, Article]]:
        """Yield each input's name and article; one that cannot be read is named on stderr and left out."""
        from newsbridge import reading
        from newsbridge.cli import complain
        from newsbridge.reading import containers

        for argument in arguments:
            try:
                for each in chain.from_iterable(map(containers.articles, reading.inputs([argument]))):
                    try:
                        yield each.name, each.read(encoding=self.values["encoding"], language=self.values["from_"])
                    except ArticleError as error:
                        complain(error)
                        self.failures += 1
            except NewsbridgeError as error:
                complain(error)
                self.failures += 1

    def answer(self, line: bytes, document: Callable[[Article, Offsets], Any]) -> dict[str, Any]:
        """Answer one JSON line ``{"id", "text"}``; offsets count in the text as it was given."""
        from newsbridge import reading

        identity = None
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
                raise ArticleError('the line is no JSON object with a "text"', 'write {"id": …, "text": "…"}')
            identity = asked.get("id")
            article, offsets = reading.read_text(asked["text"], language=self.values["from_"])
            return {"id": identity, **document(article, offsets)}
        except (ValueError, RecursionError) as error:
            self.failures += 1
            return {"id": identity, "error": f"the line is not JSON: {error}"}
        except NewsbridgeError as error:
            self.failures += 1
            return {"id": identity, "error": ": ".join(filter(None, (error.message, error.hint)))}

    def finish(self) -> None:
        """Exit with 1 if something failed."""
        if self.failures:
            raise click.exceptions.Exit(1)

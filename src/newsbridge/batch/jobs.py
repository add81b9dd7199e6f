"""What passes between the scheduler and its workers: a job in, an outcome out, and what is asked of the engine between.

Everything here can be pickled.
"""

from __future__ import annotations

import pickle
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsbridge import errors
from newsbridge.errors import NewsbridgeError
from newsbridge.reading.files import Input

if TYPE_CHECKING:
    from newsbridge.engines import Translator
    from newsbridge.record import Record
    from newsbridge.summary import Summarizer

BUG = "this is a fault of newsbridge or of the engine: please report it with the article"


@dataclass(frozen=True)
class Job:
    """One article to take through the journey.

    Args:
        number: Its place among the inputs, from 0; what an outcome is told apart by.
        input: Where to read it.
        stem: Where its files go below the output folder, without suffix.
        done: The SHA-256 of the source that was done with the same settings before; None where nothing was.
    """

    number: int
    input: Input
    stem: str = ""
    done: str | None = None

    @property
    def name(self) -> str:
        """What messages and the record call the article."""
        return self.input.name


@dataclass(frozen=True)
class Task:
    """What is done with every article of a run.

    Args:
        summarizer: Who writes the summaries; one that cannot be pickled keeps the work in this process.
        bridge: The keyword arguments of :func:`newsbridge.pipeline.bridge`.
        formats: The views wanted, of :data:`newsbridge.writing.FORMATS`.
        reading: ``encoding`` and ``language``, where the command line named them.
        whole: Also return the record itself, as one line of JSON; for outputs that hold all articles in one file.
        units: Also return the pairs of source and target, for the translation memory.
    """

    summarizer: Summarizer
    bridge: Mapping[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    reading: Mapping[str, str | None] = field(default_factory=dict)
    whole: bool = False
    units: bool = False

    def portable(self) -> bool:
        """Say whether the task can be sent to another process."""
        try:
            pickle.dumps(self)
        except Exception:  # every class has its own way to say no
            return False
        return True


@dataclass(frozen=True)
class Outcome:
    """What became of a job; ``same`` says that nothing had to be done, ``error`` that nothing could be."""

    number: int
    digest: str = ""  # SHA-256 of the source
    files: Mapping[str, str] = field(default_factory=dict)  # suffix → text
    line: str | None = None  # the record as one line of JSON
    language: str = ""
    units: tuple[tuple[str, str], ...] = ()  # source and target of what a model translated
    model: str = ""  # what a reader should be told about the engine
    title: str = ""
    headline: str = ""
    segments: int = 0
    quotes: Mapping[str, int] = field(default_factory=dict)  # direct quotations by status
    findings: Mapping[str, int] = field(default_factory=dict)  # by severity
    same: bool = False
    error: Failure | None = None


@dataclass(frozen=True)
class Failure:
    """Why an article was not done: what happened, what to try, and the family of the error."""

    message: str
    hint: str
    kind: str
    trace: str = ""  # of a bug

    @classmethod
    def of(cls, error: BaseException, name: str = "") -> Failure:
        """Describe an exception; what is not a NewsbridgeError is a bug and keeps its traceback."""
        if isinstance(error, NewsbridgeError):
            return cls(error.message, error.hint, type(error).__name__)
        what = "".join(traceback.format_exception_only(error)).strip()
        trace = "".join(traceback.format_exception(error))
        return cls(f"{name or 'the article'} failed: {what}", BUG, type(error).__name__, trace)

    def error(self) -> NewsbridgeError:
        """Return it as an exception of its family."""
        family: type[NewsbridgeError] = getattr(errors, self.kind, NewsbridgeError)
        return family(self.message, self.hint)


@dataclass(frozen=True)
class Card:
    """An engine as it is known in another process: what it says about itself, and what it can be asked."""

    facts: Mapping[str, Any]
    methods: frozenset[str]

    @classmethod
    def of(cls, engine: Translator) -> Card:
        """Note the public attributes of an engine that are plain values, and the names of its public methods."""
        facts, methods = {}, set()
        for name in dir(engine):
            value = getattr(engine, name, None)
            if name.startswith("_"):
                continue
            if callable(value):
                methods.add(name)
            elif _plain(value):
                facts[name] = value
        return cls(facts, frozenset(methods))


def _plain(value: object) -> bool:
    if isinstance(value, Mapping):
        return all(_plain(key) and _plain(each) for key, each in value.items())
    if isinstance(value, tuple | list):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | int | float | bool)


class Remote:
    """An engine in another thread or process: the same facts, and methods whose answers are waited for.

    Args:
        card: What the engine is.
        ask: Sends ``(method, items, settings)`` to the engine and returns its answers, one per item.
    """

    def __init__(self, card: Card, ask: Callable[[str, Sequence[Any], Mapping[str, Any]], list[Any]]) -> None:
        self._card = card
        self._ask = ask

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self._card.facts:
            return self._card.facts[name]
        if name in self._card.methods:
            return lambda items, **settings: self._ask(name, items, settings)
        raise AttributeError(f"the engine {self._card.facts.get('name')} has no {name!r}")


def carry(job: Job, task: Task, translator: Translator) -> Outcome:
    """Take one job all the way: read, bridge, make the views.

    Raises:
        NewsbridgeError: if the article cannot be read, or the engine fails.
    """
    from newsbridge import pipeline
    from newsbridge.record.document import to_document
    from newsbridge.writing import render_all

    content = job.input.load()
    digest = content.sha256
    if job.done == digest:
        return Outcome(job.number, digest, same=True)
    article = content.article(**task.reading)
    record = pipeline.bridge(article, translator, task.summarizer, **task.bridge)
    line = None
    if task.whole:
        import json

        line = json.dumps(to_document(record), ensure_ascii=False, separators=(",", ":"))
    return Outcome(
        job.number,
        digest,
        render_all(record, task.formats),
        line,
        article.language,
        _units(record) if task.units else (),
        record.provenance.model,
        *_about(record),
    )


def _units(record: Record) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.text, each.target) for each in record.translations if each.target and each.origin.value != "memory"
    )


def _about(record: Record) -> tuple[str, str, int, Mapping[str, int], Mapping[str, int]]:
    """Return title, headline, number of segments, direct quotations by status, findings by severity."""
    direct = (each.id for each in record.ledger.quotations if each.kind == "direct")
    quotes = Counter(record.rendering[id_].status.value for id_ in direct)
    findings = Counter(each.severity.value for each in record.every_finding())
    headline = record.summary.brief.headline
    english = headline.text if headline else ""
    return record.article.metadata.title or "", english, len(record.translations), dict(quotes), dict(findings)

"""Many articles: one scheduler, one memory, resume, progress; Ray past one machine."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from newsbridge import __version__
from newsbridge.batch import outputs, report
from newsbridge.batch.jobs import Job, Outcome, Task
from newsbridge.batch.journal import Journal
from newsbridge.batch.plan import Plan
from newsbridge.batch.progress import Progress
from newsbridge.batch.scheduler import TIMEOUT, Scheduler
from newsbridge.engines import Translator
from newsbridge.memory import Memory, Unit

ARTICLES_PER_WORKER = 8  # fewer are not worth the start of another process


@dataclass(frozen=True)
class Settings:
    """How a run goes about it; nothing of it changes a result.

    Args:
        workers: Processes; 0 works in this one, None chooses by the number of articles and cores.
        timeout: Seconds of work on one article without a pause.
        force: Replace files that newsbridge did not write.
        fresh: Translate again what is up to date.
        retry_failed: Only what failed the last time.
    """

    workers: int | None = None
    timeout: float = TIMEOUT
    force: bool = False
    fresh: bool = False
    retry_failed: bool = False


@dataclass
class Tally:
    """What came of a run: articles done, already up to date, failed.

    Direct quotations by status and findings by severity are those of all that are done now, before or in this run.
    """

    done: int = 0
    same: int = 0
    failed: int = 0
    segments: int = 0
    quotes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one article."""
        self.same += outcome.same
        self.failed += outcome.error is not None
        self.done += not outcome.same and not outcome.error
        self.segments += outcome.segments
        self.quotes += Counter(outcome.quotes)
        self.findings += Counter(outcome.findings)


def fingerprint(task: Task, engine: Translator) -> str:
    """Return a hash of what a result depends on besides its source: version, engine, settings, formats."""
    said: dict[str, Any] = {
        "tool": __version__,
        "engine": [engine.name, engine.revision, engine.settings_hash],
        "summarizer": [task.summarizer.name, str(getattr(task.summarizer, "settings_hash", ""))],
        "bridge": {name: repr(value) for name, value in task.bridge.items()},
        "reading": dict(task.reading),
        "formats": [*task.formats, task.whole],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def translate(
    plan: Plan,
    engine: Translator,
    task: Task,
    folder: Path,
    *,
    whole: tuple[str, ...] = (),
    settings: Settings = Settings(),
    progress: Progress | None = None,
    memory: Memory | None = None,
) -> Tally:
    """Take every article of a plan through the journey, as far as it is not up to date.

    Args:
        plan: The inputs.
        engine: The engine.
        task: What is done with each article; ``task.formats`` are files per article.
        folder: Where results and the journal go.
        whole: Formats that hold all articles in one file: jsonl, parquet.
        settings: How the run goes about it.
        progress: Who is told how far it is.
        memory: What was translated before; what is translated now is added.

    Returns:
        The tally; each failure stands in ``failures.jsonl``.

    Raises:
        JournalError: if another run writes to the folder.
        OutputError: if the folder cannot be written to; what was done is kept.
        EngineError: if worker processes do not start.
    """
    progress = progress or Progress()
    tally = Tally()
    for format in whole:
        outputs.check_whole(folder, format, force=settings.force)
    journal = Journal(folder)
    try:
        journal.sweep()
        listed = len(plan) > 1 or plan.containers > 0
        run = _Run(plan, journal, fingerprint(task, engine), task.formats, settings, listed)

        def told(job: Job, outcome: Outcome) -> None:
            tally.add(outcome)
            progress.article(job, outcome)

        writer = outputs.Writer(
            journal,
            run.fingerprint,
            force=settings.force,
            is_input=plan.holds,
            told=told,
            remember=_remembering(memory, engine, task),
        )
        scheduler = Scheduler(
            replace(task, units=memory is not None and not memory.read_only),
            engine,
            workers=_workers(plan, task, settings),
            timeout=settings.timeout,
            memory=memory,
            tick=progress.tick,
        )
        try:
            progress.begin(len(plan) if not plan.containers else None)
            for outcome in scheduler.run(run.jobs()):
                writer.put(run.open.pop(outcome.number), outcome)
        finally:
            scheduler.stop()
            writer.close()
            if not settings.retry_failed and run.complete:
                journal.forget_failures()
            outputs.write_failures(journal)
            if listed or sum(journal.count()) > 1:
                report.write(journal, task.formats, force=settings.force)
        for format in whole:
            outputs.write_whole(journal, format)
    finally:
        journal.close()
        progress.end()
    return tally


def _remembering(memory: Memory | None, engine: Translator, task: Task) -> Callable[[Outcome], None]:
    """Return what adds an article's pairs of source and target to the memory."""
    name, target = engine.name, str(task.bridge.get("target", "en"))

    def remember(outcome: Outcome) -> None:
        if memory is not None and outcome.units:
            memory.add(Unit(*pair, outcome.language, target, name) for pair in outcome.units)

    return remember


class _Run:
    """The jobs of a run; ``open`` holds those that are not finished, ``complete`` says that all were begun."""

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        fingerprint: str,
        formats: tuple[str, ...],
        settings: Settings,
        listed: bool,
    ) -> None:
        self.plan, self.journal, self.fingerprint = plan, journal, fingerprint
        self.formats, self.settings, self.listed = formats, settings, listed
        self.open: dict[int, Job] = {}
        self.complete = False

    def jobs(self) -> Iterator[Job]:
        reserved = ("index",) if self.listed else ()
        for number, (found, stem) in enumerate(self.plan.articles(reserved)):
            entry = self.journal.entry(stem)
            if self.settings.retry_failed and (entry is None or entry.done):
                continue
            known = entry is not None and entry.done and entry.settings == self.fingerprint and not self.settings.fresh
            if known and not all(map(os.path.lexists, outputs.paths(self.journal.folder, stem, self.formats).values())):
                known = False
            job = Job(number, found, stem, entry.digest if known and entry else None)
            self.open[number] = job
            yield job
        self.complete = True


def _workers(plan: Plan, task: Task, settings: Settings) -> int:
    """Choose the number of worker processes: none for a few articles, then up to one per core."""
    if not task.portable():
        return 0
    if settings.workers is not None:
        return settings.workers
    if plan.containers:
        return _cores()
    few = len(plan) // ARTICLES_PER_WORKER
    return min(_cores(), few)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

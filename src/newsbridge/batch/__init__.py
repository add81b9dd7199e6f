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
from newsbridge.batch.journal import Entry, Journal
from newsbridge.batch.plan import Plan
from newsbridge.batch.progress import Progress
from newsbridge.batch.scheduler import TIMEOUT, Scheduler
from newsbridge.engines import Translator
from newsbridge.engines.cores import cores
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


def fingerprint(task: Task, engine: Translator, memory: Memory | None = None) -> str:
    """Return a hash of what a result depends on besides its source: version, engine, settings, what was approved."""
    said: dict[str, Any] = {
        "tool": __version__,
        "engine": [engine.name, engine.revision, engine.settings_hash],
        "summarizer": [task.summarizer.name, str(getattr(task.summarizer, "settings_hash", ""))],
        "bridge": {name: repr(value) for name, value in task.bridge.items()},
        "reading": dict(task.reading),
        "formats": [*task.formats, task.whole],
        "approved": memory.approvals() if memory else "",
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
        settings_hash = fingerprint(task, engine, memory)
        open_jobs: dict[int, Job] = {}
        complete = False

        def jobs() -> Iterator[Job]:
            nonlocal complete
            reserved = ("index",) if listed else ()
            for job in jobs_of(plan, journal.entry, folder, settings_hash, task.formats, settings, reserved):
                open_jobs[job.number] = job
                yield job
            complete = True

        def told(job: Job, outcome: Outcome) -> None:
            tally.add(outcome)
            progress.article(job, outcome)

        writer = outputs.Writer(
            journal,
            settings_hash,
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
            for outcome in scheduler.run(jobs()):
                writer.put(open_jobs.pop(outcome.number), outcome)
        finally:
            scheduler.stop()
            writer.close()
            if not settings.retry_failed and complete:
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


def stream(
    plan: Plan, engine: Translator, task: Task, *, settings: Settings = Settings(), memory: Memory | None = None
) -> Iterator[tuple[Job, Outcome]]:
    """Take every article of a plan through the journey and yield what came of it, in the order of the plan.

    Nothing is written and nothing is kept: what is yielded is the record, in ``Outcome.line``.
    """
    open_jobs: dict[int, Job] = {}

    def jobs() -> Iterator[Job]:
        for number, (found, stem) in enumerate(plan.articles()):
            open_jobs[number] = Job(number, found, stem)
            yield open_jobs[number]

    scheduler = Scheduler(task, engine, workers=_workers(plan, task, settings), timeout=settings.timeout, memory=memory)
    waiting: dict[int, Outcome] = {}
    following = 0
    for outcome in scheduler.run(jobs()):
        waiting[outcome.number] = outcome
        while following in waiting:
            yield open_jobs.pop(following), waiting.pop(following)
            following += 1


def _remembering(memory: Memory | None, engine: Translator, task: Task) -> Callable[[Outcome], None]:
    """Return what adds an article's pairs of source and target to the memory."""
    name, target = engine.name, str(task.bridge.get("target", "en"))

    def remember(outcome: Outcome) -> None:
        if memory is not None and outcome.units:
            memory.add(Unit(*pair, outcome.language, target, name) for pair in outcome.units)

    return remember


def jobs_of(
    plan: Plan,
    entry: Callable[[str], Entry | None],
    folder: Path,
    settings_hash: str,
    formats: tuple[str, ...],
    settings: Settings,
    reserved: tuple[str, ...] = (),
) -> Iterator[Job]:
    """Yield a job per article; one that was done with the same settings and has its files knows its digest."""
    for number, (found, stem) in enumerate(plan.articles(reserved)):
        known = entry(stem)
        if settings.retry_failed and (known is None or known.done):
            continue
        digest = None
        if known and known.done and known.settings == settings_hash and not settings.fresh:
            files = outputs.paths(folder, stem, formats).values()
            digest = known.digest if all(map(os.path.lexists, files)) else None
        yield Job(number, found, stem, digest)


def _workers(plan: Plan, task: Task, settings: Settings) -> int:
    """Choose the number of worker processes: none for a few articles, then up to one per core."""
    if not task.portable():
        return 0
    if settings.workers is not None:
        return settings.workers
    if plan.containers:
        return cores()
    few = len(plan) // ARTICLES_PER_WORKER
    return min(cores(), few)

"""What a run would do, and about how long it would take: nothing is written."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from newsbridge.batch import Settings, fingerprint, jobs_of
from newsbridge.batch.jobs import Failure, Job, Task
from newsbridge.batch.journal import peek
from newsbridge.batch.plan import Plan
from newsbridge.batch.scheduler import Scheduler
from newsbridge.batch.workers import processes
from newsbridge.engines import Translator
from newsbridge.engines.cores import cores
from newsbridge.memory import Memory

SAMPLE = 8  # articles that are translated to see how fast it goes
LARGEST_SAMPLE = 40_000  # bytes of one of them
_SLICE = 512  # articles that are held at a time


@dataclass
class Rehearsal:
    """What a run would do; ``seconds`` is about how long it takes, from ``sample`` articles that were translated."""

    todo: int = 0
    same: int = 0
    segments: int = 0
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    sample: int = 0
    speed: float = 0.0  # segments a second

    @property
    def seconds(self) -> float | None:
        """Return about how long it takes; None where nothing could be measured."""
        return self.segments / self.speed if self.speed else None


def rehearse(
    plan: Plan, engine: Translator, task: Task, folder: Path, settings: Settings, memory: Memory | None = None
) -> Rehearsal:
    """Read every article, count what is to be done, and translate a few to see how fast it goes."""
    found = Rehearsal()
    chosen: list[Job] = []
    chance = random.Random(0)
    jobs = jobs_of(plan, peek(folder), folder, fingerprint(task, engine, memory), task.formats, settings)
    with processes(cores()) as pool:
        for part in _slices(jobs):
            answers = pool.map(count, [(job, task) for job in part], chunksize=16)
            for job, (same, segments, failure) in zip(part, answers, strict=True):
                if failure:
                    found.failures.append((job.name, failure))
                elif same:
                    found.same += 1
                else:
                    found.todo += 1
                    found.segments += segments
                    _draw(chosen, job, found.todo, chance)
    if chosen:
        _measure(found, chosen, engine, task)
    return found


def count(asked: tuple[Job, Task]) -> tuple[bool, int, Failure | None]:
    """Say whether an article is up to date, how many segments it has, and why it cannot be read if it cannot."""
    from newsbridge import pipeline

    job, task = asked
    try:
        content = job.input.load()
        if job.done == content.sha256:
            return True, 0, None
        article = pipeline.read_sections(content.article(**task.reading))
        return False, sum(1 for _ in article.segments()), None
    except Exception as error:
        return False, 0, Failure.of(error, job.name)


def _draw(chosen: list[Job], job: Job, seen: int, chance: random.Random) -> None:
    """Keep a sample in which every article had the same chance (Vitter's algorithm R)."""
    if job.input.size > LARGEST_SAMPLE:
        return
    if len(chosen) < SAMPLE:
        chosen.append(job)
    elif (place := chance.randrange(seen)) < SAMPLE:
        chosen[place] = job


def _measure(found: Rehearsal, chosen: list[Job], engine: Translator, task: Task) -> None:
    """Translate the sample; the first article only warms the engine up, where there is more than one."""
    first, *rest = chosen
    if rest:
        list(Scheduler(task, engine, workers=0).run(iter([first])))
    started = time.perf_counter()
    outcomes = list(Scheduler(task, engine, workers=0).run(iter(rest or [first])))
    segments = sum(outcome.segments for outcome in outcomes)
    found.sample = len(outcomes)
    found.speed = segments / (time.perf_counter() - started)


def _slices(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    part: list[Job] = []
    for job in jobs:
        part.append(job)
        if len(part) == _SLICE:
            yield part
            part = []
    if part:
        yield part

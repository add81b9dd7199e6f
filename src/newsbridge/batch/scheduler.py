"""One scheduler: articles come in windows, the questions of a window go to the engine together.

A window is closed by its number of articles and bytes alone, and the engine serves the windows in an order that follows
from how often each asks.  So what is decoded together does not depend on the number of workers or on who was faster:
equal input in equal order gives equal bytes.  A few windows are open at a time; nothing is read before there is room.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from newsbridge.batch.decoder import Ask, Decoder
from newsbridge.batch.jobs import Card, Failure, Job, Outcome, Task
from newsbridge.batch.workers import Here, Process, Worker, begun
from newsbridge.engines import Translator
from newsbridge.engines.progress import Ticking
from newsbridge.engines.remembering import Remembering
from newsbridge.errors import EngineError
from newsbridge.memory import Memory

ARTICLES = 64  # of a window: about 1,600 segments, enough to fill batches of equal length
FIRST = 8  # articles of the first window, so that the engine soon has work; each has twice as many as the one before
BYTES = 512_000
OPEN = 4  # windows: one is decoded, one waits for it, one has its answers checked, one is read
PATIENCE = 10.0  # seconds of work on one article after which an idle engine no longer waits for its window
REMEMBERED = 8_000_000  # bytes that a run without a memory remembers: about 30,000 segments
MOST_DEATHS = 20  # of workers in a row, nothing finished in between
TIMEOUT = 300.0  # seconds of work on one article without a pause


@dataclass
class Window:
    """Articles whose questions are asked together; ``asks`` holds None for those that are at work."""

    number: int
    asks: dict[int, Ask | None] = field(default_factory=dict)
    calls: int = 0
    bytes: int = 0
    called: bool = False  # the engine has its questions

    @property
    def settled(self) -> bool:
        """Whether nobody in it is at work."""
        return not self.called and None not in self.asks.values()


class Scheduler:
    """Takes jobs through the journey, many at a time.

    Args:
        task: What is done with every article.
        engine: The engine; called from one thread of its own.
        workers: Processes; 0 works in this one, and then no article can time out.
        timeout: Seconds of work on one article without a pause, after which its worker is killed and it fails.
        memory: What was translated before; None remembers what this run translated, as far as it is small.
        tick: Called with a number of segments that were translated, and whether the memory had them; from another
            thread.
    """

    def __init__(
        self,
        task: Task,
        engine: Translator,
        *,
        workers: int,
        timeout: float = TIMEOUT,
        memory: Memory | None = None,
        tick: Callable[[int, bool], None] = lambda segments, known: None,
    ) -> None:
        self.task, self.timeout = task, timeout
        self.card = Card.of(engine)
        self._events: SimpleQueue[tuple[Worker | None, tuple[Any, ...]]] = SimpleQueue()
        pooled = Remembering(
            Ticking(engine, _steps(tick)),
            memory or Memory(Path(":memory:"), limit=REMEMBERED),
            tick if memory else lambda segments, known: tick(segments, False),
        )
        self._decoder = Decoder(pooled, lambda token, answers: self._events.put((None, ("answered", token, answers))))
        self._workers: list[Worker] = []
        self._windows: list[Window] = []
        self._place: dict[int, tuple[Window, Worker]] = {}  # of every job that is not finished
        self._died: dict[int, str] = {}  # jobs whose worker died at them, and how
        self._timed_out: set[int] = set()
        self._next_window = 0
        self._idle = False  # the engine waits for a window
        self._deaths = 0  # of workers, since a job was finished
        self._size = workers

    def run(self, jobs: Iterator[Job]) -> Iterator[Outcome]:
        """Yield an outcome per job, in the order in which they are finished.

        ``jobs`` is read as far as there is room.

        Raises:
            EngineError: if worker processes do not start, or die again and again.
        """
        try:
            self._fill_up()
            more = True
            while True:
                while more and len(self._windows) < OPEN:
                    more = self._admit(jobs)
                if self._serve():
                    continue
                if not self._windows:
                    return
                yield from self._react()
        finally:
            self.stop()

    def stop(self) -> None:
        """End the workers; what is in hand is dropped."""
        for worker in self._workers:
            worker.stop()
        self._workers = []
        self._decoder.stop()

    # -------------------------------------------------------------------------------------------- windows

    def _admit(self, jobs: Iterator[Job]) -> bool:
        """Open a window and fill it; say whether there may be more jobs."""
        window = self._open()
        room = min(ARTICLES, FIRST << min(window.number - 1, 10))
        while len(window.asks) < room and window.bytes < BYTES:
            job = next(jobs, None)
            if job is None:
                return False
            window.bytes += job.input.size
            self._begin(job, window)
        return True

    def _open(self) -> Window:
        self._next_window += 1
        window = Window(self._next_window)
        self._windows.append(window)
        return window

    def _begin(self, job: Job, window: Window, worker: Worker | None = None) -> None:
        worker = worker or min(self._common(), key=lambda each: len(each.jobs))
        window.asks[job.number] = None
        self._place[job.number] = (window, worker)
        worker.begin(job)

    def _due(self) -> Window:
        """Return the window whose call is next: the one furthest behind, the youngest of several."""
        return min(self._windows, key=lambda window: (window.number + window.calls, -window.number))

    def _serve(self) -> bool:
        """Give the engine its next call, unless it has one; say whether a window was closed instead."""
        if not self._windows or any(window.called for window in self._windows):
            return False
        due = self._due()
        if not due.asks:
            self._windows.remove(due)
            return True
        self._idle = not due.settled
        if due.settled:
            due.called = True
            self._decoder.ask(due.number, [ask for ask in due.asks.values() if ask])
        return False

    def _go_on(self) -> None:
        """Let a window go on without those who keep the engine waiting; they get one of their own."""
        if not self._idle or len(self._windows) == 1:
            return
        due = self._due()
        late = [
            number
            for number, ask in due.asks.items()
            if ask is None and (at := self._place[number][1].running) and time.monotonic() - at[1] >= PATIENCE
        ]
        if late:
            own = self._open()
            for number in late:
                del due.asks[number]
                own.asks[number] = None
                self._place[number] = (own, self._place[number][1])

    # -------------------------------------------------------------------------------------------- events

    def _react(self) -> Iterator[Outcome]:
        """Wait for one event and act on it."""
        try:
            worker, (kind, *rest) = self._events.get(timeout=self._wait())
        except Empty:
            self._check_time()
            return
        if worker is None:
            self._answered(*rest)
        elif kind == "gone":
            yield from self._replace(worker)
        elif kind == "ready":
            worker.ready = True
        elif kind == "running":
            begun(worker, rest[0])
        else:
            worker.running = None
            number = rest[0]
            if number not in worker.jobs:
                return
            window = self._place[number][0]
            if kind == "ask":
                window.asks[number] = Ask(number, rest[1], rest[2], tuple(sorted(rest[3].items())))
            else:
                yield self._finish(rest[1])

    def _answered(self, number: int, answers: dict[int, list[Any] | Failure]) -> None:
        window = next(each for each in self._windows if each.number == number)
        window.called = False
        window.calls += 1
        for job, found in answers.items():
            if window.asks.get(job) is not None:
                window.asks[job] = None
                self._place[job][1].answer(job, found)

    def _finish(self, outcome: Outcome) -> Outcome:
        window, worker = self._place.pop(outcome.number)
        window.asks.pop(outcome.number, None)
        worker.jobs.pop(outcome.number, None)
        self._deaths = 0
        if outcome.number in self._died and worker in self._workers:  # it was there for this job alone
            self._workers.remove(worker)
            worker.stop()
        return outcome

    # -------------------------------------------------------------------------------------------- time and death

    def _wait(self) -> float:
        """Return the seconds until something may be late."""
        now = time.monotonic()
        since = [worker.running[1] for worker in self._workers if worker.running]
        ends = [each + limit - now for each in since for limit in (PATIENCE, self.timeout)]
        return max(0.05, min((each for each in ends if each > 0), default=60.0 if not since else 0.2))

    def _check_time(self) -> None:
        for worker in self._workers:
            if worker.running and time.monotonic() - worker.running[1] >= self.timeout and isinstance(worker, Process):
                self._timed_out.add(worker.running[0])
                worker.stop()  # its end is an event
        self._go_on()

    def _common(self) -> list[Worker]:
        """Return the workers that are not there for one job alone."""
        return [worker for worker in self._workers if self._died.keys().isdisjoint(worker.jobs)]

    def _fill_up(self) -> None:
        while len(self._common()) < max(1, self._size):
            self._workers.append(self._worker())

    def _worker(self) -> Worker:
        kind = Process if self._size else Here
        return kind(self.task, self.card, lambda worker, message: self._events.put((worker, message)))

    def _replace(self, worker: Worker) -> Iterator[Outcome]:
        """Act on the end of a worker: start another, begin its jobs again, the one it died at alone."""
        if worker not in self._workers:
            return
        assert isinstance(worker, Process)
        ending = worker.ending()
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            what = "keep dying" if worker.ready else "do not start"
            raise EngineError(f"worker processes {what}: {ending}", "is there enough memory? try --workers 0")
        self._workers.remove(worker)
        jobs = dict(worker.jobs)
        suspect = jobs.pop(worker.running[0], None) if worker.running else None
        if suspect is not None:
            yield from self._died_at(suspect, ending)
        self._fill_up()
        window = self._open() if jobs else None
        for number, job in jobs.items():
            self._place[number][0].asks.pop(number, None)
            assert window is not None
            self._begin(job, window)

    def _died_at(self, job: Job, ending: str) -> Iterator[Outcome]:
        """Begin a job again, alone; the second time, or after too long a time, it has failed."""
        failure = None
        if job.number in self._timed_out:
            message = f"{job.name} took longer than {self.timeout:g} s"
            failure = Failure(message, "give it more time with --timeout, or divide it", "ArticleError")
        elif job.number in self._died:
            message = f"{job.name}: the worker process died twice at it; {ending}"
            failure = Failure(message, "is there enough memory? is the article whole?", "ArticleError")
        if failure:
            yield self._finish(Outcome(job.number, error=failure))
            return
        self._place[job.number][0].asks.pop(job.number, None)
        self._died[job.number] = ending
        alone = self._worker()
        self._workers.append(alone)
        self._begin(job, self._open(), alone)


def _steps(tick: Callable[[int, bool], None]) -> Callable[[int, int], None]:
    """Turn "so many of so many" into "so many more"."""
    before = 0

    def step(done: int, total: int) -> None:
        nonlocal before
        tick(done - before, False)
        before = 0 if done == total else done

    return step

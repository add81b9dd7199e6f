"""Worker processes, each with a desk; and a desk in this process, for a few articles.

A worker reads, finds quotations, checks and renders; the engine stays in the process that started it.  It ends when
that process does, however that ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from newsbridge.batch.desk import Desk
from newsbridge.batch.jobs import Card, Failure, Job, Task

Events = Callable[["Worker", tuple[Any, ...]], None]  # receives a worker's messages, from any thread


class Worker(Protocol):
    """Who takes jobs through the journey.

    ``running`` is the job that has the desk, and since when (``time.monotonic``); ``jobs`` are those on the desk.
    """

    jobs: dict[int, Job]
    running: tuple[int, float] | None
    ready: bool

    def begin(self, job: Job) -> None:
        """Put a job on the desk."""

    def answer(self, number: int, answers: list[Any] | Failure) -> None:
        """Hand a waiting job what the engine answered."""

    def stop(self) -> None:
        """End it; what is on the desk is dropped."""


class Here:
    """A desk in this process."""

    def __init__(self, task: Task, card: Card, events: Events) -> None:
        self.jobs: dict[int, Job] = {}
        self.running: tuple[int, float] | None = None
        self.ready = True
        self._desk = Desk(task, card, lambda message: events(self, message))

    def begin(self, job: Job) -> None:
        """Put a job on the desk."""
        self.jobs[job.number] = job
        self._desk.begin(job)

    def answer(self, number: int, answers: list[Any] | Failure) -> None:
        """Hand a waiting job what the engine answered."""
        self._desk.answer(number, answers)

    def stop(self) -> None:
        """End it: its threads are daemons, and wait."""


@dataclass(eq=False)
class Process:
    """A desk in another process."""

    task: Task
    card: Card
    events: Events
    jobs: dict[int, Job] = field(default_factory=dict)
    running: tuple[int, float] | None = None
    ready: bool = False

    def __post_init__(self) -> None:
        context = _context()
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self.task, self.card), daemon=True)
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, name="worker", daemon=True).start()

    @property
    def pid(self) -> int | None:
        """The process."""
        return int(self._process.pid) if self._process.pid else None

    def begin(self, job: Job) -> None:
        """Put a job on the desk."""
        self.jobs[job.number] = job
        self._send(("begin", job))

    def answer(self, number: int, answers: list[Any] | Failure) -> None:
        """Hand a waiting job what the engine answered."""
        self._send(("answer", number, answers))

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()

    def ending(self) -> str:
        """Say how the process ended, once it has."""
        self._process.join(5)
        code = self._process.exitcode
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"it was killed ({signal.Signals(-code).name})"
        return f"it exited with {code}"

    def _send(self, message: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError):  # it died; the listener says so
            self._ours.send(message)

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.events(self, self._ours.recv())
        self.events(self, ("gone",))


def begun(worker: Worker, number: int) -> None:
    """Note that a job has the desk."""
    worker.running = (number, time.monotonic())


def processes(count: int) -> Any:
    """Return a pool of processes that start as workers do."""
    return _context().Pool(count)


def _context() -> Any:
    """Return how processes start: from a server that has the modules loaded, where the platform can."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["newsbridge.batch.preload"])
    return context


def _serve(connection: Connection, task: Task, card: Card) -> None:
    """Run a worker until the other end closes; Ctrl-C is the starting process's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def post(message: tuple[Any, ...]) -> None:
        with contextlib.suppress(OSError):  # nobody is there any more
            connection.send(message)

    desk = Desk(task, card, post)
    post(("ready",))
    with contextlib.suppress(EOFError, OSError):
        while True:
            kind, *rest = connection.recv()
            (desk.begin if kind == "begin" else desk.answer)(*rest)

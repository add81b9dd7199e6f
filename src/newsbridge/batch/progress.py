"""How far a run is: a bar on a terminal, plain lines elsewhere, JSON lines for other programs.  All on stderr."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from newsbridge.batch.jobs import Job, Outcome

EVERY = 10.0  # seconds between plain lines


class Progress:
    """Keeps count and says nothing; the others say it.

    Its methods are called from several threads.
    """

    def __init__(self) -> None:
        self.total: int | None = None
        self.count = Counter[str]()  # articles by what became of them; segments; findings
        self.hits = 0  # segments that came from the memory
        self.started = time.perf_counter()
        self._lock = threading.Lock()

    def begin(self, total: int | None) -> None:
        """Start; ``total`` is the number of articles, None where only reading them tells."""
        self.total = total
        self.started = time.perf_counter()

    def tick(self, segments: int, known: bool) -> None:
        """Note that so many segments were translated, and whether they came from the memory."""
        with self._lock:
            self.count["segments"] += segments
            self.hits += segments * known

    def article(self, job: Job, outcome: Outcome) -> None:
        """Note what became of an article."""
        with self._lock:
            self.count["failed" if outcome.error else "same" if outcome.same else "done"] += 1
            self.count["findings"] += sum(outcome.findings.values())

    def end(self) -> None:
        """Stop."""

    @property
    def articles(self) -> int:
        """How many articles are finished, one way or another."""
        return self.count["done"] + self.count["same"] + self.count["failed"]

    @property
    def speed(self) -> float:
        """Segments a second since the start, those from the memory included."""
        return self.count["segments"] / max(1e-9, time.perf_counter() - self.started)

    def left(self) -> float | None:
        """Return about how many seconds are left; None while nothing tells."""
        worked = self.count["done"] + self.count["failed"]
        if not self.total or not worked:
            return None
        spent = time.perf_counter() - self.started
        return spent / worked * max(0, self.total - self.articles)

    def line(self) -> str:
        """Say in one line how far it is."""
        of = f"/{self.total}" if self.total else ""
        parts = [f"{self.articles}{of} articles", f"{self.speed:.0f} segments/s"]
        if self.hits:
            parts.append(f"{100 * self.hits / max(1, self.count['segments']):.0f} % from the memory")
        parts += [f"{self.count[name]} {name}" for name in ("findings", "failed") if self.count[name]]
        left = self.left()
        if left is not None:
            parts.append(f"about {duration(left)} left")
        return ", ".join(parts)


class Lines(Progress):
    """A plain line on stderr every few seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.monotonic()

    def article(self, job: Job, outcome: Outcome) -> None:
        """Note what became of an article, and now and then say how far it is."""
        super().article(job, outcome)
        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            print(f"newsbridge: {self.line()}", file=sys.stderr, flush=True)


class Bar(Progress):
    """A bar on the terminal."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("newsbridge"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("articles  {task.fields[said]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, said="")

    def begin(self, total: int | None) -> None:
        """Show the bar."""
        super().begin(total)
        self._bar.update(self._task, total=total)
        self._bar.start()

    def tick(self, segments: int, known: bool) -> None:
        """Note that so many segments were translated, and show it."""
        super().tick(segments, known)
        self._show()

    def article(self, job: Job, outcome: Outcome) -> None:
        """Note what became of an article, and show it."""
        super().article(job, outcome)
        self._show()

    def end(self) -> None:
        """Take the bar away."""
        self._bar.stop()

    def _show(self) -> None:
        said = [f"{self.speed:.0f} segments/s"]
        if self.hits:
            said.append(f"{100 * self.hits / max(1, self.count['segments']):.0f} % memory")
        said += [f"{self.count[name]} {name}" for name in ("findings", "failed") if self.count[name]]
        self._bar.update(self._task, completed=self.articles, said="  ".join(said))


class Json(Progress):
    """One JSON object per event, each with ``event`` and ``seconds`` since the start."""

    def begin(self, total: int | None) -> None:
        """Say that it starts."""
        super().begin(total)
        self._last = time.monotonic()
        self.say("begin", {"articles": total})

    def article(self, job: Job, outcome: Outcome) -> None:
        """Say what became of an article."""
        super().article(job, outcome)
        if outcome.error:
            error = outcome.error
            said = {"article": job.name, "error": error.message, "hint": error.hint, "kind": error.kind}
            self.say("failed", said)
        else:
            counts = {"quotes": dict(outcome.quotes), "findings": dict(outcome.findings)}
            self.say("article", {"article": job.name, "same": outcome.same, "segments": outcome.segments, **counts})
        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            self.say("progress", self._counts())

    def end(self) -> None:
        """Say how it ended."""
        self.say("end", self._counts())

    def say(self, event: str, said: Mapping[str, Any]) -> None:
        """Print one event."""
        line = {"event": event, "seconds": round(time.perf_counter() - self.started, 3), **said}
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)

    def _counts(self) -> dict[str, Any]:
        left = self.left()
        return {
            "done": self.count["done"],
            "same": self.count["same"],
            "failed": self.count["failed"],
            "total": self.total,
            "segments": self.count["segments"],
            "segments_per_second": round(self.speed, 1),
            "from_memory": self.hits,
            "seconds_left": None if left is None else round(left),
        }


def duration(seconds: float) -> str:
    """Say how long something takes.

    Example:
        >>> duration(7), duration(250), duration(9000)
        ('7 s', '4 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"

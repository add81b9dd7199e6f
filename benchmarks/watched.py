"""A command that is watched while it runs: seconds, processor time and peak memory of it and all that comes from it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yardsticks import Spent

EVERY = 0.25  # seconds between looks
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Watched:
    """``peak`` is in MB; pages that several processes share count once."""

    spent: Spent
    peak: float
    output: str


def run(command: Sequence[str]) -> Watched:
    """Run a command to its end.

    Raises:
        RuntimeError: if it fails.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak, cpu, done = 0.0, dict[int, float](), threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(EVERY):
            family = _family(process.pid)
            peak = max(peak, sum(map(_proportional, family)))
            cpu.update((pid, each) for pid in family if (each := _cpu(pid)))

    watcher = threading.Thread(target=look)
    watcher.start()
    output, _ = process.communicate()
    wall = time.perf_counter() - started
    done.set()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}")
    return Watched(Spent(wall, sum(cpu.values())), peak, output)


def _family(pid: int) -> list[int]:
    """Return a process and everything that comes from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    family = [pid]
    for each in family:
        family += parents.get(each, [])
    return family


def _stat(pid: int) -> list[str]:
    """Return what /proc says of a process, from its state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def _proportional(pid: int) -> float:
    """Return the memory of a process in MB; pages that several share count in parts."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    except OSError:
        pass
    return 0.0

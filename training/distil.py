"""Teachers and their pupil, within a given time: what a GPU is for.

A large network and one for the other direction learn side by side; each translates its side of the pairs when it is
done; the one that ships learns from all of it. Each is a process of its own (``python -m training train`` and
``translate``): should one fail, the pupil learns from what there is.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from training import TrainingError
from training import recipe as recipes

TAGS = {"teacher": "forward", "reverse": "backward"}
TEMPERATURE = 0.9  # of the translations back: other German each time


def distil(
    data: Path,
    run: Path,
    *,
    minutes: float,
    processes: int,
    dev: Path | None,
    device: str,
    recipe: Path,
    say: Callable[[str], None],
) -> None:
    """Train ``run/teacher``, ``run/reverse`` and, from their translations too, ``run/student``.

    Args:
        data: As written by prepare and vocabulary; the teachers' pairs are added to it.
        run: A folder; each network has its own in it, and a log beside it.
        minutes: For everything; the recipe says which part each stage has.
        processes: That prepare batches, for each network.
        dev: A test set whose loss is shown.
        device: See the train step.
        recipe: The file; its sizes, phases and ``[distil]`` are used.
        say: Called with a line at the end of every step.

    Raises:
        TrainingError: if the student could not be trained.
    """
    stages, started = recipes.load(recipe).stages, time.monotonic()
    run.mkdir(parents=True, exist_ok=True)

    def step(name: str, *arguments: object) -> bool:
        command = [sys.executable, "-m", "training", *map(str, arguments), "--device", device, "--recipe", str(recipe)]
        with (run / f"{name}.log").open("a", encoding="utf-8") as log:
            status = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
        say(f"{(time.monotonic() - started) / 60:5.1f} min {name} {arguments[0]}: {status or 'done'}")
        return not status

    def train(name: str, general: float, news: float) -> bool:
        stage = stages[name]
        options: list[object] = ["--size", stage.size, "--tokens", stage.tokens, "--dropout", stage.dropout]
        options += ["--rate", stage.rate, "--phase", "general", "--minutes", general, "--then", "news"]
        options += ["--then-minutes", news, "--save-minutes", minutes / 10, "--processes", processes]
        options += ["--reverse"] if stage.reverse else []
        options += ["--compile"] if device != "cpu" else []
        options += ["--dev", dev] if dev else []
        return step(name, "train", data, run / name, *options)

    def teach(name: str) -> None:
        stage = stages[name]
        if train(name, stage.general * minutes, stage.news * minutes):
            how = ["--reverse", "--temperature", TEMPERATURE] if stage.reverse else []
            step(name, "translate", run / name, data, "--as", TAGS[name], *how)

    teachers = [threading.Thread(target=teach, args=(name,)) for name in TAGS]
    for teacher in teachers:
        teacher.start()
    for teacher in teachers:
        teacher.join()
    student = stages["student"]
    left = max(minutes - (time.monotonic() - started) / 60 - START * minutes, 0.1 * minutes)
    share = student.general / (student.general + student.news)
    if not train("student", share * left, (1 - share) * left):
        raise TrainingError("the student could not be trained", f"read {run / 'student.log'}")


START = 0.06  # of the time: until a network learns, and after it has

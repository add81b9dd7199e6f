"""A desk has many articles on it and works on one at a time.

Each article takes the whole journey in a thread of its own.  Where the journey asks the engine, the thread posts its
question and waits, and another article gets on.  So the questions of many articles come together without the journey
knowing, whatever it asks and however often: a repair round is one more question.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from typing import Any

from newsbridge.batch.jobs import Card, Failure, Job, Outcome, Remote, Task, carry

Post = Callable[[tuple[Any, ...]], None]


class Desk:
    """Takes jobs through the journey and says what it needs.

    Posts ``("running", number)`` when a job gets the desk, ``("ask", number, method, items, settings)`` when it
    waits for the engine, and ``("done", number, outcome)`` at its end.

    Args:
        task: What is done with every article.
        card: The engine.
        post: Sends a message to the scheduler; called by one thread at a time.
    """

    def __init__(self, task: Task, card: Card, post: Post) -> None:
        self.task = task
        self.card = card
        self._post = post
        self._turn = threading.Lock()  # whoever holds it works; all others wait
        self._answers: dict[int, SimpleQueue[list[Any] | Failure]] = {}

    def begin(self, job: Job) -> None:
        """Put a job on the desk."""
        self._answers[job.number] = SimpleQueue()
        threading.Thread(target=self._work, args=(job,), name=f"article {job.number}", daemon=True).start()

    def answer(self, number: int, answers: list[Any] | Failure) -> None:
        """Hand a waiting job what the engine answered."""
        self._answers[number].put(answers)

    def _work(self, job: Job) -> None:
        def ask(method: str, items: Sequence[Any], settings: Mapping[str, Any]) -> list[Any]:
            if not items:
                return []
            self._post(("ask", job.number, method, tuple(items), dict(settings)))
            self._turn.release()
            answers = self._answers[job.number].get()
            self._turn.acquire()
            self._post(("running", job.number))
            if isinstance(answers, Failure):
                raise answers.error()
            return answers

        with self._turn:
            self._post(("running", job.number))
            try:
                outcome = carry(job, self.task, Remote(self.card, ask))
            except Exception as error:  # also a bug of ours costs one article, not the run
                outcome = Outcome(job.number, error=Failure.of(error, job.name))
            self._post(("done", job.number, outcome))
            del self._answers[job.number]

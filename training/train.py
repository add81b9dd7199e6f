"""Train: one GPU or a CPU with the same code, interrupted and gone on with at will."""

from __future__ import annotations

import itertools
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training import TrainingError, network, state
from training.encoded import Encoded, epoch
from training.encoded import load as load_encoded
from training.recipe import Phase, Recipe
from training.vocabulary import END, PAD, processor
from training.workers import Workers

LEAST = 0.02  # of the rate, at the end of a linear phase
KEPT = 0.998  # of the average, per update
NORM = 1.0  # of the gradient, at most


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training call was asked for; the phase ends after so many minutes or updates, whichever comes first."""

    phase: str
    size: str = "small"
    minutes: float = math.inf
    updates: float = math.inf
    tokens: int = 4000  # of a batch, on its longer side, padding included
    rate: float | None = None  # overrules the phase's
    dropout: float = 0.0
    candidates: int = 0
    precision: str = "auto"
    device: str = "auto"
    threads: int = 0
    compiled: bool = False
    seed: int = 1
    report: int = 100  # updates between two lines
    save_minutes: float = 5.0
    dev: Path | None = None  # German and English in the first two columns


def train(data: Path, run: Path, recipe: Recipe, settings: Settings, say: Callable[[str], None]) -> state.State:
    """Train one phase, or go on with it.

    Args:
        data: A folder with ``pieces.model`` and the encoded corpus.
        run: Where the state lies, and snapshots of the averaged weights.
        recipe: Phases and sizes.
        settings: See :class:`Settings`.
        say: Called with a line of progress.

    Returns:
        The last state, which is also on disk. A state that already ended this phase is returned as it is.

    Raises:
        TrainingError: if something is missing, or the state is of another vocabulary.
    """
    trainer = Trainer(data, run, recipe, settings, say)
    with _interruptible() as interrupted:
        trainer.run(interrupted)
    return trainer.state


class Trainer:
    """The model, its optimizer and the loop."""

    def __init__(self, data: Path, run: Path, recipe: Recipe, settings: Settings, say: Callable[[str], None]) -> None:
        if math.isinf(settings.minutes) and math.isinf(settings.updates):
            raise TrainingError("the phase has no end", "say --minutes or --updates")
        self.phase: Phase = recipe.phase(settings.phase)
        self.settings, self.folder = settings, run
        self.workers = Workers()
        self.say: Callable[[str], None] = (lambda line: None) if self.workers.rank else say
        self.device = torch.device(
            settings.device if settings.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
        )
        if settings.threads:
            torch.set_num_threads(settings.threads)
        self.encoded: Encoded = load_encoded(data)
        self.pieces = processor(data)
        vocabulary = self.pieces.get_piece_size()
        found = state.load(run, str(self.device))
        size = found.size if found else recipe.size(settings.size)
        gpu = self.device.type == "cuda"
        self.model = network.build(
            size, vocabulary, dropout=settings.dropout, attention="sdpa" if gpu else "eager", seed=settings.seed
        ).to(self.device)
        self.precision = _precision(settings.precision, self.device)
        self.loss = network.Loss(vocabulary, candidates=settings.candidates, precision=self.precision)
        self.forward = torch.compile(self.model.model, dynamic=True) if settings.compiled else self.model.model
        self.weights = state.weights_of(self.model)
        self.parameters = {name: p for name, p in self.model.named_parameters() if p.requires_grad}
        self.optimizer = torch.optim.AdamW(
            self.parameters.values(), lr=0.0, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=True
        )
        self.state = found or state.State(size, self.weights, {})
        self._restore(vocabulary)
        progress = self.state.progress
        torch.manual_seed(settings.seed + 1000 * self.workers.rank + progress.updates)  # dropout and samples differ
        if progress.phase != settings.phase:
            progress.phase, progress.phase_updates, progress.phase_seconds = settings.phase, 0, 0.0
            progress.epoch = progress.batch = 0
        count = sum(weight.numel() for weight in self.weights.values())
        kind = str(self.precision).removeprefix("torch.")
        self.say(
            f"{count / 1e6:.1f} million parameters on {self.device} in {kind}; {progress.updates:,} updates so far"
        )

    def _restore(self, vocabulary: int) -> None:
        found = self.state.weights
        if {name: w.shape for name, w in found.items()} != {name: w.shape for name, w in self.weights.items()}:
            raise TrainingError(
                f"the state in {self.folder} is not of this vocabulary of {vocabulary} pieces",
                "use the data folder it was trained from",
            )
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(found[name])
        old = self.state.average or self.weights
        self.state.average = {name: old[name].to(self.device, copy=True) for name in self.weights}
        self.state.weights = self.weights
        if self.state.optimizer is not None:
            self.optimizer.load_state_dict(self.state.optimizer)

    def run(self, interrupted: Callable[[], bool]) -> None:
        """Learn until the phase ends or somebody interrupts; save either way."""
        progress, started = self.state.progress, time.monotonic()
        before, saved, said = progress.phase_seconds, started, started
        losses: list[Tensor] = []
        seen = 0
        self.model.train()
        for source, target in self._batches():
            progress.phase_seconds = before + time.monotonic() - started
            if self.workers.any(self._done() or interrupted(), progress.phase_updates):
                break
            losses.append(self._step(source, target) * (count := int((target != PAD).sum())))
            progress.updates += 1
            progress.phase_updates += 1
            progress.tokens += count * self.workers.count
            seen += count
            self._gather()
            now = time.monotonic()
            if progress.phase_updates % self.settings.report == 0:
                speed = seen * self.workers.count / (now - said)
                self.say(
                    f"{progress.updates:>8,} updates {progress.phase_seconds / 60:7.1f} min "
                    f"loss {float(torch.stack(losses).sum()) / seen:.3f} rate {self._rate():.2e} {speed:,.0f} tokens/s"
                )
                losses, seen, said = [], 0, now
            if now - saved > self.settings.save_minutes * 60:
                self._save()
                saved = time.monotonic()
        self._save()

    def _done(self) -> bool:
        progress = self.state.progress
        spent = progress.phase_seconds / 60 / self.settings.minutes, progress.phase_updates / self.settings.updates
        return max(spent) >= 1

    def _rate(self) -> float:
        progress, phase = self.state.progress, self.phase
        rate, update = self.settings.rate or phase.rate, progress.phase_updates + 1
        warm = min(1.0, update / phase.warmup)
        if phase.schedule == "inverse-root":
            return rate * min(warm, math.sqrt(phase.warmup / update))
        left = 1 - max(
            progress.phase_seconds / 60 / self.settings.minutes, progress.phase_updates / self.settings.updates
        )
        return rate * warm * max(left, LEAST)

    def _batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        progress, workers = self.state.progress, self.workers
        for number in itertools.count(progress.epoch):
            rng = np.random.default_rng([self.settings.seed, number])
            batches = epoch(self.encoded, self.phase.shares, self.settings.tokens, rng)
            rounds = max(1, len(batches) // workers.count)
            for at in range(progress.batch if number == progress.epoch else 0, rounds):
                progress.epoch, progress.batch = number, at
                source, target = self.encoded.padded(batches[(at * workers.count + workers.rank) % len(batches)])
                yield self._tensor(source), self._tensor(target)
            progress.epoch, progress.batch = number + 1, 0

    def _tensor(self, numbers: Any) -> Tensor:
        return torch.from_numpy(numbers).to(self.device, non_blocking=True)

    def _decode(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the decoder's last states where the target has a piece, the embeddings, and those pieces."""
        shifted = torch.full_like(target, PAD)
        shifted[:, 1:] = target[:, :-1]
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.precision == torch.bfloat16):
            hidden = self.forward(
                input_ids=source, attention_mask=(source != PAD).long(), decoder_input_ids=shifted, use_cache=False
            ).last_hidden_state
        there = target != PAD
        return hidden[there].float(), self.model.model.shared.weight, target[there]

    def _step(self, source: Tensor, target: Tensor) -> Tensor:
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        loss = self.loss(*self._decode(source, target))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters.values(), NORM)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    def _gather(self) -> None:
        """Average over the workers now and then, and over time."""
        updates = self.state.progress.phase_updates
        if self.workers.due(updates):
            moments = [
                self.optimizer.state[parameter][name]
                for parameter in self.parameters.values()
                for name in ("exp_avg", "exp_avg_sq")
            ]
            self.workers.average([*self.weights.values(), *moments])
        kept = min(KEPT, updates / (updates + 10))  # a phase that begins forgets the one before
        with torch.no_grad():
            for name, weight in self.weights.items():
                self.state.average[name].lerp_(weight, 1 - kept)

    def _save(self) -> None:
        if self.workers.rank:
            return
        self.state.optimizer = self.optimizer.state_dict()
        state.save(self.folder, self.state)
        if self.phase.schedule == "linear":
            state.snapshot(self.folder, self.state)
        if self.settings.dev:
            self.say(
                f"{self.state.progress.updates:>8,} updates, loss on {self.settings.dev.name} {self.dev_loss():.3f}"
            )

    def dev_loss(self) -> float:
        """Return the loss per piece on the test set, all pieces counted; it is not learnt from."""
        assert self.settings.dev is not None
        lines = self.settings.dev.read_text(encoding="utf-8").splitlines()
        sides = [[self.pieces.encode(line.split("\t")[side]) for line in lines] for side in (0, 1)]
        order = sorted(range(len(lines)), key=lambda at: len(sides[0][at]))
        total, count = 0.0, 0
        self.model.eval()
        with torch.no_grad():
            for at in range(0, len(order), 32):
                source, target = (
                    torch.nn.utils.rnn.pad_sequence(
                        [torch.tensor([*side[row], END]) for row in order[at : at + 32]], batch_first=True
                    ).to(self.device)
                    for side in sides
                )
                loss = self.loss(*self._decode(source, target))
                total, count = total + float(loss) * int((target != PAD).sum()), count + int((target != PAD).sum())
        self.model.train()
        return total / count


def _precision(asked: str, device: torch.device) -> torch.dtype:
    """Return what ``auto`` means: half the bits where the machine computes in them, which most CPUs only pretend."""
    if asked == "auto":
        fast = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        return torch.bfloat16 if fast else torch.float32
    return {"bf16": torch.bfloat16, "fp32": torch.float32}[asked]


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or SIGTERM into a wish to stop after this update; the second stops at once."""
    asked: list[int] = []
    old: dict[int, Any] = {}

    def ask(number: int, _: Any) -> None:
        asked.append(number)
        signal.signal(number, old[number])

    stops: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
    for number in stops:
        old[number] = signal.signal(number, ask)
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)

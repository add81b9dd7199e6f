"""Train: one GPU or a CPU with the same code, interrupted and gone on with at will."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from newsbridge.engines.normal import normalise
from training import TrainingError, network, state, stream
from training.recipe import Recipe
from training.vocabulary import PAD
from training.workers import Workers

LEAST = 0.02  # of the rate, at the end of a linear phase
KEPT = 0.998  # of the average, per update
NORM = 1.0  # of the gradient, at most
FEW = 4  # rows of the rest of a part that compiled layers leave out: one row alone would be compiled anew


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training call was asked for; the phase ends after so many minutes or updates, whichever comes first."""

    phase: str
    size: str = "small"
    minutes: float = math.inf
    updates: float = math.inf
    then: str | None = None  # a second phase, entered when the first ends, for so many minutes
    then_minutes: float = math.inf
    tokens: int = 4000  # of a batch, on its longer side, padding included
    reverse: bool = False  # English to German, for translating back
    rate: float | None = None  # overrules the phase's
    dropout: float = 0.0
    candidates: int = 0
    precision: str = "auto"
    device: str = "auto"
    threads: int = 0
    processes: int = 0  # that prepare batches; 0 does it in between
    compiled: bool = False
    seed: int = 1
    report: int = 100  # updates between two lines
    save_minutes: float = 5.0
    dev: Path | None = None  # German and English in the first two columns


def train(data: Path, run: Path, recipe: Recipe, settings: Settings, say: Callable[[str], None]) -> state.State:
    """Train a phase, and another if it is asked for, or go on where the run stopped.

    Args:
        data: A folder with ``pieces.model`` and the prepared pairs.
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
    with _interruptible() as interrupted, trainer.stream:
        trainer.run(interrupted)
        if settings.then and not interrupted() and trainer.phase.name != settings.then:
            trainer.enter(trainer.second())
            trainer.run(interrupted)
    return trainer.state


class Trainer:
    """The model, its optimizer and the loop."""

    def __init__(self, data: Path, run: Path, recipe: Recipe, settings: Settings, say: Callable[[str], None]) -> None:
        if math.isinf(settings.minutes) and math.isinf(settings.updates):
            raise TrainingError("the phase has no end", "say --minutes or --updates")
        if settings.then and math.isinf(settings.then_minutes):
            raise TrainingError(f"the phase {settings.then} has no end", "say --then-minutes")
        for name in filter(None, (settings.phase, settings.then)):
            recipe.phase(name)
        self.recipe, self.folder = recipe, run
        self.workers = Workers()
        self.say: Callable[[str], None] = (lambda line: None) if self.workers.rank else say
        self.device = place(settings.device)
        if settings.threads:
            torch.set_num_threads(settings.threads)
        self.corpus = stream.load(data)
        vocabulary = self.corpus.pieces.get_piece_size()
        found = state.load(run)
        progress = found.progress if found else state.Progress()
        self.settings = settings
        if settings.then and progress.phase == settings.then:
            settings = self.second()
        self.stream = stream.Stream(self.corpus, settings.processes)
        size = found.size if found else recipe.size(settings.size)
        self.precision = _precision(settings.precision, self.device)
        self.model = network.Marian(size, vocabulary, dropout=settings.dropout, seed=settings.seed)
        self.model.to(self.device, self.precision)
        self.loss = network.Loss(vocabulary, candidates=settings.candidates, precision=self.precision)
        self.whole_loss = network.whole_loss
        self.parameters = list(self.model.parameters())
        self.apart = self.precision != torch.float32  # what is learnt is kept in full, the network computes with copies
        self.learnt = torch.cat([p.detach().float().flatten() for p in self.parameters])
        self.gradient = self.learnt.grad = torch.zeros_like(self.learnt)
        self.slope = self.gradient.to(self.precision) if self.apart else self.gradient
        self.copied = self.learnt.to(self.precision) if self.apart else self.learnt
        self.slopes = self._views(self.slope)
        for parameter, view in zip(self.parameters, self._views(self.copied), strict=True):
            parameter.data = view
        names = [name for name, _ in self.model.named_parameters()]
        self.weights = dict(zip(names, self._views(self.learnt), strict=True))
        self.optimizer = torch.optim.AdamW(
            [self.learnt], lr=0.0, betas=(0.9, 0.98), eps=1e-9, weight_decay=0.0, fused=True
        )
        self.state = found or state.State(size, self.weights, {}, progress=progress)
        self._restore(vocabulary)
        torch.manual_seed(settings.seed + 1000 * self.workers.rank + progress.updates)  # dropout and samples differ
        self.enter(settings)
        if settings.compiled:
            self._compile()
        count = self.learnt.numel()
        kind = str(self.precision).removeprefix("torch.")
        self.say(
            f"{count / 1e6:.1f} million parameters on {self.device} in {kind}; {progress.updates:,} updates so far"
        )

    def second(self) -> Settings:
        """Return what the second phase is asked for."""
        then, minutes = self.settings.then, self.settings.then_minutes
        assert then is not None
        return replace(self.settings, phase=then, minutes=minutes, updates=math.inf, rate=None)

    def enter(self, settings: Settings) -> None:
        """Begin a phase, or go on with it if it is the one the run is in."""
        self.settings, self.phase = settings, self.recipe.phase(settings.phase)
        progress = self.state.progress
        if progress.phase != settings.phase:
            progress.phase, progress.phase_updates, progress.phase_seconds = settings.phase, 0, 0.0
            progress.epoch = progress.batch = 0
        plan = stream.Plan(self.phase.shares, settings.tokens, settings.seed, settings.reverse)
        self.stream.turn(plan, progress.epoch)

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
        self.average = torch.cat([old[name].to(self.device, torch.float32).flatten() for name in self.weights])
        self.state.average = dict(zip(self.weights, self._views(self.average), strict=True))
        self.state.weights = self.weights
        if self.state.optimizer is not None:
            try:
                self.optimizer.load_state_dict(self.state.optimizer)
            except ValueError as error:
                hint = "pack it and unpack it into a new folder, which begins with no moments"
                raise TrainingError(f"the moments in {self.folder} are of another version: {error}", hint) from None
        self._copy()

    def _views(self, flat: Tensor) -> list[Tensor]:
        """Return the part of each parameter in one long tensor: a step is few operations, not some for each."""
        parts = flat.split([parameter.numel() for parameter in self.parameters])
        return [part.view(parameter.shape) for part, parameter in zip(parts, self.parameters, strict=True)]

    def _compile(self) -> None:
        """Compile layers and loss, and try them; what cannot be compiled here runs as it is."""
        self.whole_loss = torch.compile(network.whole_loss, dynamic=True, backend=network.COMPILER)
        self.model.compile_layers()
        try:
            for rows, source, target in ((64, 17, 23), (80, 30, 26)):
                shapes = ((rows, source), (rows, target))
                self._learn(*(torch.full(shape, 5, dtype=torch.int32, device=self.device) for shape in shapes))
        except Exception as error:  # whatever a compiler may say
            self.say(f"not compiled: {type(error).__name__}: {str(error)[:300]}")
            torch.compiler.set_stance("force_eager")
            self.whole_loss = network.whole_loss
        for parameter in self.parameters:
            parameter.grad = None

    def run(self, interrupted: Callable[[], bool]) -> None:
        """Learn until the phase ends or somebody interrupts; save either way."""
        progress, started = self.state.progress, time.monotonic()
        before, saved, said = progress.phase_seconds, started, started
        losses: list[Tensor] = []
        self.model.train()
        for source, target in self._batches():
            progress.phase_seconds = before + time.monotonic() - started
            if self.workers.any(self._done() or interrupted(), progress.phase_updates):
                break
            losses.append(torch.stack(self._step(source, target)).double())
            progress.updates += 1
            progress.phase_updates += 1
            self._gather()
            now = time.monotonic()
            if progress.phase_updates % self.settings.report == 0:
                lost, seen = self._counted(losses)
                speed = seen * self.workers.count / (time.monotonic() - said)
                self.say(
                    f"{progress.updates:>8,} updates {progress.phase_seconds / 60:7.1f} min "
                    f"loss {lost / seen:.3f} rate {self._rate():.2e} {speed:,.0f} tokens/s"
                )
                said = time.monotonic()
            if now - saved > self.settings.save_minutes * 60:
                self._counted(losses)
                self._save()
                saved = said = time.monotonic()
        self._counted(losses)
        self._save()

    def _counted(self, losses: list[Tensor]) -> tuple[float, int]:
        """Add the pieces to the progress; return loss and pieces since the last call. A GPU is waited for only here."""
        lost, seen = torch.stack(losses).sum(0).tolist() if losses else (0.0, 0.0)
        losses.clear()
        self.state.progress.tokens += int(seen) * self.workers.count
        return lost, int(seen)

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
        first = progress.epoch
        for number, batches in self.stream:
            rounds = max(1, len(batches) // workers.count)
            for at in range(progress.batch if number == first else 0, rounds):
                progress.epoch, progress.batch = number, at
                source, target = batches[(at * workers.count + workers.rank) % len(batches)]
                if self.settings.compiled and len(source) < FEW:
                    continue
                yield self._tensor(source), self._tensor(target)
            progress.epoch, progress.batch = number + 1, 0

    def _tensor(self, numbers: Any) -> Tensor:
        tensor = torch.from_numpy(numbers)
        return tensor.pin_memory().to(self.device, non_blocking=True) if self.device.type == "cuda" else tensor

    def _learn(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Compute the gradients of a batch; return the loss, summed, and the number of pieces."""
        hidden, count = self.model(source, target), (target != PAD).sum()
        if self.device.type == "cuda":
            loss = self.whole_loss(hidden.flatten(0, 1), self.model.model.shared.weight, target.flatten().long())
        else:
            there = target != PAD
            loss = self.loss(hidden[there].float(), self.model.model.shared.weight, target[there].long()) * count
        if torch.is_grad_enabled():
            (loss / count).backward()
        return loss.detach(), count

    def _step(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        loss, count = self._learn(source, target)
        torch._foreach_copy_(self.slopes, [parameter.grad for parameter in self.parameters])
        if self.apart:
            self.gradient.copy_(self.slope)
        self._views(self.gradient)[0][PAD].zero_()  # the embeddings come first
        torch.nn.utils.clip_grad_norm_(self.learnt, NORM)
        self.optimizer.step()
        self._copy()
        for parameter in self.parameters:
            parameter.grad = None
        return loss, count

    def _copy(self) -> None:
        """Hand the weights to the network, whose own may have half the bits."""
        if self.apart:
            self.copied.copy_(self.learnt)

    def _gather(self) -> None:
        """Average over the workers now and then, and over time."""
        updates = self.state.progress.phase_updates
        if self.workers.due(updates):
            moments = self.optimizer.state[self.learnt]
            self.workers.average([self.learnt, *(moments[name] for name in ("exp_avg", "exp_avg_sq"))])
        kept = min(KEPT, updates / (updates + 10))  # a phase that begins forgets the one before
        self.average.lerp_(self.learnt, 1 - kept)

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
        first, second = (1, 0) if self.settings.reverse else (0, 1)
        pairs = [
            tuple(self.corpus.pieces.encode(normalise(line.split("\t")[side])) for side in (first, second))
            for line in lines
        ]
        pairs.sort(key=lambda pair: len(pair[0]))
        total, count = 0.0, 0
        self.model.eval()
        with torch.no_grad(), torch.compiler.set_stance("force_eager"):
            for at in range(0, len(pairs), 32):
                sides = zip(*pairs[at : at + 32], strict=True)
                source, target = (self._tensor(stream.padded(list(side))) for side in sides)
                loss, pieces = self._learn(source, target)
                total, count = total + float(loss), count + int(pieces)
        self.model.train()
        return total / count


def place(asked: str) -> torch.device:
    """Return what ``auto`` means: a GPU where there is one."""
    return torch.device(asked if asked != "auto" else "cuda" if torch.cuda.is_available() else "cpu")


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

"""What a training run leaves on disk: a state to go on from, snapshots, and pieces small enough to carry."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training import TrainingError
from training.recipe import Size

STATE = "last.pt"
SNAPSHOTS = "snapshots"
INDEX = "pieces.json"
Weights = dict[str, Tensor]


@dataclass(slots=True)
class Progress:
    """How far a run has come: updates and target tokens in all, and its place in the present phase."""

    updates: int = 0
    tokens: int = 0
    phase: str = ""
    phase_updates: int = 0
    phase_seconds: float = 0.0
    epoch: int = 0  # parts of an epoch that are done
    batch: int = 0  # batches of the present part that are done


@dataclass(slots=True)
class State:
    """Weights by name, their average, the optimizer's state (None: begin with none), size and progress."""

    size: Size
    weights: Weights
    average: Weights
    optimizer: dict[str, Any] | None = None
    progress: Progress = field(default_factory=Progress)


def save(run: Path, state: State) -> None:
    """Write the state of a run; what stood there before is replaced at once or not at all."""
    run.mkdir(parents=True, exist_ok=True)
    document = {
        "size": asdict(state.size),
        "weights": state.weights,
        "average": state.average,
        "optimizer": state.optimizer,
        "progress": asdict(state.progress),
    }
    torch.save(document, run / f"{STATE}.new")
    os.replace(run / f"{STATE}.new", run / STATE)


def load(run: Path, device: str = "cpu") -> State | None:
    """Read the state of a run, or None if it has not begun.

    Raises:
        TrainingError: if it is damaged.
    """
    path = run / STATE
    if not path.exists():
        return None
    try:
        document = torch.load(path, map_location=device, weights_only=True)
        return State(
            Size(**document["size"]),
            document["weights"],
            document["average"],
            document["optimizer"],
            Progress(**document["progress"]),
        )
    except (OSError, RuntimeError, KeyError, TypeError, EOFError, ValueError) as error:
        raise TrainingError(f"the state {path} cannot be read: {error}", "go on from a copy, or begin again") from None


def weights_of(model: Any) -> Weights:
    """Return the weights of a model that are learnt, tied ones once."""
    return {name: parameter.detach() for name, parameter in model.named_parameters() if parameter.requires_grad}


def snapshot(run: Path, state: State, keep: int = 8) -> Path:
    """Write the averaged weights in half precision, and keep the last few such files."""
    from safetensors.torch import save_file

    folder = run / SNAPSHOTS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{state.progress.updates:08}.safetensors"
    save_file(_half(state.average), path)
    for old in sorted(folder.glob("*.safetensors"))[:-keep]:
        old.unlink()
    return path


def average(paths: Sequence[Path]) -> Weights:
    """Return the mean of snapshots, in single precision.

    Raises:
        TrainingError: if there are none, or they are of different models.
    """
    from safetensors.torch import load_file

    if not paths:
        raise TrainingError("there are no snapshots to average", "train longer, or export without --snapshots")
    return mean({path: load_file(path) for path in paths})


def mean(every: Mapping[Path, Weights]) -> Weights:
    """Return the mean of weights, in single precision; they are told apart by where they come from.

    Raises:
        TrainingError: if they are of different models.
    """
    total: Weights = {}
    for path, weights in every.items():
        if total and {n: w.shape for n, w in weights.items()} != {n: w.shape for n, w in total.items()}:
            raise TrainingError(f"{path} is of another model", "average weights of one size and vocabulary")
        for name, weight in weights.items():
            total[name] = total.get(name, torch.zeros(())) + weight.float() / len(every)
    return total


def pack(run: Path, folder: Path, *, limit: int = 16 * 2**20) -> list[Path]:
    """Write the averaged weights of a run in half precision, in pieces.

    Args:
        run: Where the state lies.
        folder: Where the pieces go, with an index that names them.
        limit: The most bytes a piece may have.

    Returns:
        The pieces, in order.

    Raises:
        TrainingError: if the run has no state.
    """
    from safetensors.torch import save as to_bytes

    state = needed(run)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("weights.*"):
        old.unlink()
    content, paths, index = to_bytes(_half(state.average)), [], []
    for at in range(0, len(content), limit):
        path = folder / f"weights.{at // limit:03}"
        path.write_bytes(content[at : at + limit])
        paths.append(path)
        index.append({"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
    document = {"size": asdict(state.size), "progress": asdict(state.progress), "pieces": index}
    (folder / INDEX).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return paths


def unpack(folder: Path, run: Path) -> State:
    """Put pieces together to the state of a run, which can be exported and gone on from.

    Raises:
        TrainingError: if a piece is missing or was changed, or the run has a state already.
    """
    from safetensors.torch import load as from_bytes

    if (run / STATE).exists():
        raise TrainingError(f"there is a state in {run} already", "unpack into a new folder")
    try:
        document: Mapping[str, Any] = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        content = b""
        for piece in document["pieces"]:
            part = (folder / piece["name"]).read_bytes()
            if hashlib.sha256(part).hexdigest() != piece["sha256"]:
                raise TrainingError(f"the piece {folder / piece['name']} was changed", "copy the pieces again")
            content += part
        weights = {name: weight.float() for name, weight in from_bytes(content).items()}
        state = State(Size(**document["size"]), weights, weights, None, Progress(**document["progress"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"the pieces in {folder} cannot be read: {error}", "copy all of them again") from None
    save(run, state)
    return state


def needed(run: Path) -> State:
    """Read the state of a run that must have begun."""
    state = load(run)
    if state is None:
        raise TrainingError(f"there is no state in {run}", "train first")
    return state


def _half(weights: Weights) -> Weights:
    return {name: weight.to("cpu", torch.float16).contiguous() for name, weight in weights.items()}

"""Several processes that learn side by side and average what they learnt every few updates.

On busy CPU cores two processes with one thread each get more done than one with two, whose threads wait for each
other at every product. ``torchrun --nproc-per-node 2 -m training train …`` starts them; one process alone is the rule.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch
from torch import Tensor

EVERY = 10  # updates between two averages


class Workers:
    """This process's place among its like; rank 0 speaks and saves."""

    def __init__(self) -> None:
        self.rank = int(os.environ.get("RANK", "0"))
        self.count = int(os.environ.get("WORLD_SIZE", "1"))
        if self.count > 1 and not torch.distributed.is_initialized():
            torch.distributed.init_process_group("gloo")

    def due(self, updates: int) -> bool:
        """Tell whether it is time to meet the others."""
        return self.count > 1 and updates % EVERY == 0

    def average(self, tensors: Sequence[Tensor]) -> None:
        """Replace the tensors by their mean over all workers, in place."""
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        torch.distributed.all_reduce(flat)
        flat /= self.count
        at = 0
        with torch.no_grad():
            for tensor in tensors:
                tensor.copy_(flat[at : at + tensor.numel()].view_as(tensor))
                at += tensor.numel()

    def any(self, wish: bool, updates: int) -> bool:
        """Tell whether any worker wishes to stop; they only ask each other when they meet."""
        if self.count == 1:
            return wish
        if updates % EVERY:
            return False
        wishes = torch.tensor(float(wish))
        torch.distributed.all_reduce(wishes)
        return bool(wishes > 0)

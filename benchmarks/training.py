"""What sampling candidates for the loss saves: a step of the small model on one core, over all pieces and over some."""

import time

import torch

from training import network, recipe
from training.network import Loss

PIECES, CANDIDATES, ROUNDS = 12_000, 1500, 4
BATCH, LENGTH = 60, 30


def main() -> None:
    torch.set_num_threads(1)
    model = network.Marian(recipe.load().size("small"), PIECES)
    source = torch.randint(3, PIECES, (BATCH, LENGTH))
    target = torch.randint(3, PIECES // 3, (BATCH, LENGTH))

    def step(loss: Loss) -> float:
        started = time.process_time()
        hidden = model(source, target).flatten(0, 1)
        loss(hidden, model.model.shared.weight, target.flatten()).backward()
        model.zero_grad()
        return time.process_time() - started

    full, some = Loss(PIECES), Loss(PIECES, candidates=CANDIDATES)
    step(full), step(some)  # memory is set up once
    spent = [(step(full), step(some)) for _ in range(ROUNDS)]
    ratio = sum(each for _, each in spent) / sum(each for each, _ in spent)
    print(f"a training step over {CANDIDATES:,} sampled pieces takes {ratio:.2f} of a step over all {PIECES:,}")


if __name__ == "__main__":
    main()

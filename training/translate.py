"""A trained network translates one side of the pairs: further pairs for another to learn from.

What a larger network makes of the German is steadier than what many hands made of it; what a network for the other
direction makes of the English is German of another kind with the same good English. A network that learns from both
beside the pairs themselves is better than its teachers (data diversification,
`Nguyen et al. 2020 <https://proceedings.neurips.cc/paper/2020/hash/7221e5c8ec6b08ef6d3f9ff3ce6eb1d1-Abstract.html>`_).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from newsbridge.engines.normal import normalise
from training import TrainingError, network, state, stream
from training.corpus import Pair, fault, write
from training.vocabulary import END, PAD

ROWS = 240_000  # source pieces of a batch on a GPU, times the beam; elsewhere a tenth
CHOICE = 10  # pieces that are drawn from
Cache = list[tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class How:
    """How to decode: the best of ``beam`` hypotheses, or, with a temperature, one drawn piece by piece."""

    beam: int = 4
    temperature: float = 0.0


def translate(
    run: Path,
    data: Path,
    shares: Mapping[str, float],
    tag: str,
    *,
    reverse: bool,
    how: How,
    device: str,
    say: Callable[[str], None] = print,
) -> Path:
    """Translate the German side of some tags, or with ``reverse`` the English, into pairs of a tag of their own.

    Args:
        run: Of the network.
        data: Its data folder; ``pairs-TAG.tsv`` is written there.
        shares: The part of each tag that is translated, up to 1.
        tag: Of the new pairs.
        reverse: The network translates from English.
        how: See :class:`How`.
        device: ``cpu`` or ``cuda``.
        say: Called with a line at the end.

    Returns:
        The file; pairs with a fault (:func:`training.corpus.fault`) are left out.

    Raises:
        TrainingError: if there is nothing to translate.
    """
    corpus = stream.load(data)
    texts = sorted(
        {
            corpus.pair(line)[1 if reverse else 0]
            for name, rows in corpus.rows.items()
            for line in rows[: int(len(rows) * shares.get(name, 0.0))]
        }
    )
    if not texts:
        raise TrainingError(f"no pair in {data} has one of the tags {', '.join(shares)}", "name tags that are there")
    model = restored(run, device)
    made = [normalise(text) for text in decode(model, corpus.pieces, texts, how)]
    pairs = [Pair(tag, *((other, text) if reverse else (text, other))) for text, other in zip(texts, made, strict=True)]
    kept = [pair for pair in pairs if not fault(pair)]
    path = data / f"pairs-{tag}.tsv"
    write(data / f"{tag}.new", kept)  # others may be reading the pairs
    os.replace(data / f"{tag}.new", path)
    say(f"{path}: {len(kept):,} of {len(pairs):,} pairs")
    return path


def restored(run: Path, device: str) -> network.Marian:
    """Load the averaged weights of a run, ready to decode; on a GPU in half the bits."""
    kept = state.needed(run)
    model = network.Marian(kept.size, len(kept.average[network.SHARED]))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(kept.average[name])
    model.to(device, torch.bfloat16 if device.startswith("cuda") else torch.float32)
    model.eval()
    return model


@torch.inference_mode()  # type: ignore[untyped-decorator]
def decode(model: network.Marian, pieces: object, texts: Sequence[str], how: How) -> list[str]:
    """Translate texts, in order; see :class:`How`."""
    encoded = pieces.encode(list(texts))  # type: ignore[attr-defined]
    order = sorted(range(len(texts)), key=lambda at: -len(encoded[at]))
    found: dict[int, list[int]] = {}
    beam = 1 if how.temperature else how.beam
    for rows in _batches(order, encoded, (ROWS if model.model.shared.weight.is_cuda else ROWS // 10) // beam):
        source = torch.from_numpy(stream.padded([encoded[row][: stream.LONGEST] for row in rows]))
        answers = _decoded(model, source.to(model.model.shared.weight.device), how, beam)
        found.update(zip(rows, answers, strict=True))
    return pieces.decode([found[row] for row in range(len(texts))])  # type: ignore[attr-defined,no-any-return]


def _batches(order: Sequence[int], encoded: Sequence[list[int]], most: int) -> Iterator[list[int]]:
    rows: list[int] = []
    for row in order:
        if rows and (len(rows) + 1) * (len(encoded[rows[0]]) + 1) > most:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _decoded(model: network.Marian, source: Tensor, how: How, beam: int) -> list[list[int]]:
    """Decode a batch: ``(batch, beam)`` hypotheses side by side, scored by their mean log probability."""
    memory, mask = model.encode(source)
    count, device = len(source), source.device
    crossed: Cache = [layer.encoder_attn.remembered(memory) for layer in model.model.decoder.layers]
    crossed = [(key.repeat_interleave(beam, 0), value.repeat_interleave(beam, 0)) for key, value in crossed]
    mask = mask.repeat_interleave(beam, 0)
    longest = min(2 * source.shape[1] + 10, network.POSITIONS)
    kept: Cache = [(key[:, :, :0], value[:, :, :0]) for key, value in crossed]
    tokens = torch.full((count * beam, 1), PAD, device=device)
    scores = torch.full((count, beam), -1e9, device=device)
    scores[:, 0] = 0.0
    best = torch.full((count,), -1e9, device=device)
    best_tokens = torch.zeros((count, longest + 1), dtype=torch.long, device=device)
    vocabulary = len(model.model.shared.weight)
    for length in range(1, longest + 1):
        states = _step(model, tokens[:, -1:], length - 1, kept, crossed, mask)
        chances = torch.log_softmax((states @ model.model.shared.weight.T).float(), -1)
        chances[:, PAD] = -1e9
        if how.temperature:
            likely, drawn = (chances / how.temperature).topk(CHOICE, dim=-1)
            chosen = torch.multinomial(likely.softmax(-1), 1)
            piece, origin = drawn.gather(1, chosen)[:, 0], torch.arange(count, device=device)
            scores = torch.where(piece[:, None] == END, -1e9, scores)
            ended = (piece == END) & (best <= -1e9)
            best = torch.where(ended, 0.0, best)
        else:
            top, at = (scores.view(-1, 1) + chances).view(count, beam * vocabulary).topk(2 * beam, dim=1)
            ending = at % vocabulary == END
            finished = torch.where(ending, top / length, -1e9)
            finished[:, beam:] = -1e9  # a hypothesis ends only from among the best
            score, which = finished.max(1)
            better = score > best
            best = torch.where(better, score, best)
            ended_from = at.gather(1, which[:, None])[:, 0] // vocabulary + torch.arange(count, device=device) * beam
            scores, going = torch.where(ending, -1e9, top).topk(beam, dim=1)
            at = at.gather(1, going)
            piece = (at % vocabulary).view(-1)
            origin = (at // vocabulary + torch.arange(count, device=device)[:, None] * beam).view(-1)
            ended = better
        rows = torch.arange(count, device=device) if how.temperature else ended_from
        done = torch.zeros_like(best_tokens)
        done[:, : length - 1] = tokens[rows, 1:]
        best_tokens = torch.where(ended[:, None], done, best_tokens)
        tokens = torch.cat([tokens[origin], piece[:, None]], dim=1)
        if not how.temperature:
            kept = [(key[origin], value[origin]) for key, value in kept]
        if length % 4 == 0 and bool(((best > -1e9) & (best >= scores.max(1)[0] / length)).all()):
            break
    unfinished = best <= -1e9
    best_tokens[:, : tokens.shape[1] - 1] = torch.where(
        unfinished[:, None], tokens[::beam, 1:], best_tokens[:, : tokens.shape[1] - 1]
    )
    return [[piece for piece in row if piece > END] for row in best_tokens.tolist()]


def _step(model: network.Marian, last: Tensor, at: int, kept: Cache, crossed: Cache, mask: Tensor) -> Tensor:
    """Return the decoder's state after one more piece, ``(rows, width)``; what it keeps grows by a place."""
    states = model.embedded(last, at)
    for number, layer in enumerate(model.model.decoder.layers):
        query, key, value = layer.self_attn.projected(states, None)
        kept[number] = (torch.cat([kept[number][0], key], dim=2), torch.cat([kept[number][1], value], dim=2))
        states = layer.self_attn_layer_norm(states + layer.self_attn.mixed(query, *kept[number], None))
        query = layer.encoder_attn.split(layer.encoder_attn.q_proj(states))
        states = layer.encoder_attn_layer_norm(states + layer.encoder_attn.mixed(query, *crossed[number], mask))
        states = layer.fed(states)
    return states[:, 0]

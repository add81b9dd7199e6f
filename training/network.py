"""The network: Marian, as Hugging Face has it, and its loss."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from training.recipe import Size
from training.vocabulary import END, PAD

POSITIONS = 512
SMOOTHING = 0.1
FREQUENT = 2000  # pieces that always count; SentencePiece sorts them by frequency
BUFFER = 12_000_000  # logits held at once


def build(size: Size, vocabulary: int, *, dropout: float = 0.0, attention: str = "sdpa", seed: int = 0) -> Any:
    """Build a Marian model with fresh weights.

    The tied embedding starts with deviation ``width ** -0.5`` and is scaled by ``width ** 0.5``, as Marian does; with
    anything else training stalls. Decoding starts from a vector of zeros, the row of the padding piece.

    Args:
        size: See :class:`training.recipe.Size`.
        vocabulary: Number of pieces.
        dropout: Between layers.
        attention: ``eager`` or ``sdpa``.
        seed: Of the weights.
    """
    from transformers import MarianMTModel

    torch.manual_seed(seed)
    model = MarianMTModel._from_config(
        config(size, vocabulary, pad=PAD, end=END, dropout=dropout), attn_implementation=attention
    )
    for parameter in model.parameters():
        if parameter.dim() > 1 and parameter.requires_grad and parameter.shape[0] != vocabulary:
            torch.nn.init.xavier_uniform_(parameter)
    torch.nn.init.normal_(model.model.shared.weight, std=size.width**-0.5)
    with torch.no_grad():
        model.model.shared.weight[PAD].zero_()
    return model


def config(size: Size, vocabulary: int, *, pad: int, end: int, dropout: float = 0.0) -> Any:
    """Return the configuration of a model of that size; ``pad`` and ``end`` are piece numbers."""
    from transformers import MarianConfig

    return MarianConfig(
        vocab_size=vocabulary,
        d_model=size.width,
        encoder_layers=size.encoder,
        decoder_layers=size.decoder,
        encoder_attention_heads=size.heads,
        decoder_attention_heads=size.heads,
        encoder_ffn_dim=size.inner,
        decoder_ffn_dim=size.inner,
        pad_token_id=pad,
        eos_token_id=end,
        forced_eos_token_id=end,
        decoder_start_token_id=pad,
        bos_token_id=None,
        max_position_embeddings=POSITIONS,
        static_position_embeddings=True,
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        activation_function="relu",
        dropout=dropout,
        attention_dropout=0.0,
        activation_dropout=0.0,
    )


class Loss:
    """Label-smoothed cross entropy over the tied embeddings.

    Over all pieces, or over candidates: those of the batch, the most frequent ones, and a sample of the rest that
    counts for all of the rest. A third of the pieces makes a training step on a CPU a fifth cheaper.
    """

    def __init__(self, vocabulary: int, *, candidates: int = 0, precision: torch.dtype = torch.float32) -> None:
        """Set up.

        Args:
            vocabulary: Number of pieces.
            candidates: How many pieces of the rest are sampled for a batch; 0 takes all pieces.
            precision: Of the products.
        """
        self._vocabulary = vocabulary
        self._candidates = candidates if FREQUENT + candidates < vocabulary else 0
        self._precision = precision
        self._buffer = torch.empty(0)

    def __call__(self, hidden: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
        """Return the mean loss of a batch.

        Args:
            hidden: The decoder's last states, ``(tokens, width)``, padding left out.
            embeddings: ``(vocabulary, width)``.
            labels: ``(tokens,)``, piece numbers.
        """
        if self._candidates and torch.is_grad_enabled():
            pieces, offsets = self._choose(labels)
            place = torch.empty(self._vocabulary, dtype=torch.long, device=labels.device)
            place[pieces] = torch.arange(len(pieces), device=labels.device)
            embeddings, labels = embeddings[pieces], place[labels]
        else:
            offsets = torch.zeros(self._vocabulary, device=labels.device)
        size = min(BUFFER // len(offsets), len(labels)) * len(offsets)
        if self._buffer.numel() < size or self._buffer.device != hidden.device:
            self._buffer = torch.empty(size, device=hidden.device)
        loss: Tensor = _Tied.apply(hidden, embeddings, offsets, labels, self._buffer, self._precision)
        return loss

    def _choose(self, labels: Tensor) -> tuple[Tensor, Tensor]:
        sure = torch.zeros(self._vocabulary, dtype=torch.bool, device=labels.device)
        sure[:FREQUENT] = True
        sure[labels] = True
        rest = (~sure).nonzero()[:, 0]
        sample = rest[torch.randperm(len(rest), device=rest.device)[: self._candidates]]
        pieces = torch.cat([sure.nonzero()[:, 0], sample])
        offsets = torch.zeros(len(pieces), device=labels.device)
        if len(sample):
            offsets[-len(sample) :] = torch.log(torch.tensor(len(rest) / len(sample)))
        return pieces, offsets


class _Tied(torch.autograd.Function):  # type: ignore[misc]
    """The loss and both its gradients at once, in chunks through one buffer.

    No ``(tokens, vocabulary)`` tensor is ever allocated: on a CPU its page faults cost more than its arithmetic.
    """

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        weights: Tensor,
        offsets: Tensor,
        labels: Tensor,
        buffer: Tensor,
        precision: torch.dtype,
    ) -> Tensor:
        states, rows = hidden.to(precision), weights.to(precision)
        smooth = offsets.exp()
        smooth = smooth * (SMOOTHING / smooth.sum())
        constant = (smooth * offsets).sum()
        states_gradient = torch.empty_like(hidden, dtype=torch.float32)
        weights_gradient = torch.zeros_like(weights, dtype=torch.float32)
        total = torch.zeros((), device=hidden.device)
        step = max(1, buffer.numel() // len(offsets))
        for at in range(0, len(labels), step):
            state, label = states[at : at + step], labels[at : at + step, None]
            logits = buffer[: len(label) * len(offsets)].view(len(label), len(offsets))
            if precision == torch.float32:
                torch.mm(state, rows.T, out=logits)
            else:
                logits.copy_(state @ rows.T)
            logits += offsets
            partition = torch.logsumexp(logits, 1, keepdim=True)
            total += (partition - (1 - SMOOTHING) * logits.gather(1, label)).sum()
            total -= (logits @ smooth).sum() - constant * len(label)
            logits.sub_(partition).exp_().sub_(smooth)
            logits.scatter_add_(1, label, torch.full_like(label, SMOOTHING - 1, dtype=logits.dtype))
            slope = (logits / len(labels)).to(precision)
            states_gradient[at : at + step] = slope @ rows
            weights_gradient += slope.T @ state
        weights_gradient[PAD].zero_()  # the first row is the padding piece's, with and without candidates
        ctx.save_for_backward(states_gradient, weights_gradient)
        return total / len(labels)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        states, weights = ctx.saved_tensors
        return states * slope, weights * slope, None, None, None, None

"""The network: Marian, as Hugging Face has it and with its names for the weights, and its loss.

It is written out here, and not taken from transformers, because training needs less and wants it faster: whole
sequences, one pass over the queries, keys and values, layers that can be compiled each on its own, and decoding that
keeps what it has computed. ``tests/test_training.py`` holds it to what transformers computes from the same weights.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from training.recipe import Size
from training.vocabulary import PAD

POSITIONS = 512
SMOOTHING = 0.1
FREQUENT = 2000  # pieces that always count; SentencePiece sorts them by frequency
BUFFER = 12_000_000  # logits held at once
COMPILER = "inductor"


class Attention(nn.Module):  # type: ignore[misc]
    """Attention with several heads, over the sequence itself or over another."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        for name in ("k_proj", "v_proj", "q_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def forward(self, states: Tensor, memory: Tensor | None, mask: Tensor | None) -> Tensor:
        """Attend.

        Args:
            states: ``(batch, length, width)``.
            memory: The other sequence, ``(batch, source_length, width)``; None attends over ``states``.
            mask: ``(batch, 1, 1, source_length)``, true where there is a piece; None with no memory: each place sees
                itself and what stands before it.
        """
        query, key, value = self.projected(states, memory)
        if memory is None and mask is None:
            mask = torch.ones(states.shape[1], states.shape[1], dtype=torch.bool, device=states.device).tril()
        return self.mixed(query, key, value, mask)

    def projected(self, states: Tensor, memory: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values, ``(batch, heads, length, width / heads)``."""
        if memory is None:
            of_all = (self.q_proj, self.k_proj, self.v_proj)
            joined = F.linear(states, torch.cat([p.weight for p in of_all]), torch.cat([p.bias for p in of_all]))
            query, key, value = joined.chunk(3, dim=-1)
        else:
            query = self.q_proj(states)
            key, value = self.remembered(memory)
            return self.split(query), key, value
        return self.split(query), self.split(key), self.split(value)

    def remembered(self, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values of another sequence."""
        of_both = (self.k_proj, self.v_proj)
        joined = F.linear(memory, torch.cat([p.weight for p in of_both]), torch.cat([p.bias for p in of_both]))
        key, value = joined.chunk(2, dim=-1)
        return self.split(key), self.split(value)

    def split(self, states: Tensor) -> Tensor:
        """Give every head its part."""
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def mixed(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        """Return what the queries find, ``(batch, length, width)``.

        Sentences are short: the products, written out, cost less than a kernel for long ones, and compile everywhere.
        """
        scores = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
        if mask is not None:
            scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
        found = scores.softmax(-1, dtype=torch.float32).to(value.dtype) @ value
        return self.out_proj(found.transpose(1, 2).flatten(2))


class Layer(nn.Module):  # type: ignore[misc]
    """A layer of either side; the decoder's attends to the encoder's states as well. Norms come last, as in Marian."""

    def __init__(self, size: Size, dropout: float, *, crossed: bool) -> None:
        super().__init__()
        self.dropout = dropout
        self.self_attn = Attention(size.width, size.heads)
        self.self_attn_layer_norm = nn.LayerNorm(size.width)
        if crossed:
            self.encoder_attn = Attention(size.width, size.heads)
            self.encoder_attn_layer_norm = nn.LayerNorm(size.width)
        self.fc1 = nn.Linear(size.width, size.inner)
        self.fc2 = nn.Linear(size.inner, size.width)
        self.final_layer_norm = nn.LayerNorm(size.width)

    def forward(self, states: Tensor, memory: Tensor | None, mask: Tensor | None) -> Tensor:
        """Return the next states; an encoder's layer has no memory, its mask is for itself."""
        found = self.self_attn(states, None, mask if memory is None else None)
        states = self.self_attn_layer_norm(states + self._dropped(found))
        if memory is not None:
            found = self.encoder_attn(states, memory, mask)
            states = self.encoder_attn_layer_norm(states + self._dropped(found))
        return self.fed(states)

    def fed(self, states: Tensor) -> Tensor:
        """Apply the feed-forward part."""
        return self.final_layer_norm(states + self._dropped(self.fc2(self._dropped(torch.relu(self.fc1(states))))))

    def _dropped(self, states: Tensor) -> Tensor:
        return F.dropout(states, self.dropout, self.training)


class Side(nn.Module):  # type: ignore[misc]
    """The layers of the encoder or the decoder."""

    def __init__(self, size: Size, layers: int, dropout: float, *, crossed: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList([Layer(size, dropout, crossed=crossed) for _ in range(layers)])


class Halves(nn.Module):  # type: ignore[misc]
    """Embeddings, which both sides and the output share, encoder and decoder."""

    def __init__(self, size: Size, vocabulary: int, dropout: float) -> None:
        super().__init__()
        self.shared = nn.Embedding(vocabulary, size.width, padding_idx=PAD)
        self.encoder = Side(size, size.encoder, dropout, crossed=False)
        self.decoder = Side(size, size.decoder, dropout, crossed=True)


class Marian(nn.Module):  # type: ignore[misc]
    """A Marian model with fresh weights.

    The tied embedding starts with deviation ``width ** -0.5`` and is scaled by ``width ** 0.5``, as Marian does; with
    anything else training stalls. Decoding starts from a vector of zeros, the row of the padding piece.
    """

    def __init__(self, size: Size, vocabulary: int, *, dropout: float = 0.0, seed: int = 0) -> None:
        """Set up.

        Args:
            size: See :class:`training.recipe.Size`.
            vocabulary: Number of pieces.
            dropout: After the embeddings, after every part of a layer, and inside its feed-forward part.
            seed: Of the weights.
        """
        super().__init__()
        torch.manual_seed(seed)
        self.size, self.dropout = size, dropout
        self.model = Halves(size, vocabulary, dropout)
        self.register_buffer("positions", sinusoids(POSITIONS, size.width), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1 and name != SHARED:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
        nn.init.normal_(self.model.shared.weight, std=size.width**-0.5)
        with torch.no_grad():
            self.model.shared.weight[PAD].zero_()

    def compile_layers(self) -> None:
        """Compile a layer of either side, for every shape and all its like."""
        for layer in (*self.model.encoder.layers, *self.model.decoder.layers):
            layer.compile(dynamic=True, backend=COMPILER)

    def embedded(self, pieces: Tensor, at: int = 0) -> Tensor:
        """Return what goes into the first layer; ``at`` is the place of the first piece."""
        states = self.model.shared(pieces) * self.size.width**0.5
        states = states + self.positions[at : at + pieces.shape[1]].to(states.dtype)
        return F.dropout(states, self.dropout, self.training)

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return the encoder's states, ``(batch, length, width)``, and the mask of its pieces."""
        mask = (source != PAD)[:, None, None, :]
        states = self.embedded(source)
        for layer in self.model.encoder.layers:
            states = layer(states, None, mask)
        return states, mask

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the decoder's states before each piece of the target, ``(batch, target_length, width)``.

        Args:
            source: ``(batch, source_length)``, piece numbers.
            target: ``(batch, target_length)``, piece numbers.
        """
        memory, mask = self.encode(source)
        states = self.embedded(F.pad(target[:, :-1], (1, 0), value=PAD))
        for layer in self.model.decoder.layers:
            states = layer(states, memory, mask)
        return states


SHARED = "model.shared.weight"


def sinusoids(positions: int, width: int) -> Tensor:
    """Return Marian's encodings of places: sines in the first half of the width, cosines in the second."""
    place = torch.arange(positions, dtype=torch.float64)[:, None]
    angle = place / 10000 ** (2 * torch.arange(width // 2, dtype=torch.float64) / width)
    return torch.cat([angle.sin(), angle.cos()], dim=1).float()


def config(size: Size, vocabulary: int, *, pad: int, end: int, dropout: float = 0.0) -> Any:
    """Return the configuration of a model of that size for transformers; ``pad`` and ``end`` are piece numbers."""
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


def whole_loss(hidden: Tensor, embeddings: Tensor, labels: Tensor) -> Tensor:
    """Return the label-smoothed cross entropy over all pieces, summed: for a GPU, which has the room, and compiled.

    Args:
        hidden: The decoder's states, ``(tokens, width)``.
        embeddings: ``(vocabulary, width)``, of the same type.
        labels: ``(tokens,)``, piece numbers; the padding does not count.
    """
    logits = F.linear(hidden, embeddings).float()
    return F.cross_entropy(logits, labels, ignore_index=PAD, label_smoothing=SMOOTHING, reduction="sum")


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

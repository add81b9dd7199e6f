"""The loss over the tied embeddings: what torch says, in less memory; and over candidates much the same."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from training import network
from training.network import Loss

TOKENS, WIDTH, VOCABULARY = 50, 16, 3000


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(1)
    hidden = torch.randn(TOKENS, WIDTH, generator=generator, requires_grad=True)
    weights = (0.3 * torch.randn(VOCABULARY, WIDTH, generator=generator)).requires_grad_()
    labels = torch.randint(1, VOCABULARY, (TOKENS,), generator=generator)
    return hidden, weights, labels


def gradients(loss, *tensors):
    return torch.autograd.grad(loss, tensors)


def test_it_is_the_smoothed_cross_entropy_of_torch(batch, monkeypatch):
    monkeypatch.setattr(network, "BUFFER", 7 * VOCABULARY)  # several chunks, the last one short
    hidden, weights, labels = batch
    ours = Loss(VOCABULARY)(hidden, weights, labels)
    theirs = cross_entropy(hidden @ weights.T, labels, label_smoothing=network.SMOOTHING)
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-5)
    for mine, other in zip(gradients(ours, hidden, weights), gradients(theirs, hidden, weights), strict=True):
        torch.testing.assert_close(mine[1:], other[1:], rtol=1e-4, atol=1e-6)


def test_the_padding_piece_learns_nothing(batch):
    hidden, weights, labels = batch
    for candidates in (0, 500):
        (gradient,) = gradients(Loss(VOCABULARY, candidates=candidates)(hidden, weights, labels), weights)
        assert not gradient[0].any()
        assert gradient[labels[0]].any()


def test_candidates_come_out_right_on_average(batch, monkeypatch):
    monkeypatch.setattr(network, "FREQUENT", 500)
    hidden, weights, labels = batch
    exact = Loss(VOCABULARY)(hidden, weights, labels)
    torch.manual_seed(1)
    sampled = [Loss(VOCABULARY, candidates=600)(hidden, weights, labels) for _ in range(40)]
    assert torch.stack(sampled).mean().item() == pytest.approx(exact.item(), rel=0.01)
    (wanted,) = gradients(exact, hidden)
    found = torch.stack([gradients(loss, hidden)[0] for loss in sampled]).mean(0)
    assert torch.nn.functional.cosine_similarity(wanted.flatten(), found.flatten(), dim=0) > 0.98


def test_a_sample_as_large_as_the_rest_is_no_sample(batch):
    hidden, weights, labels = batch
    exact, asked = (Loss(VOCABULARY, candidates=count)(hidden, weights, labels) for count in (0, VOCABULARY))
    assert exact.item() == asked.item()

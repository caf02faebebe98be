"""Smoothed weights are the same model, and the base finds what was smoothed."""

import random

import torch

from blockdiff.batch import pack_drawn
from blockdiff.forms import CarryOver
from blockdiff.sampling import Masking
from blockdiff.smoothing import evened, found, peaks, smooth, unsmooth

from small import FAMILY, SHAPE, small, student, text


def outlying():
    """A student one of whose channels is far larger than the others, in the residuals and inside the layers, and a batch."""
    model = small()
    with torch.no_grad():
        model.embedding[:, 5] *= 40
        for layer in model.layers:
            layer.norm1.uniform_(0.5, 2)
            layer.norm2.uniform_(0.5, 2)
            layer.gate_up[SHAPE.intermediate + 7] *= 30
    trained = student(model)
    with torch.no_grad():
        for gate_up in trained.neurons.gate_up:
            gate_up[8 + 3] *= 30
    return trained, pack_drawn([text(40)], CarryOver(), Masking(), random.Random(1), FAMILY, torch.float32)


def smoothen(trained, batch):
    of = peaks(trained, [batch])
    scales = evened(trained.model, of)
    smooth(trained.model, trained.neurons, scales, of)
    return scales


def test_smoothing_changes_no_bit_of_what_the_model_computes():
    trained, batch = outlying()
    before = trained(batch)[0]
    smoothen(trained, batch)
    assert torch.equal(trained(batch)[0], before)


def test_smoothing_evens_out_the_channels_of_every_input():
    trained, batch = outlying()
    before = peaks(trained, [batch])
    smoothen(trained, batch)
    after = peaks(trained, [batch])
    spread = {key: float((of.max() / of.median()) / (after[key].max() / after[key].median())) for key, of in before.items() if key[1] != "out"}
    assert len(spread) == 8 and all(ratio > 1.2 for ratio in spread.values()), spread


def test_the_base_is_smoothed_alike_whatever_its_neurons_are():
    smoothed = []
    for seed in (3, 4):
        (trained, batch), other = outlying(), student(seed=seed)
        trained.neurons.load_state_dict(other.neurons.state_dict())
        smoothen(trained, batch)
        smoothed.append(trained.model.state_dict())
    assert all(torch.equal(a, b) for a, b in zip(*(state.values() for state in smoothed)))


def test_neurons_of_a_smoothed_model_are_read_for_the_bases_norms():
    trained, batch = outlying()
    base, before = outlying()[0].model, trained(batch)[0]
    smoothen(trained, batch)
    assert not torch.equal(trained.model.layers[1].norm2, base.layers[1].norm2)
    unsmooth(trained.neurons, trained.model, base)
    trained.model = base
    assert torch.equal(trained(batch)[0], before)


def test_how_a_model_was_smoothed_is_found_though_its_weights_were_rounded_since():
    trained, batch = outlying()
    base = outlying()[0].model
    scales = smoothen(trained, batch)
    with torch.no_grad():
        for layer in trained.model.layers:
            step = layer.down.abs().amax(1, keepdim=True) / 127
            layer.down.copy_((layer.down / step).round() * step)
    again = found(trained.model, base)
    assert any((by.down != 1).any() for by in scales)
    for one, other in zip(scales, again):
        assert torch.equal(one.attention, other.attention) and torch.equal(one.mlp, other.mlp) and torch.equal(one.down, other.down)

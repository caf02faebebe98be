"""Smoothed weights are the same model, and the base finds what was smoothed."""

import random

import torch

from blockdiff.batch import pack_drawn
from blockdiff.forms import CarryOver
from blockdiff.sampling import Masking
from blockdiff.smoothing import peaks, smooth, unsmooth
from blockdiff.student import Student
from blockdiff.teacher import ask
from blockdiff.weights import build, hugging_face

from small import FAMILY, SHAPE, small, text


def outlying():
    """A model one of whose channels is far larger than the others, in the residuals and inside the layers, and a batch."""
    model, of = small(), text(40)
    with torch.no_grad():
        model.embedding[:, 5] *= 40
        for layer in model.layers:
            layer.norm1.uniform_(0.5, 2)
            layer.norm2.uniform_(0.5, 2)
            layer.gate_up[SHAPE.intermediate + 7] *= 30
    targets = ask(model, [of])
    return model, pack_drawn([(of, targets.tokens[0], targets.probabilities[0])], CarryOver(), Masking(), random.Random(1), FAMILY, torch.float32)


def copy(model):
    return build(SHAPE, hugging_face(model))


def student(model):
    return Student(copy(model), torch.float32, FAMILY)


def test_smoothing_changes_no_bit_of_what_the_model_computes():
    model, batch = outlying()
    before = student(model)(batch)[0]
    smooth(model, peaks(student(model), [batch]))
    assert torch.equal(student(model)(batch)[0], before)


def test_smoothing_evens_out_the_channels_of_every_input():
    model, batch = outlying()
    before = peaks(student(model), [batch])
    smooth(model, before)
    after = peaks(student(model), [batch])
    spread = {key: float((of.max() / of.median()) / (after[key].max() / after[key].median())) for key, of in before.items() if key[1] != "out"}
    assert all(ratio > 1.2 for ratio in spread.values()), spread


def test_the_base_takes_smoothing_back_bit_by_bit_also_from_weights_that_were_trained():
    base, batch = outlying()
    trained = copy(base)
    with torch.no_grad():
        for layer in trained.layers:
            for matrix in (layer.qkv, layer.gate_up, layer.down):
                matrix += 0.1 * matrix.std() * torch.randn_like(matrix)
    expected = hugging_face(copy(trained))
    smooth(trained, peaks(student(trained), [batch]))
    assert not torch.equal(hugging_face(trained)["model.layers.1.mlp.down_proj.weight"], expected["model.layers.1.mlp.down_proj.weight"])
    unsmooth(trained, base)
    assert all(torch.equal(value, expected[name]) for name, value in hugging_face(trained).items())


def test_weights_that_were_never_smoothed_stay_as_they_are():
    base, _ = outlying()
    trained = copy(base)
    with torch.no_grad():
        trained.layers[0].norm1 *= 1.1
    before = hugging_face(copy(trained))
    unsmooth(trained, base)
    assert all(torch.equal(value, before[name]) for name, value in hugging_face(trained).items())

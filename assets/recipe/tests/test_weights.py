"""Weights go through files and merging unharmed."""

import random

import numpy as np
import pytest
import torch

from blockdiff.base import rotary_halves
from blockdiff.batch import pack_drawn
from blockdiff.checkpoint import config_of, read_folder, shape_of, write_folder
from blockdiff.forms import CarryOver
from blockdiff.merge import merge, moments
from blockdiff.sampling import Masking
from blockdiff.shipped import matrix, pieces
from blockdiff.student import Student
from blockdiff.teacher import ask
from blockdiff.weights import build, hugging_face

from small import FAMILY, SHAPE, small, text


def test_a_checkpoint_folder_is_read_as_it_was_written(tmp_path):
    weights = hugging_face(small())
    write_folder(tmp_path, config_of(SHAPE, "carry", FAMILY), weights, torch.float32, tmp_path)
    config, shape, again = read_folder(tmp_path)
    assert shape == SHAPE and config["block_context"] == "causal" and config["mask_carry_token_id"] == 15
    assert weights.keys() == again.keys() and all(torch.equal(weights[name], again[name]) for name in weights)
    assert shape_of(config_of(SHAPE, "sdar", FAMILY)) == SHAPE and "block_context" not in config_of(SHAPE, "sdar", FAMILY)


def test_fused_tensors_come_apart_and_together():
    model = small()
    again = build(SHAPE, hugging_face(model))
    assert all(torch.equal(a, b) for a, b in zip(model.state_dict().values(), again.state_dict().values()))


def test_interleaved_rotary_rows_are_put_in_halves():
    rows = np.array([[0], [4], [1], [5], [2], [6], [3], [7]], np.float32)  # one head of 8
    assert rotary_halves(rows, 1)[:, 0].tolist() == list(range(8))


@pytest.mark.parametrize("bits", [8, 4])
def test_shipped_matrices_are_what_their_blocks_and_scales_say(bits):
    zero, columns = (128, 40) if bits == 8 else (8, 40)
    numbers = np.random.default_rng(0).integers(0, 2 * zero, (6, 3, 16)).astype(np.uint8)
    scales = np.random.default_rng(1).random((6, 3), np.float32)
    data = numbers if bits == 8 else (numbers[..., ::2] | numbers[..., 1::2] << 4).astype(np.uint8)
    expected = ((numbers.astype(np.float32) - zero) * scales[..., None]).reshape(6, -1)[:, :columns]
    np.testing.assert_array_equal(matrix({"m": data, "m.scales": scales}, "m", columns).numpy(), expected)


def test_a_shipped_fused_matrix_is_cut_into_the_checkpoints_tensors():
    weights = hugging_face(small())
    names = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")
    fused = torch.cat([weights[f"model.layers.1.{name}.weight"] for name in names]).numpy()
    cut = pieces({"model.layers.1.self_attn.qkv_proj": fused}, "model.layers.1.", "self_attn.qkv_proj", names, SHAPE)
    assert all(torch.equal(value, weights[name]) for name, value in cut.items()) and len(cut) == 3


def moments_and_models():
    base, trained, of = small(), small(), text(40)
    for layer in trained.layers:
        layer.down.data += 0.3 * torch.randn_like(layer.down)
        layer.norm1.data += 0.01
    targets = ask(base, [of])
    batches = [pack_drawn([(of, targets.tokens[0], targets.probabilities[0])], CarryOver(), Masking(), random.Random(n), FAMILY, torch.float32) for n in range(3)]
    clean = moments(Student(small(), torch.float32, FAMILY), batches, masked=False)
    masked = moments(Student(build(SHAPE, hugging_face(trained)), torch.float32, FAMILY), batches, masked=True)
    return base, trained, clean, masked, batches[0]


def distance(a, b, batch, rows) -> float:
    return float((Student(a, torch.float32, FAMILY)(batch)[0] - Student(b, torch.float32, FAMILY)(batch)[0])[rows].detach().norm())


def test_merging_keeps_the_base_at_tokens_the_more_the_stronger_it_is():
    distances = []
    for strength in (0.01, 1.0, 1000.0):
        base, trained, clean, masked, batch = moments_and_models()
        with torch.no_grad():
            merge(base, trained, clean, masked, strength)
        distances.append(distance(base, trained, batch, batch.packed.clean_rows()))
    assert distances[0] > distances[1] > distances[2] and distances[2] < 0.05 * distances[0]


def test_merging_with_no_weight_on_tokens_is_the_trained_model_at_masks():
    base, trained, clean, masked, _ = moments_and_models()
    norm, matrix_ = trained.layers[0].norm1.detach().clone(), trained.layers[0].down.detach().clone()
    after = build(SHAPE, hugging_face(trained))
    merge(base, after, clean, masked, 0.0)
    torch.testing.assert_close(after.layers[0].down @ masked[0, "down"], matrix_ @ masked[0, "down"], atol=1e-2, rtol=1e-2)
    torch.testing.assert_close(after.layers[0].norm1, base.layers[0].norm1)
    assert not torch.equal(after.layers[0].norm1, norm)

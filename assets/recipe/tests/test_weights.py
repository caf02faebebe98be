"""Weights go through files unharmed."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from blockdiff.base import rotary_halves
from blockdiff.checkpoint import config_of, read_folder, shape_of, write_folder
from blockdiff.shipped import matrix, pieces
from blockdiff.neurons import read
from blockdiff.weights import build, hugging_face

from small import FAMILY, SHAPE, small, student


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


def test_masks_neurons_follow_the_bases_in_a_checkpoint_and_are_read_back(tmp_path):
    trained, wide = student(), replace(SHAPE, mask_neurons=8)
    write_folder(tmp_path, config_of(wide, "carry", FAMILY), trained.exported(), torch.float32, tmp_path)
    config, shape, values = read_folder(tmp_path)
    assert shape == wide and config["intermediate_size"] == 56 and config["mask_intermediate_size"] == 8
    assert all(torch.equal(a, b) for a, b in zip(read(shape, values).parameters(), trained.neurons.parameters()))
    base = small()
    base.embedding.data[FAMILY.mask] = trained.mask
    assert all(torch.equal(a, b) for a, b in zip(build(shape, values).state_dict().values(), base.state_dict().values()))

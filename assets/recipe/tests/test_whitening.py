"""Steps in whitened coordinates: what they are, and whom they spare."""

import torch
from torch import nn

from blockdiff.optimiser import Flat
from blockdiff.precision import fastest
from blockdiff.whitening import whitening


def moments_of(rows: torch.Tensor) -> torch.Tensor:
    return rows.T @ rows / len(rows)


def test_the_inputs_are_white_in_the_new_coordinates():
    torch.manual_seed(0)
    clean, masked = torch.randn(500, 12) @ torch.randn(12, 12), torch.randn(500, 12) @ torch.randn(12, 12)
    c, m = moments_of(clean), moments_of(masked)
    a = whitening(c, m, 3.0)
    white = a @ (m + 3 * c) @ a
    torch.testing.assert_close(a, a.T)
    assert (white / m.diagonal().mean() - torch.eye(12)).abs().max() < 0.1  # the ridge is all that is missing


class One(nn.Module):
    def __init__(self, inputs: int):
        super().__init__()
        self.matrix = nn.Parameter(torch.zeros(6, inputs))


def changes(whitenings: dict[str, torch.Tensor] | None, masked: torch.Tensor, clean: torch.Tensor) -> tuple[float, float]:
    """How much the outputs of masks and of tokens move in some steps towards a target at the masks."""
    torch.manual_seed(1)
    wanted = torch.randn(len(masked), 6)
    model = One(masked.shape[1])
    flat = Flat(model, torch.float32, 1e-2, whitenings)
    for _ in range(20):
        (masked @ model.matrix.T - wanted).square().sum().backward()
        flat.step(1e-2)
    return float((masked @ model.matrix.T).detach().norm()), float((clean @ model.matrix.T).detach().norm())


def test_a_step_moves_masks_and_hardly_tokens():
    torch.manual_seed(0)
    shared = torch.randn(16, 16)
    masked = torch.randn(8, 16) @ shared
    clean = torch.cat([torch.randn(200, 8), torch.zeros(200, 8)], 1) @ shared  # tokens use half of the directions
    a = whitening(moments_of(clean), moments_of(masked), 10.0)
    masks, tokens = changes({"matrix": a}, masked, clean)
    plain_masks, plain_tokens = changes(None, masked, clean)
    assert tokens / masks < plain_tokens / plain_masks / 2


def test_coordinates_of_no_change_are_those_of_a_plain_step():
    torch.manual_seed(0)
    masked, clean = torch.randn(8, 5), torch.randn(8, 5)
    assert changes({"matrix": torch.eye(5)}, masked, clean) == changes(None, masked, clean)


def test_the_fastest_precision_is_one_that_trains():
    assert fastest() in (torch.bfloat16, torch.float32)
    assert fastest("cuda") == torch.bfloat16

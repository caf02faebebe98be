"""Two sets of weights in one: as the base at tokens, as the trained model at masks.

Both kinds of row go through the same matrices, but their inputs lie in different directions. For each matrix the merged one is
the least-squares answer to "give what the base gives on clean rows and what the trained model gives on masked rows":
base + (trained - base) (M + R) (M + strength C + R)^-1, with M, C the second moments of the masked and of the clean rows' inputs
(kin: RegMean, arXiv 2212.09849). R keeps what was trained where the inputs say little: a ridge towards zero instead would let
changes grow without bound in directions that these texts hardly use and others may. Costs a few forward passes; keeps far more
of the guesses at the same first mask than averaging.
"""

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor

from .batch import Batch
from .model import Model, rope
from .pointwise import gated
from .student import Student

RIDGE, FLOOR = 0.03, 1e-3
MATRICES = {"qkv": "norm1", "out": None, "gate_up": "norm2", "down": None}
Moments = dict[tuple[int, str], Tensor]


@torch.no_grad()
def moments(student: Student, batches: Iterable[Batch], masked: bool) -> Moments:
    """Mean outer product of each matrix's input, over masked rows or over the clean ones."""
    sums: Moments = {}
    count = 0
    for batch in batches:
        rows = batch.masks if masked else batch.packed.clean_rows()
        count += len(rows)
        for key, value in inputs(student, batch):
            some = value[rows]
            product = (some.T @ some).float()
            sums[key] = sums[key] + product if key in sums else product
    return {key: value / count for key, value in sums.items()}


def inputs(student: Student, batch: Batch):
    """Yields ((layer, matrix), input rows) in a forward pass."""
    model = student.model
    x = student.embed(batch)
    cos, sin = rope(batch.positions, model.shape, x.dtype)
    for number, layer in enumerate(model.layers):
        yield (number, "qkv"), layer.norm(x, layer.norm1)
        mixed = batch.packed.attend(*layer.heads(x, cos, sin))
        yield (number, "out"), mixed
        x = x + F.linear(mixed, layer.out)
        normal = layer.norm(x, layer.norm2)
        yield (number, "gate_up"), normal
        inner = gated(F.linear(normal, layer.gate_up))
        yield (number, "down"), inner
        x = x + F.linear(inner, layer.down)


def ridge_of(clean: Tensor, masked: Tensor) -> Tensor:
    """What keeps directions in bounds in which neither kind of row says much."""
    energy = (masked + clean).diagonal()
    return torch.diag(RIDGE * energy + FLOOR * energy.mean())


@torch.no_grad()
def merge(base: Model, trained: Model, clean: Moments, masked: Moments, strength: float) -> None:
    """Changes `trained` (f32) in place; its norms become the base's."""
    for number, (old, new) in enumerate(zip(base.layers, trained.layers)):
        for name, norm in MATRICES.items():
            before, after = getattr(old, name), getattr(new, name)
            if norm:
                getattr(new, norm).copy_(getattr(old, norm))
            c, m = clean[number, name], masked[number, name]
            ridge = ridge_of(c, m)
            share = torch.linalg.solve(m + strength * c + ridge, m + ridge)  # the transpose of what is wanted
            after.copy_(before + (after - before) @ share.T)
    trained.final_norm.copy_(base.final_norm)


"""The same model in weights whose activations lose less when they are rounded to 8 bits.

A fast CPU kernel rounds the inputs of a matrix to 8 bits, a scale a block of a row: one channel much larger than its neighbours takes their
precision. So channels are scaled against each other: an input's channel j divided by s_j, the matrix' column j times s_j, where s_j moves the
spread from activations to weights, which bear it better (SmoothQuant, arXiv 2211.10438). What divides costs nothing: the weight of
the norm before q, k, v and before gate and up; the rows of up before down. All s are powers of two, so in floats
nothing changes by a bit, and `unsmooth` finds them again by comparison with the base.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from .batch import Batch
from .merge import inputs
from .model import Layer, Model
from .student import Student

Peaks = dict[tuple[int, str], Tensor]


@torch.no_grad()
def peaks(student: Student, batches: Iterable[Batch]) -> Peaks:
    """The largest magnitude of each channel of each matrix's input, over all rows."""
    out: Peaks = {}
    for batch in batches:
        for key, value in inputs(student, batch):
            largest = value.abs().amax(0).float()
            out[key] = torch.maximum(out[key], largest) if key in out else largest
    return out


@torch.no_grad()
def smooth(model: Model, of: Peaks, exponent: float = 0.6) -> None:
    """Changes `model` (f32) in place. exponent: 0 evens out the weights' columns, 1 the activations' channels."""
    for number, layer in enumerate(model.layers):
        scale(layer, *(power(of[number, name] ** exponent / columns(getattr(layer, name)) ** (1 - exponent)) for name in ("qkv", "gate_up", "down")))


@torch.no_grad()
def unsmooth(model: Model, base: Model) -> None:
    """Takes back, in place, what `smooth` did to a model that has the base's norms and rows of up of about the base's size."""
    for layer, old in zip(model.layers, base.layers):
        by_norm = [power(layer.norm1 / old.norm1), power(layer.norm2 / old.norm2)]
        scale(layer, *by_norm, torch.ones(layer.down.shape[1]))
        up, old_up = (each.gate_up.chunk(2)[1].norm(dim=1) for each in (layer, old))
        scale(layer, torch.ones_like(by_norm[0]), torch.ones_like(by_norm[1]), power(up / old_up))


def scale(layer: Layer, attention: Tensor, mlp: Tensor, inner: Tensor) -> None:
    """Divides the channels of the inputs of q, k, v; of gate and up; of down. The layer computes what it did."""
    layer.norm1 /= attention
    layer.qkv *= attention
    layer.norm2 /= mlp
    layer.gate_up *= mlp
    layer.gate_up.chunk(2)[1].div_(inner[:, None])
    layer.down *= inner


def columns(matrix: Tensor) -> Tensor:
    return matrix.abs().amax(0).clamp(min=1e-6)


def power(ratio: Tensor) -> Tensor:
    """The nearest powers of two; 1 where there is no ratio."""
    return torch.where(ratio.isfinite() & (ratio > 0), ratio, torch.ones_like(ratio)).log2().round().exp2()

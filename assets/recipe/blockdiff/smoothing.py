"""The same model in weights whose activations lose less when they are rounded to 8 bits.

A fast CPU kernel rounds the inputs of a matrix to 8 bits, a scale a block of a row: one channel much larger than its neighbours takes their
precision. So channels are scaled against each other: an input's channel j divided by s_j, the matrix' column j times s_j, where s_j moves the
spread from activations to weights, which bear it better (SmoothQuant, arXiv 2211.10438). What divides costs nothing: the weight of
the norm before q, k, v and before gate and up; the rows of up before down. All s are powers of two, so in floats
nothing changes by a bit, and `unsmooth` finds them again by comparison with the base.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from .batch import Batch
from .model import Layer, Model
from .neurons import MaskNeurons
from .student import MaskStudent

Peaks = dict[tuple[int, str], Tensor]


@torch.no_grad()
def peaks(student: MaskStudent, batches: Iterable[Batch]) -> Peaks:
    """The largest magnitude of each channel of each matrix's input: of the base's over tokens, of the neurons' over masks."""
    out: Peaks = {}

    def look(layer: int, name: str, x: Tensor) -> None:
        largest = x.abs().amax(0).float()
        out[layer, name] = torch.maximum(out[layer, name], largest) if (layer, name) in out else largest

    for batch in batches:
        student(batch, look=look)
    return out


@dataclass(frozen=True)
class Scales:
    """Of a layer of the base: what the channels of its inputs are divided by."""

    attention: Tensor
    mlp: Tensor
    down: Tensor


@torch.no_grad()
def evened(model: Model, of: Peaks, exponent: float = 0.6) -> list[Scales]:
    """As the peaks have it.

    exponent: 0 evens out the weights' columns, 1 the activations' channels.
    """
    return [
        Scales(*(shared(of[number, name], matrix, exponent) for name, matrix in (("qkv", layer.qkv), ("gate_up", layer.gate_up), ("down", layer.down))))
        for number, layer in enumerate(model.layers)
    ]


@torch.no_grad()
def found(model: Model, base: Model) -> list[Scales]:
    """Those of a smoothed `model`, which may have been rounded to 8 bits since."""
    return [
        Scales(power(old.norm1 / new.norm1), power(old.norm2 / new.norm2), power(new.down.norm(dim=0) / old.down.norm(dim=0)))
        for new, old in zip(model.layers, base.layers)
    ]


@torch.no_grad()
def smooth(model: Model, neurons: MaskNeurons, scales: list[Scales], of: Peaks, exponent: float = 0.6) -> None:
    """Changes both (f32) in place; the base as if there were no neurons, so that its bytes stay when they are trained further."""
    for number, (layer, by) in enumerate(zip(model.layers, scales)):
        inner = shared(of[number, "mask_down"], neurons.down[number], exponent)
        scale(layer, by)
        neurons.gate_up[number] *= by.mlp
        neurons.gate_up[number].chunk(2)[1].div_(inner[:, None])
        neurons.down[number] *= inner


@torch.no_grad()
def unsmooth(neurons: MaskNeurons, model: Model, base: Model) -> None:
    """Gives `neurons` of a smoothed `model`, in place, the inputs that the base's norms make."""
    for gate_up, layer, old in zip(neurons.gate_up, model.layers, base.layers):
        gate_up *= power(layer.norm2 / old.norm2)


def scale(layer: Layer, by: Scales) -> None:
    """Divides the channels of the inputs of q, k, v; of gate and up; of down. The layer computes what it did."""
    layer.norm1 /= by.attention
    layer.qkv *= by.attention
    layer.norm2 /= by.mlp
    layer.gate_up *= by.mlp
    layer.gate_up.chunk(2)[1].div_(by.down[:, None])
    layer.down *= by.down


def shared(peak: Tensor, matrix: Tensor, exponent: float) -> Tensor:
    """How much of an input's spread goes into the matrix."""
    return power(peak**exponent / columns(matrix) ** (1 - exponent))


def columns(matrix: Tensor) -> Tensor:
    return matrix.abs().amax(0).clamp(min=1e-6)


def power(ratio: Tensor) -> Tensor:
    """The nearest powers of two; 1 where there is no ratio."""
    return torch.where(ratio.isfinite() & (ratio > 0), ratio, torch.ones_like(ratio)).log2().round().exp2()

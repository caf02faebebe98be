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


@torch.no_grad()
def smooth(model: Model, neurons: MaskNeurons, of: Peaks, exponent: float = 0.6) -> None:
    """Changes both (f32) in place; the model as if there were no neurons, so that its bytes stay when they are trained further.

    exponent: 0 evens out the weights' columns, 1 the activations' channels.
    """

    def scales(number: int, name: str, matrix: Tensor) -> Tensor:
        return power(of[number, name] ** exponent / columns(matrix) ** (1 - exponent))

    for number, layer in enumerate(model.layers):
        mlp = scales(number, "gate_up", layer.gate_up)
        inner = scales(number, "mask_down", neurons.down[number])
        scale(layer, scales(number, "qkv", layer.qkv), mlp, scales(number, "down", layer.down))
        neurons.gate_up[number] *= mlp
        neurons.gate_up[number].chunk(2)[1].div_(inner[:, None])
        neurons.down[number] *= inner


@torch.no_grad()
def unsmooth(neurons: MaskNeurons, model: Model, base: Model) -> None:
    """Gives `neurons` of a smoothed `model`, in place, the inputs that the base's norms make."""
    for gate_up, layer, old in zip(neurons.gate_up, model.layers, base.layers):
        gate_up *= power(layer.norm2 / old.norm2)


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

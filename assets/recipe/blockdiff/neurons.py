"""Neurons that masks alone have: a gated MLP beside each layer's own, all that training changes besides the mask's embedding.

Tokens do not pass through them, so the text of one token at a time stays the base's whatever is trained. (Kin: adapters parallel
to the MLP, arXiv 2110.04366; LoRA that a gate keeps to the masks of multi-token prediction, arXiv 2507.11851.) In a checkpoint
they follow the base's neurons in its own tensors: the last `mask_intermediate_size` of `intermediate_size`.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import pointwise
from .model import Shape

SPREAD = 0.04  # of fresh weights: about that of the base's own
PARTS = ("gate_proj", "up_proj")


class MaskNeurons(nn.Module):
    """`count` a layer. Fresh ones add nothing: their way out is zero."""

    def __init__(self, shape: Shape, count: int, seed: int = 0):
        super().__init__()
        random = torch.Generator().manual_seed(seed)
        self.count = count
        self.gate_up = nn.ParameterList(torch.randn(2 * count, shape.hidden, generator=random) * SPREAD for _ in range(shape.layers))
        self.down = nn.ParameterList(torch.zeros(shape.hidden, count) for _ in range(shape.layers))

    def opened(self, layer: int, x: Tensor) -> Tensor:
        """x [rows, hidden], normalised -> [rows, count]."""
        return pointwise.gated(F.linear(x, self.gate_up[layer]))


def count_in(numbers: int, shape: Shape) -> int:
    """Neurons a layer, of a run that trains so many numbers: these and the mask's embedding."""
    return (numbers - shape.hidden) // (3 * shape.hidden * shape.layers)


def name_of(layer: int, part: str) -> str:
    return f"model.layers.{layer}.mlp.{part}.weight"


@torch.no_grad()
def widened(weights: dict[str, Tensor], neurons: MaskNeurons) -> dict[str, Tensor]:
    """A base's Hugging Face weights with the neurons behind its own."""
    out = dict(weights)
    for layer, (gate_up, down) in enumerate(zip(neurons.gate_up, neurons.down)):
        for part, rows in zip(PARTS, gate_up.chunk(2)):
            out[name_of(layer, part)] = torch.cat([weights[name_of(layer, part)], rows.detach().float()])
        out[name_of(layer, "down_proj")] = torch.cat([weights[name_of(layer, "down_proj")], down.detach().float()], 1)
    return out


@torch.no_grad()
def read(shape: Shape, weights: dict[str, Tensor]) -> MaskNeurons:
    """The neurons of widened weights; `weights.build` reads the base's."""
    neurons = MaskNeurons(shape, shape.mask_neurons)
    for layer in range(shape.layers):
        neurons.gate_up[layer].copy_(torch.cat([weights[name_of(layer, part)][shape.intermediate :] for part in PARTS]))
        neurons.down[layer].copy_(weights[name_of(layer, "down_proj")][:, shape.intermediate :])
    return neurons

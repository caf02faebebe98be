"""A pass of the carry-over form over packed rows in two streams: tokens, which are the base's and need no gradient, and masks.

Nearly half of the work of training falls away: nothing is traced through tokens, and no gradient of the base's matrices is taken.
"""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from . import pointwise
from .attention import Attention, Chunk
from .batch import Batch
from .model import Layer, Model, rope
from .neurons import MaskNeurons

Look = Callable[[int, str, Tensor], None]
"""is told the inputs of the matrices: layer, name, rows. Of the base's, tokens' rows alone"""


class Streams:
    """Which rows of a batch are whose, and what each sees."""

    def __init__(self, batch: Batch, like: Tensor):
        masked = torch.zeros(len(batch.ids), dtype=torch.bool, device=like.device).index_fill(0, batch.masks, True)
        self.rows, self.masks, self.tokens = len(batch.ids), batch.masks, (~masked).nonzero()[:, 0]
        every = batch.packed.chunks(like)
        self.seen_by_tokens = [chunk for chunk in every if not masked[chunk.rows].all()]
        self.seen_by_masks = [chunk for chunk in every if masked[chunk.rows].any()]

    def everywhere(self, tokens: Tensor, masks: Tensor) -> Tensor:
        """Rows of both in their places."""
        return tokens.new_zeros(self.rows, *tokens.shape[1:]).index_copy(0, self.tokens, tokens).index_copy(0, self.masks, masks)

    def attend(self, at: Tensor, chunks: list[Chunk], q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q of the rows `at`; k and v of all rows."""
        asked = q.new_zeros(self.rows, *q.shape[1:]).index_copy(0, at, q)
        return Attention.apply(asked, k, v, chunks)[at]


def run(model: Model, neurons: MaskNeurons, mask: Tensor, mask_token: int, batch: Batch, keep: tuple[int, ...] = (), look: Look | None = None) -> tuple[Tensor, list[Tensor]]:
    """mask: its embedding -> (normalised last hidden rows, the residuals after the layers in `keep`), of all rows."""
    streams = Streams(batch, mask)
    ids = batch.ids[streams.masks]
    tokens, masks = model.embedding[batch.ids[streams.tokens]], torch.where((ids == mask_token)[:, None], mask, model.embedding[ids])
    angles = rope(batch.positions, model.shape, mask.dtype)
    kept = []
    for number, layer in enumerate(model.layers):
        see = nobody if look is None else partial(look, number)
        q, k, v = heads(layer, tokens, angles, streams.tokens, see)
        q_masks, k_masks, v_masks = heads(layer, masks, angles, streams.masks, nobody)
        keys, values = streams.everywhere(k, k_masks), streams.everywhere(v, v_masks)
        with torch.no_grad():
            tokens = tokens + out(layer, streams.attend(streams.tokens, streams.seen_by_tokens, q, keys, values), see)
            tokens = tokens + mlp(layer, tokens, see)
        masks = masks + out(layer, streams.attend(streams.masks, streams.seen_by_masks, q_masks, keys, values), nobody)
        masks = masks + mlp(layer, masks, nobody, lambda x: of_masks(neurons, number, x, see))
        if number in keep:
            kept.append(streams.everywhere(tokens, masks))
    return pointwise.normal(streams.everywhere(tokens, masks), model.final_norm, model.shape.epsilon), kept


See = Callable[[str, Tensor], None]


def nobody(name: str, x: Tensor) -> None:
    """Looks away."""


def heads(layer: Layer, x: Tensor, angles: tuple[Tensor, Tensor], at: Tensor, see: See) -> tuple[Tensor, Tensor, Tensor]:
    if see is not nobody:
        see("qkv", layer.norm(x, layer.norm1))
    cos, sin = angles
    return layer.heads(x, cos[at], sin[at])


def out(layer: Layer, mixed: Tensor, see: See) -> Tensor:
    see("out", mixed)
    return F.linear(mixed, layer.out)


def mlp(layer: Layer, x: Tensor, see: See, more: Callable[[Tensor], Tensor] | None = None) -> Tensor:
    """more: what is added, of the same normalised rows."""
    normal = layer.norm(x, layer.norm2)
    opened = pointwise.gated(F.linear(normal, layer.gate_up))
    see("gate_up", normal)
    see("down", opened)
    added = F.linear(opened, layer.down)
    return added if more is None else added + more(normal)


def of_masks(neurons: MaskNeurons, number: int, normal: Tensor, see: See) -> Tensor:
    opened = neurons.opened(number, normal)
    see("mask_down", opened)
    return F.linear(opened, neurons.down[number])

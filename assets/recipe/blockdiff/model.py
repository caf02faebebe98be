"""A Llama / Qwen3 transformer over packed rows: who sees whom is the caller's business (`attend`)."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import pointwise

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(q [rows, heads, d], k [rows, kv_heads, d], v [rows, kv_heads, d]) -> [rows, heads * d]"""


@dataclass(frozen=True)
class Shape:
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    """neurons of a layer's MLP that tokens have"""
    vocabulary: int
    theta: float
    epsilon: float
    head_norm: bool = False  # Qwen3: RMS norm of each head's q and k
    tied: bool = True
    mask_neurons: int = 0
    """more of them, that masks alone have (neurons.py)"""
    mask_chain: int = 0
    """neurons of the head that chains guesses (chain.py)"""


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        width = (shape.heads + 2 * shape.kv_heads) * shape.head_dim
        self.norm1 = nn.Parameter(torch.ones(shape.hidden))
        self.norm2 = nn.Parameter(torch.ones(shape.hidden))
        self.qkv = nn.Parameter(torch.empty(width, shape.hidden))
        self.out = nn.Parameter(torch.empty(shape.hidden, shape.heads * shape.head_dim))
        self.gate_up = nn.Parameter(torch.empty(2 * shape.intermediate, shape.hidden))
        self.down = nn.Parameter(torch.empty(shape.hidden, shape.intermediate))
        if shape.head_norm:
            self.q_norm = nn.Parameter(torch.ones(shape.head_dim))
            self.k_norm = nn.Parameter(torch.ones(shape.head_dim))

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, attend: Attend) -> Tensor:
        x = x + F.linear(attend(*self.heads(x, cos, sin)), self.out)
        return x + F.linear(pointwise.gated(F.linear(self.norm(x, self.norm2), self.gate_up)), self.down)

    def heads(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """q, k (after norm and RoPE) and v of every row."""
        s = self.shape
        mixed = F.linear(self.norm(x, self.norm1), self.qkv).view(len(x), -1, s.head_dim)
        q, k, v = mixed.split([s.heads, s.kv_heads, s.kv_heads], 1)
        if s.head_norm:
            q, k = self.norm(q, self.q_norm), self.norm(k, self.k_norm)
        return pointwise.rotate(q, cos, sin), pointwise.rotate(k, cos, sin), v

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return pointwise.normal(x, weight, self.shape.epsilon)


class Model(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.empty(shape.vocabulary, shape.hidden))
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.final_norm = nn.Parameter(torch.ones(shape.hidden))
        if not shape.tied:
            self.head = nn.Parameter(torch.empty(shape.vocabulary, shape.hidden))

    def forward(self, x: Tensor, positions: Tensor, attend: Attend, keep: tuple[int, ...] = ()) -> tuple[Tensor, list[Tensor]]:
        """x: embedded rows [rows, hidden] -> (normalised last hidden rows, the residuals after the layers in `keep`)."""
        cos, sin = rope(positions, self.shape, x.dtype)
        kept = []
        for number, layer in enumerate(self.layers):
            x = layer(x, cos, sin, attend)
            if number in keep:
                kept.append(x)
        return pointwise.normal(x, self.final_norm, self.shape.epsilon), kept

    @property
    def head_weight(self) -> Tensor:
        return self.embedding if self.shape.tied else self.head


def rope(positions: Tensor, shape: Shape, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """cos and sin [rows, 1, head_dim / 2]; the angles are taken in f32."""
    half = torch.arange(0, shape.head_dim, 2, device=positions.device).float() / shape.head_dim
    angle = positions.float()[:, None, None] * (1.0 / shape.theta**half)
    return angle.cos().to(dtype), angle.sin().to(dtype)

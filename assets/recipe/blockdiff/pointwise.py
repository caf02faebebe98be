"""What a layer does to each row by itself. Eager, each of these is a handful of passes over memory forwards and more of them back: a third of a step
where products are quick. `fuse` compiles them, if the machine has a C++ compiler; nothing else changes."""

import shutil

import torch
import torch.nn.functional as F
from torch import Tensor


def normal(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return F.rms_norm(x, x.shape[-1:], weight, epsilon)


def gated(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, -1)
    return F.silu(gate) * up


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean squared distance of RMS-normalised rows, [rows]."""
    return (F.rms_norm(a.float(), a.shape[-1:]) - F.rms_norm(b.float(), b.shape[-1:])).square().mean(-1)


def spread(logits: Tensor) -> Tensor:
    """Log-sum-exp of each row in f32."""
    return logits.float().logsumexp(-1)


def fuse() -> bool:
    """Compiles the functions of this module (half a minute, once a run); False where there is no compiler."""
    if not shutil.which("g++"):
        return False
    for function in (normal, gated, rotate, distance, spread):
        globals()[function.__name__] = torch.compile(function, dynamic=True)
    return True

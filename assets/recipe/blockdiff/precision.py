"""What a machine multiplies fastest in: bf16 where it has instructions for it, f32 where bf16 would be emulated (nine times slower on AVX2)."""

import time
from functools import cache

import torch


@cache
def fastest(device: str = "cpu") -> torch.dtype:
    """bf16 on a GPU; on a CPU whichever of bf16 and f32 wins a product in the shape of the matrices (some 0.1 s, once)."""
    if device != "cpu":
        return torch.bfloat16
    return min((torch.bfloat16, torch.float32), key=seconds)


def seconds(dtype: torch.dtype, rows: int = 512, size: int = 768) -> float:
    """The best of a few products."""
    a, b = torch.ones(rows, size, dtype=dtype), torch.ones(size, size, dtype=dtype)
    spent = []
    for _ in range(4):
        began = time.perf_counter()
        torch.mm(a, b)
        spent.append(time.perf_counter() - began)
    return min(spent)

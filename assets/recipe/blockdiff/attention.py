"""Attention of packed rows: each text's clean stream is causal, its groups see what `carry.sees` says."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Chunk:
    rows: slice
    """of the packed rows"""
    clean: slice
    """the clean tokens before and with the last one that any row of the chunk sees"""
    bias: Tensor
    """[rows, clean + rows]"""


@dataclass(frozen=True)
class Packed:
    """Row order: for each text its clean rows, then its chunks."""

    parts: list[tuple[slice, list[Chunk]]]

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        out = []
        for clean, chunks in self.parts:
            out.append(causal(q[clean], k[clean], v[clean]))
            for chunk in chunks:
                keys = torch.cat([k[chunk.clean], k[chunk.rows]])
                values = torch.cat([v[chunk.clean], v[chunk.rows]])
                out.append(biased(q[chunk.rows], keys, values, chunk.bias))
        return torch.cat(out)


def causal(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """[n, heads, d], [n, kv, d] -> [n, heads * d]"""
    n = len(q)
    bias = torch.full((n, n), float("-inf"), dtype=q.dtype, device=q.device).triu(1)
    return biased(q, k, v, bias)


def biased(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Query heads that share a key head are stacked as rows: plain matrix products are the fastest on a CPU."""
    n, heads, d = q.shape
    kv = k.shape[1]
    stacked = q.view(n, kv, heads // kv, d).permute(1, 2, 0, 3).reshape(kv, -1, d)
    scores = torch.matmul(stacked * d**-0.5, k.permute(1, 2, 0)).view(kv, heads // kv, n, -1)
    weights = (scores + bias).softmax(-1).view(kv, -1, len(k))
    mixed = torch.matmul(weights, v.transpose(0, 1)).view(kv, heads // kv, n, d)
    return mixed.permute(2, 0, 1, 3).reshape(n, heads * d)

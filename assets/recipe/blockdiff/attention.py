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
class Part:
    """One text."""

    clean: slice
    bias: Tensor | None
    """[clean, clean]; None: causal"""
    chunks: list[Chunk]


@dataclass(frozen=True)
class Packed:
    """Row order: for each text its clean rows, then its chunks."""

    parts: list[Part]

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        out = []
        for part in self.parts:
            bias = causal(part.clean.stop - part.clean.start, q) if part.bias is None else part.bias
            out.append(biased(q[part.clean], k[part.clean], v[part.clean], bias))
            for chunk in part.chunks:
                keys = torch.cat([k[chunk.clean], k[chunk.rows]])
                values = torch.cat([v[chunk.clean], v[chunk.rows]])
                out.append(biased(q[chunk.rows], keys, values, chunk.bias))
        return torch.cat(out)

    def to(self, device: str) -> "Packed":
        moved = [Part(p.clean, None if p.bias is None else p.bias.to(device), [Chunk(c.rows, c.clean, c.bias.to(device)) for c in p.chunks]) for p in self.parts]
        return Packed(moved)

    def clean_rows(self) -> Tensor:
        """Where the clean rows are among all rows."""
        return torch.cat([torch.arange(part.clean.start, part.clean.stop) for part in self.parts])


def causal(n: int, like: Tensor) -> Tensor:
    return torch.full((n, n), float("-inf"), dtype=like.dtype, device=like.device).triu(1)


def without_chunks(lengths: list[int]) -> Packed:
    """Plain causal texts, one after another."""
    parts, begin = [], 0
    for length in lengths:
        parts.append(Part(slice(begin, begin + length), None, []))
        begin += length
    return Packed(parts)


def biased(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """Query heads that share a key head are stacked as rows: plain matrix products are the fastest on a CPU."""
    n, heads, d = q.shape
    kv = k.shape[1]
    stacked = q.view(n, kv, heads // kv, d).permute(1, 2, 0, 3).reshape(kv, -1, d)
    scores = torch.matmul(stacked * d**-0.5, k.permute(1, 2, 0)).view(kv, heads // kv, n, -1)
    weights = (scores + bias).softmax(-1).view(kv, -1, len(k))
    mixed = torch.matmul(weights, v.transpose(0, 1)).view(kv, heads // kv, n, d)
    return mixed.permute(2, 0, 1, 3).reshape(n, heads * d)

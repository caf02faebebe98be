"""Attention of packed rows: each text's clean stream is causal, its groups see what `carry.sees` says."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


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
        return Attention.apply(q, k, v, self.chunks(q))

    def chunks(self, like: Tensor) -> list[Chunk]:
        """Clean streams too: rows that see no clean tokens but themselves."""
        out = []
        for part in self.parts:
            bias = causal(part.clean.stop - part.clean.start, like) if part.bias is None else part.bias
            out += [Chunk(part.clean, slice(0, 0), bias), *part.chunks]
        return out

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


class Attention(torch.autograd.Function):
    """Chunk after chunk by plain matrix products, which are the fastest on a CPU; query heads that share a key head are its rows.

    One function with its own gradient: of a slice of rows autograd makes a gradient of all rows, once for each chunk, which
    took longer than the products.
    """

    @staticmethod
    def forward(ctx, q: Tensor, k: Tensor, v: Tensor, chunks: list[Chunk]) -> Tensor:
        """q [rows, heads, d]; k, v [rows, kv_heads, d] -> [rows, heads * d]."""
        kv, d = k.shape[1:]
        queries, keys, values = by_key_head(q, kv) * d**-0.5, by_key_head(k, kv).squeeze(2), by_key_head(v, kv).squeeze(2)
        mixed, weights = torch.empty_like(queries), []
        for chunk in chunks:
            some, own, seen = queries[:, chunk.rows], seen_by(keys, chunk), seen_by(values, chunk)
            scores = torch.bmm(some.flatten(1, 2), own.transpose(1, 2)).view(*some.shape[:3], -1)
            weight = scores.add_(chunk.bias[:, None]).softmax(-1).flatten(1, 2)
            mixed[:, chunk.rows] = torch.bmm(weight, seen).view(some.shape)
            weights.append(weight)
        ctx.chunks, ctx.weights = chunks, weights
        ctx.save_for_backward(queries, keys, values)
        return by_row(mixed).flatten(1)

    @staticmethod
    @once_differentiable
    def backward(ctx, gradient: Tensor):
        queries, keys, values = ctx.saved_tensors
        kv, d = len(keys), keys.shape[-1]
        of_mixed = by_key_head(gradient.view(len(gradient), -1, d), kv)
        of_queries, of_keys, of_values = torch.empty_like(queries), torch.zeros_like(keys), torch.zeros_like(values)
        for chunk, weight in zip(ctx.chunks, ctx.weights):
            some, above = queries[:, chunk.rows].flatten(1, 2), of_mixed[:, chunk.rows].flatten(1, 2)
            add_seen(of_values, chunk, torch.bmm(weight.transpose(1, 2), above))
            of_weight = torch.bmm(above, seen_by(values, chunk).transpose(1, 2))
            of_scores = torch._softmax_backward_data(of_weight, weight, -1, weight.dtype)
            of_queries[:, chunk.rows] = torch.bmm(of_scores, seen_by(keys, chunk)).view(queries[:, chunk.rows].shape)
            add_seen(of_keys, chunk, torch.bmm(of_scores.transpose(1, 2), some))
        return by_row(of_queries.mul_(d**-0.5)), by_row(of_keys), by_row(of_values), None


def by_key_head(x: Tensor, kv: int) -> Tensor:
    """[rows, heads, d] -> [kv, rows, heads / kv, d]."""
    return x.view(len(x), kv, -1, x.shape[-1]).transpose(0, 1).contiguous()


def by_row(x: Tensor) -> Tensor:
    """Back from `by_key_head`."""
    rows = x.transpose(0, 1)
    return rows.reshape(len(rows), -1, x.shape[-1])


def seen_by(x: Tensor, chunk: Chunk) -> Tensor:
    return torch.cat([x[:, chunk.clean], x[:, chunk.rows]], 1) if chunk.clean.stop else x[:, chunk.rows]


def add_seen(x: Tensor, chunk: Chunk, gradient: Tensor) -> None:
    clean = chunk.clean.stop - chunk.clean.start
    x[:, chunk.clean] += gradient[:, :clean]
    x[:, chunk.rows] += gradient[:, clean:]

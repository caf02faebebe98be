"""Texts and groups packed into the tensors of one step."""

import random
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .attention import Chunk, Packed, Part
from .carry import Group, Rows, chunks
from .forms import Form
from .family import Family
from .sampling import Masking
from .teacher import TOP
from .texts import Text

CHUNK = 128


@dataclass(frozen=True)
class Batch:
    ids: Tensor
    carry: Tensor
    """f32, 0 or 1"""
    positions: Tensor
    packed: Packed
    masks: Tensor
    """rows with a guess to learn"""
    targets: Tensor
    """their tokens"""
    ranks: Tensor
    """how many masks of the group stand before them (0: a first mask that sees tokens on its right)"""
    twins: Tensor
    """the clean row that predicts the same slot; -1 if none"""
    holds: Tensor
    """clean rows that predict a slot of an answer"""
    top_tokens: Tensor
    top_probabilities: Tensor
    """[holds, TOP]: the original's distribution there"""
    mask_top: Tensor
    """of each of `masks`, its row in `holds` (-1: none)"""

    def to(self, device: str) -> "Batch":
        return Batch(**{name: getattr(self, name).to(device) for name in self.__dataclass_fields__})


Item = tuple[Text, list[tuple[Group, int]], np.ndarray, np.ndarray]
"""(text, groups with the end of their answer, teacher's tokens, teacher's probabilities)"""


def pack(items: list[Item], form: Form, family: Family, dtype: torch.dtype) -> Batch:
    """dtype: of attention."""
    builder = _Builder(form, family, dtype)
    for item in items:
        builder.add(*item)
    return builder.finish()


def pack_drawn(items: list[tuple[Text, np.ndarray, np.ndarray]], form: Form, masking: Masking, random_: random.Random, family: Family, dtype: torch.dtype) -> Batch:
    """`pack` with groups drawn at random; items: (text, teacher's tokens, teacher's probabilities)."""
    return pack([(text, form.draw(text, masking, random_), tokens, probabilities) for text, tokens, probabilities in items], form, family, dtype)


class _Builder:
    def __init__(self, form: Form, family: Family, dtype: torch.dtype):
        self.form, self.family, self.dtype = form, family, dtype
        self.size = self.held = 0
        self.parts: list[Part] = []
        self.columns: dict[str, list[np.ndarray]] = {name: [] for name in ("ids", "carry", "positions", "masks", "targets", "ranks", "twins", "holds", "tokens", "probabilities", "mask_top")}

    def add(self, text: Text, drawn: list[tuple[Group, int]], tokens: np.ndarray, probabilities: np.ndarray) -> None:
        n, begin = len(text.ids), self.size
        groups = [group for group, _ in drawn]
        longest = np.concatenate([text.ids, np.full(64, self.family.end)])
        rows = self.form.rows(groups, longest, self.family.mask)
        ends = np.array([end for _, end in drawn], np.int64)[rows.groups] if len(rows) else np.zeros(0, np.int64)
        targets = np.where(rows.slots < ends, longest[rows.slots], self.family.end)
        slots = np.flatnonzero(text.answer)
        held_at = np.full(n + 64, -1)
        held_at[slots] = self.held + np.arange(len(slots))
        inside = rows.slots < ends
        column = self.columns
        column["ids"] += [text.ids, rows.ids]
        column["carry"] += [np.zeros(n), rows.carry]
        column["positions"] += [np.arange(n), rows.positions]
        guess = np.flatnonzero(rows.masked)
        column["masks"].append(begin + n + guess)
        column["targets"].append(targets[guess])
        column["ranks"].append(rows.ranks[guess])
        column["twins"].append(np.where(inside, begin + rows.slots - 1, -1)[guess])
        column["mask_top"].append(np.where(inside, held_at[rows.slots], -1)[guess])
        column["holds"].append(begin + slots - 1)
        column["tokens"].append(tokens)
        column["probabilities"].append(probabilities)
        bias = self.form.clean(n)
        clean = None if bias is None else torch.from_numpy(bias).to(self.dtype)
        self.parts.append(Part(slice(begin, begin + n), clean, self.chunks(rows, begin, n)))
        self.size += n + len(rows)
        self.held += len(slots)

    def chunks(self, rows: Rows, begin: int, n: int) -> list[Chunk]:
        out = []
        for run in chunks(rows, CHUNK):
            some = rows.take(run)
            clean = int(some.starts.max())
            out.append(Chunk(slice(begin + n + run.start, begin + n + run.stop), slice(begin, begin + clean), torch.from_numpy(self.form.sees(some, clean)).to(self.dtype)))
        return out

    def finish(self) -> Batch:
        join = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        tensor = {name: torch.from_numpy(value) for name, value in join.items()}
        return Batch(
            ids=tensor["ids"], carry=tensor["carry"].float(), positions=tensor["positions"], packed=Packed(self.parts), masks=tensor["masks"], targets=tensor["targets"],
            ranks=tensor["ranks"], twins=tensor["twins"], holds=tensor["holds"], top_tokens=tensor["tokens"].long().view(-1, TOP),
            top_probabilities=tensor["probabilities"].float().view(-1, TOP), mask_top=tensor["mask_top"],
        )

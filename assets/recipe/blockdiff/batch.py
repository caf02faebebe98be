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
from .texts import Text

CHUNK = 128


@dataclass(frozen=True)
class Batch:
    ids: Tensor
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

    def to(self, device: str) -> "Batch":
        return Batch(**{name: getattr(self, name).to(device) for name in self.__dataclass_fields__})


Item = tuple[Text, list[tuple[Group, int]]]
"""(text, groups with the end of their answer)"""


def pack(items: list[Item], form: Form, family: Family, dtype: torch.dtype) -> Batch:
    """dtype: of attention."""
    builder = _Builder(form, family, dtype)
    for item in items:
        builder.add(*item)
    return builder.finish()


def pack_drawn(texts: list[Text], form: Form, masking: Masking, random_: random.Random, family: Family, dtype: torch.dtype) -> Batch:
    """`pack` with groups drawn at random."""
    return pack([(text, form.draw(text, masking, random_)) for text in texts], form, family, dtype)


class _Builder:
    def __init__(self, form: Form, family: Family, dtype: torch.dtype):
        self.form, self.family, self.dtype = form, family, dtype
        self.size = 0
        self.parts: list[Part] = []
        self.columns: dict[str, list[np.ndarray]] = {name: [] for name in ("ids", "positions", "masks", "targets", "ranks", "twins")}

    def add(self, text: Text, drawn: list[tuple[Group, int]]) -> None:
        n, begin = len(text.ids), self.size
        groups = [group for group, _ in drawn]
        longest = np.concatenate([text.ids, np.full(64, self.family.end)])
        rows = self.form.rows(groups, longest, self.family.mask)
        ends = np.array([end for _, end in drawn], np.int64)[rows.groups] if len(rows) else np.zeros(0, np.int64)
        targets = np.where(rows.slots < ends, longest[rows.slots], self.family.end)
        inside = rows.slots < ends
        column = self.columns
        column["ids"] += [text.ids, rows.ids]
        column["positions"] += [np.arange(n), rows.positions]
        guess = np.flatnonzero(rows.masked)
        column["masks"].append(begin + n + guess)
        column["targets"].append(targets[guess])
        column["ranks"].append(rows.ranks[guess])
        column["twins"].append(np.where(inside, begin + rows.slots - 1, -1)[guess])
        bias = self.form.clean(n)
        clean = None if bias is None else torch.from_numpy(bias).to(self.dtype)
        self.parts.append(Part(slice(begin, begin + n), clean, self.chunks(rows, begin, n)))
        self.size += n + len(rows)

    def chunks(self, rows: Rows, begin: int, n: int) -> list[Chunk]:
        out = []
        for run in chunks(rows, CHUNK):
            some = rows.take(run)
            clean = int(some.starts.max())
            out.append(Chunk(slice(begin + n + run.start, begin + n + run.stop), slice(begin, begin + clean), torch.from_numpy(self.form.sees(some, clean)).to(self.dtype)))
        return out

    def finish(self) -> Batch:
        tensors = {name: torch.from_numpy(np.concatenate(parts)) for name, parts in self.columns.items()}
        return Batch(packed=Packed(self.parts), **tensors)

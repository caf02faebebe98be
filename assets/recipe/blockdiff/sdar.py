"""SDAR's own form: block-causal attention, a mask at its own position predicts that position.

A text is cut into blocks aligned to its start. The clean stream sees whole blocks; a group is one block of an answer, and its
rows (known tokens and masks alike) see the clean blocks before it and each other. There is no clean row that computes what a
mask should, so the original model itself is the teacher of hidden rows (`WholeStudent`).
"""

import random
from dataclasses import dataclass

import numpy as np

from .carry import HIDDEN, Group, Rows
from .sampling import Masking
from .texts import Text


@dataclass(frozen=True)
class Sdar:
    """One object for each block length."""

    block: int

    def draw(self, text: Text, masking: Masking, random_: random.Random) -> list[tuple[Group, int]]:
        """In each block of an answer k of its m hideable slots are masked, k uniform; mostly the last k, else any."""
        out = []
        for begin, end, ended in text.spans():
            limit = end + masking.beyond if ended else end // self.block * self.block
            for _ in range(masking.copies):
                for start in range(begin // self.block * self.block, end, self.block):
                    slots = [slot for slot in range(start, start + self.block) if begin <= slot < limit]
                    if not slots or start + self.block > len(text.ids) + masking.beyond + 1:
                        continue
                    count = random_.randint(1, len(slots))
                    hidden = set(random_.sample(slots, count) if random_.random() < masking.holes else slots[-count:])
                    out.append((Group(start, tuple(slot in hidden for slot in range(start, start + self.block))), end))
        return sorted(out, key=lambda pair: pair[0].start)

    def rows(self, groups: list[Group], tokens: np.ndarray, mask: int) -> Rows:
        lists = [(number, group, offset) for number, group in enumerate(groups) for offset in range(self.block)]
        masked = np.array([group.masked[offset] for _, group, offset in lists], bool)
        slots = np.array([group.start + offset for _, group, offset in lists], np.int64)
        starts = np.array([group.start for _, group, _ in lists], np.int64)
        numbers = np.array([number for number, _, _ in lists], np.int64)
        ranks = np.array([sum(group.masked[:offset]) for _, group, offset in lists], np.int64)
        ids = np.where(masked, mask, tokens[slots]) if lists else slots
        no = np.zeros(len(lists), bool)
        return Rows(ids, no, slots, slots, starts, numbers, masked, ranks, ~no)

    def sees(self, rows: Rows, clean: int) -> np.ndarray:
        before = np.arange(clean)[None] < rows.starts[:, None]
        same = rows.groups[:, None] == rows.groups[None]
        return np.where(np.concatenate([before, same], 1), 0.0, HIDDEN).astype(np.float32)

    def clean(self, length: int) -> np.ndarray:
        block = np.arange(length) // self.block
        return np.where(block[:, None] >= block[None], 0.0, HIDDEN).astype(np.float32)

"""The rows of training in the carry-over form: a clean stream, and groups of slots some of which are masked.

A group is what a pass of decoding looks at: `start` is the slot of its first mask, everything before it is known. Rows:

- clean: every token of the text, causal. Row t predicts slot t + 1. With a carry embedding of zero this is also the row of a
  first mask at slot t + 1, so the first mask of a group needs no row of its own, unless it sees known tokens to its right.
- known: a token of the group right of its first mask, at its own position. Sees the clean tokens before `start` and the known
  tokens of the group up to itself; never a mask.
- masked: position slot - 1. Carries the token at slot - 1 if that is known. Sees the clean tokens before `start`, the known
  tokens of its group on both sides but the one it carries, and all masks of its group; the first mask sees no other mask.

Nothing here knows a tensor of the model; `sees` returns the additive mask of attention.
"""

from dataclasses import dataclass

import numpy as np

HIDDEN = -30000.0
TWICE = float(np.log(2.0))  # the weight of a key that stands for two equal ones


@dataclass(frozen=True)
class Group:
    start: int
    """the slot of the first mask"""
    masked: tuple[bool, ...]
    """of the slots start, start + 1, ...; the first is always masked"""


@dataclass(frozen=True)
class Rows:
    """The rows of some groups, in the groups' order; arrays of one length."""

    ids: np.ndarray
    carry: np.ndarray
    positions: np.ndarray
    slots: np.ndarray
    starts: np.ndarray
    groups: np.ndarray
    masked: np.ndarray
    ranks: np.ndarray
    """how many masks of the group stand before this row's slot (0: the first mask)"""
    explicit: np.ndarray
    """the row's group has a row of its own for its first mask"""

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, at: np.ndarray | slice) -> "Rows":
        return Rows(*(getattr(self, name)[at] for name in self.__dataclass_fields__))


def group_rows(groups: list[Group], tokens: np.ndarray, mask: int, share_first: bool = True) -> Rows:
    """The rows of `groups` over `tokens` (which reach as far as any group).

    share_first: leave out first masks that the clean stream stands for (right only if the carry embedding is zero).
    """
    columns: list[tuple] = []
    for number, group in enumerate(groups):
        explicit = not (share_first and all(group.masked))
        for offset in range(0 if explicit else 1, len(group.masked)):
            slot, masked = group.start + offset, group.masked[offset]
            carry = masked and (offset == 0 or not group.masked[offset - 1])
            token = tokens[slot] if not masked else tokens[slot - 1] if carry else mask
            columns.append((token, carry, slot - masked, slot, group.start, number, masked, sum(group.masked[:offset]), explicit))
    kinds = (np.int64, bool, np.int64, np.int64, np.int64, np.int64, bool, np.int64, bool)
    values = zip(*columns) if columns else [()] * len(kinds)
    return Rows(*(np.array(value, dtype=kind) for value, kind in zip(values, kinds)))


def sees(rows: Rows, clean: int) -> np.ndarray:
    """Additive mask f32 [rows, clean + rows]: the first `clean` tokens of the text, then the rows themselves."""
    start, slot, masked = rows.starts[:, None], rows.slots[:, None], rows.masked[:, None]
    carried = np.where(rows.carry, rows.slots - 1, -1)[:, None]
    first = (rows.masked & (rows.ranks == 0))[:, None]

    at = np.arange(clean)[None]
    bias = np.where((at < start) & (at != carried), 0.0, HIDDEN)
    twice = ~rows.explicit[:, None] & masked & (at == start - 1)  # the last known token and the first mask are the same row
    bias = np.where(twice, TWICE, bias)

    other, known = rows.slots[None], ~rows.masked[None]
    itself = np.eye(len(rows), dtype=bool)
    tokens = known & np.where(masked, other != carried, other < slot)
    masks = ~known & masked & ~first
    same = rows.groups[:, None] == rows.groups[None]
    among = np.where(same & (tokens | masks) | itself, 0.0, HIDDEN)
    return np.concatenate([bias, among], 1).astype(np.float32)


def chunks(rows: Rows, size: int) -> list[slice]:
    """Cuts rows (sorted by group) into runs of at most `size` rows, never inside a group unless it alone is longer."""
    out, begin = [], 0
    ends = [i + 1 for i in range(len(rows)) if i + 1 == len(rows) or rows.groups[i] != rows.groups[i + 1]]
    for end, following in zip(ends, ends[1:] + [None]):
        if following is None or following - begin > size:
            out.append(slice(begin, end))
            begin = end
    return out

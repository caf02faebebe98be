"""Which slots are hidden: groups drawn over the answers of a text."""

import random
from dataclasses import dataclass

from .carry import Group
from .texts import Text


@dataclass(frozen=True)
class Masking:
    copies: int = 3
    """how often each answer is covered by groups"""
    lengths: tuple[tuple[int, float], ...] = ((2, 0.2), (3, 0.4), (4, 0.3), (8, 0.1))
    """of a group, first mask included, with their shares"""
    holes: float = 0.2
    """share of groups in which some tokens right of the first mask are known"""
    beyond: int = 3
    """slots after a stop token that are still targets (the family's `end`), so that the model learns what follows an end"""


def draw(text: Text, masking: Masking, random_: random.Random) -> list[tuple[Group, int]]:
    """Groups that tile every answer `copies` times, each with the slot its answer ends at; sorted by start."""
    sizes, shares = zip(*masking.lengths)
    out = []
    for begin, end, ended in text.spans():
        limit = end + masking.beyond if ended else end
        for _ in range(masking.copies):
            start = begin
            while start < end:
                size = random_.choices(sizes, shares)[0]
                size = random_.randint(2, size) if start == begin else size
                masked = [True] * min(size, limit - start)
                if random_.random() < masking.holes:
                    masked = with_holes(masked, min(end - start, len(masked)), random_)
                if len(masked) > 1:
                    out.append((Group(start, tuple(masked)), end))
                start += size
    return sorted(out, key=lambda pair: pair[0].start)


def with_holes(masked: list[bool], real: int, random_: random.Random) -> list[bool]:
    """Some of the answer's tokens right of the first mask become known."""
    if real < 2:
        return masked
    known = set(random_.sample(range(1, real), random_.randint(1, real - 1)))
    while known and max(known) == len(masked) - 1 and len(known) == len(masked) - 1 and len(masked) > 2:
        known.discard(max(known))  # a lone first mask with everything known on its right is rare in decoding
    return [slot not in known for slot in range(len(masked))]

"""Trains a chain on what a model's passes say: collects masks of texts once, then goes over them several times.

Two thirds of what it learns at a mask are the token that stands there, one is how probable each token was to the base, all before it being known: a distribution
tells more than one token of it (arXiv 1503.02531), and few texts go further.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from .batch import pack
from .carry import Group
from .chain import Chain, Choice, Tables, chained, choices
from .forms import CarryOver
from .optimiser import slope
from .student import MaskStudent
from .texts import Text

MASKS = 3  # behind the first one, of each pass that is looked at


@dataclass(frozen=True)
class Seen:
    """Masks, the tokens before them and their own, and what the base says there."""

    choice: Choice
    base: Tensor
    """f32 [masks, 64]: ln of the probability of the choice's tokens as the base sees it, all tokens before them known"""
    before: Tensor
    """i64 [masks, 2]: the nearer one last"""
    targets: Tensor
    """i64 [masks]"""
    ranks: Tensor
    """i64 [masks]: masks of the group before this one, at least 1"""

    def take(self, at: Tensor | slice) -> "Seen":
        return Seen(self.choice.take(at), self.base[at], self.before[at], self.targets[at], self.ranks[at])

    @staticmethod
    def joined(parts: list["Seen"]) -> "Seen":
        of = (torch.cat([getattr(part, name) for part in parts]) for name in ("base", "before", "targets", "ranks"))
        return Seen(Choice.joined([part.choice for part in parts]), *of)


@torch.no_grad()
def look(student: MaskStudent, tables: Tables, text: Text, every: int = 3) -> Seen:
    """Of passes at every `every`-th slot of the answers: the masks behind the first whose slots are in the answer."""
    ends = {slot: end for begin, end, _ in text.spans() for slot in range(begin, end - 1, every)}
    groups = [(Group(slot, (True,) * (MASKS + 1)), end) for slot, end in sorted(ends.items())]
    batch = pack([(text, groups)], CarryOver(), student.family, student.mask.dtype).to(student.mask.device)
    slots = torch.tensor([(group.start + rank, rank, end) for group, end in groups for rank in range(1, MASKS + 1)])
    inside = slots[:, 0] < slots[:, 2]
    rows, ids, at = student(batch)[0].cpu(), torch.from_numpy(text.ids), slots[inside, 0]
    choice = choices(rows[batch.masks.cpu()][inside], tables)
    base = said(rows[at - 1], tables, choice.tokens)  # the clean rows, which are the base's
    return Seen(choice, base, torch.stack([ids[at - 2], ids[at - 1]], 1), ids[at], slots[inside, 1])


@torch.no_grad()
def said(hidden: Tensor, tables: Tables, tokens: Tensor, slice_: int = 512) -> Tensor:
    """f32 [rows, 64]: ln of the probability of those tokens."""
    parts = []
    for rows, of in zip(hidden.split(slice_), tokens.split(slice_)):
        logits = tables.logits(rows)
        parts.append(logits.gather(1, of.long()) - logits.logsumexp(1, keepdim=True))
    return torch.cat(parts)


def collect(student: MaskStudent, tables: Tables, texts: Iterable[Text], until: float) -> Seen:
    """Of as many texts as can be looked at until the time `until`, one at least."""
    parts: list[Seen] = []
    for text in texts:
        if any(end - begin > 1 for begin, end, _ in text.spans()):
            parts.append(look(student, tables, text))
        if parts and time.time() > until:
            break
    return Seen.joined(parts)


@dataclass(frozen=True)
class Fitting:
    rows: int = 256
    """masks of a step"""
    rate: float = 5e-4
    drop: float = 0.3
    """share of neurons left out"""
    decay: float = 0.05
    """of weights, AdamW's"""
    epochs: float = 4
    own: float = 0.65
    """share of the token that stands there in what is learnt of a mask; the rest is the base's distribution"""
    seed: int = 0


def fit(chain: Chain, tables: Tables, seen: Seen, fitting: Fitting) -> Iterator[tuple[int, int, float]]:
    """Trains it in place, the rate falling to nothing; yields (step, steps, nats) after every step."""
    optimiser = torch.optim.AdamW(chain.parameters(), fitting.rate, (0.9, 0.98), weight_decay=fitting.decay)
    random = torch.Generator().manual_seed(fitting.seed)
    steps = int(fitting.epochs * len(seen.targets) / fitting.rows)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = fitting.rate * slope(step, steps, 50, steps / 1.5)
        some = seen.take(torch.randint(len(seen.targets), (fitting.rows,), generator=random))
        loss = nats(some, fitting.own, *chained(chain, tables, some.choice, some.before, fitting.drop)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield step + 1, steps, float(loss.detach())


def nats(seen: Seen, own: float, scores: Tensor, spread: Tensor) -> Tensor:
    """[masks]: cross-entropy of what is wanted and what the chain says, over the 64 tokens and all others."""
    likely = torch.cat([scores, seen.choice.others[:, None]], 1) - spread[:, None]
    return -(wanted(seen, own) * likely).sum(1)


def wanted(seen: Seen, own: float) -> Tensor:
    """f32 [masks, 65]: how probable each of the 64 tokens is to be, and that it is none of them."""
    true = (seen.choice.tokens == seen.targets[:, None]).float()
    return own * with_others(true) + (1 - own) * with_others(seen.base.exp())


def with_others(shares: Tensor) -> Tensor:
    return torch.cat([shares, (1 - shares.sum(1, keepdim=True)).clamp(min=0)], 1)


@torch.no_grad()
def figures(chain: Chain | None, tables: Tables, seen: Seen) -> dict:
    """By rank, behind the true tokens: how often the best token is the true one, and how sure it is on average; and how far certainties are off."""
    parts = []
    for at in torch.arange(len(seen.targets)).split(512):
        some = seen.take(at)
        scores, spread = chained(chain, tables, some.choice, some.before)
        best = scores.max(1)
        parts.append((some.choice.tokens.gather(1, best.indices[:, None])[:, 0] == some.targets, (best.values - spread).exp()))
    right, sure = (torch.cat(values).float() for values in zip(*parts))
    of = [seen.ranks == rank for rank in range(1, MASKS + 1)]
    by_rank = {name: [round(float(values[at].mean()), 4) for at in of] for name, values in (("right", right), ("sure", sure))}
    return by_rank | {"distance": round(calibration_error(right, sure), 4)}


def calibration_error(right: Tensor, sure: Tensor) -> float:
    """The mean distance of certainty and share of right guesses, by certainty in tenths (the expected calibration error, arXiv 1706.04599)."""
    tenth = (sure * 10).long().clamp(max=9)
    off = torch.zeros(10).index_add(0, tenth, right - sure)
    return float(off.abs().sum() / len(sure))

"""A head that chains guesses: one more gated layer behind the last, for masks alone, that sees the two tokens before the mask.

A pass guesses behind a token that it is only choosing: the second mask of a group must do without the first one's token. Once that is known,
this layer says what the guess becomes, then what the next one becomes behind it. (Kin: Hydra's heads, arXiv 2402.05109; the sampler of
arXiv 2507.11851.) It works on last hidden rows, so everything else stays as it is while it learns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import pointwise
from .batch import pack
from .carry import Group
from .forms import CarryOver
from .losses import Vocabulary, guessed
from .student import MaskStudent
from .texts import Text

NAMES = {"mask": "model.chain.mask_proj.weight", "tokens": "model.chain.token_proj.weight", "down": "model.chain.down_proj.weight"}
BESIDE = 2  # tokens that it sees


class Chain(nn.Module):
    """`width` neurons. A fresh one adds nothing: its way out is zero."""

    def __init__(self, hidden: int, width: int, gain: float = 1.0, seed: int = 0):
        """gain: what embeddings are multiplied by, to be about as large as 1; in a checkpoint it is in the weights."""
        super().__init__()
        self.gain = gain
        random = torch.Generator().manual_seed(seed)
        self.mask = nn.Parameter(torch.randn(2 * width, hidden, generator=random) * hidden**-0.5)
        self.tokens = nn.Parameter(torch.randn(2 * width, BESIDE * hidden, generator=random) * hidden**-0.5)
        self.down = nn.Parameter(torch.zeros(hidden, width))

    def forward(self, hidden: Tensor, before: Tensor, drop: float = 0.0) -> Tensor:
        """Rows of masks as the head gets them [rows, hidden], embeddings of the tokens before them [rows, 2 * hidden], the nearer one
        last -> what is added to those rows. drop: share of neurons left out, in training."""
        opened = pointwise.gated(F.linear(hidden, self.mask) + F.linear(before * self.gain, self.tokens))
        return F.linear(F.dropout(opened, drop), self.down)

    def exported(self) -> dict[str, Tensor]:
        weights = {"mask": self.mask, "tokens": self.tokens * self.gain, "down": self.down}
        return {name: weights[part].detach().float() for part, name in NAMES.items()}


def gain_for(embedding: Tensor) -> float:
    return float(embedding.float().pow(2).mean() ** -0.5)


@torch.no_grad()
def read(weights: dict[str, Tensor], gain: float = 1.0) -> Chain | None:
    """That of a checkpoint, if it has one."""
    if NAMES["down"] not in weights:
        return None
    hidden, width = weights[NAMES["down"]].shape
    chain = Chain(hidden, width, gain)
    chain.load_state_dict({part: weights[name] for part, name in NAMES.items()})
    chain.tokens /= gain
    return chain


@dataclass(frozen=True)
class Seen:
    """What a chain learns from: masks, the tokens before them and their own."""

    hidden: Tensor
    """f16 [masks, hidden]"""
    before: Tensor
    """i64 [masks, 2]"""
    targets: Tensor
    """i64 [masks]"""
    ranks: Tensor
    """i64 [masks]: masks of the group before this one, at least 1"""

    def take(self, at: Tensor) -> "Seen":
        return Seen(*(getattr(self, field.name)[at] for field in fields(self)))

    @staticmethod
    def all(parts: list["Seen"]) -> "Seen":
        return Seen(*(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(Seen)))


@torch.no_grad()
def look(student: MaskStudent, text: Text, masks: int, every: int = 1) -> Seen:
    """The masks behind the first, up to `masks` of them, of passes at every `every`-th slot of the answers."""
    ends = {slot: end for begin, end, _ in text.spans() for slot in range(begin, end, every) if end - slot > 1}
    groups = [(Group(slot, (True,) * (masks + 1)), end) for slot, end in sorted(ends.items())]
    batch = pack([(text, groups)], CarryOver(), student.family, student.mask.dtype).to(student.mask.device)
    hidden = student(batch)[0][batch.masks].half()
    slots = torch.tensor([(start.start + rank, rank, end) for start, end in groups for rank in range(1, masks + 1)])
    inside = slots[:, 0] < slots[:, 2]
    at, ids = slots[inside, 0], torch.from_numpy(text.ids)
    return Seen(hidden[inside], torch.stack([ids[at - 2], ids[at - 1]], 1), ids[at], slots[inside, 1])


@dataclass(frozen=True)
class Fitting:
    rows: int = 256
    """of a step"""
    rate: float = 1e-3
    drop: float = 0.3
    decay: float = 0.05
    """of weights, AdamW's"""
    epochs: float = 3
    seed: int = 0


def fit(chain: Chain, student: MaskStudent, seen: Seen, vocabulary: Vocabulary, fitting: Fitting) -> Iterator[tuple[int, int, float]]:
    """Trains it in place, the rate falling to nothing; yields (step, steps, loss) after every step."""
    embedding, head = student.model.embedding.float(), student.model.head_weight[vocabulary.tokens].float()
    optimiser = torch.optim.AdamW(chain.parameters(), fitting.rate, (0.9, 0.98), weight_decay=fitting.decay)
    random = torch.Generator().manual_seed(fitting.seed)
    steps = int(fitting.epochs * len(seen.targets) / fitting.rows)
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = fitting.rate * min(1.0, (step + 1) / 50, 1.5 * (steps - step) / steps)
        some = seen.take(torch.randint(len(seen.targets), (fitting.rows,), generator=random))
        rows = followed(chain, embedding, some, fitting.drop)
        loss = guessed(rows @ head.T, vocabulary.place[some.targets])[0].mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield step + 1, steps, float(loss.detach())


def followed(chain: Chain, embedding: Tensor, seen: Seen, drop: float = 0.0) -> Tensor:
    """The masks' rows [masks, hidden], behind the tokens that are there."""
    hidden = seen.hidden.to(embedding.dtype)
    return hidden + chain(hidden, embedding[seen.before].flatten(1), drop)


@torch.no_grad()
def figures(chain: Chain | None, student: MaskStudent, seen: Seen) -> dict:
    """Accuracy and nats by rank, behind the true tokens."""
    embedding, head = student.model.embedding.float(), student.model.head_weight.float()
    right, nats = [], []
    for at in torch.arange(len(seen.targets)).split(512):
        some = seen.take(at)
        logits = (some.hidden.float() if chain is None else followed(chain, embedding, some)) @ head.T
        right.append(logits.argmax(-1) == some.targets)
        nats.append(F.cross_entropy(logits, some.targets, reduction="none"))
    right, nats = torch.cat(right).float(), torch.cat(nats)
    of = [seen.ranks == rank for rank in range(1, int(seen.ranks.max()) + 1)]
    return {"right": [round(float(right[at].mean()), 4) for at in of], "nats": [round(float(nats[at].mean()), 3) for at in of]}

"""A head that chains guesses: one more gated layer behind the last, for masks alone, that sees the two tokens before the mask.

A pass guesses behind a token that it is only choosing: the second mask of a group must do without the first one's token. Once that is known,
this layer says what the guess becomes, then what the next one becomes behind it. (Kin: Hydra's heads, arXiv 2402.05109; the sampler of
arXiv 2507.11851.) It chooses among the pass's most probable tokens and reads last hidden rows, so all else stays as it is while it learns.
"""

from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import pointwise

NAMES = {"mask": "model.chain.mask_proj.weight", "tokens": "model.chain.token_proj.weight", "down": "model.chain.down_proj.weight"}
BEFORE = 2  # tokens that it sees
CHOICE = 64  # tokens that it chooses among: what a pass of sdar-chat returns of a mask


class Chain(nn.Module):
    """`width` neurons. A fresh one adds nothing: its way out is zero."""

    def __init__(self, hidden: int, width: int, gain: float = 1.0, seed: int = 0):
        """gain: what embeddings are multiplied by, to be about as large as 1; in a checkpoint it is part of the weights."""
        super().__init__()
        random = torch.Generator().manual_seed(seed)
        self.gain = gain
        self.mask = nn.Parameter(torch.randn(2 * width, hidden, generator=random) * 0.5 * hidden**-0.5)
        self.tokens = nn.Parameter(torch.randn(2 * width, BEFORE * hidden, generator=random) * hidden**-0.5)
        self.down = nn.Parameter(torch.zeros(hidden, width))

    def forward(self, hidden: Tensor, before: Tensor, drop: float = 0.0) -> Tensor:
        """Rows of masks as the head gets them [rows, hidden], embeddings of the tokens before them [rows, 2 * hidden], the nearer one
        last -> what is added to those rows [rows, hidden]. drop: share of neurons left out, in training."""
        opened = pointwise.gated(F.linear(hidden, self.mask) + F.linear(before * self.gain, self.tokens))
        return F.linear(F.dropout(opened, drop), self.down)

    def exported(self) -> dict[str, Tensor]:
        weights = {"mask": self.mask, "tokens": self.tokens * self.gain, "down": self.down}
        return {name: weights[part].detach().float() for part, name in NAMES.items()}


def kept(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The head's tensors of a checkpoint; none if it has no head."""
    return {name: weights[name] for name in NAMES.values() if name in weights}


def read(weights: dict[str, Tensor]) -> Chain | None:
    """That of a checkpoint, if it has one."""
    if not kept(weights):
        return None
    hidden, width = weights[NAMES["down"]].shape
    chain = Chain(hidden, width)
    chain.load_state_dict({part: weights[name] for part, name in NAMES.items()})
    return chain


class Tables:
    """The matrices of the vocabulary, f32: the same one where they are tied."""

    def __init__(self, embedding: Tensor, head: Tensor):
        self.embedding = embedding.float()
        self.head = self.embedding if head is embedding else head.float()

    def logits(self, hidden: Tensor) -> Tensor:
        """f32 [rows, vocabulary]"""
        return hidden.float() @ self.head.T

    @property
    def gain(self) -> float:
        return float(self.embedding.pow(2).mean() ** -0.5)


@dataclass(frozen=True)
class Choice:
    """What a pass says of masks."""

    hidden: Tensor
    """f16 [masks, hidden]: last hidden rows"""
    tokens: Tensor
    """i32 [masks, 64]: the most probable ones"""
    scores: Tensor
    """f32 [masks, 64]: their logits"""
    spread: Tensor
    """f32 [masks]: log-sum-exp of all logits"""

    def take(self, at: Tensor | slice) -> "Choice":
        return Choice(*(getattr(self, field.name)[at] for field in fields(self)))

    @property
    def others(self) -> Tensor:
        """log-sum-exp of the tokens that are not among the 64."""
        return self.spread + torch.log1p(-(self.scores - self.spread[:, None]).exp().sum(1).clamp(max=1 - 1e-6))

    @staticmethod
    def joined(parts: list["Choice"]) -> "Choice":
        return Choice(*(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(Choice)))


@torch.no_grad()
def choices(hidden: Tensor, tables: Tables, slice_: int = 512) -> Choice:
    parts = []
    for rows in hidden.split(slice_):
        logits = tables.logits(rows)
        top = logits.topk(CHOICE)
        parts.append(Choice(rows.half(), top.indices.int(), top.values, logits.logsumexp(-1)))
    return Choice.joined(parts)


def chained(chain: Chain | None, tables: Tables, choice: Choice, before: Tensor, drop: float = 0.0) -> tuple[Tensor, Tensor]:
    """(scores [masks, 64], their and the other tokens' log-sum-exp [masks]) behind the tokens `before`, i64 [masks, 2]; without a chain, the pass's own."""
    if chain is None:
        return choice.scores, choice.spread
    rows = chain(choice.hidden.float(), tables.embedding[before].flatten(1), drop)
    scores = choice.scores + torch.einsum("md,mcd->mc", rows, tables.head[choice.tokens.long()])
    return scores, torch.logaddexp(scores.logsumexp(1), choice.others)

"""What a step learns from: tokens guessed at masks, hidden rows like those of the clean stream, and the original's distribution held at first masks."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from . import pointwise
from .batch import Batch


@dataclass(frozen=True)
class Weights:
    hold: float = 10.0
    """KL(original || first mask)"""
    guess: float = 1.0
    hidden: float = 1.0
    """mean squared distance of normalised residuals at masks from those of the clean rows that predict the same slots"""
    decay: float = 0.8
    """of a guess, for each mask between it and the known text"""
    soft: float = 0.0
    """share of the original's own distribution (given the true text) in a guess's target; the rest is the token"""


def bucket_kl(logits: Tensor, normaliser: Tensor, probabilities: Tensor) -> Tensor:
    """KL from the teacher's listed tokens and one bucket for all others; [rows].

    logits: of the listed tokens [rows, k]; normaliser: log-sum-exp over the whole vocabulary [rows].
    """
    own = logits - normaliser[:, None]
    rest = (1 - probabilities.sum(-1)).clamp(min=1e-4)
    own_rest = torch.log1p(-own.exp().sum(-1).clamp(max=1 - 1e-6))
    listed = torch.where(probabilities > 0, probabilities * (probabilities.clamp(min=1e-9).log() - own), 0).sum(-1)
    return listed + rest * (rest.log() - own_rest)


class Vocabulary:
    """The head on the tokens that the data uses: the others' share of the loss is nothing, and the head is a quarter of a step."""

    def __init__(self, tokens: Tensor, size: int):
        self.tokens = tokens
        self.place = torch.zeros(size, dtype=torch.long)
        self.place[tokens] = torch.arange(len(tokens))
        self.has = torch.zeros(size, dtype=torch.bool)
        self.has[tokens] = True

    def to(self, device: str) -> "Vocabulary":
        self.tokens, self.place, self.has = self.tokens.to(device), self.place.to(device), self.has.to(device)
        return self


def hidden_distance(masks: list[Tensor], clean: list[Tensor]) -> Tensor:
    """[rows]: mean over layers of the squared distance of RMS-normalised rows."""
    total = 0.0
    for a, b in zip(masks, clean):
        total = total + pointwise.distance(a, b)
    return total / max(1, len(masks))


@dataclass
class Loss:
    total: Tensor
    guess: float
    hidden: float
    hold: float
    agree: float
    """share of held rows whose best token is the original's"""
    right: list[tuple[int, int]]
    """(right, all) of guesses by rank"""


def losses(hidden: Tensor, kept: list[Tensor], models: list[Tensor], batch: Batch, head: Tensor, vocabulary: Vocabulary, weights: Weights) -> Loss:
    """models: what `kept` is to be like, at the rows `batch.twins`; head: embedding rows of `vocabulary.tokens`."""
    top = vocabulary.place[batch.top_tokens]
    probabilities = batch.top_probabilities * vocabulary.has[batch.top_tokens]
    weight = weights.decay ** (batch.ranks - 1).clamp(min=0).float()

    hold, agree = held(hidden[batch.holds] @ head.T, top, probabilities) if weights.hold else (hidden.new_zeros(()), 0.0)
    each, right = guessed(hidden[batch.masks] @ head.T, batch, vocabulary, top, probabilities, weights.soft)
    guess = (each * weight).sum() / weight.sum()
    near = likeness(kept, models, batch, weight) if kept else hidden.new_zeros(())

    ranks = [(int(right[batch.ranks == rank].sum()), int((batch.ranks == rank).sum())) for rank in range(8)]
    total = weights.hold * hold + weights.guess * guess + weights.hidden * near
    return Loss(total, float(guess.detach()), float(near.detach()), float(hold.detach()), agree, ranks)


def held(logits: Tensor, top: Tensor, probabilities: Tensor) -> tuple[Tensor, float]:
    """(mean KL from the original, share of rows with its best token) of clean rows."""
    kl = bucket_kl(logits.gather(1, top).float(), pointwise.spread(logits), probabilities).mean()
    return kl, float((logits.argmax(-1) == top[:, 0]).float().mean())


def guessed(logits: Tensor, batch: Batch, vocabulary: Vocabulary, top: Tensor, probabilities: Tensor, soft: float) -> tuple[Tensor, Tensor]:
    """(cross-entropy, right or not) of each mask."""
    normaliser = pointwise.spread(logits)
    targets = vocabulary.place[batch.targets]
    each = normaliser - logits.gather(1, targets[:, None])[:, 0].float()
    if soft:
        at = batch.mask_top.clamp(min=0)
        share = probabilities[at] / probabilities[at].sum(-1, keepdim=True).clamp(min=1e-6)
        cross = -(share * (logits.gather(1, top[at]).float() - normaliser[:, None])).sum(-1)
        each = torch.where(batch.mask_top >= 0, (1 - soft) * each + soft * cross, each)
    return each, logits.argmax(-1) == targets


def likeness(kept: list[Tensor], models: list[Tensor], batch: Batch, weight: Tensor) -> Tensor:
    """Weighted mean distance of the masks' residuals from their twins'."""
    some = batch.twins >= 0
    rows, twins = batch.masks[some], batch.twins[some]
    distance = hidden_distance([x[rows] for x in kept], [x[twins] for x in models])
    return (distance * weight[some]).sum() / weight[some].sum()

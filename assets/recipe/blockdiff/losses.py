"""What a step learns from: tokens guessed at masks, and hidden rows like those of the clean stream."""

from dataclasses import dataclass

import torch
from torch import Tensor

from . import pointwise
from .batch import Batch


@dataclass(frozen=True)
class Weights:
    hidden: float = 1.0
    """mean squared distance of normalised residuals at masks from those of the clean rows that predict the same slots"""
    decay: float = 0.8
    """of a guess, for each mask between it and the known text"""


class Vocabulary:
    """The head on the tokens that the data uses: the others' share of the loss is nothing, and the head is a quarter of a step."""

    def __init__(self, tokens: Tensor, size: int):
        self.tokens = tokens
        self.place = torch.zeros(size, dtype=torch.long)
        self.place[tokens] = torch.arange(len(tokens))

    def to(self, device: str) -> "Vocabulary":
        self.tokens, self.place = self.tokens.to(device), self.place.to(device)
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
    right: list[tuple[int, int]]
    """(right, all) of guesses by rank"""


def losses(hidden: Tensor, kept: list[Tensor], models: list[Tensor], batch: Batch, head: Tensor, vocabulary: Vocabulary, weights: Weights) -> Loss:
    """models: what `kept` is to be like, at the rows `batch.twins`; head: embedding rows of `vocabulary.tokens`."""
    weight = weights.decay ** (batch.ranks - 1).clamp(min=0).float()
    each, right = guessed(hidden[batch.masks] @ head.T, vocabulary.place[batch.targets])
    guess = (each * weight).sum() / weight.sum()
    near = likeness(kept, models, batch, weight) if kept else hidden.new_zeros(())

    ranks = [(int(right[batch.ranks == rank].sum()), int((batch.ranks == rank).sum())) for rank in range(8)]
    return Loss(guess + weights.hidden * near, float(guess.detach()), float(near.detach()), ranks)


def guessed(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """(cross-entropy, right or not) of each mask."""
    each = pointwise.spread(logits) - logits.gather(1, targets[:, None])[:, 0].float()
    return each, logits.argmax(-1) == targets


def likeness(kept: list[Tensor], models: list[Tensor], batch: Batch, weight: Tensor) -> Tensor:
    """Weighted mean distance of the masks' residuals from their twins'."""
    some = batch.twins >= 0
    rows, twins = batch.masks[some], batch.twins[some]
    distance = hidden_distance([x[rows] for x in kept], [x[twins] for x in models])
    return (distance * weight[some]).sum() / weight[some].sum()

"""What the original model says at each slot of an answer: its most probable tokens, computed once."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .attention import without_chunks
from .model import Model
from .texts import Text

TOP = 32
SLICE = 256  # rows of logits at once, always as many: a new shape costs a CPU time and memory


@dataclass(frozen=True)
class Targets:
    """Of each text, in its answer slots' order: i32 [slots, TOP] and f16 [slots, TOP] (the rest of the mass is elsewhere)."""

    tokens: list[np.ndarray]
    probabilities: list[np.ndarray]


def batches_by_length(texts: list[Text], rows: int) -> list[list[int]]:
    """Indices of the texts, about `rows` tokens a batch."""
    out, size = [[]], 0
    for index in sorted(range(len(texts)), key=lambda i: len(texts[i].ids)):
        if out[-1] and size + len(texts[index].ids) > rows:
            out.append([])
            size = 0
        out[-1].append(index)
        size += len(texts[index].ids)
    return out


@torch.no_grad()
def clean_hidden(model: Model, texts: list[Text]) -> Tensor:
    """Last hidden rows of the texts, one after another, under plain causal attention."""
    ids = torch.from_numpy(np.concatenate([text.ids for text in texts])).to(model.embedding.device)
    positions = torch.cat([torch.arange(len(text.ids)) for text in texts]).to(ids.device)
    hidden, _ = model(model.embedding[ids], positions, without_chunks([len(text.ids) for text in texts]).attend)
    return hidden


@torch.no_grad()
def ask(model: Model, texts: list[Text], rows: int = 2000) -> Targets:
    tokens: list[np.ndarray] = [np.empty(0)] * len(texts)
    probabilities = list(tokens)
    for batch in batches_by_length(texts, rows):
        some = [texts[i] for i in batch]
        answer = torch.from_numpy(np.concatenate([text.answer for text in some]))
        hidden = clean_hidden(model, some)[answer.nonzero()[:, 0] - 1]
        best = [listed(model, part) for part in F.pad(hidden, (0, 0, 0, -len(hidden) % SLICE)).split(SLICE)]
        cuts = np.cumsum([int(text.answer.sum()) for text in some])
        for index, found, sure in zip(batch, np.split(np.concatenate([t for t, _ in best]), cuts), np.split(np.concatenate([p for _, p in best]), cuts)):
            tokens[index], probabilities[index] = found, sure
    return Targets(tokens, probabilities)


def listed(model: Model, hidden: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The TOP tokens of each row and their probabilities."""
    logits = (hidden @ model.head_weight.T).float()
    best = logits.topk(TOP, -1)
    return best.indices.int().cpu().numpy(), (best.values - logits.logsumexp(-1, keepdim=True)).exp().half().cpu().numpy()


def remember(path: Path, model: Model, texts: list[Text]) -> Targets:
    """`ask`, or its answer of an earlier run."""
    counts = [int(text.answer.sum()) for text in texts]
    cuts = np.cumsum(counts)[:-1]
    if path.exists():
        stored = np.load(path)
        if len(stored["tokens"]) == sum(counts):
            return Targets(np.split(stored["tokens"], cuts), np.split(stored["probabilities"], cuts))
    targets = ask(model, texts)
    np.savez(path, tokens=np.concatenate(targets.tokens), probabilities=np.concatenate(targets.probabilities))
    return targets

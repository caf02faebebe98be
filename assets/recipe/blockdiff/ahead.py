"""Guesses from every slot of a text: what a block-diffusion pass at that slot would say about the slots after it."""

from dataclasses import dataclass

import numpy as np
import torch

from .batch import pack
from .carry import Group
from .chain import Chain, Choice, Tables, chained, choices
from .forms import CarryOver
from .student import MaskStudent
from .texts import Text


@dataclass(frozen=True)
class Ahead:
    """Of one text: row i belongs to the pass whose first mask is at the i-th answer slot."""

    truth: np.ndarray
    """i64 [slots, look]: the token at that slot and after it; -1 past the end of the answer"""
    tokens: np.ndarray
    """i64 [slots, look]: the model's best tokens; column 0 is the first mask"""
    confidence: np.ndarray
    """f32 [slots, look]"""


@torch.no_grad()
def look_ahead(student: MaskStudent, text: Text, look: int = 8, chain: Chain | None = None) -> Ahead:
    """chain: reads the guesses again, each behind the true token of the first mask and the guesses after that."""
    ends = {slot: end for begin, end, _ in text.spans() for slot in range(begin, end)}
    slots = np.array(sorted(ends))
    groups = [(Group(int(slot), (True,) * look), ends[int(slot)]) for slot in slots]
    batch = pack([(text, groups)], CarryOver(), student.family, student.mask.dtype).to(student.mask.device)
    hidden, _ = student(batch)
    firsts = torch.from_numpy(slots - 1).to(hidden.device)  # the clean rows that are first masks
    rows = torch.cat([firsts[:, None], batch.masks.view(len(slots), look - 1)], 1).reshape(-1)
    tables = Tables(student.model.embedding, student.model.head_weight)
    found = choices(hidden[rows], tables)
    columns = [found.take(slice(at, None, look)) for at in range(look)]
    truth = np.array([[text.ids[s + j] if s + j < ends[int(s)] else -1 for j in range(look)] for s in slots])
    guesses = [guess(None, tables, columns[0], None)]
    before = torch.from_numpy(np.stack([text.ids[slots - 1], text.ids[slots]], 1)).to(hidden.device)
    for column in columns[1:]:
        guesses.append(guess(chain, tables, column, before))
        before = torch.stack([before[:, 1], guesses[-1][0]], 1)
    tokens, sure = (torch.stack(parts, 1).cpu().numpy() for parts in zip(*guesses))
    return Ahead(truth, tokens, sure)


def guess(chain: Chain | None, tables: Tables, choice: Choice, before: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
    """(tokens i64, confidence) of masks."""
    scores, spread = chained(chain, tables, choice, before)
    best = scores.max(1)
    return choice.tokens.gather(1, best.indices[:, None])[:, 0].long(), (best.values - spread).exp()


def self_speculative_passes(ahead: Ahead, draft_threshold: float, lookahead: int, hedged: bool) -> tuple[int, int]:
    """(tokens, passes) of self-speculative decoding if the text comes out as it stands.

    Simulated: drafts are the guesses of the pass before, as far as the product of their confidences allows; behind a refused one
    there are guesses only if every refusal is hedged.
    """
    at = passes = 0
    drafts = 0
    total = len(ahead.truth)
    while at < total:
        passes += 1
        guesses = ahead.tokens[at - 1, 1 : 1 + drafts] if drafts else ahead.tokens[0, :0]
        right = 0
        while right < drafts and at + right < total and guesses[right] == ahead.truth[at + right, 0]:
            right += 1
        refused = right < drafts
        at += right + 1
        drafts = 0
        if (hedged or not refused) and at < total:
            sure = np.cumprod(ahead.confidence[at - 1, 1:lookahead])
            drafts = int((sure > draft_threshold).sum())
    return total, passes

"""Plain decoding without a cache, many texts at once: to measure a model under training, not to serve it."""

from dataclasses import dataclass

import numpy as np
import torch

from .batch import pack
from .carry import Group
from .forms import CarryOver
from .student import Student
from .teacher import TOP
from .texts import Text


@dataclass
class Answer:
    ids: list[int]
    """prompt and answer, up to and with the stop token"""
    prompt: int
    passes: int = 0
    finished: bool = False

    @property
    def tokens(self) -> int:
        return len(self.ids) - self.prompt


@torch.no_grad()
def dynamic(student: Student, prompts: list[np.ndarray], length: int, threshold: float, limit: int = 64) -> list[Answer]:
    """Greedy low-confidence dynamic decoding: all masks of a block above the threshold are filled, else the best of them."""
    answers = [Answer(prompt.tolist(), len(prompt)) for prompt in prompts]
    filled: list[dict[int, int]] = [{} for _ in prompts]
    while open_ := [i for i, answer in enumerate(answers) if not answer.finished]:
        states = [state(answers[i], filled[i], length) for i in open_]
        for i, (slots, tokens, sure) in zip(open_, guesses(student, states)):
            answers[i].passes += 1
            above = np.flatnonzero(sure > threshold)
            for at in above if len(above) else [int(sure.argmax())]:
                filled[i][int(slots[at])] = int(tokens[at])
            advance(answers[i], filled[i], limit, student.family.stop)
    return answers


def state(answer: Answer, filled: dict[int, int], length: int) -> tuple[np.ndarray, Group]:
    """Known tokens (zeros where a mask stands) and the rest of the block from its first mask on."""
    start = len(answer.ids)
    end = (start // length + 1) * length
    ids = np.array(answer.ids + [filled.get(slot, 0) for slot in range(start, end)], np.int64)
    return ids, Group(start, tuple(slot not in filled for slot in range(start, end)))


def advance(answer: Answer, filled: dict[int, int], limit: int, stop: int) -> None:
    """Moves what is known without a gap into the text."""
    while not answer.finished and (token := filled.pop(len(answer.ids), None)) is not None:
        answer.ids.append(token)
        answer.finished = token == stop or answer.tokens >= limit


def guesses(student: Student, states: list[tuple[np.ndarray, Group]]) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each state the masked slots, the best tokens there and their confidences."""
    empty = (np.zeros((0, TOP), np.int32), np.zeros((0, TOP), np.float16))
    items = [(Text(ids, np.zeros(len(ids), bool), False), [(group, len(ids))], *empty) for ids, group in states]
    batch = pack(items, CarryOver(share_first=False), student.family, student.mask.dtype).to(student.mask.device)
    hidden, _ = student(batch)
    logits = (hidden[batch.masks] @ student.model.head_weight.T).float()
    best = logits.max(-1)
    sure = (best.values - logits.logsumexp(-1)).exp().cpu().numpy()
    cuts = np.cumsum([sum(group.masked) for _, group in states])[:-1]
    slots = [group.start + np.flatnonzero(group.masked) for _, group in states]
    return list(zip(slots, np.split(best.indices.cpu().numpy(), cuts), np.split(sure, cuts)))

"""Held-out figures of a model under training, in one dictionary."""

import numpy as np
import torch

from .ahead import Ahead, look_ahead, self_speculative_passes
from .chain import Chain
from .student import MaskStudent
from .texts import Text

THRESHOLDS = (0.05, 0.1, 0.2, 0.35, 0.5)


def figures(student: MaskStudent, texts: list[Text], look: int = 8, chain: Chain | None = None) -> dict:
    """Accuracy at the first to the `look`-th mask, and tokens a pass."""
    seen = [look_ahead(student, text, look, chain) for text in texts]
    truth, tokens, sure = (np.concatenate([getattr(one, name) for one in seen]) for name in ("truth", "tokens", "confidence"))
    right = tokens == truth
    real = truth >= 0
    certain = (sure > 0.9) & real
    chain = np.cumprod(right, 1)
    out = {
        "right": [share(right[real[:, j], j]) for j in range(look)],
        "chain": [share(chain[real[:, j], j]) for j in range(look)],
        "certain": [share(certain[real[:, j], j]) for j in range(look)],
        "certain_right": [share(right[certain[:, j], j]) for j in range(look)],
    }
    for lookahead in (4, 8):
        for name, hedged in (("self_speculative", False), ("hedged", True)):
            rates = {threshold: rate(seen, threshold, lookahead, hedged) for threshold in THRESHOLDS}
            best = max(rates, key=rates.get)
            out[f"{name}_{lookahead}"] = {"tokens_a_pass": rates[best], "draft_threshold": best}
    return out


def rate(seen: list[Ahead], threshold: float, lookahead: int, hedged: bool) -> float:
    counts = np.array([self_speculative_passes(one, threshold, lookahead, hedged) for one in seen]).sum(0)
    return round(float(counts[0] / counts[1]), 3)


def share(values: np.ndarray) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None

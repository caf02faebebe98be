"""Guessing ahead and decoding: what is measured is what happens."""

import numpy as np
import torch

from blockdiff.ahead import Ahead, look_ahead, self_speculative_passes
from blockdiff.attention import without_chunks

from small import small, student, text


def ahead(guesses: list[list[int]], confidence: float = 0.9) -> Ahead:
    """Guesses of each pass for a text 0 1 2 3 ...; column 0 is the first mask."""
    n, look = len(guesses), len(guesses[0])
    truth = np.array([[i + j if i + j < n else -1 for j in range(look)] for i in range(n)])
    return Ahead(truth, np.array(guesses), np.full((n, look), confidence))


def test_with_every_guess_right_a_pass_brings_a_block():
    right = [[i + j for j in range(4)] for i in range(12)]
    assert self_speculative_passes(ahead(right), 0.5, 4, hedged=False) == (12, 4)  # 1, then drafts of 3 and one more: 4, 4, 3


def test_with_every_guess_wrong_or_unsure_a_pass_brings_one_token():
    wrong = [[i, 99, 99, 99] for i in range(8)]
    assert self_speculative_passes(ahead(wrong), 0.1, 4, hedged=True) == (8, 8)
    right = [[i + j for j in range(4)] for i in range(8)]
    assert self_speculative_passes(ahead(right, 0.3), 0.5, 4, hedged=True) == (8, 8)


def test_a_refused_draft_costs_the_next_pass_its_drafts_unless_it_was_hedged():
    half = [[i, i + 1, 99, 99] for i in range(7)]
    # 1 token; drafts right, wrong, wrong: 2; no drafts: 1; then 2 and 1 again
    assert self_speculative_passes(ahead(half), 0.1, 4, hedged=False) == (7, 5)
    assert self_speculative_passes(ahead(half), 0.1, 4, hedged=True) == (7, 4)


def test_the_first_mask_of_every_pass_is_the_base_whatever_masks_neurons_say():
    of = text(30)
    seen = look_ahead(student(), of, look=4)
    model, ids = small(), torch.from_numpy(of.ids)
    hidden, _ = model(model.embedding[ids], torch.arange(len(ids)), without_chunks([len(ids)]).attend)
    assert seen.tokens[:, 0].tolist() == (hidden[7:-1] @ model.embedding.T).argmax(-1).tolist()
    assert seen.truth[0].tolist() == of.ids[8:12].tolist() and seen.truth[-1].tolist() == [of.ids[29], -1, -1, -1]

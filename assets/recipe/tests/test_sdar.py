"""SDAR's own form: what its rows see, and that it learns from the original's rows."""

import random

import numpy as np
import torch

from blockdiff.batch import pack, pack_drawn
from blockdiff.carry import Group
from blockdiff.losses import Vocabulary, Weights
from blockdiff.sampling import Masking
from blockdiff.sdar import Sdar
from blockdiff.student import WholeStudent

from small import FAMILY, small, text


def test_a_row_sees_the_blocks_before_and_its_own_copy_of_its_block():
    rows = Sdar(4).rows([Group(4, (False, True, True, True)), Group(4, (False, False, True, False))], np.arange(100, 120), 16)
    assert rows.ids.tolist() == [104, 16, 16, 16, 104, 105, 16, 107]
    assert rows.positions.tolist() == [4, 5, 6, 7] * 2 and not rows.carry.any()
    seen = Sdar(4).sees(rows, 6) > -1
    assert seen[:, :4].all() and not seen[:, 4:6].any()
    assert seen[:4, 6:10].all() and not seen[:4, 10:].any()


def test_the_clean_stream_is_causal_by_blocks():
    seen = Sdar(4).clean(6) > -1
    assert seen[0].tolist() == [True] * 4 + [False] * 2
    assert seen[5].all()


def test_only_slots_of_answers_are_masked_and_a_cut_answer_loses_its_last_part_of_a_block():
    for ended in (True, False):
        drawn = Sdar(4).draw(text(30, 9, ended=ended), Masking(copies=2, holes=0.5), random.Random(0))
        masked = {group.start + offset for group, _ in drawn for offset, one in enumerate(group.masked) if one}
        assert min(masked) >= 9 and max(masked) == (31 if ended else 27)


def test_a_block_of_known_tokens_computes_what_the_clean_stream_computes():
    batch = pack([(text(24), [(Group(12, (False,) * 4), 24)])], Sdar(4), FAMILY, torch.float32)
    hidden, _ = WholeStudent(small(), small(), torch.float32, FAMILY)(batch)
    torch.testing.assert_close(hidden[24:], hidden[12:16], atol=1e-4, rtol=1e-4)


def test_hidden_rows_are_pulled_to_those_of_the_original_one_to_the_left():
    model, of = small(), text(24)
    student = WholeStudent(small(), model, torch.float32, FAMILY)
    batch = pack_drawn([of], Sdar(4), Masking(), random.Random(0), FAMILY, torch.float32)
    assert (batch.positions[batch.masks] - 1)[batch.twins >= 0].tolist() == batch.twins[batch.twins >= 0].tolist()
    loss = student.loss(batch, Vocabulary(torch.arange(64), 64), Weights(), (0, 1))
    loss.total.backward()
    assert loss.hidden > 0 and student.mask.grad.abs().sum() > 0 and model.layers[0].qkv.grad is None

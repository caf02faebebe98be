"""Losses, targets and the optimiser, on numbers small enough to check by hand."""

import random

import numpy as np
import torch

from blockdiff.attention import without_chunks
from blockdiff.batch import pack, pack_drawn
from blockdiff.carry import Group
from blockdiff.forms import CarryOver
from blockdiff.losses import Vocabulary, Weights, bucket_kl
from blockdiff.model import Model
from blockdiff.optimiser import Flat
from blockdiff.sampling import Masking, draw
from blockdiff.student import Student
from blockdiff.teacher import TOP, ask
from blockdiff.texts import Text
from blockdiff.train import Settings, Trainer, rate_at

from small import FAMILY, small, text

def item(of: Text, model: Model):
    targets = ask(model, [of])
    return of, targets.tokens[0], targets.probabilities[0]


def test_the_bucketed_divergence_is_zero_at_the_teacher_and_equals_the_full_one_if_all_tokens_are_listed():
    logits, other = torch.randn(5, 12), torch.randn(5, 12)
    teacher = logits.softmax(-1)
    order = teacher.argsort(-1, descending=True)
    best = order[:, :4]
    assert bucket_kl(logits.gather(1, best), logits.logsumexp(-1), teacher.gather(1, best)).abs().max() < 1e-4
    full = (teacher * (teacher.log() - other.log_softmax(-1))).sum(-1)
    listed = bucket_kl(other.gather(1, order[:, :11]), other.logsumexp(-1), teacher.gather(1, order[:, :11]))
    torch.testing.assert_close(listed, full, atol=1e-3, rtol=1e-3)


def test_targets_are_the_tokens_of_the_masked_slots_and_end_of_text_behind_the_end():
    of, model = text(), small()
    groups = [(Group(10, (True, False, True)), 24), (Group(22, (True, True, True, True)), 24)]
    batch = pack([(of, groups, *item(of, model)[1:])], CarryOver(), FAMILY, torch.float32)
    assert batch.targets.tolist() == [of.ids[10], of.ids[12], of.ids[23], 0, 0]
    assert batch.ranks.tolist() == [0, 1, 1, 2, 3]
    assert batch.twins.tolist() == [9, 11, 22, -1, -1]  # the clean rows that predict the same slots
    assert batch.holds.tolist() == list(range(7, 23))
    assert batch.mask_top.tolist() == [2, 4, 15, -1, -1]


def test_the_hold_is_nothing_as_long_as_the_model_is_its_teacher():
    model, of = small(), text()
    batch = pack_drawn([item(of, model)], CarryOver(), Masking(), random.Random(0), FAMILY, torch.float32)
    loss = Student(model, torch.float32, FAMILY).loss(batch, Vocabulary(torch.arange(64), 64), Weights(), (0, 1))
    assert loss.hold < 1e-3 and loss.agree == 1.0


def test_no_loss_depends_on_tokens_that_a_guess_may_not_see():
    """Gradient of each guess to the embedded clean rows: zero from the group's start on."""
    model, of = small(), text()
    batch = pack([(of, [(Group(10, (True,) * 4), 24), (Group(15, (True,) * 3), 24)], *item(of, model)[1:])], CarryOver(), FAMILY, torch.float32)
    student = Student(model, torch.float32, FAMILY)
    x = student.embed(batch).detach().requires_grad_()
    hidden, _ = model(x, batch.positions, batch.packed.attend)
    for row, start in zip(batch.masks.tolist(), [10] * 3 + [15] * 2):
        (gradient,) = torch.autograd.grad(hidden[row].sum(), x, retain_graph=True)
        reached = gradient.abs().amax(-1)[: len(of.ids)] > 0
        assert reached[:start].all() and not reached[start:].any()


def test_groups_tile_an_answer_and_cut_answers_have_no_slot_behind_their_end():
    for ended in (True, False):
        of = text(60, 10, ended=ended)
        drawn = draw(of, Masking(copies=1, holes=0.3), random.Random(1))
        covered = [slot for group, _ in drawn for slot in range(group.start, group.start + len(group.masked))]
        assert len(set(covered)) == len(covered) and min(covered) == 10
        assert max(covered) <= (62 if ended else 59)
        assert all(group.masked[0] and group.start < 60 for group, _ in drawn)


def test_frozen_parts_stay_and_the_trained_ones_move():
    model, of = small(), text()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    student = Student(model, torch.float32, FAMILY, first_layer=1)
    flat = Flat(student, torch.float32, 1e-2)
    batch = pack_drawn([item(of, small())], CarryOver(), Masking(), random.Random(0), FAMILY, torch.float32)
    student.loss(batch, Vocabulary(torch.arange(64), 64), Weights(), (0, 1)).total.backward()
    flat.step(1e-2)
    moved = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert moved and all(name.startswith("layers.1.") and "norm" not in name for name in moved)
    assert not torch.equal(student.mask, before["embedding"][16])


def test_a_run_goes_on_where_it_was_saved(tmp_path):
    texts = [text(seed=seed) for seed in range(6)]
    targets = ask(small(), texts)
    settings = Settings(folder=tmp_path / "a", steps=4, rate=1e-3, warm_up=1, cool_down=1, tokens=40, keep=(0, 1))
    whole = Trainer(small(), texts, targets, settings, torch.float32, family=FAMILY)
    whole.run()
    again = Trainer(small(), texts, targets, settings, torch.float32, family=FAMILY)
    assert again.step == 4
    torch.testing.assert_close(again.flat.master, whole.flat.master)
    torch.testing.assert_close(again.flat.adam.state_dict()["state"][0]["exp_avg"], whole.flat.adam.state_dict()["state"][0]["exp_avg"])


def test_a_run_keeps_the_layers_that_it_does_not_train(tmp_path):
    texts = [text(seed=seed) for seed in range(6)]
    targets = ask(small(), texts)
    settings = Settings(folder=tmp_path / "a", steps=2, rate=1e-3, warm_up=1, cool_down=1, tokens=40, first_layer=1, keep=(0, 1))
    whole = Trainer(small(5), texts, targets, settings, torch.float32, family=FAMILY)
    whole.run()
    again = Trainer(small(0), texts, targets, settings, torch.float32, family=FAMILY)  # as if it went on without its --init
    for name, value in again.student.frozen_layers().items():
        torch.testing.assert_close(value, small(5).state_dict()[name])
    torch.testing.assert_close(again.flat.master, whole.flat.master)


def test_the_rate_rises_stays_and_falls():
    settings = Settings(folder=None, steps=100, rate=1.0, warm_up=10, cool_down=20)
    assert [rate_at(step, settings) for step in (0, 9, 50, 90, 99)] == [0.1, 1.0, 1.0, 0.5, 0.05]
    by_the_clock = Settings(folder=None, steps=1000, rate=1.0, warm_up=1, cool_minutes=30)
    assert [rate_at(50, by_the_clock, left) for left in (40, 15, 0)] == [1.0, 0.5, 0.0]


def test_a_teachers_list_is_its_causal_distribution():
    model, of = small(), text()
    targets = ask(model, [of])
    hidden, _ = model(model.embedding[of.ids], torch.arange(24), without_chunks([24]).attend)
    expected = (hidden @ model.embedding.T).softmax(-1).topk(TOP, -1)
    np.testing.assert_array_equal(targets.tokens[0], expected.indices[7:23].numpy())
    np.testing.assert_allclose(targets.probabilities[0], expected.values[7:23].detach().numpy(), atol=1e-3)

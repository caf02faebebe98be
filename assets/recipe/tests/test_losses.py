"""Losses, targets and the optimiser, on numbers small enough to check by hand."""

import random

import torch

from blockdiff.batch import pack, pack_drawn
from blockdiff.carry import Group
from blockdiff.forms import CarryOver
from blockdiff.losses import Vocabulary, Weights
from blockdiff.optimiser import Flat
from blockdiff.sampling import Masking, draw
from blockdiff.student import WholeStudent
from blockdiff.train import Settings, Trainer, rate_at

from small import FAMILY, small, student, text


def test_targets_are_the_tokens_of_the_masked_slots_and_end_of_text_behind_the_end():
    of = text()
    groups = [(Group(10, (True, False, True)), 24), (Group(22, (True, True, True, True)), 24)]
    batch = pack([(of, groups)], CarryOver(), FAMILY, torch.float32)
    assert batch.targets.tolist() == [of.ids[10], of.ids[12], of.ids[23], 0, 0]
    assert batch.ranks.tolist() == [0, 1, 1, 2, 3]
    assert batch.twins.tolist() == [9, 11, 22, -1, -1]  # the clean rows that predict the same slots


def test_groups_tile_an_answer_and_cut_answers_have_no_slot_behind_their_end():
    for ended in (True, False):
        of = text(60, 10, ended=ended)
        drawn = draw(of, Masking(copies=1, holes=0.3), random.Random(1))
        covered = [slot for group, _ in drawn for slot in range(group.start, group.start + len(group.masked))]
        assert len(set(covered)) == len(covered) and min(covered) == 10
        assert max(covered) <= (62 if ended else 59)
        assert all(group.masked[0] and group.start < 60 for group, _ in drawn)


def test_the_base_stays_and_masks_neurons_and_embedding_move():
    trained, of = student(), text()
    before = {name: value.clone() for name, value in trained.state_dict().items()}
    flat = Flat(trained, torch.float32, 1e-2)
    batch = pack_drawn([of], CarryOver(), Masking(), random.Random(0), FAMILY, torch.float32)
    trained.loss(batch, Vocabulary(torch.arange(64), 64), Weights(), (0, 1)).total.backward()
    flat.step(1e-2)
    moved = {name for name, value in trained.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {"mask", *(f"neurons.{part}.{layer}" for part in ("gate_up", "down") for layer in range(2))}


def test_what_is_trained_whole_moves_in_all_matrices_but_the_embedding():
    model = small()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    trained = WholeStudent(model, small(), torch.float32, FAMILY)
    flat = Flat(trained, torch.float32, 1e-2)
    batch = pack_drawn([text()], CarryOver(), Masking(), random.Random(0), FAMILY, torch.float32)
    trained.loss(batch, Vocabulary(torch.arange(64), 64), Weights(), (0, 1)).total.backward()
    flat.step(1e-2)
    moved = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {f"layers.{layer}.{name}" for layer in range(2) for name in ("qkv", "out", "gate_up", "down")}


def test_a_run_goes_on_where_it_was_saved(tmp_path):
    texts = [text(seed=seed) for seed in range(6)]
    settings = Settings(folder=tmp_path / "a", steps=4, rate=1e-3, warm_up=1, cool_down=1, tokens=40, keep=(0, 1))
    whole = Trainer(student(), texts, settings, torch.float32)
    whole.run()
    again = Trainer(student(), texts, settings, torch.float32)
    assert again.step == 4
    torch.testing.assert_close(again.flat.master, whole.flat.master)
    torch.testing.assert_close(again.flat.adam.state_dict()["state"][0]["exp_avg"], whole.flat.adam.state_dict()["state"][0]["exp_avg"])


def test_the_rate_rises_stays_and_falls():
    settings = Settings(folder=None, steps=100, rate=1.0, warm_up=10, cool_down=20)
    assert [rate_at(step, settings) for step in (0, 9, 50, 90, 99)] == [0.1, 1.0, 1.0, 0.5, 0.05]
    by_the_clock = Settings(folder=None, steps=1000, rate=1.0, warm_up=1, cool_minutes=30)
    assert [rate_at(50, by_the_clock, left) for left in (40, 15, 0)] == [1.0, 0.5, 0.0]


def test_a_whole_run_keeps_the_norms_that_it_started_from(tmp_path):
    texts, other = [text(seed=seed) for seed in range(6)], small()
    other.layers[0].norm1.data *= 2
    settings = Settings(folder=tmp_path / "a", steps=2, rate=1e-3, warm_up=1, cool_down=1, tokens=40, keep=(0, 1))
    Trainer(WholeStudent(other, small(), torch.float32, FAMILY), texts, settings, torch.float32).run()
    again = Trainer(WholeStudent(small(), small(), torch.float32, FAMILY), texts, settings, torch.float32)  # as if it went on without its --init
    torch.testing.assert_close(again.student.model.layers[0].norm1, 2 * small().layers[0].norm1)

"""The head that chains guesses: what it sees, what it says, that it learns."""

import time
from argparse import Namespace
from dataclasses import replace

import numpy as np
import pytest
import torch

from blockdiff import chain_fit, checkpoint, commands
from blockdiff.ahead import look_ahead
from blockdiff.chain import Chain, Choice, Tables, chained, choices, read
from blockdiff.chain_fit import Fitting, Seen, calibration_error, figures, fit, look, nats, wanted
from blockdiff.texts import Text

from small import SHAPE, student, text
from test_commands import place, trained  # noqa: F401 (a fixture)


def loud(seed: int = 0) -> Chain:
    """One that says something."""
    out = Chain(SHAPE.hidden, 8, gain=5.0)
    torch.manual_seed(seed)
    torch.nn.init.normal_(out.down, std=1.0)
    return out


def tables_of(of) -> Tables:
    return Tables(of.model.embedding, of.model.head_weight)


def test_it_adds_to_the_rows_that_the_head_gets_and_a_fresh_one_adds_nothing():
    tables, hidden = tables_of(student()), torch.randn(6, SHAPE.hidden).half()
    choice, before = choices(hidden, tables), torch.randint(20, 64, (6, 2))
    scores, spread = chained(Chain(SHAPE.hidden, 8), tables, choice, before)
    torch.testing.assert_close(scores, choice.scores)
    torch.testing.assert_close(spread, choice.spread)

    chain = loud()
    logits = (hidden.float() + chain(hidden.float(), tables.embedding[before].flatten(1))) @ tables.head.T
    scores, spread = chained(chain, tables, choice, before)  # the vocabulary is 64 tokens: all are chosen among
    torch.testing.assert_close(scores, logits.gather(1, choice.tokens.long()), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(spread, logits.logsumexp(1), atol=1e-3, rtol=1e-3)
    assert (scores - choice.scores).abs().max() > 1


def test_a_checkpoint_has_it_with_its_gain_in_its_weights():
    chain, hidden, before = loud(), torch.randn(3, SHAPE.hidden), torch.randn(3, 2 * SHAPE.hidden)
    torch.testing.assert_close(read(chain.exported())(hidden, before), chain(hidden, before), rtol=1e-4, atol=1e-4)
    assert read({}) is None


def test_it_is_shown_each_mask_with_the_two_tokens_before_it_and_no_pass_sees_a_later_token():
    of = student()
    seen = look(of, tables_of(of), text(30), every=2)
    ids = text(30).ids
    rows = [(slot + rank, rank) for slot in range(8, 29, 2) for rank in (1, 2, 3) if slot + rank < 30]
    assert seen.ranks.tolist() == [rank for _, rank in rows]
    assert seen.targets.tolist() == [ids[at] for at, _ in rows]
    assert seen.before.tolist() == [[ids[at - 2], ids[at - 1]] for at, _ in rows]

    other = ids.copy()
    other[20:] = 20 + (other[20:] + 7) % 40
    changed = look(of, tables_of(of), Text(other, text(30).answer, True), every=2)
    same = [at - rank <= 20 for at, rank in rows]
    torch.testing.assert_close(changed.choice.hidden[same], seen.choice.hidden[same])
    assert not torch.equal(changed.choice.hidden, seen.choice.hidden)


def test_beside_each_mask_stands_what_the_base_says_when_it_knows_all_before():
    of = student()
    seen, first = look(of, tables_of(of), text(30), every=2), look_ahead(of, text(30), look=2)
    at = torch.tensor([slot + rank - 8 for slot in range(8, 29, 2) for rank in (1, 2, 3) if slot + rank < 30])
    best = seen.base.max(1)  # the vocabulary is 64 tokens: all are chosen among
    assert seen.choice.tokens.gather(1, best.indices[:, None])[:, 0].tolist() == first.tokens[at, 0].tolist()
    np.testing.assert_allclose(best.values.exp().numpy(), first.confidence[at, 0], rtol=1e-3)
    torch.testing.assert_close(seen.base.exp().sum(1), torch.ones(len(at)))


def test_it_learns_what_only_the_tokens_before_tell():
    tables, seen, follows = masks_with_a_rule()
    for own, base, targets in ((1.0, torch.zeros(2000, 64), follows), (0.0, certain(seen.choice, follows), torch.randint(20, 64, (2000,)))):
        told = replace(seen, base=base, targets=targets)
        chain = Chain(SHAPE.hidden, 32, tables.gain)
        fitting = Fitting(rows=64, rate=5e-3, drop=0.0, epochs=40, own=own)
        losses = [nats for _, _, nats in fit(chain, tables, told.take(slice(0, 1800)), fitting)]
        held = replace(told, targets=follows).take(slice(1800, 2000))
        assert losses[-1] < 0.5 * losses[0]
        assert figures(chain, tables, held)["right"][0] > figures(None, tables, held)["right"][0] + 0.3


def masks_with_a_rule() -> tuple[Tables, Seen, torch.Tensor]:
    """Masks whose rows say nothing, and tokens that follow from the two before each."""
    torch.manual_seed(1)
    tables, hidden = tables_of(student()), torch.randn(2000, SHAPE.hidden).half()
    before = torch.randint(20, 64, (2000, 2))
    follows = 20 + (3 * before[:, 1] + before[:, 0]) % 4  # of both
    choice = choices(hidden, tables)
    return tables, Seen(choice, choice.scores, before, follows, torch.ones(2000, dtype=torch.long)), follows


def certain(choice: Choice, tokens: torch.Tensor) -> torch.Tensor:
    """ln of a distribution that is sure of those tokens."""
    return (choice.tokens == tokens[:, None]).float().clamp(min=1e-9).log()


def test_a_token_that_the_pass_does_not_have_among_its_best_makes_it_less_sure():
    seen = masks_with_a_rule()[1]
    nowhere = replace(seen, targets=torch.full((2000,), 64))
    for target, other in ((seen, 0.0), (nowhere, 1.0)):
        assert wanted(target, 1.0)[:, 64].eq(other).all() and wanted(target, 1.0).sum(1).eq(1).all()
    torch.testing.assert_close(nats(nowhere, 1.0, seen.choice.scores, seen.choice.spread), seen.choice.spread - seen.choice.others)


def test_how_far_certainties_are_off_is_the_distance_from_the_share_of_right_ones_tenth_by_tenth():
    right = torch.tensor([1.0, 0.0, 1.0, 1.0])
    assert calibration_error(right, torch.tensor([0.55, 0.55, 0.95, 0.95])) == pytest.approx((2 * 0.05 + 2 * 0.05) / 4)
    assert calibration_error(right, torch.tensor([0.55, 0.55, 0.95, 1.0])) == pytest.approx((2 * 0.05 + 0.05) / 4)
    assert calibration_error(torch.ones(2), torch.tensor([0.1, 0.9])) == pytest.approx((0.9 + 0.1) / 2)


def test_looking_ahead_each_guess_is_behind_the_guess_before_it():
    of, chain, ids = student(), loud(), text(30).ids
    tables = tables_of(of)
    plain, found = look_ahead(of, text(30), look=4), look_ahead(of, text(30), look=4, chain=chain)
    assert np.array_equal(found.tokens[:, 0], plain.tokens[:, 0]) and not np.array_equal(found.tokens, plain.tokens)
    slots = torch.arange(8, 30)
    seen = look(of, tables, text(30), every=1)
    of_second = seen.take(seen.ranks == 2)
    before = torch.stack([torch.from_numpy(ids)[slots], torch.from_numpy(found.tokens[:, 1])], 1)[: len(of_second.targets)]
    scores, spread = chained(chain, tables, of_second.choice, before)
    best = scores.max(1)
    assert of_second.choice.tokens.gather(1, best.indices[:, None])[:, 0].tolist() == found.tokens[: len(before), 2].tolist()
    np.testing.assert_allclose((best.values - spread).exp().detach().numpy(), found.confidence[: len(before), 2], rtol=1e-3)


def test_texts_are_looked_at_until_the_time_is_over():
    of = student()
    some = [text(20, seed=seed) for seed in range(3)]
    assert len(chain_fit.collect(of, tables_of(of), some, 0).targets) == len(look(of, tables_of(of), some[0]).targets)
    whole = chain_fit.collect(of, tables_of(of), some, time.time() + 60)
    assert len(whole.targets) == 3 * len(look(of, tables_of(of), some[0]).targets)


def test_the_command_writes_a_checkpoint_with_it_beside_what_was_there_and_smoothing_keeps_it(place, monkeypatch):  # noqa: F811
    monkeypatch.setattr(commands, "fastest", lambda: torch.bfloat16)
    trained(place, student())
    commands.export_run(Namespace(base=place / "base", run_folder=place / "run", out=place / "made", average=False))
    files = {"base": place / "base", "data": place / "data.jsonl.gz"}
    commands.train_chain(Namespace(**files, model=place / "made", out=place / "chained", minutes=0.01, epochs=40.0, width=64))
    commands.smooth_model(Namespace(**files, model=place / "chained", out=place / "smooth", batches=1, exponent=0.6, like=None))
    made, chained_, smooth = (checkpoint.read_folder(place / name)[1:] for name in ("made", "chained", "smooth"))
    assert (made[0].mask_chain, chained_[0].mask_chain, smooth[0].mask_chain) == (0, 64, 64)
    assert read(made[1]) is None and all(torch.equal(value, chained_[1][name]) for name, value in made[1].items())
    for name, value in read(chained_[1]).exported().items():
        assert torch.equal(value, smooth[1][name]) and value.abs().max() > 0

"""Masks' neurons: tokens never meet them, and two streams compute what one pass over all rows would."""

import random

import torch
import torch.nn.functional as F

from blockdiff.batch import pack, pack_drawn
from blockdiff.carry import Group
from blockdiff.forms import CarryOver
from blockdiff.model import rope
from blockdiff.neurons import MaskNeurons
from blockdiff.sampling import Masking

from small import FAMILY, SHAPE, student, text


def batch_of(texts=None, holes: float = 0.5):
    return pack_drawn(texts or [text(30), text(24, seed=1)], CarryOver(), Masking(holes=holes), random.Random(0), FAMILY, torch.float32)


@torch.no_grad()
def in_one_pass(trained, batch):
    """All rows together, each with the neurons that it has."""
    model = trained.model
    masked = torch.zeros(len(batch.ids), 1).index_fill(0, batch.masks, 1)
    x = torch.where((batch.ids == FAMILY.mask)[:, None], trained.mask, model.embedding[batch.ids])
    cos, sin = rope(batch.positions, model.shape, x.dtype)
    for number, layer in enumerate(model.layers):
        x = x + F.linear(batch.packed.attend(*layer.heads(x, cos, sin)), layer.out)
        normal = layer.norm(x, layer.norm2)
        gate, up = F.linear(normal, layer.gate_up).chunk(2, -1)
        more = F.linear(trained.neurons.opened(number, normal), trained.neurons.down[number])
        x = x + F.linear(F.silu(gate) * up, layer.down) + masked * more
    return F.rms_norm(x, (model.shape.hidden,), model.final_norm, model.shape.epsilon)


def test_two_streams_compute_what_one_pass_computes():
    trained, batch = student(), batch_of()
    assert len(batch.masks) < len(batch.ids) - 54  # some known tokens stand right of masks
    torch.testing.assert_close(trained(batch)[0], in_one_pass(trained, batch), atol=1e-4, rtol=1e-4)


def test_rows_of_tokens_are_the_bases_to_the_bit_and_rows_of_masks_are_not():
    batch = batch_of()
    with torch.no_grad():
        none, some = student(neurons=0)(batch)[0], student()(batch)[0]
    tokens = torch.ones(len(batch.ids), dtype=torch.bool).index_fill(0, batch.masks, False)
    assert torch.equal(none[tokens], some[tokens])
    assert ((none - some)[batch.masks].abs().amax(-1) > 1e-3).all()


def test_fresh_neurons_add_nothing():
    batch, trained = batch_of(), student()
    trained.neurons = MaskNeurons(SHAPE, 8)
    with torch.no_grad():
        torch.testing.assert_close(trained(batch)[0], student(neurons=0)(batch)[0])


def test_no_guess_depends_on_tokens_that_it_may_not_see():
    """Its row changes with every token before the group's start, and with none from there on."""
    of = text()
    groups = [(Group(10, (True,) * 4), 24), (Group(15, (True,) * 3), 24)]

    def rows(ids):
        changed = type(of)(ids, of.answer, of.ended)
        batch = pack([(changed, groups)], CarryOver(), FAMILY, torch.float32)
        with torch.no_grad():
            return student()(batch)[0][batch.masks]

    before = rows(of.ids)
    for slot in range(len(of.ids)):
        ids = of.ids.copy()
        ids[slot] = 20 if ids[slot] != 20 else 21
        moved = (rows(ids) - before).abs().amax(-1) > 0
        assert moved.tolist() == [slot < 10] * 3 + [slot < 15] * 2


def test_gradients_reach_neurons_and_the_masks_embedding_alone():
    trained, batch = student(), batch_of()
    trained(batch)[0][batch.masks].square().sum().backward()
    assert all(p.grad is None for p in trained.model.parameters())
    assert all(p.grad.abs().sum() > 0 for p in [trained.mask, *trained.neurons.parameters()])

"""The carry-over form against decodings recorded by another implementation, and its laws."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from blockdiff.attention import Chunk, Packed, Part
from blockdiff.carry import Group, chunks, group_rows, sees
from blockdiff.model import Model, Shape
from blockdiff.weights import build, load

GOLDEN = Path(__file__).parents[3] / "test/golden/data"
MASK, CARRY = 505, 506


def tiny() -> Model:
    folder = GOLDEN / "carry-tiny"
    config = json.loads((folder / "config.json").read_text())
    shape = Shape(
        layers=config["num_hidden_layers"], hidden=config["hidden_size"], heads=config["num_attention_heads"], kv_heads=config["num_key_value_heads"],
        head_dim=config["head_dim"], intermediate=config["intermediate_size"], vocabulary=config["vocab_size"], theta=config["rope_theta"], epsilon=config["rms_norm_eps"],
    )
    return build(shape, load(folder / "model.safetensors"))


@torch.no_grad()
def logits(model: Model, clean: list[int], groups: list[Group], tokens: list[int], share_first: bool = False, size: int = 1000):
    """Logits of the clean rows and of the groups' rows."""
    rows = group_rows(groups, np.array(tokens), MASK, share_first)
    ids = torch.tensor(clean + rows.ids.tolist())
    carry = torch.tensor([0.0] * len(clean) + rows.carry.astype(float).tolist())
    positions = torch.tensor(list(range(len(clean))) + rows.positions.tolist())
    n = len(clean)
    parts = []
    for run in chunks(rows, size):
        some = rows.take(run)
        parts.append(Chunk(slice(n + run.start, n + run.stop), slice(0, n), torch.from_numpy(sees(some, n))))
    x = model.embedding[ids] + carry[:, None] * model.embedding[CARRY]
    hidden, _ = model(x, positions, Packed([Part(slice(0, n), None, parts)]).attend)
    out = hidden @ model.head_weight.T
    return out[:n], out[n:], rows


def traces():
    path = GOLDEN / "decode/carry.json"
    return json.loads(path.read_text())["traces"] if path.exists() else []


@pytest.mark.parametrize("trace", [t for t in traces() if "steps" in t], ids=lambda t: t["id"])
def test_every_step_of_a_block_decoding_predicts_what_was_recorded(trace):
    model, length, temperature = tiny(), trace["settings"]["block_length"], trace["settings"]["temperature"]
    known = dict(enumerate(trace["prompt"]))
    for step in trace["steps"]:
        first, end = step["masked"][0], (step["block"] + 1) * length
        tokens = [known.get(slot, 0) for slot in range(end)]
        group = Group(first, tuple(slot in step["masked"] for slot in range(first, end)))
        _, out, rows = logits(model, tokens[:first], [group], tokens)
        best = (out[rows.masked] / temperature).softmax(-1).max(-1)
        if trace["settings"]["top_k"] == 1:
            assert best.indices.tolist() == step["tokens"]
            np.testing.assert_allclose(best.values, step["confidence"], atol=1e-4)
        known.update({slot: token for slot, token in zip(step["masked"], step["tokens"]) if slot in step["unmasked"]})


@pytest.mark.parametrize("trace", [t for t in traces() if "passes" in t], ids=lambda t: t["id"])
def test_guesses_ahead_of_a_self_speculative_pass_are_those_recorded(trace):
    model, temperature = tiny(), trace["settings"]["temperature"]
    ids, greedy = trace["ids"], trace["settings"]["top_k"] == 1
    for step in trace["passes"]:
        drafts = [i for i, kind in zip(step["ids"], step["kinds"]) if kind == "d"]
        known = ids[: step["start"]] + drafts
        group = Group(len(known), (True,) * (1 + len(step["ahead"])))
        _, out, _ = logits(model, known, [group], known + [0] * len(group.masked))
        best = (out / temperature).softmax(-1).max(-1)
        if greedy:
            assert best.indices[1:].tolist() == step["ahead"]
            assert best.indices[0] == step["verified"][-1]
            np.testing.assert_allclose(best.values[1:], step["ahead_confidence"], atol=1e-4)


def text_and_groups():
    tokens = np.random.default_rng(1).integers(0, 500, 40).tolist()
    groups = [Group(10, (True, True, False, True)), Group(13, (True,) * 5), Group(17, (True, False, False, True, True)), Group(22, (True, True))]
    return tokens, groups


def test_with_a_carry_embedding_of_zero_the_clean_stream_stands_for_the_first_masks():
    model, (tokens, groups) = tiny(), text_and_groups()
    model.embedding.data[CARRY] = 0
    _, own, rows = logits(model, tokens, groups, tokens)
    clean, shared, fewer = logits(model, tokens, groups, tokens, share_first=True)
    assert len(fewer) == len(rows) - 2
    kept = ~((rows.ranks == 0) & np.isin(rows.groups, [1, 3]))
    torch.testing.assert_close(shared, own[kept], atol=1e-4, rtol=1e-4)
    firsts = rows.slots[~kept] - 1
    torch.testing.assert_close(clean[firsts], own[~kept], atol=1e-4, rtol=1e-4)


def test_a_group_sees_no_token_from_its_first_mask_on_but_its_known_ones():
    model, (tokens, groups) = tiny(), text_and_groups()
    _, before, rows = logits(model, tokens, groups, tokens)
    changed = list(tokens)
    changed[13] = (tokens[13] + 1) % 500  # known to group 0 as a hidden slot, the start of group 1, clean to the later ones
    _, after, _ = logits(model, changed, groups, changed)
    moved = (before - after).abs().amax(-1).numpy() > 1e-6
    assert not moved[np.isin(rows.groups, [0, 1])].any()
    assert moved[np.isin(rows.groups, [2, 3])].all()


def test_a_mask_does_not_see_the_token_it_carries_nor_a_token_a_mask():
    rows = group_rows([Group(3, (True, False, True, False))], np.arange(10), MASK)
    seen = sees(rows, 3) > -1
    assert rows.slots.tolist() == [3, 4, 5, 6] and rows.positions.tolist() == [2, 4, 4, 6] and rows.ids.tolist() == [2, 4, 4, 6]
    assert rows.carry.tolist() == [True, False, True, False]
    assert seen.astype(int).tolist() == [
        [1, 1, 0, 1, 1, 0, 1],  # the first mask: not its own token, no other mask, the known tokens on its right
        [1, 1, 1, 0, 1, 0, 0],
        [1, 1, 1, 1, 0, 1, 1],  # the second: not the token at 4 that it carries
        [1, 1, 1, 0, 1, 0, 1],
    ]


def test_cutting_the_rows_into_chunks_changes_nothing():
    model, (tokens, groups) = tiny(), text_and_groups()
    _, whole, _ = logits(model, tokens, groups, tokens)
    _, cut, _ = logits(model, tokens, groups, tokens, size=6)
    torch.testing.assert_close(whole, cut, atol=1e-4, rtol=1e-4)

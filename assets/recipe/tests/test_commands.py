"""A run goes through its commands: trained, exported, smoothed, read again."""

from argparse import Namespace

import pytest
import torch

from blockdiff import checkpoint, commands, weights
from blockdiff.student import WholeStudent
from blockdiff.texts import write
from blockdiff.train import Settings, Trainer

from small import FAMILY, SHAPE, small, student, text


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a base, conversations and the family of both."""
    monkeypatch.setattr(commands, "family_of", lambda shape: FAMILY)
    monkeypatch.setattr(checkpoint, "family_of", lambda shape: FAMILY)
    checkpoint.write_folder(tmp_path / "base", checkpoint.config_of(SHAPE, "carry", FAMILY), weights.hugging_face(small()), torch.float32, tmp_path)
    write([text(40, seed=seed) for seed in range(commands.HELD + 30)], tmp_path / "data.jsonl.gz")
    return tmp_path


def trained(place, of):
    settings = Settings(folder=place / "run", form="sdar" if isinstance(of, WholeStudent) else "carry", steps=2, rate=1e-2, warm_up=1, cool_down=1, tokens=40, keep=(0, 1))
    trainer = Trainer(of, [text(40, seed=seed) for seed in range(6)], settings, torch.float32)
    trainer.run()
    return trainer.student


def smoothed(place, name, exponent, like):
    commands.smooth_model(Namespace(base=place / "base", data=place / "data.jsonl.gz", model=place / "made", out=place / name, batches=1, exponent=exponent, like=like))
    _, shape, values = checkpoint.read_folder(place / name)
    return weights.build(shape, values).layers.state_dict()


@pytest.mark.parametrize("neurons", [8, 24])
def test_a_run_is_exported_smoothed_and_read_again(place, neurons):
    own = trained(place, student(neurons=neurons))
    commands.export_run(Namespace(base=place / "base", run_folder=place / "run", out=place / "made", average=False))
    smoothed(place, "smooth", exponent=0.6, like=None)
    for folder in ("made", "smooth"):
        again = commands.with_neurons(place / "base", place / folder, 0, torch.float32)
        torch.testing.assert_close(again.mask, own.mask)
        rows = torch.randn(5, SHAPE.hidden)
        for layer in range(SHAPE.layers):
            outs = [each.neurons.opened(layer, rows) @ each.neurons.down[layer].T for each in (again, own)]
            torch.testing.assert_close(*outs)


def test_a_base_is_smoothed_like_that_of_another_model(place):
    trained(place, student())
    commands.export_run(Namespace(base=place / "base", run_folder=place / "run", out=place / "made", average=False))
    first, otherwise = smoothed(place, "first", 0.6, None), smoothed(place, "otherwise", 0.1, None)
    alike = smoothed(place, "alike", 0.1, place / "first")
    assert any(not torch.equal(first[name], otherwise[name]) for name in first)
    assert all(torch.equal(first[name], alike[name]) for name in first)


def test_a_whole_model_is_exported_with_what_it_started_from(place):
    other = small()
    other.layers[1].norm2.data *= 2
    own = trained(place, WholeStudent(other, small(), torch.float32, FAMILY))
    commands.export_run(Namespace(base=place / "base", run_folder=place / "run", out=place / "made", average=False))
    _, shape, values = checkpoint.read_folder(place / "made")
    assert shape == SHAPE
    exported = own.exported()
    assert values.keys() == exported.keys() and all(torch.equal(values[name], exported[name]) for name in values)


def test_a_folder_without_neurons_is_refused(place):
    with pytest.raises(ValueError, match="no neurons for masks alone"):
        commands.with_neurons(place / "base", place / "base", 0, torch.float32)

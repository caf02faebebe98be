"""A model and texts small enough for a test."""

import numpy as np
import torch

from blockdiff.family import Family
from blockdiff.model import Model, Shape
from blockdiff.neurons import MaskNeurons
from blockdiff.student import MaskStudent
from blockdiff.texts import Text

SHAPE = Shape(layers=2, hidden=32, heads=4, kv_heads=2, head_dim=8, intermediate=48, vocabulary=64, theta=10_000.0, epsilon=1e-5)
FAMILY = Family(mask=16, carry=15, stop=2, end=0, system="", opening="")


def student(model: Model | None = None, neurons: int = 8, seed: int = 3) -> MaskStudent:
    """With neurons that do something."""
    own = MaskNeurons(SHAPE, neurons)
    torch.manual_seed(seed)
    for parameter in own.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return MaskStudent(model or small(), own, torch.float32, FAMILY)


def small(seed: int = 0) -> Model:
    torch.manual_seed(seed)
    model = Model(SHAPE)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.2)
    model.embedding.data[15] = 0
    return model


def text(length: int = 24, prompt: int = 8, seed: int = 0, ended: bool = True) -> Text:
    ids = np.random.default_rng(seed).integers(20, 64, length)
    return Text(ids, np.arange(length) >= prompt, ended)

"""The two forms a model can be trained in; a form says which rows a step has and what they see."""

import random
from typing import Literal, Protocol

import numpy as np

from . import carry
from .carry import Group, Rows
from .sampling import Masking, draw
from .sdar import Sdar
from .texts import Text

FormName = Literal["carry", "sdar"]
SDAR_BLOCKS = ((4, 0.5), (8, 0.3), (16, 0.2))


class Form(Protocol):
    def draw(self, text: Text, masking: Masking, random_: random.Random) -> list[tuple[Group, int]]:
        """Groups over the text's answers, each with the slot its answer ends at; sorted by start."""

    def rows(self, groups: list[Group], tokens: np.ndarray, mask: int) -> Rows: ...

    def sees(self, rows: Rows, clean: int) -> np.ndarray:
        """Additive mask f32 [rows, clean + rows]."""

    def clean(self, length: int) -> np.ndarray | None:
        """Additive mask f32 [length, length] of the clean stream; None: causal."""


class CarryOver:
    """Causal context, carry-over masks; first masks have no row of their own where the token stream has it."""

    def draw(self, text: Text, masking: Masking, random_: random.Random) -> list[tuple[Group, int]]:
        return draw(text, masking, random_)

    def rows(self, groups: list[Group], tokens: np.ndarray, mask: int) -> Rows:
        return carry.group_rows(groups, tokens, mask)

    def sees(self, rows: Rows, clean: int) -> np.ndarray:
        return carry.sees(rows, clean)

    def clean(self, length: int) -> None:
        return None


def form_of_a_step(name: FormName, random_: random.Random) -> Form:
    if name == "carry":
        return CarryOver()
    blocks, shares = zip(*SDAR_BLOCKS)
    return Sdar(random_.choices(blocks, shares)[0])

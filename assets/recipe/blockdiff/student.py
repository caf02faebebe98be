"""The model under training, in one of two ways: masks' own neurons beside a base that stays, or the whole model (SDAR's form)."""

from abc import abstractmethod

import torch
from torch import Tensor, nn

from . import streams, weights
from .attention import without_chunks
from .batch import Batch
from .family import Family
from .losses import Loss, Vocabulary, Weights, losses
from .model import Model
from .neurons import MaskNeurons, widened

Rows = tuple[Tensor, list[Tensor]]
"""(normalised last hidden rows, the residuals after the kept layers)"""


class Student(nn.Module):
    """The embedding stays as it is, but for the mask's own row."""

    def __init__(self, model: Model, dtype: torch.dtype, family: Family):
        super().__init__()
        self.model, self.family = model.to(dtype).requires_grad_(False), family
        self.mask = nn.Parameter(model.embedding[family.mask].detach().clone())

    @abstractmethod
    def forward(self, batch: Batch, keep: tuple[int, ...] = ()) -> Rows: ...

    @abstractmethod
    def models(self, batch: Batch, kept: list[Tensor], keep: tuple[int, ...]) -> list[Tensor]:
        """What masks' residuals are to be like, at the rows `batch.twins`."""

    @abstractmethod
    def exported(self) -> dict[str, Tensor]:
        """f32 weights by Hugging Face name."""

    def loss(self, batch: Batch, vocabulary: Vocabulary, weights_: Weights, keep: tuple[int, ...]) -> Loss:
        keep = keep if weights_.hidden else ()
        hidden, kept = self(batch, keep)
        return losses(hidden, kept, self.models(batch, kept, keep) if keep else [], batch, self.model.head_weight[vocabulary.tokens], vocabulary, weights_)

    def untrained(self) -> dict[str, Tensor]:
        """What a run keeps of the weights that it started from: none where they are the base's."""
        return {}

    def load_untrained(self, kept: dict[str, Tensor]) -> None:
        self.model.load_state_dict(kept, strict=False)

    def of_model(self) -> dict[str, Tensor]:
        with torch.no_grad():
            self.model.embedding[self.family.mask] = self.mask
        return weights.hugging_face(self.model)


class MaskStudent(Student):
    """Trains masks' neurons and embedding; the base itself is what their hidden rows are to be like."""

    def __init__(self, model: Model, neurons: MaskNeurons, dtype: torch.dtype, family: Family):
        super().__init__(model, dtype, family)
        self.neurons = neurons.to(dtype)

    def forward(self, batch: Batch, keep: tuple[int, ...] = (), look: streams.Look | None = None) -> Rows:
        return streams.run(self.model, self.neurons, self.mask, self.family.mask, batch, keep, look)

    def models(self, batch: Batch, kept: list[Tensor], keep: tuple[int, ...]) -> list[Tensor]:
        return [rows.detach() for rows in kept]

    def exported(self) -> dict[str, Tensor]:
        return widened(self.of_model(), self.neurons)


class WholeStudent(Student):
    """Trains all matrices; in SDAR's form no row of its own computes what a mask should, so the original is the teacher."""

    def __init__(self, model: Model, teacher: Model, dtype: torch.dtype, family: Family):
        super().__init__(model, dtype, family)
        self.teacher = teacher.to(dtype).requires_grad_(False)
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(name.startswith("layers.") and parameter.ndim == 2)

    def forward(self, batch: Batch, keep: tuple[int, ...] = ()) -> Rows:
        x = torch.where((batch.ids == self.family.mask)[:, None], self.mask, self.model.embedding[batch.ids])
        return self.model(x, batch.positions, batch.packed.attend, keep)

    @torch.no_grad()
    def models(self, batch: Batch, kept: list[Tensor], keep: tuple[int, ...]) -> list[Tensor]:
        """The original's residuals at the clean rows (zeros elsewhere)."""
        rows = batch.packed.clean_rows().to(batch.ids.device)
        lengths = [part.clean.stop - part.clean.start for part in batch.packed.parts]
        _, found = self.teacher(self.teacher.embedding[batch.ids[rows]], batch.positions[rows], without_chunks(lengths).attend, keep)
        return [x.new_zeros(len(batch.ids), x.shape[1]).index_copy(0, rows, x) for x in found]

    def untrained(self) -> dict[str, Tensor]:
        """The norms: those of a smoothed model are not the base's."""
        return {name: p.detach() for name, p in self.model.named_parameters() if p.ndim == 1}

    def exported(self) -> dict[str, Tensor]:
        return self.of_model()

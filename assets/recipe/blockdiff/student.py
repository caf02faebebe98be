"""The model under training: the base's embedding stays as it is, but for the mask's own row."""

import torch
from torch import Tensor, nn

from .attention import without_chunks
from .batch import Batch
from .family import Family
from .losses import Loss, Vocabulary, Weights, losses
from .model import Model


class Student(nn.Module):
    """Trains the matrices of the layers from `first_layer` on and the mask's embedding; all else is frozen.

    Norms too: merging (merge.py) puts the base's in their place, and what was trained beside others would be lost.
    """

    def __init__(self, model: Model, dtype: torch.dtype, family: Family, first_layer: int = 0, teacher: Model | None = None):
        """teacher: the original, where the clean stream can't play its part (SDAR's form)."""
        super().__init__()
        self.model, self.family = model.to(dtype), family
        self.teacher = teacher.to(dtype).requires_grad_(False) if teacher else None
        self.mask = nn.Parameter(model.embedding[family.mask].detach().clone())
        for name, parameter in model.named_parameters():
            trained = name.startswith("layers.") and int(name.split(".")[1]) >= first_layer and parameter.ndim == 2
            parameter.requires_grad_(trained)

    def forward(self, batch: Batch, keep: tuple[int, ...] = ()) -> tuple[Tensor, list[Tensor]]:
        return self.model(self.embed(batch), batch.positions, batch.packed.attend, keep)

    def embed(self, batch: Batch) -> Tensor:
        x = self.model.embedding[batch.ids] + batch.carry[:, None].to(self.mask.dtype) * self.model.embedding[self.family.carry]
        return torch.where((batch.ids == self.family.mask)[:, None], self.mask, x)

    def loss(self, batch: Batch, vocabulary: Vocabulary, weights: Weights, keep: tuple[int, ...]) -> Loss:
        keep = keep if weights.hidden else ()
        hidden, kept = self(batch, keep)
        models = self.teacher_rows(batch, keep) if self.teacher else [rows.detach() for rows in kept]
        return losses(hidden, kept, models, batch, self.model.head_weight[vocabulary.tokens], vocabulary, weights)

    @torch.no_grad()
    def teacher_rows(self, batch: Batch, keep: tuple[int, ...]) -> list[Tensor]:
        """The original's residuals at the clean rows (zeros elsewhere)."""
        rows = batch.packed.clean_rows()
        lengths = [part.clean.stop - part.clean.start for part in batch.packed.parts]
        _, kept = self.teacher(self.teacher.embedding[batch.ids[rows]], batch.positions[rows], without_chunks(lengths).attend, keep)
        return [torch.zeros(len(batch.ids), x.shape[1], dtype=x.dtype).index_copy(0, rows, x) for x in kept]

    def frozen_layers(self) -> dict[str, Tensor]:
        """What a run keeps of the weights that it started from; embeddings are the base's."""
        return {name: p.detach() for name, p in self.model.named_parameters() if name.startswith("layers.") and not p.requires_grad}

    def store_mask(self) -> None:
        """Writes the mask's row where an exported model looks for it."""
        with torch.no_grad():
            self.model.embedding[self.family.mask] = self.mask

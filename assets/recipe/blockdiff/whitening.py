"""Steps that move what masks compute and hardly what tokens compute.

Both kinds of row go through the same matrices from different directions (merge.py). So a step is taken in coordinates in which
the matrix's inputs are white, tokens counted `strength` times: with W = D A^-1 trained as D, where A = (M + strength C + R)^-1/2,
a direction that tokens use much is moved little, one that only masks use is moved more. Nothing but the optimiser changes.
Kin: FOOF (arXiv 2201.12250) and K-FAC's input factor; here the factor is fixed and also says whom to spare.
"""

import torch
from torch import Tensor

from .merge import Moments, ridge_of


@torch.no_grad()
def whitening(clean: Tensor, masked: Tensor, strength: float) -> Tensor:
    """A of one matrix, [inputs, inputs], symmetric; scaled so that masks' inputs keep their mean square if tokens had none."""
    c, m = clean.double(), masked.double()
    both = m + strength * c + ridge_of(c, m)
    values, vectors = torch.linalg.eigh(both)
    return ((vectors * values.clamp(min=1e-12).rsqrt()) @ vectors.T * m.diagonal().mean().sqrt()).float()


def whitenings(clean: Moments, masked: Moments, strength: float) -> dict[str, Tensor]:
    """By the matrix's name in the model."""
    return {f"layers.{layer}.{name}": whitening(clean[layer, name], masked[layer, name], strength) for layer, name in clean}

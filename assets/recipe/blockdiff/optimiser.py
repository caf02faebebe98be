"""AdamW over one flat f32 master copy; the model computes with views of a flat copy in its own precision."""

import torch
from torch import Tensor, nn


def slope(step: int, steps: int, warm_up: int, cool_down: float) -> float:
    """Share of the learning rate at a step: up over the first `warm_up`, a plateau, down in a straight line over the last `cool_down`."""
    return min(1.0, (step + 1) / warm_up, (steps - step) / max(1, cool_down))


class Flat:
    """The trained parameters of a model (those that require a gradient), one after another."""

    def __init__(self, model: nn.Module, dtype: torch.dtype, rate: float):
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.master = torch.cat([p.detach().float().reshape(-1) for p in self.parameters])
        self.work = self.master.to(dtype, copy=True)
        self.gradient = torch.zeros_like(self.master)
        self.slices: list[slice] = []
        begin = 0
        for p in self.parameters:
            end = begin + p.numel()
            p.data = self.work[begin:end].view_as(p)
            self.slices.append(slice(begin, end))
            begin = end
        self.average = self.master.clone()
        self.adam = torch.optim.AdamW([self.master], lr=rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)

    def step(self, rate: float, clip: float = 1.0) -> float:
        """One update from the parameters' gradients; returns their norm."""
        for parameter, place in zip(self.parameters, self.slices):
            self.gradient[place].copy_(parameter.grad.reshape(-1))
            parameter.grad = None
        norm = float(self.gradient.norm())
        self.master.grad = self.gradient.mul_(min(1.0, clip / (norm + 1e-6)))
        self.adam.param_groups[0]["lr"] = rate
        self.adam.step()
        self.master.grad = None
        self.work.copy_(self.master)
        return norm

    def blend_average(self, share: float) -> None:
        """Moves the running average `share` of the way to the present weights."""
        self.average.lerp_(self.master, share)

    def state(self) -> dict:
        return {"master": self.master, "average": self.average, "adam": self.adam.state_dict()["state"]}

    def restore(self, state: dict) -> None:
        self.master.copy_(state["master"])
        self.average.copy_(state["average"])
        groups = self.adam.state_dict()["param_groups"]
        self.adam.load_state_dict({"state": state["adam"], "param_groups": groups})
        self.work.copy_(self.master)

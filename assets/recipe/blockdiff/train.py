"""The training loop: resumable, a log line a step, metrics as JSON lines."""

import json
import math
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from .batch import Batch, pack_drawn
from .family import Family
from .forms import FormName, form_of_a_step
from .losses import Vocabulary, Weights
from .optimiser import Flat, slope
from .sampling import Masking
from .student import Student
from .texts import Text


@dataclass(frozen=True)
class Settings:
    folder: Path
    form: FormName = "carry"
    steps: int = 10_000
    rate: float = 2e-3
    warm_up: int = 20
    cool_down: int = 200
    """the last steps, in which the rate falls to nothing"""
    cool_minutes: float = 0
    """the same by the clock, if a run has a time to end at: for machines that are shared"""
    tokens: int = 900
    """clean tokens a step; the rows of the groups come on top"""
    keep: tuple[int, ...] = (9, 14, 19, 24, 27, 29)
    """layers whose residuals are compared"""
    save_seconds: float = 300
    seed: int = 0
    masking: Masking = field(default_factory=Masking)
    weights: Weights = field(default_factory=Weights)


def rate_at(step: int, settings: Settings, minutes_left: float = math.inf) -> float:
    """Warm-up, a plateau, then down in a straight line over the last steps or minutes."""
    shape = slope(step, settings.steps, settings.warm_up, settings.cool_down)
    ending = minutes_left / settings.cool_minutes if settings.cool_minutes else 1.0
    return settings.rate * max(0.0, min(shape, ending))


def stream(texts: list[Text], settings: Settings, family: Family, random_: random.Random, dtype: torch.dtype) -> Iterator[Batch]:
    """Endless batches of about `tokens` clean tokens."""
    while True:
        order = list(range(len(texts)))
        random_.shuffle(order)
        some, size = [], 0
        for index in order:
            some.append(texts[index])
            size += len(texts[index].ids)
            if size >= settings.tokens:
                yield pack_drawn(some, form_of_a_step(settings.form, random_), settings.masking, random_, family, dtype)
                some, size = [], 0


def used_vocabulary(texts: list[Text], size: int, family: Family) -> Vocabulary:
    """Tokens that the texts use."""
    has = torch.zeros(size, dtype=torch.bool)
    for text in texts:
        has[torch.from_numpy(text.ids)] = True
    has[family.end] = True
    return Vocabulary(has.nonzero()[:, 0], size)


class Trainer:
    def __init__(self, student: Student, texts: list[Text], settings: Settings, dtype: torch.dtype = torch.bfloat16, device: str = "cpu"):
        self.settings, self.dtype, self.device, self.family = settings, dtype, device, student.family
        self.student = student.to(device)
        settings.folder.mkdir(parents=True, exist_ok=True)
        self.flat = Flat(self.student, dtype, settings.rate)
        self.vocabulary = used_vocabulary(texts, student.model.shape.vocabulary, student.family).to(device)
        self.step = 0
        self.seconds = 0.0
        self.asked_to_stop = False
        self.path = settings.folder / "state.pt"
        if self.path.exists():
            self.restore()
        self.batches = stream(texts, settings, student.family, random.Random(settings.seed * 1_000_003 + self.step), dtype)

    def run(self, until: float | None = None, every: float = 900, watch=None) -> None:
        """Trains to the last step or to the time `until`; `watch(trainer)` looks in at the start and `every` seconds.

        SIGTERM ends the run after the step it is in; the state is saved.
        """
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "asked_to_stop", True))
        saved = time.time()
        watched = 0.0
        log = (self.settings.folder / "log.jsonl").open("a", buffering=1)
        while not self.asked_to_stop and self.step < self.settings.steps and (until is None or time.time() < until):
            if watch and time.time() - watched > every:
                watch(self)
                watched = time.time()
            line = self.one((until - time.time()) / 60 if until else math.inf)
            log.write(json.dumps(line) + "\n")
            if self.step % 10 == 0:
                print(" ".join(f"{name} {value}" for name, value in line.items()), flush=True)
            if time.time() - saved > self.settings.save_seconds:
                self.save()
                saved = time.time()
        self.save()
        if watch:
            watch(self)

    def one(self, minutes_left: float = math.inf) -> dict:
        """One step; returns its log line."""
        began = time.perf_counter()
        batch = next(self.batches).to(self.device)
        loss = self.student.loss(batch, self.vocabulary, self.settings.weights, self.settings.keep)
        loss.total.backward()
        norm = self.flat.step(rate_at(self.step, self.settings, minutes_left))
        self.step += 1
        if self.step % 10 == 0:
            self.flat.blend_average(max(0.1, 1 / (1 + self.step / 10)))
        spent = time.perf_counter() - began
        self.seconds += spent
        accuracy = [round(right / count, 3) if count else None for right, count in loss.right[1:5]]
        return {
            "step": self.step, "minutes": round(self.seconds / 60, 2), "guess": round(loss.guess, 3), "hidden": round(loss.hidden, 3),
            "right": accuracy, "norm": round(norm, 2), "rows": len(batch.ids), "seconds": round(spent, 2),
        }

    def save(self) -> None:
        beside = self.path.with_suffix(".part")
        facts = {"step": self.step, "seconds": self.seconds, "form": self.settings.form, "untrained": self.student.untrained()}
        torch.save(facts | self.flat.state(), beside)
        beside.replace(self.path)

    def restore(self) -> None:
        state = torch.load(self.path, weights_only=True, mmap=True, map_location="cpu")
        self.step, self.seconds = state["step"], state["seconds"]
        self.flat.restore(state)
        self.student.load_untrained(state["untrained"])

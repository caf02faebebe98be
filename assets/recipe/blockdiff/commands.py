"""The commands: each reads folders and files, calls one part of the recipe, writes folders and files."""

import json
import random
import time
from argparse import Namespace
from pathlib import Path

import torch

from . import base, checkpoint, examination, plot, pointwise, shipped, texts, weights
from .answers import make
from .batch import Batch
from .evaluate import figures
from .family import SMOLLM2, Family, family_of
from .losses import Weights
from .merge import merge, moments
from .model import Model, Shape
from .precision import fastest
from .prompts import distinct
from .sampling import Masking
from .smoothing import peaks, smooth, unsmooth
from .student import Student
from .teacher import Targets, remember
from .train import Settings, Trainer, stream

HELD = 48  # conversations at the head of a data file that are never trained on
ASSETS = Path(__file__).parents[2]


def open_model(folder: Path) -> tuple[dict, Shape, dict[str, torch.Tensor]]:
    """A checkpoint folder, or a model folder of sdar-chat."""
    return shipped.read(folder) if (folder / "model.onnx").exists() else checkpoint.read_folder(folder)


def tokenizer(folder: Path):
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def fetch_base(a: Namespace) -> None:
    """download the base model and write it as a checkpoint folder"""
    values = base.with_masks(base.read_gguf(base.fetch(a.out / "download"), base.SMOLLM2), SMOLLM2.mask, SMOLLM2.carry)
    checkpoint.write_folder(a.out, checkpoint.config_of(base.SMOLLM2, "carry") | {"trained_block_lengths": [1]}, values, torch.float32, a.tokenizer)


def write_prompts(a: Namespace) -> None:
    """print prompts, one a line"""
    print("\n".join(distinct(a.count, a.seed, a.evaluation)))


def make_answers(a: Namespace) -> None:
    """let the base answer prompts greedily; writes conversations"""
    _, shape, values = open_model(a.base)
    model, encode = weights.build(shape, values).to(fastest()), tokenizer(a.base)
    began, out = time.time(), []
    for batch in make(model, lambda text: encode.encode(text, add_special_tokens=False).ids, family_of(shape), a.count, a.seed, a.evaluation):
        out += batch
        texts.write(out, a.out)
        count = sum(int(text.answer.sum()) for text in out)
        print(f"{len(out)} conversations, {count} answer tokens, {count / (time.time() - began):.0f} a second", flush=True)


def make_evaluation(a: Namespace) -> None:
    """write the evaluation's questions and conversations: held out of training, answered by the base in f32"""
    _, shape, values = open_model(a.base)
    encode = tokenizer(a.base)
    original = examination.Original(weights.build(shape, values), lambda text: encode.encode(text, add_special_tokens=False).ids, encode.decode, family_of(shape))
    earlier = [row["prompt"] for row in examination.read_lines(a.out / "earlier-prompts.jsonl.gz")]
    examination.write_lines(examination.right_questions(original, earlier, 600, a.seed), a.out / "questions.jsonl")
    examination.write_lines(examination.held_conversations(original, earlier, 300, a.seed), a.out / "conversations.jsonl.gz")


def read_data(a: Namespace) -> tuple[list[texts.Text], Targets, Model, dict[str, torch.Tensor]]:
    """The data, what the base says to it (asked once, kept beside it), and the base."""
    conversations = texts.read(a.data)
    _, shape, values = open_model(a.base)
    original = weights.build(shape, values)
    targets = remember(a.data.with_suffix(".targets.npz"), original.to(fastest()), conversations)
    return conversations, targets, weights.build(shape, values), values


def part(conversations: list[texts.Text], targets: Targets, some: slice) -> tuple[list[texts.Text], Targets]:
    return conversations[some], Targets(targets.tokens[some], targets.probabilities[some])


def run_training(a: Namespace) -> None:
    """train, or go on training, in a run folder"""
    pointwise.fuse()
    conversations, targets, original, values = read_data(a)
    held, training = part(conversations, targets, slice(HELD)), part(conversations, targets, slice(HELD, None))
    start = beginning(a, values, family_of(original.shape)) if a.form == "carry" else open_model(a.init)[2] if a.init else values
    sdar = a.form == "sdar"
    settings = Settings(
        folder=a.run_folder, form=a.form, steps=a.steps, rate=a.rate, cool_down=a.cool_down, cool_minutes=a.cool_minutes, tokens=a.tokens, first_layer=a.first_layer,
        weights=Weights(hold=0.0 if sdar else a.hold, hidden=a.hidden, soft=a.soft), spare=a.spare, masking=Masking(holes=0.5 if sdar else 0.2, copies=a.copies),
    )
    trainer = Trainer(weights.build(original.shape, start), *training, settings, fastest(a.device), original if sdar else None, a.device)
    until = time.time() + 60 * a.minutes if a.minutes else None
    trainer.run(until, a.evaluate_every, None if sdar else lambda t: note(t, held))


def beginning(a: Namespace, values: dict[str, torch.Tensor], family: Family) -> dict[str, torch.Tensor]:
    """Where the carry-over form starts: given weights or the base, the base's embeddings but the mask's, a carry of zero."""
    start = in_base_scales(a.init, values) if a.init else dict(values)
    table = values["model.embed_tokens.weight"].clone()
    table[family.mask], table[family.carry] = start["model.embed_tokens.weight"][family.mask], 0
    return start | {"model.embed_tokens.weight": table}


def in_base_scales(folder: Path, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """A model's weights, without what smoothing did to them."""
    _, shape, smoothed = open_model(folder)
    model = weights.build(shape, smoothed)
    unsmooth(model, weights.build(shape, values))
    return weights.hugging_face(model)


def note(trainer: Trainer, held: tuple[list[texts.Text], Targets], count: int = 16) -> None:
    """Adds a line of held-out figures to the run folder."""
    conversations, targets = part(*held, slice(count))
    line = {"step": trainer.step, "minutes": round(trainer.seconds / 60, 1), **figures(trainer.student, conversations, targets)}
    with (trainer.settings.folder / "figures.jsonl").open("a") as out:
        out.write(json.dumps(line) + "\n")
    print(f"held out: {json.dumps(line)}", flush=True)


def evaluate_model(a: Namespace) -> None:
    """print held-out figures of a checkpoint (carry-over form)"""
    conversations, targets, _, _ = read_data(a)
    _, shape, values = open_model(a.model)
    student = Student(weights.build(shape, values), torch.float32 if a.float32 else fastest(), family_of(shape))
    print(json.dumps(figures(student, *part(conversations, targets, slice(a.count))), indent=2))


def export_run(a: Namespace) -> None:
    """write a run's weights as a checkpoint folder"""
    config, shape, values = open_model(a.base)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, a.form), run_weights(a, shape, values), torch.float32, a.base)


def restore(a: Namespace) -> None:
    """write a model folder's weights, as they are stored there, as a checkpoint folder"""
    _, shape, values = open_model(a.model)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, "carry"), values, torch.float32, a.model)


def run_weights(a: Namespace, shape: Shape, values: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The weights of a run's last saved state: as they are, or their running average."""
    state = torch.load(a.run_folder / "state.pt", weights_only=True, mmap=True)
    student = Student(weights.build(shape, values), torch.float32, family_of(shape), state["first_layer"])
    begin = 0
    for parameter in student.parameters():
        if parameter.requires_grad:
            parameter.data = state["average" if a.average else "master"][begin : begin + parameter.numel()].view_as(parameter).clone()
            begin += parameter.numel()
    student.model.load_state_dict(state["frozen"], strict=False)
    student.store_mask()
    return weights.hugging_face(student.model)


def merge_models(a: Namespace) -> None:
    """merge a trained checkpoint with its base: as the base at tokens, as trained at masks"""
    conversations, targets, original, values = read_data(a)
    shape, trained = original.shape, in_base_scales(a.model, values)
    some = sample(conversations, targets, family_of(shape), a.batches)
    clean = moments(Student(weights.build(shape, values), fastest(), family_of(shape)), some, masked=False)
    masked = moments(Student(weights.build(shape, trained), fastest(), family_of(shape)), some, masked=True)
    merged = weights.build(shape, trained)
    merge(original, merged, clean, masked, a.strength)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, "carry"), weights.hugging_face(merged), torch.float32, a.base)


def sample(conversations: list[texts.Text], targets: Targets, family: Family, count: int) -> list[Batch]:
    """Batches as training draws them."""
    batches = stream(*part(conversations, targets, slice(HELD, None)), Settings(folder=Path()), family, random.Random(0), fastest())
    return [next(batches) for _ in range(count)]


def smooth_model(a: Namespace) -> None:
    """scale a checkpoint's channels so that 8-bit activations lose less; the last step before `convert`"""
    conversations, targets, original, values = read_data(a)
    shape, rough = original.shape, in_base_scales(a.model, values)
    model, student = weights.build(shape, rough), Student(weights.build(shape, rough), fastest(), family_of(shape))
    smooth(model, peaks(student, sample(conversations, targets, family_of(shape), a.batches)), a.exponent)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, "carry"), weights.hugging_face(model), torch.float32, a.base)


def draw_curves(a: Namespace) -> None:
    """draw a run's curves"""
    plot.draw(a.run_folder, a.out)


def path(help_: str, **more) -> dict:
    return {"type": Path, "help": help_, **more}


BASE = {"--base": path("checkpoint folder of the base", required=True)}
DATA = {"--data": path("conversations (.jsonl.gz)", required=True)}
RUN = {"--run": path("run folder", required=True, dest="run_folder")}
OUT = {"--out": path("where to write", required=True)}
FORM = {"--form": {"choices": ["carry", "sdar"], "default": "carry", "help": "causal context with carry-over masks, or SDAR's own"}}
PROMPTS = {
    "--count": {"type": int, "default": 4000, "help": "prompts"},
    "--seed": {"type": int, "default": 1, "help": "another seed, other prompts"},
    "--evaluation": {"action": "store_true", "help": "prompts whose items no training prompt has"},
}
TRAIN = {
    "--init": path("checkpoint or model folder to start from; without it, the base"),
    "--steps": {"type": int, "default": 10_000, "help": "steps in all"},
    "--minutes": {"type": float, "help": "stop (and save) after so many minutes"},
    "--rate": {"type": float, "default": 1e-4, "help": "learning rate"},
    "--cool-down": {"type": int, "default": 200, "help": "last steps, in which the rate falls to nothing"},
    "--cool-minutes": {"type": float, "default": 0.0, "help": "the same by the clock, with --minutes"},
    "--tokens": {"type": int, "default": 800, "help": "clean tokens a step"},
    "--copies": {"type": int, "default": 3, "help": "how often an answer is covered by masks in a step"},
    "--first-layer": {"type": int, "default": 0, "help": "layers below stay as they are"},
    "--hold": {"type": float, "default": 10.0, "help": "weight of the first mask's divergence from the base"},
    "--hidden": {"type": float, "default": 1.0, "help": "weight of the distance of hidden rows"},
    "--soft": {"type": float, "default": 0.0, "help": "share of the base's own distribution in a guess's target"},
    "--spare": {"type": float, "default": 0.0, "help": "step in whitened coordinates in which tokens count so many times as much as masks (0: not)"},
    "--evaluate-every": {"type": float, "default": 900, "help": "seconds between held-out figures"},
    "--device": {"default": "cpu", "help": "cpu or cuda"},
}

TABLE = {
    "base": (fetch_base, OUT | {"--tokenizer": path("folder with the tokenizer's files", default=ASSETS / "model")}),
    "prompts": (write_prompts, PROMPTS),
    "answers": (make_answers, BASE | OUT | PROMPTS),
    "evaluation": (make_evaluation, BASE | {"--out": path("the evaluation's folder", default=ASSETS / "evaluation"), "--seed": {"type": int, "default": 7}}),
    "train": (run_training, BASE | DATA | RUN | FORM | TRAIN),
    "evaluate": (evaluate_model, BASE | DATA | {"--model": path("checkpoint or model folder", required=True), "--count": {"type": int, "default": HELD}, "--float32": {"action": "store_true"}}),
    "export": (export_run, BASE | RUN | OUT | FORM | {"--average": {"action": "store_true", "help": "the running average instead of the last weights"}}),
    "restore": (restore, OUT | {"--model": path("model folder", default=ASSETS / "model")}),
    "merge": (merge_models, BASE | DATA | OUT | {"--model": path("trained checkpoint", required=True), "--strength": {"type": float, "default": 4.0, "help": "how much more tokens weigh than masks"}, "--batches": {"type": int, "default": 10}}),
    "smooth": (smooth_model, BASE | DATA | OUT | {"--model": path("checkpoint", required=True), "--exponent": {"type": float, "default": 0.6, "help": "0: even out the weights, 1: the activations"}, "--batches": {"type": int, "default": 10}}),
    "plot": (draw_curves, RUN | OUT),
}

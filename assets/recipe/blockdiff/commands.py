"""The commands: each reads folders and files, calls one part of the recipe, writes folders and files."""

import json
import random
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import torch

from . import base, chain, chain_fit, checkpoint, examination, plot, pointwise, shipped, texts, weights
from .answers import make
from .evaluate import figures
from .family import SMOLLM2, family_of
from .losses import Weights
from .model import Model, Shape
from .neurons import MaskNeurons, count_in, read
from .precision import fastest
from .prompts import distinct
from .sampling import Masking
from .smoothing import evened, found, peaks, smooth, unsmooth
from .student import MaskStudent, Student, WholeStudent
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


def run_training(a: Namespace) -> None:
    """train, or go on training, in a run folder"""
    pointwise.fuse()
    conversations = texts.read(a.data)
    sdar = a.form == "sdar"
    settings = Settings(
        folder=a.run_folder, form=a.form, steps=a.steps, rate=a.rate or (1e-4 if sdar else 2e-3), cool_down=a.cool_down, cool_minutes=a.cool_minutes, tokens=a.tokens,
        weights=Weights(hidden=a.hidden), masking=Masking(holes=0.5 if sdar else 0.2, copies=a.copies), seed=a.seed,
    )
    trainer = Trainer(student_of(a, fastest(a.device)), conversations[HELD:], settings, fastest(a.device), a.device)
    until = time.time() + 60 * a.minutes if a.minutes else None
    trainer.run(until, a.evaluate_every, None if sdar else lambda t: note(t, conversations[:HELD]))


def student_of(a: Namespace, dtype: torch.dtype) -> Student:
    """The base, with masks' neurons beside it or to be trained whole; both go on from `--init` if there is one."""
    base, shape, values = original(a.base)
    if a.form == "sdar":
        return WholeStudent(weights.build(shape, open_model(a.init)[2] if a.init else values), base, dtype, family_of(shape))
    return with_neurons(a.base, a.init, a.neurons, dtype)


def original(folder: Path) -> tuple[Model, Shape, dict[str, torch.Tensor]]:
    """The base, the embedding of whose carry token is zero: so a first mask is the row of the token before it."""
    _, shape, values = open_model(folder)
    values["model.embed_tokens.weight"][family_of(shape).carry] = 0
    return weights.build(shape, values), shape, values


def with_neurons(base_folder: Path, folder: Path | None, count: int, dtype: torch.dtype) -> MaskStudent:
    """The base with the neurons and the mask's embedding of a checkpoint or model folder, or with `count` fresh neurons a layer."""
    base, shape, _ = original(base_folder)
    if folder is None:
        return MaskStudent(base, MaskNeurons(shape, count), dtype, family_of(shape))
    _, shape, values = open_model(folder)
    if not shape.mask_neurons:
        raise ValueError(f"{folder} has no neurons for masks alone: it is not of this recipe's making, or of an earlier one's.")
    neurons, given = read(shape, values), weights.build(shape, values)
    unsmooth(neurons, given, base)
    base.embedding.data[family_of(shape).mask] = given.embedding[family_of(shape).mask]
    return MaskStudent(base, neurons, dtype, family_of(shape))


def note(trainer: Trainer, held: list[texts.Text], count: int = 16) -> None:
    """Adds a line of held-out figures to the run folder."""
    line = {"step": trainer.step, "minutes": round(trainer.seconds / 60, 1), **figures(trainer.student, held[:count])}
    with (trainer.settings.folder / "figures.jsonl").open("a") as out:
        out.write(json.dumps(line) + "\n")
    print(f"held out: {json.dumps(line)}", flush=True)


def evaluate_model(a: Namespace) -> None:
    """print held-out figures of a checkpoint or model folder (carry-over form)"""
    student = with_neurons(a.base, a.model, 0, torch.float32 if a.float32 else fastest())
    print(json.dumps(figures(student, texts.read(a.data)[: a.count], chain=chain.read(open_model(a.model)[2])), indent=2))


def export_run(a: Namespace) -> None:
    """write a run's weights as a checkpoint folder"""
    state = torch.load(a.run_folder / "state.pt", weights_only=True, mmap=True, map_location="cpu")
    trained, shape = state["average" if a.average else "master"], open_model(a.base)[1]
    neurons = 0 if state["form"] == "sdar" else count_in(len(trained), shape)
    student = student_of(Namespace(base=a.base, init=None, form=state["form"], neurons=neurons), torch.float32)
    parameters = [p for p in student.parameters() if p.requires_grad]
    if sum(p.numel() for p in parameters) != len(trained):
        raise ValueError(f"{a.run_folder} is a run of another base than {a.base}: its state has {len(trained)} numbers.")
    for parameter, part in zip(parameters, trained.split([p.numel() for p in parameters])):
        parameter.data = part.view_as(parameter).clone()
    student.load_untrained(state["untrained"])
    shape = replace(shape, mask_neurons=neurons, mask_chain=0)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, state["form"]), student.exported(), torch.float32, a.base)


def restore(a: Namespace) -> None:
    """write a model folder's weights, as they are stored there, as a checkpoint folder"""
    _, shape, values = open_model(a.model)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, "carry"), values, torch.float32, a.model)


def smooth_model(a: Namespace) -> None:
    """scale a checkpoint's channels so that 8-bit activations lose less; before `chain` and `convert`"""
    student, (_, shape, values) = with_neurons(a.base, a.model, 0, fastest()), open_model(a.model)
    batches = stream(texts.read(a.data)[HELD:], Settings(folder=Path()), student.family, random.Random(0), fastest())
    of = peaks(student, [next(batches) for _ in range(a.batches)])
    exact = with_neurons(a.base, a.model, 0, torch.float32)
    scales = found(weights.build(*open_model(a.like)[1:]), exact.model) if a.like else evened(exact.model, of, a.exponent)
    smooth(exact.model, exact.neurons, scales, of, a.exponent)
    checkpoint.write_folder(a.out, checkpoint.config_of(shape, "carry"), exact.exported() | chain.kept(values), torch.float32, a.base)


def train_chain(a: Namespace) -> None:
    """train the head that chains guesses behind a checkpoint's other weights; writes the checkpoint with it"""
    student, (_, shape, values) = with_neurons(a.base, a.model, 0, fastest()), open_model(a.model)
    tables, conversations = chain.Tables(student.model.embedding, student.model.head_weight), texts.read(a.data)
    held = chain_fit.collect(student, tables, conversations[:HELD], float("inf"))
    print(f"held out, the pass's own guesses: {json.dumps(chain_fit.figures(None, tables, held))}", flush=True)
    seen = chain_fit.collect(student, tables, conversations[HELD:], time.time() + 60 * a.minutes)
    print(f"{len(seen.targets)} masks", flush=True)
    head = chain.Chain(shape.hidden, a.width, tables.gain)
    for step, steps, loss in chain_fit.fit(head, tables, seen, chain_fit.Fitting(epochs=a.epochs)):
        if step % 100 == 0 or step == steps:
            print(f"step {step} of {steps}, {loss:.3f} nats", flush=True)
    print(f"held out, chained: {json.dumps(chain_fit.figures(head, tables, held))}", flush=True)
    checkpoint.write_folder(a.out, checkpoint.config_of(replace(shape, mask_chain=a.width), "carry"), values | head.exported(), torch.float32, a.base)


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
NEURONS = {"--neurons": {"type": int, "default": 128, "help": "of each layer, for masks alone (carry-over form, without --init): a multiple of 128, the block of 8-bit weights"}}
PROMPTS = {
    "--count": {"type": int, "default": 4000, "help": "prompts"},
    "--seed": {"type": int, "default": 1, "help": "another seed, other prompts"},
    "--evaluation": {"action": "store_true", "help": "prompts whose items no training prompt has"},
}
TRAIN = {
    "--init": path("checkpoint or model folder to start from; without it, the base"),
    "--steps": {"type": int, "default": 10_000, "help": "steps in all"},
    "--minutes": {"type": float, "help": "stop (and save) after so many minutes"},
    "--rate": {"type": float, "help": "learning rate (default: 2e-3; SDAR's form: 1e-4)"},
    "--seed": {"type": int, "default": 0, "help": "of the order of the data and of the masks"},
    "--cool-down": {"type": int, "default": 200, "help": "last steps, in which the rate falls to nothing"},
    "--cool-minutes": {"type": float, "default": 0.0, "help": "the same by the clock, with --minutes"},
    "--tokens": {"type": int, "default": 800, "help": "clean tokens a step"},
    "--copies": {"type": int, "default": 3, "help": "how often an answer is covered by masks in a step"},
    "--hidden": {"type": float, "default": 1.0, "help": "weight of the distance of hidden rows"},
    "--evaluate-every": {"type": float, "default": 900, "help": "seconds between held-out figures"},
    "--device": {"default": "cpu", "help": "cpu or cuda"},
}
CHAIN = {
    "--model": path("checkpoint or model folder", required=True),
    "--minutes": {"type": float, "default": 20.0, "help": "of collecting what it learns from: more texts, a better head"},
    "--epochs": {"type": float, "default": 4.0, "help": "how often it goes over them"},
    "--width": {"type": int, "default": 128, "help": "neurons: a multiple of 64"},
}
SMOOTH = {
    "--model": path("checkpoint", required=True),
    "--exponent": {"type": float, "default": 0.6, "help": "0: even out the weights, 1: the activations"},
    "--batches": {"type": int, "default": 10, "help": "of data that are looked at"},
    "--like": path("smoothed checkpoint or model folder: the base is scaled as there, so that its bytes stay"),
}

TABLE = {
    "base": (fetch_base, OUT | {"--tokenizer": path("folder with the tokenizer's files", default=ASSETS / "embedded")}),
    "prompts": (write_prompts, PROMPTS),
    "answers": (make_answers, BASE | OUT | PROMPTS),
    "evaluation": (make_evaluation, BASE | {"--out": path("the evaluation's folder", default=ASSETS / "evaluation"), "--seed": {"type": int, "default": 7}}),
    "train": (run_training, BASE | DATA | RUN | FORM | NEURONS | TRAIN),
    "evaluate": (evaluate_model, BASE | DATA | {"--model": path("checkpoint or model folder", required=True), "--count": {"type": int, "default": HELD}, "--float32": {"action": "store_true"}}),
    "export": (export_run, BASE | RUN | OUT | {"--average": {"action": "store_true", "help": "the running average instead of the last weights"}}),
    "chain": (train_chain, BASE | DATA | OUT | CHAIN),
    "restore": (restore, OUT | {"--model": path("model folder", default=ASSETS / "embedded")}),
    "smooth": (smooth_model, BASE | DATA | OUT | SMOOTH),
    "plot": (draw_curves, RUN | OUT),
}

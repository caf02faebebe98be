"""Curves of a run: losses by step, and held-out accuracy by mask."""

import json
from pathlib import Path


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def smooth(values: list[float], keep: float = 0.95) -> list[float]:
    out: list[float] = []
    for value in values:
        out.append(value if not out else keep * out[-1] + (1 - keep) * value)
    return out


def draw(run: Path, picture: Path) -> None:
    """Reads `run`/log.jsonl and `run`/figures.jsonl, writes an SVG or PNG by the picture's ending."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    steps, figures = lines(run / "log.jsonl"), lines(run / "figures.jsonl")
    chart, (left, middle, right) = pyplot.subplots(1, 3, figsize=(15, 4))
    for name in ("guess", "hidden"):
        left.plot([line["step"] for line in steps], smooth([line[name] for line in steps]), label=name)
    left.set(title="training loss", xlabel="step", yscale="log")
    at = [line["step"] for line in figures]
    for rank, name in enumerate(("1st", "2nd", "3rd", "4th")):
        middle.plot(at, [line["right"][rank] for line in figures], marker="o", label=name)
    middle.set(title="held-out accuracy by mask", xlabel="step", ylim=(0, 1))
    for lookahead in (4, 8):
        right.plot(at, [line[f"self_speculative_{lookahead}"]["tokens_a_pass"] for line in figures], marker="o", label=f"self-speculative, block {lookahead}")
    right.set(title="tokens a pass", xlabel="step")
    for axes in (left, middle, right):
        axes.legend()
        axes.grid(alpha=0.3)
    chart.tight_layout()
    chart.savefig(picture)

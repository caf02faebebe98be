"""Weights from a model folder of sdar-chat (model.onnx, 8-bit as a rule): all that a new machine has to go on from."""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .chain import BEFORE, NAMES
from .model import Shape

TABLE = "model.embed_tokens.weight"
MATRICES = {
    "self_attn.qkv_proj": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "self_attn.o_proj": ("self_attn.o_proj",),
    "mlp.gate_up_proj": ("mlp.gate_proj", "mlp.up_proj"),
    "mlp.down_proj": ("mlp.down_proj",),
}


def read(folder: Path) -> tuple[dict, Shape, dict[str, Tensor]]:
    """(config.json, shape, f32 weights by Hugging Face name)."""
    config = json.loads((folder / "config.json").read_text())
    shape = shape_of(config["architecture"])
    stored = initializers(folder)
    weights = {name: torch.from_numpy(value.copy()) for name, value in stored.items() if name.endswith("norm.weight")}
    weights[TABLE] = matrix(stored, f"{TABLE}.rows" if f"{TABLE}.rows" in stored else TABLE, shape.hidden)
    if not shape.tied:
        weights["lm_head.weight"] = matrix(stored, "lm_head", shape.hidden)
    for layer in range(shape.layers):
        for fused, names in MATRICES.items():
            weights |= pieces(stored, f"model.layers.{layer}.", fused, names, shape)
    if shape.mask_chain:
        columns = {"mask": shape.hidden, "tokens": BEFORE * shape.hidden, "down": shape.mask_chain}
        weights |= {name: matrix(stored, name.removesuffix(".weight"), columns[part]) for part, name in NAMES.items()}
    return config, shape, weights


def pieces(stored: dict[str, np.ndarray], prefix: str, fused: str, names: tuple[str, ...], shape: Shape) -> dict[str, Tensor]:
    heads, kv, neurons = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim, shape.intermediate + shape.mask_neurons
    columns = {"self_attn.o_proj": heads, "mlp.down_proj": neurons}.get(fused, shape.hidden)
    rows = {"self_attn.qkv_proj": [heads, kv, kv], "mlp.gate_up_proj": [neurons] * 2}.get(fused, [shape.hidden])
    whole = matrix(stored, prefix + fused, columns)
    return {f"{prefix}{name}.weight": part for name, part in zip(names, whole.split(rows))}


def matrix(stored: dict[str, np.ndarray], name: str, columns: int) -> Tensor:
    """[rows, columns] in f32: as it is, or (stored - zero) * scale of each block of a row, the last block cut to the row."""
    data, scales = stored[name], stored.get(f"{name}.scales")
    if scales is None:
        return torch.from_numpy(data.reshape(-1, columns).copy())
    rows, blocks = scales.shape
    bytes_ = data.reshape(rows, blocks, -1)
    if bytes_.shape[-1] * blocks < columns:  # two to a byte, the first in the low half
        numbers = np.stack([bytes_ & 15, bytes_ >> 4], -1).reshape(rows, blocks, -1).astype(np.float32) - 8
    else:
        numbers = bytes_.astype(np.float32) - 128
    return torch.from_numpy(np.ascontiguousarray((numbers * scales[:, :, None]).reshape(rows, -1)[:, :columns]))


def initializers(folder: Path) -> dict[str, np.ndarray]:
    """Every tensor that the graphs keep in their data file, by name."""
    import onnx

    out = {}
    graphs = [onnx.load(path, load_external_data=False).graph for path in (folder / "model.onnx", folder / "chain.onnx") if path.exists()]
    for tensor in (tensor for graph in graphs for tensor in graph.initializer):
        where = {entry.key: entry.value for entry in tensor.external_data}
        if where:
            kind = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
            count = int(where["length"]) // kind.itemsize
            out[tensor.name] = np.memmap(folder / where["location"], kind, "r", int(where["offset"]), (count,)).reshape(tuple(tensor.dims))
    return out


def shape_of(architecture: dict) -> Shape:
    a = architecture
    return Shape(
        layers=a["layers"],
        hidden=a["hiddenSize"],
        heads=a["heads"],
        kv_heads=a["kvHeads"],
        head_dim=a["headDim"],
        intermediate=a["intermediateSize"] - a.get("maskNeurons", 0),
        vocabulary=a["vocabSize"],
        theta=a["ropeTheta"],
        epsilon=a["normEps"],
        head_norm=a["qkNorm"],
        tied=a["tiedEmbeddings"],
        mask_neurons=a.get("maskNeurons", 0),
        mask_chain=a.get("chainWidth", 0),
    )

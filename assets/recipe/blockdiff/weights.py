"""Between Hugging Face's tensor names and the fused tensors of `Model`."""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from .model import Model, Shape

SINGLE = {"norm1": "input_layernorm", "norm2": "post_attention_layernorm", "out": "self_attn.o_proj", "down": "mlp.down_proj", "q_norm": "self_attn.q_norm", "k_norm": "self_attn.k_norm"}
FUSED = {"qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), "gate_up": ("mlp.gate_proj", "mlp.up_proj")}
OUTSIDE = {"embedding": "model.embed_tokens.weight", "final_norm": "model.norm.weight", "head": "lm_head.weight"}


def build(shape: Shape, weights: dict[str, Tensor]) -> Model:
    """A model (f32) with the given Hugging Face weights, without what masks alone have."""
    model = Model(shape)
    state = {}
    for name in model.state_dict():
        parts = name.split(".")
        if parts[0] != "layers":
            state[name] = weights[OUTSIDE[name]].float()
            continue
        prefix = f"model.layers.{parts[1]}."
        sources = FUSED.get(parts[2]) or (SINGLE[parts[2]],)
        state[name] = torch.cat([of_tokens(shape, source, weights[f"{prefix}{source}.weight"].float()) for source in sources])
    model.load_state_dict(state)
    return model


def of_tokens(shape: Shape, name: str, matrix: Tensor) -> Tensor:
    if name in ("mlp.gate_proj", "mlp.up_proj"):
        return matrix[: shape.intermediate]
    return matrix[:, : shape.intermediate] if name == "mlp.down_proj" else matrix


def hugging_face(model: Model) -> dict[str, Tensor]:
    """The reverse of `build`: f32 tensors by Hugging Face name."""
    s, out = model.shape, {}
    sizes = {"qkv": [s.heads * s.head_dim] + 2 * [s.kv_heads * s.head_dim], "gate_up": [s.intermediate] * 2}
    for name, value in model.state_dict().items():
        parts = name.split(".")
        if parts[0] != "layers":
            out[OUTSIDE[name]] = value
            continue
        targets = FUSED.get(parts[2]) or (SINGLE[parts[2]],)
        pieces = value.split(sizes[parts[2]]) if parts[2] in sizes else [value]
        out.update({f"model.layers.{parts[1]}.{target}.weight": piece for target, piece in zip(targets, pieces)})
    return {name: value.detach().float().contiguous() for name, value in out.items()}


def load(path: Path) -> dict[str, Tensor]:
    return load_file(path)


def save(weights: dict[str, Tensor], path: Path, dtype: torch.dtype) -> None:
    """Written beside and renamed, so that a reader never meets half a file."""
    beside = path.with_suffix(".part")
    save_file({name: value.to(dtype).contiguous().clone() for name, value in weights.items()}, beside)
    beside.replace(path)

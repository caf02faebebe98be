"""Checkpoint folders: config.json, model.safetensors, tokenizer files; the layout that `sdar-chat convert` reads."""

import json
import shutil
from pathlib import Path

import torch
from torch import Tensor

from .family import Family, family_of
from .forms import SDAR_BLOCKS, FormName
from .model import Shape
from .weights import load, save

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def shape_of(config: dict) -> Shape:
    """From a Llama's or Qwen3's config.json."""
    heads = config["num_attention_heads"]
    theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
    return Shape(
        layers=config["num_hidden_layers"],
        hidden=config["hidden_size"],
        heads=heads,
        kv_heads=config["num_key_value_heads"],
        head_dim=config.get("head_dim") or config["hidden_size"] // heads,
        intermediate=config["intermediate_size"] - (config.get("mask_intermediate_size") or 0),
        vocabulary=config["vocab_size"],
        theta=theta,
        epsilon=config["rms_norm_eps"],
        head_norm=config["model_type"] in ("qwen3", "sdar"),
        tied=config.get("tie_word_embeddings", False),
        mask_neurons=config.get("mask_intermediate_size") or 0,
        mask_chain=config.get("mask_chain_size") or 0,
    )


def config_of(shape: Shape, form: FormName, family: Family | None = None) -> dict:
    family = family or family_of(shape)
    config = {
        "architectures": ["Qwen3ForCausalLM" if shape.head_norm else "LlamaForCausalLM"],
        "model_type": "qwen3" if shape.head_norm else "llama",
        "bos_token_id": 1 if family.stop == 2 else family.end,
        "eos_token_id": family.stop,
        "pad_token_id": family.end,
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate + shape.mask_neurons,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_dim,
        "hidden_act": "silu",
        "rms_norm_eps": shape.epsilon,
        "rope_theta": shape.theta,
        "max_position_embeddings": 8192,
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": shape.tied,
        "block_size": 4,
        "mask_token_id": family.mask,
        "trained_block_lengths": [1, 2, 4, 8, 16] if form == "carry" else [block for block, _ in SDAR_BLOCKS],
    }
    if form == "carry":
        config |= {"block_context": "causal", "mask_carry_token_id": family.carry}
    if shape.mask_neurons:
        config |= {"mask_intermediate_size": shape.mask_neurons}
    if shape.mask_chain:
        config |= {"mask_chain_size": shape.mask_chain}
    return config


def read_folder(folder: Path) -> tuple[dict, Shape, dict[str, Tensor]]:
    """(config, shape, weights) of a folder with one or several safetensors files."""
    config = json.loads((folder / "config.json").read_text())
    weights: dict[str, Tensor] = {}
    for file in sorted(folder.glob("*.safetensors")):
        weights |= load(file)
    return config, shape_of(config), weights


def write_folder(folder: Path, config: dict, weights: dict[str, Tensor], dtype: torch.dtype, tokenizer: Path) -> None:
    """tokenizer: a folder with tokenizer files, which are copied."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {torch.float32: "float32", torch.bfloat16: "bfloat16"}
    (folder / "config.json").write_text(json.dumps(config | {"torch_dtype": names[dtype]}, indent=2) + "\n")
    stops = {"bos_token_id": config["bos_token_id"], "eos_token_id": [config["eos_token_id"], config["pad_token_id"]], "pad_token_id": config["pad_token_id"]}
    (folder / "generation_config.json").write_text(json.dumps(stops) + "\n")
    for name in TOKENIZER_FILES:
        if (tokenizer / name).exists() and (tokenizer / name).resolve() != (folder / name).resolve():
            shutil.copyfile(tokenizer / name, folder / name)
    save(weights, folder / "model.safetensors", dtype)

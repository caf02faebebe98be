"""Turns a small autoregressive chat model into a block-diffusion one (see ../README.md)."""

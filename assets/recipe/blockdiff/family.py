"""What differs between base models beside their shape: ids of special tokens, and how a conversation is written."""

from dataclasses import dataclass

from .model import Shape


@dataclass(frozen=True)
class Family:
    mask: int
    """a token that no text uses"""
    carry: int
    """another one: its embedding is added where a mask carries a token"""
    stop: int
    """ends an answer"""
    end: int
    """what the model learns to put behind a stop token"""
    system: str
    """precedes three of four conversations of the data; may be empty"""
    opening: str
    """what an answer follows"""

    def turn(self, prompt: str) -> str:
        return f"<|im_start|>user\n{prompt}<|im_end|>\n{self.opening}"


SMOLLM2 = Family(
    mask=16,  # the former <empty_output>
    carry=15,  # the former <jupyter_script>
    stop=2,
    end=0,
    system="<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n",
    opening="<|im_start|>assistant\n",
)
QWEN3 = Family(mask=151669, carry=151670, stop=151645, end=151643, system="", opening="<|im_start|>assistant\n<think>\n\n</think>\n\n")


def family_of(shape: Shape) -> Family:
    """By the size of the vocabulary."""
    known = {49152: SMOLLM2, 151936: QWEN3}
    if shape.vocabulary not in known:
        raise ValueError(f"No family has a vocabulary of {shape.vocabulary}: add one to blockdiff/family.py.")
    return known[shape.vocabulary]

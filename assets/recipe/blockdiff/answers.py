"""Data: what the base itself answers, greedily, to the prompts; answers that run in circles are dropped."""

import random
from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from . import items
from .family import Family
from .model import Model, rope
from .prompts import distinct
from .texts import Text

Encode = Callable[[str], list[int]]


class Cache:
    """Keys and values of texts that grow together: what they begin with alike, then the rest, padded on its left."""

    def __init__(self, model: Model, prompts: list[list[int]], room: int):
        same = common_prefix(prompts)
        rest = [prompt[same:] for prompt in prompts]
        s, longest = model.shape, max(map(len, rest))
        shape = (s.layers, len(prompts), s.kv_heads, same + longest + room, s.head_dim)
        dtype = model.embedding.dtype
        self.model, self.keys, self.values, self.used = model, torch.zeros(shape, dtype=dtype), torch.zeros(shape, dtype=dtype), 0
        self.valid = torch.zeros(len(prompts), same + longest + room, dtype=torch.bool)
        self.valid[:, :same] = True
        self.ids = torch.zeros(len(prompts), longest, dtype=torch.long)
        for row, prompt in enumerate(rest):
            self.ids[row, longest - len(prompt) :] = torch.tensor(prompt)
            self.valid[row, same + longest - len(prompt) : same + longest] = True
        if same and len(prompts) > 1:
            one = Cache(model, [prompts[0][:same]], 0)
            one.read(one.ids)
            self.keys[:, :, :, :same], self.values[:, :, :, :same], self.used = one.keys, one.values, same

    def keep(self, rows: list[int]) -> None:
        """Forgets the other texts."""
        self.keys, self.values, self.valid = self.keys[:, rows], self.values[:, rows], self.valid[rows]

    def read(self, ids: Tensor) -> Tensor:
        """Appends a rectangle of tokens [texts, n]; returns logits after the last of each, f32 [texts, vocabulary]."""
        texts, n = ids.shape
        begin, end = self.used, self.used + n
        positions = (self.valid.long().cumsum(1) - 1).clamp(min=0)[:, begin:end].reshape(-1)
        bias = torch.zeros(texts, 1, n, end, dtype=self.keys.dtype)
        hidden_ = ~self.valid[:, None, None, :end] | torch.ones(n, end, dtype=torch.bool).triu(begin + 1)
        bias.masked_fill_(hidden_ & ~torch.eye(end, dtype=torch.bool)[begin:], -30000.0)
        x = self.model.embedding[ids.reshape(-1)]
        cos, sin = rope(positions, self.model.shape, x.dtype)
        for number, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, lambda q, k, v: self.attend(number, q, k, v, bias, begin, end))
        self.used = end
        s = self.model.shape
        last = F.rms_norm(x.view(texts, n, -1)[:, -1], (s.hidden,), self.model.final_norm, s.epsilon)
        return (last @ self.model.head_weight.T).float()

    def attend(self, layer: int, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, begin: int, end: int) -> Tensor:
        texts, s = len(self.valid), self.model.shape
        self.keys[layer, :, :, begin:end] = k.view(texts, -1, s.kv_heads, s.head_dim).transpose(1, 2)
        self.values[layer, :, :, begin:end] = v.view(texts, -1, s.kv_heads, s.head_dim).transpose(1, 2)
        shared = s.heads // s.kv_heads  # query heads of a key head go as rows of one: nothing is copied for them
        asked = q.view(texts, -1, s.kv_heads, shared, s.head_dim).permute(0, 2, 3, 1, 4)
        stacked, seen = asked.reshape(texts, s.kv_heads, -1, s.head_dim), bias.repeat(1, 1, shared, 1)
        mixed = F.scaled_dot_product_attention(stacked, self.keys[layer, :, :, :end], self.values[layer, :, :, :end], attn_mask=seen)
        return mixed.view(asked.shape).permute(0, 3, 1, 2, 4).reshape(len(q), -1)


def common_prefix(prompts: list[list[int]]) -> int:
    """How many ids all begin with; each keeps one of its own. None of a single prompt."""
    most = min(map(len, prompts)) - 1 if len(prompts) > 1 else 0
    return next((at for at in range(most) if len({prompt[at] for prompt in prompts}) > 1), most)


@torch.no_grad()
def greedy(model: Model, prompts: list[list[int]], limit: int, stop: int) -> list[list[int]]:
    """The answers' ids, with the stop token if it came within `limit`."""
    cache, open_ = Cache(model, prompts, limit), list(range(len(prompts)))
    logits, answers = cache.read(cache.ids), [[] for _ in prompts]
    for _ in range(limit):
        best = logits.argmax(-1)
        for row, token in zip(open_, best.tolist()):
            if not answers[row] or answers[row][-1] != stop:
                answers[row].append(token)
        going = [at for at, row in enumerate(open_) if answers[row][-1] != stop]
        if not going or cache.used == cache.valid.shape[1]:
            break
        if len(going) <= len(open_) * 3 // 4:
            cache.keep(going)
            best, open_ = best[going], [open_[at] for at in going]
        cache.valid[:, cache.used] = True
        logits = cache.read(best[:, None])
    return answers


def circles(ids: list[int], least: float = 0.75) -> bool:
    """Does a longer answer repeat itself (few distinct 4-grams)?"""
    grams = [tuple(ids[i : i + 4]) for i in range(len(ids) - 3)]
    return len(grams) > 20 and len(set(grams)) / len(grams) < least


def make(model: Model, encode: Encode, family: Family, count: int, seed: int, evaluation: bool = False, batch: int = 128, limit: int = 144) -> Iterator[list[Text]]:
    """Batches of conversations until `count` prompts are answered; every fourth batch has a second turn."""
    random_ = random.Random(seed)
    prompts = distinct(count, seed, evaluation)
    for number, begin in enumerate(range(0, len(prompts), batch)):
        asked = [encode((family.system if random_.random() < 0.75 else "") + family.turn(prompt)) for prompt in prompts[begin : begin + batch]]
        texts = answered([Text(np.array(ids), np.zeros(len(ids), bool), True) for ids in asked], model, limit, family.stop)
        if number % 4 == 3:
            first = [text for text in texts if text.ended and len(text.ids) < 260]
            more = [followed(text, encode("\n" + family.turn(random_.choice(items.FOLLOW_UPS)))) for text in first]
            texts = answered(more, model, limit, family.stop)
        yield texts


def followed(text: Text, ids: list[int]) -> Text:
    return Text(np.concatenate([text.ids, ids]), np.concatenate([text.answer, np.zeros(len(ids), bool)]), True)


def answered(prompts: list[Text], model: Model, limit: int, stop: int) -> list[Text]:
    """Each prompt with its answer; empty ones and those in circles left out."""
    if not prompts:
        return []
    out = []
    for prompt, ids in zip(prompts, greedy(model, [p.ids.tolist() for p in prompts], limit, stop)):
        if len(ids) > 1 and not circles(ids):
            out.append(Text(np.concatenate([prompt.ids, ids]), np.concatenate([prompt.answer, np.ones(len(ids), bool)]), ids[-1] == stop))
    return out

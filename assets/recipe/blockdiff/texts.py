"""Conversations as token ids."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Text:
    ids: np.ndarray
    """i64 [n]"""
    answer: np.ndarray
    """bool [n]: this token is part of an answer"""
    ended: bool
    """the last answer ends with its stop token (else it was cut)"""

    def spans(self) -> list[tuple[int, int, bool]]:
        """(begin, end, ended) of every answer."""
        edges = np.flatnonzero(np.diff(np.concatenate([[0], self.answer.astype(np.int8), [0]])))
        pairs = list(zip(edges[::2].tolist(), edges[1::2].tolist()))
        return [(begin, end, self.ended or end < len(self.ids)) for begin, end in pairs]


def read(path: Path) -> list[Text]:
    """Reads JSON lines {"ids": [...], "answer": "0011...", "ended": bool}, gzipped."""
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    return [Text(np.array(row["ids"], np.int64), np.array([c == "1" for c in row["answer"]]), bool(row["ended"])) for row in rows]


def write(texts: list[Text], path: Path) -> None:
    beside = path.with_suffix(".part")
    with gzip.open(beside, "wt", compresslevel=9) as out:
        for text in texts:
            answer = "".join("1" if one else "0" for one in text.answer)
            out.write(json.dumps({"ids": text.ids.tolist(), "answer": answer, "ended": text.ended}, separators=(",", ":")) + "\n")
    beside.replace(path)

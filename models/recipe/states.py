"""The token vectors that leave the lower layers, computed once: those layers stay as they are, so training starts here.

Two versions of each unit are kept: as written, and with the slips of careless writing and of speech recognition.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from places import CACHE
from tqdm import tqdm

from vocmine.evaluation.noise import lower, no_accents, word_errors
from vocmine.inference import Model
from vocmine.inference.backends import bert
from vocmine.text import lower_capitals

_BATCH_TOKENS = 4_096
# What the tokens weigh in memory; training rounds more than that.
_STORED = np.float16


@dataclass(frozen=True)
class States:
    """Token vectors of segments.

    Attributes
    ----------
    vectors : float16 array of shape (tokens, hidden)
        Of all segments, one after the other; on disk.
    offsets : int array of shape (segments + 1,)
    """

    vectors: NDArray[np.float16]
    offsets: NDArray[np.intp]

    @property
    def lengths(self) -> NDArray[np.intp]:
        """Tokens of each segment."""
        return np.diff(self.offsets)

    def pad(self, rows: NDArray[np.intp]) -> tuple[torch.Tensor, torch.Tensor]:
        """Lay segments out as one rectangle: float32 [b, t, h], and bool [b, t] where a token is real."""
        lengths = self.lengths[rows]
        real = np.arange(lengths.max()) < lengths[:, None]
        hidden = np.zeros((*real.shape, self.vectors.shape[1]), dtype=np.float32)
        hidden[real] = np.concatenate([self.vectors[self.offsets[row] : self.offsets[row + 1]] for row in rows])
        return torch.from_numpy(hidden), torch.from_numpy(real)


def careless(text: str) -> str:
    """Return the text as written in haste or misheard: one of three kinds, by its hash."""
    kind = hashlib.sha256(text.encode()).digest()[0] % 4
    return (lambda t: no_accents(lower(t)), no_accents, word_errors, word_errors)[kind](text)


def read(model: Model, segments: Sequence[str], layers: int) -> States:
    """Take segments through the first `layers` layers of the shipped encoder, or read what an earlier call kept."""
    key = hashlib.sha256(f"{model.manifest.weights.sha256} {layers}".encode())
    for text in segments:
        key.update(text.encode() + b"\0")
    folder = CACHE / "states" / key.hexdigest()[:24]
    if not folder.exists():
        unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")  # each process its own
        unfinished.mkdir(parents=True, exist_ok=True)
        _compute(model, segments, layers, unfinished)
        with suppress(OSError):  # another process was faster
            unfinished.rename(folder)
    vectors = np.load(folder / "vectors.npy", mmap_mode="r")
    return States(vectors, np.load(folder / "offsets.npy"))


@torch.inference_mode()
def _compute(model: Model, segments: Sequence[str], layers: int, folder: Path) -> None:
    weights = bert.join_projections(
        {name: torch.from_numpy(model.tensor(name)) for name in model.config.tensor_shapes()}
    )
    texts = [model.manifest.prefix + lower_capitals(text) for text in segments]
    ids = [torch.tensor(encoding.ids) for encoding in model.tokenizer.encode_batch_fast(texts)]
    lengths = np.array([len(row) for row in ids])
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    shape = (int(offsets[-1]), model.config.hidden_size)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="w+", dtype=_STORED, shape=shape)
    names = [f"encoder.layer.{rank}" for rank in range(layers)]
    for rows in tqdm(budgeted(lengths, np.argsort(lengths, kind="stable"), _BATCH_TOKENS), desc="lower layers"):
        rectangle = torch.nn.utils.rnn.pad_sequence([ids[row] for row in rows], batch_first=True)
        real = torch.arange(rectangle.shape[1]) < torch.from_numpy(lengths[rows])[:, None]
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast()):
            hidden = bert.look_up(rectangle, weights, model.config)
            hidden = bert.through(names, hidden, real[:, None, None, :], weights, model.config)
        for row, vector in zip(rows, hidden.float().numpy(), strict=True):
            vectors[offsets[row] : offsets[row + 1]] = vector[: lengths[row]]
    vectors.flush()
    np.save(folder / "offsets.npy", offsets)


def fast() -> bool:
    """Say whether this processor multiplies in bfloat16; elsewhere that would be slower than float32."""
    wide = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return bool(wide and torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001  (torch has no public name for it)


def budgeted(lengths: NDArray[np.intp], order: NDArray[np.intp], budget: int) -> list[NDArray[np.intp]]:
    """Cut `order` into batches of at most `budget` positions, padding included; at least one row each."""
    batches, start, longest = [], 0, 0
    for end, row in enumerate(order):
        longest = max(longest, int(lengths[row]))
        if end > start and longest * (end - start + 1) > budget:
            batches.append(order[start:end])
            start, longest = end, int(lengths[row])
    return [*batches, order[start:]]

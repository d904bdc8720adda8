"""The token vectors that token heads read, of each fold's model: computed once, kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from crossfit import TUNED
from marked import LABELS, Marked
from numpy.typing import NDArray
from places import CACHE
from states import budgeted, fast

from vocmine.inference import Model
from vocmine.inference.backends import bert
from vocmine.inference.backends.evidence import around_words
from vocmine.text import lower_capitals

LAYERS = (6, 8, 10, 12)
_BATCH_TOKENS = 4_096


@dataclass(frozen=True)
class Tokens:
    """The word tokens of units, one after the other.

    Attributes
    ----------
    vectors : float16 array of shape (tokens, layers * hidden)
        On disk.
    unit, segment : int arrays of shape (tokens,)
        Unit of each token; segment, counted over all units.
    marked : bool array of shape (tokens, labels)
    edges : int array of shape (tokens, 2)
        First and last code point of the token in its turn.
    """

    vectors: NDArray[np.float16]
    unit: NDArray[np.intp]
    segment: NDArray[np.intp]
    marked: NDArray[np.bool_]
    edges: NDArray[np.intp]


def read_tokens(model: Model, fold: int | None, units: Sequence[Marked]) -> Tokens:
    """Take units through the encoder of a fold, or through that of `model` where it is None."""
    ends = around_words(model)
    prefix = model.manifest.prefix
    texts = [prefix + lower_capitals(text) for unit in units for text in unit.texts]
    encodings = model.tokenizer.encode_batch(texts)
    words = [slice(ends[0], max(ends[0] + 1, len(one.ids) - ends[1])) for one in encodings]
    unit_of, marked, edges = [], [], []
    place = 0
    for rank, unit in enumerate(units):
        for turn, start, _ in unit.segments:
            shift = start - len(prefix)
            offsets = np.array(encodings[place].offsets[words[place]], dtype=np.intp).reshape(-1, 2) + shift
            on = np.zeros((len(offsets), len(LABELS)), dtype=np.bool_)
            for its_turn, first, last, label in unit.marks:
                if its_turn == turn:
                    on[:, label] |= (offsets[:, 0] < last) & (offsets[:, 1] > first)
            unit_of += [rank] * len(offsets)
            marked.append(on)
            edges.append(offsets)
            place += 1
    counts = np.array([len(each) for each in edges])
    vectors = _vectors(model, fold, [one.ids for one in encodings], words, texts)
    segments = np.repeat(np.arange(len(counts)), counts)
    return Tokens(vectors, np.array(unit_of), segments, np.concatenate(marked), np.concatenate(edges))


def _vectors(
    model: Model, fold: int | None, ids: list[list[int]], words: list[slice], texts: list[str]
) -> NDArray[np.float16]:
    key = hashlib.sha256(f"{model.manifest.weights.sha256 if fold is None else fold} {LAYERS}".encode())
    for text in texts:
        key.update(text.encode() + b"\0")
    kept = CACHE / "tokens" / f"{key.hexdigest()[:24]}.npy"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".partial.npy")
        np.save(unfinished, _compute(model, fold, ids, words))
        unfinished.rename(kept)
    return np.asarray(np.load(kept, mmap_mode="r"), dtype=np.float16)


@torch.inference_mode()
def _compute(model: Model, fold: int | None, ids: list[list[int]], words: list[slice]) -> NDArray[np.float16]:
    weights = bert.join_projections({n: torch.from_numpy(model.tensor(n)) for n in model.config.tensor_shapes()})
    if fold is not None:
        state = torch.load(TUNED / f"fold{fold}.pt", weights_only=True)["state"]
        weights |= {name: tensor for name, tensor in state.items() if name.startswith("encoder.")}
    lengths = np.array([len(row) for row in ids])
    found: list[NDArray[np.float16]] = [np.empty(0, np.float16)] * len(ids)
    for rows in budgeted(lengths, np.argsort(lengths, kind="stable"), _BATCH_TOKENS):
        rectangle = torch.nn.utils.rnn.pad_sequence([torch.tensor(ids[row]) for row in rows], batch_first=True)
        attended = (torch.arange(rectangle.shape[1]) < torch.from_numpy(lengths[rows])[:, None])[:, None, None, :]
        given = []
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast()):
            hidden = bert.look_up(rectangle, weights, model.config)
            for rank in range(model.config.num_hidden_layers):
                hidden = bert.through([f"encoder.layer.{rank}"], hidden, attended, weights, model.config)
                if rank + 1 in LAYERS:
                    given.append(hidden.float())
        side_by_side = torch.cat(given, dim=2).numpy().astype(np.float16)
        for row, vectors in zip(rows, side_by_side, strict=True):
            found[row] = vectors[words[row]]
    return np.concatenate(found)

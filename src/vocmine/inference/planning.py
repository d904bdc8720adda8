"""How long a run would take, from a few of its own batches, and how much memory."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.inference import faults
from vocmine.inference.backends import Backend
from vocmine.inference.batching import Rows
from vocmine.inference.embedder import Embedder
from vocmine.inference.memory import resident_memory
from vocmine.inference.run import Ids, pad

_SAMPLES: Final = 7
"""Batches timed, each standing for as much of the work."""
_TIMES: Final = 2
_SAMPLED_TEXTS: Final = 256
_EMBEDDER_BYTES: Final = 130 * 2**20
"""What the universal sentence encoder takes once loaded, measured."""
_ROW_COPIES: Final = 3
"""Copies of the results that exist at the peak: by distinct text, by row, and one being put back in order."""


def encoding_seconds(backend: Backend, ids: Ids, cut: list[Rows], pad_id: int) -> float | None:
    """Estimate the seconds of all batches from some of them: a part each, a part a token, a part for attention.

    As many run at once as in a real run: two cores are seldom twice as fast as one.

    Parameters
    ----------
    backend : Backend
    ids : list of int32 array
    cut : list of int array
        Rows of each batch, the longest texts first.
    pad_id : int

    Returns
    -------
    float or None
        None if a batch fails.
    """
    if not cut:
        return 0.0
    longest = np.array([max(len(ids[row]) for row in rows) for rows in cut], dtype=float)
    positions = longest * [len(rows) for rows in cut]
    parts = np.stack([np.ones(len(cut)), positions, positions * longest], axis=1)
    done = np.cumsum(positions) / positions.sum()
    sampled = np.unique(np.searchsorted(done, (np.arange(_SAMPLES) + 0.5) / _SAMPLES))
    try:
        taken = np.array([_time(backend, pad(ids, cut[place], pad_id)) for place in sampled])
    except faults.CAUGHT:
        return None
    return float((parts @ _fitted(parts[sampled], taken)).sum())


def _fitted(parts: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit non-negative weights, each time counting by how far it is off in proportion."""
    kept = list(range(parts.shape[1]))
    weights = np.zeros(len(kept))
    while kept:
        found = np.linalg.lstsq(parts[:, kept] / taken[:, None], np.ones(len(taken)), rcond=None)[0]
        if (found >= 0).all():
            weights[kept] = found
            break
        kept.pop(int(np.argmin(found)))
    return weights


def _time(backend: Backend, batch: tuple[NDArray[np.int32], NDArray[np.bool_]]) -> float:
    """Seconds a batch, when as many run at once as the backend takes; the first time, memory is still to be found."""
    seconds = np.inf
    with ThreadPoolExecutor(backend.at_once) as pool:
        for _ in range(_TIMES):
            begun = perf_counter()
            list(pool.map(lambda _: backend.forward(*batch), range(backend.at_once)))
            seconds = min(seconds, perf_counter() - begun)
    return seconds / backend.at_once


def embedding_seconds(embedder: Embedder, texts: Sequence[str], threads: int) -> float | None:
    """Estimate the seconds that an embedder takes, from texts drawn evenly; None if it fails."""
    sample = list(texts[:: max(1, len(texts) // _SAMPLED_TEXTS)])
    if not sample:
        return 0.0
    try:
        embedder.embed(sample[:1], threads)  # reads its weights
        begun = perf_counter()
        embedder.embed(sample, threads)
    except faults.CAUGHT:
        return None
    return (perf_counter() - begun) * sum(map(len, texts)) / sum(map(len, sample))


def activation_bytes(width: int, dtype: str) -> int:
    """Estimate the memory that a forward pass takes for each token of a batch, weights left out.

    Parameters
    ----------
    width : int
        Of the token vectors; the feed-forward layers are taken to be four times as wide, as in BERT.
    dtype : str
        Products of int8 come out as float32.

    Notes
    -----
    At the peak, the activation between the two products of the feed-forward layer, live three wide vectors and four of
    `width`; the allocator's gaps take a quarter more. No length of text changes it: attention never writes its scores
    out. Measured on the embedded model, resident memory grows by 24 to 43 KiB a token, where this says 30.

    Examples
    --------
    >>> activation_bytes(384, "float32")
    30720
    """
    return (2 if dtype == "float16" else 4) * 16 * width * 5 // 4


def peak_memory(rows: int, width: int, activations: int, *, embedder: bool) -> int:
    """Estimate the most resident memory of this process during a run, in bytes.

    Parameters
    ----------
    rows, width : int
        Of the results, in float32.
    activations : int
        Bytes that the batches running at once take; 0 on a GPU.
    embedder : bool
        Whether an embedder has yet to be loaded.
    """
    return resident_memory() + _ROW_COPIES * rows * width * 4 + activations + embedder * _EMBEDDER_BYTES

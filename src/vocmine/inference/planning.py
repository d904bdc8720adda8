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
"""Batches timed, of as many lengths."""
_SAMPLED_TEXTS: Final = 256
_EMBEDDER_BYTES: Final = 130 * 2**20
"""What the universal sentence encoder takes once loaded, measured."""
_ROW_COPIES: Final = 3
"""Copies of the results that exist at the peak: by distinct text, by row, and one being put back in order."""


def encoding_seconds(backend: Backend, ids: Ids, cut: list[Rows], pad_id: int) -> float | None:
    """Estimate the seconds of all batches from some of them, of lengths from the longest to the shortest.

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
    positions = np.array([max(len(ids[row]) for row in rows) * len(rows) for rows in cut])
    sampled = np.unique(np.linspace(0, len(cut) - 1, _SAMPLES).round().astype(int))
    try:
        _time(backend, pad(ids, cut[sampled[len(sampled) // 2]], pad_id))
        taken = [_time(backend, pad(ids, cut[place], pad_id)) for place in sampled]
    except faults.CAUGHT:
        return None
    rates = np.interp(np.arange(len(cut)), sampled, np.array(taken) / positions[sampled])
    return float(rates @ positions)


def _time(backend: Backend, batch: tuple[NDArray[np.int32], NDArray[np.bool_]]) -> float:
    """Seconds a batch, when as many run at once as the backend takes."""
    with ThreadPoolExecutor(backend.at_once) as pool:
        begun = perf_counter()
        list(pool.map(lambda _: backend.forward(*batch), range(backend.at_once)))
        return (perf_counter() - begun) / backend.at_once


def embedding_seconds(embedder: Embedder, texts: Sequence[str], threads: int) -> float:
    """Estimate the seconds that an embedder takes, from texts drawn evenly."""
    sample = list(texts[:: max(1, len(texts) // _SAMPLED_TEXTS)])
    if not sample:
        return 0.0
    embedder.embed(sample[:1], threads)  # reads its weights
    begun = perf_counter()
    embedder.embed(sample, threads)
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

"""What takes part: something that is bound to a sample, untimed, and then run; and how texts are cut into batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from speed_texts import Sample

from vocmine.inference.batching import CPU_TOKEN_BUDGET, Rows, batches

BATCH = 32
"""Texts in a batch, for libraries that count texts."""
Floats = NDArray[np.float32]
Run = Callable[[], Floats | None]
"""Computes all texts; gives the mean of the token vectors of each [texts, hidden], where the library tells them."""
Cut = Callable[[Sample], Iterable[Rows]]


@dataclass(frozen=True)
class Contestant:
    """Something that encodes texts.

    Attributes
    ----------
    name : str
    precision : str
        ``float32`` or ``int8``.
    bind : callable
        Takes a sample, does what is not timed, and gives what is.
    cut : callable
        Takes a sample, and gives the rows of each batch that is computed.
    """

    name: str
    precision: str
    bind: Callable[[Sample], Run] = field(repr=False)
    cut: Cut = field(repr=False)

    def padding_share(self, sample: Sample) -> float:
        """Share of the positions computed that are padding."""
        lengths = sample.lengths
        computed = sum(int(lengths[rows].max()) * len(rows) for rows in self.cut(sample))
        return 1 - float(lengths.sum()) / computed


def one_by_one(sample: Sample) -> Iterable[Rows]:
    """Each text alone."""
    return np.arange(len(sample.ids))[:, None]


def in_order(sample: Sample) -> Iterable[Rows]:
    """As many texts as a batch takes, as they come."""
    return in_batches(np.arange(len(sample.ids)))


def by_characters(sample: Sample) -> Iterable[Rows]:
    """As many texts as a batch takes, the longest in characters first: as sentence-transformers does."""
    return in_batches(np.argsort([-len(text) for text in sample.read], kind="stable"))


def by_tokens(sample: Sample) -> Iterable[Rows]:
    """As our engine does for PyTorch: the longest texts first, padded."""
    return batches(sample.lengths, CPU_TOKEN_BUDGET)


def by_length(sample: Sample) -> Iterable[Rows]:
    """As our engine does for ONNX Runtime: texts of one length, without any padding."""
    return batches(sample.lengths, CPU_TOKEN_BUDGET, padded=False)


def in_batches(order: Rows) -> list[Rows]:
    """Cut an order into batches of `BATCH`, the last one as it falls."""
    return [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

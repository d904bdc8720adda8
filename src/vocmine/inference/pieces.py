"""Texts longer than a segment, as the segments that stand for them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Pieces(NamedTuple):
    """The segments of texts.

    Attributes
    ----------
    segments : list of str
    owner : int array of shape (n_segments,)
        Row of the text that each segment is of, ascending; every text has one segment or more.
    share : float64 array of shape (n_segments,)
        Weight of each segment in its text; they sum to 1 in each.
    """

    segments: list[str]
    owner: NDArray[np.intp]
    share: NDArray[np.float64]

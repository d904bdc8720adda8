"""One batch on several CPU cores: its texts are shared out among threads that compute alone.

With PyTorch's own threads the cores would wait for each other at each of two hundred operations, and on a busy machine
each wait costs a time slice: sharing out takes half the time there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from vocmine.inference.backends import Forward, joined

_TURNS: Final = Lock()


class Threads:
    """So many threads, or as many as PyTorch may use when this is made."""

    def __init__(self, count: int | None = None) -> None:
        self._count = count or torch.get_num_threads()
        self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="vocmine")

    def run(
        self,
        forward: Callable[[NDArray[np.int32], NDArray[np.bool_]], Forward],
        ids: NDArray[np.int32],
        mask: NDArray[np.bool_],
    ) -> Forward:
        """Compute `forward` on a share of the texts in each thread, and put the parts together.

        Parameters
        ----------
        forward : callable
            What `Backend.forward` does, for some of the texts.
        ids : int32 array of shape (texts, tokens)
        mask : bool array of shape (texts, tokens)
        """
        shares = min(self._count, len(ids))
        with _one_thread_each():
            parts = list(self._pool.map(forward, np.array_split(ids, shares), np.array_split(mask, shares)))
        return joined(parts)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Keep PyTorch from sharing out single operations, and give the caller's setting back.

    The setting and the cores are the whole process's: batches of several engines take turns.
    """
    with _TURNS:
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(threads)

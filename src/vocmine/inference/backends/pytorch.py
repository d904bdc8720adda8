"""What backends in PyTorch share: a device, a precision, and a batch shared out among threads on the CPU."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from vocmine.inference.backends import Forward
from vocmine.inference.backends.threads import Threads
from vocmine.inference.backends.transfer import release, torch_dtype


class PyTorchBackend(ABC):
    """Runs padded batches one at a time.

    Parameters
    ----------
    device : str
        As `choose_device` returns it.
    precision : str
        ``float32`` or ``float16``, as `choose_precision` returns it for the device. On the CPU, where the model goes
        when the device fails, it is always float32.
    threads : int, optional
        Threads that share out a batch on the CPU; by default as many as PyTorch may use.

    Raises
    ------
    DeviceError
        PyTorch does not run a model in that precision.
    """

    at_once = 1
    pads = True
    device: str
    dtype: str

    def __init__(self, device: str, precision: str, threads: int | None) -> None:
        self._threads = Threads(threads)
        self._home = precision, torch_dtype(precision)
        self.move(device)

    @abstractmethod
    def move(self, device: str) -> None:
        """Load the model on a device, and not from the device that held it."""

    @abstractmethod
    def _forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        """Encode some texts in the calling thread."""

    def forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        """Encode one batch; see `Backend.forward`."""
        return self._threads.run(self._forward, ids, mask) if self.device == "cpu" else self._forward(ids, mask)

    def release(self) -> None:
        """Empty the device's cache of freed blocks."""
        release(self.device)

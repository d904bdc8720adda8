"""Token ids of one batch come in; embeddings and logits go out: the seam between the engine and what computes."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Backend(Protocol):
    """Runs a model's forward pass on a device."""

    @property
    def device(self) -> str:
        """Where the model is: ``cpu``, ``mps`` or ``cuda:<index>``."""
        ...

    @property
    def dtype(self) -> str:
        """Precision of the forward pass, such as ``float32``."""
        ...

    def forward(
        self, ids: NDArray[np.int32], mask: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        """Encode one batch.

        Parameters
        ----------
        ids : int32 array of shape (texts, tokens)
        mask : bool array of shape (texts, tokens)
            True for a token, False for padding.

        Returns
        -------
        embedding : float32 array of shape (texts, hidden)
            Of length 1 each.
        logits : dict of str to float32 array of shape (texts, labels)
            By head.

        Raises
        ------
        RuntimeError or MemoryError
            The device ran out of memory or failed.
        """
        ...

    def move(self, device: str) -> None:
        """Load the model anew on another device, even if the present one is lost."""
        ...

    def release(self) -> None:
        """Give back memory that is held for reuse."""
        ...

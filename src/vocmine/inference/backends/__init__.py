"""Token ids of one batch come in; embeddings, features and logits go out: the seam to what computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Forward(NamedTuple):
    """What one batch of texts gives.

    Attributes
    ----------
    embedding : float32 array of shape (texts, hidden)
        Of length 1 each.
    features : float32 array of shape (texts, width)
        The pooled token vectors before they are brought to length 1: what heads with ``input="features"`` read.
    logits : dict of str to float32 array of shape (texts, labels)
        By head.
    evidence : mapping of str to float32 array of shape (texts, 2 × labels)
        By head that reads tokens: for each label, the first token of its evidence and the one after the last.
    """

    embedding: NDArray[np.float32]
    features: NDArray[np.float32]
    logits: dict[str, NDArray[np.float32]]
    evidence: Mapping[str, NDArray[np.float32]] = MappingProxyType({})


def joined(parts: Sequence[Forward]) -> Forward:
    """Put together what parts of a batch gave."""
    embeddings, features, logits, evidence = zip(*parts, strict=True)
    return Forward(
        np.concatenate(embeddings),
        np.concatenate(features),
        {name: np.concatenate([part[name] for part in logits]) for name in logits[0]},
        {name: np.concatenate([part[name] for part in evidence]) for name in evidence[0]},
    )


def in_order(forward: Forward, rows: NDArray[np.intp]) -> Forward:
    """Put row i of a result at place ``rows[i]``."""
    order = np.argsort(rows, kind="stable")
    return Forward(
        forward.embedding[order],
        forward.features[order],
        {name: values[order] for name, values in forward.logits.items()},
        {name: values[order] for name, values in forward.evidence.items()},
    )


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

    @property
    def at_once(self) -> int:
        """How many calls of `forward` may run at once, in threads of their own."""
        ...

    @property
    def pads(self) -> bool:
        """Whether a batch is better padded than left small; if not, it gets texts of one length."""
        ...

    def forward(self, ids: NDArray[np.int32], mask: NDArray[np.bool_]) -> Forward:
        """Encode one batch.

        Parameters
        ----------
        ids : int32 array of shape (texts, tokens)
        mask : bool array of shape (texts, tokens)
            True for a token, False for padding.

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

"""What the engine asks of a model, whatever format its folder is in."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from vocmine.inference.backends import Backend
from vocmine.inference.embedder import Embedder
from vocmine.inference.manifest import Head, Manifest


class RunnableModel(Protocol):
    """An encoder with named heads: `Model` and `HuggingFaceModel` are two."""

    @property
    def manifest(self) -> Manifest:
        """What the model is: its prefix, its longest text, its heads."""
        ...

    @property
    def tokenizer(self) -> Tokenizer:
        """Tokenizer that neither truncates nor pads."""
        ...

    @property
    def heads(self) -> tuple[Head, ...]:
        """Heads, in the manifest's order."""
        ...

    @property
    def model_id(self) -> str:
        """``name@version:hash``."""
        ...

    @property
    def embedding_size(self) -> int:
        """Width of the embedding."""
        ...

    @property
    def feature_size(self) -> int:
        """Width of the features."""
        ...

    @property
    def pad_token_id(self) -> int:
        """Token that fills short texts up in a batch."""
        ...

    @property
    def unknown_token_id(self) -> int | None:
        """Token that stands for what the vocabulary does not know, if there is one."""
        ...

    @property
    def embedder(self) -> Embedder | None:
        """What makes the embeddings in the encoder's place, if anything does."""
        ...

    @property
    def embedder_weights(self) -> dict[str, NDArray[np.float32]]:
        """What heads add to their logits from the embedder's vector; head → float32 array of shape (labels, size)."""
        ...

    def backend(self, device: str, precision: str = "auto", threads: int | None = None) -> Backend:
        """Load the model on a device, as `choose_device` names it.

        Raises
        ------
        DeviceError
            The device does not compute in that precision, or not this model.
        """
        ...

"""Between the host and a device: token ids go in, results come out, and the host waits once a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocmine.errors import DeviceError

_DTYPES: Final = {"float32": torch.float32, "float16": torch.float16}


def torch_dtype(precision: str) -> torch.dtype:
    """Return PyTorch's type of a precision, as `choose_precision` names it.

    Raises
    ------
    DeviceError
        PyTorch does not run a model in it.

    Examples
    --------
    >>> torch_dtype("float16")
    torch.float16
    """
    if precision not in _DTYPES:
        raise DeviceError(
            f"precision {precision!r} was asked for, PyTorch runs this model in {' or '.join(_DTYPES)}: "
            "name one of these, or let precision='auto' choose"
        )
    return _DTYPES[precision]


def to_device(array: NDArray[np.generic], device: str) -> Tensor:
    """Copy an array to a device; CUDA reads it from pinned memory while the host goes on."""
    tensor = torch.from_numpy(array)
    if device.startswith("cuda"):
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def to_host(tensors: Sequence[Tensor], device: str) -> list[NDArray[np.float32]]:
    """Copy results of one batch to the host, all in one copy.

    Parameters
    ----------
    tensors : sequence of float32 tensor of shape (texts, any width)
    device : str
        Where they are.

    Returns
    -------
    list of float32 array

    Examples
    --------
    >>> [array.tolist() for array in to_host([torch.ones(1, 2), torch.zeros(1, 1)], "cpu")]
    [[[1.0, 1.0]], [[0.0]]]
    """
    if device == "cpu":
        return [tensor.numpy() for tensor in tensors]
    joined = torch.cat(list(tensors), dim=1)
    if device.startswith("cuda"):
        host = torch.empty(joined.shape, dtype=joined.dtype, pin_memory=True)
        host.copy_(joined, non_blocking=True)
        torch.cuda.current_stream(device).synchronize()
    else:
        host = joined.cpu()
    return [part.numpy() for part in torch.split(host, [tensor.shape[1] for tensor in tensors], dim=1)]


def release(device: str) -> None:
    """Give back the blocks that PyTorch keeps on a device for reuse."""
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()

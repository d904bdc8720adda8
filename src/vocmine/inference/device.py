"""Where a model runs, in which precision, and how much of it at a time: the one place that chooses."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final

from vocmine.errors import DeviceError
from vocmine.inference import faults
from vocmine.inference.batching import CPU_TOKEN_BUDGET, GPU_TOKEN_BUDGET

# Below this CUDA compute capability, half precision is stored but computed slowly.
_FAST_HALF_PRECISION: Final = (7, 0)
# Below, a GPU waits for the host; beyond, it has long been busy all the time, and to halve such a batch costs more.
_SMALLEST_BUDGET: Final = 1_024
_LARGEST_BUDGET: Final = 65_536
# NVIDIA on Linux, within Windows, and AMD.
_DRIVERS: Final = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


def choose_device(device: str = "auto", precision: str = "auto") -> str:
    """Resolve the name of a device to one that is there.

    Parameters
    ----------
    device : str
        ``auto`` takes the first of CUDA, MPS (Apple) and CPU; ``cuda``, ``cuda:1``, ``mps``, ``cpu`` are taken as said.
    precision : str
        As in `choose_precision`; with ``int8``, ``auto`` takes the CPU.

    Returns
    -------
    str
        ``cpu``, ``mps`` or ``cuda:<index>``.

    Raises
    ------
    DeviceError
        The device asked for is not there, or its name is not known.

    Examples
    --------
    >>> choose_device("cpu")
    'cpu'
    """
    if device == "cpu" or (device == "auto" and precision == "int8"):
        return "cpu"
    there = _devices()
    if device == "auto":
        return there[0]
    wanted = "cuda:0" if device == "cuda" else device
    if wanted not in there:
        raise DeviceError(
            f"device {device!r} was asked for, this machine offers {', '.join(there)}: "
            "name one of these, or let device='auto' choose"
        )
    return wanted


def choose_precision(device: str, wanted: str = "auto") -> str:
    """Resolve the precision of the forward pass to one in which a device computes well.

    Parameters
    ----------
    device : str
        As `choose_device` returns it.
    wanted : str
        ``auto`` takes the best for the device; ``float32``, ``float16``, ``int8`` are taken as said.

    Returns
    -------
    str
        By default ``float32`` on CPU and MPS, and on CUDA ``float16`` where the hardware computes in it.

    Raises
    ------
    DeviceError
        The device does not compute in it, or only slowly: ``float16`` needs CUDA of compute capability 7.0 or more,
        ``int8`` a CPU.

    Notes
    -----
    bfloat16 is never chosen: it keeps 8 bits of each number where float16 keeps 11, at the same speed, and a BERT
    encoder's activations stay well inside float16's range. On a CPU without native support it is emulated, 8 times
    slower than float32.

    Examples
    --------
    >>> choose_precision("cpu")
    'float32'
    >>> choose_precision("cpu", "int8")
    'int8'
    """
    offered = _precisions(device)
    if wanted == "auto":
        return offered[0]
    if wanted not in offered:
        raise DeviceError(
            f"precision {wanted!r} was asked for, {device} offers {', '.join(offered)}: "
            "name one of these, another device, or let precision='auto' choose"
        )
    return wanted


def token_budget(device: str, bytes_per_token: int) -> int:
    """Return how many tokens, padding included, a device takes at a time.

    Parameters
    ----------
    device : str
        As `choose_device` returns it, the model already loaded.
    bytes_per_token : int
        What a forward pass takes for each token of a batch, weights left out.

    Returns
    -------
    int
        On a CPU what its caches hold. Elsewhere the largest power of two that takes up no more than half of the memory
        that is free: from 1,024 to 65,536 on CUDA, to 16,384 on MPS.

    Examples
    --------
    >>> token_budget("cpu", 30_720)
    512
    """
    if device == "cpu":
        return CPU_TOKEN_BUDGET
    fitting = max(1, _free_bytes(device) // 2 // bytes_per_token)
    largest = _LARGEST_BUDGET if device.startswith("cuda") else GPU_TOKEN_BUDGET
    return max(_SMALLEST_BUDGET, min(largest, 1 << (fitting.bit_length() - 1)))


def _precisions(device: str) -> tuple[str, ...]:
    """Name the precisions that a device computes well in, the default first."""
    if device == "cpu":
        return "float32", "int8"
    if device.startswith("cuda"):
        import torch

        # A device that cannot even say what it is will fail again when the model is loaded, and be told of there.
        with suppress(*faults.CAUGHT):
            if torch.cuda.get_device_capability(device) >= _FAST_HALF_PRECISION:
                return "float16", "float32"
    return ("float32",)


def _free_bytes(device: str) -> int:
    """Return the free memory of a GPU; 0 where it cannot even say, and its first batch will tell why."""
    import torch

    with suppress(*faults.CAUGHT):
        if device.startswith("cuda"):
            # What this process has freed, its allocator holds: the driver does not count it as free.
            held = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
            return int(torch.cuda.mem_get_info(device)[0]) + held
        return int(torch.mps.recommended_max_memory()) - int(torch.mps.driver_allocated_memory())
    return 0


def usable_cores() -> int:
    """Return how many threads a run takes by default: the cores that this process may use, or ``OMP_NUM_THREADS``.

    Examples
    --------
    >>> usable_cores() >= 1
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(cores, int(wanted))) if wanted.isdecimal() else cores


def _devices() -> list[str]:
    """Name the devices of this machine, best first; the CPU is always the last.

    PyTorch is asked, unless this is a Linux without the driver of any GPU: it takes seconds and 300 MB to import.
    """
    if sys.platform == "linux" and not any(map(os.path.exists, _DRIVERS)):
        return ["cpu"]
    import torch

    there = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        there.append("mps")
    return [*there, "cpu"]

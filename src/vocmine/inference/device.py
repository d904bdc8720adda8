"""Where a model runs, and in which precision: the one place that chooses."""

from __future__ import annotations

from vocmine.errors import DeviceError

# Below this CUDA compute capability, half precision is stored but computed slowly.
_FAST_HALF_PRECISION = (7, 0)


def choose_device(device: str = "auto") -> str:
    """Resolve the name of a device to one that is there.

    Parameters
    ----------
    device : str
        ``auto`` takes the first of CUDA, MPS (Apple) and CPU; ``cuda``, ``cuda:1``, ``mps``, ``cpu`` are taken as said.

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


def choose_dtype(device: str) -> str:
    """Return the precision of the forward pass on a device.

    Parameters
    ----------
    device : str
        As `choose_device` returns it.

    Returns
    -------
    str
        ``float32`` on CPU and MPS; on CUDA ``float16`` where the hardware computes in it, or else ``float32``.

    Notes
    -----
    bfloat16 is never chosen: it keeps 8 bits of each number where float16 keeps 11, at the same speed, and a BERT
    encoder's activations stay well inside float16's range. On a CPU without native support it is emulated, 8 times
    slower than float32.

    Examples
    --------
    >>> choose_dtype("cpu")
    'float32'
    """
    if not device.startswith("cuda"):
        return "float32"
    import torch

    fast = torch.cuda.get_device_capability(device) >= _FAST_HALF_PRECISION
    return "float16" if fast else "float32"


def _devices() -> list[str]:
    """Name the devices of this machine, best first; the CPU is always the last."""
    import torch

    there = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        there.append("mps")
    return [*there, "cpu"]

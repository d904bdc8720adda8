"""What went wrong in a forward pass, told from the exception.

PyTorch raises `RuntimeError` for nearly everything, and its subclasses differ between versions and devices; the words
of the message do not. Reading them here keeps torch out of the engine.
"""

from __future__ import annotations

from typing import Final

OUT_OF_MEMORY: Final = "out_of_memory"
DEVICE_ERROR: Final = "device_error"

CAUGHT: Final = (RuntimeError, MemoryError)
"""What a forward pass may raise that the engine answers; anything else is a bug and goes up to the caller."""

_MEMORY_WORDS: Final = (
    "out of memory",  # CUDA, MPS, ROCm
    "can't allocate memory",  # the CPU allocator on Linux and macOS
    "not enough memory",  # the CPU allocator on Windows
    "failed to allocate memory",  # ONNX Runtime
    "bad_alloc",
    "bad allocation",
    "alloc_failed",  # cuBLAS and cuDNN handles
)


def reason(error: BaseException) -> str:
    """Return the reason code of an error: ``out_of_memory`` or ``device_error``.

    Examples
    --------
    >>> reason(RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"))
    'out_of_memory'
    >>> reason(RuntimeError("CUDA error: an illegal memory access was encountered"))
    'device_error'
    """
    message = str(error).casefold()
    if isinstance(error, MemoryError) or any(words in message for words in _MEMORY_WORDS):
        return OUT_OF_MEMORY
    return DEVICE_ERROR

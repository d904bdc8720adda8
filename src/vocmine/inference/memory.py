"""The memory of this process: how much it holds, and giving back what it no longer needs."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path


def resident_memory() -> int:
    """Return the resident memory of this process, in bytes; 0 where the system does not tell (Linux does)."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") if pages.is_file() else 0


def give_memory_back() -> None:
    """Return to the system what was freed: after a model is loaded, the C library of Linux holds on to 100 MB."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

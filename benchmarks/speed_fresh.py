"""A measurement on cores of its own, and in a process of its own: what that holds in memory is nobody else's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from vocmine.errors import InputError

Figures = dict[str, float | str]


def pin(threads: int) -> None:
    """Keep this process, and those that it starts, to as many cores as there are threads.

    Raises
    ------
    InputError
        There are not so many cores.
    """
    cores = sorted(os.sched_getaffinity(0))
    if threads > len(cores):
        raise InputError(f"{threads} threads are asked for, this process may use {len(cores)} cores: ask for fewer")
    os.sched_setaffinity(0, cores[-threads:])


def in_fresh_process(script: Path, *arguments: str | float) -> Figures:
    """Run a script of this folder, and return the JSON that the last line of its output holds.

    Raises
    ------
    InputError
        The script failed; its own words are on standard error.
    """
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603, our own script
    if done.returncode:
        raise InputError(f"{script.name} ended with status {done.returncode}: see its error above, then run it again")
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB of 10⁶ bytes.

    Read from the kernel's account of the address space and not from `getrusage`, which counts what the parent held
    when it started this process.
    """
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    kibibytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kibibytes) * 1024 / 1e6

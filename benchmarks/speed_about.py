"""What figures depend on (versions, model, processor), and the file that they are kept in."""

from __future__ import annotations

import copy
import json
import platform
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import vocmine as vm

Report = dict[str, Any]


def about(model_id: str, packages: Iterable[str], **settings: object) -> Report:
    """Return what the figures depend on.

    Parameters
    ----------
    model_id : str
    packages : iterable of str
        Libraries whose versions matter.
    **settings
        Threads, rounds and the like.
    """
    return {
        "vocmine": vm.__version__,
        "model_id": model_id,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **settings,
        "machine": machine(),
        "versions": dict(installed(packages)),
    }


def machine() -> Report:
    """Describe the processor by what it can compute with, and not by its name."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    vector = sorted(flag for flag in flags if flag.startswith(("avx", "amx", "fma")))
    return {"processor": platform.machine(), "python": platform.python_version(), "flags": vector}


def installed(packages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the versions of the packages that are there."""
    for package in packages:
        with suppress(PackageNotFoundError):
            yield package, version(package)


def stored(path: Path, empty: Report) -> Report:
    """Return the report of a file; an empty one where there is none, or one of another format."""
    if path.exists():
        found: Report = json.loads(path.read_text(encoding="utf-8"))
        if all(found.get(key) == empty[key] for key in ("format", "format_version")):
            return found
    return copy.deepcopy(empty)


def save(report: Mapping[str, Any], path: Path) -> None:
    """Write what there is so far."""
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

"""A detector's state as a folder: Parquet and JSON, nothing that runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vocmine.errors import SavedAnalysisError
from vocmine.issues.counts import Slice
from vocmine.issues.episodes import Episode
from vocmine.issues.expected import Expected
from vocmine.issues.state import State

_FORMAT: Final = "vocmine-issues"
_VERSION: Final = 1
_ARRAYS: Final = ("means", "uncertainty", "dispersion", "coefficients")


def save_state(folder: Path, parameters: dict[str, object], state: State) -> Path:
    """Write parameters and state to a folder, the manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pandas(state.contacts, preserve_index=False), folder / "contacts.parquet")
    expected = state.expected
    for name in _ARRAYS if expected is not None else ():
        values = getattr(expected, name)
        pq.write_table(
            pa.table({str(column): values[:, column] for column in range(values.shape[1])}), folder / f"{name}.parquet"
        )
    exposure = state.exposure
    closed = [day.isoformat() for day in parameters["closed"]]  # type: ignore[attr-defined]
    manifest = {
        "format": _FORMAT,
        "version": _VERSION,
        "parameters": {**parameters, "closed": closed},
        "by": state.by,
        "topics": state.topics,
        "missing": [day.isoformat() for day in state.missing],
        "slices": state.slices,
        "episodes": [asdict(episode) for episode in state.episodes],
        "exposure": None if exposure is None else {str(day): float(value) for day, value in exposure.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


def load_state(folder: Path) -> tuple[dict[str, object], State]:
    """Read what `save_state` wrote.

    Raises
    ------
    SavedAnalysisError
        If the folder holds no detector, or of a version that this one does not read.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
            raise SavedAnalysisError(f"{folder} holds no detector of version {_VERSION}; detect again")
        contacts = pq.read_table(folder / "contacts.parquet").to_pandas()
        arrays = [pq.read_table(folder / f"{name}.parquet").to_pandas().to_numpy(dtype=np.float64) for name in _ARRAYS]
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SavedAnalysisError(f"no detector can be read from {folder}: {type(error).__name__}") from error
    parameters = manifest["parameters"]
    parameters["closed"] = tuple(date.fromisoformat(day) for day in parameters["closed"])
    parameters["countries"] = tuple(parameters["countries"])
    exposure = manifest["exposure"]
    state = State(
        by=tuple(names if isinstance(names, str) else tuple(names) for names in manifest["by"]),
        contacts=contacts,
        topics=manifest["topics"],
        exposure=None if exposure is None else pd.Series(exposure.values(), index=pd.to_datetime(list(exposure))),
        missing=tuple(date.fromisoformat(day) for day in manifest["missing"]),
        slices=tuple(_slice(own) for own in manifest["slices"]),
        expected=Expected(*arrays),
        episodes=tuple(
            Episode(
                **{
                    **one,
                    "slice": _slice(one["slice"]),
                    "parts": tuple(map(_slice, one["parts"])),
                    "first": None if one["first"] is None else _slice(one["first"]),
                }
            )
            for one in manifest["episodes"]
        ),
    )
    return parameters, state


def _slice(own: list[list[str]]) -> Slice:
    return tuple((dimension, value) for dimension, value in own)

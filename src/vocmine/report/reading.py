"""What was read and scored, what was not and why, and by which model: the ground that the other figures stand on."""

from __future__ import annotations

import json
from typing import TypedDict

import pandas as pd

from vocmine.report.view import View


class Reading(TypedDict):
    """Counts of what was read; reasons are the codes of the tables, the commonest first.

    `started_at` is the start of the run (ISO 8601, UTC); `seconds` its wall time, of which `encoding_seconds` in the
    model.
    """

    rows: int
    contacts: int
    scored: int
    not_scored: dict[str, int]
    rejected: dict[str, int]
    repaired_rows: int
    languages: dict[str, int]
    variants: dict[str, int]
    segments: int
    segments_distinct: int
    tokens: int
    model_id: str
    vocmine: str
    device: str
    dtype: str
    parameters: dict[str, object]
    started_at: str
    seconds: float
    encoding_seconds: float


def summarise_reading(view: View) -> Reading:
    """Count what was read, scored, rejected and repaired, and name the model."""
    contacts, run = view.contacts, view.analysis.run
    repairs = view.analysis.corpus.repairs.to_pandas()
    unscored = contacts["sentiment"].isna()
    return {
        "rows": int(run["rows_in"]),
        "contacts": len(contacts),
        "scored": int((~unscored).sum()),
        "not_scored": _counts(contacts.loc[unscored, "reason"]),
        "rejected": _counts(view.analysis.rejected["reason"]),
        "repaired_rows": repairs.groupby(["source", "row"]).ngroups,
        "languages": _counts(contacts["language"]),
        "variants": _counts(contacts["variant"]),
        "segments": int(run["segments"]),
        "segments_distinct": int(run["segments_distinct"]),
        "tokens": int(run["tokens"]),
        "model_id": str(run["model_id"]),
        "vocmine": str(run["vocmine"]),
        "device": str(run["device"]),
        "dtype": str(run["dtype"]),
        "parameters": json.loads(run["parameters"]),
        "started_at": run["started_at"].isoformat(),
        "seconds": float(run["seconds"]),
        "encoding_seconds": float(run["encoding_seconds"]),
    }


def _counts(values: pd.Series) -> dict[str, int]:
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return {str(name): int(count) for name, count in counts.items()}

"""`Alerts`: what a detector found, as tables, in memory or as a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vocmine.analysis import Analysis
from vocmine.errors import InputError, SavedAnalysisError
from vocmine.issues.outreach import customers_of
from vocmine.schema import ALERT_DAYS, ALERTS, FORECAST

_SCHEMAS = {"alerts": ALERTS, "days": ALERT_DAYS, "forecast": FORECAST}
_FORMAT = "vocmine-alerts"
_VERSION = 1
_SAME = 0.5
"""Share of the contacts of the smaller of two alerts from which on they tell the same."""


@dataclass(frozen=True, eq=False)
class Alerts:
    """Alerts, ranked, with their course and what is expected next.

    Attributes
    ----------
    table : pyarrow.Table
        One row an alert, see `vocmine.schema.ALERTS`.
    days : pyarrow.Table
        One row a day of an alert, see `vocmine.schema.ALERT_DAYS`.
    forecast : pyarrow.Table
        The 14 days to come, see `vocmine.schema.FORECAST`.
    n_slices : int
        Slices that were watched.
    n_short : int
        Slices whose history was too short to be watched: « historique insuffisant ».
    budget : float
        False alerts a week that were allowed, over all slices.

    Examples
    --------
    >>> len(Alerts.empty(budget=0.25))
    0
    """

    table: pa.Table
    days: pa.Table
    forecast: pa.Table
    n_slices: int
    n_short: int
    budget: float

    def __post_init__(self) -> None:
        for name, schema in _SCHEMAS.items():
            table = self.table if name == "alerts" else getattr(self, name)
            if not table.schema.equals(schema):
                raise InputError(f"table {name!r} is not as vocmine.schema says; let a detector make it")

    @classmethod
    def empty(cls, *, budget: float, n_slices: int = 0, n_short: int = 0) -> Alerts:
        """Return no alerts, under a budget of false alerts per week."""
        return cls(ALERTS.empty_table(), ALERT_DAYS.empty_table(), FORECAST.empty_table(), n_slices, n_short, budget)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row an alert, the most unusual first, by ``alert_id``."""
        return pd.DataFrame(self.table.to_pandas()).set_index("alert_id")

    @property
    def open(self) -> pd.DataFrame:
        """Those that are not closed."""
        frame = self.to_pandas()
        return frame[frame["status"] != "closed"]

    def contacts(self, alert_id: str) -> list[str]:
        """Return the ids of the contacts of an alert.

        Raises
        ------
        InputError
            If there is no such alert.
        """
        for row in self.table.select(["alert_id", "contact_ids"]).to_pylist():
            if row["alert_id"] == alert_id:
                return list(row["contact_ids"])
        raise InputError(f"got no alert {alert_id!r} among {len(self)}; see alerts.to_pandas().index")

    def customers(
        self, alert_id: str, analysis: Analysis, customers: pd.DataFrame | None = None, *, least_lift: float = 2.0
    ) -> pd.DataFrame:
        """Return whom an alert affects, and whom it is likely to; see `vocmine.issues.outreach.customers_of`."""
        return customers_of(analysis, self.contacts(alert_id), customers, least_lift=least_lift)

    def __add__(self, other: Alerts) -> Alerts:
        """Return the alerts of two detectors together, the most unusual first; their budgets add up.

        What both tell is told once: of an alert of each that share half of the contacts of the smaller, the more
        unusual stays. Alerts of one detector are never weighed against each other.
        """
        table = pa.concat_tables([self.table, other.table]).sort_by([("score", "descending")])
        mine = set(self.table["alert_id"].to_pylist())
        kept: list[tuple[str, set[str]]] = []
        for row in table.select(["alert_id", "contact_ids"]).to_pylist():
            own = set(row["contact_ids"])
            twice = (
                len(own & its) >= _SAME * min(len(own), len(its))
                for name, its in kept
                if (name in mine) != (row["alert_id"] in mine)
            )
            if not any(twice):
                kept.append((row["alert_id"], own))
        ids = pa.array([name for name, _ in kept], pa.string())
        days = pa.concat_tables([self.days, other.days])
        return Alerts(
            table.filter(pc.is_in(table["alert_id"], ids)),
            days.filter(pc.is_in(days["alert_id"], ids)),
            pa.concat_tables([self.forecast, other.forecast]),
            self.n_slices + other.n_slices,
            self.n_short + other.n_short,
            self.budget + other.budget,
        )

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Go through the alerts, the most unusual first, each a row of `table`."""
        return iter(self.table.to_pylist())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        return (
            f"Alerts({len(self)}, {len(self.open)} open, {self.n_slices} slices, {self.budget:g} false a week allowed)"
        )

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the tables to a folder, one Parquet file each, and a manifest."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in zip(_SCHEMAS, (self.table, self.days, self.forecast), strict=True):
            pq.write_table(table, folder / f"{name}.parquet")
        about = {"n_slices": self.n_slices, "n_short": self.n_short, "budget": self.budget}
        manifest = {"format": _FORMAT, "version": _VERSION, **about}
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        return folder

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Alerts:
        """Read what `save` wrote.

        Raises
        ------
        SavedAnalysisError
            If the folder holds no alerts, or of a version that this one does not read.
        """
        folder = Path(folder)
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            tables = [pq.read_table(folder / f"{name}.parquet").cast(schema) for name, schema in _SCHEMAS.items()]
        except (OSError, ValueError, pa.ArrowException) as error:
            raise SavedAnalysisError(f"no alerts can be read from {folder}: {type(error).__name__}") from error
        if (manifest.get("format"), manifest.get("version")) != (_FORMAT, _VERSION):
            raise SavedAnalysisError(f"{folder} holds no alerts of version {_VERSION}; detect them again")
        return cls(tables[0], tables[1], tables[2], manifest["n_slices"], manifest["n_short"], manifest["budget"])

"""`Comparison`: the figures of models on data sets, as frames and as versioned JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import pandas as pd

from vocmine.errors import ReadError
from vocmine.evaluation.measures import METRICS, Record

FORMAT: Final = "vocmine-comparison"
FORMAT_VERSION: Final = 1

_KEYS: Final = ("model", "dataset")
_BOUNDS: Final = ("", "_low", "_high")
_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "table": (
        *_KEYS,
        "n",
        *(f"{metric}{bound}" for metric in METRICS for bound in _BOUNDS),
        "n_probabilities",
        "abstained",
        "unknown_labels",
        *(f"texts_per_second{bound}" for bound in _BOUNDS),
    ),
    "slices": (
        *_KEYS,
        "slice",
        "value",
        "n",
        *(f"{metric}{bound}" for metric in METRICS[:2] for bound in _BOUNDS),
        *(f"difference{bound}" for bound in _BOUNDS),
    ),
    "pairs": (
        *_KEYS,
        "against",
        "metric",
        "n",
        *(f"difference{bound}" for bound in _BOUNDS),
        "p",
        "p_mcnemar",
    ),
}
_NAMES: Final = {*_KEYS, "slice", "value", "against", "metric", "unknown_labels"}
_WHOLE: Final = {"n", "n_probabilities"}
_SHOWN: Final = {
    "macro_f1": "macro-F1",
    "accuracy": "accuracy",
    "negative_log_likelihood": "NLL",
    "brier": "Brier",
    "calibration_error": "ECE",
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models compared on data sets.

    Attributes
    ----------
    table : DataFrame
        One row a model and data set. ``macro_f1``, ``accuracy``, ``negative_log_likelihood`` (nats), ``brier`` (0 to
        2), ``calibration_error``, each with ``_low`` and ``_high``, the bounds of its 95 % bootstrap interval over
        texts; ``n`` texts, ``n_probabilities`` of them with a true label that has a probability; ``abstained``, share
        of texts without an answer; ``unknown_labels``, true labels that the model cannot give, all errors;
        ``texts_per_second``, median over chunks of texts, and its quartiles.
    slices : DataFrame
        One row a model, data set and slice (language, channel, variant, length, noise). ``difference``: macro-F1 on
        noisy texts less that on the clean ones, paired; NaN in other slices.
    pairs : DataFrame
        One row a model (the first one excepted), data set and metric: ``difference`` to the first model, ``p`` of the
        paired bootstrap, ``p_mcnemar`` (exact, accuracy only). Not corrected for the number of tests.
    about : mapping of str to object
        Library version, date, machine, seed, draws, noise, and of each model and data set its id or revision.
    """

    table: pd.DataFrame = field(repr=False)
    slices: pd.DataFrame = field(repr=False)
    pairs: pd.DataFrame = field(repr=False)
    about: Mapping[str, object] = field(repr=False)

    @classmethod
    def of(
        cls,
        table: Sequence[Record],
        slices: Sequence[Record],
        pairs: Sequence[Record],
        about: Mapping[str, object],
    ) -> Self:
        """Make frames of records, with all the columns even where there is no row."""
        rows = {"table": table, "slices": slices, "pairs": pairs}
        return cls(**{name: _frame(name, records) for name, records in rows.items()}, about=dict(about))

    def __repr__(self) -> str:
        models, datasets = (self.table[key].nunique() for key in _KEYS)
        return f"Comparison({models} models, {datasets} data sets)\n{self.summary().to_string(index=False)}"

    def _repr_html_(self) -> str:
        return self.summary().to_html(index=False, border=0)

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Comparison) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # compared by value, and holds frames

    def summary(self) -> pd.DataFrame:
        """Return the table as people read it: figures with their interval, one row a model and data set."""
        rows = [self._summary_row(row) for row in _records(self.table)]
        return pd.DataFrame(rows)

    def robustness(self) -> pd.DataFrame:
        """Return how macro-F1 changes under each noise, with its interval; one row a model and data set."""
        noisy = self.slices[self.slices["slice"] == "noise"]
        rows: dict[tuple[str, str], dict[str, str]] = {}
        for row in _records(noisy):
            shown = rows.setdefault((row["dataset"], row["model"]), {"data set": row["dataset"], "model": row["model"]})
            shown[row["value"]] = _interval(*(row[f"difference{bound}"] for bound in _BOUNDS), signed=True)
        return pd.DataFrame(list(rows.values()))

    def _summary_row(self, row: Mapping[str, Any]) -> dict[str, str]:
        shown = {"data set": row["dataset"], "model": row["model"], "n": str(row["n"])}
        for metric, name in _SHOWN.items():
            shown[name] = _interval(*(row[f"{metric}{bound}"] for bound in _BOUNDS))
        shown["texts/s"] = f"{row['texts_per_second']:.3g}"
        shown["p vs first"] = self._p(row["model"], row["dataset"])
        notes = [f"cannot say {row['unknown_labels']}"] if row["unknown_labels"] else []
        notes += [f"abstained on {row['abstained']:.1%}"] if row["abstained"] else []
        shown["notes"] = "; ".join(notes)
        return shown

    def _p(self, model: str, dataset: str) -> str:
        pairs = self.pairs
        rows = (pairs["model"] == model) & (pairs["dataset"] == dataset) & (pairs["metric"] == "macro_f1")
        return f"{pairs.loc[rows, 'p'].iloc[0]:.3f}" if rows.any() else ""

    def to_dict(self) -> dict[str, object]:
        """Return everything, as it is written in JSON: a figure that does not exist is None."""
        tables = {name: _records(getattr(self, name)) for name in _TABLES}
        return {"format": FORMAT, "format_version": FORMAT_VERSION, "about": dict(self.about), **tables}

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything as JSON; the folder must be there.

        Parameters
        ----------
        path : str or path
        """
        target = Path(path)
        target.write_text(self.to_json() + "\n", encoding="utf-8")
        return target

    def to_json(self) -> str:
        """Return what `save` writes, in ASCII, which every terminal can show."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        ReadError
            If there is no comparison there, or one of another version.
        """
        source = Path(path)
        try:
            content = json.loads(source.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReadError(
                f"{source}: no comparison can be read there ({type(error).__name__}); give what Comparison.save wrote"
            ) from error
        got = (content.get("format"), content.get("format_version")) if isinstance(content, dict) else type(content)
        if got != (FORMAT, FORMAT_VERSION):
            raise ReadError(f"{source}: got {got}, expected {(FORMAT, FORMAT_VERSION)}; compare again")
        try:
            return cls.of(content["table"], content["slices"], content["pairs"], content["about"])
        except (KeyError, TypeError, ValueError) as error:
            raise ReadError(f"{source}: the tables are not whole ({type(error).__name__}); compare again") from error


def _frame(name: str, records: Sequence[Record]) -> pd.DataFrame:
    columns = {}
    for column in _TABLES[name]:
        values = [record.get(column) for record in records]
        kind = object if column in _NAMES else "int64" if column in _WHOLE else "float64"
        columns[column] = pd.Series(values, dtype=kind)
    return pd.DataFrame(columns)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _interval(value: float | None, low: float | None, high: float | None, *, signed: bool = False) -> str:
    form = "+.3f" if signed else ".3f"
    return "–" if value is None else f"{value:{form}} [{low:{form}}, {high:{form}}]"

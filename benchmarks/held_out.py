"""The model's held-out predictions, as the recipe writes them: a file comes in, labels and probabilities go out.

`results/held_out.csv` has columns ``set``, ``id``, ``head``, ``fold``, ``threshold`` (of aspects: the probability of
being spoken of from which the fold model says so, chosen on the other folds) and one of probabilities for each label,
``negative`` or ``p_negative``, empty where a head does not know it. Sets are ``services_publics_plus``,
``umsab_fr_val`` and so on, and with noise ``services_publics_plus_lower``. Where several models that never saw a set
each predict it whole, they are told apart by ``fold``, and each is a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from vocmine.errors import InputError, ReadError

HELD_OUT = Path(__file__).resolve().parent / "results" / "held_out.csv"
_KEYS = ("set", "id", "head", "fold")


@dataclass(frozen=True)
class HeldOut:
    """Predictions of models that never saw the text.

    Attributes
    ----------
    revision : str
        SHA-256 of the file.
    """

    revision: str
    _frame: pd.DataFrame = field(repr=False)

    @classmethod
    def read(cls, path: Path = HELD_OUT) -> HeldOut:
        """Read the file.

        Raises
        ------
        ReadError
            If it is not there, or lacks a column.
        """
        if not path.is_file():
            raise ReadError(
                f"{path.name} is not in {path.parent.name}/: expected held-out predictions; run `make model`"
            )
        frame = pd.read_csv(path, dtype=dict.fromkeys(_KEYS[:3], str))
        if missing := [name for name in _KEYS if name not in frame]:
            raise ReadError(f"{path.name} lacks the columns {', '.join(missing)}; run `make model` again")
        frame = frame.rename(columns={name: str(name).removeprefix("p_") for name in frame})
        return cls(hashlib.sha256(path.read_bytes()).hexdigest(), frame)

    def __contains__(self, name: str) -> bool:
        return bool((self._frame["set"] == name).any())

    def runs(self, name: str, head: str, ids: Sequence[str]) -> list[pd.DataFrame]:
        """Return the probabilities of each run, rows as in `ids`, one column a label that the head knows.

        Raises
        ------
        InputError
            If a text has no prediction, or several that are no runs.
        """
        rows = self._frame[(self._frame["set"] == name) & (self._frame["head"] == head)]
        rows = rows.dropna(axis="columns", how="all").set_index("id")
        if not rows.index.has_duplicates:  # cross-validation: each text has the one model that did not see it
            return [_in_order(rows, ids, name, head)]
        return [_in_order(run, ids, name, head) for _, run in rows.groupby("fold")]

    def labels(self, name: str, head: str, ids: Sequence[str], among: Collection[str] = ()) -> list[list[str]]:
        """Return the likeliest label of each text, for each run; `among` those that the data set has, if fewer."""
        runs = self.runs(name, head, ids)
        if among:
            runs = [run[[label for label in run if label in among]] for run in runs]
        return [run.idxmax(axis="columns").astype(str).tolist() for run in runs]


def _in_order(rows: pd.DataFrame, ids: Sequence[str], name: str, head: str) -> pd.DataFrame:
    missing = len(set(ids) - set(rows.index))
    if missing or rows.index.has_duplicates:
        raise InputError(
            f"held-out predictions of {head!r} on {name}: {missing} of {len(ids)} texts have none, "
            f"{rows.index.duplicated().sum()} have several, expected one each; run `make model` again"
        )
    return rows.loc[list(ids)].drop(columns=["set", "head", "fold"])

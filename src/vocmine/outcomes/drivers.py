"""What makes customers come again: matters come in; groups ranked by repeats beyond those expected go out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vocmine.stats import wilson


def expected_repeats(matters: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count the repeats of each group beside those that other groups' matters of the same channel lead one to expect.

    Parameters
    ----------
    matters : DataFrame
        ``repeat_after``, ``channel``, ``contact_ids`` and `by`, see `vocmine.outcomes.repeats.Repeats`.
    by : str

    Returns
    -------
    DataFrame
        One row a group: `by`, ``matters``, ``repeated``, ``share``, ``expected``, ``contact_ids``.
    """
    own = matters.assign(again=matters["repeat_after"].notna())
    cells = own.groupby([by, "channel"])["again"].agg(["sum", "size"]).reset_index()
    channels = own.groupby("channel")["again"].agg(["sum", "size"])
    rows = []
    for name, part in cells.groupby(by, sort=True):
        others = channels.loc[part["channel"]].to_numpy() - part[["sum", "size"]].to_numpy()
        overall = own["again"].sum() - part["sum"].sum(), len(own) - part["size"].sum()
        usual = overall[0] / max(overall[1], 1)
        # A channel that other groups hardly use says little: as if twenty matters more had the usual share.
        rate = (others[:, 0] + 20 * usual) / (others[:, 1] + 20)
        n, again = int(part["size"].sum()), int(part["sum"].sum())
        repeats = own[(own[by] == name) & own["again"]]["contact_ids"]
        ids = [one for chain in repeats for one in chain[1:]]
        rows.append((name, n, again, again / n, float(rate @ part["size"].to_numpy()), ids))
    return pd.DataFrame(rows, columns=[by, "matters", "repeated", "share", "expected", "contact_ids"])


def ranked(found: pd.DataFrame, min_matters: int) -> pd.DataFrame:
    """Rank groups by the lower bound of their excess, with intervals and q-values.

    References
    ----------
    Y. Benjamini, Y. Hochberg, Controlling the False Discovery Rate, J. R. Stat. Soc. B 57, 1995.
    """
    kept = found[found["matters"] >= min_matters].reset_index(drop=True)
    numbers = ["matters", "repeated", "share", "expected"]
    kept[numbers] = kept[numbers].astype(np.float64)  # without a row, pandas does not know
    bounds = [wilson(int(again), int(n)) for again, n in zip(kept["repeated"], kept["matters"], strict=True)]
    kept["excess"] = kept["repeated"] - kept["expected"]
    kept["low"] = np.array([one.low for one in bounds]) * kept["matters"] - kept["expected"]
    kept["high"] = np.array([one.high for one in bounds]) * kept["matters"] - kept["expected"]
    kept["ratio"] = (kept["repeated"] + 0.5) / (kept["expected"] + 0.5)
    rate = np.clip(kept["expected"] / kept["matters"], 1e-6, 1 - 1e-6)
    p_value = stats.binom.sf(kept["repeated"] - 1, kept["matters"], rate)
    kept["q_value"] = stats.false_discovery_control(p_value) if len(kept) else np.empty(0)
    ids = kept.pop("contact_ids")
    kept["contact_ids"] = ids
    return kept.sort_values("low", ascending=False, kind="stable", ignore_index=True)

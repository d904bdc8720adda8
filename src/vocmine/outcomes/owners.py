"""Whose matter contacts are: contacts with causes come in; departments, their trend and what is structural go out."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import InputError, NotScoredError
from vocmine.outcomes.audit import audited_shares
from vocmine.outcomes.persistence import Course, courses
from vocmine.stats import Interval
from vocmine.text import mask as masked

_QUARTER: Final = pd.Timedelta(days=90)
_QUOTES: Final = 3
_Z: Final = 1.96


def departments(
    analysis: Analysis,
    *,
    by: str = "department",
    labels: pd.DataFrame | str | None = None,
    exposure: pd.Series | None = None,
    mask: bool = True,
) -> pd.DataFrame:
    """Say which departments make customers contact, how this moves, and whether it is structural.

    Parameters
    ----------
    analysis : Analysis
        With causes, see `vocmine.CauseModel.assign`.
    by : {"department", "cause", "cause_family", "stage", "value"} or any column, default "department"
    labels : DataFrame or path, optional
        A labelled audit, see `vocmine.audit`: shares are corrected with it. Without, they are « estimation non
        vérifiée ».
    exposure : Series, optional
        By local day, such as the orders.
    mask : bool, default True
        Mask personal data in quotes.

    Returns
    -------
    DataFrame
        One row a value, most contacts first, « non attribué » last: `by`, ``contacts``, ``share``, ``low``, ``high``,
        ``status``, ``avoidable`` (share of its contacts), ``trend`` (ratio of its daily contacts in the last 90 days to
        those of the 90 before) with ``trend_low`` and ``trend_high``, ``course`` (see
        `vocmine.outcomes.persistence.Course`), ``structural`` and ``one_off`` (shares of its contacts), ``quotes`` and
        ``contact_ids``.

    Raises
    ------
    NotScoredError
        If the analysis has no causes.
    InputError
        If there is no such column.
    """
    contacts = analysis.contacts.reset_index(drop=True)
    if "causes" not in analysis.tables:
        raise NotScoredError("got an analysis without causes; assign some: vm.CauseModel().assign(analysis)")
    if by not in contacts:
        raise InputError(f"got by={by!r}, expected a column of analysis.contacts")
    shares = {row["value"]: row for row in audited_shares(analysis, labels, column=by).to_dict("records")}
    moved = courses(analysis, by, exposure=exposure)
    rows = []
    for name, part in contacts.assign(**{by: contacts[by].fillna("non attribué")}).groupby(by, sort=True):
        share = shares[str(name)]
        known = part["value"].dropna()
        trend = _trend(part["started_at"], contacts["started_at"].max())
        own = moved.get(str(name), Course("trop peu", len(part), 0.0, 0.0, 0.0, (), ()))
        rows.append(
            {
                by: name,
                "contacts": len(part),
                "share": float(share["share"]),
                "low": float(share["low"]),
                "high": float(share["high"]),
                "status": str(share["status"]),
                "avoidable": float((known == "avoidable").mean()) if len(known) else np.nan,
                "trend": trend.value,
                "trend_low": trend.low,
                "trend_high": trend.high,
                "course": own.kind,
                "structural": own.structural,
                "one_off": own.one_off,
                "quotes": _quotes(part, mask=mask),
                "contact_ids": part["contact_id"].tolist(),
            }
        )
    found = pd.DataFrame(rows)
    found["last"] = found[by].eq("non attribué")
    found = found.sort_values(["last", "contacts"], ascending=[True, False], kind="stable", ignore_index=True)
    return found.drop(columns="last")


def _trend(times: pd.Series, end: pd.Timestamp) -> Interval:
    """Return the ratio of the last 90 days to the 90 before, with its interval on the logarithm."""
    now = int((times > end - _QUARTER).sum())
    before = int(((times > end - 2 * _QUARTER) & (times <= end - _QUARTER)).sum())
    if now + before < 10:
        return Interval(np.nan, np.nan, np.nan)
    ratio = (now + 0.5) / (before + 0.5)
    half = _Z * np.sqrt(1.5 * (1 / (now + 0.5) + 1 / (before + 0.5)))  # counts vary more than chance
    return Interval(ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half)))


def _quotes(part: pd.DataFrame, *, mask: bool) -> list[str]:
    """Return what tells most of the surest contacts, the surest first."""
    sure = part.sort_values(["p_cause", "contact_id"], ascending=[False, True], kind="stable")
    said = sure["cause_quote"].dropna().drop_duplicates().head(_QUOTES)
    return [masked(text) if mask else text for text in said]

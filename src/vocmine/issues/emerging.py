"""An analysis comes in; alerts on themes that are no topics yet go out."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues.alerts import Alerts
from vocmine.issues.documents import Documents
from vocmine.issues.evidence import differences, quotes, severity
from vocmine.issues.themes import GAP, QUIET, REFERENCE, Theme, ThemeScan, follow_themes
from vocmine.schema import ALERT_DAYS, ALERTS, FORECAST
from vocmine.topics.labels import describe

_LEAST: Final = 5.8
_SLOPE: Final = 1.54
"""Score at which there is one false theme in 60 days, and by how much it grows where they are ten times rarer: from 24
streams of 24 days in which nothing begins (`benchmarks/issues_text.py`; scores of 3.5 to 6.5)."""
_DAYS: Final = 60.0
_USUAL: Final = 400
"""Usual contacts that a theme is named against."""
_NEW: Final = 2
_LATELY: Final = 3
_WIDE: Final = 1.96
_YEAR: Final = 365.25


def emerging_themes(
    analysis: Analysis,
    *,
    false_alerts_per_week: float = 0.1,
    since: pd.Timestamp | None = None,
    until: pd.Timestamp | None = None,
) -> Alerts:
    """Find what customers begin to speak of, whether it is a topic or not, each day with what was said before it.

    A theme is a group of contacts of the last 3 to 14 days that say what was not said, or not so often, in the weeks
    before. It needs five weeks of history. Each day, the contacts of the last 75 days are enough, with that day as
    `since`: what stands since before is then told anew.

    Parameters
    ----------
    analysis : Analysis
    false_alerts_per_week : float, default 0.1
        False themes to be expected per week where nothing begins; it adds to the budget of `IssueDetector`. Measured at
        80 contacts a day.
    since, until : Timestamp, optional
        First and last local day on which themes are told; by default all.

    Returns
    -------
    Alerts
        Of kind ``theme``: observed and expected count the theme's contacts since its onset, against those that said its
        term in the weeks before, or, where none bursts, stood as near to its centre. Add them to those of the counts:
        ``alerts + themes``. Label and quotes make a reason for a topic model: ``TopicModel(reasons={label: quotes})``.

    Raises
    ------
    InputError
        If the budget is not positive.
    """
    if not 0 < false_alerts_per_week <= 100:
        raise InputError(f"false_alerts_per_week is {false_alerts_per_week}, expected more than 0, up to 100")
    documents = Documents.of(analysis)
    if not len(documents):
        return Alerts.empty(budget=false_alerts_per_week)
    end = int(documents.days.max()) if until is None else int((until - documents.first).days)
    begin = 0 if since is None else max(int((since - documents.first).days), 0)
    least = _LEAST + _SLOPE * np.log10(7 / (_DAYS * false_alerts_per_week))
    themes = follow_themes(ThemeScan(documents), float(least), first=begin, last=end)
    told = [_told(analysis, documents, theme, end, false_alerts_per_week) for theme in themes]
    ranked = sorted(told, key=lambda one: -one[0]["score"])
    return Alerts(
        pa.Table.from_pylist([row for row, _ in ranked], schema=ALERTS),
        pa.Table.from_pylist([day for _, days in ranked for day in days], schema=ALERT_DAYS),
        FORECAST.empty_table(),
        n_slices=0,
        n_short=0,
        budget=false_alerts_per_week,
    )


def _told(
    analysis: Analysis, documents: Documents, theme: Theme, end: int, budget: float
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of a theme, and those of its days."""
    day_of = documents.days
    members = np.array([rank for rank in theme.members if day_of[rank] >= theme.onset], dtype=np.int64)
    before = np.flatnonzero((day_of >= theme.onset - GAP - REFERENCE) & (day_of < theme.onset))
    like = _like(documents, theme, members, before)
    last = int(day_of[members].max())
    span = max(theme.onset - int(day_of[before].min()), 1) if len(before) else 1
    daily = len(like) / span
    expected = daily * (last - theme.onset + 1)
    ids = documents.contact_ids[members].tolist()
    usual = documents.contact_ids[before].tolist()
    found = differences(analysis, ids, usual)
    ratio = (len(ids) + 0.5) / (expected + 0.5)
    spread = _WIDE * np.sqrt(1 / (len(ids) + 0.5) + 1 / (len(like) + 0.5))
    statuses = [_status(day_of[members], theme.raised, last, day) for day in range(theme.raised, end + 1)]
    key = f"{_date(documents, theme.raised):%Y%m%d}-theme-{ids[0]}"
    row = {
        "alert_id": key,
        "kind": "theme",
        "label": _label(analysis, ids, usual[-_USUAL:]),
        "slice": [],
        "status": statuses[-1],
        "raised": _date(documents, theme.raised).date(),
        "onset": _date(documents, theme.onset).date(),
        "last": _date(documents, last).date(),
        "window": theme.raised - theme.onset + 1,
        "observed": len(ids),
        "expected": expected,
        "ratio": ratio,
        "ratio_low": float(ratio * np.exp(-spread)),
        "ratio_high": float(ratio * np.exp(spread)),
        "p_value": theme.p_value,
        "score": float((theme.score - _LEAST) / _SLOPE + np.log10(_DAYS / _YEAR)),
        "severity": severity(analysis, ids, len(ids) - expected, ratio),
        "excess": len(ids) - expected,
        "customers": _customers(analysis, ids),
        "contact_ids": ids,
        "quotes": quotes(analysis, ids, found),
        "differences": found,
        "topic_id": None,
        "budget": budget,
    }
    counted = np.bincount(day_of[np.concatenate([like, members])], minlength=end + 1)
    days = [
        {
            "alert_id": key,
            "day": _date(documents, day).date(),
            "observed": float(counted[day]),
            "expected": daily,
            "high": daily + _WIDE * np.sqrt(max(daily, 0.1)),
            "score": None,
            "status": statuses[day - theme.raised] if day >= theme.raised else None,
        }
        for day in range(max(theme.onset - 28, 0), end + 1)
    ]
    return row, days


def _like(
    documents: Documents, theme: Theme, members: NDArray[np.int64], before: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the documents of weeks before that hold the theme's term; without one, those as near as three in four."""
    if theme.term:
        held = documents.said[before][:, [documents.terms.index(theme.term)]].toarray()[:, 0] > 0
    else:
        centre = documents.vectors[members].mean(axis=0)
        held = documents.vectors[before] @ centre >= np.quantile(documents.vectors[members] @ centre, 0.25)
    found: NDArray[np.int64] = before[held]
    return found


def _status(days: NDArray[np.int64], raised: int, last: int, day: int) -> str:
    """Say how a theme stands: new for two days, over after 14 without it, else by its last three days."""
    if day - last >= QUIET:
        return "closed"
    if day - raised < _NEW:
        return "new"
    lately, earlier = (days > day - _LATELY).sum() / _LATELY, (days <= day - _LATELY).sum()
    return "growing" if lately >= earlier / max(day - _LATELY - int(days.min()) + 1, 1) else "fading"


def _date(documents: Documents, day: int) -> pd.Timestamp:
    return documents.first + pd.Timedelta(days=day)


def _label(analysis: Analysis, ids: list[str], usual: list[str]) -> str:
    """Name a theme by what tells its contacts from usual ones."""
    said = _texts(analysis, {*ids, *usual})
    own = [said[name] for name in ids if name in said]
    others = [said[name] for name in usual if name in said and name not in set(ids)]
    topics = np.array([0] * len(own) + [1] * len(others))
    return next((one.label for one in describe([*own, *others], topics) if one.topic == 0), "")


def _texts(analysis: Analysis, wanted: set[str]) -> dict[str, str]:
    """Return what the customers of contacts say."""
    turns = analysis.corpus.turns.select(["contact_id", "speaker", "text"]).to_pandas()
    own = turns[turns["contact_id"].isin(wanted) & turns["speaker"].isin(["customer", "unknown"])]
    return {str(name): "\n".join(texts) for name, texts in own.groupby("contact_id")["text"]}


def _customers(analysis: Analysis, ids: list[str]) -> int | None:
    contacts = analysis.corpus.to_pandas("contacts")
    if "customer_id" not in contacts:
        return None
    return int(contacts.loc[contacts["contact_id"].isin(ids), "customer_id"].nunique()) or None

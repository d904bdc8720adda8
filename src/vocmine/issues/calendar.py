"""Periods come in; what the calendar says of them goes out, as columns that explain counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.issues.expected import Design
from vocmine.issues.grain import Grain
from vocmine.stats.counts import Floats

COUNTRIES: Final = ("FR", "CA-QC", "BE", "CH")
"""Countries, or parts of one, whose holidays are known by default; any that the library holidays knows will do."""

_YEAR: Final = 365.25
_SPREADS: Final = {"trend": 0.3, "season": 0.25, "week": 0.5, "hour": 0.7, "holiday": 0.5, "after": 0.2}
"""Prior standard deviations of the effects on the logarithm of the mean; of the trend, per year."""
_HOLIDAY: Final = -0.7
"""A holiday halves the contacts, before any was seen."""


def holidays_of(days: pd.DatetimeIndex, countries: Sequence[str] = ("FR",)) -> Floats:
    """Return the share of the countries that have a holiday on each day, 0 to 1.

    Parameters
    ----------
    days : DatetimeIndex
        Local days, without time zone.
    countries : sequence of str
        ISO 3166 codes, with a part after a hyphen: ``FR``, ``CA-QC``, ``BE``, ``CH``, ``CH-GE``.

    Raises
    ------
    InputError
        If a country or its part is unknown.

    Examples
    --------
    >>> holidays_of(pd.DatetimeIndex(["2026-07-14", "2026-07-21"]), ["FR", "BE"]).tolist()
    [0.5, 0.5]
    """
    import holidays

    years = range(days.min().year, days.max().year + 1) if len(days) else range(0)
    found = np.zeros(len(days))
    for code in countries:
        country, _, part = code.partition("-")
        try:
            known = holidays.country_holidays(country, subdiv=part or None, years=years)
        except NotImplementedError as error:
            message = f"no holidays are known for {code!r}, expected codes such as {', '.join(COUNTRIES)}"
            raise InputError(message) from error
        found += np.array([day in known for day in days.date], dtype=np.float64)
    return found / max(len(countries), 1)


def design(
    periods: pd.DatetimeIndex,
    grain: Grain,
    countries: Sequence[str] = ("FR",),
    closed: Sequence[date] = (),
) -> Design:
    """Return the columns that explain the counts of periods: trend, season, weekday, hour, holidays.

    Parameters
    ----------
    periods : DatetimeIndex
        Starts of local hours, days or weeks (from Monday), without time zone.
    grain : Grain
    countries : sequence of str
        See `holidays_of`.
    closed : sequence of datetime.date
        Days of one's own on which the service is closed, as if holidays.

    Raises
    ------
    InputError
        If a country is unknown.
    """
    days = pd.DatetimeIndex(periods.normalize().unique())
    if grain.name == "week":
        days = pd.DatetimeIndex(np.unique(np.concatenate([days + pd.Timedelta(days=n) for n in range(7)])))
    free = np.maximum(
        holidays_of(days, countries), np.array([day in set(closed) for day in days.date], dtype=np.float64)
    )
    after = np.concatenate([[0.0], free[:-1]]) * (1 - free)
    in_year = 2 * np.pi * np.asarray(periods.day_of_year, dtype=np.float64) / _YEAR
    since = np.asarray((periods - periods[0]) / pd.Timedelta(days=_YEAR), dtype=np.float64)
    columns = [("level", np.ones(len(periods))), ("trend", since)]
    columns += [("season", np.sin(in_year)), ("season", np.cos(in_year))]
    if grain.name == "week":
        of_weeks = (free.reshape(-1, 7).sum(axis=1) / 5, after.reshape(-1, 7).sum(axis=1) / 5)
        columns += [("holiday", of_weeks[0]), ("after", of_weeks[1])]
    else:
        place = days.get_indexer(periods.normalize())
        columns += [("week", column) for column in _contrasts(np.asarray(periods.day_of_week), 7).T]
        if grain.name == "hour":
            columns += [("hour", column) for column in _contrasts(np.asarray(periods.hour), 24).T]
            weekend = np.asarray(periods.day_of_week >= 5, dtype=np.float64)
            columns += [("hour", column * weekend) for column in _contrasts(np.asarray(periods.hour), 24).T[::3]]
        columns += [("holiday", free[place]), ("after", after[place])]
    names = np.array([name for name, _ in columns])
    precision = np.array([1e-4 if name == "level" else _SPREADS[name] ** -2 for name in names])
    return Design(
        np.column_stack([column for _, column in columns]),
        np.where(names == "holiday", _HOLIDAY, 0.0),
        precision,
        ~np.isin(names, ["level", "trend", "season"]),
    )


def _contrasts(values: NDArray[np.integer], n_values: int) -> Floats:
    """One column a value but the first, each less its mean: the level stays that of an average period."""
    columns: Floats = np.eye(n_values)[values][:, 1:] - 1 / n_values
    return columns

"""Sums of costs: exact to the cent, and how much they vary from one period to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from vocmine.errors import ColumnError

_DRAWS: Final = 20_000
_TWO_WEEKS: Final = 14
"""Days from which the days of the week are told apart."""


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves up."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def add(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts up, exactly."""
    return sum(amounts, Decimal(0))


def bounds(unit: Sequence[Decimal], dispersion: float, highest: float, level: float, seed: int) -> list[Decimal]:
    """Return the interval of the mean of a sum of so many costs, each a random number of times."""
    sizes = Counter(unit)
    costs = np.array([float(cost) for cost in sizes])
    random = np.random.default_rng(seed)
    counts = np.array(list(sizes.values())) / dispersion
    means = dispersion * random.gamma(counts, size=(_DRAWS, len(counts))) @ costs
    # The upper bound of a count has one contact more than the lower (Garwood), here the dearest (Fay and Feuer).
    more = dispersion * highest * random.exponential(size=_DRAWS)
    bounds = np.quantile(means, (1 - level) / 2), np.quantile(means + more, (1 + level) / 2)
    return [cents(Decimal(repr(float(bound)))) for bound in bounds]


def dispersion_of(unit: pd.Series[float], contacts: pd.DataFrame) -> float | None:
    """Return Pearson's ratio of the variance of the daily sums to that of independent contacts; None if unknown."""
    if (moments := column_of(contacts, "started_at")) is None or unit.sum() == 0:
        return None
    if not pd.api.types.is_datetime64_any_dtype(moments):
        raise ColumnError(f"got started_at of type {moments.dtype}, expected datetimes; convert it by pd.to_datetime")
    days = moments.dt.floor("D")
    if days.isna().all():
        return None
    sums = unit.groupby(days.loc[unit.index]).sum()
    daily = sums.reindex(pd.date_range(days.min(), days.max(), freq="D"), fill_value=0.0)
    weekday = np.asarray(pd.DatetimeIndex(daily.index).day_of_week) * (len(daily) >= _TWO_WEEKS)
    mean = daily.groupby(weekday).transform("mean")
    # A day of the week on which nobody is served says nothing.
    served = (mean > 0).to_numpy()
    freedom = int(served.sum()) - len(set(weekday[served]))
    if freedom < 1:
        return None
    expected = mean * float((unit**2).sum() / unit.sum())
    return max(1.0, float(((daily - mean) ** 2 / expected)[served].sum() / freedom))


def column_of(contacts: pd.DataFrame, name: str) -> pd.Series[Any] | None:
    """Return a column by its name, whatever its capitals; None if there is none."""
    found = [column for column in contacts if str(column).casefold() == name.casefold()]
    if len(found) > 1 and name not in found:
        raise ColumnError(f"got {len(found)} columns named {name!r} but for capitals, expected one; rename the others")
    return contacts[name if name in found else found[0]] if found else None

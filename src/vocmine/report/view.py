"""What every section looks at: the analysis, how quotes are to be shown, and the contacts with their local days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from vocmine.analysis import Analysis


@dataclass(frozen=True, eq=False)
class View:
    """An analysis as the report looks at it.

    Attributes
    ----------
    analysis : Analysis
        What was scored.
    mask : bool
        Whether personal data are masked in quotes.
    n_quotes : int
        Quotes shown at most.
    """

    analysis: Analysis
    mask: bool = True
    n_quotes: int = 12

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Contacts in their order, indexed by rank, with two columns more.

        ``day`` is the day of the start in the contact's own zone, ``week`` the Monday of that day; both are datetime64
        without zone, NaT where the contact bears no date.
        """
        contacts = self.analysis.contacts.reset_index(drop=True)
        days = _local_days(contacts["started_at"], contacts["timezone"])
        return contacts.assign(day=days, week=days - pd.to_timedelta(days.dt.day_of_week, unit="D"))


def _local_days(moments: pd.Series, zones: pd.Series) -> pd.Series:
    days = pd.Series(pd.NaT, index=moments.index, dtype="datetime64[us]")
    for zone in zones.unique():
        there = zones == zone
        days[there] = moments[there].dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    return days

"""What a detector keeps from one day to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.issues.counts import LISTS, Counts, Slice
from vocmine.issues.episodes import Episode
from vocmine.issues.expected import Expected

_ALWAYS: Final = ("contact_id", "started_at", "timezone", "customer_id")


@dataclass(frozen=True, eq=False)
class State:
    """Contacts without their words, what was expected, and what was told.

    Attributes
    ----------
    by : tuple of str or tuple of str
        What contacts are counted by.
    contacts : DataFrame
        Id, time, zone and customer of each contact, and what it is counted by.
    topics : mapping of str to str
        Label of each topic.
    exposure : Series, optional
    missing : tuple of date
    slices : tuple of Slice
    expected : Expected, optional
        Of `slices`, for the periods watched.
    episodes : tuple of Episode
    """

    by: tuple[str | tuple[str, ...], ...]
    contacts: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    topics: dict[str, str] = field(default_factory=dict, repr=False)
    exposure: pd.Series | None = None
    missing: tuple[date, ...] = ()
    slices: tuple[Slice, ...] = ()
    expected: Expected | None = field(default=None, repr=False)
    episodes: tuple[Episode, ...] = ()

    @classmethod
    def new(cls, by: Sequence[str | tuple[str, ...]]) -> Self:
        """Return the state before the first day."""
        return cls(tuple(names if isinstance(names, str) else tuple(names) for names in by))

    @property
    def dimensions(self) -> list[str]:
        """What contacts are counted by, each once."""
        every = [name for names in self.by for name in ((names,) if isinstance(names, str) else names)]
        return list(dict.fromkeys(every))

    @property
    def n_periods(self) -> int:
        """Periods watched so far."""
        return 0 if self.expected is None else self.expected.n_periods

    def extended(self, analysis: Analysis, exposure: pd.Series | None, missing: Sequence[date]) -> State:
        """Return the state with the contacts of an analysis; one known before is replaced."""
        frame = analysis.contacts
        names = [LISTS.get(name, name) for name in self.dimensions]
        absent = [name for name in names if name not in frame.columns]
        if absent:
            raise InputError(f"got no column {absent[0]!r} to count by; expected one of the columns of contacts")
        columns = list(dict.fromkeys([*(name for name in _ALWAYS if name in frame.columns), *names]))
        contacts = pd.concat([self.contacts, frame[columns].reset_index(drop=True)], ignore_index=True)
        contacts = contacts.drop_duplicates("contact_id", keep="last", ignore_index=True)
        topics = dict(self.topics)
        if "topics" in analysis.tables:
            rows = analysis.tables["topics"].select(["topic_id", "label"]).to_pylist()
            topics |= {str(row["topic_id"]): row["label"] for row in rows}
        known = exposure if self.exposure is None else self.exposure
        if self.exposure is not None and exposure is not None:
            known = pd.concat([self.exposure, exposure])
            known = known[~known.index.duplicated(keep="last")].sort_index()
        return replace(self, contacts=contacts, topics=topics, exposure=known, missing=(*self.missing, *missing))

    def watched(self, counts: Counts, expected: Expected, episodes: Sequence[Episode]) -> State:
        """Return the state after the periods of `counts`."""
        return replace(self, slices=counts.slices, expected=expected, episodes=tuple(episodes))

"""`IssueDetector`: contacts come in day by day; alerts that keep a budget of false ones go out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Self, cast

import pandas as pd
from sklearn.base import BaseEstimator

from vocmine.analysis import Analysis
from vocmine.errors import InputError, NotScoredError
from vocmine.issues.alerts import Alerts
from vocmine.issues.counts import count
from vocmine.issues.episodes import follow
from vocmine.issues.grain import grain_of
from vocmine.issues.saved import load_state, save_state
from vocmine.issues.state import State
from vocmine.issues.telling import told
from vocmine.issues.watching import watched


class IssueDetector(BaseEstimator):  # type: ignore[misc]
    """Finds what is going wrong now, in whatever the contacts are counted by.

    Each slice (a topic, a channel, a signal...) is compared, over windows of 1 to 28 days, with what its weekdays,
    season, trend and holidays foretell; what is more than that is told, once, as soon as it is as rare as the budget of
    false alerts demands.

    Parameters
    ----------
    false_alerts_per_week : float, default 0.25
        False alerts to be expected per week over all slices, where nothing happens.
    max_alerts_per_week : int, optional
        Most alerts told in seven days; others wait.
    grain : {"day", "hour", "week"}
    countries : sequence of str, default ("FR",)
        Whose holidays change the contacts, see `vocmine.issues.calendar.holidays_of`.
    closed : sequence of datetime.date
        More days on which the service is closed.
    min_contacts : int, default 20
        Contacts that a slice must have had before it is watched.

    Attributes
    ----------
    state_ : State
        What is kept from day to day.

    Examples
    --------
    >>> IssueDetector(false_alerts_per_week=0.5)
    IssueDetector(false_alerts_per_week=0.5)
    """

    def __init__(
        self,
        *,
        false_alerts_per_week: float = 0.25,
        max_alerts_per_week: int | None = None,
        grain: str = "day",
        countries: Sequence[str] = ("FR",),
        closed: Sequence[date] = (),
        min_contacts: int = 20,
    ) -> None:
        self.false_alerts_per_week = false_alerts_per_week
        self.max_alerts_per_week = max_alerts_per_week
        self.grain = grain
        self.countries = countries
        self.closed = closed
        self.min_contacts = min_contacts

    def detect(
        self,
        analysis: Analysis,
        by: Sequence[str | tuple[str, ...]] | None = None,
        *,
        exposure: pd.Series | None = None,
        missing: Sequence[date] = (),
        until: pd.Timestamp | None = None,
    ) -> Alerts:
        """Watch the contacts from the first to the last day, each with what was known before it.

        What was found is kept in `state_`, for `update` to go on from.

        Parameters
        ----------
        analysis : Analysis
        by : sequence of str or tuple of str, optional
            What to count by, and, as tuples, crossings: ``["topic", ("topic", "channel")]``; by default channel, signal
            and, where assigned, topic. ``topic`` and ``signal`` count a contact in each of its own.
        exposure : pandas.Series, optional
            By local day, what contacts are in proportion to: orders, invoices, customers.
        missing : sequence of datetime.date
            Local days on which the feed was missing.
        until : pandas.Timestamp, optional
            Last local day; by default the last with a contact.

        Raises
        ------
        NotScoredError
            If topics are to be counted and there are none.
        InputError
            If a dimension is no column, a parameter is out of its range, or no contact has a date.
        """
        if not 0 < self.false_alerts_per_week <= 100:
            raise InputError(f"false_alerts_per_week is {self.false_alerts_per_week}, expected more than 0, up to 100")
        if by is None:
            by = ["channel", "signal", *(["topic"] if "contact_topics" in analysis.tables else [])]
        self.state_ = State.new(by)
        return self.update(analysis, exposure=exposure, missing=missing, until=until)

    def update(
        self,
        analysis: Analysis,
        *,
        exposure: pd.Series | None = None,
        missing: Sequence[date] = (),
        until: pd.Timestamp | None = None,
    ) -> Alerts:
        """Watch the days after those watched before, such as today's.

        A contact known before is replaced. Contacts of days already watched (late data) are counted; what was told of
        those days stays.

        Parameters
        ----------
        analysis : Analysis
            New contacts, with topics of the same model as before.
        exposure, missing, until
            As in `detect`, of the new days.

        Raises
        ------
        NotScoredError
            If `detect` was not called, or topics are counted and there are none.
        InputError
            If a dimension is no column, or no contact has a date.
        """
        if not hasattr(self, "state_"):
            raise NotScoredError("got a detector that has seen no history; call detect(analysis) first")
        if "topic" in self.state_.dimensions and "contact_topics" not in analysis.tables:
            raise NotScoredError("got an analysis without topics; assign some: vm.TopicModel().fit(a).assign(a)")
        grain = grain_of(self.grain)
        state = self.state_.extended(analysis, exposure, missing)
        counts = count(
            state.contacts,
            state.by,
            grain=self.grain,
            slices=state.slices,
            exposure=state.exposure,
            missing=state.missing,
            until=until,
            min_contacts=self.min_contacts,
        )
        watch, ahead = watched(
            counts,
            self.false_alerts_per_week,
            countries=self.countries,
            closed=self.closed,
            min_contacts=self.min_contacts,
            known=state.expected,
        )
        episodes = follow(watch, grain, first=state.n_periods, known=state.episodes, most=self.max_alerts_per_week)
        self.state_ = state.watched(counts, watch.expected, episodes)
        return told(analysis, self.state_, watch, ahead, self.false_alerts_per_week, grain)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write parameters and state to a folder: Parquet and JSON."""
        if not hasattr(self, "state_"):
            raise NotScoredError("got a detector that has seen no history; call detect(analysis) first")
        return save_state(Path(folder), self.get_params(), self.state_)

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        SavedAnalysisError
            If the folder holds no detector, or of a version that this one does not read.
        """
        parameters, state = load_state(Path(folder))
        detector = cls().set_params(**parameters)
        detector.state_ = state
        return cast("Self", detector)

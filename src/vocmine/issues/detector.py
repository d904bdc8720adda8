"""`IssueDetector`: contacts come in day by day; alerts that keep a budget of false ones go out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self, cast

import pandas as pd
from sklearn.base import BaseEstimator

from vocmine.analysis import Analysis
from vocmine.errors import InputError, NotScoredError
from vocmine.issues.alerts import Alerts
from vocmine.issues.counts import count
from vocmine.issues.episodes import Watch, follow
from vocmine.issues.grain import grain_of
from vocmine.issues.replaying import replayed, without_topics
from vocmine.issues.saved import load_state, save_state
from vocmine.issues.state import State
from vocmine.issues.telling import told
from vocmine.issues.watching import watched
from vocmine.stats.counts import Floats
from vocmine.topics import TopicModel


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
        Most alerts told a week, over any four weeks, as issues come in clusters; others wait.
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
    topics_ : TopicModel or None
        After `backtest`, the model of the topics as of the last day.

    Examples
    --------
    >>> IssueDetector(false_alerts_per_week=0.5)
    IssueDetector(false_alerts_per_week=0.5)
    """

    state_: State
    topics_: TopicModel | None

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
        self._begin(analysis, by)
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
        watch, ahead = self._go_on(analysis, exposure, missing, until)
        return told(analysis, self.state_, watch, ahead, self.false_alerts_per_week, grain_of(self.grain))

    def backtest(
        self,
        analysis: Analysis,
        by: Sequence[str | tuple[str, ...]] | None = None,
        *,
        topics: TopicModel | None = None,
        warm_up: int = 90,
        every: int = 28,
        exposure: pd.Series | None = None,
        missing: Sequence[date] = (),
    ) -> Alerts:
        """Say what would have been told, and when, had the contacts been watched as they came.

        Topics are found in the first days alone; contacts get those of the model as it was before their block of days,
        and the model then learns the block (`TopicModel.update`). So nothing that a day is told of was known after it:
        topics that the analysis has, found in all of it, are left aside.

        Parameters
        ----------
        analysis : Analysis
        by, exposure, missing
            As in `detect`; by default channel, signal and topic.
        topics : TopicModel, optional
            Parameters of the model of the topics; by default `TopicModel`'s own.
        warm_up : int
            Local days that the first topics are found in.
        every : int
            Days from one update of the topics to the next.

        Returns
        -------
        Alerts
            Ended ones too. The model as of the last day is `topics_`; `state_` is as if the days had been watched.

        Raises
        ------
        InputError
            If there are fewer days than `warm_up`, or too few texts in them to find topics.
        """
        self._begin(analysis, ["channel", "signal", "topic"] if by is None else by)
        model = (TopicModel() if topics is None else topics) if "topic" in self.state_.dimensions else None
        bare = without_topics(analysis)
        for number, block in enumerate(replayed(bare, model, warm_up, every)):
            watch, ahead = self._go_on(block.analysis, exposure, missing, block.last)
            self.topics_ = block.topics
            if number == 0:  # its topics were found with what came later in it
                self.state_ = replace(self.state_, episodes=())
        return told(bare, self.state_, watch, ahead, self.false_alerts_per_week, grain_of(self.grain))

    def _begin(self, analysis: Analysis, by: Sequence[str | tuple[str, ...]] | None) -> None:
        if not 0 < self.false_alerts_per_week <= 100:
            raise InputError(f"false_alerts_per_week is {self.false_alerts_per_week}, expected more than 0, up to 100")
        if by is None:
            by = ["channel", "signal", *(["topic"] if "contact_topics" in analysis.tables else [])]
        self.state_ = State.new(by)

    def _go_on(
        self, analysis: Analysis, exposure: pd.Series | None, missing: Sequence[date], until: pd.Timestamp | None
    ) -> tuple[Watch, Floats]:
        """Watch the days after those watched before."""
        if not hasattr(self, "state_"):
            raise NotScoredError("got a detector that has seen no history; call detect(analysis) first")
        if "topic" in self.state_.dimensions and "contact_topics" not in analysis.tables:
            how = "those of the model as before" if self.state_.n_periods else "some: vm.TopicModel().fit(a).assign(a)"
            raise NotScoredError(f"got an analysis without topics; assign {how}")
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
        return watch, ahead

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

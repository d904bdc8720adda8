"""`decisions`: an analysis with causes comes in; every table a head of customer service decides by goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import NotScoredError
from vocmine.issues.counts import local_times
from vocmine.outcomes.contradictions import contradictions
from vocmine.outcomes.costs import Cost, Costs
from vocmine.outcomes.faq import Faq, faq
from vocmine.outcomes.measures import what_to_do
from vocmine.outcomes.owners import departments
from vocmine.outcomes.persistence import Course, courses
from vocmine.outcomes.repeats import Repeats, repeat_contacts
from vocmine.outcomes.taxonomy import Taxonomy
from vocmine.stats import Interval, wilson

REACTIVE: Final = ("outage", "order", "invoice", "appointment", "communication")
"""Families of causes that are incidents or faults: what comes of them is reacted to."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """What the contacts say must be decided.

    Attributes
    ----------
    causes, departments : DataFrame
        See `vocmine.outcomes.owners.departments`.
    courses : mapping of str to Course
        Weekly course of each department.
    repeats : Repeats
    faq : Faq
    contradictions : DataFrame
    measures : DataFrame
        See `vocmine.outcomes.measures.what_to_do`.
    worth : DataFrame
        Share of each value of a contact: ``value``, ``contacts``, ``share``, ``low``, ``high``, ``contact_ids``.
    reactive : Interval
        Share of the contacts with a known cause that come of faults and incidents.
    scale : DataFrame
        need, request, problem, complaint: ``scale``, ``contacts``, ``share``, ``low``, ``high``.
    simple : Series
        Contacts fit for self-care by local week (Monday).
    cost : Cost or None
        What all contacts cost.
    avoidable_cost : Cost or None
        What the avoidable ones cost.
    faults : DataFrame or None
        Costs of faults by cause, where they were given.
    taxonomy : Taxonomy
    """

    causes: pd.DataFrame
    departments: pd.DataFrame
    courses: Mapping[str, Course]
    repeats: Repeats
    faq: Faq
    contradictions: pd.DataFrame
    measures: pd.DataFrame
    worth: pd.DataFrame
    reactive: Interval
    scale: pd.DataFrame
    simple: pd.Series
    taxonomy: Taxonomy = field(repr=False)
    cost: Cost | None = None
    avoidable_cost: Cost | None = None
    faults: pd.DataFrame | None = None


def decisions(
    analysis: Analysis,
    *,
    window: str | pd.Timedelta = "7D",
    cost: Costs | Mapping[str, Any] | str | Path | None = None,
    taxonomy: Taxonomy | Mapping[str, Any] | str | Path | None = None,
    labels: pd.DataFrame | str | None = None,
    exposure: pd.Series | None = None,
    mask: bool = True,
    seed: int = 0,
) -> Decisions:
    """Put together what contacts say must be decided: causes, owners, repeats, answers, cost, and what to do.

    Parameters
    ----------
    analysis : Analysis
        With causes, see `vocmine.CauseModel.assign`.
    window : str or Timedelta, default "7D"
        See `vocmine.repeat_contacts`.
    cost : optional
        See `vocmine.outcomes.costs.Costs.of`; without it, nothing is priced.
    taxonomy : optional
        As given to `CauseModel`, for the names of causes.
    labels : DataFrame or path, optional
        A labelled audit of the causes, see `vocmine.audit`.
    exposure : Series, optional
        By local day, such as the orders.
    mask : bool, default True
        Mask personal data in quotes.
    seed : int, default 0

    Raises
    ------
    NotScoredError
        If the analysis has no causes.
    """
    if "causes" not in analysis.tables:
        raise NotScoredError("got an analysis without causes; assign some: vm.CauseModel().assign(analysis)")
    contacts = analysis.contacts.reset_index(drop=True)
    known, costs = Taxonomy.of(taxonomy), Costs.of(cost)
    repeats = repeat_contacts(analysis, window, seed=seed)
    answers = faq(analysis, mask=mask)
    against = contradictions(analysis, repeats=repeats.contacts[["contact_id", "next_id"]].reset_index(drop=True))
    avoidable = (contacts["value"] == "avoidable").to_numpy()
    return Decisions(
        causes=departments(analysis, by="cause", labels=labels, exposure=exposure, mask=mask),
        departments=departments(analysis, exposure=exposure, mask=mask),
        courses=courses(analysis, "department", exposure=exposure),
        repeats=repeats,
        faq=answers,
        contradictions=against,
        measures=what_to_do(
            analysis,
            repeats=repeats,
            faq=answers,
            contradictions=against,
            taxonomy=known,
            cost=costs,
            labels=labels,
            mask=mask,
        ),
        worth=_shares(contacts, contacts["value"].fillna("unsure"), "value"),
        reactive=_reactive(contacts),
        scale=_shares(contacts, contacts["scale"], "scale"),
        simple=_weekly(contacts[contacts["value"] == "self_care"], contacts),
        taxonomy=known,
        cost=None if costs is None else costs.total(contacts),
        avoidable_cost=None if costs is None else costs.total(contacts, rows=avoidable),
        faults=costs.faults_of(contacts) if costs is not None and costs.faults else None,
    )


def _shares(contacts: pd.DataFrame, values: pd.Series, name: str) -> pd.DataFrame:
    rows = []
    n = int(values.notna().sum())
    for value, ids in contacts["contact_id"].groupby(values):
        rows.append((value, len(ids), *wilson(len(ids), n), ids.tolist()))
    found = pd.DataFrame(rows, columns=[name, "contacts", "share", "low", "high", "contact_ids"])
    return found.sort_values("contacts", ascending=False, kind="stable", ignore_index=True)


def _reactive(contacts: pd.DataFrame) -> Interval:
    known = contacts["cause_family"].dropna()
    return wilson(int(known.isin(REACTIVE).sum()), len(known))


def _weekly(own: pd.DataFrame, contacts: pd.DataFrame) -> pd.Series:
    """Count contacts by week, from the first whole week of all contacts to the last."""
    days = local_times(own).normalize()
    every = local_times(contacts).normalize().dropna()
    if not len(every):
        return pd.Series(dtype=np.int64)
    weeks = pd.date_range(every.min() - pd.Timedelta(days=every.min().day_of_week), every.max(), freq="W-MON")
    counted = pd.Series(days - pd.to_timedelta(days.day_of_week, unit="D")).value_counts()
    return counted.reindex(weeks, fill_value=0)

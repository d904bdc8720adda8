"""`measure_effect`: a measure and its day come in; how many contacts it spared, or that nobody can say, goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.outcomes.blocks import LEAD, compare
from vocmine.outcomes.costs import Costs
from vocmine.outcomes.displaced import displaced
from vocmine.outcomes.judged import judge
from vocmine.outcomes.placebo import calibrated, placebos
from vocmine.outcomes.series import Daily, daily, matter, other_matters
from vocmine.outcomes.slices import Slice, topic_slice
from vocmine.stats import Interval

HISTORY: Final = 364
"""Days before a measure that are needed: less than a year says nothing of the season."""
_AFTER: Final = 14
_LEAST_EXPECTED: Final = 15.0
_UNKNOWN: Final = Interval(np.nan, np.nan, np.nan)
_ENGLISH: Final = {"baisse": "decrease", "hausse": "increase", "non concluant": "inconclusive"}


@dataclass(frozen=True, eq=False)
class Effect:
    """What a measure did to the contacts about a matter.

    Attributes
    ----------
    name : str
        What the contacts are about.
    since, until : datetime.date
        First and last local day of the window.
    verdict : {"baisse", "hausse", "non concluant", "refusé"}
    reasons : tuple of str
        What to know before believing the verdict, in French; of a refusal, why.
    observed : int
        Contacts of the window.
    expected : Interval
        Contacts to be expected without the measure.
    change : Interval
        Relative change, -0.2 for a fifth fewer.
    avoided : Interval
        Contacts expected less those observed; negative where there were more.
    p_value : float
        Two-sided.
    detectable : float
        Smallest decrease that would be found four times out of five, as a negative relative change.
    before : Interval
        Relative deviation of the 14 days before the measure from what the time before them foretold: a spike that the
        measure followed, or a change that had begun before it.
    displaced : DataFrame
        One row a topic near to this one: ``name``, ``observed``, ``expected``, ``extra``, ``low``, ``high`` (contacts).
    placebos : DataFrame
        Windows in which nothing was done, see `vocmine.outcomes.placebo.placebos`.
    factor : float
        By what they widened the interval.
    controls : tuple of str
        Controls that helped to foretell what came before, and were used.
    saved : Interval or None
        Cost of the avoided contacts, in `currency`, where costs were given.
    currency, cost_source : str
    days : DataFrame
        By local day: ``observed`` (NaN where the feed was missing) and ``expected`` (NaN before the measure).
    contact_ids : list of str
        Contacts of the window.
    """

    name: str
    since: date
    until: date
    verdict: str
    reasons: tuple[str, ...]
    observed: int = 0
    expected: Interval = _UNKNOWN
    change: Interval = _UNKNOWN
    avoided: Interval = _UNKNOWN
    p_value: float = np.nan
    detectable: float = np.nan
    before: Interval = _UNKNOWN
    displaced: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    placebos: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    factor: float = np.nan
    controls: tuple[str, ...] = ()
    saved: Interval | None = None
    currency: str = ""
    cost_source: str = ""
    days: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    contact_ids: list[str] = field(default_factory=list, repr=False)

    def sentence(self, language: str = "fr") -> str:
        """Say the verdict in one sentence, in French or English."""
        if self.verdict == "refusé":
            told = "Effet non mesurable" if language == "fr" else "The effect cannot be measured"
            return f"{told} : {self.name}" if language == "fr" else f"{told}: {self.name}"
        verdict = self.verdict if language == "fr" else _ENGLISH[self.verdict]
        change = f"{self.change.value:+.0%} [{self.change.low:+.0%}, {self.change.high:+.0%}]"
        if language == "fr":
            return (
                f"{self.name} : {verdict}, {change} ; {self.observed} contacts depuis le {self.since}, "
                f"{self.expected.value:.0f} attendus sans la mesure"
            )
        return (
            f"{self.name}: {verdict}, {change}; {self.observed} contacts since {self.since}, "
            f"{self.expected.value:.0f} expected without the measure"
        )


def measure_effect(
    analysis: Analysis,
    *,
    since: str | date | pd.Timestamp,
    topic: str | int | None = None,
    until: str | date | pd.Timestamp | None = None,
    controls: Sequence[str | int] = (),
    exposure: pd.Series | None = None,
    cost: Costs | Mapping[str, Any] | str | Path | None = None,
    countries: Sequence[str] = ("FR",),
    closed: Sequence[date] = (),
    **equal: object,
) -> Effect:
    """Measure what a change made on a day did to the contacts about a matter.

    The contacts to be expected without it come from a count model of the time before: weekdays, holidays, a yearly
    course, a level that returns to its usual, controls where they help. the 14 days before are not learnt from, as
    measures are taken after spikes. The interval is widened by how far the same method is off in windows in which
    nothing was done, of this matter and of others.

    Parameters
    ----------
    analysis : Analysis
    since : date
        First local day of the measure.
    topic : str or int, optional
        Id or label of a topic; contacts that speak of it count.
    until : date, optional
        Last day to look at; by default that of the contacts.
    controls : sequence of str or int
        Topics that the measure cannot touch, and that go up and down with this one.
    exposure : Series, optional
        By local day: orders, invoices, customers. Without it, growth reads as failure.
    cost : Costs, mapping, path or "hbr2017", optional
        Cost of a contact, see `vocmine.outcomes.costs.Costs.of`.
    countries : sequence of str
        Whose holidays count, see `vocmine.issues.calendar.holidays_of`.
    closed : sequence of date
        Days of one's own on which the service is closed.
    **equal
        Columns of ``analysis.contacts`` with the value or values that count: ``cause="invoice_wrong"``.

    Returns
    -------
    Effect
        With the verdict ``refusé`` and the reason where the history is too short or the contacts too few.

    Raises
    ------
    InputError
        If the topic or a column is unknown, no contact passes, or the day is not within the contacts' days.

    References
    ----------
    K. Brodersen et al., Inferring causal impact using Bayesian structural time-series models, Annals of Applied
    Statistics 9, 2015; A. Barnett et al., Regression to the mean, International Journal of Epidemiology 34, 2005.
    """
    own = matter(analysis, topic, equal)
    beside = [topic_slice(analysis, one) for one in controls]
    others = other_matters(analysis, own, equal, beside)
    found = daily(
        analysis,
        own,
        beside,
        others,
        pd.Timestamp(since).date(),
        None if until is None else pd.Timestamp(until).date(),
        exposure=exposure,
        countries=countries,
        closed=closed,
    )
    effect = effect_of(found, exposed=exposure is not None)
    if effect.verdict == "refusé":
        return effect
    moved = displaced(analysis, found, effect.factor)
    return _priced(replace(effect, displaced=moved), analysis, own, Costs.of(cost))


def effect_of(found: Daily, *, exposed: bool = False, quiet: pd.DataFrame | None = None) -> Effect:
    """Measure the effect on daily counts, without costs and what was displaced; see `measure_effect`.

    Parameters
    ----------
    found : Daily
    exposed : bool
        Whether the exposure is known.
    quiet : DataFrame, optional
        Windows in which nothing was done, where they are known already; see `vocmine.outcomes.placebo.placebos`.
    """
    window = (found.days[found.since].date(), found.days[-1].date())
    name = found.slices[0].name
    refusal = _refusal(found)
    if refusal:
        return Effect(name, *window, "refusé", (refusal,))
    controls = slice(1, 1 + found.n_controls)
    estimate = compare(
        found.counts[0],
        found.courses[0],
        found.days,
        found.since,
        len(found.days),
        controls=found.counts[controls],
        control_courses=found.courses[controls],
    )
    if estimate.expected < _LEAST_EXPECTED:
        reason = f"{estimate.expected:.0f} contacts attendus sur la période, il en faut {_LEAST_EXPECTED:.0f} ou plus"
        return Effect(name, *window, "refusé", (reason,))
    if quiet is None:
        quiet = placebos(found.counts, found.courses, found.days, found.since, found.length)
    factor, quantile = calibrated(quiet["z"].to_numpy())
    lead = compare(found.counts[0], found.courses[0], found.days, found.since - LEAD, found.since, lead=0)
    told = judge(estimate, lead, factor, quantile, n_placebos=len(quiet), exposed=exposed)
    course = np.concatenate([np.full(found.since, np.nan), estimate.daily])
    return Effect(
        name,
        *window,
        told.verdict,
        told.reasons,
        observed=round(estimate.observed),
        expected=told.expected,
        change=told.change,
        avoided=told.avoided,
        p_value=told.p_value,
        detectable=told.detectable,
        before=told.before,
        placebos=quiet.assign(series=[found.slices[place].name for place in quiet["series"]]),
        factor=factor,
        controls=tuple(found.slices[1 + place].name for place in estimate.controls),
        days=pd.DataFrame({"observed": found.counts[0], "expected": course}, index=found.days),
        contact_ids=found.contact_ids,
    )


def _refusal(found: Daily) -> str | None:
    born = int(np.argmax(found.courses[0] > 0))
    history, after = found.since - born, found.length
    if history < HISTORY:
        return f"{history} jours d’historique avant la mesure, il en faut {HISTORY} ou plus"
    seen = float((found.courses[0, born : found.since] > 0).mean())
    if seen < 0.7:
        return f"{1 - seen:.0%} des jours d’avant la mesure manquent"
    if (found.courses[0, found.since :] > 0).sum() < _AFTER:
        return f"{after} jours depuis la mesure, il en faut {_AFTER} ou plus"
    return None


def _priced(effect: Effect, analysis: Analysis, own: Slice, costs: Costs | None) -> Effect:
    if costs is None:
        return effect
    each = costs.each(analysis.contacts[own.rows]).dropna()
    if not len(each):
        return effect
    unit = float(sum(each)) / len(each)
    saved = Interval(*(unit * value for value in effect.avoided))
    return replace(effect, saved=saved, currency=costs.currency, cost_source=costs.source)

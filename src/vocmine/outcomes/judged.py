"""An estimate and its calibration come in; figures with intervals and a plain verdict go out."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy import stats

from vocmine.outcomes.blocks import Estimate
from vocmine.outcomes.placebo import PRIOR
from vocmine.stats import Interval

_POWER: Final = 0.8


class Judged(NamedTuple):
    """Figures of an effect, see `vocmine.outcomes.effect.Effect`."""

    verdict: str
    reasons: tuple[str, ...]
    expected: Interval
    change: Interval
    avoided: Interval
    p_value: float
    detectable: float
    before: Interval


def judge(found: Estimate, lead: Estimate, factor: float, quantile: float, *, n_placebos: int, exposed: bool) -> Judged:
    """Put an estimate into figures and a verdict.

    Parameters
    ----------
    found : Estimate
        Of the window after the measure.
    lead : Estimate
        Of the 14 days before it.
    factor, quantile : float
        See `vocmine.outcomes.placebo.calibrated`.
    n_placebos : int
        Placebo windows behind them.
    exposed : bool
        Whether the exposure is known.
    """
    change = relative(found, factor, quantile)
    half = quantile * factor * found.spread
    expected = Interval(found.expected, *(found.expected * float(np.exp(sign * half)) for sign in (-1, 1)))
    avoided = Interval(*(found.observed * (1 / (1 + value) - 1) for value in (change.value, change.high, change.low)))
    if found.observed == 0:
        avoided = expected
    before = relative(lead, factor, quantile)
    verdict = "baisse" if change.high < 0 else "hausse" if change.low > 0 else "non concluant"
    reasons = []
    if before.high < 0:
        reasons.append("les contacts avaient déjà baissé dans les 14 jours d’avant : la mesure n’en est pas la cause")
        verdict = "non concluant" if verdict == "baisse" else verdict
    if before.low > 0:
        reasons.append("la mesure suit un pic : ces 14 jours ne comptent pas dans ce qui était attendu")
    if not exposed:
        reasons.append("sans volume d’activité (exposure=), une croissance se lit comme un échec")
    if n_placebos == 0:
        reasons.append("l’historique est trop court pour éprouver la méthode sur des périodes sans mesure")
    p_value = float(2 * stats.t.sf(abs(found.log_ratio) / (factor * found.error), PRIOR + n_placebos))
    return Judged(
        verdict, tuple(reasons), expected, change, avoided, p_value, detectable(found, factor, quantile), before
    )


def relative(found: Estimate, factor: float, quantile: float) -> Interval:
    """Return observed over expected, less one, with its interval."""
    half = quantile * factor * found.error
    low, value, high = np.expm1(found.log_ratio + half * np.array([-1.0, 0.0, 1.0]))
    return Interval(float(value), float(low), float(high))


def detectable(found: Estimate, factor: float, quantile: float) -> float:
    """Return the smallest decrease that would be found four times out of five, as a negative relative change."""
    needed = quantile + float(stats.norm.ppf(_POWER))
    change = -0.01
    while change > -0.99:
        left = found.expected * (1 + change)
        error = factor * float(np.sqrt(found.spread**2 + found.dispersion / (left + 0.5)))
        if -np.log1p(change) >= needed * error:
            break
        change -= 0.01
    return round(change, 2)

"""What our estimate of a measure's effect is compared with: a daily series comes in, other methods' estimates go out.

A measure begins on a known day. Every peer takes the counts of shape (n_days,), the days, the rank of the measure's
first day and parallel series of shape (n_controls, n_days) that the measure does not touch, which may be none; it says
by what share the counts changed, with a 95 % interval and a two-sided p-value. No day may be missing. An estimate is
NaN, and so never significant, where a method has too little to go by.

Needs statsmodels (0.15.0 was tried), which is no dependency of vocmine, for all but `welch` and `differences`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVEL: Final = 0.95
WEEK: Final = 7
YEAR: Final = 365.25
LAGS: Final = 14
"""Days over which errors may be correlated in `segmented_hac`."""
LEVEL_DEVIATION: Final = 0.01
"""Of a day's step of the local level in `causal_impact`, in standard deviations: the default of CausalImpact."""
SIMULATIONS: Final = 1000


class Estimate(NamedTuple):
    """A relative change, -0.2 for a fifth less, its 95 % interval and its two-sided p-value."""

    effect: float
    low: float
    high: float
    p_value: float

    @property
    def significant(self) -> bool:
        """Whether the change is significant at 5 %."""
        return self.p_value < 1 - LEVEL


Peer = Callable[[Floats, pd.DatetimeIndex, int, Floats], Estimate]

NOTHING: Final = Estimate(np.nan, np.nan, np.nan, np.nan)


def welch(counts: Floats, _days: pd.DatetimeIndex, since: int, _controls: Floats) -> Estimate:
    """Compare the days after with as many days before by Welch's t-test.

    The interval is Fieller's for a ratio of means, with Welch's degrees of freedom: it leaves out no change exactly
    where the test is significant.
    """
    after = counts[since:]
    before = counts[max(since - len(after), 0) : since]
    if min(len(after), len(before)) < 2 or before.mean() <= 0 or before.std() + after.std() == 0:
        return NOTHING
    test = stats.ttest_ind(after, before, equal_var=False)
    quantile = float(stats.t.ppf((1 + LEVEL) / 2, test.df))
    usual, now = float(before.mean()), float(after.mean())
    of_usual = quantile**2 * float(before.var(ddof=1)) / len(before)
    of_now = quantile**2 * float(after.var(ddof=1)) / len(after)
    divisor = usual**2 - of_usual
    low, high = 0.0, np.inf
    if divisor > 0:
        half = np.sqrt(of_now * divisor + of_usual * now**2)
        low, high = max((usual * now - half) / divisor, 0.0), (usual * now + half) / divisor
    return Estimate(now / usual - 1, low - 1, float(high) - 1, float(test.pvalue))


def regressors(days: pd.DatetimeIndex, since: int) -> Floats:
    """Return the columns of a segmented regression: step, level, trend, six weekdays, annual sine and cosine."""
    rank = np.arange(len(days))
    angle = 2 * np.pi * days.day_of_year.to_numpy() / YEAR
    weekdays = days.day_of_week.to_numpy()[:, None] == np.arange(1, WEEK)
    columns = [rank >= since, np.ones(len(days)), rank / YEAR, weekdays, np.sin(angle), np.cos(angle)]
    return np.column_stack(columns).astype(np.float64)


def _regression(counts: Floats, days: pd.DatetimeIndex, since: int, **options: Any) -> Estimate:
    """Return the step of a segmented quasi-Poisson regression; `options` say how its errors are estimated."""
    if not (counts[:since].any() and counts[since:].any()):
        return NOTHING
    statsmodels: Any = import_module("statsmodels.api")
    model = statsmodels.GLM(counts, regressors(days, since), family=statsmodels.families.Poisson())
    result = model.fit(scale="X2", **options)
    low, high = np.expm1(result.conf_int(alpha=1 - LEVEL)[0])
    return Estimate(float(np.expm1(result.params[0])), float(low), float(high), float(result.pvalues[0]))


def segmented(counts: Floats, days: pd.DatetimeIndex, since: int, _controls: Floats) -> Estimate:
    """Fit an interrupted time series: a quasi-Poisson regression with a step at the measure.

    The other terms are a level, a trend, weekdays and one annual wave. The dispersion is Pearson's, quantiles are
    Student's.

    References
    ----------
    J. Lopez Bernal et al., International Journal of Epidemiology 46, 2017.
    """
    return _regression(counts, days, since, use_t=True)


def segmented_hac(counts: Floats, days: pd.DatetimeIndex, since: int, _controls: Floats) -> Estimate:
    """Fit the regression of `segmented` with errors that allow for correlation over 14 days.

    References
    ----------
    W. Newey and K. West, Econometrica 55, 1987.
    """
    return _regression(counts, days, since, use_t=True, cov_type="HAC", cov_kwds={"maxlags": LAGS})


def differences(counts: Floats, _days: pd.DatetimeIndex, since: int, controls: Floats) -> Estimate:
    """Take the difference in differences: of logarithms of weekly counts, less those of the sum of the controls.

    Weeks are counted from the measure, forwards and backwards; days that fill none are left out. Weeks after are
    compared with all those before by Welch's t-test. Half a count is added to either side of the ratio.
    """
    before, after = since // WEEK, (len(counts) - since) // WEEK
    if not (counts.any() and controls.any()) or min(before, after) < 2:
        return NOTHING
    whole = slice(since - before * WEEK, since + after * WEEK)
    weekly = [series[whole].reshape(-1, WEEK).sum(axis=1) + 0.5 for series in (counts, controls.sum(axis=0))]
    ratios = np.log(weekly[0] / weekly[1])
    if ratios[:before].std() + ratios[before:].std() == 0:
        return NOTHING
    test = stats.ttest_ind(ratios[before:], ratios[:before], equal_var=False)
    low, high = np.expm1(test.confidence_interval(LEVEL))
    effect = np.expm1(ratios[before:].mean() - ratios[:before].mean())
    return Estimate(float(effect), float(low), float(high), float(test.pvalue))


def causal_impact(counts: Floats, _days: pd.DatetimeIndex, since: int, controls: Floats) -> Estimate:
    """Forecast the days after by a structural time series of those before, as Python ports of CausalImpact do.

    This is no port: it is the model of pycausalimpact 0.1.1, written with `UnobservedComponents` of statsmodels. That
    is a local level, weekdays as a seasonal of 7 days (three harmonics) and the controls as regressors, all
    standardised by the days before; variances and coefficients are of maximum likelihood, the deviation of the level
    within a fifth of 0.01; 1,000 futures are simulated. Two differences: bounds are those of the ratio of the mean
    count to the simulated mean, where the port divides by the forecast, and the p-value is twice the port's one-sided
    one, so that it agrees with the interval. Unlike R's CausalImpact, neither samples the parameters nor selects
    controls.

    With pandas 3.1.1, numpy 2.4.6 and statsmodels 0.15.0 pycausalimpact itself runs only once `DataFrame.applymap` is
    restored and `get_forecast` ignores `alpha`, on columns named 0, 1, ...; causalimpact 0.2.6 needs PyMC, has no
    seasonal, and was not run.

    References
    ----------
    K. Brodersen et al., Annals of Applied Statistics 9, 2015.
    """
    before = np.vstack([counts, controls])[:, :since]
    if since < 2 * WEEK or before[0].std() == 0:
        return NOTHING
    varied = controls[before[1:].std(axis=1) > 0]
    mean, deviation = before[0].mean(), before[0].std()
    usual = varied[:, :since]
    known = ((varied - usual.mean(axis=1, keepdims=True)) / usual.std(axis=1, keepdims=True)).T
    past, future = (known[:since], known[since:]) if len(varied) else (None, None)
    statsmodels: Any = import_module("statsmodels.api")
    model = statsmodels.tsa.UnobservedComponents(
        (before[0] - mean) / deviation, level="llevel", freq_seasonal=[{"period": WEEK}], exog=past
    )
    level = (LEVEL_DEVIATION / 1.2, LEVEL_DEVIATION * 1.2)
    bounds = [level if name == "sigma2.level" else (None, None) for name in model.param_names]
    n_after = len(counts) - since
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the likelihood is flat where a variance is nought
        result = model.fit(disp=False, bounds=bounds)
    forecast = mean + deviation * result.forecast(n_after, exog=future).mean()
    simulated = result.simulate(
        n_after,
        anchor="end",
        repetitions=SIMULATIONS,
        exog=future,
        rng=np.random.default_rng(counts.astype(np.uint32)),
    )
    means = mean + deviation * np.asarray(simulated).reshape(n_after, SIMULATIONS).mean(axis=0)
    if forecast <= 0:
        return NOTHING
    now = counts[since:].mean()
    least, most = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    tail = min((means >= now).sum(), (means <= now).sum())
    p_value = min(2 * (tail + 1) / (SIMULATIONS + 1), 1.0)
    high = now / least - 1 if least > 0 else np.inf
    return Estimate(float(now / forecast - 1), float(now / most - 1), float(high), float(p_value))


PEERS: Final[dict[str, Peer]] = {
    "Welch's t-test": welch,
    "segmented regression": segmented,
    "segmented regression, HAC": segmented_hac,
    "difference in differences": differences,
    "CausalImpact's model": causal_impact,
}
"""By name; each takes counts, days, the rank of the measure's first day and controls, in this order."""

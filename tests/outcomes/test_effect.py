"""The effect of a measure, on series whose truth is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from vocmine.issues.calendar import design
from vocmine.issues.grain import DAY
from vocmine.outcomes.blocks import LEAD, compare, profiles
from vocmine.outcomes.effect import effect_of
from vocmine.outcomes.placebo import PRIOR, calibrated, placebos
from vocmine.outcomes.series import Daily
from vocmine.outcomes.slices import Slice

HISTORY, AFTER = 420, 60


def daily(rng, *, level=25.0, change=1.0, n_others=3, history=HISTORY, after=AFTER, spike=False):
    """Series of Poisson counts with weekends, the first changed after the measure."""
    days = pd.date_range("2025-01-06", periods=history + after)
    week = np.where(days.day_of_week >= 5, 0.3, 1.0)
    means = np.stack([level * week] * (1 + n_others))
    means[0, history:] *= change
    if spike:
        means[0, history - 14 : history] *= 2
    counts = rng.poisson(means).astype(float)
    courses = profiles(counts, design(days, DAY, ()), history - LEAD)
    slices = [Slice(f"m{place}", np.zeros(0, dtype=bool)) for place in range(1 + n_others)]
    return Daily(slices, counts, courses, days, history, 0, [])


@pytest.mark.parametrize("seed", range(4))
def test_a_measure_that_works_is_found(seed):
    found = effect_of(daily(np.random.default_rng(seed), change=0.65))
    assert found.verdict == "baisse"
    assert found.change.low < -0.35 < found.change.high
    assert found.avoided.low < found.expected.value * 0.35 < found.avoided.high
    assert found.p_value < 0.05
    assert found.detectable < 0


def test_measures_that_do_nothing_are_seldom_said_to_work():
    found = [effect_of(daily(np.random.default_rng(100 + seed))) for seed in range(20)]
    assert sum(one.verdict != "non concluant" for one in found) <= 3
    assert sum(one.change.low < 0 < one.change.high for one in found) >= 17


def test_a_spike_before_the_measure_does_not_pass_for_success():
    found = effect_of(daily(np.random.default_rng(5), spike=True))
    assert found.verdict == "non concluant"
    assert found.before.low > 0
    assert any("pic" in reason for reason in found.reasons)


def test_a_fall_that_began_before_is_not_the_measures():
    series = daily(np.random.default_rng(6), change=0.5)
    counts = series.counts.copy()
    counts[0, HISTORY - 14 : HISTORY] = np.round(counts[0, HISTORY - 14 : HISTORY] * 0.4)
    early = Daily(series.slices, counts, series.courses, series.days, HISTORY, 0, [])
    found = effect_of(early)
    assert found.change.high < 0
    assert found.verdict == "non concluant"
    assert any("avaient déjà baissé" in reason for reason in found.reasons)


def test_growth_reads_as_failure_only_without_exposure():
    rng = np.random.default_rng(7)
    series = daily(rng, change=1.6)
    orders = np.r_[np.ones(HISTORY), np.full(AFTER, 1.6)]
    assert effect_of(series).verdict == "hausse"
    shares = profiles(series.counts, design(series.days, DAY, ()), HISTORY - LEAD, orders)
    known = Daily(series.slices, series.counts, shares, series.days, HISTORY, 0, [])
    assert effect_of(known, exposed=True).verdict == "non concluant"


@pytest.mark.parametrize(
    ("history", "after", "reason"), [(200, 60, "jours d’historique"), (420, 10, "jours depuis la mesure")]
)
def test_too_little_to_go_by_is_refused(history, after, reason):
    found = effect_of(daily(np.random.default_rng(8), history=history, after=after))
    assert found.verdict == "refusé"
    assert reason in found.reasons[0]
    assert np.isnan(found.change.value)


def test_few_contacts_are_refused():
    found = effect_of(daily(np.random.default_rng(9), level=0.1, n_others=0))
    assert found.verdict == "refusé"
    assert "contacts attendus" in found.reasons[0]


def test_missing_days_count_neither_as_none_nor_as_usual():
    series = daily(np.random.default_rng(10))
    counts, courses = series.counts.copy(), series.courses.copy()
    gone = slice(HISTORY + 10, HISTORY + 30)
    counts[:, gone], courses[:, gone] = np.nan, 0
    found = effect_of(Daily(series.slices, counts, courses, series.days, HISTORY, 0, []))
    assert found.verdict == "non concluant"
    whole = effect_of(series)
    assert found.expected.value == pytest.approx(whole.expected.value * 2 / 3, rel=0.1)


def test_placebo_windows_end_before_the_lead_and_have_half_a_year_before_them():
    series = daily(np.random.default_rng(11))
    found = placebos(series.counts, series.courses, series.days, HISTORY, AFTER)
    assert set(found["series"]) == {0, 1, 2, 3}
    last = series.days[HISTORY] - pd.Timedelta(days=LEAD + AFTER)
    assert found["since"].max() == last
    assert (found["since"] >= series.days[0] + pd.Timedelta(days=182 + LEAD)).all()
    assert found["z"].abs().max() < 5


def test_wild_placebos_widen_the_interval_and_quiet_ones_hardly_narrow_it():
    assert calibrated(np.full(40, 2.5))[0] > 1.8
    assert 0.9 <= calibrated(np.zeros(40))[0] < 1
    factor, quantile = calibrated(np.empty(0))
    assert factor == 1
    assert quantile == pytest.approx(2.086, abs=0.01)  # Student's with 20 degrees of freedom
    assert PRIOR == 20


def test_the_expected_days_sum_to_the_expected_total():
    series = daily(np.random.default_rng(12))
    found = compare(series.counts[0], series.courses[0], series.days, HISTORY, HISTORY + AFTER)
    assert found.daily.sum() == pytest.approx(found.expected)
    weekend = series.days[HISTORY:].day_of_week >= 5
    assert found.daily[weekend].mean() < 0.5 * found.daily[~weekend].mean()


def test_an_effect_knows_its_window():
    found = effect_of(daily(np.random.default_rng(13)))
    assert found.since == date(2026, 3, 2)
    assert found.until == date(2026, 4, 30)
    assert found.days["expected"].notna().sum() == AFTER

"""Where the level of a series changes."""

import numpy as np
import pytest

from vocmine.stats.changes import stretches


def test_a_change_is_found_where_it_is():
    rng = np.random.default_rng(0)
    counts = rng.poisson(np.r_[np.full(30, 10.0), np.full(30, 20.0)]).astype(float)
    found = stretches(counts, np.ones(60))
    assert len(found) == 2
    assert abs(found[0].last - 29) <= 1
    assert found[1].level == pytest.approx(20, rel=0.15)


def test_a_burst_is_a_stretch_of_its_own():
    counts = np.full(40, 5.0)
    counts[20:23] = 30.0
    assert [one[:2] for one in stretches(counts, np.ones(40))] == [(0, 19), (20, 22), (23, 39)]


def test_steady_series_are_mostly_left_whole():
    rng = np.random.default_rng(1)
    cut = [len(stretches(rng.poisson(rng.uniform(2, 40), 60).astype(float), np.ones(60))) > 1 for _ in range(200)]
    assert np.mean(cut) < 0.08


def test_what_grows_with_its_exposure_does_not_change():
    exposure = np.r_[np.ones(30), np.full(30, 3.0)]
    assert len(stretches(10 * exposure, exposure)) == 1
    assert len(stretches(10 * exposure, np.ones(60))) == 2


def test_missing_periods_say_nothing():
    counts = np.full(30, 8.0)
    counts[10:15] = np.nan
    assert [one[:2] for one in stretches(counts, np.ones(30))] == [(0, 29)]
    assert stretches(np.empty(0), np.empty(0)) == []

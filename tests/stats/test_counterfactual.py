"""What is foretold of blocks of days, from those before."""

import numpy as np
import pytest

from vocmine.stats.counterfactual import foretell


def blocks(n_before=60, n_after=8):
    return np.r_[np.arange(-n_before, 0) * 7 + 3.0, np.arange(n_after) * 7 + 3.0]


def test_a_steady_series_goes_on():
    found = foretell(np.full(60, 70.0), np.full(68, 7.0), blocks(), 60, dispersion=1.0)
    assert found.total == pytest.approx(8 * 70, rel=0.02)
    assert 0 < found.spread < 0.1


def test_exposure_is_what_counts_are_in_proportion_to():
    exposure = np.r_[np.full(60, 7.0), np.full(8, 14.0)]
    assert foretell(np.full(60, 70.0), exposure, blocks(), 60, dispersion=1.0).total == pytest.approx(1120, rel=0.02)


def test_a_season_seen_once_comes_again():
    days = blocks()
    course = 100 * np.exp(0.3 * np.cos(2 * np.pi * days / 365.25))
    found = foretell(course[:60], np.ones(68), days, 60, dispersion=1.0)
    assert found.total == pytest.approx(course[60:].sum(), rel=0.05)


def test_a_past_outbreak_does_not_raise_what_is_expected():
    counts = np.full(60, 70.0)
    counts[40:44] = 210.0
    assert foretell(counts, np.full(68, 7.0), blocks(), 60, dispersion=1.0).total == pytest.approx(560, rel=0.05)


def test_restless_series_are_less_sure():
    rng = np.random.default_rng(0)
    walk = 70 * np.exp(np.convolve(rng.normal(0, 0.15, 80), np.ones(5) / 2, mode="valid")[:60])
    calm = foretell(np.full(60, 70.0), np.full(68, 7.0), blocks(), 60, dispersion=1.0)
    restless = foretell(walk.round(), np.full(68, 7.0), blocks(), 60, dispersion=1.0)
    assert restless.spread > 1.3 * calm.spread
    assert restless.wobble > calm.wobble


def test_a_control_that_moves_with_the_series_is_believed():
    rng = np.random.default_rng(1)
    shared = np.repeat(rng.normal(0, 0.3, 17), 4)
    shared[60:] = 0.6
    counts = np.round(100 * np.exp(shared))
    alone = foretell(counts[:60], np.ones(68), blocks(), 60, dispersion=1.0)
    helped = foretell(counts[:60], np.ones(68), blocks(), 60, dispersion=1.0, controls=shared[None, :])
    assert helped.evidence > alone.evidence + 5
    assert abs(np.log(helped.total / counts[60:].sum())) < abs(np.log(alone.total / counts[60:].sum())) / 2

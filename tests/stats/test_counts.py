"""Counts that vary more than chance: what was fitted foretells, and unusual counts are as rare as is said."""

import numpy as np
import pytest

from vocmine.stats.counts import fit_counts, tail_z


@pytest.fixture
def weekly():
    """One series of 20 weeks, quieter on two days of seven, and its design."""
    weekend = np.tile([0.0, 0, 0, 0, 0, 1, 1], 20)
    return np.random.default_rng(0).poisson(np.where(weekend, 4.0, 20.0)).astype(float)[None, :], np.column_stack(
        [np.ones(140), weekend]
    )


def test_a_profile_is_found(weekly):
    values, design = weekly
    means, uncertainty = fit_counts(values, design).predict(design[4:6])
    assert means[0] == pytest.approx([20, 4], rel=0.15)
    assert (uncertainty > 0).all()


def test_periods_without_weight_or_value_teach_nothing(weekly):
    values, design = weekly
    spoilt, weights = values.copy(), np.ones_like(values)
    spoilt[0, 10], weights[0, 10] = 500, 0
    missing = values.copy()
    missing[0, 10] = np.nan
    left_out = fit_counts(missing, design).coefficients
    assert fit_counts(spoilt, design, weights=weights).coefficients == pytest.approx(left_out)
    assert fit_counts(spoilt, design).coefficients != pytest.approx(left_out, rel=1e-3)


def test_means_are_in_proportion_to_the_exposure(weekly):
    values, design = weekly
    exposure = np.linspace(1, 3, 140)
    fitted = fit_counts(values * exposure, design, exposure=exposure)
    assert fitted.predict(design[4:6])[0][0] == pytest.approx([20, 4], rel=0.15)


@pytest.mark.parametrize("values", [np.zeros((1, 70)), np.full((1, 70), 3.0), np.eye(1, 70, 50) * 1e6, np.eye(2, 70)])
def test_constant_empty_and_one_spike_give_finite_fits(values):
    design = np.column_stack([np.ones(70), np.linspace(-1, 0, 70)])
    fitted = fit_counts(values, design, prior_precision=np.array([1e-4, 10.0]))
    means, uncertainty = fitted.predict(design)
    assert np.isfinite(means).all()
    assert np.isfinite(uncertainty).all()
    assert (fitted.dispersion >= 1).all()


def test_dispersion_is_that_of_the_counts():
    values = np.random.default_rng(1).negative_binomial(10, 1 / 3, (3, 2000)).astype(float)
    assert fit_counts(values, np.ones((2000, 1))).dispersion == pytest.approx([3, 3, 3], rel=0.15)


@pytest.mark.parametrize(("mean", "dispersion"), [(0.4, 1.5), (3.0, 1.2), (40.0, 3.0)])
def test_unusual_counts_are_as_rare_as_is_said(mean, dispersion):
    counts = np.random.default_rng(2).negative_binomial(mean / (dispersion - 1), 1 / dispersion, 200_000)
    z = tail_z(counts.astype(float), np.array(mean), np.array(dispersion * mean))
    # Discrete counts can't be right at each bound: two thirds to three halves of what a normal variable has.
    for bound, share in ((1.645, 0.05), (2.326, 0.01)):
        assert share / 2.2 < (z > bound).mean() < share * 1.6


def test_missing_stays_missing_and_the_impossible_stays_finite():
    z = tail_z(np.array([np.nan, 1e6, 0.0]), np.array([5.0, 1e-9, 1e6]), np.array([5.0, 1e-9, 1e6]))
    assert np.isnan(z[0])
    assert z[1] > 8 > -8 > z[2]

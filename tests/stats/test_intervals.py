"""Intervals cover what they say they cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.errors import InputError
from vocmine.stats import bootstrap, wilson


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_between_0_and_1(counts):
    share = wilson(*counts)
    assert 0 <= share.low <= share.value <= share.high <= 1


def test_wilson_covers_a_known_share():
    random = np.random.default_rng(1)
    found = random.binomial(80, 0.3, size=2000)
    covered = [wilson(int(k), 80).low <= 0.3 <= wilson(int(k), 80).high for k in found]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)


def test_wilson_of_nothing_says_nothing():
    assert wilson(0, 0)[1:] == (0.0, 1.0)


def test_impossible_counts_are_refused():
    with pytest.raises(InputError, match="got 5 successes of 3"):
        wilson(5, 3)


def test_bootstrap_covers_a_known_mean():
    random = np.random.default_rng(2)
    covered = []
    for trial in range(200):
        sample = random.normal(10, 2, size=60)
        low, high = bootstrap(lambda rows, s=sample: float(s[rows].mean()), 60, draws=200, seed=trial)[1:]
        covered.append(low <= 10 <= high)
    assert np.mean(covered) > 0.88


def test_bootstrap_is_seeded():
    values = np.arange(30.0)
    first = bootstrap(lambda rows: float(values[rows].mean()), 30, seed=3)
    assert first == bootstrap(lambda rows: float(values[rows].mean()), 30, seed=3)


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_an_impossible_level_is_refused(level):
    with pytest.raises(InputError, match="expected a share between 0 and 1"):
        wilson(1, 2, level=level)
    with pytest.raises(InputError, match="expected a share between 0 and 1"):
        bootstrap(lambda rows: 0.0, 2, level=level)


def test_bootstrap_needs_a_draw():
    with pytest.raises(InputError, match="got draws=0"):
        bootstrap(lambda rows: 0.0, 2, draws=0)


def test_bootstrap_of_nothing_is_refused():
    with pytest.raises(InputError, match="no row"):
        bootstrap(lambda rows: 0.0, 0)

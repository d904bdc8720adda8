"""How long something lasts, against scipy's estimator."""

import numpy as np
import pytest
from scipy import stats

from vocmine.errors import InputError
from vocmine.stats.survival import survival, survival_interval


@pytest.mark.parametrize("seed", range(5))
def test_the_estimate_is_that_of_scipy(seed):
    rng = np.random.default_rng(seed)
    durations = rng.integers(0, 15, 200).astype(float)
    ended = rng.random(200) < 0.6
    known = stats.ecdf(stats.CensoredData(uncensored=durations[ended], right=durations[~ended]))
    for horizon in (3.0, 7.0, 14.0):
        assert survival(durations, ended, horizon)[0] == pytest.approx(known.sf.evaluate(horizon))


def test_weights_count_rows_as_often_as_they_say():
    durations, ended = np.array([1.0, 4.0, 9.0]), np.array([True, True, False])
    weights = np.array([[2.0, 1.0, 1.0]])
    repeated = survival(np.array([1.0, 1.0, 4.0, 9.0]), np.array([True, True, True, False]), 7.0)
    assert survival(durations, ended, 7.0, weights) == pytest.approx(repeated)


def test_what_is_not_seen_to_the_end_does_not_count_as_lasting():
    durations = np.array([1.0] * 50 + [2.0] * 50)
    ended = np.array([True] * 25 + [False] * 25 + [True] * 25 + [False] * 25)
    assert survival(durations, ended, 7.0)[0] < 0.5  # half ended; of those not seen to the end, more would have


def test_an_interval_covers_the_truth():
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(100):
        lasted = rng.exponential(10.0, 150)
        seen = rng.uniform(0, 30, 150)
        found = survival_interval(np.minimum(lasted, seen), lasted <= seen, 7.0, np.arange(150), draws=200)
        covered += found.low <= np.exp(-0.7) <= found.high
    assert 88 <= covered <= 100


def test_where_all_last_the_bound_is_not_one():
    found = survival_interval(np.full(20, 9.0), np.zeros(20, dtype=bool), 7.0, np.arange(20))
    assert found.value == 1.0
    assert 0.7 < found.low < 0.95


def test_clusters_that_repeat_widen_the_interval():
    durations, ended = np.repeat([1.0, 9.0], 50), np.repeat([True, False], 50)
    alone = survival_interval(durations, ended, 7.0, np.arange(100))
    together = survival_interval(durations, ended, 7.0, np.arange(100) // 10)
    assert together.high - together.low > 1.5 * (alone.high - alone.low)


def test_durations_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="expected the same, 0 or more"):
        survival(np.array([-1.0]), np.array([True]), 7.0)

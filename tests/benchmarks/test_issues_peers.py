"""What the detector of emerging issues is compared with, on what, and how alarms are counted."""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("ruptures")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from issues_farrington import begun, found, simulated, threshold
from issues_noufaily import BASELINE, EVALUATED, SCENARIOS, WEEKS, simulate
from issues_peers import PEERS, before, cusum, ears_c3, z_score
from issues_real import Labelled, false_episodes, hits, runs
from issues_simulator import Outbreak

from vocmine.issues.grain import WEEK

OPEN = np.zeros(400, dtype=bool)


@pytest.fixture(scope="module")
def counts():
    values = np.random.default_rng(0).poisson(20, (3, 400)).astype(float)
    values[1, 100:110] = np.nan
    values[2, :250] = np.nan
    return values


def test_a_baseline_is_the_mean_of_what_is_known():
    mean, deviation = before(np.array([[1.0, 3.0, np.nan, 8.0, 5.0]]), range(1, 4), 2)
    assert np.isnan(mean[0, :2]).all()
    assert mean[0, 2:].tolist() == [2.0, 3.0 - 1.0, 5.5]
    assert deviation[0, 4] == pytest.approx(np.std([3, 8], ddof=1))


def test_ears_leaves_two_days_between_baseline_and_c2():
    values = np.array([[10.0, 12, 10, 12, 10, 12, 11, 40, 40, 40]])
    c1, c2 = PEERS["EARS C1"](values, OPEN[:10]), PEERS["EARS C2"](values, OPEN[:10])
    assert c1[0, 7] == pytest.approx(29 / 1.0)
    assert c2[0, 9] == pytest.approx(29 / 1.0)
    assert c1[0, 9] < c2[0, 9]
    assert ears_c3(values, OPEN[:10])[0, 9] >= c2[0, 9] - 1


def test_a_cusum_grows_with_what_stays_high_and_falls_back(counts):
    values = np.tile([20.0, 24.0], (1, 200))
    values[0, 300:310] += 20
    scores = cusum(values, OPEN, length=8)
    assert (np.diff(scores[0, 299:310]) > 0).all()
    assert scores[0, 330] < scores[0, 309]
    assert (cusum(counts, OPEN)[np.isfinite(cusum(counts, OPEN))] >= 0).all()


@pytest.mark.parametrize("name", PEERS)
def test_no_score_looks_ahead(name, counts):
    changed = counts.copy()
    changed[:, 378:] += 15  # a segmentation begins on this day
    same, other = PEERS[name](counts, OPEN), PEERS[name](changed, OPEN)
    np.testing.assert_array_equal(same[:, :378], other[:, :378])
    assert np.nanmax(other[:, 378:]) > np.nanmax(same[:, 378:])


@pytest.mark.parametrize("name", PEERS)
def test_scores_are_finite_where_there_is_a_past(name, counts):
    scores = PEERS[name](np.vstack([counts, np.zeros((1, 400))]), OPEN)
    assert not np.isinf(scores).any()
    assert np.isfinite(scores[[0, 3], 380:]).all()
    assert np.isnan(scores[2, :250]).all()


def test_the_scenarios_have_the_means_and_the_variances_asked_for():
    assert len(set(SCENARIOS)) == 42
    drawn = simulate(1, 30, outbreaks=False)
    quiet = drawn.counts[:, : BASELINE[0]].reshape(42, 30, -1)
    means = drawn.means[::30, : BASELINE[0]]
    assert quiet.mean(axis=(1, 2)) == pytest.approx(means.mean(axis=1), rel=0.1)
    dispersion = ((quiet - means[:, None]) ** 2 / means[:, None]).mean(axis=(1, 2))
    assert dispersion == pytest.approx([scenario.dispersion for scenario in SCENARIOS], rel=0.2)


def test_every_series_has_its_outbreak_in_the_watched_weeks():
    drawn = simulate(1, 2)
    assert [one.series for one in drawn.outbreaks] == list(range(84))
    assert all(WEEKS - EVALUATED <= one.onset < one.end <= WEEKS for one in drawn.outbreaks)
    assert simulate(1, 2, outbreaks=False).outbreaks == ()


def test_weekly_sums_keep_the_outbreaks_in_their_weeks():
    family = simulated(1, outbreaks=True)
    assert np.isfinite(family.counts[:, 0]).all()
    assert all(107 <= one.onset < one.end and one.series < len(family.counts) for one in family.outbreaks)


def test_alarms_less_than_the_quiet_time_apart_are_one_episode():
    scores = np.array([[0, 1, 0, 1, 0, 0, 1, np.nan, 1.0]])
    assert begun(scores, 1, 2) == 2
    assert begun(scores, 1, 1) == 4
    assert runs(scores[0] >= 1, 2) == [(1, 3), (6, 8)]
    null = np.random.default_rng(0).normal(size=(50, 100))
    least = threshold(null, 20, partial(begun, null, quiet=2))
    assert begun(null, least, 2) <= 20 < begun(null, least - 0.2, 2)


def test_an_alarm_that_stood_before_is_found_but_not_fresh():
    scores = np.zeros((2, 20))
    scores[0, 4:8] = scores[1, 13] = 1
    outbreaks = [Outbreak(0, 105, 110, 2.0, "step"), Outbreak(1, 110, 115, 2.0, "step")]
    answers = found(scores, outbreaks, 0.5, 100, 2)
    assert {name: values.tolist() for name, values in answers.items()} == {
        "ever": [True, True],
        "soon": [True, False],
        "fresh": [False, True],
    }


def test_an_episode_that_touches_a_label_is_not_false():
    labels = np.zeros((1, 60), dtype=bool)
    labels[0, 40:45] = True
    data = Labelled(np.ones((1, 60)), labels, pd.date_range("2001-01-01", periods=60, freq="7D"), WEEK, 30, WEEK.year)
    scores = np.zeros((1, 60))
    scores[0, [10, 35, 42, 44, 46]] = 1
    assert false_episodes(scores, data, 0.5) == 1
    assert hits(scores, data, 0.5) == [(2, True)]
    assert hits(scores, data, 2.0) == [(None, False)]
    assert np.isfinite(z_score(data.counts, OPEN[:60])[:, 30:]).all()

"""Series that no model has in mind: answers are finite, and alerts are where something is."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from tests.signals.by_hand import analysed
from vocmine.issues import IssueDetector
from vocmine.issues.counts import Counts, Members
from vocmine.issues.episodes import follow
from vocmine.issues.grain import grain_of
from vocmine.issues.watching import watched

FIRST = "2024-01-01"
FREQUENCY = {"hour": "h", "day": "D", "week": "W-MON"}
LENGTH = {"hour": 24 * 100, "day": 400, "week": 150}


def told(row, grain="day"):
    """Watch one series, which is the whole too, and return the watch and the episodes."""
    values = np.array([row, row], dtype=np.float64)
    periods = pd.date_range(FIRST, periods=values.shape[1], freq=FREQUENCY[grain])
    nothing = Members(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), sparse.csr_array((2, 0)))
    counts = Counts(((), (("topic", "1"),)), periods, values, grain, nothing)
    watch, ahead = watched(counts, 0.05)
    assert not np.isinf(watch.rarity).any()
    assert not np.isinf(ahead).any()
    assert (ahead[np.isfinite(ahead)] >= 0).all()
    return watch, follow(watch, grain_of(grain))


@pytest.mark.parametrize("grain", FREQUENCY)
@pytest.mark.parametrize("level", [0, 1, 7, 5_000])
def test_a_constant_series_never_alerts(grain, level):
    watch, episodes = told(np.full(LENGTH[grain], level), grain)
    assert episodes == []
    if level:
        np.testing.assert_allclose(watch.expected.means[0, -1], level, rtol=0.1)


@pytest.mark.parametrize("grain", FREQUENCY)
def test_one_spike_is_one_alert_on_its_period(grain):
    row = np.random.default_rng(0).poisson(5, LENGTH[grain]).astype(float)
    spike = LENGTH[grain] - 40
    row[spike] = 60
    _, episodes = told(row, grain)
    own = [one for one in episodes if spike <= one.raised <= spike + 2]
    assert len(own) == 1
    assert own[0].onset == spike
    assert own[0].last <= spike + max(grain_of(grain).windows)


def test_after_a_spike_the_usual_is_as_before():
    row = np.random.default_rng(0).poisson(5, 400).astype(float)
    without, _ = told(row)
    row[300] = 200
    with_spike, _ = told(row)
    np.testing.assert_allclose(with_spike.expected.means[0, 330:], without.expected.means[0, 330:], rtol=0.15)


@pytest.mark.parametrize("days", [1, 2, 3, 30])
def test_a_short_series_is_not_watched(days):
    watch, episodes = told(np.arange(days))
    assert np.isnan(watch.rarity).all()
    assert episodes == []


def test_a_spike_in_silence_is_told_and_the_silence_is_not():
    row = np.zeros(400)
    row[100:120] = 1
    row[390] = 12
    watch, episodes = told(row)
    assert [one.raised for one in episodes if one.raised >= 150] == [390]
    assert np.isfinite(watch.expected.means[0, -1])


def test_a_series_with_gaps_everywhere_is_finite():
    rng = np.random.default_rng(0)
    row = rng.poisson(4, 400).astype(float)
    row[rng.random(400) < 0.4] = np.nan
    watch, _ = told(row)
    assert np.isfinite(watch.expected.means[0, 100:]).all()


def contacts(days, each=6, hour="09:00"):
    return [
        {"id": f"{day.date()}-{rank}", "date": f"{day.date()} {hour}", "canal": "email", "texte": "Ma facture."}
        for day in days
        for rank in range(each)
    ]


def test_clocks_that_change_make_no_alert():
    days = pd.date_range("2026-01-01", "2026-11-20")
    rows = contacts(days, 3, "00:30") + [{**row, "id": f"late-{row['id']}"} for row in contacts(days, 3, "23:30")]
    detector = IssueDetector()
    assert len(detector.detect(analysed(rows), ["channel"])) == 0
    expected = detector.state_.expected.means[0]
    np.testing.assert_allclose(expected[np.isfinite(expected)], 6, rtol=0.1)


def test_late_contacts_are_counted_and_what_was_told_stays():
    days = pd.date_range("2026-01-01", "2026-05-31")
    detector = IssueDetector()
    before = detector.detect(analysed(contacts(days)), ["channel"])
    late = [{**row, "id": f"late-{row['id']}"} for row in contacts(days[-10:-5], 30)]
    after = detector.update(analysed(late + contacts([days[-1] + pd.Timedelta(days=1)])))
    assert len(before) == 0
    assert set(after.to_pandas()["raised"]) <= {date(2026, 6, 1)}
    assert len(detector.state_.contacts) == len(days) * 6 + 150 + 6


def test_a_date_far_ahead_neither_stretches_the_days_nor_alerts():
    rows = contacts(pd.date_range("2026-01-01", "2026-05-31"))
    rows[0]["date"] = "2031-01-01 09:00"
    detector = IssueDetector()
    assert len(detector.detect(analysed(rows), ["channel"])) == 0
    assert detector.state_.n_periods == 151

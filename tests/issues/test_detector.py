"""Contacts come in day by day; what is unusual is told once, early, and seldom wrongly."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.signals.by_hand import analysed
from vocmine.errors import InputError, NotScoredError, SavedAnalysisError
from vocmine.issues import Alerts, IssueDetector
from vocmine.issues.calibration import needed

FIRST, DAYS, ONSET = "2026-01-05", 150, 135
REGIONS = ("Nord", "Sud", "Est")
BOX = "La box ne démarre plus, je n'ai plus internet."
BILL = "Je ne comprends pas ma facture."


def contacts(hit=(), extra=8, seed=0):
    """Three a day and region on average, and `extra` about the box in the regions hit from day 135 to 141."""
    rng = np.random.default_rng(seed)
    rows = []
    for place, day in enumerate(pd.date_range(FIRST, periods=DAYS)):
        for region in REGIONS:
            texts = [BILL] * rng.poisson(3 if day.day_of_week < 5 else 1)
            if region in hit and ONSET <= place < ONSET + 7:
                texts += [BOX] * rng.poisson(extra)
            rows += [
                {
                    "id": f"{region}-{place}-{rank}",
                    "client": f"C{place}-{rank}",
                    "date": f"{day.date()} 10:00",
                    "region": region,
                    "canal": "email",
                    "texte": text,
                }
                for rank, text in enumerate(texts)
            ]
    return rows


@pytest.fixture(scope="module")
def one_region():
    return analysed(contacts(["Nord"]))


@pytest.fixture(scope="module")
def found(one_region):
    return IssueDetector(false_alerts_per_week=0.02).detect(one_region, ["region"])


def day(place):
    return (pd.Timestamp(FIRST) + pd.Timedelta(days=place)).date()


def test_one_regions_outbreak_is_that_regions_within_two_days(found):
    frame = found.to_pandas()
    assert len(frame) == 1
    told = frame.iloc[0]
    assert told["label"] == "Région Nord"
    assert told["raised"] <= day(ONSET + 2)
    assert abs((told["onset"] - day(ONSET)).days) <= 1
    assert abs((told["last"] - day(ONSET + 6)).days) <= 1
    assert told["ratio_low"] > 1.5 < told["ratio"] < told["ratio_high"]


def test_an_outbreak_in_all_regions_is_one_alert_of_all():
    frame = IssueDetector(false_alerts_per_week=0.02).detect(analysed(contacts(REGIONS)), ["region"]).to_pandas()
    assert [list(own) for own in frame["slice"]] == [[]]


def test_an_alert_says_what_is_different_and_in_whose_words(found):
    row = found.table.to_pylist()[0]
    assert {"box", "internet"} & {word for one in row["differences"] for word in one["value"].split()}
    assert row["quotes"][0] == BOX
    assert all(one["low"] > 1 for one in row["differences"])
    assert set(row["contact_ids"]) == set(found.contacts(row["alert_id"]))
    assert row["observed"] == len(row["contact_ids"])


def test_the_course_tells_new_growing_fading(found):
    days = found.days.to_pandas().set_index("day")
    assert days["status"].dropna().iloc[0] == "new"
    assert days["status"].iloc[-1] in {"fading", "closed"}
    assert pd.isna(days.loc[day(ONSET - 10), "status"])
    assert days.loc[day(ONSET + 3), "observed"] > days.loc[day(ONSET + 3), "high"]


def test_a_quiet_time_is_quiet():
    told = [len(IssueDetector().detect(analysed(contacts(seed=seed)), ["region"])) for seed in range(1, 7)]
    # Four slices, a quarter of a year each, and none may err more than once a year: six are to be expected.
    assert sum(told) <= 12


def test_fewer_false_alerts_take_rarer_evidence():
    assert needed(0.01, 4) > needed(0.1, 4) >= 0
    assert needed(100, 4) == 0


def test_day_by_day_tells_what_all_at_once_does(one_region, tmp_path):
    rows = contacts(["Nord"])
    whole = IssueDetector().detect(one_region, ["region"])
    detector = IssueDetector()
    detector.detect(analysed([row for row in rows if row["date"] < str(day(ONSET))]), ["region"])
    for place in range(ONSET, ONSET + 4):
        detector.save(tmp_path / "state")
        detector = IssueDetector.load(tmp_path / "state")
        alerts = detector.update(analysed([row for row in rows if row["date"][:10] == str(day(place))]))
    assert alerts.to_pandas()["raised"].tolist() == whole.to_pandas()["raised"].tolist()
    assert alerts.to_pandas()["onset"].tolist() == whole.to_pandas()["onset"].tolist()


def test_what_comes_next_is_more_than_usual_while_it_lasts():
    rows = [row for row in contacts(["Nord"]) if row["date"] < str(day(ONSET + 4))]
    alerts = IssueDetector(false_alerts_per_week=0.02).detect(analysed(rows), ["region"])
    outlook = alerts.forecast.to_pandas()
    north = outlook[[len(own) == 1 for own in outlook["slice"]]]
    assert len(north) == 14
    assert (north["forecast"] > north["expected"]).all()
    assert north["extra"].is_monotonic_decreasing or north["extra"].iloc[0] > north["extra"].iloc[-1]
    assert ((north["low"] <= north["forecast"]) & (north["forecast"] <= north["high"])).all()


def test_a_short_history_is_said_to_be_short():
    rows = [row for row in contacts() if row["date"] < str(day(50))]
    alerts = IssueDetector().detect(analysed(rows), ["region"])
    assert (len(alerts), alerts.n_slices, alerts.n_short) == (0, 0, 4)


@pytest.mark.parametrize("days", [1, 3])
def test_a_few_days_give_no_alert(days):
    rows = [row for row in contacts() if row["date"] < str(day(days))]
    assert len(IssueDetector().detect(analysed(rows), ["region"])) == 0


def test_a_cap_holds():
    rows = [
        {**row, "id": f"{row['id']}-{seed}", "region": f"{row['region']} {seed}"}
        for seed in range(8)
        for row in contacts(["Nord"] if seed < 7 else (), seed=seed)
    ]
    analysis = analysed(rows)
    free, capped = (
        np.sort(
            pd.to_datetime(
                IssueDetector(false_alerts_per_week=100, max_alerts_per_week=most)
                .detect(analysis, ["region"])
                .to_pandas()["raised"]
            ).to_numpy()
        )
        for most in (None, 1)
    )
    month = np.timedelta64(28, "D")
    assert max((free >= day).sum() - (free >= day + month).sum() for day in free) > 4
    assert max((capped >= day).sum() - (capped >= day + month).sum() for day in capped) <= 4
    assert 0 < len(capped) < len(free)


def test_alerts_are_saved_whole(found, tmp_path):
    again = Alerts.load(found.save(tmp_path / "alerts"))
    assert again.table.equals(found.table)
    assert again.days.equals(found.days)
    assert again.forecast.equals(found.forecast)
    assert repr(again) == repr(found)


def test_what_can_not_be_done_says_so(one_region, tmp_path):
    with pytest.raises(InputError, match="false_alerts_per_week is 0"):
        IssueDetector(false_alerts_per_week=0).detect(one_region)
    with pytest.raises(NotScoredError, match="no history"):
        IssueDetector().update(one_region)
    with pytest.raises(NotScoredError, match="without topics"):
        IssueDetector().detect(one_region, ["topic"])
    with pytest.raises(InputError, match="no column 'magasin'"):
        IssueDetector().detect(one_region, ["magasin"])
    with pytest.raises(InputError, match="no holidays are known"):
        IssueDetector(countries=["ZZ"]).detect(one_region, ["region"])
    with pytest.raises(SavedAnalysisError, match="no detector"):
        IssueDetector.load(tmp_path)
    with pytest.raises(InputError, match="no alert 'x'"):
        IssueDetector().detect(one_region, ["region"]).contacts("x")


def test_it_is_an_estimator():
    assert IssueDetector(grain="week").get_params()["grain"] == "week"
    assert vm.__version__


def test_a_back_test_tells_what_watching_day_by_day_told(one_region):
    """Without topics there is nothing to look ahead to: but for the first days, all is as it was."""
    told = IssueDetector().backtest(one_region, ["region"], warm_up=90, every=11)
    whole = IssueDetector().detect(one_region, ["region"]).to_pandas()
    later = whole[whole["raised"] >= day(90)]
    assert told.to_pandas()["raised"].tolist() == later["raised"].tolist()
    assert told.to_pandas()["differences"].map(len).tolist() == later["differences"].map(len).tolist()


@pytest.mark.parametrize("days", [{"warm_up": 400}, {"warm_up": 0}, {"every": 0}])
def test_a_back_test_needs_days(one_region, days):
    with pytest.raises(InputError, match="warm_up"):
        IssueDetector().backtest(one_region, ["region"], **days)

"""Contacts are counted by slice and local day, and what is missing is not zero."""

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import InputError
from vocmine.issues.counts import count


def contacts(moments, zone="Europe/Paris", **columns):
    """Contacts at local times."""
    local = pd.DatetimeIndex(moments).tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    frame = pd.DataFrame({"contact_id": [f"K{place}" for place in range(len(moments))], "timezone": zone, **columns})
    frame["started_at"] = local.tz_convert("UTC")
    return frame


def daily(n_days, per_day, start="2026-01-05", **columns):
    """So many contacts on each day, a Monday first."""
    moments = [day + pd.Timedelta(hours=12) for day in pd.date_range(start, periods=n_days) for _ in range(per_day)]
    return contacts(moments, **{name: np.resize(values, len(moments)) for name, values in columns.items()})


def test_days_are_local():
    frame = pd.concat([contacts(["2026-03-01 00:30"]), contacts(["2026-02-28 23:30"], "America/Toronto")])
    # Half past eleven in Toronto is the next morning in Paris, and the evening of its own day.
    assert count(frame, min_contacts=1).to_pandas()["all"].to_dict() == {
        pd.Timestamp("2026-02-28"): 1.0,
        pd.Timestamp("2026-03-01"): 1.0,
    }


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_days_of_23_and_25_hours_are_days(day):
    hours = pd.date_range(f"{day} 00:00", f"{day} 23:00", freq="h")
    found = count(contacts(list(hours)), min_contacts=1)
    assert found.observed.tolist() == [[24.0]]


def test_a_contact_counts_once_in_each_of_its_topics_and_in_their_crossings():
    frame = daily(1, 2, channel=["email", "chat"])
    frame["topics"] = [[1, 2], [2, 2]]
    found = count(frame, ["topic", ("topic", "channel")], min_contacts=1)
    assert dict(zip(found.slices, found.observed[:, 0], strict=True)) == {
        (): 2,
        (("topic", "1"),): 1,
        (("topic", "2"),): 2,
        (("channel", "chat"), ("topic", "2")): 1,
        (("channel", "email"), ("topic", "1")): 1,
        (("channel", "email"), ("topic", "2")): 1,
    }


def test_the_parts_of_a_dimension_make_the_whole():
    frame = daily(40, 6, channel=["email", "chat", "phone", "phone"])
    found = count(frame, ["channel"])
    assert np.array_equal(found.observed[1:].sum(axis=0), found.observed[0])


def test_a_feed_gap_is_missing_and_a_closed_sunday_is_zero():
    frame = daily(70, 20)
    local = frame["started_at"].dt.tz_convert("Europe/Paris")
    open_days = frame[(local.dt.day_of_week != 6) & (local.dt.date != pd.Timestamp("2026-03-04").date())]
    series = count(open_days).to_pandas()["all"]
    assert np.isnan(series["2026-03-04"])
    assert (series[series.index.day_of_week == 6] == 0).all()


def test_a_mute_channel_is_missing_while_others_go_on():
    frame = daily(70, 40, channel=["email", "chat"])
    local = frame["started_at"].dt.tz_convert("Europe/Paris")
    heard = frame[(frame["channel"] == "chat") | (local.dt.date != pd.Timestamp("2026-03-04").date())]
    found = count(heard, ["channel"]).to_pandas().loc["2026-03-04"]
    assert found["channel=chat"] == 20
    assert np.isnan(found["channel=email"])


def test_days_said_to_be_missing_are():
    found = count(daily(10, 1), missing=[pd.Timestamp("2026-01-08").date()], min_contacts=1)
    assert np.isnan(found.observed[0]).nonzero()[0].tolist() == [3]


def test_what_has_no_date_or_one_far_off_is_counted_apart():
    frame = pd.concat([daily(200, 1), contacts(["2099-01-01 10:00"]), contacts(["2026-02-01"])], ignore_index=True)
    frame.loc[frame.index[-1], "started_at"] = pd.NaT
    found = count(frame)
    assert (found.undated, found.outside, found.periods[-1]) == (1, 1, pd.Timestamp("2026-07-23"))


def test_small_slices_are_left_out_unless_they_are_known():
    frame = daily(30, 1, product=["A", *["B"] * 29])
    assert count(frame, ["product"]).few == 1
    kept = count(frame, ["product"], slices=((), (("product", "A"),)))
    assert kept.slices == ((), (("product", "A"),), (("product", "B"),))


def test_members_are_the_contacts_counted():
    found = count(daily(30, 2, channel=["email", "chat"]), ["channel"])
    assert found.members.ids(1, 3, 4) == ["K7", "K9"]


def test_counts_until_a_day_are_those_of_the_contacts_until_then():
    frame = daily(60, 3, channel=["email", "chat"])
    early = frame[frame["started_at"] < pd.Timestamp("2026-02-01", tz="Europe/Paris")]
    cut, alone = count(frame, ["channel"]).until(pd.Timestamp("2026-01-31")), count(early, ["channel"])
    assert np.array_equal(cut.observed, alone.observed)
    assert cut.members.ids(1, 0, 99) == alone.members.ids(1, 0, 99)


def test_exposure_is_filled_and_relative():
    found = count(daily(4, 5), exposure=pd.Series([1.0, 3.0], pd.to_datetime(["2026-01-05", "2026-01-08"])))
    assert found.exposure == pytest.approx(np.array([1, 5 / 3, 7 / 3, 3]) / 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": ["magasin"]}, "no column 'magasin'"),
        ({"grain": "month"}, "expected one of hour, day, week"),
        ({"exposure": pd.Series([1.0, 2.0])}, "expected days"),
        ({"exposure": pd.Series([0.0], pd.to_datetime(["2026-01-05"]))}, "0 or less"),
        ({"until": pd.Timestamp("2020-01-01")}, "no contact has a date"),
    ],
)
def test_what_can_not_be_counted_says_so(arguments, message):
    with pytest.raises(InputError, match=message):
        count(daily(10, 1), **arguments)

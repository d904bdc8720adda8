"""What changes a model gives a new one; what is asked of it is a table."""

import numpy as np
import pandas as pd
import pytest

from tests.signals.by_hand import analysed
from vocmine.errors import InputError
from vocmine.topics import hierarchy, merge, over_time, rename


def test_merge_exact(fitted, made):
    merged = merge(fitted, [[0, 2]])
    texts, points, _ = made
    before = fitted.predict(texts, embeddings=points)
    after = merged.predict(texts, embeddings=points)
    inside = before >= 0
    assert np.array_equal(after[inside], np.where(before == 2, 0, before)[inside])
    assert merged.predict_proba(texts, embeddings=points).shape == (len(texts), 2)
    rows = merged.topics.set_index("topic_id")
    was = fitted.topics.set_index("topic_id")
    assert rows.loc[0, "segments"] == was.loc[0, "segments"] + was.loc[2, "segments"]
    assert rows["share"].sum() == pytest.approx(1)
    assert merged.lineage.iloc[-1][["topic_id", "event", "into"]].tolist() == [2, "merged", 0]


def test_merge_chain_and_all(fitted, made, analysis):
    twice = merge(merge(fitted, [[0, 2]]), [[1, 0]])
    assert set(twice.predict(made[0], embeddings=made[1])) <= {-1, 1}
    assert twice.topics.set_index("topic_id").loc[0, "merged_into"] == 1
    assert twice.topics.set_index("topic_id").loc[2, "merged_into"] == 1, "2 -> 0 -> 1: 0 no longer stands"
    with pytest.raises(InputError):
        hierarchy(twice)


def test_merged_assign_over_time(fitted, analysis):
    merged = merge(fitted, [[0, 2]]).assign(analysis)
    table = over_time(merged, "M")
    assert set(table["topic_id"]) == {0, 1}, "a merged topic has no row of its own"


def test_rename(fitted):
    was = fitted.topics
    named = rename(fitted, {0: "un", -1: "autres"})
    assert named.label(-1) == "autres"
    pd.testing.assert_frame_equal(fitted.topics, was)
    with pytest.raises(InputError):
        rename(fitted, {9: "x"})
    a, b = fitted.label(0), fitted.label(1)
    swapped = rename(fitted, {0: b, 1: a})
    assert (swapped.label(0), swapped.label(1)) == (b, a)


def test_rename_blank(fitted):
    with pytest.raises(InputError):
        rename(fitted, {0: "  "})


def test_rename_error_holds_no_label(fitted):
    with pytest.raises(InputError) as e:
        rename(fitted, {1: fitted.label(0)})
    assert fitted.label(0) not in str(e.value)


def test_label_unknown(fitted):
    with pytest.raises(InputError, match="got topic 9"):
        fitted.label(9)


def test_hierarchy_halves(fitted):
    for row in hierarchy(fitted).itertuples():
        assert sorted(row.left + row.right) == row.topics


def test_over_time_periods(told):
    for freq in "DWM":
        table = over_time(told, freq)
        assert not table.duplicated(["period", "topic_id"]).any()
        assert table.groupby("period")["total"].first().sum() == len(told)
    d = over_time(told, "D")
    days = told.contacts["started_at"].dt.tz_convert("Europe/Paris").dt.date
    assert set(d["period"].dt.date) == set(days)


def test_over_time_gap_and_no_date(fitted, made):
    texts, points, _ = made
    dates = ["2026-01-05T00:30:00+01:00", None, "2026-01-08T23:30:00+01:00"]
    a = analysed(
        [
            {"id": f"G{i}", "texte": t, "date": d, "locuteur": "client", "langue": "fr"}
            for i, (t, d) in enumerate(zip(texts[:3], dates, strict=True))
        ],
        embeddings=points[:3],
    )
    table = over_time(fitted.assign(a), "D")
    totals = table.groupby("period")["total"].first()
    assert totals.tolist() == [1, 0, 0, 1]
    assert table.loc[table["total"] == 0, ["share", "low", "high"]].isna().all().all()


def test_over_time_without_dates(fitted, made):
    a = analysed([{"id": "G", "texte": made[0][0], "locuteur": "client"}], embeddings=made[1][:1])
    with pytest.raises(InputError, match="date"):
        over_time(fitted.assign(a))

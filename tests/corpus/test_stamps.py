"""Dates read together are those read one by one."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocmine.corpus.cells import as_cells
from vocmine.corpus.stamps import read_stamps

SHAPES = [
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S,%f +02:00",
    "%Y/%m/%d %Hh%M",
    "%d/%m/%Y %H:%M",
    "%d.%m.%y à %Hh%M",
    "%m/%d/%Y %I:%M PM",
    "%m/%d/%Y %I:%M a.m.",
    "%d mars %Y",
    "jeudi %d août %Y à %H h %M CEST",
    "%d %b %Y %H:%M:%S -0430",
    "%Y-%m-%d %H:%M EST-05",
    "%Y-%m-%d %H:%M BOB-05:00",
    "%Y%m%d%H%M%S",
    "  %d/%m/%Y",
]


def alike(texts):
    """The same dates in a column, where they are read together, and as objects, each of which is read alone."""
    together, alone = read_stamps(pa.array(texts)), read_stamps(as_cells(texts))
    for name in ("moment", "swapped"):
        np.testing.assert_array_equal(getattr(together, name), getattr(alone, name))
    for name in ("naive", "day_possible", "form"):
        assert getattr(together, name).tolist() == getattr(alone, name).tolist()
    return together


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2060, 1, 1)), min_size=9, max_size=30))
def test_dates_of_one_shape_are_those_read_alone(shape, moments):
    assert alike([moment.strftime(shape) for moment in moments]).read.any() == ("BOB" not in shape)


@given(st.lists(st.text(st.sampled_from("0123456789"), min_size=16, max_size=16), min_size=9, max_size=30))
def test_digits_that_make_no_date_are_told_from_those_that_do(digits):
    alike([f"{d[:4]}-{d[4:6]}-{d[6:8]} {d[8:10]}:{d[10:12]} +{d[12:]}" for d in digits])
    alike([f"{d[:2]}/{d[2:4]}/{d[4:8]} {d[8:10]}:{d[10:12]}:{d[12:14]}" for d in digits])


def test_a_few_dates_among_other_texts():
    alike(["hier", "2025-02-29", "14/03/2025", "03/14/2025", "", "20250314", "1735689600", "٢٠٢٥-٠٣-١٤", "x" * 90])


def test_a_zone_leads_to_utc():
    texts = [f"2025-07-{day:02} 12:00 -0400" for day in range(1, 10)]
    paris = datetime(2025, 7, 1, 12, tzinfo=timezone(timedelta(hours=-4))).astimezone(UTC).replace(tzinfo=None)
    assert read_stamps(pa.array(texts)).moment[0] == np.datetime64(paris)
    assert not read_stamps(pa.array(texts)).naive.any()


@pytest.mark.parametrize("zone", [None, "America/Montreal"])
def test_timestamps_are_those_read_alone(zone):
    moments = pd.Series(
        [pd.Timestamp(at) for at in ("2025-03-14 09:30:00.123456789", "2025-07-01", "1975-01-01 23:59:59.5")]
    )
    values = as_cells(moments.dt.tz_localize(zone))
    together, alone = read_stamps(values), [read_stamps(as_cells([value, "hier"])) for value in values]
    for name in ("moment", "naive", "day_possible", "form"):
        assert getattr(together, name).tolist() == [getattr(each, name).tolist()[0] for each in alone]

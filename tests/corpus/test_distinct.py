"""Distinct values of a column, and what is done to each of them once."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.corpus.cells import label
from vocmine.corpus.distinct import Distinct, distinct, labels

words = st.one_of(
    st.none(), st.sampled_from(["Lyon", " Lyon", "Lyon\xa0", "NULL", "", "nan", "Évry", "\x1c", "a~", "é"]), st.text()
)


@pytest.mark.parametrize("dtype", ["str", object, pd.ArrowDtype(pa.string())])
def test_strings_are_counted_once_whatever_holds_them(dtype):
    column = distinct(pd.Series(["Mail", None, "Appel", "Mail"], dtype=dtype))
    assert column.codes.tolist() == [0, -1, 1, 0]
    assert column.objects().tolist() == ["Mail", "Appel"]
    assert column.counts().tolist() == [2, 1]


def test_objects_that_cannot_be_compared_are_kept_row_by_row():
    column = distinct(pd.Series([["a"], None, ["a"], float("nan")], dtype=object))
    assert column.codes.tolist() == [0, -1, 1, -1]
    assert column.cells().tolist() == [["a"], None, ["a"], None]


def test_numbers_and_dates_are_values_of_python():
    assert [type(value) for value in distinct(pd.Series([3, 3, 7])).objects()] == [int, int]
    assert distinct(pd.Series(pd.to_datetime(["2025-03-14", None]))).objects().tolist() == [pd.Timestamp("2025-03-14")]


def test_what_becomes_equal_is_one_value_and_what_becomes_none_is_none():
    column = distinct(pd.Series(["5", "5,0", "bien"])).map(lambda text: None if text == "bien" else 5.0)
    assert column.codes.tolist() == [0, 0, -1]
    assert column.filled(1.0).cells().tolist() == [5.0, 5.0, 1.0]


@given(st.lists(words, max_size=9))
def test_labels_are_those_of_the_cells(values):
    for dtype in ("str", object):
        read = labels(distinct(pd.Series(values, dtype=dtype)))
        assert read.cells().tolist() == [label(value) for value in values]
        assert len(set(read.objects())) == len(read.levels)


def test_values_are_taken_in_arrow():
    column = Distinct(np.array([0, -1, 1]), pa.array(["a", "b"]))
    assert column.take(np.array([2, 1, -1]), pa.string()).to_pylist() == ["b", None, None]
    assert Distinct.constant("fr", 2).take(np.array([0, 1]), pa.string()).to_pylist() == ["fr", "fr"]
    assert not len(Distinct.constant("fr", 0).levels)

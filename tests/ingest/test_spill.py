"""Tables on the disk are read as those in memory."""

import pickle

import pyarrow as pa
import pytest

from vocmine.errors import OutputError
from vocmine.ingest.spill import Spill, unified

TABLE = pa.table({"texte": ["Bonjour", None, "Été"], "pièces": [["a.pdf"], [], None], "note": [1.5, 2.0, None]})


def test_tables_are_found_where_they_were_put():
    spill = Spill()
    places = [spill.put(TABLE.slice(0, count)) for count in (3, 0, 1)]
    assert [spill.table(place) for place in places] == [TABLE, TABLE.slice(0, 0), TABLE.slice(0, 1)]
    late = spill.put(TABLE.slice(1))
    assert spill.table(late) == TABLE.slice(1)


def test_what_lies_on_the_disk_takes_no_memory_of_arrow():
    spill = Spill()
    place = spill.put(pa.table({"texte": ["Bonjour" * 1000] * 1000}))
    before = pa.total_allocated_bytes()
    table = spill.table(place)
    assert table["texte"][999].as_py().startswith("Bonjour")
    assert pa.total_allocated_bytes() - before < 100_000


def test_a_table_outlives_its_spill_and_leaves_no_file(tmp_path):
    spill = Spill(tmp_path)
    table = spill.table(spill.put(TABLE))
    del spill
    assert table == TABLE
    assert list(tmp_path.iterdir()) == []


def test_a_table_on_the_disk_can_be_pickled():
    spill = Spill()
    assert pickle.loads(pickle.dumps(spill.table(spill.put(TABLE)))) == TABLE


def test_a_folder_that_is_none_says_what_to_do(tmp_path):
    with pytest.raises(OutputError, match="name another folder: spill="):
        Spill(tmp_path / "absent")


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ([[1], [2.5]], [1.0, 2.5]),
        ([[None], ["bien"]], [None, "bien"]),
        ([[1], ["bien"], [None]], ["1", "bien", None]),
        ([[["a"]], [[]], [None]], [["a"], [], None]),
        ([[["a"]], ["b"]], ["['a']", "b"]),
    ],
)
def test_columns_of_several_types_are_one(values, whole):
    assert unified(pa.table({"x": column}) for column in values)["x"].to_pylist() == whole


def test_a_column_that_some_lack_is_empty_there():
    assert unified([pa.table({"x": [1]}), pa.table({"y": ["a"]})]).to_pylist() == [
        {"x": 1, "y": None},
        {"x": None, "y": "a"},
    ]

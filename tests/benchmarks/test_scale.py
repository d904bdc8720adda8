"""The benchmark of growing sizes: the line through the times, what is measured again, and that no contact is lost."""

import importlib
from typing import ClassVar

import pytest
from pyarrow import parquet


@pytest.fixture(scope="module")
def scale(_benchmarks_can_be_imported):
    return importlib.import_module("scale")


@pytest.fixture(scope="module")
def speed_line(_benchmarks_can_be_imported):
    return importlib.import_module("speed_line")


class TestLine:
    CONTACTS: ClassVar = [1_000, 10_000, 100_000]

    def test_has_a_fixed_part_and_a_part_a_contact(self, speed_line):
        seconds = [2 + 0.001 * n for n in self.CONTACTS]
        line = speed_line.Line.through(self.CONTACTS, seconds)
        assert (line.fixed, line.each) == pytest.approx((2, 0.001))
        assert [line.deviation(*pair) for pair in zip(self.CONTACTS, seconds, strict=True)] == pytest.approx([0] * 3)

    def test_is_not_that_of_times_that_grow_with_the_square(self, scale):
        times = [(n, 0.001 * n + 1e-8 * n * n) for n in self.CONTACTS]
        rows = [{"model": "tiny", "contacts": n, "seconds": each, "peak_mb": 1} for n, each in times]
        assert scale.line(scale.TINY, rows)["worst_deviation"] > 0.1
        assert not scale.holds(scale.TINY, rows)

    def test_does_not_excuse_memory_that_grows(self, scale):
        rows = [{"model": "tiny", "contacts": n, "seconds": 0.001 * n, "peak_mb": n / 50} for n in self.CONTACTS]
        assert not scale.holds(scale.TINY, rows)
        assert scale.holds(scale.TINY, rows[:2])
        assert not scale.holds(scale.TINY, rows[:1])


class TestScale:
    def test_a_longer_file_begins_with_the_contacts_of_a_shorter_one(self, scale, tmp_path):
        for size in (3, 5):
            scale.write_contacts(tmp_path / f"{size}.parquet", size, words=8)
        short, long = (parquet.read_table(tmp_path / f"{size}.parquet") for size in (3, 5))
        assert long.slice(0, 3) == short
        assert long["contact_id"].to_pylist()[-1] == "C0000004"

    def test_measures_only_what_is_missing(self, scale):
        rows = [{"model": "embedded", "contacts": 1_000}]
        found = [(series.model, size) for series, size in scale.missing(rows, most=10_000)]
        assert found == [("embedded", 2_000), ("embedded", 5_000), ("embedded", 10_000), ("tiny", 10_000)]

    def test_starts_anew_where_versions_changed_and_not_when_time_passed(self, scale):
        kept = {"vocmine": "1", "made_at": "2026-01-01"}
        assert not scale.unlike(kept, {"vocmine": "1", "made_at": "2026-02-02"})
        assert scale.unlike(kept, {"vocmine": "2", "made_at": "2026-01-01"})

    @pytest.mark.parametrize("series", ["EMBEDDED", "TINY"])
    def test_every_contact_comes_out(self, scale, series, tmp_path):
        found = scale.measured(getattr(scale, series), 20, tmp_path, threads=1)
        assert 18 <= found["scored"] <= found["contacts"] == 20
        planned = set() if series == "EMBEDDED" else {"planned_seconds", "planned_mb"}
        assert found.keys() == scale.Row.__annotations__.keys() - {"model"} - planned

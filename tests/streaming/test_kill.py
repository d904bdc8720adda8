"""A stream that is killed at any time goes on, and ends as the one that never was killed."""

import pytest

from tests.streaming.conftest import calls
from vocmine.streaming import Stream


@pytest.fixture
def kills(monkeypatch):
    from tests.benchmarks.conftest import BENCHMARKS

    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import kills

    return kills


@pytest.mark.parametrize(("workers", "times"), [(1, 8), (2, 1)])
def test_a_stream_that_is_killed_ends_as_the_one_left_in_peace(kills, tiny_folder, tmp_path, workers, times):
    calls(100).to_csv(tmp_path / "appels.csv", index=False)
    job = kills.Job(tmp_path / "appels.csv", str(tiny_folder), chunk_rows=10, workers=workers)
    found = kills.kill(job, tmp_path, kills=times, longest=0.6 if workers == 1 else 4, seed=0)
    assert found.kills == times
    assert found.byte_identical
    assert found.undone_at_most <= workers + 1
    assert Stream.read(tmp_path / "in_peace").rows_in == 350

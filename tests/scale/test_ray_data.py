"""On Ray, several actors give the table that one process gives; and what goes wrong is told, or done again."""

import os
import signal
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.scale.conftest import CONTACTS, TURNS, contacts, in_order, turns
from vocmine import Miner
from vocmine.errors import ColumnError, InputError, OutputError, ReadError
from vocmine.scale import output_schema, score_frames, score_parquet
from vocmine.scale.cluster import cluster

pytestmark = [
    # Ray's own use of what it or pandas has announced to remove.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
]


@pytest.fixture(scope="module")
def ray_cluster():
    """One cluster for the tests that need one, as it takes seconds to start."""
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'vocmine[ray]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "RAY_worker_niceness", "0"
        )  # its workers give way to whatever runs beside: minutes on a busy machine
        with cluster(num_cpus=3, num_gpus=0):
            yield


def write(frame, folder, files=3):
    """Write a frame as several files, with what other engines leave beside theirs."""
    folder.mkdir()
    for number in range(files):
        frame.iloc[number::files].to_parquet(folder / f"part-{number}.parquet", index=False)
    (folder / "_SUCCESS").touch()
    return folder


@pytest.mark.parametrize(
    ("frame", "columns", "table"), [(contacts(200), CONTACTS, "contacts"), (turns(70), TURNS, "turns")]
)
def test_two_actors_give_the_table_of_one_process(ray_cluster, tiny_miner, tmp_path, frame, columns, table):
    source = write(frame, tmp_path / "in")
    run = score_parquet(
        source, tmp_path / "out", miner=tiny_miner, table=table, concurrency=2, batch_rows=50, **columns
    )
    expected = pd.concat(score_frames([frame], tiny_miner, table=table, **columns))
    found = pq.read_table(run.out)
    assert found.schema.equals(output_schema(table))
    types = {pa.bool_(): pd.BooleanDtype(), pa.int8(): pd.Int8Dtype(), pa.int32(): pd.Int32Dtype()}
    as_one = found.to_pandas(types_mapper=types.get)
    pd.testing.assert_frame_equal(in_order(as_one), in_order(expected), rtol=0, atol=1e-5)
    assert run.rows_in == len(frame)
    assert run.kept + run.rejected == len(expected)
    assert (run.scored, run.repeated) == (expected["sentiment"].notna().sum(), 0)
    assert run.reasons == expected["reason"].value_counts().sort_index().to_dict()


def test_ids_that_occur_twice_are_told_and_found_where_rows_are_gathered(ray_cluster, tiny_miner, tmp_path):
    twice = pd.concat([contacts(80), contacts(80)])
    source = write(twice, tmp_path / "in", files=1)
    apart, gathered = (
        score_parquet(source, tmp_path / name, miner=tiny_miner, batch_rows=40, gather=gather, **CONTACTS)
        for name, gather in (("apart", False), ("gathered", True))
    )
    assert apart.repeated == apart.kept // 2 > 0
    assert gathered.repeated == 0
    assert gathered.kept == apart.kept // 2 == gathered.reasons["duplicate_id"]


def test_a_batch_whose_actor_dies_is_scored_by_another(ray_cluster, tiny_miner, tmp_path):
    died = tmp_path / "died"

    class DiesOnce(Miner):
        def score(self, corpus):
            if not died.exists():
                died.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().score(corpus)

    source = write(contacts(60), tmp_path / "in")
    run = score_parquet(source, tmp_path / "out", miner=DiesOnce(tiny_miner.model), batch_rows=20, **CONTACTS)
    assert died.exists()
    assert run.rows_in == 60
    assert run.repeated == 0


def test_a_table_without_rows_gives_one_without_rows(tiny_miner, tmp_path):
    source = write(contacts(0), tmp_path / "in")
    run = score_parquet(source, tmp_path / "out", miner=tiny_miner, **CONTACTS)
    assert run.rows_in == run.kept == 0
    assert pq.read_table(run.out).schema.equals(output_schema("contacts"))


def test_a_file_system_may_be_given(ray_cluster, tiny_miner, tmp_path):
    fsspec = pytest.importorskip("fsspec")
    write(contacts(10), tmp_path / "in")
    there = fsspec.filesystem("dir", path=str(tmp_path), fs=fsspec.filesystem("file"))
    run = score_parquet("in", "out", miner=tiny_miner, filesystem=there, **CONTACTS)
    assert sum(pq.read_table(tmp_path / "out")["rows"].to_pylist()) == run.rows_in == 10


class TestBeforeRay:
    """What can be told without a cluster is told at once."""

    @pytest.fixture
    def score(self, tiny_miner, tmp_path):
        source = write(contacts(4), tmp_path / "in")

        def run(source=source, **options):
            options = {"miner": tiny_miner, **CONTACTS, **options}
            return score_parquet(source, tmp_path / "out", **options)

        return run

    def test_files_already_there_are_left_alone(self, score, tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "notes.txt").write_text("à garder")
        with pytest.raises(OutputError, match=r"there are files in .* already; empty the folder, or name another"):
            score()

    def test_turns_need_an_order(self, score):
        with pytest.raises(InputError, match="got a speaker, but neither turn nor at"):
            score(speaker="canal", at=None)

    @pytest.mark.parametrize("name", ["concurrency", "num_cpus", "batch_rows"])
    def test_counts_are_positive(self, score, name):
        with pytest.raises(InputError, match=f"got {name}=0, expected 1 or more"):
            score(**{name: 0})

    def test_columns_are_there(self, score):
        with pytest.raises(ColumnError, match=r"got channel='chanel', expected .* Did you mean 'canal'"):
            score(channel="chanel")

    def test_there_is_parquet_to_read(self, score, tmp_path):
        (tmp_path / "empty").mkdir()
        (tmp_path / "text.parquet").write_text("id;message")
        with pytest.raises(ReadError, match="no Parquet file is in"):
            score(source=tmp_path / "empty")
        with pytest.raises(ReadError, match="got something else than Parquet"):
            score(source=tmp_path / "text.parquet")

    def test_ray_is_installed(self, score, monkeypatch):
        monkeypatch.setitem(sys.modules, "ray", None)
        with pytest.raises(InputError, match=r"Ray is not installed.*pip install 'vocmine\[ray\]'"):
            score()

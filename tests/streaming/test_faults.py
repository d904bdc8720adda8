"""Disks fill up, files are cut off, processes die: what was written stays, and the error says how to go on."""

import gzip
import os
import resource
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.streaming.conftest import EndsItsProcess, calls, content, reviews
from vocmine.errors import OutputError, ReadError, VocmineError
from vocmine.streaming import Stream


@contextmanager
def files_of_at_most(size):
    """No file can grow beyond a size in bytes, as on a disk that is full."""
    earlier = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, earlier[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, earlier)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_log_that_cannot_grow_keeps_what_is_committed(streamed, tmp_path):
    rows = reviews(800)
    with files_of_at_most(40_000), pytest.raises(OutputError, match=r"chunks\.jsonl \(File too large\); make room"):
        streamed(rows, tmp_path / "out")
    safe = Stream.read(tmp_path / "out")
    assert 10 < safe.chunks < 80
    assert len(safe.contacts) == safe.n_contacts
    assert streamed(rows, tmp_path / "out").rows_in == 800
    streamed(rows, tmp_path / "in_peace")
    assert content(tmp_path / "out") == content(tmp_path / "in_peace")


def test_a_part_that_cannot_be_written_stops_the_stream(streamed, tmp_path):
    with files_of_at_most(7_000), pytest.raises(OutputError, match="; 0 rows are safe, and the next run goes on"):
        streamed(reviews(50), tmp_path / "out")
    assert streamed(reviews(50), tmp_path / "out").rows_in == 50


@pytest.mark.parametrize("resume", [True, False])
def test_a_stream_cut_off_while_started_anew_can_be_started_again(streamed, tmp_path, resume):
    streamed(reviews(30), tmp_path / "out")
    with files_of_at_most(100), pytest.raises(OutputError, match=r"cannot write .*manifest\.json"):
        streamed(reviews(30), tmp_path / "out", resume=False)
    assert streamed(reviews(30), tmp_path / "out", resume=resume).rows_in == 30


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder where nobody can write, not even root")
def test_a_folder_that_cannot_be_written_is_told(streamed):
    with pytest.raises(OutputError, match=r"cannot write /proc/vocmine/manifest\.json"):
        streamed(reviews(10), "/proc/vocmine")


def test_a_parquet_file_cut_off_is_refused_before_anything_is_scored(streamed, tmp_path):
    path = tmp_path / "avis.parquet"
    reviews(50).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ReadError, match=r"avis\.parquet: got no Parquet, or a damaged file"):
        streamed(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_gzip_cut_off_keeps_the_chunks_before(streamed, tmp_path, workers):
    path = tmp_path / "avis.csv.gz"
    text = "id,texte\n" + "".join(f"{row},Merci {os.urandom(40).hex()}\n" for row in range(30_000))
    path.write_bytes(gzip.compress(text.encode())[:-1000])
    with pytest.raises(ReadError, match=r"avis\.csv\.gz: cannot be read to its end \(EOFError\)"):
        streamed(path, tmp_path / "out", chunk_rows=9_000, workers=workers)
    assert Stream.read(tmp_path / "out").rows_in == 9_000


def test_a_text_file_cut_off_inside_quotes_ends_with_a_malformed_row(streamed, tmp_path):
    path = tmp_path / "avis.csv"
    path.write_text('id,texte\n1,Merci\n2,"Toujours rien, et')
    got = streamed(path, tmp_path / "out")
    assert got.rejected[["row", "reason"]].to_numpy().tolist() == [[1, "malformed_row"]]


def test_a_process_that_dies_is_started_again(streamed, tiny_miner, tmp_path):
    score = EndsItsProcess(tiny_miner.score, "c9", once=tmp_path / "dead")
    streamed(calls(20), tmp_path / "out", score=score, workers=2)
    streamed(calls(20), tmp_path / "in_peace")
    assert (tmp_path / "dead").exists()
    assert content(tmp_path / "out") == content(tmp_path / "in_peace")


def test_rows_that_end_their_process_twice_are_named(streamed, tiny_miner, tmp_path):
    score = EndsItsProcess(tiny_miner.score, "c9")
    with pytest.raises(VocmineError, match="rows 31 to 41 ended their process twice, out of memory perhaps"):
        streamed(calls(20), tmp_path / "out", score=score, workers=2)
    assert Stream.read(tmp_path / "out").rows_in == 31
    assert streamed(calls(20), tmp_path / "out").rows_in == 70

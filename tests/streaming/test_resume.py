"""A run that was cut off is gone on with: nothing is lost, nothing is done twice, nothing differs."""

import json
import os

import pandas as pd
import pytest

from tests.streaming.conftest import FailsAfter, calls, content, reviews
from vocmine.errors import InputError, ReadError, SavedAnalysisError
from vocmine.streaming import Stream


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "appels.csv"
    calls(20).to_csv(path, index=False)
    return path


@pytest.fixture
def peaceful(streamed, source, tmp_path):
    """What a run that is not cut off writes."""
    return content(streamed(source, tmp_path / "in_peace").folder)


@pytest.fixture
def cut_off(streamed, source, tiny_miner, tmp_path):
    """A folder where three chunks are committed."""
    with pytest.raises(KeyboardInterrupt):
        streamed(source, tmp_path / "out", score=FailsAfter(tiny_miner.score, 3))
    return tmp_path / "out"


def counted(score):
    corpora = []
    return corpora, lambda corpus: corpora.append(corpus) or score(corpus)


def test_what_was_committed_is_not_scored_again(streamed, source, tiny_miner, cut_off, peaceful):
    assert Stream.read(cut_off).chunks == 3
    corpora, score = counted(tiny_miner.score)
    got = streamed(source, cut_off, score=score)
    assert content(cut_off) == peaceful
    assert len(corpora) == got.chunks - 3
    streamed(source, cut_off, score=score)
    assert len(corpora) == got.chunks - 3


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_and_cuts_change_nothing(streamed, source, cut_off, peaceful, workers):
    streamed(source, cut_off, workers=workers)
    assert content(cut_off) == peaceful


@pytest.mark.parametrize("frame", [reviews(60), calls(20)], ids=["reviews", "calls"])
def test_any_source_is_skipped_forward(streamed, tiny_miner, tmp_path, frame):
    whole = streamed(frame, tmp_path / "whole")
    frame.to_parquet(tmp_path / "lignes.parquet", row_group_size=7)
    for name, source in (("frame", frame), ("parquet", tmp_path / "lignes.parquet")):
        for times in range(whole.chunks - 1):
            with pytest.raises(KeyboardInterrupt):
                streamed(source, tmp_path / name, score=FailsAfter(tiny_miner.score, 1))
            assert Stream.read(tmp_path / name).chunks == times + 1
        streamed(source, tmp_path / name)
    assert content(tmp_path / "frame") == content(tmp_path / "whole")
    expected = Stream.read(tmp_path / "whole").contacts.drop(columns="source")
    pd.testing.assert_frame_equal(Stream.read(tmp_path / "parquet").contacts.drop(columns="source"), expected)


def test_a_contact_that_comes_back_after_the_cut_is_rejected_too(streamed, tiny_miner, tmp_path):
    rows = pd.concat([calls(12), calls(3), calls(12, first=12)])
    streamed(rows, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        streamed(rows, tmp_path / "out", score=FailsAfter(tiny_miner.score, 2))
    streamed(rows, tmp_path / "out")
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_line_that_was_not_written_whole_commits_nothing(streamed, source, cut_off, peaceful):
    log = cut_off / "chunks.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    assert Stream.read(cut_off).chunks == 2
    streamed(source, cut_off)
    assert content(cut_off) == peaceful
    assert [json.loads(line)["chunk"] for line in log.read_text().splitlines()] == list(range(7))


def test_files_that_were_not_committed_are_removed(streamed, source, cut_off, peaceful):
    for name in ("part-000099.parquet", ".part-000003.parquet0abc.partial"):
        (cut_off / "turns" / name).write_bytes(b"PAR1")
    streamed(source, cut_off)
    assert content(cut_off) == peaceful
    assert not list(cut_off.glob("*/.*"))


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("damage", ["missing", "short", "altered"])
def test_a_damaged_part_has_its_chunk_scored_again_and_no_other(
    streamed, source, cut_off, peaceful, damage, workers, tiny_miner
):
    streamed(source, cut_off)
    path = cut_off / "segments" / "part-000001.parquet"
    data = bytearray(path.read_bytes())
    match damage:
        case "missing":
            path.unlink()
        case "short":
            path.write_bytes(data[:-10])
        case "altered":
            data[len(data) // 2] ^= 1
            path.write_bytes(data)
    corpora, score = counted(tiny_miner.score)
    streamed(source, cut_off, workers=workers, score=score if workers == 1 else tiny_miner.score)
    assert content(cut_off) == peaceful
    assert len(corpora) == (workers == 1)
    assert Stream.read(cut_off).rows_in == 70


@pytest.mark.parametrize(
    ("change", "different"),
    [
        ({"signature": {"model_id": "other"}}, "signature.model_id"),
        ({"chunk_rows": 11}, "chunk_rows"),
        ({"embeddings": True}, "embeddings"),
        ({"options": {"product": "agence"}}, "columns.own, columns.roles"),
    ],
)
def test_a_run_of_another_kind_is_not_mixed_in(streamed, source, cut_off, change, different):
    before = content(cut_off)
    with pytest.raises(InputError, match=f"was written with another {different}; go on with"):
        streamed(source, cut_off, **change)
    assert content(cut_off) == before


def test_another_source_is_not_mixed_in(streamed, source, cut_off):
    os.utime(source, ns=(0, 0))
    with pytest.raises(InputError, match=r"another source\.modified_ns"):
        streamed(source, cut_off)
    with pytest.raises(InputError, match=r"another clean, source\.bytes, source\.columns, source\.kind"):
        streamed(calls(20), cut_off)


def test_a_table_in_memory_with_other_rows_is_noticed(streamed, tmp_path):
    streamed(calls(20), tmp_path / "out")
    (tmp_path / "out" / "turns" / "part-000001.parquet").unlink()
    with pytest.raises(ReadError, match="got other rows than when it was first read"):
        streamed(pd.concat([calls(4), calls(30, first=3)]), tmp_path / "out")


def test_a_stream_is_started_anew_when_asked(streamed, source, cut_off, tmp_path):
    streamed(reviews(30), cut_off, resume=False)
    streamed(reviews(30), tmp_path / "new")
    assert content(cut_off) == content(tmp_path / "new")


def test_tables_are_not_written_among_those_they_are_read_from(streamed, tmp_path):
    reviews(10).to_parquet(tmp_path / "avis.parquet")
    for out in (tmp_path, tmp_path / "avis" / ".." / "out"):
        with pytest.raises(InputError, match="lies in the source: tables written there would be read as contacts"):
            streamed(tmp_path, out)
    assert [path.name for path in tmp_path.iterdir()] == ["avis.parquet"]


def test_files_of_others_are_left_alone(streamed, source, cut_off, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lettre.txt").write_text("Bonjour")
    with pytest.raises(InputError, match="holds files that are not a stream's; give a new folder"):
        streamed(source, tmp_path / "docs", resume=False)
    (cut_off / "lettre.txt").write_text("Bonjour")
    before = content(cut_off)
    with pytest.raises(InputError, match="holds 1 files that are not a stream's"):
        streamed(source, cut_off, resume=False)
    assert content(cut_off) == before
    with pytest.raises(InputError, match="which is a file, expected a folder"):
        streamed(source, source)
    with pytest.raises(SavedAnalysisError, match=r"no manifest\.json in "):
        Stream.read(tmp_path / "docs")

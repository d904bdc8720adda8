"""`Miner.stream`, `Miner(cache=...)` and the precisions: what a nightly job calls."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from tests.streaming.conftest import content, reviews
from vocmine.errors import DeviceError, InputError

SAMPLE = Path(__file__).parents[2] / "examples" / "contacts.csv"
COLUMNS = {"text": "texte", "contact_id": "id", "at": "date"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "avis.parquet"
    reviews(64).to_parquet(path, index=False)
    return path


@pytest.fixture(scope="module")
def miner(tiny_folder):
    return vm.Miner(tiny_folder, device="cpu", threads=1)


@pytest.fixture(scope="module")
def streamed(miner, source, tmp_path_factory):
    return miner.stream(source, tmp_path_factory.mktemp("out") / "stream", chunk_rows=10, **COLUMNS)


def test_a_stream_gives_what_scoring_all_at_once_gives(miner, source, streamed):
    whole = miner.score(vm.Corpus.from_pandas(pd.read_parquet(source), **COLUMNS)).contacts
    scores = ["contact_id", "sentiment", "p_negative", "p_neutral", "p_positive", "model_id"]
    pd.testing.assert_frame_equal(streamed.contacts[scores], whole[scores].reset_index(drop=True))
    assert (streamed.rows_in, streamed.n_contacts, streamed.n_rejected) == (64, 55, 9)


def test_several_processes_give_the_same_files(miner, source, streamed, tmp_path):
    other = miner.stream(source, tmp_path / "out", chunk_rows=10, workers=2, **COLUMNS)
    assert content(other.folder) == content(streamed.folder)


def test_a_stream_has_one_process_or_more(tiny_folder, source, tmp_path):
    with pytest.raises(InputError, match="got workers=0, expected 1 or more"):
        vm.Miner(tiny_folder, device="cpu").stream(source, tmp_path / "out", workers=0, **COLUMNS)


@pytest.fixture(scope="module")
def sample():
    """The first contacts of the sample, turn by turn."""
    rows = pd.read_csv(SAMPLE, dtype=str, nrows=1000)
    return rows[rows["contact_id"].isin(rows["contact_id"].unique()[:105])]


@pytest.fixture(scope="module")
def on_one_core(sample, tmp_path_factory):
    return embedded(sample, tmp_path_factory.mktemp("one_core"), threads=1)


def embedded(sample, folder, *, threads, workers=1):
    miner = vm.Miner(device="cpu", precision="int8", threads=threads)
    return miner.stream(sample, folder, chunk_rows=150, workers=workers, embeddings=True)


@pytest.mark.parametrize("share", [{"threads": 2}, {"threads": 1, "workers": 2}], ids=["threads", "workers"])
def test_the_embedded_model_gives_the_same_files_however_the_work_is_shared(sample, on_one_core, tmp_path, share):
    # The embedder takes 64 texts at a time: of more than 128, two threads have unequal shares.
    assert on_one_core.run["segments_distinct"].min() > 128
    other = embedded(sample, tmp_path / "out", **share)
    assert other.chunks == on_one_core.chunks == 2
    assert content(other.folder) == content(on_one_core.folder)


@pytest.mark.parametrize("change", [{"precision": "int8"}, {"min_confidence": 0.9}])
def test_another_precision_or_parameter_does_not_go_on_in_the_same_folder(tiny_folder, source, streamed, change):
    other = vm.Miner(tiny_folder, device="cpu", **change)
    with pytest.raises(InputError, match=next(iter(change))):
        other.stream(source, streamed.folder, chunk_rows=10, **COLUMNS)


def test_naming_the_device_that_auto_takes_is_no_change(tiny_folder, source, miner, streamed):
    named = vm.Miner(tiny_folder, device="cpu", precision="float32", threads=2)
    assert named.stream(source, streamed.folder, chunk_rows=10, **COLUMNS).chunks == streamed.chunks


def test_a_nightly_run_pays_for_new_contacts_only_and_gives_the_same(tiny_folder, source, streamed, tmp_path):
    cached = vm.Miner(tiny_folder, device="cpu", cache=tmp_path / "cache")
    first = cached.stream(source, tmp_path / "monday", chunk_rows=10, **COLUMNS)
    second = cached.stream(source, tmp_path / "tuesday", chunk_rows=10, **COLUMNS)
    assert first.run["segments_cached"].sum() < first.run["segments_distinct"].sum()
    assert second.run["segments_cached"].sum() == second.run["segments_distinct"].sum()
    assert second.run["tokens"].sum() == 0
    assert content(first.folder) == content(second.folder) == content(streamed.folder)


def test_the_run_tells_how_fast_it_was(miner):
    run = miner.score(vm.Corpus.from_records(["Merci bonjour", "la facture"])).run
    assert run["tokens_per_second"] == pytest.approx(run["tokens"] / run["encoding_seconds"])
    assert (run["dtype"], run["segments_cached"], run["embedder_seconds"]) == ("float32", 0, 0)


def test_int8_says_so_and_moves_little(tiny_folder, miner):
    corpus = vm.Corpus.from_records(["Merci bonjour", "la facture", "toujours pas reçu le colis"])
    columns = ["p_negative", "p_neutral", "p_positive"]
    exact, rounded = miner.score(corpus), vm.Miner(tiny_folder, device="cpu", precision="int8").score(corpus)
    assert rounded.run["dtype"].startswith("int8")
    assert np.allclose(exact.contacts[columns], rounded.contacts[columns], atol=0.05)


def test_a_precision_that_the_device_lacks_is_refused(tiny_folder):
    with pytest.raises(DeviceError, match="cpu offers float32, int8"):
        vm.Miner(tiny_folder, device="cpu", precision="float16").score(vm.Corpus.from_records(["Merci"]))


def test_a_miner_sent_elsewhere_leaves_its_engine_behind(miner):
    miner.score(vm.Corpus.from_records(["Merci"]))
    assert len(pickle.dumps(miner)) < 2_000

"""Saved then loaded, an analysis is the same; a damaged folder is refused."""

import json

import numpy as np
import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import SavedAnalysisError

INDEXES = {
    "range": pd.RangeIndex(10, 40, 10),
    "text": pd.Index(["u", "v", "w"], name="clé"),
    "dates": pd.date_range("2026-01-01", periods=3),
    "multi": pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["site", "n"]),
}


@pytest.fixture(scope="module", params=INDEXES)
def analysis(miner, request):
    frame = pd.DataFrame(
        {"message": ["Merci, c'est réglé.", "Injoignables depuis lundi !", None], "magasin": ["Nord", "Sud", "Nord"]},
        index=INDEXES[request.param],
    )
    return miner.score(vm.Corpus.from_pandas(frame))


def test_save_then_load_is_the_identity(analysis, tmp_path):
    loaded = vm.Analysis.load(analysis.save(tmp_path / "scored"))
    assert loaded == analysis
    pd.testing.assert_frame_equal(loaded.contacts, analysis.contacts, check_freq=False)
    pd.testing.assert_frame_equal(loaded.turns, analysis.turns, check_freq=False)
    pd.testing.assert_frame_equal(loaded.rejected, analysis.rejected)
    np.testing.assert_array_equal(loaded.embeddings, analysis.embeddings)
    assert str(loaded.corpus.quality()) == str(analysis.corpus.quality())


def test_a_part_has_the_rows_of_its_contacts(analysis):
    part = analysis.filter(lambda contacts: contacts["magasin"] == "Nord")
    kept = part.corpus.contacts["contact_id"].to_pylist()
    assert 0 < len(part) < len(analysis)
    for name in ("segments", "segment_scores", "turn_scores", "contact_scores", "spans"):
        rows = [row for row in analysis.tables[name].to_pylist() if row["contact_id"] in kept]
        assert part.tables[name].to_pylist() == rows
    own = analysis.segments["contact_id"].isin(kept).to_numpy()
    np.testing.assert_array_equal(part.embeddings, analysis.embeddings[own])
    whole = analysis.contacts
    pd.testing.assert_frame_equal(part.contacts, whole[whole["contact_id"].isin(kept)])


def test_saving_again_replaces_and_leaves_other_files(analysis, tmp_path):
    (tmp_path / "notes.txt").write_text("à garder")
    analysis.save(tmp_path)
    analysis.save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "à garder"
    assert not list(tmp_path.glob("*.partial"))
    assert vm.Analysis.load(tmp_path) == analysis


def test_other_scores_make_another_analysis(analysis, miner):
    assert analysis != miner.score(vm.Corpus.from_records(["Merci, c'est réglé."]))
    assert analysis != "an analysis"


@pytest.fixture
def saved(miner, tmp_path):
    return miner.score(vm.Corpus.from_records(["Merci", "Nul"])).save(tmp_path / "scored")


def test_frames_are_copies_that_change_nothing(analysis):
    for name in ("contacts", "turns", "segments", "spans", "rejected"):
        before, mine = getattr(analysis, name), getattr(analysis, name)
        mine["contact_id"] = "changed"
        pd.testing.assert_frame_equal(getattr(analysis, name), before)


def test_turns_come_in_the_caller_s_order(miner):
    said = ["Bonjour à tous", "Je suis là", "Merci bien", "Au revoir"]
    frame = pd.DataFrame({"id": list("abab"), "locuteur": "client", "texte": said}, index=list("wxyz"))
    analysis = miner.score(vm.Corpus.from_pandas(frame))
    assert analysis.turns["text"].to_dict() == frame["texte"].to_dict()
    assert analysis.turns.index.tolist() == list("wxyz")
    assert analysis.contacts["contact_id"].tolist() == ["a", "b"]


def drop(folder):
    (folder / "turn_scores.parquet").unlink()


def truncate(folder):
    path = folder / "segments.parquet"
    path.write_bytes(path.read_bytes()[:-50])


def shorten(folder):
    path = folder / "contact_scores.parquet"
    pd.read_parquet(path).iloc[:1].to_parquet(path)


def other_version(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 99}))


def manifest_without_tables(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != "tables"}))


def other_dimensions(folder):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"dimensions": 7}))


def without_column(folder):
    path = folder / "contacts.parquet"
    pd.read_parquet(path).drop(columns="channel").to_parquet(path)


def spoil(folder):
    (folder / "manifest.json").write_text("{")


def forget(folder):
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    "damage",
    [
        drop,
        truncate,
        shorten,
        other_version,
        manifest_without_tables,
        other_dimensions,
        without_column,
        spoil,
        forget,
    ],
)
def test_a_damaged_folder_is_refused_with_what_to_do(saved, damage):
    damage(saved)
    with pytest.raises(SavedAnalysisError, match=r"again|give the folder"):
        vm.Analysis.load(saved)


def test_a_folder_of_an_earlier_version_is_not_read(saved):
    path = saved / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 1}))
    with pytest.raises(SavedAnalysisError, match=r"'vocmine-analysis', 1\).*score the corpus again"):
        vm.Analysis.load(saved)


def test_repr_counts(miner):
    found = repr(miner.score(vm.Corpus.from_records(["Merci", "..."])))
    assert found.startswith("Analysis(2 contacts, 1 scored, 2 segments, model ")

"""The benchmark of embeddings: its set is what its docstring says, and its metrics are the textbook's."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, roc_auc_score

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "similarity.py"


@pytest.fixture(scope="module")
def similarity():
    with pytest.MonkeyPatch.context() as patch:
        spec = importlib.util.spec_from_file_location("similarity", SCRIPT)
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, spec.name, module)  # dataclasses look their module up
        spec.loader.exec_module(module)
        yield module


def test_the_set_has_eight_messages_a_reason_and_120_paraphrases(similarity):
    contacts = similarity.Contacts.read(similarity.CONTACTS)
    assert set(Counter(contacts.reasons.tolist()).values()) == {8}
    assert (len(contacts.messages), len(contacts.paraphrases)) == (200, 120)
    assert len({*contacts.messages, *contacts.paraphrases}) == 320


def test_a_paraphrase_is_of_its_message_s_reason(similarity):
    frame = pd.read_csv(similarity.CONTACTS, sep="\t", quoting=3, dtype=str, keep_default_na=False).set_index("id")
    paraphrases = frame[frame["paraphrase_of"] != ""]
    assert paraphrases["reason"].tolist() == frame.loc[paraphrases["paraphrase_of"], "reason"].tolist()
    assert paraphrases["paraphrase_of"].is_unique


def test_the_mean_of_the_ranks_is_the_area_under_the_curve_ties_included(similarity):
    rng = np.random.default_rng(0)
    cosines, true = rng.random((6, 9)).round(1), rng.integers(9, size=6)
    pairs = np.arange(9) == true[:, None]
    assert similarity.ranks(cosines, true).mean() == pytest.approx(roc_auc_score(pairs.ravel(), cosines.ravel()))


def test_the_rand_index_of_several_tables_is_scikit_learn_s(similarity):
    rng = np.random.default_rng(0)
    truth, found = rng.integers(4, size=60), rng.integers(4, size=(3, 60))
    tables = np.eye(4)[truth].T @ np.eye(4)[found]
    expected = [adjusted_rand_score(truth, each) for each in found]
    assert similarity.adjusted_rand(tables) == pytest.approx(expected)


def test_vectors_side_by_side_have_the_weighted_mean_of_the_cosines(similarity):
    rng = np.random.default_rng(0)
    first, second = ({"texts": similarity.unit(rng.normal(size=(5, width)))} for width in (3, 4))
    joined = similarity.side_by_side([first, second], [0.3, 0.7])["texts"]
    cosines = 0.3 * first["texts"] @ first["texts"].T + 0.7 * second["texts"] @ second["texts"].T
    assert joined @ joined.T == pytest.approx(cosines, abs=1e-6)


def test_dropped_directions_are_gone_from_every_set(similarity):
    rng = np.random.default_rng(0)
    centre = similarity.unit(rng.normal(size=(50, 6)) * [9, 1, 1, 1, 1, 1])
    vectors = {"centre": centre, "texts": similarity.unit(rng.normal(size=(5, 6)))}
    left = similarity.reshaped(vectors, dropped=1)
    assert left["texts"][:, 0] == pytest.approx(0)
    assert np.linalg.norm(left["texts"], axis=1) == pytest.approx(1)


def test_the_nearest_other_row_decides(similarity):
    vectors = similarity.unit(np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]))
    assert similarity.nearest_agrees(vectors, np.array([0, 0, 1])).tolist() == [1, 1, 0]


def test_a_difference_is_taken_draw_by_draw(similarity):
    hits = np.array([0.0, 1.0, 1.0, 0.0])
    difference = similarity.Figure.mean(hits) - similarity.Figure.mean(hits)
    assert difference.to_json() == {"value": 0, "low": 0, "high": 0}

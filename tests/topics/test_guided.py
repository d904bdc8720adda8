"""Reasons of one's own, and why a text is where it is."""

import numpy as np
import pytest
from sklearn.base import clone

import vocmine as vm
from tests.topics.made_up import SAID, Bag
from vocmine.errors import InputError
from vocmine.topics import explain


def test_explain(guided):
    text = "L'aujourd'hui colis 📦 n'est pas là"
    parts = explain(guided, text)
    assert [text[r.start : r.end] for r in parts.itertuples()] == parts["word"].tolist()
    assert parts["word"].iloc[0] == "colis"
    assert parts["part"].is_monotonic_decreasing


@pytest.mark.parametrize("text", ["", "   ", "merci", "!!!"])
def test_explain_nothing(guided, text):
    assert explain(guided, text)["part"].notna().all()


def test_guided_no_bertopic(guided):
    assert guided.bertopic_ is None
    assert guided.choice_ is None


def test_guided_order(guided):
    said = [t for ts in SAID.values() for t in ts]
    again = clone(guided).fit(said[::-1])
    assert np.array_equal(again.labels_, guided.labels_[::-1])


@pytest.mark.parametrize("bad", [{"a": [1], "b": []}, {"a": None, "b": []}])
def test_guided_bad(bad):
    with pytest.raises(InputError):
        vm.TopicModel(reasons=bad, embedding_model=Bag()).fit(["un colis", "une facture"])


def test_embedding_model_wrong():
    with pytest.raises(InputError, match="embedding_model int"):
        vm.TopicModel(embedding_model=3).fit(["un colis"])


def test_guided_saved(guided, tmp_path):
    guided.save(tmp_path)
    loaded = vm.TopicModel.load(tmp_path)
    assert loaded.reasons == {"facture": [], "colis": [], "carte": []}
    said = [t for ts in SAID.values() for t in ts]
    e = Bag().encode(said)
    assert np.array_equal(loaded.predict(said, embeddings=e), guided.labels_)

"""A user's own classifier scores a corpus like the embedded model does."""

import numpy as np
import pytest

import vocmine as vm
from tests.inference.tiny_huggingface import TEXTS, write_classifier
from vocmine.errors import ModelError
from vocmine.inference import Engine

pytest.importorskip("transformers")


@pytest.fixture
def corpus():
    return vm.Corpus.from_records(TEXTS)


@pytest.mark.parametrize("given", ["path", "model"])
def test_three_polarities_are_scored_and_signed(corpus, tmp_path, given):
    folder = write_classifier(tmp_path / "avis", "camembert", ("POS", "NEG", "NEU"))
    model = vm.Model.from_pretrained(folder)
    analysis = vm.Miner(folder if given == "path" else model, device="cpu").score(corpus)
    expected = Engine(model, device="cpu").encode(TEXTS).probabilities["sentiment"]
    found = analysis.segments[["p_negative", "p_neutral", "p_positive"]].to_numpy()
    assert analysis.segments["text"].tolist() == TEXTS
    assert np.allclose(found, expected, atol=1e-6)
    assert set(analysis.contacts["model_id"]) == {model.model_id}


def test_a_classifier_of_two_leaves_no_probability_to_neutral(corpus, tmp_path):
    folder = write_classifier(tmp_path / "avis", "camembert", ("LABEL_0", "LABEL_1"))
    model = vm.Model.from_pretrained(folder, labels={"LABEL_0": "positive", "LABEL_1": "negative"})
    contacts = vm.Miner(model, device="cpu").score(corpus).contacts
    assert (contacts["p_neutral"] == 0).all()
    assert np.allclose(contacts["p_negative"] + contacts["p_positive"], 1)


@pytest.mark.parametrize(
    ("labels", "settings"),
    [
        (("facture", "panne"), {}),
        (("négatif", "positif"), {"problem_type": "multi_label_classification"}),
    ],
)
def test_a_classifier_that_does_not_choose_a_polarity_is_refused(corpus, tmp_path, labels, settings):
    folder = write_classifier(tmp_path / "avis", "camembert", labels, **settings)
    with pytest.raises(ModelError, match="has no 'sentiment' head"):
        vm.Miner(folder, device="cpu").score(corpus)

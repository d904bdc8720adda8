"""Texts and labels of one's own come in; a classifier comes out that can be saved, searched over and mined with."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import vocmine as vm
from tests.inference.tiny_huggingface import write_classifier, write_encoder
from tests.sentiment.tiny_texts import texts_and_labels
from vocmine.errors import InputError, ModelFormatError, ModelNotFoundError
from vocmine.sentiment import SentimentClassifier

TEXTS, LABELS = texts_and_labels()
UNSEEN, UNSEEN_LABELS = texts_and_labels(40, seed=1)
LONG = "le colis pas reçu . " * 30 + "merci"


@pytest.fixture
def make(tiny_model):
    return lambda **settings: SentimentClassifier(
        **{"model": tiny_model, "device": "cpu", "random_state": 0, "C": 0.1, **settings}
    )


@pytest.fixture(scope="module")
def fitted(tiny_model):
    return SentimentClassifier(tiny_model, device="cpu", random_state=0).fit(TEXTS, LABELS)


@pytest.fixture(params=["bert", "camembert"])
def foreign(request, tmp_path):
    """A Hugging Face folder: a classifier whose own labels do not matter here, and a bare encoder."""
    if request.param == "bert":
        return write_encoder(tmp_path / "theirs", "bert")
    return write_classifier(tmp_path / "theirs", "camembert")


def test_a_rule_is_learnt(fitted):
    assert fitted.classes_.tolist() == ["négatif", "positif"]
    assert fitted.score(UNSEEN, UNSEEN_LABELS) >= 0.9


def test_probabilities_sum_to_one_and_the_likeliest_is_predicted(fitted):
    probabilities = fitted.predict_proba(UNSEEN)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert fitted.predict(UNSEEN).tolist() == fitted.classes_[probabilities.argmax(axis=1)].tolist()


def test_a_text_gets_the_same_probabilities_whatever_its_neighbours(fitted):
    together = fitted.predict_proba([*UNSEEN, LONG])
    np.testing.assert_allclose([fitted.predict_proba([text])[0] for text in [*UNSEEN, LONG]], together, atol=1e-5)


def test_the_models_own_head_gives_the_same_probabilities_for_a_text_of_one_segment(fitted):
    encoding = vm.Engine(fitted.model_, device="cpu").encode(UNSEEN)
    np.testing.assert_allclose(encoding.probabilities["sentiment"], fitted.predict_proba(UNSEEN), atol=1e-5)


def test_a_long_text_is_read_to_its_end(fitted):
    start = LONG.removesuffix("merci")
    assert not np.array_equal(fitted.predict_proba([LONG]), fitted.predict_proba([start + "pas"]))


def test_the_model_stays_as_it_was_and_keeps_its_other_heads(fitted, tiny_model):
    assert {head.name for head in fitted.model_.heads} == {"sentiment", "urgency", "motives"}
    before, after = (vm.Engine(model, device="cpu").encode(UNSEEN) for model in (tiny_model, fitted.model_))
    assert np.array_equal(before.embeddings, after.embeddings)
    assert np.array_equal(before.probabilities["urgency"], after.probabilities["urgency"])
    assert tiny_model.model_id != fitted.model_.model_id


@pytest.mark.parametrize("tune", ["head", "encoder"])
def test_saved_then_loaded_it_predicts_the_same(make, tmp_path, tune):
    made = make(tune=tune, epochs=1, class_weight={"négatif": 2.0, "positif": 1.0}).fit(TEXTS, LABELS)
    made.save_pretrained(tmp_path / "saved")
    loaded = SentimentClassifier.from_pretrained(tmp_path / "saved", device="cpu")
    assert np.array_equal(loaded.predict_proba([*UNSEEN, LONG]), made.predict_proba([*UNSEEN, LONG]))
    assert loaded.model_.model_id == made.model_.model_id
    for name in ("classes_", "C_", "temperature_", "n_iter_", "coef_", "intercept_"):
        assert np.array_equal(getattr(loaded, name), getattr(made, name))
    assert {**loaded.get_params(), "model": None} == {**made.get_params(), "model": None}
    loaded.save_pretrained(tmp_path / "again")
    again = SentimentClassifier.from_pretrained(tmp_path / "again", device="cpu")
    assert np.array_equal(again.predict_proba(UNSEEN), made.predict_proba(UNSEEN))


@pytest.mark.parametrize("tune", ["head", "encoder"])
def test_a_hugging_face_model_is_trained_saved_and_mined_with(foreign, tmp_path, tune):
    labels = [{"négatif": "negative", "positif": "positive"}[label] for label in LABELS]
    made = SentimentClassifier(foreign, tune=tune, epochs=2, C=1.0, device="cpu", random_state=0)
    made.fit(TEXTS, labels).save_pretrained(tmp_path / "saved")
    assert made.score(TEXTS, labels) > 0.8
    loaded = SentimentClassifier.from_pretrained(tmp_path / "saved", device="cpu")
    assert np.array_equal(loaded.predict_proba(UNSEEN), made.predict_proba(UNSEEN))
    assert loaded.model_.model_id == made.model_.model_id
    contacts = vm.Miner(tmp_path / "saved", device="cpu").score(vm.Corpus.from_records(UNSEEN)).contacts
    np.testing.assert_allclose(contacts[["p_negative", "p_positive"]], made.predict_proba(UNSEEN), atol=1e-5)


def test_a_tuned_hugging_face_model_can_be_tuned_on(foreign, tmp_path):
    first = SentimentClassifier(foreign, tune="encoder", epochs=1, C=1.0, layers=1, device="cpu", random_state=0)
    first.fit(TEXTS, LABELS).save_pretrained(tmp_path / "first")
    second = clone(first).set_params(model=tmp_path / "first", tune="head").fit(TEXTS, LABELS)
    second.save_pretrained(tmp_path / "second")
    loaded = SentimentClassifier.from_pretrained(tmp_path / "second", device="cpu")
    assert np.array_equal(loaded.predict_proba(UNSEEN), second.predict_proba(UNSEEN))


@pytest.mark.parametrize("polarities", [("négatif", "positif"), ("negative", "positive"), ("NEG", "POS")])
def test_a_miner_takes_the_folder_where_labels_are_polarities(make, tmp_path, polarities):
    texts, labels = texts_and_labels(labels=polarities)
    made = make().fit(texts, labels)
    made.save_pretrained(tmp_path)
    scored = vm.Miner(tmp_path, device="cpu").score(vm.Corpus.from_records(UNSEEN)).contacts
    np.testing.assert_allclose(scored[["p_negative", "p_positive"]], made.predict_proba(UNSEEN), atol=1e-5)


@pytest.mark.parametrize(
    ("labels", "head"),
    [
        ((0, 1), "labels"),
        ((False, True), "labels"),
        (("autre", "merci"), "labels"),
        (("positif", "négatif"), "sentiment"),
    ],
)
def test_labels_of_any_kind_come_back_as_they_were_given(make, tmp_path, labels, head):
    texts, said = texts_and_labels(labels=labels)
    made = make().fit(texts, said)
    made.save_pretrained(tmp_path)
    for classifier in (made, SentimentClassifier.from_pretrained(tmp_path, device="cpu")):
        predicted = classifier.predict(texts)
        assert set(predicted.tolist()) == set(labels)
        assert np.mean(predicted == np.array(said)) > 0.9
    assert {head} <= {one.name for one in made.model_.heads}


def test_three_classes_from_a_frame_with_an_index_of_its_own(make):
    frame = pd.DataFrame({"text": TEXTS, "label": [("a", "b", "c")[i % 3] for i in range(len(TEXTS))]})
    frame.index = frame.index[::-1] + 100
    made = make().fit(frame["text"], frame["label"])
    assert made.predict_proba(frame["text"]).shape == (len(TEXTS), 3)


def test_the_same_seed_gives_the_same_classifier(make):
    for tune in ("head", "encoder"):
        made = [make(tune=tune, C=None, epochs=1, random_state=seed).fit(TEXTS, LABELS) for seed in (3, 3, 4)]
        assert made[0].model_.model_id == made[1].model_.model_id
        if tune == "encoder":
            assert made[0].model_.model_id != made[2].model_.model_id


def test_weights_of_texts_and_of_classes_count(make):
    wrong_at_the_end = [*LABELS[:30], *LABELS[30:][::-1]]
    first_half = [1.0] * 30 + [0.0] * 30
    weighed, even = (make().fit(TEXTS, wrong_at_the_end, sample_weight=w) for w in (first_half, None))
    assert weighed.score(UNSEEN, UNSEEN_LABELS) > 0.8 > even.score(UNSEEN, UNSEEN_LABELS)
    glad = make(class_weight={"négatif": 1.0, "positif": 50.0}).fit(TEXTS, LABELS)
    assert glad.predict_proba(UNSEEN)[:, 1].mean() > make().fit(TEXTS, LABELS).predict_proba(UNSEEN)[:, 1].mean()


def test_two_texts_are_enough(make):
    made = make(C=None).fit(["merci", "pas reçu"], ["bien", "mal"])
    assert made.predict(["merci", "pas reçu"]).tolist() == ["bien", "mal"]
    assert made.temperature_ == 1


def test_grid_search_cross_validation_and_pipelines_work(make):
    search = GridSearchCV(make(), {"C": [0.01, 1.0]}, cv=2, n_jobs=1).fit(TEXTS, LABELS)
    assert search.best_params_["C"] == search.best_estimator_.C_
    assert np.mean(cross_val_predict(make(), np.array(TEXTS), LABELS, cv=3) == np.array(LABELS)) > 0.8
    pipeline = make_pipeline(FunctionTransformer(lambda texts: [text.lower() for text in texts]), make())
    assert pipeline.fit([text.upper() for text in TEXTS], LABELS).score(UNSEEN, UNSEEN_LABELS) > 0.8


def test_a_fitted_classifier_can_be_sent_to_another_process(fitted):
    fitted.predict(UNSEEN)
    sent = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(sent.predict_proba(UNSEEN), fitted.predict_proba(UNSEEN))


def test_fitting_again_forgets_what_was_learnt_before(make):
    made = make().fit(TEXTS, LABELS)
    made.predict(UNSEEN)
    made.set_params(tune="encoder", epochs=1).fit(TEXTS, [{"négatif": "x", "positif": "y"}[label] for label in LABELS])
    fresh = make(tune="encoder", epochs=1).fit(TEXTS, [{"négatif": "x", "positif": "y"}[label] for label in LABELS])
    assert np.array_equal(made.predict_proba(UNSEEN), fresh.predict_proba(UNSEEN))


def test_texts_held_out_end_the_training_when_they_are_read_no_better(make):
    tuned = make(tune="encoder", epochs=6, learning_rate=0.5, validation_share=0.25).fit(TEXTS, LABELS)
    assert tuned.n_iter_ < 6
    assert make(tune="encoder", epochs=2, learning_rate=1e-4).fit(TEXTS, LABELS).n_iter_ == 2


def test_nothing_is_predicted_before_a_fit(make, tmp_path):
    for ask in (make().predict, make().predict_proba):
        with pytest.raises(NotFittedError):
            ask(TEXTS)
    with pytest.raises(NotFittedError):
        make().save_pretrained(tmp_path)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tune": "all"}, "tune is 'all', expected 'head' or 'encoder'"),
        ({"C": 0}, "C is 0, expected a number above 0, or None"),
        ({"epochs": 0}, "epochs is 0, expected a whole number of 1 or more"),
        ({"learning_rate": "fast"}, "learning_rate is 'fast', expected a number above 0"),
        ({"validation_share": 1.0}, r"validation_share is 1\.0, expected a number above 0 and under 1, or None"),
        ({"tune": "encoder", "layers": 3}, "layers is 3, the encoder has 2"),
        ({"tune": "encoder", "validation_share": 0.001}, "of these texts is none"),
        ({"class_weight": "even"}, "class_weight does not fit"),
        ({"model": 3}, "model is int, expected a name, a folder"),
    ],
)
def test_parameters_out_of_range_are_refused_when_fitting(make, settings, message):
    with pytest.raises(InputError, match=message):
        make(**settings).fit(TEXTS, LABELS)


def test_a_model_that_is_not_there_is_refused():
    with pytest.raises(ModelNotFoundError):
        SentimentClassifier("no/such/folder").fit(TEXTS, LABELS)


def test_a_folder_of_another_classifier_is_refused(fitted, make, tmp_path):
    fitted.save_pretrained(tmp_path / "one")
    make().fit(TEXTS, LABELS[1:] + LABELS[:1]).save_pretrained(tmp_path / "other")
    (tmp_path / "one" / "classifier.json").write_bytes((tmp_path / "other" / "classifier.json").read_bytes())
    with pytest.raises(ModelFormatError, match="goes with model"):
        SentimentClassifier.from_pretrained(tmp_path / "one")
    (tmp_path / "one" / "classifier.json").unlink()
    with pytest.raises(ModelFormatError, match=r"classifier\.json in 'one' cannot be read \(FileNotFoundError\)"):
        SentimentClassifier.from_pretrained(tmp_path / "one")


def test_the_embedded_model_learns_a_rule_of_its_users_own(tmp_path):
    """Delivery against billing: what the shipped head does not tell."""
    delivery = ["Le colis est en retard.", "Livraison prévue hier, rien reçu.", "Le livreur n'est jamais passé."]
    billing = ["La facture est fausse.", "On m'a prélevé deux fois.", "Je conteste ce montant facturé."]
    made = SentimentClassifier(device="cpu", random_state=0).fit(delivery + billing, ["colis"] * 3 + ["facture"] * 3)
    asked = ["Où est mon paquet ? Le transporteur ne vient pas.", "Pourquoi ce prélèvement sur mon compte ?"]
    assert made.predict(asked).tolist() == ["colis", "facture"]
    made.save_pretrained(tmp_path)
    assert np.array_equal(SentimentClassifier.from_pretrained(tmp_path).predict_proba(asked), made.predict_proba(asked))

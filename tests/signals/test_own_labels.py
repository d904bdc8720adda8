"""A signal of one's own, learnt from some fifty labelled contacts."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import vocmine as vm
from tests.signals.by_hand import MODEL, analysed
from vocmine.errors import InputError
from vocmine.signals import SignalClassifier

N, WIDTH = 50, 8
PLACES = ("Nantes", "Brest", "Lille", "Laval", "Gatineau", "Rennes", "Dijon", "Metz", "Sherbrooke", "Tours")
OUTAGE = (
    "Plus aucun réseau à {} depuis ce matin.",
    "La fibre est coupée dans tout {}, rien ne passe.",
    "Panne d’internet à {}, la box clignote rouge.",
)
OTHER = (
    "Je voudrais une copie de ma facture, j’habite {}.",
    "Quel est le prix du forfait à {} ?",
    "Merci à la conseillère de {}, très aimable.",
)


def points(seed=0, n=N, apart=3.0):
    """Return embeddings of contacts, one in two with the signal, and which ones."""
    random = np.random.default_rng(seed)
    there = np.arange(n) % 2 == 1
    vectors = random.normal(size=(n, WIDTH))
    vectors[:, 0] += apart * there
    return vectors, there


def messages(n=N):
    return [{"id": f"C{rank}", "texte": f"Message numéro {rank}."} for rank in range(n)]


def labels_of(there):
    return {f"C{rank}": bool(yes) for rank, yes in enumerate(there)}


@pytest.fixture(scope="module")
def labelled():
    vectors, there = points()
    return analysed(messages(), embeddings=vectors), labels_of(there)


@pytest.fixture(scope="module")
def fitted(labelled):
    return SignalClassifier("panne").fit(*labelled)


@pytest.fixture(scope="module")
def unseen():
    vectors, there = points(seed=1, n=40)
    return analysed(messages(40), embeddings=vectors), there


# Learning


def test_fifty_contacts_tell_others(fitted, unseen):
    analysis, there = unseen
    assert (fitted.predict(analysis) == there).mean() > 0.8


def test_probabilities_have_a_row_a_contact_and_sum_to_one(fitted, unseen):
    p = fitted.predict_proba(unseen[0])
    assert p.shape == (40, 2)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    assert (fitted.predict(unseen[0]) == (p[:, 1] >= fitted.threshold_)).all()
    assert fitted.classes_.tolist() == [False, True]
    assert fitted.coef_.shape == (fitted.n_features_in_,) == (WIDTH,)


def test_it_says_how_good_it_is_on_held_out_contacts(fitted):
    found = fitted.cross_validated_
    f1, low, high = found["f1"]
    assert 0 <= low <= f1 <= high <= 1
    assert f1 > 0.8
    assert found["average_precision"] > 0.8
    assert (found["examples"], found["with_signal"]) == (50, 25)


def test_labels_that_mean_nothing_are_told_by_the_held_out_contacts():
    vectors, there = points(apart=0)
    found = SignalClassifier().fit(analysed(messages(), embeddings=vectors), labels_of(there)).cross_validated_
    assert found["average_precision"] < 0.8


def test_learning_twice_gives_the_same(labelled, fitted, unseen):
    again = clone(fitted).fit(*labelled)
    np.testing.assert_array_equal(again.predict_proba(unseen[0]), fitted.predict_proba(unseen[0]))
    assert again.cross_validated_ == fitted.cross_validated_


def test_a_series_serves_as_well_as_a_mapping(labelled, fitted):
    analysis, labels = labelled
    np.testing.assert_array_equal(SignalClassifier("panne").fit(analysis, pd.Series(labels)).coef_, fitted.coef_)


def test_contacts_without_a_label_are_left_out(labelled, fitted):
    analysis, labels = labelled
    some = dict(list(labels.items())[:30])
    unknown = dict.fromkeys(list(labels)[30:])
    for given in (some, some | unknown, pd.Series(some | unknown)):
        assert SignalClassifier("panne").fit(analysis, given).cross_validated_["examples"] == 30


def test_a_strength_given_is_the_one_used(labelled):
    weak, strong = (np.abs(SignalClassifier(C=c).fit(*labelled).coef_).sum() for c in (0.01, 100.0))
    assert weak < strong


def test_agents_turns_are_not_read(fitted):
    vectors, _ = points(n=3)
    rows = [("A", "client", "Bonjour."), ("A", "conseiller", "Une panne générale."), ("B", "conseiller", "Allô ?")]
    corpus = vm.Corpus.from_records([{"id": one, "locuteur": who, "texte": text} for one, who, text in rows])
    others = vectors.copy()
    others[1:] = 9.0
    one, other = (fitted.predict_proba(analysed(corpus, embeddings=each)) for each in (vectors, others))
    np.testing.assert_array_equal(one, other)
    assert np.isnan(one[1]).all()
    assert fitted.predict(analysed(corpus, embeddings=others)).tolist()[1] is False


# The table of contacts


def test_contacts_come_with_their_best_words(fitted):
    rows = [("A", "Bonjour."), ("A", "Plus de réseau du tout."), ("B", "Merci pour tout.")]
    corpus = vm.Corpus.from_records([{"id": one, "locuteur": "client", "texte": text} for one, text in rows])
    vectors = np.zeros((3, WIDTH))
    vectors[:, 0] = -2, 9, -2
    table = fitted.score_contacts(analysed(corpus, embeddings=vectors))
    assert table.columns.tolist() == ["contact_id", "p_panne", "panne", "quote"]
    assert table["contact_id"].tolist() == ["A", "B"]
    assert table["panne"].tolist() == [True, False]
    assert table["quote"].tolist()[0] == "Plus de réseau du tout."
    assert pd.isna(table["quote"].tolist()[1])


# Saving


def test_saved_and_loaded_it_answers_the_same(fitted, unseen, tmp_path):
    loaded = SignalClassifier.load(fitted.save(tmp_path / "panne"))
    np.testing.assert_array_equal(loaded.predict_proba(unseen[0]), fitted.predict_proba(unseen[0]))
    np.testing.assert_array_equal(loaded.predict(unseen[0]), fitted.predict(unseen[0]))
    assert loaded.get_params() == fitted.get_params()
    assert loaded.cross_validated_ == fitted.cross_validated_


def test_what_is_saved_holds_no_customers_words(fitted, tmp_path):
    assert "Message" not in (fitted.save(tmp_path) / "signal.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"format": "other", "name": "x"}',
        '{"format": "vocmine-signal-classifier", "name": "x"}',
        "\udce9",
        "[" * 100_000,
    ],
)
def test_a_folder_that_holds_none_is_refused_by_name(tmp_path, text):
    if text is not None:
        (tmp_path / "signal.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"no classifier in .*; save it again") as caught:
        SignalClassifier.load(tmp_path)
    assert str(tmp_path.parent) not in str(caught.value)


@pytest.mark.parametrize(
    "change", [{"coef": []}, {"coef": [[1]]}, {"coef": "x"}, {"cross_validated": None}, {"cross_validated": []}]
)
def test_a_file_that_was_cut_about_is_refused(fitted, tmp_path, change):
    path = fitted.save(tmp_path) / "signal.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputError, match="no classifier in"):
        SignalClassifier.load(tmp_path)


# What is refused


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        ({}, "got 0 contacts with the signal and 0 without, expected ten of each"),
        ({f"C{n}": n < 9 for n in range(50)}, "got 9 contacts with the signal and 41 without, expected ten of each"),
        ({f"C{n}": True for n in range(50)}, "got 50 contacts with the signal and 0 without"),
        ({f"C{n}": "non" for n in range(50)}, "50 of 50 labels are neither True nor False"),
        ({"C1": True, "Dupont": False}, "1 of 2 labelled contacts are not in the analysis; check the ids"),
    ],
)
def test_labels_that_do_not_suffice_are_refused(labelled, labels, says):
    with pytest.raises(InputError, match=says) as caught:
        SignalClassifier().fit(labelled[0], labels)
    assert "Dupont" not in str(caught.value)


def test_contacts_in_which_no_customer_speaks_cannot_be_learnt_from():
    records = [
        {"id": f"C{n}", "locuteur": "conseiller" if n == 7 else "client", "texte": "Bonjour."} for n in range(50)
    ]
    vectors, there = points()
    with pytest.raises(InputError, match="1 labelled contacts have no embedding"):
        SignalClassifier().fit(analysed(records, embeddings=vectors), labels_of(there))


def test_embeddings_of_another_model_are_refused(fitted):
    vectors, _ = points()
    other = analysed(messages(), embeddings=vectors, embedder="other@2.0:ffffffff")
    for ask in (fitted.predict_proba, fitted.predict, fitted.score_contacts):
        with pytest.raises(InputError, match=f"the embeddings are of other@2.0:ffffffff, expected {MODEL}"):
            ask(other)


def test_nothing_is_told_or_saved_before_it_is_fitted(labelled, tmp_path):
    for ask in (lambda: SignalClassifier().predict(labelled[0]), lambda: SignalClassifier().save(tmp_path)):
        with pytest.raises(NotFittedError):
            ask()


# With the embedded model


def test_fifty_messages_about_outages_tell_others(miner):
    def scored(places):
        said = [(form.format(place), form in OUTAGE) for place in places for form in (*OUTAGE, *OTHER)]
        corpus = vm.Corpus.from_records([{"id": f"C{rank}", "texte": text} for rank, (text, _) in enumerate(said)])
        return miner.score(corpus), np.array([there for _, there in said])

    analysis, there = scored(PLACES[:8])
    others, expected = scored(PLACES[8:])
    panne = SignalClassifier("panne").fit(analysis, labels_of(there))
    assert (panne.predict(others) == expected).all()
    quotes = panne.score_contacts(others)["quote"]
    assert quotes.notna().tolist() == expected.tolist()

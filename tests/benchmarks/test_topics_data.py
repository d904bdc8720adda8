"""The texts that topics are measured on: customers' words alone, an embedding and a reason for each."""

import numpy as np
import pandas as pd
import pytest

import vocmine as vm

REASONS = {"K000001": "parcel.marked_delivered", "K000002": "telecom.bill_unexpected"}
TURNS = [
    ("K000001", "client", "Mon colis est marqué livré, je n'ai rien reçu."),
    ("K000001", "conseiller", "Je vérifie auprès du livreur."),
    ("K000001", "client", "Personne n'a sonné, et le voisin n'a rien non plus !"),
    ("K000002", "client", "La facture a doublé sans prévenir."),
    ("K000003", "client", "…"),
]


@pytest.fixture(scope="module")
def analysis(miner):
    return miner.score(vm.Corpus.from_pandas(pd.DataFrame(TURNS, columns=["contact_id", "speaker", "text"])))


def test_a_contact_is_what_its_customer_says_and_one_without_words_is_left_out(analysis):
    from topics_data import by_contact

    documents = by_contact(analysis, "essai", REASONS)
    assert documents.texts == [f"{TURNS[0][2]} {TURNS[2][2]}", TURNS[3][2]]
    assert documents.contacts.tolist() == list(REASONS)
    assert documents.labels.tolist() == list(REASONS.values())
    assert documents.languages.tolist() == ["fr", "fr"]


def test_a_contact_lies_where_its_segments_do_the_long_ones_first(analysis):
    from topics_data import by_contact

    segments = analysis.segments
    own = ((segments["contact_id"] == "K000001") & (segments["turn"] != 1)).to_numpy()
    assert own.sum() > 1
    mean = np.average(analysis.embeddings[own], axis=0, weights=segments["text"].str.len()[own])
    documents = by_contact(analysis, "essai", None)
    assert documents.embeddings[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert documents.labels is None


def test_a_segment_has_its_own_embedding_and_the_reason_of_its_contact(analysis):
    from topics_data import by_segment

    documents = by_segment(analysis, "essai", REASONS)
    spoken = analysis.segments.query("turn != 1 and contact_id != 'K000003'")
    assert documents.texts == spoken["text"].tolist()
    assert documents.labels.tolist() == [REASONS[contact] for contact in documents.contacts]
    np.testing.assert_array_equal(documents.embeddings, analysis.embeddings[spoken.index])


def test_some_of_the_documents_keep_what_is_theirs(analysis):
    from topics_data import by_contact

    documents = by_contact(analysis, "essai", REASONS)
    last, first = (documents.take(np.array([row])) for row in (1, 0))
    assert (len(last), last.texts, last.contacts.tolist()) == (1, [TURNS[3][2]], ["K000002"])
    assert last.labels.tolist() == ["telecom.bill_unexpected"]
    np.testing.assert_array_equal(first.embeddings, documents.embeddings[:1])


def test_what_was_scored_before_is_read_and_bears_the_planted_reasons(analysis, tmp_path):
    from topics_data import load_documents

    analysis.save(tmp_path / "samples")
    assert load_documents("samples", tmp_path).labels.tolist() == list(REASONS.values())


@pytest.mark.data
@pytest.mark.usefixtures("development_data")
def test_sib200_is_its_training_and_development_sentences(tmp_path):
    from topics_data import load_documents

    kept = np.eye(800, 4, dtype=np.float32)
    np.save(tmp_path / "sib200.npy", kept)
    documents = load_documents("sib200", tmp_path)
    assert (len(documents), len(set(documents.labels.tolist()))) == (800, 7)
    np.testing.assert_array_equal(documents.embeddings, kept)

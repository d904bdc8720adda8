"""The figures of the quality panel that need no second run: coherence, diversity, shares."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocmine.errors import InputError
from vocmine.topics.coherence import c_v, diversity, known_share, largest_share, npmi, outlier_share

# Each token list is a mail; a term of several words is one token, joined by the caller.
PARCELS = [
    "mon colis est perdu depuis lundi et le livreur ne répond pas",
    "le livreur a laissé le colis chez un voisin que personne ne connaît",
    "colis annoncé mardi colis annoncé jeudi et toujours aucun colis en vue",
    "la facture du mois de mars est en double",
    "deux fois la même facture et deux fois le même prélèvement",
    "je conteste le prélèvement de la facture car la facture est déjà payée",
    "bonjour",
]
BRANCHES = [
    "la conseillère de l' agence a été aimable mais la carte reste bloquée",
    "carte bloquée à l' étranger sans un mot de l' agence",
    "l' agence ferme à midi et le guichet aussi la file va jusqu' à la porte",
    "une heure de file au guichet puis le guichet ferme",
    "ma carte est avalée par le distributeur de l' agence",
]
# One long call, in which words come back within a window: what a shortcut in the counting would miss.
CALLS = [
    " ".join(
        f"alors la ligne coupe {day} puis le technicien vient et la ligne coupe encore le technicien dit que la box"
        f" redémarre seule la box la box chauffe et la ligne tient {'un peu ' * k}avant que la ligne coupe"
        for k, day in enumerate(["lundi", "mardi", "mercredi", "jeudi", "vendredi"])
    ),
    "le technicien n' est jamais venu et la box est en panne",
    "la fibre est posée merci au technicien",
]
CORPORA = {
    "parcels": (PARCELS, [["colis", "livreur", "perdu"], ["facture", "prélèvement", "double", "payée"]]),
    "branches": (BRANCHES, [["carte", "bloquée", "avalée"], ["guichet", "file", "agence"], ["carte", "file", "mot"]]),
    "calls": (CALLS, [["ligne", "coupe", "encore"], ["technicien", "box", "fibre", "panne"]]),
}
WORDS = ("colis", "livreur", "facture", "double", "carte", "et", "le")
mails = st.lists(st.lists(st.sampled_from(WORDS), max_size=25), max_size=12)
TOPICS = [["colis", "livreur", "double"], ["facture", "carte"]]


def tokens(sentences):
    return [sentence.split() for sentence in sentences]


def by_gensim(name, topics, documents, window):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gensim.corpora import Dictionary
        from gensim.models import CoherenceModel

        model = CoherenceModel(
            topics=topics,
            texts=documents,
            dictionary=Dictionary(documents),
            coherence=name,
            window_size=window,
            processes=1,
        )
        return model.get_coherence_per_topic()


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize(
    ("measure", "name", "windows"), [(npmi, "c_npmi", (2, 5, 10)), (c_v, "c_v", (5, 10, 110))], ids=["npmi", "c_v"]
)
def test_coherence_is_that_of_gensim(measure, name, windows, corpus):
    sentences, topics = CORPORA[corpus]
    documents = tokens(sentences)
    for window in windows:
        theirs = by_gensim(name, topics, documents, window)
        assert measure(topics, documents, window=window) == pytest.approx(theirs, abs=1e-6), window


def test_the_windows_are_those_that_gensim_takes_by_default():
    sentences, topics = CORPORA["calls"]
    documents = tokens(sentences)
    assert npmi(topics, documents) == pytest.approx(by_gensim("c_npmi", topics, documents, None), abs=1e-6)
    assert c_v(topics, documents) == pytest.approx(by_gensim("c_v", topics, documents, None), abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(mails, st.integers(1, 12))
def test_coherence_is_that_of_gensim_however_words_come_back(documents, window):
    topics = [[*TOPICS[0], "facture"]]
    documents = [*documents, topics[0]]
    for measure, name in ((npmi, "c_npmi"), (c_v, "c_v")):
        theirs = by_gensim(name, topics, documents, window)
        assert measure(topics, documents, window=window) == pytest.approx(theirs, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(mails.flatmap(lambda lists: st.tuples(st.just(lists), st.permutations(lists))), st.integers(1, 12))
def test_the_order_of_documents_and_of_terms_is_of_no_account(both, window):
    documents, shuffled = both
    turned = [terms[::-1] for terms in TOPICS]
    for measure in (npmi, c_v):
        expected = measure(TOPICS, documents, window=window)
        np.testing.assert_allclose(measure(turned, shuffled, window=window), expected, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(mails, st.integers(1, 12))
def test_coherence_stays_within_its_bounds(documents, window):
    for measure in (npmi, c_v):
        values = measure(TOPICS, documents, window=window)
        assert ((np.abs(values) <= 1 + 1e-12) | np.isnan(values)).all()


def test_terms_that_only_come_together_are_near_one_and_those_that_never_do_near_minus_one():
    documents = tokens(["colis perdu", "carte bloquée", "facture double"] * 4)
    together, apart = npmi([["colis", "perdu"], ["colis", "double"]], documents)
    assert together == pytest.approx(1)
    assert together <= 1
    assert apart < -0.9
    assert npmi([["colis", "double"]], documents) < c_v([["colis", "perdu"]], documents)


def test_a_term_in_every_window_says_nothing():
    assert npmi([["merci", "bonjour"]], [["bonjour", "merci"]] * 3).tolist() == [-1]


def test_a_phrase_is_a_token():
    documents = [["colis", "pas reçu"], ["colis", "pas reçu"], ["carte", "bloquée"]]
    assert npmi([["colis", "pas reçu"]], documents) == pytest.approx([1])
    assert known_share([["colis", "pas reçu"], ["colis", "pas", "reçu"]], documents) == pytest.approx([1, 1 / 3])


def test_many_documents_are_counted_as_few():
    few = tokens(PARCELS)
    topics = CORPORA["parcels"][1]
    for measure in (npmi, c_v):
        # More documents than are counted at once: all counts are multiplied, no share changes.
        assert measure(topics, few * 700, window=4) == pytest.approx(measure(topics, few, window=4), abs=1e-9)


def test_what_occurs_nowhere_is_left_out_and_a_topic_of_one_term_has_no_coherence():
    documents = tokens(PARCELS)
    topics = [["colis", "livreur", "dirigeable"], ["colis", "dirigeable"], ["colis"], ["colis", "colis"], []]
    for measure in (npmi, c_v):
        values = measure(topics, documents)
        assert values[0] == measure([["colis", "livreur"]], documents)[0]
        assert np.isnan(values[1:]).all()
        assert np.isnan(measure(topics, [])).all()
        assert np.isnan(measure(topics, [[], []])).all()
        assert measure([], documents).shape == (0,)
    assert known_share(topics, documents)[:3] == pytest.approx([2 / 3, 0.5, 1])
    assert np.isnan(known_share(topics, documents)[4])


@pytest.mark.parametrize("call", [npmi, c_v, known_share])
def test_texts_in_the_place_of_tokens_are_refused(call):
    with pytest.raises(InputError, match="text as a document \\(position 1\\)"):
        call([["colis", "perdu"]], [["colis"], "mon colis"])
    with pytest.raises(InputError, match="text as a topic \\(position 0\\)"):
        call(["colis"], [["colis"]])


@pytest.mark.parametrize("measure", [npmi, c_v])
def test_a_window_holds_a_token_at_least(measure):
    with pytest.raises(InputError, match="window=0"):
        measure([["colis", "perdu"]], [["colis"]], window=0)


def test_errors_hold_no_word_of_a_customer():
    with pytest.raises(InputError) as caught:
        npmi([["colis"]], ["Mme Leblanc attend"])
    assert "Leblanc" not in str(caught.value)


def test_diversity_is_the_share_of_distinct_terms():
    topics = [["colis", "retard", "livreur"], ["facture", "retard", "double"], ["colis", "retard", "perdu"]]
    assert diversity(topics) == pytest.approx(6 / 9)
    assert diversity(topics, n=2) == pytest.approx(3 / 6)
    assert diversity([["colis"], ["facture"]]) == 1
    assert np.isnan(diversity([]))


def test_diversity_wants_terms():
    with pytest.raises(InputError, match="n=0"):
        diversity([["colis"]], n=0)
    with pytest.raises(InputError, match="text as a topic"):
        diversity(["colis"])


def test_shares_of_rows():
    labels = [-1, -1, 0, 0, 0, 0, 1, 1]
    assert outlier_share(labels) == 0.25
    assert largest_share(labels) == pytest.approx(4 / 6)


def test_a_duplicate_counts_by_its_weight():
    labels, weights = [0, 1, -1], [1, 6, 3]
    repeated = np.repeat(labels, weights)
    assert outlier_share(labels, weights) == outlier_share(repeated) == 0.3
    assert largest_share(labels, weights) == largest_share(repeated) == pytest.approx(6 / 7)


def test_shares_of_nothing_are_unknown():
    assert np.isnan(outlier_share([]))
    assert np.isnan(largest_share([-1, -1]))
    assert outlier_share([-1, -1]) == 1
    assert np.isnan(outlier_share([0, 1], [0, 0]))


@pytest.mark.parametrize("share", [outlier_share, largest_share])
@pytest.mark.parametrize("weights", [[1], [1, -1], [1, np.nan]])
def test_weights_must_fit_the_labels(share, weights):
    with pytest.raises(InputError, match="weight"):
        share([0, 1], weights)


@given(st.lists(st.integers(-1, 4)), st.integers(0, 9))
def test_leaving_rows_out_makes_no_topic_look_smaller(labels, n_outliers):
    np.testing.assert_equal(largest_share([*labels, *[-1] * n_outliers]), largest_share(labels))

"""Word intrusion: what a human reader is asked, and how the answers are counted."""

import pandas as pd
import pytest

from vocmine.errors import InputError
from vocmine.stats import wilson
from vocmine.topics.intrusion import intrusion_score, word_intrusion

TOPICS = [
    ["colis", "livreur", "retard", "colis perdu", "transporteur", "dépôt"],
    ["facture", "prélèvement en double", "remboursement", "montant", "relevé", "facture payée"],
    ["carte bloquée", "code", "distributeur", "opposition", "plafond", "paiement"],
    ["conseillère aimable", "accueil", "écoute", "sourire", "agence", "rendez-vous"],
]
WORDS = [f"word_{k}" for k in range(1, 7)]


def shown(frame):
    return frame[WORDS].to_numpy().tolist()


def test_each_topic_is_asked_about_once_with_one_stranger():
    frame = word_intrusion(TOPICS)
    assert list(frame.columns) == ["topic", *WORDS, "intruder"]
    assert frame["topic"].tolist() == [0, 1, 2, 3]
    for terms, words, intruder in zip(TOPICS, shown(frame), frame["intruder"], strict=True):
        assert sorted(words) == sorted([*terms[:5], intruder])
        assert intruder not in terms


def test_the_stranger_is_high_in_another_topic():
    firsts = {term for terms in TOPICS for term in terms[:5]}
    for seed in range(30):
        assert set(word_intrusion(TOPICS, seed=seed)["intruder"]) <= firsts


def test_the_stranger_shares_no_word_with_the_topic():
    topics = [
        ["facture", "montant", "carte"],
        ["Facture payée", "montants", "carte bancaire"],
        ["facture double", "carte", "relevé"],
    ]
    for seed in range(30):
        first, second, third = word_intrusion(topics, seed=seed, n_terms=2)["intruder"]
        assert (first, second) == ("montants", "montant")
        assert third in {"montant", "montants"}


def test_the_place_of_the_stranger_gives_nothing_away():
    frames = [word_intrusion(TOPICS, seed=seed) for seed in range(30)]
    places = {
        words.index(intruder)
        for frame in frames
        for words, intruder in zip(shown(frame), frame["intruder"], strict=True)
    }
    assert places == set(range(6))


def test_the_same_seed_asks_the_same():
    pd.testing.assert_frame_equal(word_intrusion(TOPICS, seed=4), word_intrusion(TOPICS, seed=4))
    assert not word_intrusion(TOPICS, seed=4).equals(word_intrusion(TOPICS, seed=5))


def test_a_term_given_twice_is_shown_once():
    frame = word_intrusion([["colis", "colis", "livreur"], ["facture", "montant"]], n_terms=2)
    assert frame.loc[0, ["word_1", "word_2", "word_3"]].nunique() == 3


@pytest.mark.parametrize(
    ("topics", "n_terms", "message"),
    [
        ([["colis", "livreur"], ["facture"]], 2, "got 1 terms for topic 1, expected at least 2"),
        ([["colis", "livreur"], ["colis", "livreur"]], 2, "intrude in topic 0"),
        ([["colis", "livreur"]], 2, "intrude in topic 0"),
        (["colis", "livreur"], 2, "got a text as topic 0"),
        (TOPICS, 0, "got n_terms=0"),
    ],
)
def test_what_makes_no_question_is_refused(topics, n_terms, message):
    with pytest.raises(InputError, match=message):
        word_intrusion(topics, n_terms=n_terms)


def test_the_score_is_the_share_of_strangers_found():
    frame = word_intrusion(TOPICS)
    answers = frame["intruder"].tolist()
    assert intrusion_score(frame, answers) == wilson(4, 4)
    answers[2] = TOPICS[2][0]
    assert intrusion_score(frame, answers) == wilson(3, 4)


def test_a_reader_types_as_readers_do():
    frame = word_intrusion(TOPICS)
    assert intrusion_score(frame, [f" {word.upper()} " for word in frame["intruder"]]).value == 1


@pytest.mark.parametrize("nothing", [None, float("nan"), "", "  "])
def test_no_answer_is_not_found(nothing):
    frame = word_intrusion(TOPICS)
    assert intrusion_score(frame, [nothing, *frame["intruder"][1:]]) == wilson(3, 4)


def test_answers_come_back_from_a_spreadsheet(tmp_path):
    frame = word_intrusion(TOPICS)
    frame.drop(columns="intruder").assign(answer=frame["word_1"]).to_csv(tmp_path / "reader.csv", index=False)
    answers = pd.read_csv(tmp_path / "reader.csv")["answer"]
    assert intrusion_score(frame, answers).value == (frame["word_1"] == frame["intruder"]).mean()


def test_several_readers_are_counted_together():
    frame = word_intrusion(TOPICS)
    answers = [*frame["intruder"], *[None] * 4]
    assert intrusion_score(pd.concat([frame, frame]), answers) == wilson(4, 8)


def test_answers_that_do_not_fit_are_refused_without_their_words():
    frame = word_intrusion(TOPICS)
    with pytest.raises(InputError, match="got 3 answers to 4 questions"):
        intrusion_score(frame, ["colis"] * 3)
    with pytest.raises(InputError, match="row 1 that is none of its 6 words") as caught:
        intrusion_score(frame, [None, "Mme Leblanc", None, None])
    assert "Leblanc" not in str(caught.value)

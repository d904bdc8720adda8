"""`Corpus.clean`: what is taken out of turns is told, kept, and leads back to the text as received."""

import pytest

from vocmine import Corpus
from vocmine.errors import InputError

MAIL = """Bonjour,

Ma box est en panne depuis lundi.

Cordialement,
Léa Roy

Le 12 mars 2025 à 10:20, Service client <sav@exemple.fr> a écrit :
> Bonjour, avez-vous redémarré la box ?"""
CALL = "oui bonjour euh la la box redémarre toute seule"
RECORDS = [
    {"id": "M1", "canal": "courriel", "texte": MAIL},
    {"id": "T1", "canal": "appel", "texte": CALL},
    {"id": "C1", "canal": "chat", "texte": CALL},
]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_records(RECORDS)


@pytest.fixture(scope="module")
def cleaned(corpus):
    return corpus.clean()


def test_a_mail_is_what_its_author_wrote_anew(cleaned):
    assert cleaned.turns["text"][0].as_py() == "Ma box est en panne depuis lundi."
    assert cleaned.turns["raw"][0].as_py() == MAIL


def test_speech_loses_its_hesitations(cleaned):
    assert cleaned.turns["text"][1].as_py() == "oui bonjour la box redémarre toute seule"


def test_other_channels_stay_as_they_are(cleaned, corpus):
    assert cleaned.turns.slice(2).equals(corpus.turns.slice(2))


def test_the_corpus_given_is_unchanged(cleaned, corpus):
    assert cleaned is not corpus
    assert corpus.turns["text"][0].as_py() == MAIL
    assert corpus.removed.num_rows == 0


def test_every_piece_removed_is_where_it_says(cleaned):
    raw_of = dict(zip(cleaned.turns["contact_id"].to_pylist(), cleaned.turns["raw"].to_pylist(), strict=True))
    pieces = cleaned.removed.to_pylist()
    assert {piece["kind"] for piece in pieces if piece["contact_id"] == "M1"} >= {"greeting", "quote"}
    assert {piece["kind"] for piece in pieces if piece["contact_id"] == "T1"} == {"hesitation", "repetition"}
    for piece in pieces:
        assert raw_of[piece["contact_id"]][piece["start"] : piece["end"]] == piece["text"]


def test_every_word_received_is_kept_or_told_removed(cleaned):
    for turn in cleaned.turns.to_pylist()[:2]:
        gone = [piece["text"] for piece in cleaned.removed.to_pylist() if piece["contact_id"] == turn["contact_id"]]
        assert sorted(" ".join([turn["text"], *gone]).split()) == sorted(turn["raw"].split())


@pytest.mark.parametrize(("contact", "words"), [("M1", "panne depuis"), ("T1", "box redémarre"), ("C1", "la la box")])
def test_words_kept_lead_back_to_the_words_received(cleaned, contact, words):
    turn = next(each for each in cleaned.turns.to_pylist() if each["contact_id"] == contact)
    start = turn["text"].index(words)
    received = turn["raw"] or turn["text"]
    place = slice(*cleaned.to_raw(contact, 0, start, start + len(words)))
    assert received[place] == words


def test_words_lead_back_through_repair_and_cleaning():
    raw = "euh la box redÃ©marre\xa0toute\xa0\xa0seule"
    corpus = Corpus.from_records([{"id": "T2", "canal": "appel", "texte": raw}]).clean()
    text = corpus.turns["text"][0].as_py()
    assert text == "la box redémarre toute seule"
    start = text.index("redémarre")
    assert raw[slice(*corpus.to_raw("T2", 0, start, start + len("redémarre")))] == "redÃ©marre"
    [piece] = corpus.removed.to_pylist()
    assert raw[piece["start"] : piece["end"]] == "euh"


def test_cleaning_again_changes_nothing(cleaned):
    again = cleaned.clean()
    assert again.turns.equals(cleaned.turns)
    assert again.removed.equals(cleaned.removed)


def test_only_the_channels_named_are_cleaned(corpus):
    assert set(corpus.clean(["phone"]).removed["contact_id"].to_pylist()) == {"T1"}


def test_a_channel_that_nothing_cleans_is_told(corpus):
    with pytest.raises(InputError, match="got 'chat' among the channels to clean, expected 'email' or 'phone'"):
        corpus.clean(["chat"])


def test_a_turn_that_is_not_there_is_told(cleaned):
    with pytest.raises(InputError, match="got turn 7"):
        cleaned.to_raw("M1", 7, 0, 1)

"""What becomes of bad rows: each is kept, with its repairs, or rejected, with its reason."""

import numpy as np
import pandas as pd
import pytest

from vocmine import Corpus


def read(*texts, **columns):
    frame = pd.DataFrame({"text": pd.Series(list(texts), dtype=object), **columns})
    return Corpus.from_pandas(frame, text="text")


def repairs(corpus):
    return [(each["row"], each["column"], each["kind"]) for each in corpus.repairs.to_pylist()]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "missing_text"),
        (float("nan"), "missing_text"),
        (pd.NaT, "missing_text"),
        (pd.NA, "missing_text"),
        ("NULL", "missing_text"),
        ("NaN", "missing_text"),
        ("", "empty_text"),
        (" \t\n\xa0", "empty_text"),
        ("\x00\u200b", "empty_text"),
        (["Bonjour"], "not_text"),
        ({"texte": "Bonjour"}, "not_text"),
        (np.array(["Bonjour"]), "not_text"),
    ],
)
def test_what_is_no_text_is_rejected(value, reason):
    corpus = read("Bonjour", value)
    assert corpus.rejected.select(["row", "reason"]).to_pylist() == [{"row": 1, "reason": reason}]
    assert len(corpus) == 1


def test_what_is_rejected_never_shows_its_words():
    assert "Bonjour" not in read(["Bonjour"]).rejected["detail"][0].as_py()


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("Été".encode(), "Été", "decoded_bytes"),
        ("Été".encode("cp1252"), "Été", "decoded_bytes"),
        (bytearray(b"Allo"), "Allo", "decoded_bytes"),
        (3615, "3615", "number_as_text"),
        (True, "True", "number_as_text"),
        ("J\x92attends", "J’attends", "c1_controls"),
        ("dÃ©Ã§ue", "déçue", "mojibake"),
        ("Allo\x00", "Allo", "nul"),
        ("Allo\ud800", "Allo\ufffd", "lone_surrogate"),
    ],
)
def test_what_can_be_read_is_repaired(value, text, kind):
    corpus = read(value)
    assert corpus.turns["text"].to_pylist() == [text]
    assert (0, "text", kind) in repairs(corpus)


def test_french_slang_is_not_taken_for_nothing():
    assert len(read("nan", "none")) == 2


def test_the_text_as_received_is_kept_where_it_was_repaired():
    assert read("Bonjour", "dÃ©Ã§ue").turns["raw"].to_pylist() == [None, "dÃ©Ã§ue"]


def test_ids_are_read_as_names():
    corpus = read("a", "b", "c", "d", contact_id=[123.0, 7, "Ä 1 ", None])
    assert corpus.contacts["contact_id"].to_pylist() == ["123", "7", "Ä 1", "row-3"]
    assert repairs(corpus) == [(3, "contact_id", "generated_id")]


def test_an_id_made_clashes_with_none_that_is_there():
    corpus = read("a", "b", contact_id=["row-1", None])
    assert corpus.contacts["contact_id"].to_pylist() == ["row-1", "row-1_2"]


def test_ids_too_large_for_a_float_are_doubtful():
    assert (0, "contact_id", "inexact_id") in repairs(read("a", contact_id=[1.6e18]))


def test_later_rows_with_the_same_id_are_rejected():
    corpus = read("premier", "second", contact_id=["k", "k"])
    assert corpus.turns["text"].to_pylist() == ["premier"]
    assert corpus.rejected.select(["row", "contact_id", "reason"]).to_pylist() == [
        {"row": 1, "contact_id": "k", "reason": "duplicate_id"}
    ]


def test_a_row_that_is_rejected_anyway_does_not_take_its_id():
    corpus = read("   ", "second", contact_id=["k", "k"])
    assert corpus.turns["text"].to_pylist() == ["second"]
    assert corpus.rejected["reason"].to_pylist() == ["empty_text"]


@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("Téléphone", "phone"),
        ("appel entrant", "phone"),
        ("Courriel", "email"),
        ("E-mails", "email"),
        ("Courrier électronique", "email"),
        ("Tchat (messagerie instantanée)", "chat"),
        ("WhatsApp", "chat"),
        ("Réseaux sociaux", "social"),
        ("X", "social"),
        ("twitter", "social"),
        ("Google Play Store", "social"),
        ("App Store", "social"),
        ("Courrier postal", "letter"),
        ("Guichet", "in_person"),
        ("in_person", "in_person"),
        ("Accueil", "in_person"),
        ("Démarche en ligne", "web"),
        ("Formulaire de contact", "web"),
        ("other", "other"),
        (None, "other"),
    ],
)
def test_channels_are_read_in_the_words_of_the_source(written, channel):
    corpus = read("Bonjour", channel=[written])
    assert corpus.contacts["channel"].to_pylist() == [channel]
    assert not corpus.repairs.num_rows


def test_of_several_channels_the_first_known_counts_and_an_unknown_one_is_counted():
    corpus = read("a", "b", "c", channel=["Démarche en ligne,Téléphone", "Pigeon;Téléphone", "Pigeon"])
    assert corpus.contacts["channel"].to_pylist() == ["web", "phone", "other"]
    assert [kind for _, _, kind in repairs(corpus)] == ["several_channels", "several_channels", "unknown_channel"]


@pytest.mark.parametrize(
    ("written", "speaker"),
    [
        ("Client", "customer"),
        ("USAGÈRE", "customer"),
        ("user", "customer"),
        ("Téléconseiller", "agent"),
        ("Service client", "agent"),
        ("Conseillère clientèle", "agent"),
        ("Chatbot", "bot"),
        ("assistant", "bot"),
        ("Agent virtuel", "bot"),
        ("système", "system"),
        (None, "unknown"),
    ],
)
def test_speakers_are_read_in_the_words_of_the_source(written, speaker):
    corpus = Corpus.from_records([{"texte": "Bonjour", "qui": written}], speaker="qui")
    assert corpus.turns["speaker"].to_pylist() == [speaker]


def test_without_a_speaker_the_customer_speaks():
    assert read("Bonjour").turns["speaker"].to_pylist() == ["customer"]


def test_ratings_are_numbers_however_written():
    corpus = read("a", "b", "c", "d", "e", rating=["4,5", "4/5", "★★★☆☆", 2, "bof"])
    assert corpus.contacts["rating"].to_pylist() == [4.5, 4.0, 3.0, 2.0, None]
    assert repairs(corpus) == [(4, "rating", "unreadable_rating")]


def test_the_language_is_told_or_identified():
    corpus = Corpus.from_records(
        [
            {"texte": "Je n’ai toujours pas reçu ma commande", "langue": None},
            {"texte": "Where is my parcel? I have been waiting for weeks", "langue": None},
            {"texte": "ok", "langue": None},
            {"texte": "ok", "langue": "fr_CA"},
            {"texte": "ok", "langue": "Espagnol"},
        ],
        language="langue",
    )
    assert corpus.contacts["language"].to_pylist() == ["fr", "en", "und", "fr", "es"]
    assert corpus.contacts["variant"].to_pylist() == [None, None, None, "fr-CA", None]

"""Rows that are turns of conversations."""

import pandas as pd

from vocmine import Corpus


def read(rows, names, **options):
    return Corpus.from_pandas(pd.DataFrame(rows, columns=names), **options)


def kinds(corpus):
    return [(each["row"], each["kind"]) for each in corpus.repairs.to_pylist()]


def test_an_id_that_repeats_beside_a_speaker_makes_one_contact():
    corpus = read(
        [("k1", "client", "Allo"), ("k2", "client", "Bonjour"), ("k1", "conseiller", "Je vous écoute")],
        ["contact_id", "speaker", "text"],
    )
    assert corpus.contacts.select(["contact_id", "row"]).to_pylist() == [
        {"contact_id": "k1", "row": 0},
        {"contact_id": "k2", "row": 1},
    ]
    turns = corpus.turns.select(["contact_id", "turn", "speaker", "row"]).to_pylist()
    assert [tuple(turn.values()) for turn in turns] == [
        ("k1", 0, "customer", 0),
        ("k1", 1, "agent", 2),
        ("k2", 0, "customer", 1),
    ]
    assert not corpus.rejected.num_rows


def test_turns_follow_their_numbers_whatever_these_start_at():
    corpus = read([("k", 20, "b"), ("k", 10, "a"), ("k", 30, "c")], ["contact_id", "turn", "text"])
    assert corpus.turns["text"].to_pylist() == ["a", "b", "c"]
    assert corpus.turns["turn"].to_pylist() == [0, 1, 2]
    assert kinds(corpus) == [(0, "turn_out_of_order"), (1, "turn_out_of_order")]
    assert corpus.to_pandas("turns")["text"].tolist() == ["b", "a", "c"]


def test_a_number_borne_twice_and_one_that_cannot_be_read_keep_the_order_of_the_rows():
    corpus = read([("k", "1", "a"), ("k", "1", "b"), ("k", "?", "c"), ("k", "2", "d")], ["contact_id", "turn", "text"])
    assert corpus.turns["text"].to_pylist() == ["a", "b", "c", "d"]
    assert kinds(corpus) == [(1, "duplicate_turn"), (2, "unreadable_turn")]


def test_without_numbers_turns_follow_their_dates():
    rows = [("k", "client", "seconde", "2025-04-23 10:05"), ("k", "client", "première", "2025-04-23 10:01")]
    corpus = read(rows, ["contact_id", "speaker", "text", "date"])
    assert corpus.turns["text"].to_pylist() == ["première", "seconde"]
    assert str(corpus.contacts["started_at"][0]) == "2025-04-23 08:01:00+00:00"


def test_without_dates_on_all_of_them_turns_follow_the_rows():
    rows = [("k", "client", "une", "2025-04-23 10:05"), ("k", "client", "deux", None), ("k", "client", "trois", "2025")]
    assert read(rows, ["contact_id", "speaker", "text", "date"]).turns["text"].to_pylist() == ["une", "deux", "trois"]


def test_the_date_of_a_contact_repeated_on_its_turns_is_that_of_the_first():
    rows = [("k", 0, "Allo", "2025-04-23"), ("k", 1, "Merci", "2025-04-23")]
    corpus = read(rows, ["contact_id", "turn", "text", "started_at"])
    assert corpus.turns["at"].is_null().to_pylist() == [False, True]


def test_where_turns_disagree_the_first_value_stands_and_is_logged():
    rows = [("k", 0, "Allo", None, "Lyon"), ("k", 1, "Allo ?", "Box", "Lyon"), ("k", 2, "Merci", "Mobile", "Metz")]
    corpus = read(rows, ["contact_id", "turn", "text", "produit", "equipe"])
    assert corpus.contacts.select(["product", "team"]).to_pylist() == [{"product": "Box", "team": "Lyon"}]
    assert kinds(corpus) == [(2, "conflicting_value"), (2, "conflicting_value")]


def test_own_columns_go_with_the_contacts_or_with_the_turns_if_they_vary():
    rows = [("k", 0, "Allo", "A", 1.5), ("k", 1, "Merci", None, 2.5)]
    corpus = read(rows, ["contact_id", "turn", "text", "dossier", "durée"])
    assert corpus.contacts["dossier"].to_pylist() == ["A"]
    assert corpus.turns["durée"].to_pylist() == [1.5, 2.5]


def test_turns_without_a_contact_go_by_their_conversation():
    rows = [("v", "client", "Allo"), ("v", "client", "Allo ?")]
    corpus = read(rows, ["conversation_id", "speaker", "text"])
    assert corpus.contacts.select(["contact_id", "conversation_id"]).to_pylist() == [
        {"contact_id": "v", "conversation_id": "v"}
    ]


def test_a_rejected_turn_leaves_no_hole():
    corpus = read([("k", 0, "Allo"), ("k", 1, " "), ("k", 2, "Merci")], ["contact_id", "turn", "text"])
    assert corpus.turns["turn"].to_pylist() == [0, 1]
    assert corpus.rejected["row"].to_pylist() == [1]


def test_the_language_is_that_of_the_customer():
    rows = [("k", "agent", "How can I help you today?"), ("k", "client", "Je ne trouve pas ma facture du mois de mars")]
    assert read(rows, ["contact_id", "speaker", "text"]).contacts["language"].to_pylist() == ["fr"]

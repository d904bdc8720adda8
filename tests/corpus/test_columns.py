"""Which column is what."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from vocmine import Corpus
from vocmine.corpus.columns import free_name
from vocmine.errors import ColumnError, InputError

WORDS = ["Toujours pas de réponse à ma lettre", "Merci pour votre accueil au guichet"]


def roles(corpus):
    return {column.role: (column.column, column.how) for column in corpus.quality().sources[0].columns}


def read(**columns):
    return Corpus.from_pandas(pd.DataFrame(columns))


@pytest.mark.parametrize(
    "name",
    ["text", "Texte", "message", "VERBATIM", "Commentaire", "contenu", "body", "Avis", "tweet", "Message du client"],
)
def test_the_text_is_found_under_its_usual_names(name):
    assert roles(read(**{"objet": WORDS, name: WORDS}))["text"] == (name, "name")


def test_a_text_without_a_usual_name_is_found_if_it_is_the_only_prose():
    assert roles(read(ref=["a1", "a2"], propos=WORDS))["text"] == ("propos", "content")


def test_the_surest_name_wins_over_the_others():
    assert roles(read(message=WORDS, texte=WORDS))["text"] == ("texte", "name")


def test_a_title_is_no_text_and_is_kept():
    corpus = read(titre=WORDS, texte=WORDS)
    assert corpus.contacts["titre"].to_pylist() == WORDS


@pytest.mark.parametrize("values", [[12, 15], ["12", "15"], ["03/04/2025", "04/04/2025"], [True, False]])
def test_numbers_and_dates_are_never_guessed_as_text(values):
    with pytest.raises(ColumnError, match="text='…'"):
        read(message=values)
    assert Corpus.from_pandas(pd.DataFrame({"message": values}), text="message").rows_in == 2


def test_a_doubt_between_two_texts_is_an_error_that_names_both():
    with pytest.raises(ColumnError, match="'message', 'verbatim'"):
        read(message=WORDS, verbatim=WORDS)


def test_a_wrong_name_is_an_error_with_the_nearest_column():
    with pytest.raises(ColumnError, match=r"got text='mesage'.*'message', 'id'.*Did you mean 'message'"):
        Corpus.from_pandas(pd.DataFrame({"message": WORDS, "id": [1, 2]}), text="mesage")


def test_an_option_that_does_not_exist_is_an_error():
    with pytest.raises(ColumnError, match=r"got the option 'dayfrist'.*Did you mean 'dayfirst'"):
        Corpus.from_pandas(pd.DataFrame({"message": WORDS}), dayfrist=True)


def test_an_error_never_shows_a_customers_words_taken_for_names():
    headless = pd.DataFrame({"Je veux parler à un responsable !": WORDS, "1": [1, 2]})
    with pytest.raises(ColumnError) as caught:
        Corpus.from_pandas(headless)
    assert "responsable" not in str(caught.value)


def test_usual_columns_are_found_in_french_and_in_english():
    corpus = read(
        message=WORDS,
        id=[1, 2],
        client=["c1", "c1"],
        horodatage=["03/04/2025 10:00", "23/04/2025 11:00"],
        canal=["Téléphone", "Courriel"],
        langue=["français", "fr-CA"],
        note=["4/5", "1"],
        equipe=["Lyon", "Lille"],
    )
    assert roles(corpus) == {
        "text": ("message", "name"),
        "contact_id": ("id", "name"),
        "customer_id": ("client", "name"),
        "at": ("horodatage", "name"),
        "channel": ("canal", "name"),
        "language": ("langue", "name"),
        "rating": ("note", "name"),
        "team": ("equipe", "name"),
    }


@pytest.mark.parametrize(
    ("name", "values"), [("date", ["bientôt", "jamais"]), ("note", ["à voir", "rien"]), ("role", ["Lyon", "Metz"])]
)
def test_a_name_that_the_content_belies_is_not_taken(name, values):
    corpus = read(texte=WORDS, **{name: values})
    assert set(roles(corpus)) == {"text"}
    assert corpus.contacts[name].to_pylist() == values


def test_a_column_that_repeats_is_no_key_unless_its_name_leaves_no_doubt():
    assert "contact_id" not in roles(read(texte=WORDS, reference=["produit", "produit"]))
    assert read(texte=WORDS, contact_id=["k", "k"]).rejected["reason"].to_pylist() == ["duplicate_id"]


def test_in_a_table_of_turns_the_id_that_repeats_is_that_of_the_contact():
    turns = {"id": [1, 2, 3], "conversation_id": ["v", "v", "w"], "role": ["user", "assistant", "user"]}
    corpus = read(content=["Bonjour", "Que puis-je pour vous ?", "Allo"], **turns)
    assert corpus.contacts["contact_id"].to_pylist() == ["v", "w"]
    assert corpus.turns["speaker"].to_pylist() == ["customer", "bot", "customer"]


def test_a_column_named_is_taken_whatever_it_holds():
    corpus = Corpus.from_pandas(pd.DataFrame({"texte": WORDS, "jour": ["bientôt", "jamais"]}), at="jour")
    assert roles(corpus)["at"] == ("jour", "given")
    assert corpus.repairs["kind"].to_pylist() == ["unparsable_date"] * 2


def test_own_columns_that_bear_a_name_of_the_library_are_renamed():
    corpus = read(texte=WORDS, row=["r1", "r2"], source=["site", "appli"])
    assert corpus.contacts["row_own"].to_pylist() == ["r1", "r2"]
    assert corpus.contacts["source_own"].to_pylist() == ["site", "appli"]


def test_any_column_label_is_read():
    frame = pd.DataFrame([["Merci à toute l’équipe", 1, 2, 3]], columns=["texte", 7, "a", "a"])
    corpus = Corpus.from_pandas(frame)
    assert corpus.contacts.column_names[-3:] == ["7", "a", "a_2"]


@pytest.mark.parametrize("values", [[1, "deux"], [date(2025, 4, 3), 20000], [b"1", "1"], [True, 2]])
def test_own_values_that_do_not_go_together_are_read_as_text_and_this_is_said(values):
    corpus = read(texte=WORDS, mélange=pd.Series(values, dtype=object))
    assert corpus.contacts["mélange"].to_pylist() == [str(value) for value in values]
    assert "mélange" in str(corpus.quality())


def test_own_values_keep_their_type():
    corpus = read(texte=WORDS, nombre=[1, 2.5], jour=[date(2025, 4, 3), None], oui=[True, None])
    assert corpus.contacts["nombre"].to_pylist() == [1.0, 2.5]
    assert corpus.contacts["jour"].to_pylist() == [date(2025, 4, 3), None]
    assert corpus.contacts["oui"].to_pylist() == [True, None]


def test_a_zone_that_does_not_exist_is_an_error():
    with pytest.raises(InputError, match="Europe/Paris"):
        Corpus.from_pandas(pd.DataFrame({"texte": WORDS}), timezone="Paris")


@pytest.mark.parametrize("zone", [2, ["Europe/Paris"]])
def test_what_is_no_zone_is_an_error(zone):
    with pytest.raises(InputError, match="Europe/Paris, America/Montreal"):
        Corpus.from_pandas(pd.DataFrame({"texte": WORDS}), timezone=zone)


def test_a_zone_may_be_given_as_python_has_it():
    corpus = Corpus.from_pandas(pd.DataFrame({"texte": WORDS}), timezone=ZoneInfo("America/Montreal"))
    assert set(corpus.contacts["timezone"].to_pylist()) == {"America/Montreal"}


def test_a_column_that_bears_the_name_of_the_channel_and_holds_none_stays_the_users():
    corpus = read(texte=WORDS, media=["photo1.jpg", "photo2.jpg"])
    assert "channel" not in roles(corpus)
    assert corpus.contacts["media"].to_pylist() == ["photo1.jpg", "photo2.jpg"]


def test_a_first_row_without_header_is_not_taken_for_the_name_of_the_text():
    with pytest.raises(ColumnError, match="above the rows"):
        read(**{"1": [2, 3], "Rien reçu depuis lundi": WORDS})


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pd.cut([12, 70], [0, 50, 99]), ["(0, 50]", "(50, 99]"]),
        (pd.interval_range(0, 2), ["(0, 1]", "(1, 2]"]),
        ([UUID(int=1), UUID(int=2)], [str(UUID(int=1)), str(UUID(int=2))]),
    ],
)
def test_own_values_of_types_that_arrow_lacks_are_read_as_text(values, texts):
    corpus = read(texte=WORDS, tranche=values)
    assert corpus.contacts["tranche"].to_pylist() == texts
    assert corpus.to_dataset()["tranche"][:] == texts


def test_own_times_with_and_without_a_zone_are_read_as_text():
    values = pd.Series([datetime(2025, 4, 3, 12), datetime(2025, 4, 3, 12, tzinfo=UTC)], dtype=object)
    corpus = read(texte=WORDS, relance=values)
    assert corpus.contacts["relance"].to_pylist() == ["2025-04-03 12:00:00", "2025-04-03 12:00:00+00:00"]


def test_long_arrays_that_differ_in_the_middle_stay_with_their_turns():
    vectors = [np.eye(1, 2_000, 900)[0], np.eye(1, 2_000, 1_000)[0]]
    corpus = read(texte=WORDS, contact_id=["k", "k"], turn=[0, 1], vecteur=vectors)
    assert [vector.index(1.0) for vector in corpus.turns["vecteur"].to_pylist()] == [900, 1_000]


def test_a_name_is_looked_up_among_those_taken_without_a_copy_of_them():
    class Taken:
        def __contains__(self, name):
            return name in {"a", "a_2"}

    assert free_name("a", Taken()) == "a_3"

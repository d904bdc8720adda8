"""A corpus without personal data, invented: texts, ids, columns of one's own, in all tables."""

import datetime as dt
import json

import pandas as pd
import pyarrow as pa
import pytest

from vocmine import Corpus
from vocmine.corpus.personal_values import TIMEOUT, WITHHELD
from vocmine.corpus.protect import protect
from vocmine.corpus.tables import SCHEMAS, complete
from vocmine.errors import InputError

KEY = "0123456789abcdef"
WORDS = ("Delatour", "39 98", "lea.roy", "555-0199", "Léa", "sophie", "1980", "Z-42")


def corpus():
    rows = [
        {
            "id": "lea.roy@exemple.fr-1",
            "client": "lea.roy@exemple.fr",
            "agent": "Sophie Delatour",
            "canal": "chat",
            "texte": "Bonjour,\u00a0 rappelez-moi au 06 39 98 12 34, il me manque 49,90 €",
            "prénom": "Léa",
            "date de naissance": dt.date(1980, 3, 12),
            "remarque": "vue avec Mme Delatour, badge Z-42",
            "region": "Bretagne",
            "to": ["lea.roy@exemple.fr", None],
            "extra": {"note": "514 555-0199", "nom": "Delatour", "n": 3},
        },
        {
            "id": "A2",
            "client": "lea.roy@exemple.fr",
            "agent": "Marc",
            "canal": "appel",
            "texte": "mon numéro c'est le zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre",
            "region": "Alsace",
        },
        {"id": "A3", "client": "c3", "agent": "agent-7", "canal": "chat", "texte": "Le +33 6 39 98 12 34 sonne occupé"},
        {"id": "A4", "client": None, "canal": "chat", "texte": "Toujours pas livré depuis 3 semaines"},
        {"id": "A5", "client": None, "canal": "chat", "texte": "  "},
    ]
    return Corpus.from_records(rows)


def everything(tables):
    """Return all that tables hold as one string."""
    return json.dumps([table.to_pylist() for table in tables.values()], default=str, ensure_ascii=False)


@pytest.mark.parametrize(("how", "key"), [("mask", None), ("pseudonymise", KEY), ("drop", None)])
def test_nothing_personal_is_left_anywhere(how, key):
    tables = corpus().tables()
    assert all(word in everything(tables) for word in WORDS if word != "sophie")
    protected = protect(tables, how=how, key=key, patterns={"badge": r"Z-\d\d"})
    assert not [word for word in WORDS if word in everything(protected)]
    for name, schema in SCHEMAS.items():
        assert protected[name].schema.names[: len(schema)] == schema.names
    assert {name: table.num_rows for name, table in complete(protected).items() if name != "personal"} == {
        name: table.num_rows for name, table in tables.items() if name != "personal"
    }


def test_masked_texts():
    turns = protect(corpus().tables())["turns"]
    assert turns["text"].to_pylist() == [
        "Bonjour, rappelez-moi au [téléphone], il me manque 49,90 €",
        "mon numéro c'est le [téléphone]",
        "Le [téléphone] sonne occupé",
        "Toujours pas livré depuis 3 semaines",
    ]
    assert turns["redacted"].to_pylist() == [True, True, True, False]
    assert turns["raw"].null_count == 4


def test_the_table_of_personal_data_leads_to_each_replacement():
    tables = protect(corpus().tables(), how="pseudonymise", key=KEY)
    texts = dict(zip(tables["turns"]["contact_id"].to_pylist(), tables["turns"]["text"].to_pylist(), strict=True))
    entries = tables["personal"].to_pylist()
    assert [entry["kind"] for entry in entries] == ["phone"] * 3
    for entry in entries:
        assert texts[entry["contact_id"]][entry["start"] : entry["end"]] == entry["replacement"]


def test_a_customer_has_the_same_pseudonyms_on_every_channel():
    tables = protect(corpus().tables(), how="pseudonymise", key=KEY)
    chat, call, other = (entry["replacement"] for entry in tables["personal"].to_pylist())
    assert chat == call != other
    customers = tables["contacts"]["customer_id"].to_pylist()
    assert customers[0] == customers[1] != customers[2]
    again = protect(corpus().tables(), how="pseudonymise", key=KEY)
    assert everything(again) == everything(tables)
    assert everything(protect(corpus().tables(), how="pseudonymise", key=KEY[::-1])) != everything(tables)


def test_ids_that_hold_personal_data_can_still_be_joined():
    tables = protect(corpus().tables())
    contacts = tables["contacts"]
    ids, customers, agents = (contacts[name].to_pylist() for name in ("contact_id", "customer_id", "agent_id"))
    assert ids[0] == tables["turns"]["contact_id"][0].as_py() == tables["personal"]["contact_id"][0].as_py()
    assert ids[1:] == ["A2", "A3", "A4"]
    assert customers[0] == customers[1] != customers[2] == "c3"
    assert customers[3] is None
    assert agents[2] == "agent-7"
    assert "Marc" not in agents


def test_masked_ids_differ_from_one_call_to_the_next():
    one, other = (protect(corpus().tables())["contacts"]["customer_id"][0].as_py() for _ in range(2))
    assert one != other


def test_columns_of_ones_own():
    contacts = protect(corpus().tables())["contacts"]
    first = contacts.to_pylist()[0]
    assert (first["prénom"], first["date de naissance"]) == ("[nom]", "[date de naissance]")
    assert first["remarque"] == "vue avec Mme [nom], badge Z-42"
    assert first["to"] == ["[nom]", None]
    assert first["extra"] == {"note": "[téléphone]", "nom": "[nom]", "n": 3}
    assert contacts["region"].to_pylist() == ["Bretagne", "Alsace", None, None]
    assert contacts["prénom"].null_count == 3
    dropped = protect(corpus().tables(), how="drop")["contacts"]
    assert dropped["prénom"].null_count == 4


def test_bytes_are_not_kept():
    frame = pd.DataFrame({"texte": ["Merci"], "piece": [b"Delatour"], "nombre": [3]})
    contacts = protect(Corpus.from_pandas(frame).tables())["contacts"]
    assert contacts["piece"].to_pylist() == [None]
    assert contacts["nombre"].to_pylist() == [3]


def test_what_cleaning_removed_is_no_longer_kept():
    tables = corpus().tables()
    removed = {
        "source": "x",
        "row": 0,
        "contact_id": "A2",
        "turn": 0,
        "start": 0,
        "end": 8,
        "kind": "signature",
        "why": "line",
    }
    tables["removed"] = pa.Table.from_pylist([{**removed, "text": "Delatour"}], schema=SCHEMAS["removed"])
    assert protect(tables)["removed"].to_pylist() == [{**removed, "text": None}]


def test_a_second_call_changes_nothing_and_keeps_what_the_first_found():
    once = protect(corpus().tables())
    assert everything(protect(once)) == everything(once)


def test_a_second_call_that_finds_more_moves_what_the_first_found():
    record = {"id": "B", "texte": "Mme Delatour, 06 39 98 12 34"}
    phones = protect(Corpus.from_records([record]).tables(), kinds=["phone"])
    both = protect(phones)
    text = both["turns"]["text"][0].as_py()
    assert text == "Mme [nom], [téléphone]"
    spans = [(text[each["start"] : each["end"]], each["kind"]) for each in both["personal"].to_pylist()]
    assert spans == [("[nom]", "name"), ("[téléphone]", "phone")]


def test_a_text_that_takes_too_long_is_withheld():
    tables = protect(corpus().tables(), deadline=0)
    assert set(tables["turns"]["text"].to_pylist()) == {WITHHELD}
    assert set(tables["turns"]["redacted"].to_pylist()) == {True}
    assert {entry["why"] for entry in tables["personal"].to_pylist()} == {TIMEOUT}
    assert not [word for word in WORDS if word in everything(tables)]


@pytest.mark.parametrize(
    "options",
    [
        {"how": "Delatour"},
        {"how": "pseudonymise"},
        {"how": "pseudonymise", "key": "Delatour"},
        {"how": "mask", "key": KEY},
        {"kinds": ["Delatour"]},
        {"names": "Delatour"},
        {"patterns": {"badge": "(Delatour"}},
    ],
)
def test_impossible_options_are_told_without_repeating_them(options):
    with pytest.raises(InputError) as caught:
        protect(corpus().tables(), **options)
    assert "Delatour" not in str(caught.value)
    assert "expected" in str(caught.value) or "leave it out" in str(caught.value)


def test_an_empty_corpus_stays_empty():
    tables = Corpus.from_pandas(pd.DataFrame({"texte": []})).tables()
    assert protect(tables)["turns"].num_rows == 0


def test_structures_without_a_word_are_looked_through_as_well():
    profile = pa.struct({"telephone": pa.int64(), "points": pa.int64()})
    frame = pa.table(
        {
            "id": ["A1", "A2"],
            "texte": ["Bonjour", "Rien reçu"],
            "profil": pa.array([{"telephone": 33639981244, "points": 7}, None], profile),
        }
    )
    contacts = Corpus.from_arrow(frame).protect().contacts
    assert contacts["profil"].to_pylist() == [{"telephone": None, "points": 7}, None]


def test_ids_of_persons_that_are_numbers_become_pseudonyms_too():
    rows = [{"id": "1", "texte": "Rien reçu", "client": "c1", "user_id": 33639981244}]
    corpus = Corpus.from_records(rows, customer_id="client")
    [kept] = corpus.protect("pseudonymise", key="k" * 16).contacts["user_id"].to_pylist()
    assert kept not in {33639981244, "33639981244", None}


def test_a_column_that_bears_the_name_of_another_table_s_is_one_like_others():
    frame = pa.table({"id": ["A1", "A2"], "texte": ["Bonjour", "Rien reçu"], "of": [1, 2]})
    assert Corpus.from_arrow(frame).protect().contacts["of"].to_pylist() == [1, 2]


def test_the_name_of_the_index_goes_as_well():
    frame = pd.DataFrame({"texte": ["Bonjour"]}, index=pd.Index([7], name="lea.roy@exemple.fr"))
    index = Corpus.from_pandas(frame).protect().index
    assert (index.name, index.tolist()) == (None, [7])


def test_words_of_a_protected_corpus_lead_back_to_nothing():
    mail = {"id": "1", "canal": "courriel", "texte": "Bonjour,\n\nMa box est en panne.\n\nCordialement\nLéa Roy"}
    with pytest.raises(InputError, match="its raw text is not kept"):
        Corpus.from_records([mail]).clean().protect().to_raw("1", 0, 0, 6)

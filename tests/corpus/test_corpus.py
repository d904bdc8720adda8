"""`Corpus`: in, out, put together, filtered."""

import datasets
import pandas as pd
import pyarrow as pa
import pytest

import vocmine as vm
from vocmine.errors import ColumnError, InputError

FRAME = pd.DataFrame(
    {
        "message": ["Toujours rien reçu", "   ", "Merci pour votre aide"],
        "id": [11, 12, 13],
        "canal": ["Courriel", "Courriel", "Téléphone"],
        "note": [1.0, 2.0, 5.0],
        "région": ["Bretagne", "Alsace", "Corse"],
    },
    index=["x", "y", "z"],
)


@pytest.fixture
def corpus():
    return vm.Corpus.from_pandas(FRAME)


def test_a_corpus_shows_its_counts(corpus):
    assert repr(corpus) == "Corpus(2 contacts, 2 turns, 1 row rejected)"
    assert (len(corpus), corpus.rows_in) == (2, 3)
    assert "sans texte" not in corpus._repr_html_()
    assert "<table>" in corpus._repr_html_()


def test_the_callers_index_comes_back(corpus):
    assert corpus.to_pandas("contacts").index.tolist() == ["x", "z"]
    assert corpus.to_pandas("rejected").index.tolist() == ["y"]
    assert corpus.to_pandas()["text"].to_dict() == {"x": "Toujours rien reçu", "z": "Merci pour votre aide"}


def test_all_doors_lead_to_the_same_corpus(corpus):
    records = FRAME.to_dict("records")
    table = pa.Table.from_pandas(FRAME, preserve_index=False)
    others = [
        vm.Corpus.from_records(records, source="dataframe"),
        vm.Corpus.from_arrow(table, source="dataframe"),
        vm.Corpus.from_dataset(datasets.Dataset.from_list(records), source="dataframe"),
    ]
    for other in others:
        assert all(other.tables()[name].equals(table) for name, table in corpus.tables().items())


def test_records_may_be_mere_texts():
    corpus = vm.Corpus.from_records(["Bonjour", None, "12", 7])
    assert corpus.turns["text"].to_pylist() == ["Bonjour", "12", "7"]
    assert corpus.contacts["contact_id"].to_pylist() == ["row-0", "row-2", "row-3"]


def test_among_records_what_is_none_is_rejected():
    corpus = vm.Corpus.from_records([{"texte": "Bonjour"}, "Allo", {"texte": "Merci"}])
    assert corpus.turns["row"].to_pylist() == [0, 2]
    assert corpus.rejected.select(["row", "reason"]).to_pylist() == [{"row": 1, "reason": "malformed_row"}]


def test_nothing_makes_an_empty_corpus():
    assert len(vm.Corpus.from_records([])) == 0
    assert str(vm.Corpus.from_pandas(FRAME.head(0)).quality())


def test_large_integers_stay_whole_where_some_are_missing():
    table = pa.table({"text": ["Bonjour", "Merci"], "id": pa.array([1600000000000000001, None], pa.int64())})
    assert vm.Corpus.from_arrow(table).contacts["contact_id"].to_pylist() == ["1600000000000000001", "row-1"]


def test_a_dataset_goes_out_and_comes_back(corpus):
    again = vm.Corpus.from_dataset(corpus.to_dataset())
    assert again.turns["text"].equals(corpus.turns["text"])
    assert again.contacts["région"].equals(corpus.contacts["région"])


def test_all_splits_at_once_are_refused():
    splits = datasets.DatasetDict(train=datasets.Dataset.from_list([{"text": "Bonjour"}]))
    with pytest.raises(InputError, match=r"dataset\['train'\]"):
        vm.Corpus.from_dataset(splits)


def test_a_table_that_does_not_exist_is_refused(corpus):
    with pytest.raises(InputError, match="contacts, turns, rejected, repairs"):
        corpus.to_pandas("scores")


def test_tables_that_lack_a_column_are_refused(corpus):
    tables = corpus.tables() | {"turns": corpus.turns.drop_columns(["speaker"])}
    with pytest.raises(InputError, match="'turns' lacks speaker"):
        vm.Corpus.from_tables(tables)


def test_contacts_are_kept_by_value_by_mask_and_by_function(corpus):
    assert corpus.filter(channel="phone").contacts["contact_id"].to_pylist() == ["13"]
    assert corpus.filter(région=["Bretagne", "Alsace"]).contacts["contact_id"].to_pylist() == ["11"]
    assert corpus.filter([False, True]).contacts["contact_id"].to_pylist() == ["13"]
    assert corpus.filter(pd.Series([True, None], dtype="boolean")).contacts["contact_id"].to_pylist() == ["11"]
    assert len(corpus.filter(lambda contacts: contacts["rating"] > 4, channel="email")) == 0


def test_a_filter_keeps_what_was_rejected_and_counts_what_it_left_out(corpus):
    kept = corpus.filter(channel="phone")
    assert kept.rejected.equals(corpus.rejected)
    assert kept.quality().filtered_out == 1
    assert kept.to_pandas("contacts").index.tolist() == ["z"]


def test_a_filter_that_makes_no_sense_is_refused(corpus):
    with pytest.raises(ColumnError, match="Did you mean 'channel'"):
        corpus.filter(chanel="phone")
    with pytest.raises(InputError, match="length 1"):
        corpus.filter([True])
    with pytest.raises(InputError, match="truth values"):
        corpus.filter([0.2, 0.8])


def test_ids_of_several_sources_are_told_apart():
    mails = vm.Corpus.from_records([{"id": 1, "texte": "Bonjour"}, {"id": 2, "texte": "Allo"}], source="mails")
    calls = vm.Corpus.from_records([{"id": 2, "texte": "Merci"}], source="appels")
    whole = vm.Corpus.concat([mails, calls])
    assert whole.contacts["contact_id"].to_pylist() == ["1", "mails:2", "appels:2"]
    assert whole.turns["contact_id"].to_pylist() == ["1", "mails:2", "appels:2"]
    assert whole.repairs["kind"].to_pylist() == ["clashing_id", "clashing_id"]
    assert whole.contacts["row"].to_pylist() == [0, 1, 2]
    assert whole.index.tolist() == [0, 1, 0]


def test_overlapping_exports_may_be_put_together_without_their_doubles():
    may = vm.Corpus.from_records([{"id": 1, "texte": "Bonjour"}, {"id": 2, "texte": "Allo"}], source="mai")
    june = vm.Corpus.from_records([{"id": 2, "texte": "Allo"}, {"id": 3, "texte": "Merci"}], source="juin")
    whole = vm.Corpus.concat([may, june], clash="reject")
    assert whole.contacts["contact_id"].to_pylist() == ["1", "2", "3"]
    assert whole.rejected.select(["source", "row", "contact_id", "reason"]).to_pylist() == [
        {"source": "juin", "row": 2, "contact_id": "2", "reason": "duplicate_id"}
    ]


def test_sources_of_one_name_are_told_apart(corpus):
    whole = vm.Corpus.concat([corpus, corpus])
    assert set(whole.contacts["source"].to_pylist()) == {"dataframe", "dataframe_2"}


def test_own_columns_meet_whatever_their_types_and_their_side():
    flat = vm.Corpus.from_records([{"texte": "Bonjour", "durée": 3, "site": "Metz"}], source="a")
    turns = [{"contact_id": "k", "turn": turn, "texte": "Allo", "durée": f"{turn} min"} for turn in (0, 1)]
    whole = vm.Corpus.concat([flat, vm.Corpus.from_records(turns, source="b")])
    assert whole.turns["durée"].to_pylist() == ["3", "0 min", "1 min"]
    assert whole.contacts["site"].to_pylist() == ["Metz", None]


def test_nothing_to_put_together_is_refused():
    with pytest.raises(InputError, match="one or more"):
        vm.Corpus.concat([])


def test_own_numbers_that_no_type_holds_together_meet_as_text():
    exact, half = ([{"texte": "Bonjour", "clé": key}] for key in (2**60 + 1, 1.5))
    whole = vm.Corpus.concat([vm.Corpus.from_records(exact), vm.Corpus.from_records(half)])
    assert whole.contacts["clé"].to_pylist() == ["1152921504606846977", "1.5"]


@pytest.mark.parametrize("given", ["Bonjour", b"Bonjour", {"texte": ["Bonjour"]}, FRAME, None, 3])
def test_records_that_are_one_thing_are_refused(given):
    with pytest.raises(InputError, match=f"got a {type(given).__name__}, expected a list"):
        vm.Corpus.from_records(given)


def test_tables_of_another_kind_are_refused():
    with pytest.raises(InputError, match=r"got a Series, expected a pandas\.DataFrame"):
        vm.Corpus.from_pandas(FRAME["message"])
    with pytest.raises(InputError, match=r"got a DataFrame, expected a pyarrow\.Table"):
        vm.Corpus.from_arrow(FRAME)


def test_the_index_that_an_arrow_table_keeps_is_one_of_its_columns():
    corpus = vm.Corpus.from_arrow(pa.Table.from_pandas(FRAME.set_index("id")))
    assert corpus.contacts["contact_id"].to_pylist() == ["11", "13"]

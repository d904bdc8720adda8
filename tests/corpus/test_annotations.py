"""What cleaning, protecting and flagging say of a corpus stays with its contacts, whatever is done with them."""

import pyarrow as pa
import pytest

from vocmine import Corpus
from vocmine.corpus.tables import ANNOTATIONS
from vocmine.errors import InputError
from vocmine.schema import FLAGS, REMOVED

RECORDS = [
    {"id": "A1", "texte": "Toujours pas livré"},
    {"id": "A2", "texte": "Toujours pas livré !"},
    {"id": "A3", "texte": "Merci beaucoup"},
]


def flagged(source: str = "mai") -> Corpus:
    """Return three contacts: A2 repeats A1, a word of A3 was removed."""
    corpus = Corpus.from_records(RECORDS, source=source)
    flag = {"source": source, "row": 1, "contact_id": "A2", "flag": "near_duplicate", "of": "A1", "similarity": 0.9}
    span = {"source": source, "row": 2, "contact_id": "A3", "turn": 0, "start": 0, "end": 4, "kind": "hesitation"}
    tables = {
        "flags": pa.Table.from_pylist([{**flag, "why": "same words"}], schema=FLAGS),
        "removed": pa.Table.from_pylist([{**span, "why": "euh", "text": "euh "}], schema=REMOVED),
    }
    return Corpus.from_tables({**corpus.tables(), **tables}, index=corpus.index, provenance=corpus.provenance)


def test_a_corpus_that_was_only_read_has_empty_annotations():
    corpus = Corpus.from_records(RECORDS)
    assert {name: corpus.tables()[name].num_rows for name in ANNOTATIONS} == dict.fromkeys(ANNOTATIONS, 0)


def test_tables_saved_before_there_were_annotations_are_read():
    tables = {name: table for name, table in flagged().tables().items() if name not in ANNOTATIONS}
    assert Corpus.from_tables(tables).flags.num_rows == 0


def test_flagged_contacts_are_left_out_on_demand_and_counted():
    kept = flagged().drop_flagged("near_duplicate")
    assert kept.contacts["contact_id"].to_pylist() == ["A1", "A3"]
    assert kept.quality().filtered_out == 1


@pytest.mark.parametrize(("flags", "left"), [((), 2), (("campaign",), 3), (("campaign", "near_duplicate"), 2)])
def test_only_the_flags_named_leave_out(flags, left):
    assert len(flagged().drop_flagged(*flags)) == left


def test_annotations_follow_their_contacts_through_a_filter():
    kept = flagged().filter(contact_id="A3")
    assert (kept.flags.num_rows, kept.removed.num_rows) == (0, 1)


def test_annotations_follow_the_new_names_of_clashing_contacts():
    whole = Corpus.concat([flagged("mai"), flagged("juin")])
    assert whole.flags.select(["contact_id", "of", "row"]).to_pylist() == [
        {"contact_id": "mai:A2", "of": "mai:A1", "row": 1},
        {"contact_id": "juin:A2", "of": "juin:A1", "row": 4},
    ]
    assert whole.removed["contact_id"].to_pylist() == ["mai:A3", "juin:A3"]


@pytest.mark.parametrize("table", ANNOTATIONS)
def test_each_table_of_annotations_is_a_frame_in_the_callers_index(table):
    frame = flagged().to_pandas(table)
    assert list(frame.columns) == ANNOTATIONS[table].names


def test_an_annotation_that_lacks_a_column_is_told():
    tables = flagged().tables()
    with pytest.raises(InputError, match="table 'flags' lacks of"):
        Corpus.from_tables({**tables, "flags": tables["flags"].drop_columns(["of"])})

"""Whatever comes in, each row makes one turn or one rejected row; order and index come back."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vocmine import Corpus
from vocmine.corpus.codes import REASONS, REPAIRS
from vocmine.schema import CONTACTS, REJECTED, TURNS

any_text = st.text(st.characters(), max_size=20)  # lone surrogates and NUL included
french = st.sampled_from(
    ["Bonjour", "Toujours rien reçu !", "J\x92attends", "Ã©té", "nan", "NULL", "   ", "\x00", "12"]
)
nothing = st.sampled_from([None, float("nan"), pd.NaT, pd.NA])
number = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.decimals(allow_nan=False),
    st.just(Decimal("NaN")),
    st.just(np.float64(12.0)),
)
moment = st.one_of(
    st.datetimes(), st.dates(), st.just(pd.Timestamp("2025-03-30 02:30")), st.just(np.datetime64("2025"))
)
thing = st.one_of(st.binary(max_size=9), st.lists(st.integers(), max_size=2), st.dictionaries(any_text, st.none()))
nasty = st.one_of(french, any_text, nothing, number, moment, thing)

ids = st.one_of(st.sampled_from(["a", "b", "row-1", 1, 1.0, 2.0, "1"]), nasty)
dates = st.one_of(
    st.sampled_from(["03/04/2025", "31/12/2024 10:00", "2025-03-30 02:30", "hier", 45000, 1735689600]), nasty
)
channels = st.one_of(st.sampled_from(["Téléphone", "Courriel,Guichet", "pigeon"]), nasty)
speakers = st.one_of(st.sampled_from(["client", "conseiller", "?"]), nasty)
turns = st.one_of(st.integers(0, 4), nasty)
columns = {
    "text": st.one_of(french, nasty),
    "contact_id": ids,
    "at": dates,
    "ended_at": dates,
    "channel": channels,
    "speaker": speakers,
    "turn": turns,
    "rating": nasty,
    "language": nasty,
    "timezone": st.one_of(st.sampled_from(["Europe/Paris", "America/Montreal", "Mars"]), nasty),
    "own": nasty,
    "row": nasty,
}


@st.composite
def frames(draw):
    length = draw(st.integers(0, 6))
    names = ["text", *draw(st.sets(st.sampled_from(sorted(columns.keys() - {"text"}))))]
    data = {
        name: pd.Series(
            np.fromiter(draw(st.lists(columns[name], min_size=length, max_size=length)), dtype=object), dtype=object
        )
        for name in names
    }
    index = pd.Index(draw(st.lists(st.integers(-9, 9), min_size=length, max_size=length)), dtype="int64")
    return pd.DataFrame(data).set_axis(index, axis="index")


def read(frame, **options):
    return Corpus.from_pandas(frame, text="text", **options)


nasty_frames = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(corpus, rows_in):
    assert corpus.turns.num_rows + corpus.rejected.num_rows == rows_in == corpus.rows_in
    assert set(corpus.rejected["reason"].to_pylist()) <= REASONS.keys()
    assert set(corpus.repairs["kind"].to_pylist()) <= REPAIRS.keys()
    contacts = corpus.contacts["contact_id"].to_pylist()
    assert len(set(contacts)) == len(contacts) == len(corpus)
    assert set(corpus.turns["contact_id"].to_pylist()) == set(contacts)
    assert set(corpus.repairs["contact_id"].to_pylist()) <= set(contacts)
    for table, schema in ((corpus.contacts, CONTACTS), (corpus.turns, TURNS), (corpus.rejected, REJECTED)):
        table.validate(full=True)
        assert table.schema.names[: len(schema.names)] == schema.names
        assert all(table[field.name].null_count == 0 for field in schema if not field.nullable)
    assert str(corpus.quality())
    assert corpus.quality()._repr_html_()
    assert len(corpus.quality().to_frame()) > 0


@nasty_frames
@given(frames())
def test_each_row_makes_one_turn_or_one_rejected_row(frame):
    corpus = read(frame)
    check(corpus, len(frame))
    assert sorted(corpus.turns["row"].to_pylist() + corpus.rejected["row"].to_pylist()) == list(range(len(frame)))


@nasty_frames
@given(frames())
def test_the_frame_given_is_not_changed(frame):
    before = frame.copy(deep=True)
    read(frame)
    pd.testing.assert_frame_equal(frame, before)


@nasty_frames
@given(frames())
def test_order_and_index_come_back(frame):
    corpus = read(frame)
    turns = corpus.to_pandas("turns")
    assert turns["row"].is_monotonic_increasing
    assert turns.index.tolist() == frame.index[turns["row"]].tolist()
    assert corpus.contacts["row"].to_pylist() == sorted(corpus.contacts["row"].to_pylist())
    pd.testing.assert_index_equal(corpus.index, frame.index)


@nasty_frames
@given(frames())
def test_turns_are_numbered_from_0_in_each_contact(frame):
    turns = read(frame).turns.select(["contact_id", "turn"]).to_pandas()
    for _, ranks in turns.groupby("contact_id")["turn"]:
        assert ranks.tolist() == list(range(len(ranks)))


@nasty_frames
@given(frames())
def test_what_goes_out_to_pandas_comes_back_the_same(frame):
    corpus = read(frame)
    again = read(corpus.to_pandas())
    assert not again.rejected.num_rows
    kept = [name for name in CONTACTS.names if name not in {"source", "row"}]
    assert again.contacts.select(kept).equals(corpus.contacts.select(kept))
    kept = [name for name in TURNS.names if name not in {"raw", "row"}]
    assert again.turns.select(kept).equals(corpus.turns.select(kept))


@nasty_frames
@given(frames())
def test_tables_index_and_provenance_rebuild_the_corpus(frame):
    corpus = read(frame)
    again = Corpus.from_tables(corpus.tables(), index=corpus.index, provenance=corpus.provenance)
    assert all(again.tables()[name].equals(table) for name, table in corpus.tables().items())
    assert str(again.quality()) == str(corpus.quality())


@pytest.mark.parametrize("clash", ["prefix", "reject"])
@nasty_frames
@given(st.lists(frames(), min_size=1, max_size=3))
def test_concat_keeps_every_row(clash, several):
    corpora = [read(frame, source=f"export {number % 2}") for number, frame in enumerate(several)]
    whole = Corpus.concat(corpora, clash=clash)
    check(whole, sum(map(len, several)))
    rows = whole.turns["row"].to_pylist() + whole.rejected["row"].to_pylist()
    assert sorted(rows) == list(range(sum(map(len, several))))
    assert whole.index.tolist() == [label for frame in several for label in frame.index]
    if clash == "prefix":
        assert len(whole) == sum(map(len, corpora))


@nasty_frames
@given(frames(), st.data())
def test_filter_keeps_the_contacts_that_pass_and_all_that_was_rejected(frame, data):
    corpus = read(frame)
    mask = data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus)))
    kept = corpus.filter(mask)
    check(kept, kept.turns.num_rows + corpus.rejected.num_rows)
    expected = [each for each, passes in zip(corpus.contacts["contact_id"].to_pylist(), mask, strict=True) if passes]
    assert kept.contacts["contact_id"].to_pylist() == expected
    assert kept.quality().filtered_out == corpus.turns.num_rows - kept.turns.num_rows


@nasty_frames
@given(st.lists(st.one_of(nasty, st.dictionaries(st.sampled_from(["texte", "id", "date"]), nasty)), max_size=6))
def test_each_record_makes_one_turn_or_one_rejected_row(records):
    mappings = any(isinstance(record, dict) for record in records)
    options = {"text": "texte"} if mappings else {}
    records = [{"texte": "Bonjour"}, *records] if mappings else records
    check(Corpus.from_records(records, **options), len(records))


@given(st.one_of(st.decimals(allow_nan=False), st.datetimes(), st.timedeltas()))
def test_a_value_in_the_place_of_a_text_never_stops_the_reading(value):
    corpus = Corpus.from_records([{"text": value}], text="text")
    assert corpus.rows_in == 1
    assert isinstance(value, Decimal | dt.datetime | dt.timedelta)

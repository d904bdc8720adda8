"""A source comes in, tables go out in chunks: those that scoring it whole would give."""

import gzip
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import vocmine as vm
from tests.streaming.conftest import calls, content, reviews
from vocmine.errors import ColumnError, InputError, ReadError
from vocmine.streaming import Stream

SCORES = ["p_negative", "p_neutral", "p_positive"]


def written(frame, folder, kind):
    path = folder / f"avis.{kind}"
    match kind:
        case "csv":
            frame.to_csv(path, index=False, sep=";", encoding="cp1252")
        case "csv.gz":
            path.write_bytes(gzip.compress(frame.to_csv(index=False).encode()))
        case "parquet":
            frame.to_parquet(path, row_group_size=7)
        case "d":
            path.mkdir()
            for place, first in enumerate(range(0, len(frame), 13)):
                frame.iloc[first : first + 13].to_parquet(path / f"{place:02d}.parquet")
    return path


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet", "d"])
@pytest.mark.parametrize("frame", [reviews(45), calls(12)], ids=["reviews", "calls"])
def test_the_tables_are_those_of_scoring_the_whole(streamed, tiny_miner, tmp_path, frame, kind):
    path = written(frame, tmp_path, kind)
    whole = tiny_miner.score(vm.Corpus.from_pandas(frame, source=path.name))
    got = streamed(path, tmp_path / "out")
    for table in ("contacts", "turns", "segments", "rejected"):
        expected = getattr(whole, table).reset_index(drop=True)
        pd.testing.assert_frame_equal(
            getattr(got, table)[expected.columns], expected, check_dtype=False, rtol=1e-5, atol=1e-5
        )
    assert got.rows_in == len(frame) == len(got.turns) + got.n_rejected
    assert (got.n_contacts, got.n_scored) == (len(whole), whole.run["contacts_scored"])
    assert len(got.run) == got.chunks > 3


def test_any_reader_of_parquet_opens_a_table(streamed, tmp_path):
    got = streamed(reviews(25), tmp_path / "out")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out" / "contacts"), got.contacts)


def test_tables_are_read_back_whole_or_by_batches(streamed, tmp_path):
    got = streamed(reviews(25), tmp_path / "out", embeddings=True)
    again = Stream.read(tmp_path / "out")
    pd.testing.assert_frame_equal(pd.concat(again.batches("contacts"), ignore_index=True), got.contacts)
    assert again.table("embeddings").count_rows() == len(got.segments)
    assert again.reasons == {"missing_text": 4}
    assert repr(again).startswith("Stream(25 rows, 21 contacts, 21 scored, 4 rejected, 3 chunks in ")
    with pytest.raises(InputError, match="got the table 'contact', expected one of contacts, turns"):
        again.table("contact")


@pytest.mark.parametrize(
    "cut",
    [
        lambda frame: [frame],
        lambda frame: (frame.iloc[first : first + 4] for first in range(0, len(frame), 4)),
        lambda frame: pa.Table.from_pandas(frame).to_batches(max_chunksize=11),
        pa.Table.from_pandas,
    ],
    ids=["list", "generator", "record_batches", "table"],
)
def test_the_tables_do_not_depend_on_how_rows_arrive(streamed, tmp_path, cut):
    streamed(calls(12), tmp_path / "one")
    streamed(cut(calls(12)), tmp_path / "other")
    assert content(tmp_path / "one") == content(tmp_path / "other")


def test_rows_are_numbered_over_the_whole_stream(streamed, tmp_path):
    frame = reviews(30).drop(columns="id").assign(texte="Merci")
    assert streamed(frame, tmp_path / "out").contacts["contact_id"].tolist() == [f"row-{row}" for row in range(30)]


def test_a_contact_is_never_parted(streamed, tmp_path):
    long = calls(1).iloc[[0, 1] * 20].assign(contact_id="long")
    got = streamed(pd.concat([calls(5), long, calls(5, first=5)]), tmp_path / "out")
    parts = [pq.read_table(path) for path in sorted((tmp_path / "out" / "turns").iterdir())]
    assert [len(part) for part in parts][1] == 17 + 40 - len(parts[0])
    assert got.contacts["contact_id"].is_unique


def test_an_id_that_names_everything_is_refused(streamed, tmp_path):
    with pytest.raises(InputError, match="got a contact of more than 500 rows from row 0 on"):
        streamed(calls(200).assign(contact_id="x"), tmp_path / "out")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_contact_that_comes_back_is_rejected_with_a_reason(streamed, tmp_path, workers):
    again = pd.concat([calls(3), calls(2)])  # in the chunk after their own, then later
    rows = pd.concat([calls(4), calls(3), calls(10, first=4), calls(2)])
    got = streamed(rows, tmp_path / "out", workers=workers)
    assert got.n_contacts == 14
    assert got.rejected["contact_id"].tolist() == again["contact_id"].tolist()
    assert set(got.rejected["reason"]) == {"duplicate_id"}
    assert got.rows_in == len(rows) == len(got.turns) + len(got.rejected)


def test_of_reviews_that_bear_one_id_the_first_is_kept(streamed, tmp_path):
    got = streamed(reviews(600).assign(id="x"), tmp_path / "out", chunk_rows=100)
    assert (got.n_contacts, got.reasons) == (1, {"duplicate_id": 513, "missing_text": 86})


def test_a_contact_without_text_does_not_close_its_id(streamed, tmp_path):
    rows = pd.concat([reviews(12), pd.DataFrame({"id": ["a3", "a2"], "texte": ["Merci !", "Encore moi"]})])
    got = streamed(rows, tmp_path / "out")
    assert got.contacts["contact_id"].tolist()[-1] == "a3"
    assert got.rejected[["contact_id", "reason"]].to_numpy().tolist()[-1] == ["a2", "duplicate_id"]


def test_every_chunk_is_read_as_the_first_rows_are(streamed, tmp_path):
    """Only the first row tells that the month comes first; only the first chunks, that « note » holds no number."""
    frame = pd.DataFrame(
        {
            "texte": ["Merci"] * 30,
            "date": ["04/23/2025"] + ["03/04/2025"] * 29,
            "note": ["bien"] * 20 + ["5"] * 10,
        }
    )
    got = streamed(frame, tmp_path / "out").contacts
    assert got["started_at"].dt.month.tolist() == [4] + [3] * 29
    assert got["note"].tolist() == frame["note"].tolist()
    assert got["rating"].isna().all()


def test_every_part_has_the_same_schema(streamed, tmp_path):
    frame = reviews(30).assign(montant=[None] * 10 + [1.5] * 20, vide=None, sentiment="déclaré")
    frame.to_parquet(tmp_path / "avis.parquet")
    streamed(tmp_path / "avis.parquet", tmp_path / "out", embeddings=True)
    for table in (tmp_path / "out").iterdir():
        if table.is_dir():
            assert len({pq.read_schema(path).to_string(show_field_metadata=True) for path in table.iterdir()}) == 1
    schema = pq.read_schema(tmp_path / "out" / "contacts" / "part-000000.parquet")
    assert schema.field("montant").type == pa.float64()
    assert schema.field("sentiment_given").type == pa.string()


@pytest.fixture
def short_head(monkeypatch):
    """Columns are told from the first ten rows."""
    monkeypatch.setattr("vocmine.ingest.frames.HEAD_ROWS", 10)


@pytest.mark.usefixtures("short_head")
def test_a_column_beside_the_contacts_that_varies_after_all_is_noted(streamed, tmp_path):
    varying = calls(2, first=30).assign(agence=["Nord", None, "Sud", *["Est"] * 4])
    got = streamed([calls(30), varying], tmp_path / "out")
    assert got.contacts["agence"].tolist()[-2:] == ["Nord", "Est"]
    assert got.repairs[["contact_id", "column", "kind"]].to_numpy().tolist() == [["c30", "agence", "conflicting_value"]]
    assert "durée" in got.turns


@pytest.mark.usefixtures("short_head")
@pytest.mark.parametrize("kind", ["file", "table", "batches"])
@pytest.mark.parametrize(
    ("first", "later", "type_"),
    [
        (Decimal("9.99"), Decimal("12345.67"), pa.decimal128(12, 2)),
        (1, 2**63 + 5, pa.uint64()),
        (1, None, pa.int32()),
    ],
    ids=["decimal", "uint64", "int32"],
)
def test_a_column_keeps_the_type_that_its_schema_gives(streamed, tmp_path, kind, first, later, type_):
    table = pa.Table.from_pandas(reviews(30)[["id", "texte"]].fillna("Merci"))
    table = table.append_column("montant", pa.array([first] * 20 + [later] * 10, type_))
    pq.write_table(table, tmp_path / "avis.parquet")
    source = {"file": tmp_path / "avis.parquet", "table": table, "batches": table.to_batches()}[kind]
    got = streamed(source, tmp_path / "out").table("contacts").to_table()["montant"]
    assert (got.type, got.to_pylist()) == (type_, table["montant"].to_pylist())


@pytest.mark.usefixtures("short_head")
@pytest.mark.parametrize(
    ("first", "later", "widest"),
    [
        (pa.array([1] * 10, pa.int32()), pa.array([2**40] * 10), pa.int64()),
        (pa.array([1] * 10), pa.array([1.5] * 10), pa.float64()),
        (pa.nulls(10), pa.array([Decimal("9.99")] * 10), pa.decimal128(3, 2)),
        (pa.array(["Nord"] * 10), pa.array(["Sud"] * 10).dictionary_encode(), pa.string()),
    ],
    ids=["integers", "numbers", "nulls", "words"],
)
def test_a_folder_whose_files_differ_in_types_is_read_in_one_that_holds_them_all(
    streamed, tmp_path, first, later, widest
):
    for name, values in (("a", first), ("b", later)):
        table = pa.table({"texte": ["Merci"] * 10, "montant": values})
        (tmp_path / "avis").mkdir(exist_ok=True)
        pq.write_table(table, tmp_path / "avis" / f"{name}.parquet")
    got = streamed(tmp_path / "avis", tmp_path / "out").table("contacts").to_table()["montant"]
    assert (got.type, got.to_pylist()) == (widest, [*first.to_pylist(), *later.to_pylist()])


def test_of_columns_of_one_name_each_keeps_its_type(streamed, tmp_path):
    table = pa.table([["Merci"], [1], ["Nord"], [1.5]], names=["texte", "valeur", "valeur", "valeur"])
    got = streamed(table, tmp_path / "out").contacts
    assert got[["valeur", "valeur_2", "valeur_3"]].to_numpy().tolist() == [[1, "Nord", 1.5]]


@pytest.mark.usefixtures("short_head")
def test_columns_that_change_are_told(streamed, tmp_path):
    frames = [reviews(10).assign(montant=1), reviews(10, first=10).assign(montant="1,50 €")]
    with pytest.raises(
        InputError, match="got string in column 5 after row 10, expected int64 as in the first rows"
    ) as caught:
        streamed(frames, tmp_path / "out")
    assert caught.value.__cause__ is None  # the error of Arrow, which quotes the value
    with pytest.raises(InputError, match="got 3 columns in some rows, expected the 4 of the first ones"):
        streamed([reviews(10), reviews(3).drop(columns="date")], tmp_path / "other")
    assert Stream.read(tmp_path / "out").chunks == Stream.read(tmp_path / "other").chunks + 1 == 1


def test_the_embedded_model_gives_the_same_in_chunks(miner, streamed, tmp_path):
    frame = reviews(24)
    got = streamed(frame, tmp_path / "out", score=miner.score).contacts
    whole = miner.score(vm.Corpus.from_pandas(frame)).contacts
    assert got["sentiment"].tolist() == whole["sentiment"].tolist()
    np.testing.assert_allclose(got[SCORES], whole[SCORES], atol=1e-5)


def test_a_source_without_rows_gives_tables_without_rows(streamed, tmp_path):
    (tmp_path / "vide.csv").write_text("id;texte\n")
    assert streamed(tmp_path / "vide.csv", tmp_path / "out").contacts.empty
    assert streamed(reviews(0), tmp_path / "other").turns.empty


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (3, InputError, r"got a int, expected a file \(\.parquet, \.pq, .*\.csv"),
        ("nulle/part.csv", ReadError, "where there is nothing"),
        ([], InputError, "got no table, or one without columns"),
        ([{"texte": "Merci"}], InputError, "got a dict among the tables"),
        (pd.DataFrame({"x": [1]}), ColumnError, "no column is clearly the customer's text"),
    ],
)
def test_what_cannot_be_streamed_is_told(streamed, tmp_path, source, error, message):
    with pytest.raises(error, match=message):
        streamed(source, tmp_path / "out")


@pytest.mark.parametrize("option", ["chunk_rows", "workers"])
def test_parameters_are_checked(streamed, tmp_path, option):
    with pytest.raises(InputError, match=f"got {option}=0, expected 1 or more"):
        streamed(reviews(1), tmp_path / "out", **{option: 0})

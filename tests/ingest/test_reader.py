"""`read`: files of all kinds, alone or in a folder."""

import gzip
import json
import os

import openpyxl
import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import ColumnError, ReadError

RECORDS = [
    {"id": "1", "texte": "Toujours rien reçu", "date": "03/04/2025 10:00", "canal": "Courriel"},
    {"id": "2", "texte": "Merci pour votre aide", "date": "23/04/2025 11:00", "canal": "Téléphone"},
]
FRAME = pd.DataFrame(RECORDS)


WRITERS = {
    "avis.csv": lambda file: FRAME.to_csv(file, index=False),
    "avis.CSV": lambda file: FRAME.to_csv(file, index=False, sep=";", encoding="cp1252"),
    "avis.tsv": lambda file: FRAME.to_csv(file, index=False, sep="\t", encoding="utf-16"),
    "avis.txt": lambda file: FRAME.to_csv(file, index=False, sep="|"),
    "avis.csv.gz": lambda file: FRAME.to_csv(file, index=False, encoding="cp1252"),
    "avis.json": lambda file: FRAME.to_json(file, orient="records"),
    "avis.jsonl": lambda file: FRAME.to_json(file, orient="records", lines=True),
    "avis.jsonl.gz": lambda file: FRAME.to_json(file, orient="records", lines=True),
    "avis.parquet": FRAME.to_parquet,
    "avis.xlsx": lambda file: FRAME.to_excel(file, index=False),
}


@pytest.mark.parametrize("name", WRITERS)
def test_each_kind_of_file_gives_the_same_corpus(tmp_path, name):
    file = tmp_path / name
    WRITERS[name](file)
    corpus = vm.read(file)
    expected = vm.Corpus.from_records(RECORDS, source=name)
    assert all(corpus.tables()[table].equals(wanted) for table, wanted in expected.tables().items())


def test_columns_and_dates_are_named_as_in_from_pandas(tmp_path):
    file = tmp_path / "avis.csv"
    file.write_text("quoi,quand\nBonjour,03/04/2025\n", encoding="utf-8")
    corpus = vm.read(file, text="quoi", at="quand", dayfirst=False, timezone="America/Montreal", source="mars")
    assert str(corpus.contacts["started_at"][0]) == "2025-03-04 05:00:00+00:00"
    assert corpus.contacts["source"].to_pylist() == ["mars"]


def test_malformed_lines_are_rejected_rows(tmp_path):
    file = tmp_path / "avis.csv"
    file.write_text("id,texte\n1,Bonjour\n2,trop,large\n3,Merci\n", encoding="utf-8")
    corpus = vm.read(file)
    assert corpus.rows_in == 3
    assert corpus.turns["row"].to_pylist() == [0, 2]
    assert corpus.rejected.select(["source", "row", "reason", "detail"]).to_pylist() == [
        {"source": "avis.csv", "row": 1, "reason": "malformed_row", "detail": "line 3: got 3 fields, expected 2 fields"}
    ]


def test_a_folder_is_read_in_the_order_of_names(tmp_path):
    (tmp_path / "2025").mkdir()
    FRAME.to_csv(tmp_path / "b.csv", index=False)
    FRAME.tail(1).to_json(tmp_path / "2025" / "a.jsonl", orient="records", lines=True)
    (tmp_path / "notes.docx").write_bytes(b"...")
    corpus = vm.read(tmp_path)
    assert corpus.contacts["source"].to_pylist() == ["2025/a.jsonl", "b.csv", "b.csv"]
    assert corpus.contacts["contact_id"].to_pylist() == ["2025/a.jsonl:2", "1", "b.csv:2"]
    assert corpus.index.tolist() == [0, 0, 1]
    assert corpus.quality().skipped == (("notes.docx", "extension .docx non lue"),)
    assert len(vm.read(tmp_path, clash="reject")) == 2


def test_a_file_of_a_folder_that_cannot_be_read_stops_the_reading_and_is_named(tmp_path):
    FRAME.to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "b.csv").write_text("montant\n12\n", encoding="utf-8")
    with pytest.raises(ColumnError, match=r"^b\.csv: "):
        vm.read(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("avis.csv", b"", "empty file"),
        ("avis.csv", b" \n\n", "empty file"),
        ("avis.pdf", b"%PDF", r"got \.pdf, expected one of \.csv"),
        ("avis", b"x", "no extension"),
        ("avis.parquet", b"PK\x03\x04", "Parquet"),
        ("avis.xlsx", b"id,texte\n", "save it again"),
        ("avis.json", b"{oups", "no line that is JSON"),
        ("avis.json", b"12", "expected an array"),
        ("avis.csv.gz", b"id,texte\n", "check its rights and that it is whole"),
        ("avis.csv.gz", gzip.compress(b"id,texte\n1,Bonjour\n")[:-9], "check its rights and that it is whole"),
    ],
)
def test_files_that_cannot_be_read_say_what_to_do(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ReadError, match=message):
        vm.read(file)


def test_nothing_at_the_path_is_an_error(tmp_path):
    with pytest.raises(ReadError, match="there is nothing"):
        vm.read(tmp_path / "avis.csv")
    with pytest.raises(ReadError, match="none to read"):
        vm.read(tmp_path)


def test_a_path_may_be_a_string(tmp_path):
    FRAME.to_csv(tmp_path / "avis.csv", index=False)
    assert len(vm.read(os.fspath(tmp_path / "avis.csv"))) == 2


def test_lines_that_are_not_json_are_rejected_rows(tmp_path):
    file = tmp_path / "avis.jsonl"
    lines = [json.dumps(RECORDS[0]), '{"id": "2", "tex', "", json.dumps(RECORDS[1], ensure_ascii=False) + "\u2028", "3"]
    file.write_text("\n".join(lines), encoding="utf-8")
    corpus = vm.read(file)
    assert corpus.turns["row"].to_pylist() == [0]
    assert corpus.rejected.select(["row", "reason"]).to_pylist() == [
        {"row": row, "reason": "malformed_row"} for row in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (["Bonjour", "Merci"], ["Bonjour", "Merci"]),
        ({"total": 1, "avis": [{"texte": "Bonjour à vous"}]}, ["Bonjour à vous"]),
        ({"texte": "Bonjour à vous"}, ["Bonjour à vous"]),
    ],
)
def test_json_holds_records_or_texts(tmp_path, content, texts):
    file = tmp_path / "avis.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    assert vm.read(file).turns["text"].to_pylist() == texts


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Export du 1er mai"])
    sheet = book.create_sheet("Avis")
    for row in (
        ["Avis des clients"],
        [],
        ["Date", "Commentaire", "Note", None],
        [pd.Timestamp("2025-04-23 10:00"), "Merci pour votre aide", 5, None],
        [],
        [pd.Timestamp("2025-04-24 10:00"), "Toujours rien reçu", 1, None],
    ):
        sheet.append(row)
    other = book.create_sheet("Réclamations")
    other.append(["texte"])
    other.append(["Je veux être remboursée"])
    file = tmp_path / "avis.xlsx"
    book.save(file)
    return file


def test_the_first_sheet_with_rows_is_read_and_said(workbook):
    corpus = vm.read(workbook)
    assert corpus.contacts["rating"].to_pylist() == [5.0, 1.0]
    assert corpus.contacts["started_at"].null_count == 0
    notes = corpus.quality().sources[0].notes
    assert notes == (
        "feuille « Avis » ; non lues : « Lisez-moi », « Réclamations »",
        "1 lignes au-dessus de l’en-tête",
    )


def test_a_sheet_may_be_named(workbook):
    assert vm.read(workbook, sheet="Réclamations").turns["text"].to_pylist() == ["Je veux être remboursée"]
    assert vm.read(workbook, sheet=2).turns["text"].to_pylist() == ["Je veux être remboursée"]
    with pytest.raises(ReadError, match="'Lisez-moi', 'Avis', 'Réclamations'"):
        vm.read(workbook, sheet="Avril")

"""`read`: files of all kinds, alone or in a folder."""

import gzip
import json
import os
import re
import traceback
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.chart import BarChart, Reference

import vocmine as vm
from vocmine.errors import ReadError

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


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("avis.csv", b"", "empty file"),
        ("avis.csv", b" \n\n", "empty file"),
        ("avis.pdf", b"%PDF", r"got \.pdf, expected one of .*\.csv"),
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


def _save(book, file, *, dimension=None):
    """Save a workbook; `dimension` is the area that its sheets then announce, true or not."""
    book.save(file)
    if dimension is None:
        return
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % dimension, part))


@pytest.mark.parametrize("dimension", [b"A1", b"A1:B2", b"A1:Z99"])
def test_a_sheet_is_read_whole_whatever_the_area_it_announces(tmp_path, dimension):
    book = openpyxl.Workbook()
    for row in (["id", "texte", "note"], [1, "Bonjour", 5], [2, "Merci", 4], [3, "Toujours rien reçu", 1]):
        book.active.append(row)
    _save(book, tmp_path / "avis.xlsx", dimension=dimension)
    corpus = vm.read(tmp_path / "avis.xlsx")
    assert corpus.contacts["contact_id"].to_pylist() == ["1", "2", "3"]
    assert corpus.contacts["rating"].to_pylist() == [5.0, 4.0, 1.0]


def test_characters_that_excel_escapes_are_read(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "texte"], [1, "Bonjour_x000D_\nToujours rien reçu"]):
        book.active.append(row)
    book.save(tmp_path / "avis.xlsx")
    assert vm.read(tmp_path / "avis.xlsx").turns["text"].to_pylist() == ["Bonjour\nToujours rien reçu"]


def test_a_sheet_that_is_a_chart_is_no_table(workbook):
    book = openpyxl.load_workbook(workbook)
    chart = BarChart()
    chart.add_data(Reference(book["Avis"], min_col=3, min_row=3, max_row=6))
    book.create_chartsheet("Courbe", 0).add_chart(chart)
    book.save(workbook)
    assert len(vm.read(workbook)) == 2
    assert vm.read(workbook, sheet=2).turns["text"].to_pylist() == ["Je veux être remboursée"]
    with pytest.raises(ReadError, match="'Lisez-moi', 'Avis', 'Réclamations'"):
        vm.read(workbook, sheet="Courbe")


def test_an_object_alone_in_a_file_of_lines_is_a_record(tmp_path):
    record = {"texte": "Bonjour à vous", "pièces": [{"nom": "ma facture du mois de mai.pdf"}]}
    (tmp_path / "avis.jsonl").write_text(json.dumps(record), encoding="utf-8")
    assert vm.read(tmp_path / "avis.jsonl").turns["text"].to_pylist() == ["Bonjour à vous"]


def test_a_json_name_that_is_no_unicode_is_repaired(tmp_path):
    (tmp_path / "avis.json").write_text('[{"texte": "Bonjour à vous", "\\ud83d": 1}]', encoding="utf-8")
    assert vm.read(tmp_path / "avis.json").contacts["\ufffd"].to_pylist() == [1]


def test_the_index_of_a_frame_saved_as_parquet_is_a_column_again(tmp_path):
    FRAME.set_index("id").to_parquet(tmp_path / "avis.parquet")
    corpus = vm.read(tmp_path / "avis.parquet")
    assert corpus.contacts["contact_id"].to_pylist() == ["1", "2"]
    assert corpus.index.tolist() == [0, 1]


def test_parquet_columns_of_one_name_are_all_read(tmp_path):
    columns = [pa.array(["Bonjour"]), pa.array([1]), pa.array([2])]
    pq.write_table(pa.table(columns, names=["texte", "a", "a"]), tmp_path / "avis.parquet")
    assert vm.read(tmp_path / "avis.parquet").contacts.column_names[-2:] == ["a", "a_2"]


@pytest.mark.parametrize("name", ["~$avis.xlsx", "._avis.csv"])
def test_locks_and_hidden_files_of_a_folder_are_left_aside_and_named(tmp_path, name):
    FRAME.to_csv(tmp_path / "avis.csv", index=False)
    (tmp_path / name).write_bytes(b"\x00\x05")
    corpus = vm.read(tmp_path)
    assert len(corpus) == 2
    assert corpus.quality().skipped == ((name, "fichier de travail"),)


def test_what_is_no_path_is_refused(tmp_path):
    with pytest.raises(ReadError, match="got a list, expected the path"):
        vm.read([tmp_path])


def test_a_workbook_damaged_inside_says_what_to_do(tmp_path):
    file = tmp_path / "avis.xlsx"
    FRAME.to_excel(file, index=False)
    whole = file.read_bytes()
    start = whole.index(b"xl/worksheets/sheet1.xml")
    file.write_bytes(whole[: start + 60] + b"\xff" * 40 + whole[start + 100 :])
    with pytest.raises(ReadError, match="save it again"):
        vm.read(file)


def test_a_parquet_file_whose_notes_on_the_frame_are_damaged_says_what_to_do(tmp_path):
    table = pa.table({"texte": ["Bonjour"]}).replace_schema_metadata({"pandas": "{oups"})
    pq.write_table(table, tmp_path / "avis.parquet")
    with pytest.raises(ReadError, match="check how it was exported"):
        vm.read(tmp_path / "avis.parquet")


def test_a_damaged_parquet_page_is_told_without_a_word_of_it(tmp_path):
    path = tmp_path / "avis.parquet"
    pq.write_table(pa.table({"texte": ["Il a dit non hier soir"]}), path, compression="none", use_dictionary=False)
    path.write_bytes(path.read_bytes().replace(b"Il a dit", b"\xffl a dit"))
    with pytest.raises(ReadError, match="got something else than Parquet") as caught:
        vm.read(path)
    assert "dit" not in "".join(traceback.format_exception(caught.value))

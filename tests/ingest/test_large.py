"""A file that memory has no room for is read chunk by chunk, and gives what it gives when it is read whole."""

import csv
import gzip
import io
import json
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import vocmine as vm
from vocmine.corpus import RawRows
from vocmine.errors import ReadError
from vocmine.ingest.large import read_large
from vocmine.ingest.spill import Spill

ROWS = [
    {
        "id": f"C{row:03d}",
        "client": f"K{row % 7}",
        "date": f"{1 + row % 28:02d}/0{1 + row % 9}/2025",
        "canal": "Courriel" if row % 3 else "Appel",
        "note": row % 5 + 1,
        "ville": "Lyon" if row > 40 else None,
        "texte": None if row == 33 else f"Euh, toujours rien reçu depuis {row} jours\n\nCordialement,\nLéa Roy",
    }
    for row in range(90)
]
TURNS = [
    {
        "id": f"C{row // 4:03d}",
        "locuteur": "Client" if row % 2 else "Agent",
        "texte": f"Message {row}",
        "humeur": row % 3,
    }
    for row in range(90)
]
MAIL = """From lea Thu Apr  3 10:00:00 2025
From: Léa Roy <lea.roy@exemple.fr>
To: contact@exemple.com
Subject: Colis {number}
Message-ID: <m{number}@exemple.fr>
Date: Thu, 3 Apr 2025 10:00:00 +0200
Content-Type: text/plain; charset=utf-8

Où est mon colis {number} ?

"""


def table(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def parquet(rows):
    data = io.BytesIO()
    pd.DataFrame(rows).to_parquet(data)
    return data.getvalue()


def lines(rows):
    return "\n".join(json.dumps(row) for row in rows).encode()


FILES = {
    "contacts.csv": table(ROWS) + b"trop,court\n",
    "contacts.csv.gz": gzip.compress(table(ROWS)),
    "contacts.tsv": table(ROWS).replace(b",", b"\t"),
    "contacts.jsonl": lines(ROWS) + b'\n{"id": "C9\n\n3',
    "contacts.json": json.dumps(ROWS).encode(),
    "lignes.json": lines(ROWS),
    "contacts.parquet": parquet(ROWS),
    "tours.csv": table(TURNS),
    "tours.jsonl": lines([{k: v for k, v in row.items() if k != "humeur" or v} for row in TURNS]),
    "boite.mbox": "".join(MAIL.format(number=number) for number in range(90)).encode(),
    "types.jsonl": lines([{**row, "note": row["id"] if number > 60 else number} for number, row in enumerate(TURNS)]),
    "nouvelle.jsonl": lines([row if number < 50 else {**row, "rappel": number} for number, row in enumerate(ROWS)]),
}


@pytest.fixture
def in_chunks(monkeypatch):
    """Make batches and chunks small, and no file small enough to be read whole."""
    monkeypatch.setattr("vocmine.ingest.tables.WHOLE_BYTES", 100)
    for module in ("batches", "row_groups"):
        monkeypatch.setattr(f"vocmine.ingest.{module}.BATCH_ROWS", 10)
    monkeypatch.setattr("vocmine.ingest.mail.rows.BATCH", 10)
    monkeypatch.setattr("vocmine.ingest.large.CHUNK_ROWS", 16)
    monkeypatch.setattr("vocmine.ingest.large.HEAD_ROWS", 30)


@pytest.mark.parametrize("name", FILES)
def test_chunks_give_what_the_whole_gives(tmp_path, name, in_chunks):
    (tmp_path / name).write_bytes(FILES[name])
    with pytest.MonkeyPatch.context() as whole:
        whole.setattr("vocmine.ingest.tables.WHOLE_BYTES", 2**26)
        expected = vm.read(tmp_path / name, memory=None)
    corpus = vm.read(tmp_path / name, memory=1, spill=tmp_path)
    for kind, wanted in expected.tables().items():
        got = corpus.tables()[kind]
        assert sorted(got.column_names) == sorted(wanted.column_names)
        assert got.select(wanted.column_names).to_pylist() == wanted.to_pylist(), kind
    assert corpus.index.equals(expected.index)
    assert corpus.dates == expected.dates
    assert (
        corpus.quality()
        .to_frame()
        .query("section != 'sources'")
        .equals(expected.quality().to_frame().query("section != 'sources'"))
    )


def test_the_corpus_lies_on_the_disk_and_leaves_nothing_there(tmp_path, in_chunks):
    (tmp_path / "a.csv").write_bytes(FILES["contacts.csv"])
    before = pa.total_allocated_bytes()
    corpus = vm.read(tmp_path / "a.csv", memory=1, spill=tmp_path)
    assert pa.total_allocated_bytes() - before < 1_000
    assert corpus.turns.nbytes > 5_000
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_memory_has_no_room_for_is_the_same(tmp_path, in_chunks):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    expected = vm.read(tmp_path, memory=None)
    for memory in (1, 20_000):
        corpus = vm.read(tmp_path, memory=memory)
        for kind, wanted in expected.tables().items():
            assert corpus.tables()[kind].select(wanted.column_names).to_pylist() == wanted.to_pylist(), kind
        assert corpus.index.equals(expected.index)


def test_a_contact_that_comes_back_in_another_chunk_is_rejected(tmp_path, in_chunks):
    (tmp_path / "tours.csv").write_bytes(table([*TURNS, {**TURNS[0], "texte": "Encore moi"}]))
    corpus = vm.read(tmp_path / "tours.csv", memory=1)
    assert corpus.rejected.select(["row", "contact_id", "reason"]).to_pylist() == [
        {"row": 90, "contact_id": "C000", "reason": "duplicate_id"}
    ]
    assert corpus.rows_in == 91


def test_a_file_cut_off_after_many_rows_is_quarantined_whole(tmp_path, in_chunks):
    (tmp_path / "a.csv").write_bytes(FILES["contacts.csv"])
    (tmp_path / "b.csv.gz").write_bytes(FILES["contacts.csv.gz"][:-20])
    with pytest.raises(ReadError, match="cannot be read"):
        vm.read(tmp_path / "b.csv.gz", memory=1)
    corpus = vm.read(tmp_path, memory=1)
    assert corpus.rejected["reason"].to_pylist() == ["missing_text", "malformed_row", "unreadable_file"]
    assert corpus.rows_in == 92


def test_the_report_counts_dates_over_all_chunks(tmp_path, in_chunks):
    (tmp_path / "a.csv").write_bytes(table([*ROWS, {**ROWS[0], "id": "X", "date": "hier"}]))
    (read,) = vm.read(tmp_path / "a.csv", memory=1).dates
    assert (read.read, read.unparsable, read.dayfirst, read.dayfirst_from) == (90, 1, True, "values")


def test_columns_that_a_format_knows_need_not_be_in_every_batch():
    known = {"contact_id": "contact_id", "text": "text", "rating": "rating"}
    first = RawRows(pd.DataFrame({"contact_id": ["a"], "text": ["Bonjour"], "rating": [4]}), known=known)
    second = replace(first, frame=pd.DataFrame({"contact_id": ["b"], "text": ["Merci"]}), positions=[1])
    corpus = read_large([first], iter([second]), {}, Spill(), clean=False)
    assert corpus.contacts["rating"].to_pylist() == [4.0, None]

"""`read` on folders of mixed exports: one file of each kind, those left aside, those that cannot be read."""

import gzip

import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import ColumnError, ReadError

TABLE = "id;texte;date\nF1;Toujours rien reçu;23/04/2025\nF2;;24/04/2025\n"
CALL = """WEBVTT

00:01.000 --> 00:03.000
<v Conseillère>Bonjour, que puis-je pour vous ?

00:04.000 --> 00:06.000
<v Cliente>Ma box est en panne.
"""
MAIL = """From: Léa Roy <lea.roy@exemple.fr>
To: contact@exemple.com
Subject: Colis
Message-ID: <{id}@exemple.fr>
Date: Thu, 3 Apr 2025 10:00:00 +0200
Content-Type: text/plain; charset=utf-8

Où est mon colis ?
"""
CHAT = "Client : Je veux résilier\nConseiller : Je regarde votre dossier\n"
POSTS = '[{"id": "x1", "texte": "Merci pour votre aide"}]'


def write(folder, files):
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def mixed(tmp_path):
    write(
        tmp_path,
        {
            "a/appel.vtt": CALL,
            "a/tchat.txt": CHAT,
            "b/m1.eml": MAIL.format(id="m1"),
            "b/m2": MAIL.format(id="m2"),
            "b/mots.mbox": "From lea Thu Apr  3 10:00:00 2025\n" + MAIL.format(id="m3"),
            "formulaire.csv": TABLE,
            "posts.json": POSTS,
            "posts.jsonl.gz": gzip.compress(POSTS[1:-1].replace("x1", "x2").encode()),
            "logo.png": b"\x89PNG\r\n",
            "LISEZMOI": "Exports du printemps",
        },
    )
    pd.DataFrame({"texte": ["Un vrai plaisir"]}).to_parquet(tmp_path / "z.parquet")
    pd.DataFrame({"texte": ["Un vrai bonheur"]}).to_excel(tmp_path / "z.xlsx", index=False)
    return tmp_path


def test_a_mixed_folder_is_read_in_the_order_of_names(mixed):
    corpus = vm.read(mixed)
    assert corpus.turns["text"].to_pylist() == [
        "Bonjour, que puis-je pour vous ?",
        "Ma box est en panne.",
        "Je veux résilier",
        "Je regarde votre dossier",
        *["Où est mon colis ?"] * 3,
        "Toujours rien reçu",
        "Merci pour votre aide",
        "Merci pour votre aide",
        "Un vrai plaisir",
        "Un vrai bonheur",
    ]
    assert corpus.turns["speaker"].to_pylist()[:5] == ["agent", "customer", "customer", "agent", "customer"]
    assert dict(zip(*corpus.contacts.select(["source", "channel"]).to_pydict().values(), strict=True)) == {
        "a/appel.vtt": "phone",
        "a/tchat.txt": "phone",
        **dict.fromkeys(("b/m1.eml", "b/m2", "b/mots.mbox"), "email"),
        **dict.fromkeys(("formulaire.csv", "posts.json", "posts.jsonl.gz", "z.parquet", "z.xlsx"), "other"),
    }


def test_every_row_is_a_turn_or_is_rejected(mixed):
    corpus = vm.read(mixed)
    assert corpus.rows_in == corpus.turns.num_rows + corpus.rejected.num_rows == len(corpus.index) == 13
    assert corpus.rejected.select(["source", "reason"]).to_pylist() == [
        {"source": "formulaire.csv", "reason": "missing_text"}
    ]
    assert sum(source.rows for source in corpus.quality().sources) == 13


def test_rows_are_counted_over_the_folder_and_the_index_within_each_file(mixed):
    corpus = vm.read(mixed)
    assert corpus.turns["row"].to_pylist() == [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]
    assert corpus.index.tolist() == [0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]


def test_the_report_names_the_files_left_aside(mixed):
    assert vm.read(mixed).quality().skipped == (
        ("LISEZMOI", "extension absente non lue"),
        ("logo.png", "extension .png non lue"),
    )


UNREADABLE = {
    "vide.csv": (b"", "got an empty file"),
    "coupé.csv.gz": (gzip.compress(TABLE.encode())[:-9], "cannot be read"),
    "montants.csv": (b"montant\n12\n", "got a table without a column that is clearly the text"),
    "faux.parquet": (b"PK", "got something else than Parquet"),
    "faux.xlsx": (b"PK", "got no .xlsx workbook"),
    "cassé.json": (b"[{", "got no line that is JSON"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_one_rejected_row(tmp_path, name):
    content, detail = UNREADABLE[name]
    write(tmp_path, {"a.csv": TABLE, name: content, "z.eml": MAIL.format(id="z")})
    corpus = vm.read(tmp_path)
    assert corpus.turns["text"].to_pylist() == ["Toujours rien reçu", "Où est mon colis ?"]
    assert len(corpus.index) == corpus.rows_in == 4
    (entry,) = (each for each in corpus.rejected.to_pylist() if each["reason"] == "unreadable_file")
    assert (entry["source"], entry["row"], entry["contact_id"]) == (name, 2, None)
    assert entry["detail"].startswith(detail)
    assert "1  fichier illisible [unreadable_file]" in str(corpus.quality())


def test_a_first_row_taken_for_a_header_is_not_told(tmp_path):
    write(tmp_path, {"a.csv": TABLE, "b.csv": "Léa Roy,Lyon\nRené Petit,Brest\n"})
    (detail,) = vm.read(tmp_path).rejected["detail"].to_pylist()[1:]
    assert "Roy" not in detail


def test_a_folder_where_nothing_can_be_read_is_an_error(tmp_path):
    write(tmp_path, {"a.csv": "", "b.json": "{"})
    with pytest.raises(ReadError, match=r"got 2 files of which none can be read; the first: a\.csv: got an empty file"):
        vm.read(tmp_path)


def test_the_same_file_alone_is_an_error(tmp_path):
    write(tmp_path, {"montants.csv": "montant\n12\n"})
    with pytest.raises(ColumnError, match=r"^montants\.csv: no column is clearly"):
        vm.read(tmp_path / "montants.csv")


def test_an_option_that_does_not_exist_is_told_before_any_file_is_read(mixed):
    with pytest.raises(ColumnError, match="Did you mean 'contact_id'"):
        vm.read(mixed, contactid="id")


def test_names_follow_the_source_given(mixed):
    assert vm.read(mixed, source="avril").contacts["source"][0].as_py() == "avril/a/appel.vtt"


def test_addresses_of_the_company_tell_its_agents(tmp_path):
    write(tmp_path, {"m.eml": MAIL.format(id="m")})
    assert vm.read(tmp_path / "m.eml", own_addresses=["exemple.fr"]).turns["speaker"].to_pylist() == ["agent"]


def test_cleaning_can_be_left_out(tmp_path):
    write(tmp_path, {"m.eml": MAIL.format(id="m") + "\nCordialement,\nLéa Roy\n"})
    assert vm.read(tmp_path).turns["text"].to_pylist() == ["Où est mon colis ?"]
    assert "Cordialement" in vm.read(tmp_path, clean=False).turns["text"][0].as_py()


def test_a_contact_in_two_files_keeps_the_name_of_its_file(tmp_path):
    write(tmp_path, {"a.eml": MAIL.format(id="m"), "b.eml": MAIL.format(id="m")})
    assert vm.read(tmp_path).contacts["contact_id"].to_pylist() == ["a.eml:m@exemple.fr", "b.eml:m@exemple.fr"]
    assert vm.read(tmp_path, clash="reject").rejected["reason"].to_pylist() == ["duplicate_id"]

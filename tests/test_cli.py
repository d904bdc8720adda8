"""The command line says what it did, writes what it says, and exits with a code a pipeline can use."""

import json
import os
import socket
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

import vocmine as vm
from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.inference import Model


def vocmine(*arguments, cwd, encoding="utf-8"):
    command = [sys.executable, "-m", "vocmine", *map(str, arguments)]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding=encoding, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("cli")
    contacts = pd.DataFrame(
        {
            "numero": ["A1", "A2", "A3"],
            "message": ["C'est honteux, toujours pas remboursé !", "Merci, conseiller très aimable.", None],
            "date": ["03/04/2026 10:00", "25/04/2026 11:30", "26/04/2026 09:00"],
        }
    )
    contacts.to_csv(where / "contacts.csv", index=False, sep=";")
    Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors()).save_pretrained(where / "tiny")
    return where


@pytest.fixture(scope="module")
def scored(folder):
    return vocmine("score", "contacts.csv", "--text", "message", "--id", "numero", "--out", "scored", cwd=folder)


def test_score_writes_tables_and_page_and_says_it_in_french(scored, folder):
    assert scored.returncode == 0, scored.stderr
    contacts = vm.Analysis.load(folder / "scored").contacts
    assert contacts.set_index("contact_id")["sentiment"].to_dict() == {"A1": "negative", "A2": "positive"}
    assert (folder / "scored" / "voc.html").exists()
    assert "contacts" in scored.stdout
    assert "message" in scored.stderr  # the column that was read


def test_report_from_a_saved_analysis(scored, folder):
    done = vocmine("report", "scored", "--out", "page.html", "--language", "en", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert '<html lang="en"' in (folder / "page.html").read_text(encoding="utf-8")


def test_stream_writes_parquet_chunk_by_chunk_and_goes_on_where_it_was(folder):
    command = (
        "stream",
        "contacts.csv",
        "--text",
        "message",
        "--id",
        "numero",
        "--out",
        "streamed",
        "--chunk-rows",
        "1",
    )
    command += ("--precision", "int8", "--cache", "cache", "--json")
    first, again = (vocmine(*command, cwd=folder) for _ in range(2))
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert json.loads(first.stdout) == json.loads(again.stdout)
    assert json.loads(first.stdout)["reasons"] == {"missing_text": 1}
    contacts = pd.read_parquet(folder / "streamed" / "contacts")
    assert contacts.set_index("contact_id")["sentiment"].to_dict() == {"A1": "negative", "A2": "positive"}


def test_json_is_json_and_nothing_else(folder):
    done = vocmine("score", "contacts.csv", "--text", "message", "--out", "again", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)


def test_a_terminal_of_few_characters_gets_what_it_can_show(scored, folder):
    shown = vocmine("report", "scored", "--out", "page.html", cwd=folder, encoding="cp1252")
    assert shown.returncode == 0, shown.stderr
    assert "contacts" in shown.stdout
    as_json = vocmine("report", "scored", "--out", "page.html", "--json", cwd=folder, encoding="cp1252")
    assert "remboursé" in json.loads(as_json.stdout)["quotes"]["negative"][0]["text"]


def test_names_may_hold_spaces_and_accents(folder):
    source, out = folder / "réclamations d'avril.csv", folder / "sortie été"
    source.write_text("message\nMerci beaucoup !\n", encoding="utf-8")
    done = vocmine("score", source.name, "--out", out.name, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (out / "voc.html").exists()


def test_the_demonstration_has_its_contacts_and_no_network():
    from vocmine.cli.demonstration import network_closed, sample_file
    from vocmine.errors import VocmineError

    assert sample_file(Path(str(files("vocmine"))), "contacts.csv").name == "contacts.csv"
    before = socket.socket.connect
    with network_closed(), pytest.raises(VocmineError, match="network is closed"):
        socket.create_connection(("127.0.0.1", 9))
    assert socket.socket.connect is before


def test_models_lists_what_is_in_the_package(folder):
    (row,) = json.loads(vocmine("models", "--json", cwd=folder).stdout)
    assert row["name"] == "embedded"
    assert {"fr", "en", "de", "es", "it", "pt"} <= set(row["languages"])
    assert "sentiment" in row["heads"]


def test_version(folder):
    assert vocmine("--version", cwd=folder).stdout.strip() == f"vocmine {vm.__version__}"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("score", "absent.csv"), 1, "absent.csv"),
        (("score", "contacts.csv", "--text", "mesage"), 1, "message"),
        (("score", "contacts.csv", "--device", "cuda:9"), 1, "cuda"),
        (("score", "contacts.csv", "--model", "no/model"), 1, "no/model"),
        (
            ("score", "contacts.csv", "--text", "message", "--model", "tiny", "--aspects"),
            1,
            "no head for accessibility",
        ),
        (("score", "contacts.csv", "--timezone", "Europe/Lutèce"), 1, "Lutèce"),
        (("score", "contacts.csv", "--out", "contacts.csv/out"), 1, "check the path"),
        (("score", "."), 1, "would be read as contacts"),
        (("stream", "."), 1, "would be read as contacts"),
        (("report", "."), 1, "manifest.json"),
        (("report", "scored", "--out", "contacts.csv/page.html"), 1, "check the path"),
        (("score",), 2, "SOURCE"),
        (("scores",), 2, "scores"),
    ],
)
def test_errors_are_one_message_and_a_code(scored, folder, arguments, code, says):
    done = vocmine(*arguments, cwd=folder)
    assert done.returncode == code
    assert says.casefold() in done.stderr.casefold()
    assert "Traceback" not in done.stderr


def test_nothing_scored_is_its_own_code(tmp_path):
    (tmp_path / "arabe.csv").write_text("message\nمرحبا، أين طلبي؟\n", encoding="utf-8")
    done = vocmine("score", "arabe.csv", cwd=tmp_path)
    assert done.returncode == 3
    assert "no contact could be scored" in done.stderr

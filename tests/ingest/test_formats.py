"""What a file is, is told by its content, then by its extension."""

import json

import pytest

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.formats import FORMATS, SUFFIXES, format_of

MAIL = """From: lea.roy@exemple.fr
To: contact@exemple.com
Subject: Colis
Date: Thu, 3 Apr 2025 10:00:00 +0200

Où est-il ?
"""
MBOX = f"From lea Thu Apr  3 10:00:00 2025\n{MAIL}"
CALL = "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour\n"
CUES = "1\n00:00:01,000 --> 00:00:02,000\nBonjour\n"
CHAT = "Client : Je veux résilier\nConseiller : Je regarde votre dossier\n"
WHISPER = json.dumps({"text": "Bonjour", "segments": [{"id": 0, "start": 0.0, "end": 1.0, "text": "Bonjour"}]})
TABLE = "id;texte\n1;Bonjour à vous\n2;Merci\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("appel.vtt", CALL, "webvtt"),
        ("appel.txt", CALL, "webvtt"),
        ("appel.srt", CUES, "srt"),
        ("tchat.txt", CHAT, "plain_transcript"),
        ("m.eml", MAIL, "eml"),
        ("1741939200.M1P2.serveur:2,S", MAIL, "eml"),
        ("message.txt", MAIL, "eml"),
        ("boite", MBOX, "mbox"),
        ("boite.mbox", MBOX, "mbox"),
        ("appel.json", WHISPER, "whisper"),
        ("avis.json", '[{"texte": "Bonjour"}]', "json"),
        ("avis.json", "{oups", "json"),
        ("avis.txt", '[{"texte": "Bonjour"}]', "json"),
        ("avis.jsonl", '{"texte": "Bonjour"}', "json_lines"),
        ("avis.csv", TABLE, "delimited"),
        ("avis.txt", TABLE, "delimited"),
        ("avis.csv", CHAT, "delimited"),
        ("avis.parquet", "PAR1", "parquet"),
        ("export.dat", "PAR1", "parquet"),
        ("avis.xlsx", "PK", "spreadsheet"),
        ("LISEZMOI.md", CHAT, None),
        ("reglages.yaml", "client: oui\nagent: non\n", None),
        ("logo.png", "\x89PNG", None),
        ("LISEZMOI", "Exports du printemps", None),
    ],
)
def test_kinds_of_files(tmp_path, name, content, kind):
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = format_of(File(tmp_path / name, name))
    assert (found and found.name) == kind


def test_a_mapping_that_is_chosen_reads_what_it_may_describe(tmp_path):
    for name in ("avis.json", "avis.txt"):
        (tmp_path / name).write_text('[{"texte": "Bonjour"}]', encoding="utf-8")
    choices = Choices(mapping="trustpilot")
    assert format_of(File(tmp_path / "avis.json", "avis.json"), choices).name == "mapping"
    assert format_of(File(tmp_path / "avis.txt", "avis.txt"), choices).name == "json"


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(ReadError, match="cannot be read"):
        format_of(File(tmp_path / "absent.csv", "absent.csv"))


def test_every_format_has_a_name_of_its_own_and_an_extension():
    assert len({kind.name for kind in FORMATS}) == len(FORMATS)
    assert all(kind.suffixes and set(kind.suffixes) <= set(SUFFIXES) for kind in FORMATS)

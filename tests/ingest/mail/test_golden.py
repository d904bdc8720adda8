"""Every golden e-mail, in full: its format, each column of each row, what is malformed."""

import json
from pathlib import Path

import pytest

from vocmine import Corpus
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail import FORMATS

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "email"
GOLDEN = sorted(path for path in FOLDER.iterdir() if not path.name.endswith((".expected.json", ".md")))
CHOICES = Choices(own_addresses=("voltea.exemple", "formulaire.exemple"))


def read(path):
    file = File(path, path.name)
    fitting = [each for each in FORMATS if each.fits(file)]
    batches = list(fitting[0].rows(file, CHOICES))
    return [each.name for each in fitting], batches


def test_there_are_enough():
    assert len(GOLDEN) >= 25


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_golden(path):
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    formats, (raw,) = read(path)
    assert formats == [expected["format"]]
    assert {str(row): reason for row, reason in raw.malformed.items()} == expected["malformed"]
    rows = raw.frame.to_dict("records")
    assert {row.pop("channel") for row in rows} <= {"email"}
    for row in rows:
        row["at"] = row["at"].isoformat() if row["at"] is not None else None
    assert [{name: value for name, value in row.items() if value is not None} for row in rows] == expected["rows"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_every_message_is_a_turn_or_a_rejected_row(path):
    _, (raw,) = read(path)
    corpus = Corpus.from_rows(raw, {})
    assert len(corpus.turns) + len(corpus.rejected) == raw.n_rows
    assert len(corpus.turns) == len(raw.frame)
    assert set(corpus.contacts["channel"].to_pylist()) <= {"email"}


def test_messages_of_all_files_make_one_corpus():
    corpus = Corpus.concat([Corpus.from_rows(raw, {}) for path in GOLDEN for raw in read(path)[1]])
    assert corpus.contacts["attachments"].to_pylist().count(["facture.pdf"]) == 1
    conversation = corpus.contacts.filter(
        [each == "boite-1@exemple.fr" for each in corpus.contacts["conversation_id"].to_pylist()]
    )
    assert len(conversation) == 3

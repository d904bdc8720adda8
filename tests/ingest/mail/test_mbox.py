"""Mailboxes are cut at their postmarks, and nowhere else; nothing is lost."""

import gzip
import io

import pytest

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail import mbox
from vocmine.ingest.mail.mbox import MBOX, messages

POSTMARK = b"From zoe@exemple.fr Fri Mar 14 08:00:00 2025\n"


def message(number, text="Bonjour"):
    return f"From: zoe@exemple.fr\nSubject: {number}\nMessage-ID: <{number}@exemple.fr>\n\n{text}\n".encode()


def cut(data):
    return [piece.data for piece in messages(io.BytesIO(data))]


def rows(tmp_path, data, name="boite.mbox"):
    (tmp_path / name).write_bytes(data)
    return list(MBOX.rows(File(tmp_path / name, name), Choices()))


def test_one_message_after_the_other():
    assert cut(POSTMARK + message(1) + b"\n" + POSTMARK + message(2)) == [message(1) + b"\n", message(2)]


def test_positions_lead_to_the_bytes():
    data = POSTMARK + message(1) + b"\n" + POSTMARK + message(2)
    for piece in messages(io.BytesIO(data)):
        assert data[piece.start :].startswith(piece.data)


@pytest.mark.parametrize(
    "postmark",
    [
        b"From 18260001@xxx Fri Mar 14 08:00:00 +0000 2025\n",
        b"From - Fri Mar 14 08:00:00 2025\n",
        b"From zoe@exemple.fr  Fri Mar 14 08:00 CET 2025\r\n",
        b"From zoe@exemple.fr\n",
        b"From \n",
    ],
)
def test_postmarks_of_every_program(postmark):
    assert len(cut(postmark + message(1) + b"\n" + postmark + message(2))) == 2


@pytest.mark.parametrize(
    "line",
    [
        "From now on: nothing",
        "From March 2025 at 08:00, rien\nObjet sans deux-points",
        "From: zoe@exemple.fr",
        "\nFrom you\n\nSujet: non",
    ],
)
def test_content_that_begins_like_a_postmark(line):
    assert len(cut(POSTMARK + message(1, f"Voici.\n{line}\nFin.") + b"\n" + POSTMARK + message(2))) == 2


def test_escaped_lines_are_as_they_were():
    (text,) = cut(POSTMARK + message(1, ">From moi\n>>From toi\n> From lui"))
    assert text == message(1, "From moi\n>From toi\n> From lui")


def test_batches_number_the_messages_of_the_whole_file(tmp_path, monkeypatch):
    monkeypatch.setattr("vocmine.ingest.mail.rows.BATCH", 4)
    data = b"".join(POSTMARK + message(number) + b"\n" for number in range(10))
    found = rows(tmp_path, data)
    assert [raw.rows.tolist() for raw in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert [name for raw in found for name in raw.frame["subject"]] == [str(number) for number in range(10)]


def test_a_message_too_long_to_hold_is_malformed(tmp_path, monkeypatch):
    monkeypatch.setattr(mbox, "LONGEST_MESSAGE", 500)
    data = POSTMARK + message(1, "x\n" * 500) + b"\n" + POSTMARK + message(2)
    (raw,) = rows(tmp_path, data)
    assert raw.malformed == {0: "message 1, at byte 45: got more than 500 bytes, expected a message of fewer"}
    assert raw.frame["subject"].tolist() == ["2"]


def test_an_empty_file(tmp_path):
    (raw,) = rows(tmp_path, b"")
    assert raw.n_rows == 0


def test_a_damaged_archive_is_told(tmp_path):
    data = gzip.compress(b"".join(POSTMARK + message(number) + b"\n" for number in range(3_000)))
    with pytest.raises(ReadError, match=r"boite\.mbox\.gz: damaged"):
        rows(tmp_path, data[: len(data) // 2], "boite.mbox.gz")

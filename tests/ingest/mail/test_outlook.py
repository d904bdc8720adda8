"""Messages saved by Outlook, built here property by property."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail import FORMATS

_spec = importlib.util.spec_from_file_location("compound", Path(__file__).with_name("compound.py"))
ole = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(ole)

MSG = FORMATS[0]
SUBJECT, BODY, HTML, SENDER, NAME, CODEPAGE = 0x0037, 0x1000, 0x1013, 0x5D01, 0x0C1A, 0x3FDE
SENT, MESSAGE_ID, INDEX, CLASS, TRANSPORT = 0x0039, 0x1035, 0x0071, 0x001A, 0x007D
FIRST_OF_MARCH = 133_853_040_000_000_000
"""1 March 2025, noon, in tenths of microseconds since 1601."""


def read(tmp_path, tree, **choices):
    path = tmp_path / "message.msg"
    path.write_bytes(tree if isinstance(tree, bytes) else ole.compound(tree))
    file = File(path, path.name)
    assert MSG.fits(file)
    (raw,) = MSG.rows(file, Choices(**choices))
    assert raw.n_rows == 1
    return raw


def row(tmp_path, tree, **choices):
    return read(tmp_path, tree, **choices).frame.to_dict("records")[0]


@pytest.fixture
def message():
    return {
        (CLASS, ole.STRING): "IPM.Note",
        (SUBJECT, ole.STRING): "RE: Devis",
        (BODY, ole.STRING): "Le devis est périmé.\r\n\r\nDe : Cuisines\r\n",
        (SENDER, ole.STRING): "Luc.Essai@exemple.fr",
        (NAME, ole.STRING): "Luc Essai",
        (SENT, ole.TIME): FIRST_OF_MARCH,
        (INDEX, ole.BINARY): bytes(range(27)),
    }


def test_what_the_properties_say(tmp_path, message):
    tree = ole.storage(
        message,
        **{
            "__recip_version1.0_#00000000": ole.recipient("devis@cuisine.exemple"),
            "__attach_version1.0_#00000000": ole.attachment("plan coté.pdf"),
        },
    )
    told = row(tmp_path, tree)
    assert told["text"] == "Le devis est périmé.\n\nDe : Cuisines"
    assert (told["speaker"], told["customer_id"]) == ("customer", "luc.essai@exemple.fr")
    assert (told["subject"], told["to"]) == ("RE: Devis", ["devis@cuisine.exemple"])
    assert told["attachments"] == ["plan coté.pdf"]
    assert told["at"] == datetime(2025, 3, 1, 12, tzinfo=UTC)
    assert told["conversation_id"].startswith("thread-index:")
    assert len(told["contact_id"]) == 32


def test_fields_it_came_with_count_before_properties(tmp_path, message):
    message[TRANSPORT, ole.STRING] = (
        "Message-ID: <devis-2@exemple.fr>\r\nReferences: <devis-1@exemple.fr>\r\nFrom: zoe.essai@exemple.fr\r\n"
    )
    told = row(tmp_path, ole.storage(message))
    assert told["contact_id"] == "devis-2@exemple.fr"
    assert told["conversation_id"] == "devis-1@exemple.fr"
    assert told["customer_id"] == "zoe.essai@exemple.fr"


def test_markup_alone_is_converted_in_its_code_page(tmp_path, message):
    del message[BODY, ole.STRING]
    message[HTML, ole.BINARY] = "<p>Très déçue, 12 € perdus</p>".encode("cp1252")
    message[CODEPAGE, ole.INTEGER] = 1252
    told = row(tmp_path, ole.storage(message))
    assert (told["text"], told["text_from"]) == ("Très déçue, 12 € perdus", "html")


def test_text_of_eight_bits(tmp_path, message):
    del message[BODY, ole.STRING]
    message[BODY, ole.STRING8] = "Déjà réglé".encode("cp1252")
    message[CODEPAGE, ole.INTEGER] = 1252
    assert row(tmp_path, ole.storage(message))["text"] == "Déjà réglé"


def test_a_long_text_is_whole(tmp_path, message):
    message[BODY, ole.STRING] = "La facture est fausse. " * 1_000
    assert len(row(tmp_path, ole.storage(message))["text"]) == 23_000


def test_a_message_within_a_message_is_a_transfer(tmp_path, message):
    inner = ole.storage(
        {(SUBJECT, ole.STRING): "Refus", (BODY, ole.STRING): "Dossier refusé.", (SENDER, ole.STRING): "a@exemple.fr"},
        kind="embedded",
    )
    held = ole.attachment("Refus.msg", **{"__substg1.0_3701000D": inner})
    told = row(tmp_path, ole.storage(message, **{"__attach_version1.0_#00000000": held}))
    assert told["text"] == (
        "Le devis est périmé.\n\nDe : Cuisines\n\n"
        "---------- Message transféré ----------\nDe : a@exemple.fr\nObjet : Refus\n\nDossier refusé."
    )


def test_an_encrypted_message_is_malformed(tmp_path, message):
    message[CLASS, ole.STRING] = "IPM.Note.SMIME"
    raw = read(tmp_path, ole.storage(message))
    assert "encrypted" in raw.malformed[0]


def test_damage_is_told_without_the_content(tmp_path, message):
    data = ole.compound(ole.storage(message))
    for length in (600, 1_500, len(data) // 2):
        with pytest.raises(ReadError, match=r"message\.msg: got a compound file") as told:
            read(tmp_path, data[:length])
        assert "devis" not in str(told.value).lower()

"""Encodings and separators are told from the content."""

import pytest

from vocmine.errors import ReadError
from vocmine.ingest.sniff import NO_SEPARATOR, decode, find_separator

FRENCH = "id;texte\n1;Déçue, très déçue : ça fait près d’un mois que j’attends à l’hôtel.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_told(encoding):
    text, found = decode(FRENCH.encode(encoding))
    assert text == FRENCH
    assert found == encoding


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_encodings_of_old_machines_are_told_by_french_accents(encoding):
    plain = FRENCH.replace("’", "'")
    assert decode(plain.encode(encoding)) == (plain, encoding)


def test_a_few_stray_bytes_do_not_spoil_utf_8():
    data = ("é" * 50).encode() + "É".encode("cp1252")
    text, found = decode(data)
    assert text == "é" * 50 + "É"
    assert found == "utf-8, sauf 1 octets lus en cp1252"


def test_bytes_that_windows_leaves_undefined_become_c1_controls():
    assert decode(b"\xe9t\xe9 \x81")[0] == "été \x81"


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_refused():
    with pytest.raises(ReadError, match="utf-8 or cp1252"):
        decode(b"a", "utf-9")
    with pytest.raises(ReadError, match="position 2"):
        decode(b"id\xe9", "utf-8")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_told_in_spite_of_others_in_the_text(separator):
    lines = [("id", "texte"), ("1", "Bonjour"), ("2", '"oui ; non, peut-être | ou\tpas\nenfin ""si"""')]
    assert find_separator("\n".join(separator.join(line) for line in lines)) == separator


def test_one_column_has_no_separator():
    assert find_separator("texte\nBonjour, merci\nEncore vous, encore moi\n") == NO_SEPARATOR


def test_the_punctuation_of_windows_is_not_taken_for_accents_of_old_machines():
    text = "id;texte\n1;“Non” – je n’ai rien reçu… 12 €\n2;Pas content… du tout\n"
    assert decode(text.encode("cp1252")) == (text, "cp1252")
    english = "id;texte\n1;“Hello” – it’s late…\n"
    assert decode(english.encode("cp1252")) == (english, "cp1252")


def test_a_name_of_encoding_that_is_no_name_is_refused():
    with pytest.raises(ReadError, match="utf-8 or cp1252"):
        decode(b"a", "utf\0")

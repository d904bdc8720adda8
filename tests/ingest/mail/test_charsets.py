"""Bytes are decoded by what they are declared to be, unless they say otherwise."""

import pytest

from vocmine.ingest.mail.charsets import decode_text

TEXT = "Déjà payé, où est l’œuvre à 12 € ?"


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF8", "cp1252", "windows-1252", "utf-16", "utf-16-le", "utf-32", "gb18030", '"utf-8"']
)
def test_as_declared(charset):
    assert decode_text(TEXT.encode(charset.strip('"')), charset) == TEXT


@pytest.mark.parametrize(
    "charset", ["us-ascii", "iso-8859-1", "latin-1", "windows-1252", "unknown-8bit", "x-user", None]
)
def test_utf_8_under_another_name(charset):
    assert decode_text(TEXT.encode(), charset) == TEXT


@pytest.mark.parametrize("charset", ["us-ascii", "iso-8859-1", "unknown-8bit", "utf-8", "utf-16", "", None])
def test_windows_1252_under_another_name(charset):
    assert decode_text(TEXT.encode("cp1252"), charset) == TEXT


def test_latin_9_has_its_own_signs():
    assert decode_text("12 €, le cœur".encode("iso-8859-15"), "iso-8859-15") == "12 €, le cœur"


@pytest.mark.parametrize(
    "charset", ["utf-7", "rot13", "unicode_escape", "idna", "punycode", "base64", "hex", "undefined"]
)
def test_what_is_no_charset_of_mail_is_not_applied(charset):
    assert decode_text(rb"+ADw-b+AD4- \u00e9 68", charset) == r"+ADw-b+AD4- \u00e9 68"


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-16", "utf-32", "gb18030", "shift_jis", "iso-2022-jp", "hz", "\0", "é" * 99]
)
def test_never_fails(charset):
    for data in (b"", b"\xff", b"\x81\x8d", bytes(range(256)), b"\x1b$B\xff", b"~{\xff"):
        assert isinstance(decode_text(data, charset), str)

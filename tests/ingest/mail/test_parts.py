"""Which part is the text, whatever the damage; time and depth in proportion."""

import pytest

from vocmine.ingest.mail.body import read_body
from vocmine.ingest.mail.parts import parse


def body(text):
    return read_body(parse(text.encode()))


def mixed(*parts, kind="mixed", boundary="b"):
    written = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\nPréambule\n{written}--{boundary}--\nÉpilogue\n"


def part(text, kind="plain", fields=""):
    return f"Content-Type: text/{kind}; charset=utf-8\n{fields}\n{text}"


class TestAlternatives:
    @pytest.mark.parametrize(
        ("plain", "html", "text"),
        [
            ("Bonjour, rien reçu.", "<p>Bonjour, rien reçu.</p>", "Bonjour, rien reçu."),
            ("", "<p>Rien reçu.</p>", "Rien reçu."),
            (" \n\xa0\n", "<p>Rien reçu.</p>", "Rien reçu."),
            ("Version HTML seulement.", "<p>Toujours rien reçu depuis lundi.</p>", "Toujours rien reçu depuis lundi."),
            ("Lire dans le navigateur :", "", "Lire dans le navigateur :"),
            ("Bonjour", "<style>p{}</style><p>Bonjour</p><img alt='x'>", "Bonjour"),
        ],
    )
    def test_the_plain_one_unless_it_says_less(self, plain, html, text):
        assert body(mixed(part(plain), part(html, "html"), kind="alternative")).text == text

    def test_a_branch_of_mixed_parts_is_one_alternative(self):
        rich = mixed(part("<p>Avant</p>", "html"), part("<p>Après</p>", "html"), boundary="c")
        assert body(mixed(part(""), rich, kind="alternative")).text == "Avant\n\nAprès"


def test_parts_that_follow_one_another():
    assert body(mixed(part("Avant"), part("<b>Après</b>", "html"))).text == "Avant\n\nAprès"


def test_text_attached_is_not_read():
    attached = part("Journal", fields='Content-Disposition: attachment; filename="a/b/journal.txt"\n')
    found = body(mixed(part("Voici"), attached))
    assert (found.text, found.attachments) == ("Voici", ("journal.txt",))


def test_an_unclosed_multipart_gives_its_parts():
    assert body("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nUn\n--b\n\nDeux").text == "Un\n\nDeux"


def test_a_boundary_within_a_line_is_text():
    assert body(mixed(part("Voir --b\nsuite"))).text == "Voir --b\nsuite"


def test_a_multipart_without_parts_is_text():
    assert body("Content-Type: multipart/mixed; boundary=b\n\nBonjour").text == "Bonjour"


def test_base64_declared_of_clear_text():
    assert body("Content-Transfer-Encoding: base64\n\nCeci est écrit en clair, hélas.").text.startswith(
        "Ceci est écrit"
    )


def test_pgp_in_the_text_is_sealed():
    assert body("From: a\n\n-----BEGIN PGP MESSAGE-----\nhQEMA1\n").sealed


def test_parts_nested_beyond_reason_are_left():
    text = part("Au fond")
    for level in range(60):
        text = mixed(text, boundary=f"b{level}")
    assert body(text).text == ""
    assert body(mixed(mixed(part("Au fond"), boundary="c"))).text == "Au fond"


def test_the_last_of_too_many_parts_holds_the_rest():
    found = body(mixed(*(part(f"Partie {rank}.") for rank in range(3_000))))
    assert all(f"Partie {rank}." in found.text for rank in range(3_000))


def test_lines_ended_as_on_old_machines():
    assert body("Subject: Colis\rContent-Type: text/plain\r\rBonjour\rMerci").text == "Bonjour\nMerci"

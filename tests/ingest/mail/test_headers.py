"""Fields: split, unfolded, decoded."""

import pytest

from vocmine.ingest.mail.headers import decode_base64, decode_words, parameters, parse_headers


def headers(text):
    return parse_headers(text.encode())[0]


class TestFields:
    def test_end_at_the_empty_line(self):
        for end in ("\n", "\r\n"):
            data = f"From: a@exemple.fr{end}To: b@exemple.fr{end}{end}Bonjour : non".encode()
            told, start = parse_headers(data)
            assert data[start:] == b"Bonjour : non"
            assert (told.first("from"), told.first("to")) == ("a@exemple.fr", "b@exemple.fr")

    def test_end_where_the_empty_line_is_missing(self):
        told, start = parse_headers(b"Subject: Colis\nBonjour, rien recu\n")
        assert (told.first("subject"), start) == ("Colis", 15)

    def test_go_on_over_folded_lines(self):
        assert headers("Subject: Une\r\n longue\r\n\tattente\r\n\r\n").first("subject") == "Une longue attente"

    def test_may_be_repeated(self):
        assert headers("Received: deux\nreceived: un\n\n").all("received") == ["deux", "un"]

    def test_may_hold_bytes_of_any_charset(self):
        for charset in ("utf-8", "cp1252"):
            assert parse_headers("Subject: Reçu abîmé\n\n".encode(charset))[0].first("subject") == "Reçu abîmé"

    def test_without_any(self):
        told, start = parse_headers(b"Bonjour")
        assert not told
        assert start == 0


class TestEncodedWords:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("=?utf-8?Q?D=C3=A9lai_d=27attente?=", "Délai d'attente"),
            ("=?ISO-8859-1?B?RmFjdHVyZSDp?= n° 2", "Facture é n° 2"),
            ("=?utf-8*fr?Q?=C3=89t=C3=A9?=", "Été"),
            ("=?utf-8?Q?coup=C3?= =?utf-8?Q?=A9e?=", "coupée"),
            ("=?utf-8?Q?un?=\t =?iso-8859-1?Q?_=E9t=E9?=", "un été"),
            ("=?utf-8?Q?un?= et =?utf-8?Q?deux?=", "un et deux"),
            ("=?utf-8?Q?avec des espaces?=", "avec des espaces"),
            ("=?utf-8?B?RmluIG1hbnF1YW50?=", "Fin manquant"),
            ("=?utf-8?B?RmluIG1hbnF1YW50ZQ?=", "Fin manquante"),
            ("=?inconnu?Q?=E9t=E9?=", "été"),
            ("=?utf-8?X?non?= =?utf-8", "=?utf-8?X?non?= =?utf-8"),
        ],
    )
    def test_are_decoded(self, written, read):
        assert decode_words(written) == read

    def test_base64_may_be_damaged(self):
        assert decode_base64(b"Qm9u am9\r\n1cg!") == b"Bonjour"
        assert decode_base64(b"Q") == b""


class TestParameters:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ('text/plain; charset="utf-8"; Format=flowed', {"charset": "utf-8", "format": "flowed"}),
            ('a; name="un; deux.pdf"', {"name": "un; deux.pdf"}),
            ("a; filename*=iso-8859-1'fr'relev%E9.pdf", {"filename": "relevé.pdf"}),
            ("a; name*1=deux; name*0=un", {"name": "undeux"}),
            ('a; name="=?utf-8?Q?relev=C3=A9?="', {"name": "relevé"}),
            ("a; charset", {}),
            ("a", {}),
        ],
    )
    def test_are_read(self, written, read):
        assert parameters(written) == read


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("Zoé <Zoe.Essai@Exemple.FR>", ["zoe.essai@exemple.fr"]),
            ('"Essai, Zoé" <z@exemple.fr>, l@exemple.fr', ["z@exemple.fr", "l@exemple.fr"]),
            ("'faux@ailleurs.exemple' <vrai@exemple.fr>", ["vrai@exemple.fr"]),
            ("mailer@exemple.fr (Courrier)", ["mailer@exemple.fr"]),
            ("Liste: a@exemple.fr, b@exemple.fr;", ["a@exemple.fr", "b@exemple.fr"]),
            ("undisclosed-recipients:;", []),
        ],
    )
    def test_are_found(self, written, read):
        assert headers(f"To: {written}\n\n").addresses("to") == read

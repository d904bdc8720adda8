"""Who writes to whom."""

import pytest

from vocmine.ingest.mail.headers import parse_headers
from vocmine.ingest.mail.people import automatic, people

OWN = ("voltea.exemple", "Equipe@Partage.exemple")


def told(*fields):
    return parse_headers("\n".join([*fields, "", ""]).encode())[0]


def who(*fields, place="boite.mbox"):
    found = people(told(*fields), OWN, place)
    return found.speaker, found.customer


@pytest.mark.parametrize("sender", ["zoe@exemple.fr", "zoe@pasvoltea.exemple", "autre@partage.exemple"])
def test_a_customer(sender):
    assert who(f"From: {sender}", "To: contact@voltea.exemple") == ("customer", sender)


@pytest.mark.parametrize("sender", ["contact@voltea.exemple", "x@mail.voltea.exemple", "equipe@partage.exemple"])
def test_the_company_by_its_addresses(sender):
    assert who(f"From: {sender}", "To: chef@voltea.exemple, Zoe@exemple.fr") == ("agent", "zoe@exemple.fr")


@pytest.mark.parametrize(
    "place", ["Sent", "exports/Éléments envoyés/12.eml", ".Sent/cur/1", "INBOX.Sent/2", "Sent Items.mbox"]
)
def test_the_company_by_the_folder(place):
    assert who("From: moi@exemple.ca", "To: zoe@exemple.fr", place=place) == ("agent", "zoe@exemple.fr")


def test_the_company_by_the_label():
    fields = ("From: moi@exemple.ca", "To: zoe@exemple.fr", "X-Gmail-Labels: =?utf-8?Q?Ouvert,Messages_envoy=C3=A9s?=")
    assert who(*fields) == ("agent", "zoe@exemple.fr")


def test_a_form_writes_for_the_customer():
    fields = ("From: site@voltea.exemple", "Reply-To: zoe@exemple.fr")
    assert who(*fields, "To: contact@voltea.exemple") == ("customer", "zoe@exemple.fr")
    assert who(*fields, "To: luc@exemple.fr") == ("agent", "luc@exemple.fr")


def test_a_mail_server():
    assert who("From: MAILER-DAEMON@mx.exemple.fr", "To: contact@voltea.exemple") == ("system", None)
    report = "Content-Type: multipart/report; report-type=delivery-status; boundary=a"
    assert who("From: mx@exemple.fr", "To: contact@voltea.exemple", report)[0] == "system"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Auto-Submitted: auto-replied; owner-email=a", "Auto-Submitted"),
        ("Auto-Submitted: no", None),
        ("X-Auto-Response-Suppress: All", "X-Auto-Response-Suppress"),
        ("X-Auto-Response-Suppress: None", None),
        ("X-Autoreply: yes", "X-Autoreply"),
        ("Precedence: bulk", "Precedence"),
        ("Precedence: list", None),
        ("List-Unsubscribe: <https://exemple.fr>", "List-Unsubscribe"),
        ("List-Unsubscribe: <https://exemple.fr>\nList-Post: <mailto:a@exemple.fr>", None),
        ("Return-Path: <>", "Return-Path"),
        ("Return-Path: <a@exemple.fr>", None),
    ],
)
def test_automatic_messages(field, name):
    assert automatic(told(field)) == name

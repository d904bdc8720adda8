"""Messages of one conversation bear one id."""

import base64

import pytest

from vocmine.ingest.mail.headers import parse_headers
from vocmine.ingest.mail.threads import bare_subject, conversation_id


def conversation(*fields, people=("a@exemple.fr", "b@exemple.fr")):
    return conversation_id(parse_headers("\n".join([*fields, "", ""]).encode())[0], people)


def test_the_first_message_and_its_answers():
    first = conversation("Message-ID: <un@exemple.fr>", "Subject: Colis")
    second = conversation("Message-ID: <deux@exemple.fr>", "In-Reply-To: <un@exemple.fr>", "Subject: Re: Colis")
    third = conversation("Message-ID: <trois@exemple.fr>", "References: <un@exemple.fr>\n <deux@exemple.fr>")
    assert first == second == third == "un@exemple.fr"


def test_outlook_without_references():
    second, third = (
        conversation(f"Thread-Index: {index}", f"Message-ID: <{index}@exemple.fr>", "Subject: RE: Colis")
        for index in (base64.b64encode(bytes(range(22)) + after).decode() for after in (b"12345", b"1234567890"))
    )
    assert second == third
    assert second.startswith("thread-index:")


def test_answers_of_webmail_without_any_field():
    second = conversation("Message-ID: <deux@exemple.fr>", "Subject: Re: Colis")
    third = conversation("Subject: RE : Re: colis ", people=("b@exemple.fr", "a@exemple.fr"))
    other = conversation("Subject: Re: Colis", people=("c@exemple.fr", "b@exemple.fr"))
    assert second == third != other


def test_nothing_to_go_by():
    assert conversation("From: a@exemple.fr") is None


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Colis", "colis"),
        ("RE : TR: Fwd: [EXT] Colis", "colis"),
        ("Rép. colis", "rép. colis"),
        ("Réf : 12", "réf : 12"),
        ("AW: Re[3]: Colis", "colis"),
        ("Retard", "retard"),
        ("re:", ""),
    ],
)
def test_marks_of_answers(subject, bare):
    assert bare_subject(subject) == bare

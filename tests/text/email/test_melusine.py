"""Each of the fictional e-mails that melusine ships was read and judged once; what was judged still holds."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from vocmine.text.email import clean_email

pytestmark = pytest.mark.data

FILE = Path(__file__).parent / "melusine_verdicts.csv"
VERDICTS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def bodies(development_data):
    return pd.read_csv(development_data / "melusine_emails" / "emails.csv")["body"].tolist()


def test_every_email_has_a_verdict(bodies):
    assert [int(row["index"]) for row in VERDICTS] == list(range(len(bodies)))
    assert [row["verdict"] for row in VERDICTS].count("wrong") == 3


def test_nothing_of_a_program_or_an_earlier_message_is_kept(bodies):
    for index, body in enumerate(bodies):
        if index in {13, 24}:  # a signature alone
            continue
        kept = clean_email(body).text
        assert kept
        assert not any(mark in kept for mark in ("See attached", "Embedded image", "iPhone", "a écrit :", "Objet :\t"))


def test_the_two_bodies_that_are_a_signature_alone_stay_as_received(bodies):
    assert all(clean_email(bodies[index]).text == bodies[index] for index in (13, 24))


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (0, "établir un devis"),
        (7, "ces changements"),
        (15, "PS:"),
        (20, "75000 Paris"),
        (30, "Notre fils"),
        (35, "la preuve"),
    ],
)
def test_what_the_customer_says_is_kept(bodies, index, words):
    assert words in clean_email(bodies[index]).text

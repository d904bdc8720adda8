"""The benchmark of e-mail reading: what it makes, what both contestants read, what it writes."""

import email
import importlib
import json
from email.policy import default

import pytest


@pytest.fixture(scope="module")
def mail_speed():
    return importlib.import_module("mail_speed")


@pytest.mark.parametrize("kind", ["plain", "alternative", "html", "attachment"])
def test_both_read_the_same_words(mail_speed, kind):
    (data,) = mail_speed.messages(kind, 1)
    body = email.message_from_bytes(data, policy=default).get_body(("plain", "html"))
    assert body.get_content_subtype() == ("html" if kind == "html" else "plain")
    assert mail_speed.theirs([data]) == len(body.get_content())
    read = mail_speed.read_message(data, "message 1").body
    if kind == "html":
        assert read.text.split()[0] in body.get_content()
    else:
        assert read.text.split() == body.get_content().split()
    assert read.attachments == (("relevé.pdf",) if kind == "attachment" else ())


def test_messages_differ_and_markup_is_of_ordinary_size(mail_speed):
    made = mail_speed.messages("html", 20)
    assert len(set(made)) == 20
    assert all(5_000 < len(each) < 50_000 for each in made)


def test_ratios_are_taken_within_rounds(mail_speed):
    found = mail_speed.measured({"plain": mail_speed.messages("plain", 2)}, 3)
    assert set(found) == {"plain", "all"}
    assert found["plain"] == found["all"]
    assert found["all"]["ratio"]["min"] <= found["all"]["ratio"]["median"] <= found["all"]["ratio"]["max"]


def test_the_report(mail_speed, tmp_path, monkeypatch):
    out = tmp_path / "mail_speed.json"
    monkeypatch.setattr("sys.argv", ["mail_speed.py", "--messages", "8", "--rounds", "1", "--out", str(out)])
    monkeypatch.setattr(mail_speed, "pin", lambda _cores: None)
    mail_speed.main()
    report = json.loads(out.read_text(encoding="utf-8"))
    assert set(report["kinds"]) == {*mail_speed.KINDS, "all"}
    assert report["samples"]["plain"]["messages"] == 2

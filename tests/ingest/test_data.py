"""The development data are read as they are, with no option."""

import pytest

import vocmine as vm

pytestmark = pytest.mark.data


def test_accounts_of_public_services(development_data):
    corpus = vm.read(development_data / "services_publics_plus" / "dev.csv")
    quality = corpus.quality()
    assert (len(corpus), corpus.rows_in) == (599, 599)
    assert {column.role: column.column for column in quality.sources[0].columns} == {
        "text": "text",
        "at": "published_at",
        "contact_id": "contact_id",
        "channel": "channels",
    }
    (dates,) = corpus.dates
    assert (dates.read, dates.dayfirst, dates.dayfirst_from, dates.timezone) == (599, True, "values", "Europe/Paris")
    assert quality.languages == {"fr": 599}
    assert 60 < quality.repairs["c1_controls"] < 150
    assert not any("\x80" <= character <= "\x9f" for text in corpus.turns["text"].to_pylist() for character in text)
    assert {"title", "region", "service"} <= set(corpus.contacts.column_names)


def test_tweets_in_eight_languages(development_data):
    corpus = vm.read(development_data / "umsab")
    assert corpus.contacts["source"].value_counts().to_pylist()[0]["values"] == "arabic/train.csv"
    assert len(corpus) == corpus.rows_in == 17_301
    assert "clashing_id" not in corpus.quality().repairs


def test_emails_with_french_dates(development_data):
    corpus = vm.read(development_data / "melusine_emails" / "emails.csv")
    assert len(corpus) == 40
    assert corpus.contacts["started_at"].null_count == 0
    assert str(corpus.contacts["started_at"][0]) == "2018-05-24 09:49:00+00:00"


def test_a_table_without_header_is_not_read_as_one(development_data):
    with pytest.raises(vm.errors.ColumnError):
        vm.read(development_data / "xed_fr" / "fr-projections.tsv")

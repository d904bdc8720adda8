"""How dates are read."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from vocmine import Corpus
from vocmine.corpus.cells import as_cells
from vocmine.corpus.dates import read_dates
from vocmine.corpus.datetext import read_stamp

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(*values, zone="Europe/Paris", **options):
    return read_dates(as_cells(values), zones=as_cells([zone] * len(values)), now=NOW, **options)


def utc(dates):
    return [None if np.isnat(each) else str(each)[:16] for each in dates.utc]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-04-23", "2025-04-23T00:00"),
        ("2025-04-23T09:47:12", "2025-04-23T09:47:12"),
        ("2025-04-23 09:47:12,250", "2025-04-23T09:47:12.250000"),
        ("2025-04-23T09:47:12.123456789Z", "2025-04-23T09:47:12.123456+00:00"),
        ("2025-04-23 09:47 +02:00", "2025-04-23T09:47+02:00"),
        ("2025/04/23 09h47", "2025-04-23T09:47"),
        ("23/04/2025", "2025-04-23T00:00"),
        ("23/04/25 9:05", "2025-04-23T09:05"),
        ("23.04.2025 à 09h47", "2025-04-23T09:47"),
        ("23-04-2025 - 09:47:12", "2025-04-23T09:47:12"),
        ("mercredi 23/04/2025", "2025-04-23T00:00"),
        ("04/23/2025 09:47 PM", "2025-04-23T21:47"),
        ("04/23/2025 12:10 a.m.", "2025-04-23T00:10"),
        ("1er mars 2025", "2025-03-01T00:00"),
        ("le 3 août 2025 à 18 h", "2025-08-03T18:00"),
        ("dim. 3 août 2025 à 18 h", "2025-08-03T18:00"),
        ("jeudi 24 mai 2018 11 h 49 CEST", "2018-05-24T11:49+02:00"),
        ("Thu, 24 May 2018 11:49:00 +0200", "2018-05-24T11:49+02:00"),
        ("24 déc. 2024, 08:30", "2024-12-24T08:30"),
        ("May 24, 2018 11:49 AM", "2018-05-24T11:49"),
        ("Mon Apr 06 22:19:45 PDT 2009", "2009-04-06T22:19:45-07:00"),
        ("Mon Apr 06 22:19:45 +0000 2009", "2009-04-06T22:19:45+00:00"),
        ("20250423", "2025-04-23T00:00"),
        ("20250423T094700Z", "2025-04-23T09:47+00:00"),
        (20250423, "2025-04-23T00:00"),
        (1745401620, "2025-04-23T09:47+00:00"),
        (1745401620000, "2025-04-23T09:47+00:00"),
        ("1745401620.5", "2025-04-23T09:47:00.500000+00:00"),
        (45770.5, "2025-04-23T12:00"),
        ("45770,5", "2025-04-23T12:00"),
        (date(2025, 4, 23), "2025-04-23T00:00"),
        (np.datetime64("2025-04-23T09:47"), "2025-04-23T09:47"),
        (np.datetime64("2025-04-23T09:47", "ns"), "2025-04-23T09:47"),
        (pd.Timestamp("2025-04-23 09:47:00.000000001"), "2025-04-23T09:47"),
        (np.datetime64(2**50, "s"), None),
        (pd.Timestamp(np.datetime64("38504-01-01", "s")), None),
        (10**400, None),
        ("31/02/2025", None),
        ("2025-13-01", None),
        ("23/04/2025 25:00", None),
        ("2025-04-23 09:47 Bob", None),
        ("hier", None),
        ("12", None),
        (True, None),
        (float("inf"), None),
    ],
)
def test_dates_are_read_as_people_and_machines_write_them(written, meant):
    stamp = read_stamp(written)
    assert (stamp.moment if stamp else None) == (datetime.fromisoformat(meant) if meant else None)


def test_a_date_that_leaves_no_doubt_tells_the_order_of_its_column():
    assert utc(read("03/04/2025", "23/04/2025")) == ["2025-04-02T22:00", "2025-04-22T22:00"]
    assert utc(read("03/04/2025", "04/23/2025")) == ["2025-03-03T23:00", "2025-04-22T22:00"]
    assert read("03/04/2025", "04/23/2025").dayfirst_from == "values"


def test_without_such_a_date_the_day_comes_first_and_this_is_said():
    dates = read("03/04/2025", "03/03/2025")
    assert (dates.dayfirst, dates.dayfirst_from) == (True, "default")
    summary = dates.summary("frame", "at", "date", zones=as_cells(["Europe/Paris"] * 2), zone_from="default")
    assert summary.ambiguous == 1


def test_the_caller_may_say_the_order():
    assert utc(read("03/04/2025", dayfirst=False)) == ["2025-03-03T23:00"]


def test_a_date_that_fits_only_the_other_order_is_read_so_and_logged():
    dates = read("23/04/2025", "24/04/2025", "04/25/2025")
    assert utc(dates)[2] == "2025-04-24T22:00"
    assert dates.repairs.tolist() == [None, None, "swapped_day_month"]


def test_an_hour_that_does_not_exist_moves_forward():
    dates = read("2025-03-30 02:30")
    assert utc(dates) == ["2025-03-30T01:00"]
    assert dates.repairs.tolist() == ["nonexistent_hour"]


def test_of_an_hour_that_occurs_twice_the_first_is_taken():
    dates = read("2025-10-26 02:30")
    assert utc(dates) == ["2025-10-26T00:30"]
    assert dates.repairs.tolist() == ["ambiguous_hour"]


def test_a_date_with_a_zone_keeps_it_beside_dates_without():
    paris = timezone(timedelta(hours=2))
    assert utc(read("2025-07-01 12:00", "2025-07-01 12:00 -0400", datetime(2025, 7, 1, 12, tzinfo=paris))) == [
        "2025-07-01T10:00",
        "2025-07-01T16:00",
        "2025-07-01T10:00",
    ]


def test_dates_too_old_or_ahead_are_set_aside():
    dates = read("01/01/1970", "1989-12-31", "1990-01-02", "2026-06-01 20:00", "2026-06-03", "9999-12-31")
    assert [each is None for each in utc(dates)] == [True, True, False, False, True, True]
    assert dates.repairs.tolist() == ["date_before_1990"] * 2 + [None] * 2 + ["future_date"] * 2


def test_a_contact_whose_date_cannot_be_read_is_kept():
    corpus = Corpus.from_records([{"texte": "Bonjour", "date": "hier"}, {"texte": "Merci", "date": "23/04/2025"}])
    assert corpus.contacts["started_at"].is_null().to_pylist() == [True, False]
    assert corpus.repairs.select(["row", "column", "kind"]).to_pylist() == [
        {"row": 0, "column": "at", "kind": "unparsable_date"}
    ]


def test_each_contact_may_have_its_zone():
    records = [
        {"texte": "Bonjour", "date": "2025-07-01 12:00", "fuseau": "America/Montreal"},
        {"texte": "Bonjour", "date": "2025-07-01 12:00", "fuseau": "Europe/Paris"},
        {"texte": "Bonjour", "date": "2025-07-01 12:00", "fuseau": None},
    ]
    contacts = Corpus.from_records(records).to_pandas("contacts")
    assert contacts["started_at"].dt.hour.tolist() == [16, 10, 10]
    assert contacts["timezone"].tolist() == ["America/Montreal", "Europe/Paris", "Europe/Paris"]


def test_the_summary_says_how_dates_were_read():
    corpus = Corpus.from_records([{"texte": "a b", "date": day} for day in ("23/04/2025", "3/4/2025", None, "hier")])
    (read_so,) = corpus.dates
    assert (read_so.read, read_so.missing, read_so.unparsable, read_so.ambiguous, read_so.naive) == (2, 1, 1, 1, 2)
    assert (read_so.dayfirst, read_so.dayfirst_from) == (True, "values")
    assert (read_so.timezone, read_so.timezone_from) == ("Europe/Paris", "default")


def test_an_end_before_the_start_is_set_aside():
    corpus = Corpus.from_records([{"texte": "Bonjour", "date": "2025-04-23", "date_fin": "2025-04-22"}])
    assert corpus.contacts["ended_at"].to_pylist() == [None]
    assert corpus.repairs["kind"].to_pylist() == ["ended_before_start"]

"""The report's section on emerging issues: what is open has a card with its evidence, what is over a line."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest

from vocmine import schema
from vocmine.issues import Alerts
from vocmine.report import headlines, report, summarise

ATTACK = "Box en panne <script>alert(1)</script>, écrivez à jeanne.morel@exemple.fr"
LAST = date(2026, 4, 30)


def alert(name, status="growing", severity=3, raised=2, **others):
    onset = LAST - timedelta(days=raised + 1)
    row = {
        "alert_id": name,
        "kind": "volume",
        "label": "Motif « panne »",
        "slice": [{"dimension": "channel", "value": "email"}],
        "status": status,
        "raised": LAST - timedelta(days=raised),
        "onset": onset,
        "last": min(onset + timedelta(days=4), LAST),
        "window": 2,
        "observed": 26,
        "expected": 4.2,
        "ratio": 5.6,
        "ratio_low": 3.7,
        "ratio_high": 8.5,
        "p_value": 1e-6,
        "score": 5.0,
        "severity": severity,
        "excess": 21.8,
        "customers": 20,
        "contact_ids": [f"C{rank}" for rank in range(26)],
        "quotes": [ATTACK],
        "differences": [
            {"kind": "term", "value": "box", "share": 0.58, "usual": 0.16, "ratio": 3.6, "low": 1.7, "high": 7.3},
            {"kind": "signal", "value": "anger", "share": 0.5, "usual": 0.1, "ratio": 5.0, "low": 2.0, "high": 9.0},
        ],
        "topic_id": None,
        "budget": 0.25,
    }
    return row | others


def alerts_of(*rows, outlook=True):
    days = [
        {"alert_id": row["alert_id"], "day": LAST - timedelta(days=9 - rank), "expected": 4.0, "high": 9.0}
        | {"observed": None if rank == 3 else 4.0 + rank, "score": 1.0, "status": "new" if rank > 7 else None}
        for row in rows
        for rank in range(10)
    ]
    ahead = {
        "expected": 4.0,
        "forecast": 6.0,
        "low": 2.0,
        "high": 9.0,
        "extra": 2.0,
        "extra_low": 1.0,
        "extra_high": 4.0,
    }
    forecast = [
        {"slice": own, "day": LAST + timedelta(days=rank + 1)} | ahead
        for own in ([], [{"dimension": "channel", "value": "email"}])
        for rank in range(14)
    ]
    return Alerts(
        pa.Table.from_pylist(list(rows), schema=schema.ALERTS),
        pa.Table.from_pylist(days, schema=schema.ALERT_DAYS),
        pa.Table.from_pylist(forecast if outlook else [], schema=schema.FORECAST),
        n_slices=60,
        n_short=3,
        budget=0.25,
    )


@pytest.fixture(scope="module")
def analysis(analyse):
    days = [LAST - timedelta(days=rank % 100) for rank in range(200)]
    return analyse([{"id": f"C{rank}", "message": "Bonjour.", "date": str(day)} for rank, day in enumerate(days)])


@pytest.fixture
def page(analysis, tmp_path):
    def written(alerts, **options):
        return report(analysis, tmp_path / "voc.html", alerts=alerts, **options).read_text(encoding="utf-8")

    return written


def section(page):
    found = re.search(r'<section id="issues">.*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", found[0].replace("\u00a0", " ").replace("\u202f", " ")) if found else ""


def test_without_alerts_given_there_is_no_section(page):
    assert section(page(None)) == ""


def test_no_alert_is_said_in_so_many_words(page):
    shown = section(page(alerts_of(outlook=False)))
    assert "Rien d’inhabituel" in shown
    assert "60 séries surveillées, avec un budget de 0,25 fausse alerte" in shown
    assert "Historique insuffisant, ou trop peu de contacts, pour 3 autres" in shown
    assert "Aucune alerte" in shown


def test_an_open_alert_has_a_card_with_its_evidence(page):
    shown = section(page(alerts_of(alert("a"))))
    assert "Un problème est en cours" in shown
    assert "<h3>Canal courriel</h3>" in shown
    assert "26 contacts depuis le 27 avr. 2026, au lieu de 4,2 : 5,6 fois la normale (entre 3,7 et 8,5)" in shown
    assert "« box » : 58 % des contacts, 16 % d’habitude, soit 3,6 fois" in shown
    assert "Colère : 50 %" in shown
    assert "28 contacts de plus que d’habitude sur 14 jours (entre 14 et 56)" in shown
    assert "20 clients concernés" in shown
    assert shown.count("<rect") == 9  # the day without feed has no bar
    assert all(f"<code>C{rank}</code>" in shown for rank in range(26))


def test_customers_words_are_masked_and_stay_words(page):
    shown = section(page(alerts_of(alert("a"), alert("b", "closed", raised=60))))
    assert "<script>" not in shown
    assert "jeanne.morel" not in shown
    assert "jeanne.morel" in section(page(alerts_of(alert("a")), mask=False))


def test_a_closed_alert_stands_in_the_table_and_off_the_cards(page):
    shown = section(page(alerts_of(alert("a", "closed", 1, raised=60))))
    assert "Rien d’inhabituel" in shown
    assert "<article" not in shown
    assert "<h3>Les alertes terminées</h3>" in shown
    assert "<td>léger</td><td>terminé</td>" in shown


def test_many_open_alerts_are_all_told(analysis):
    found = summarise(analysis, alerts=alerts_of(*(alert(f"a{rank}") for rank in range(12))))["issues"]
    assert [one["alert_id"] for one in found["cards"] + found["others"]] == [f"a{rank}" for rank in range(12)]
    assert len(found["cards"]) == 8


def test_the_timeline_places_onset_alert_and_end(analysis):
    (one,) = summarise(analysis, alerts=alerts_of(alert("a", "closed", raised=49)))["issues"]["others"]
    assert (one["left"], one["told_at"], one["width"]) == (49, 50, 5)
    (old,) = summarise(analysis, alerts=alerts_of(alert("a", "closed", raised=300)))["issues"]["others"]
    assert old["width"] == 0


def test_a_days_contacts_do_not_shorten_the_timeline(analyse):
    today = analyse([{"id": "N1", "message": "Bonjour.", "date": str(LAST)}])  # as `update` is given
    found = summarise(today, alerts=alerts_of(alert("a")))["issues"]
    assert (found["first"], found["last"]) == ("2026-04-21", "2026-04-30")
    assert (found["cards"][0]["left"], found["cards"][0]["width"]) == (60, 40)


def test_a_quiet_day_is_read_as_nought_and_a_missing_one_is_not(page):
    alerts = alerts_of(alert("a"))
    days = alerts.days.to_pylist()
    days[0]["observed"] = 0.0
    shown = section(page(replace(alerts, days=pa.Table.from_pylist(days, schema=schema.ALERT_DAYS))))
    assert "du 21 avr. 2026 au 30 avr. 2026 : 0, 5, 6, –, 8" in shown


def test_without_an_open_alert_nothing_is_said_to_go_on(page):
    shown = section(page(alerts_of(alert("a", "closed", raised=60))))
    assert "Sur les 14 jours à venir : 56 contacts attendus." in shown
    assert "en cours" not in shown
    assert "56 contacts attendus d’habitude, et 28 de plus" in section(page(alerts_of(alert("a"))))


def test_a_theme_is_named_as_new(page):
    shown = section(page(alerts_of(alert("t", kind="theme", label="pompe à chaleur", slice=[]))))
    assert "Thème nouveau : « pompe à chaleur »" in shown
    assert "Si cela suit le cours habituel" not in shown  # what is to come is foretold of slices, not of themes
    assert "New theme: “pompe à chaleur”" in section(
        page(alerts_of(alert("t", kind="theme", label="pompe à chaleur", slice=[])), language="en")
    )


def test_the_gravest_open_issue_is_among_the_main_sentences(analysis):
    summary = summarise(analysis, alerts=alerts_of(alert("a", severity=2), alert("b", severity=4, slice=[])))
    (sentence,) = [line for line in headlines(summary) if "Problème en cours" in line]
    sentence = sentence.replace("\u00a0", " ")
    assert "Tous les contacts, 26 contacts depuis le 27 avril 2026" in sentence
    closed = summarise(analysis, alerts=alerts_of(alert("a", "closed")))
    assert not any("Problème" in line for line in headlines(closed))

"""The report's section on signals, against counts made by hand."""

from __future__ import annotations

import re

import pytest

import vocmine as vm
from tests.signals.by_hand import analysed, heard, unheard
from vocmine.report import summarise
from vocmine.schema import SIGNALS, STYLES

CALL = "Bonjour madame, mon numéro est le 06 12 34 56 78. Je vais résilier dès demain, <b>c’est honteux</b>, voilà."
SCORES = {
    "A": heard("churn_intent", "anger", frustration=3, frustration_peak=3, frustration_recovered=False),
    "B": heard("anger", frustration=2, frustration_peak=2, frustration_recovered=True),
    "C": heard("resolved", frustration_peak=0, frustration_recovered=False),
    "D": heard(),
    "E": unheard(),
}
SPANS = [("A", 0, "churn_intent", "Je vais résilier"), ("A", 0, "anger", "c’est honteux"), ("B", 0, "anger", "Bonjour")]


@pytest.fixture(scope="module")
def analysis():
    records = [{"id": name, "date": "2026-03-14 10:00", "canal": "tel", "texte": CALL} for name in SCORES]
    agent = [
        {"id": "D", "date": "2026-03-14 10:01", "canal": "tel", "texte": "Je comprends.", "locuteur": "conseiller"}
    ]
    records = [row | {"locuteur": "client"} for row in records] + agent
    turns = {("D", 1): {"styles": ["empathic"]}}
    return analysed(records, SCORES, turns=turns, spans=SPANS)


@pytest.fixture(scope="module")
def found(analysis):
    return summarise(analysis)["signals"]


def test_shares_are_of_the_contacts_that_were_scored(found):
    assert found["scored"] == 4
    assert (found["frustrated"]["count"], found["frustrated"]["n"]) == (2, 4)
    lines = {line["signal"]: line["share"]["count"] for line in found["lines"]}
    assert sorted(lines) == sorted(SIGNALS)
    assert {name: n for name, n in lines.items() if n} == {"anger": 2, "churn_intent": 1, "resolved": 1}
    assert found["lines"][0]["signal"] == "anger"


def test_recovered_is_a_share_of_frustrated_conversations(found):
    assert (found["recovered"]["count"], found["recovered"]["n"]) == (1, 2)


def test_styles_are_shares_of_answered_contacts_never_by_agent(found):
    assert list(found["styles"]) == list(STYLES)
    assert (found["styles"]["empathic"]["count"], found["styles"]["empathic"]["n"]) == (1, 1)


def test_a_channel_of_few_contacts_has_no_share(found):
    assert found["by_channel"] == {}


def test_quotes_stand_between_what_is_around_them_with_personal_data_masked(found):
    (line,) = (line for line in found["lines"] if line["signal"] == "churn_intent")
    (quote,) = line["quotes"]
    assert quote["words"] == "Je vais résilier"
    assert quote["contact_id"] == "A"
    assert "06 12" not in str(found)
    assert line["evidence"] == "written"


def test_as_many_quotes_as_asked_for(analysis):
    assert not any(line["quotes"] for line in summarise(analysis, n_quotes=0)["signals"]["lines"])


def test_the_queue_is_of_the_last_day(found):
    assert found["day"] == "2026-03-14"
    assert [one["contact_id"] for one in found["queue"]] == ["A", "B"]
    assert found["queue"][0]["reasons"] == ["leaving", "severe"]


def test_an_analysis_without_signals_has_an_empty_section(eight):
    found = summarise(eight)["signals"]
    assert (found["scored"], found["queue"], found["day"]) == (0, [], None)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_words_marked_and_lets_none_act(analysis, tmp_path, language):
    page = vm.report(analysis, tmp_path / "voc.html", language=language).read_text(encoding="utf-8")
    assert "<mark>Je vais résilier</mark>" in page
    assert "<b>c’est" not in page
    assert not re.search(
        r"signals\.\w+|risk\.\w+|signal\.\w+",
        re.sub(r"<style.*?</style>|<script.*?</script>", "", page, flags=re.DOTALL),
    )


def test_a_page_without_signals_has_no_section_of_them(eight, tmp_path):
    page = vm.report(eight, tmp_path / "voc.html").read_text(encoding="utf-8")
    assert 'class="groups signals"' not in page
    assert 'class="queue"' not in page

"""The charts are figures that Plotly accepts, and hold the figures of the summary."""

import plotly.graph_objects as go
import pytest

from vocmine.report import summarise
from vocmine.report.charts import channels_chart, course_chart, volume_chart, weeks_chart
from vocmine.report.sections import SECTIONS
from vocmine.report.words import LANGUAGES, Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_plotly_accepts_every_chart(eight, analyse, language):
    summary = summarise(eight)
    talk = [{"id": "1", "locuteur": "client", "message": text} for text in ("C’est inadmissible.", "Parfait, merci.")]
    summary["course"] = summarise(analyse(talk))["course"]
    charts = [chart for section in SECTIONS for chart in section.charts(summary, Words(language)).values()]
    assert len(charts) == 4
    for chart in charts:
        assert len(go.Figure(chart).data) == len(chart["data"])


def test_volumes_are_stacked_by_channel(eight):
    chart = volume_chart(summarise(eight)["volume"], Words("fr"))
    assert [bar["name"] for bar in chart["data"]] == ["Courriel", "Téléphone", "Chat"]
    assert sum(sum(bar["y"]) for bar in chart["data"]) == 8


def test_incomplete_weeks_are_pale(analyse):
    rows = [{"message": "Quel tarif ?", "date": day} for day in ("2026-03-04", "2026-04-20")]
    (bar,) = volume_chart(summarise(analyse(rows))["volume"], Words("fr"))["data"]
    assert [value < 1 for value in bar["marker"]["opacity"]] == [True, *[False] * 6, True]


def test_the_tensest_channel_is_on_top_and_bars_sum_to_one_hundred(eight):
    chart = channels_chart(summarise(eight)["sentiment"], Words("fr"))
    negative = chart["data"][0]
    assert negative["name"] == "Négatif"
    assert negative["x"] == sorted(negative["x"])  # Plotly draws rows from the bottom
    totals = [sum(column) for column in zip(*(bar["x"] for bar in chart["data"]), strict=True)]
    assert totals == pytest.approx([100] * 3)


def test_the_band_holds_the_line(eight):
    low, high, line, *_ = weeks_chart(summarise(eight)["sentiment"], Words("fr"))["data"]
    assert all(a <= b <= c for a, b, c in zip(low["y"], line["y"], high["y"], strict=True))


def test_moods_are_shares_of_the_conversations(analyse):
    talk = [{"id": "1", "locuteur": "client", "message": text} for text in ("C’est inadmissible.", "Parfait, merci.")]
    chart = course_chart(summarise(analyse(talk))["course"], Words("en"))
    assert {bar["name"]: bar["x"] for bar in chart["data"]} == {
        "Unhappy": [0.0, 100.0],
        "In between": [0.0, 0.0],
        "Content": [100.0, 0.0],
    }

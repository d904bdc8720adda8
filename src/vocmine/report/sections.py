"""The sections of the page, in their order. A new one is a figure in `Summary`, an entry here, and a template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vocmine.report.charts import Figure, channels_chart, course_chart, volume_chart, weeks_chart
from vocmine.report.summary import Summary
from vocmine.report.words import Words

_FEWEST_WEEKS = 3
"""Weeks from which a line over the weeks tells something."""


@dataclass(frozen=True)
class Section:
    """A part of the page; its template is ``templates/sections/<name>.html.j2``.

    Attributes
    ----------
    name : str
        Name of the section, of its figures in the summary and of its template.
    shown : callable
        Whether the summary has something to show in it.
    charts : callable
        Gives the section's charts by their names.
    """

    name: str
    shown: Callable[[Summary], bool]
    charts: Callable[[Summary, Words], dict[str, Figure]] = lambda _summary, _words: {}


def _sentiment_charts(summary: Summary, words: Words) -> dict[str, Figure]:
    sentiment = summary["sentiment"]
    charts = {"by_channel": channels_chart(sentiment, words)}
    if sum(found["n"] > 0 for found in sentiment["by_week"].values()) >= _FEWEST_WEEKS:
        charts["by_week"] = weeks_chart(sentiment, words)
    return charts


SECTIONS: Final = (
    Section("sentiment", lambda summary: summary["sentiment"]["overall"]["n"] > 0, _sentiment_charts),
    Section("issues", lambda summary: summary["issues"]["watched"]),
    Section("todo", lambda summary: bool(summary["outcomes"]["measures"])),
    Section("causes", lambda summary: summary["outcomes"]["made"]),
    Section("owners", lambda summary: bool(summary["outcomes"]["departments"])),
    Section("structural", lambda summary: bool(summary["outcomes"]["departments"])),
    Section("effects", lambda summary: bool(summary["outcomes"]["effects"])),
    Section("fallen", lambda summary: bool(summary["outcomes"]["effects"])),
    Section("repeats", lambda summary: summary["outcomes"]["matters"] > 0),
    Section("answers", lambda summary: summary["outcomes"]["made"]),
    Section("topics", lambda summary: bool(summary["topics"]["lines"])),
    Section("signals", lambda summary: summary["signals"]["scored"] > 0),
    Section(
        "volume",
        lambda summary: summary["volume"]["days"] > 1,
        lambda summary, words: {"over_time": volume_chart(summary["volume"], words)},
    ),
    Section(
        "course",
        lambda summary: summary["course"]["conversations"] > 0,
        lambda summary, words: {"moods": course_chart(summary["course"], words)},
    ),
    Section("groups", lambda summary: bool(summary["groups"])),
    Section("quotes", lambda summary: any(summary["quotes"][kind] for kind in ("negative", "positive", "mixed"))),
    Section("reading", lambda _summary: True),
)
"""What the page shows below its headlines."""

"""The charts, as figures of Plotly: plain dicts of data and layout, which the page hands to plotly.js.

Every word in them comes from `Words` and none from the user's data: plotly.js reads labels as a kind of HTML. Colours
are told apart by colour-blind readers and in grey: orange to blue, never red to green.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from vocmine.report.course import Course
from vocmine.report.sentiment import Sentiment
from vocmine.report.shares import Share
from vocmine.report.volume import Volume
from vocmine.report.words import Words

Figure: TypeAlias = dict[str, Any]

INK, MUTED, GRID = "#1d2733", "#5a6675", "#e3e6ea"
SENTIMENT_COLOURS = {"negative": "#c4481b", "mixed": "#edb982", "neutral": "#d6dbe1", "positive": "#2b6ca8"}
_MOOD_COLOURS = {"unhappy": "#c4481b", "between": "#d6dbe1", "content": "#2b6ca8"}
_ON_COLOUR = {"#c4481b": "#ffffff", "#2b6ca8": "#ffffff"}
_CHANNEL_COLOURS = {
    "phone": "#1f4466",
    "email": "#4f86b5",
    "chat": "#a3cbe0",
    "social": "#c99a5b",
    "letter": "#7d6a50",
    "in_person": "#6d5a8c",
    "web": "#9aa5b1",
    "other": "#ccd2d9",
}
_FEW = 5
"""Contacts a day or week under which the axis counts them one by one."""
_LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
_AXIS = {"automargin": True, "fixedrange": True, "ticklabelstandoff": 6}
_FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif'


def volume_chart(volume: Volume, words: Words) -> Figure:
    """Draw the contacts by channel: stacked bars by week, or by day where the period is short."""
    weekly = volume["unit"] == "week"
    timeline = volume["by_week"] if weekly else volume["by_day"]
    strength = [1.0 if days == 7 or not weekly else 0.45 for days in timeline["days"]]
    labels = [words.day(start, "full") for start in timeline["starts"]]
    titles = [words("volume.week", day=label) if weekly else label for label in labels]
    bars = [
        {
            "type": "bar",
            "name": words.name("channel", channel),
            "x": timeline["starts"],
            "y": counts,
            "customdata": titles,
            "marker": {"color": _CHANNEL_COLOURS[channel], "opacity": strength},
            "hovertemplate": "%{customdata}<br>%{fullData.name} : %{y:,}<extra></extra>",
        }
        for channel, counts in timeline["channels"].items()
    ]
    figure = _figure(bars, words, barmode="stack", bargap=0.18, height=320)
    if max(timeline["contacts"]) < _FEW:
        figure["layout"]["yaxis"] |= {"dtick": 1}  # otherwise fractions of a contact
    return figure


def channels_chart(sentiment: Sentiment, words: Words) -> Figure:
    """Draw the shares of sentiment of each channel: bars of 100 %, the tensest channel on top."""
    scored = {name: found["shares"] for name, found in sentiment["by_channel"].items() if found["n"]}
    order = sorted(scored, key=lambda name: scored[name]["negative"]["value"] or 0.0)
    rows = [_row_label(words.name("channel", name), scored[name]["negative"]["n"], words) for name in order]
    bars = [
        _share_bar(words.name("sentiment", kind), rows, [scored[name][kind] for name in order], colour, words)
        for kind, colour in SENTIMENT_COLOURS.items()
    ]
    return _share_rows(bars, len(rows), words)


def course_chart(course: Course, words: Words) -> Figure:
    """Draw the moods at the start and at the end of conversations: two bars of 100 %."""
    moments = (("end", course["end"]), ("start", course["start"]))
    rows = [words(f"course.{name}") for name, _ in moments]
    n = course["conversations"]
    bars = [
        _share_bar(
            words.name("mood", mood),
            rows,
            [
                {"count": counts[mood], "n": n, "value": counts[mood] / n, "low": 0.0, "high": 1.0}
                for _, counts in moments
            ],
            colour,
            words,
        )
        for mood, colour in _MOOD_COLOURS.items()
    ]
    return _share_rows(bars, len(rows), words)


def weeks_chart(sentiment: Sentiment, words: Words) -> Figure:
    """Draw the negative and positive shares week by week, each with the band of its interval."""
    weeks = {week: found["shares"] for week, found in sentiment["by_week"].items() if found["n"]}
    traces: list[Figure] = []
    for kind in ("negative", "positive"):
        shares = {week: found[kind] for week, found in weeks.items()}
        traces += _line_with_band(words(f"sentiment.share_{kind}"), shares, SENTIMENT_COLOURS[kind], words)
    figure = _figure(traces, words, height=320)
    figure["layout"]["yaxis"] |= {"ticksuffix": words.percent(0)[1:], "rangemode": "tozero"}
    return figure


def _line_with_band(name: str, shares: dict[str, Share], colour: str, words: Words) -> list[Figure]:
    starts = list(shares)
    bounds = [[round(100 * share[side], 2) for share in shares.values()] for side in ("low", "high")]
    edge = {
        "type": "scatter",
        "mode": "lines",
        "x": starts,
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    hover = [
        f"{words('volume.week', day=words.day(week))}<br>{name} : {_figures(share, words)}"
        for week, share in shares.items()
    ]
    line = {
        "type": "scatter",
        "mode": "lines+markers" if len(starts) < 30 else "lines",
        "name": name,
        "x": starts,
        "y": [round(100 * (share["value"] or 0.0), 2) for share in shares.values()],
        "line": {"color": colour, "width": 2.5},
        "marker": {"size": 6},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    low, high = (edge | {"y": values} for values in bounds)
    return [low, high | {"fill": "tonexty", "fillcolor": f"{colour}26"}, line]


def _share_bar(name: str, rows: list[str], shares: list[Share], colour: str, words: Words) -> Figure:
    values = [share["value"] or 0.0 for share in shares]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": rows,
        "x": [round(100 * value, 2) for value in values],
        # A share under 5 % leaves no room for its figure.
        "text": [words.percent(value) if value >= 0.05 else "" for value in values],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"color": _ON_COLOUR.get(colour, INK), "size": 13},
        "customdata": [f"{name} : {_figures(share, words)}" for share in shares],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": colour, "line": {"color": "#ffffff", "width": 1}},
    }


def _figures(share: Share, words: Words) -> str:
    value = words.percent(share["value"] or 0.0)
    return f"{value} ({words.number(share['count'])} / {words.number(share['n'])})"


def _row_label(name: str, n: int, words: Words) -> str:
    return f"{name}<br><span style='color:{MUTED};font-size:12px'>{words.count('contacts', n)}</span>"


def _share_rows(bars: list[Figure], n_rows: int, words: Words) -> Figure:
    figure = _figure(bars, words, barmode="stack", bargap=0.34, height=90 + 56 * n_rows)
    figure["layout"]["xaxis"] = {"range": [0, 100], "visible": False, "fixedrange": True}
    figure["layout"]["yaxis"] = _AXIS | {"type": "category"}
    return figure


def _figure(data: list[Figure], words: Words, **layout: object) -> Figure:
    return {
        "data": data,
        "layout": {
            "font": {"family": _FONT, "size": 13, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "separators": ",\u202f" if words.language == "fr" else ".,",
            "legend": _LEGEND,
            "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": GRID, "font": {"color": INK, "size": 13}},
            "xaxis": _AXIS | {"type": "date", "tickformat": "%-d %b\n%Y", "showgrid": False},
            "yaxis": _AXIS | {"gridcolor": GRID, "zeroline": False, "tickformat": ",d"},
            **layout,
        },
    }

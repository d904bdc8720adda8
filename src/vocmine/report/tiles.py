"""The tiles on top of the page: four figures, each with what it says and what to compare it with."""

from __future__ import annotations

from typing import TypedDict

from vocmine.report.headlines import direction
from vocmine.report.summary import Summary
from vocmine.report.words import Words


class Tile(TypedDict):
    """A figure, what it counts, and a note that puts it in its place."""

    figure: str
    label: str
    note: str


def tiles(summary: Summary, words: Words) -> list[Tile]:
    """Return the tiles for which there are figures."""
    found = (_contacts(summary, words), _negative(summary, words), _trend(summary, words), _recovered(summary, words))
    return [tile for tile in found if tile]


def _contacts(summary: Summary, words: Words) -> Tile | None:
    volume = summary["volume"]
    if not volume["contacts"]:
        return None
    dated = volume["contacts"] - volume["undated"]
    note = words("tile.contacts.note", per_day=words.number(dated / volume["days"])) if volume["days"] > 1 else ""
    return {"figure": words.number(volume["contacts"]), "label": words("tile.contacts"), "note": note}


def _negative(summary: Summary, words: Words) -> Tile | None:
    negative = summary["sentiment"]["overall"]["shares"]["negative"]
    if negative["value"] is None:
        return None
    low, high = words.percent(negative["low"]), words.percent(negative["high"])
    note = words("tile.negative.note", low=low, high=high)
    return {"figure": words.percent(negative["value"]), "label": words("tile.negative"), "note": note}


def _trend(summary: Summary, words: Words) -> Tile | None:
    trend = summary["sentiment"]["trend"]
    if trend is None or trend["change"] is None:
        return None
    label = words("tile.trend", days=trend["days"])
    note = words(f"tile.trend.{direction(trend)}", days=trend["days"])
    return {"figure": words.points(trend["change"]["value"]), "label": label, "note": note}


def _recovered(summary: Summary, words: Words) -> Tile | None:
    recovered = summary["course"]["recovered"]
    if recovered["value"] is None:
        return None
    note = words("tile.recovered.note", n=words.count("conversations", recovered["n"]))
    return {"figure": words.percent(recovered["value"]), "label": words("tile.recovered"), "note": note}

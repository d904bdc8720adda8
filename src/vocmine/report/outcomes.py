"""What must be decided: causes and owners, what is structural, measures and their effect, repeats, answers, cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypedDict

import numpy as np
import pandas as pd

from vocmine.outcomes import Decisions, Effect
from vocmine.outcomes.value import CLAIM
from vocmine.report.view import View
from vocmine.report.words.words import typeset
from vocmine.schema import CONTACT_VALUES, SCALE
from vocmine.stats import Interval, wilson
from vocmine.text import mask

_CAUSES: Final = 10
_DEPARTMENTS: Final = 10
_STRUCTURAL: Final = 8
_MEASURES: Final = 10
_ANSWERS: Final = 4
_IDS: Final = 60


class Bounds(TypedDict):
    """A figure with its 95 % interval; None where it is not known."""

    value: float | None
    low: float | None
    high: float | None


class Line(TypedDict):
    """A cause or a department. `weeks` are contacts by week, `rises` times above its own baseline."""

    name: str
    label: str
    owner: str
    contacts: int
    share: Bounds
    status: str
    avoidable: float | None
    trend: Bounds
    course: str
    structural: float
    one_off: float
    weeks: list[float]
    rises: list[dict[str, Any]]
    causes: list[str]
    quotes: list[str]
    ids: list[str]


class Measured(TypedDict):
    """The effect of a measure. `days` are weekly sums of observed and expected contacts."""

    name: str
    since: str
    until: str
    verdict: str
    reasons: list[str]
    observed: int
    expected: Bounds
    change: Bounds
    avoided: Bounds
    saved: Bounds
    currency: str
    detectable: float | None
    before: Bounds
    placebos: int
    factor: float | None
    displaced: list[dict[str, Any]]
    weeks: list[dict[str, Any]]
    ids: list[str]


class Outcomes(TypedDict):
    """Everything the sections on decisions show; `made` says whether there is anything."""

    made: bool
    causes: list[Line]
    unattributed: Line | None
    departments: list[Line]
    first_week: str
    values: dict[str, Bounds]
    claim: list[float]
    reactive: Bounds
    scale: dict[str, Bounds]
    simple: list[int]
    fcr: Bounds
    matters: int
    coverage: dict[str, float]
    window: float
    by_channel: list[dict[str, Any]]
    drivers: list[dict[str, Any]]
    recovery: Bounds
    frustrated: int
    drafts: list[dict[str, Any]]
    contradictions: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    cost: dict[str, Any] | None
    effects: list[Measured]


def summarise_outcomes(view: View, found: Decisions | None, effects: Sequence[Effect]) -> Outcomes:
    """Put decisions and effects into figures that the page shows."""
    told = [_measured(one) for one in effects]
    if found is None:
        return {**_NOTHING, "effects": told}
    causes = [_line(row, found, "cause") for row in found.causes.to_dict("records")]
    owners = [_line(row, found, "department") for row in found.departments.to_dict("records")]
    overall = found.repeats.fcr().iloc[0]
    recovery = found.repeats.recovery(min_matters=1).iloc[0]
    mondays = next(iter(found.courses.values())).weeks if found.courses else ()
    return {
        "made": True,
        "causes": [line for line in causes if line["name"] != _NONE][:_CAUSES],
        "unattributed": next((line for line in causes if line["name"] == _NONE), None),
        "departments": [line for line in owners if line["name"] != _NONE][:_DEPARTMENTS]
        + [line for line in owners if line["name"] == _NONE],
        "first_week": mondays[0][0].isoformat() if mondays else "",
        "values": _shares(found.worth, "value", (*CONTACT_VALUES, "unsure")),
        "claim": list(CLAIM),
        "reactive": _bounds(*found.reactive),
        "scale": _shares(found.scale, "scale", SCALE),
        "simple": [int(n) for n in found.simple],
        "fcr": _bounds(overall["fcr"], overall["low"], overall["high"]),
        "matters": int(overall["matters"]),
        "coverage": found.repeats.coverage,
        "window": found.repeats.window,
        "by_channel": _groups(found.repeats.fcr("channel"), "channel"),
        "drivers": _drivers(found),
        "recovery": _bounds(recovery["share"], recovery["low"], recovery["high"]),
        "frustrated": int(recovery["frustrated"]),
        "drafts": [_draft(row) for row in found.faq.drafts.head(_ANSWERS).to_dict("records")],
        "contradictions": [_contradiction(view, row) for row in found.contradictions.head(_ANSWERS).to_dict("records")],
        "measures": [_measure(row) for row in found.measures.head(_MEASURES).to_dict("records")],
        "cost": _cost(found),
        "effects": told,
    }


_NONE: Final = "non attribué"
_UNKNOWN: Final[Bounds] = {"value": None, "low": None, "high": None}
_NOTHING: Final[Outcomes] = {
    "made": False,
    "causes": [],
    "unattributed": None,
    "departments": [],
    "first_week": "",
    "values": {},
    "claim": [],
    "reactive": _UNKNOWN,
    "scale": {},
    "simple": [],
    "fcr": _UNKNOWN,
    "matters": 0,
    "coverage": {},
    "window": 0.0,
    "by_channel": [],
    "drivers": [],
    "recovery": _UNKNOWN,
    "frustrated": 0,
    "drafts": [],
    "contradictions": [],
    "measures": [],
    "cost": None,
    "effects": [],
}


def structural(lines: Sequence[Line]) -> list[Line]:
    """Return the departments whose contacts are mostly avoidable, those with most structural ones first."""
    own = [line for line in lines if line["name"] != _NONE and (line["avoidable"] or 0) >= 0.5]
    return sorted(own, key=lambda line: -line["structural"] * line["contacts"])[:_STRUCTURAL]


def _bounds(*figures: Any) -> Bounds:
    value, low, high = (None if figure is None or not np.isfinite(figure) else float(figure) for figure in figures)
    return {"value": value, "low": low, "high": high}


def _shares(frame: pd.DataFrame, name: str, values: Sequence[str]) -> dict[str, Bounds]:
    """Return the share of each value, of those that nobody has too."""
    n = int(frame["contacts"].sum())
    counts = dict(zip(frame[name], frame["contacts"], strict=True))
    return {value: _bounds(*wilson(int(counts.get(value, 0)), n)) for value in values}


def _line(row: dict[Any, Any], found: Decisions, by: str) -> Line:
    name = str(row[by])
    course = found.courses.get(name) if by == "department" else None
    known = found.taxonomy.causes
    share = _bounds(row["share"], row["low"], row["high"])
    of_causes = [one for one in known.values() if one.owner == name] if by == "department" else []
    return {
        "name": name,
        "label": known[name].label if by == "cause" and name in known else name,
        "owner": known[name].owner if by == "cause" and name in known else "",
        "contacts": int(row["contacts"]),
        "share": share,
        "status": str(row["status"]),
        "avoidable": _bounds(row["avoidable"], None, None)["value"],
        "trend": _bounds(row["trend"], row["trend_low"], row["trend_high"]),
        "course": str(row["course"]),
        "structural": float(row["structural"]),
        "one_off": float(row["one_off"]),
        "weeks": [n for _, n in course.weeks] if course else [],
        "rises": [
            {
                "kind": rise.kind,
                "since": rise.since.isoformat(),
                "until": rise.until.isoformat(),
                "ongoing": rise.ongoing,
                "excess": _bounds(*rise.excess),
                "ratio": _bounds(*rise.ratio),
            }
            for rise in (course.rises if course else ())
        ],
        "causes": [one.label for one in of_causes],
        "quotes": list(row["quotes"]),
        "ids": list(row["contact_ids"][:_IDS]),
    }


def _groups(frame: pd.DataFrame, by: str) -> list[dict[str, Any]]:
    return [
        {"name": row[by], "matters": int(row["matters"]), "fcr": _bounds(row["fcr"], row["low"], row["high"])}
        for row in frame.to_dict("records")
    ]


def _drivers(found: Decisions) -> list[dict[str, Any]]:
    by = "topic" if "topic" in found.repeats.frame else "cause"
    rows = found.repeats.drivers(by).head(5).to_dict("records")
    return [
        {
            "name": row[by],
            "matters": int(row["matters"]),
            "repeated": int(row["repeated"]),
            "expected": float(row["expected"]),
            "excess": _bounds(row["excess"], row["low"], row["high"]),
            "sure": bool(row["q_value"] < 0.05),
            "ids": list(row["contact_ids"][:_IDS]),
        }
        for row in rows
    ]


def _draft(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "question": row["question"],
        "answer": row["answer"],
        "contacts": int(row["n_contacts"]),
        "absorbed": _bounds(row["absorbed"], row["absorbed_low"], row["absorbed_high"]),
        "contradicted": bool(row["contradicted"]),
        "ids": list(row["contact_ids"][:_IDS]),
    }


def _contradiction(view: View, row: dict[Any, Any]) -> dict[str, Any]:
    shown = {name: mask(row[name]) if view.mask else row[name] for name in ("question", "side_a", "side_b")}
    linked = row.get("repeats_linked")
    return shown | {
        "n_a": len(row["contacts_a"]),
        "n_b": len(row["contacts_b"]),
        "repeats": int(linked) if linked is not None and pd.notna(linked) else None,
        "ids": [*row["contacts_a"], *row["contacts_b"]][:_IDS],
    }


def _measure(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "measure": typeset(row["measure"]),
        "kind": row["kind"],
        "owner": row["owner"],
        "volume": _bounds(row["per_month"], row["low"], row["high"]),
        "cost": _bounds(row["cost"], row["cost_low"], row["cost_high"]),
        "currency": row["currency"],
        "certainty": row["certainty"],
        "contacts": len(row["contact_ids"]),
        "quotes": list(row["quotes"][:1]),
        "ids": list(row["contact_ids"][:_IDS]),
    }


def _cost(found: Decisions) -> dict[str, Any] | None:
    if found.cost is None or found.avoidable_cost is None:
        return None
    return {
        "all": _bounds(float(found.cost.amount), float(found.cost.low), float(found.cost.high)),
        "avoidable": _bounds(*(float(getattr(found.avoidable_cost, name)) for name in ("amount", "low", "high"))),
        "currency": found.cost.currency,
        "source": found.cost.source,
        "without": found.cost.n_without,
    }


def _measured(effect: Effect) -> Measured:
    return {
        "name": effect.name,
        "since": effect.since.isoformat(),
        "until": effect.until.isoformat(),
        "verdict": effect.verdict,
        "reasons": list(effect.reasons),
        "observed": effect.observed,
        "expected": _bounds(*effect.expected),
        "change": _bounds(*effect.change),
        "avoided": _bounds(*effect.avoided),
        "saved": _bounds(*(effect.saved or Interval(np.nan, np.nan, np.nan))),
        "currency": effect.currency,
        "detectable": _bounds(effect.detectable, None, None)["value"],
        "before": _bounds(*effect.before),
        "placebos": len(effect.placebos),
        "factor": _bounds(effect.factor, None, None)["value"],
        "displaced": [
            {"name": row["name"], "extra": _bounds(row["extra"], row["low"], row["high"])}
            for row in effect.displaced.to_dict("records")
        ],
        "weeks": _weeks(effect.days, effect.since),
        "ids": effect.contact_ids[:_IDS],
    }


def _weeks(days: pd.DataFrame, since: object) -> list[dict[str, Any]]:
    """Sum days by seven, counted from the measure: half a year before it, and all after."""
    if not len(days):
        return []
    rank = np.asarray((pd.DatetimeIndex(days.index) - pd.Timestamp(str(since))).days // 7)
    rows = []
    for week in range(max(int(rank.min()) + 1, -26), int(rank.max()) + 1):
        part = days[rank == week]
        expected = part["expected"].sum(min_count=1)
        if len(part) == 7:
            rows.append(
                {
                    "week": part.index[0].date().isoformat(),
                    "observed": _bounds(part["observed"].sum(min_count=1), None, None)["value"],
                    "expected": _bounds(expected, None, None)["value"],
                }
            )
    return rows

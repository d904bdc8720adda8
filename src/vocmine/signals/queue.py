"""The contacts to look at first: ranked by risk, each with its reasons, its words and a desk to send it to."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from vocmine.errors import InputError
from vocmine.signals.evidence import weakest
from vocmine.stats import Interval, bootstrap
from vocmine.text import mask as masked

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

REASONS: Final[Mapping[str, tuple[str, ...]]] = {
    "leaving": ("churn_intent",),
    "legal": ("legal_threat",),
    "harm": ("harm",),
    "severe": (),
    "public": ("public_threat",),
    "escalation": ("escalation_request",),
}
"""The risks, and the signals that tell them; ``severe`` is told by frustration."""

WEIGHTS: Final[Mapping[str, float]] = {
    "leaving": 0.6,
    "legal": 0.6,
    "harm": 0.4,
    "severe": 0.5,
    "public": 0.35,
    "escalation": 0.3,
}
"""What each reason adds to the risk, at most, when it is certain. Chosen by reasoning, not
fitted to anyone's choices."""

CHURN: Final[Mapping[str, float]] = {"stated": 1.0, "conditional": 0.8, "weighing": 0.5}
"""What is left of the weight of leaving, by level."""

_SOLVED: Final = 0.5
"""What is left of the risk where the customer says that the matter is solved."""
_DAY: Final = "day"
COLUMNS: Final = (
    *("rank", "contact_id", "day", "channel", "team", "started_at", "risk", "reasons", "route", "quote"),
    *("frustration", "evidence"),
)


def escalation_queue(
    analysis: Analysis,
    *,
    day: str | None = None,
    n: int = 20,
    weights: Mapping[str, float] | None = None,
    routing: str | Path | None = None,
    mask: bool = True,
) -> pd.DataFrame:
    """Rank the contacts of a day by what one would want to know before the next.

    The risk is ``1 − ∏ (1 − weight · probability)`` over the reasons: leaving (by its level), recourse, harm, severe
    frustration, exposure, a superior asked for. Where the customer says that the matter is solved, half of it is left.

    Parameters
    ----------
    analysis : Analysis
        With signals.
    day : str, optional
        Local day, ``2026-03-14``; ``all`` for every day, each with a queue of its own. By default the last day there
        is. Contacts without a date are in the queue of ``all`` alone.
    n : int, default 20
        Contacts a day, at most.
    weights : mapping of str to float, optional
        In the place of those of `WEIGHTS`, 0 to 1.
    routing : path, optional
        YAML file: reason → desk, in the place of those that come with the package.
    mask : bool, default True
        Mask personal data in plain sight in the quotes.

    Returns
    -------
    DataFrame
        A row a contact, the greatest risk first, in the columns of `COLUMNS`: `risk`, 0 to 1; `reasons`, a list, the
        weightiest first; `quote`, the words that show it; `evidence`, ``written`` where the quality of one of its
        signals is known on invented texts only. ``attrs["left_out"]`` counts automatic and repeated messages.

    Raises
    ------
    InputError
        If the analysis has no signals, the day, a weight or the routing is not as expected.
    """
    if n < 1:
        raise InputError(f"n is {n}, expected 1 or more contacts a day")
    frame, left_out = _candidates(analysis, day)
    parts = _parts(frame, _checked(weights))
    frame["risk"] = (1 - np.prod(1 - parts, axis=1)) * np.where(_has(frame, "resolved"), _SOLVED, 1.0)
    kept = frame["risk"].to_numpy() > 0
    frame, parts = frame[kept].reset_index(drop=True), parts[kept]
    order = np.lexsort((np.arange(len(frame)), -frame["risk"].to_numpy(), _codes(frame[_DAY])))
    frame, parts = frame.iloc[order].reset_index(drop=True), parts[order]
    frame["rank"] = frame.groupby(_DAY, dropna=False).cumcount() + 1
    first = (frame["rank"] <= n).to_numpy()
    frame, parts = frame[first].reset_index(drop=True), parts[first]
    desks = _routing(routing)
    names = list(REASONS)
    reasons = [[names[place] for place in np.argsort(-row, kind="stable") if row[place] >= 0.1] for row in parts]
    told = [found or [names[int(np.argmax(row))]] for row, found in zip(parts, reasons, strict=True)]
    frame["reasons"] = pd.Series(told, dtype=object)
    frame["route"] = [desks[found[0]] for found in told]
    frame["quote"] = _quotes(analysis, frame["contact_id"].tolist(), told, mask=mask)
    frame["evidence"] = [weakest([signal for name in found for signal in REASONS[name]]) for found in told]
    queue = frame[list(COLUMNS)]
    queue.attrs["left_out"] = left_out
    return queue


def queue_precision(queue: pd.DataFrame, wanted: set[str], *, draws: int = 1000, seed: int = 0) -> Interval:
    """Return the share of a queue's contacts that were wanted there, with its interval over days.

    Parameters
    ----------
    queue : DataFrame
        From `escalation_queue`, of several days (``day="all"``).
    wanted : set of str
        Ids of the contacts that somebody would want to see.
    draws, seed : int
        As in `vocmine.stats.bootstrap`.

    Raises
    ------
    InputError
        If the queue is empty.
    """
    if queue.empty:
        raise InputError("the queue is empty: nothing to measure")
    right = queue["contact_id"].isin(wanted).to_numpy()
    days = _codes(queue[_DAY])
    hits, sizes = np.bincount(days, weights=right), np.bincount(days)
    return bootstrap(lambda rows: float(hits[rows].sum() / sizes[rows].sum()), len(sizes), draws=draws, seed=seed)


def _candidates(analysis: Analysis, day: str | None) -> tuple[pd.DataFrame, int]:
    """Return the contacts of a day that people wrote, and how many were left out."""
    frame = analysis.contacts.reset_index(drop=True)
    if frame["frustration"].isna().all():
        raise InputError("the analysis has no signals; score it with vm.Miner(signals=True)")
    started = pd.to_datetime(frame["started_at"], utc=True)
    frame[_DAY] = [
        moment.tz_convert(zone).date().isoformat() if known else None
        for moment, zone, known in zip(started, frame["timezone"], started.notna(), strict=True)
    ]
    if day != "all":
        known = frame[_DAY].dropna()
        chosen = day or (known.max() if len(known) else None)
        if day is not None and not (known == day).any():
            span = f"days from {known.min()} to {known.max()}" if len(known) else "no dates"
            raise InputError(f"got day {day!r}, the analysis has {span}; give one as 2026-03-14, or 'all'")
        frame = frame[frame[_DAY] == chosen] if chosen is not None else frame
    flagged = set(analysis.corpus.flags["contact_id"].to_pylist())
    keep = ~frame["contact_id"].isin(flagged) & frame["frustration"].notna()
    return frame[keep].reset_index(drop=True), int(frame["contact_id"].isin(flagged).sum())


def _parts(frame: pd.DataFrame, weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Return what each reason adds, (contacts, reasons); nothing where its signal is not reported."""
    parts = np.zeros((len(frame), len(REASONS)))
    for place, (reason, signals) in enumerate(REASONS.items()):
        for signal in signals:
            parts[:, place] = np.where(_has(frame, signal), frame[f"p_{signal}"].astype(float), 0.0)
        if reason == "leaving":
            parts[:, place] *= frame["churn_level"].map(CHURN).fillna(1.0).astype(float)
        if reason == "severe":
            level = frame["frustration"].astype(float)
            parts[:, place] = np.where(level >= 2, frame["p_frustrated"].astype(float) * (level - 1) / 2, 0.0)
        parts[:, place] *= weights[reason]
    return parts


def _has(frame: pd.DataFrame, signal: str) -> NDArray[np.bool_]:
    return np.array([signal in (found or ()) for found in frame["signals"]], dtype=np.bool_)


def _codes(days: pd.Series) -> NDArray[np.intp]:
    return np.asarray(pd.factorize(days, sort=True, use_na_sentinel=False)[0])


def _quotes(analysis: Analysis, ids: list[str], reasons: list[list[str]], *, mask: bool) -> list[str | None]:
    """Return for each contact the words of its first reason that has any; else those of another signal."""
    spans = analysis.spans
    spans = spans[(spans["kind"] == "signal") & spans["contact_id"].isin(set(ids))]
    by_contact = dict(list(spans.groupby("contact_id")))
    found: list[str | None] = []
    for name, why in zip(ids, reasons, strict=True):
        part = by_contact.get(name)
        if part is None:
            found.append(None)
            continue
        wanted = [signal for reason in why for signal in (REASONS[reason] or ("anger",))]
        rank = part["label"].map({signal: place for place, signal in reversed(list(enumerate(wanted)))}).fillna(99)
        best = part.assign(rank=rank).sort_values(["rank", "score"], ascending=[True, False], kind="stable").iloc[0]
        found.append(masked(str(best["quote"])) if mask else str(best["quote"]))
    return found


def _checked(weights: Mapping[str, float] | None) -> Mapping[str, float]:
    if unknown := set(weights or {}) - WEIGHTS.keys():
        raise InputError(f"got weights for {', '.join(sorted(unknown))}, expected some of {', '.join(WEIGHTS)}")
    merged = {**WEIGHTS, **(weights or {})}
    if wrong := [name for name, weight in merged.items() if not 0 <= weight <= 1]:
        raise InputError(f"the weight of {wrong[0]} is {merged[wrong[0]]}, expected 0 to 1")
    return merged


def _routing(path: str | Path | None) -> dict[str, str]:
    """Read which desk each reason goes to."""
    default = yaml.safe_load(files(__package__).joinpath("routing.yaml").read_text(encoding="utf-8"))
    if path is None:
        return dict(default)
    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"the routing {Path(path).name!r} cannot be read ({type(error).__name__})") from None
    if not isinstance(given, dict) or not all(isinstance(desk, str) for desk in given.values()):
        raise InputError(f"the routing {Path(path).name!r} is not reason: desk lines; see docs/signals.md")
    if unknown := given.keys() - default.keys():
        raise InputError(f"the routing names {min(map(str, unknown))!r}, expected some of {', '.join(default)}")
    return {**default, **given}

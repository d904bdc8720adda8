"""Where agents are made to defend what nobody can: how they answer, by cause, product or team; never by person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from vocmine.errors import InputError
from vocmine.stats import wilson
from vocmine.text import mask

if TYPE_CHECKING:
    from vocmine.analysis import Analysis

LEAST_CONTACTS: Final = 30
_LEAST_AGENTS: Final = 3
_PERSONS: Final = frozenset({"agent_id", "agent", "agent_name", "conseiller", "advisor", "employee", "user_id"})
_SHARES: Final = ("defensive", "cannot", "empathic", "worse_after")
_LEVEL: Final = 0.05
_COLUMNS: Final = (
    *("contacts", *(f"{name}{edge}" for name in _SHARES for edge in ("", "_low", "_high"))),
    *("elsewhere", "p", "indefensible", "quotes"),
)


def policies(analysis: Analysis, by: str | Sequence[str], *, min_contacts: int = LEAST_CONTACTS) -> pd.DataFrame:
    """Compare how agents answer from one group of contacts to the next.

    Many defensive answers on one cause point at the rule that agents have to defend, not at the agents.

    Parameters
    ----------
    analysis : Analysis
        With signals.
    by : str or sequence of str
        Columns of `Analysis.contacts` that make the groups: a cause, a product, a team, or two of them.
    min_contacts : int, default 30
        Contacts with an agent's answer that a group needs; no fewer than 30.

    Returns
    -------
    DataFrame
        A row a group, the most defensive first: the columns of `by`, `contacts`, then for each of ``defensive``
        (or judging), ``cannot`` (what cannot be done is all that is said), ``empathic`` and ``worse_after`` (the
        customer is angrier after the answer) the share of contacts with `_low` and `_high`, 95 % Wilson intervals;
        `elsewhere`, the defensive share of all other contacts; `p`, of the difference (one-sided, two proportions);
        `indefensible`, whether it holds after Holm's correction over the groups; `quotes`, three defensive answers.
        ``attrs["left_out"]`` counts the groups that are too small, or whose answers are of one or two agents.

    Raises
    ------
    InputError
        If a column is missing, names persons, or `min_contacts` is below 30. Single agents are never compared: that
        is surveillance of staff; see ``docs/agents.md``.

    References
    ----------
    S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
    """
    columns = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    contacts = analysis.contacts.reset_index(drop=True)
    _check(columns, contacts, min_contacts)
    told = _told(analysis, contacts)
    frame = contacts[columns].assign(**told, agent_id=contacts["agent_id"], contact_id=contacts["contact_id"])
    frame = frame[frame["answered"]].dropna(subset=columns)
    rows, left_out = [], 0
    for key, part in frame.groupby(columns, sort=True):
        agents = part["agent_id"].nunique()
        if len(part) < min_contacts or 0 < agents < _LEAST_AGENTS:
            left_out += 1
            continue
        rows.append(dict(zip(columns, key, strict=True)) | _row(part, frame.drop(part.index), analysis))
    found = pd.DataFrame(rows, columns=[*columns, *_COLUMNS])
    if len(found):
        found["indefensible"] = _holm(found["p"].to_numpy())
        found = found.sort_values("defensive", ascending=False, kind="stable", ignore_index=True)
    found.attrs["left_out"] = left_out
    return found


def _check(columns: list[str], contacts: pd.DataFrame, min_contacts: int) -> None:
    if not columns:
        raise InputError("by names no column, expected a cause, a product or a team")
    if persons := [name for name in columns if name.lower() in _PERSONS]:
        raise InputError(
            f"got by={persons[0]!r}: single agents are not compared, that is surveillance of staff; group by cause, "
            "product or team (docs/agents.md says why)"
        )
    if missing := [name for name in columns if name not in contacts.columns]:
        raise InputError(
            f"the contacts have no column {missing[0]!r}; they have {', '.join(map(str, contacts.columns))}"
        )
    if several := [name for name in columns if contacts[name].map(pd.api.types.is_list_like).any()]:
        raise InputError(f"column {several[0]!r} holds lists, expected one value a contact")
    if min_contacts < LEAST_CONTACTS:
        raise InputError(f"min_contacts is {min_contacts}, expected {LEAST_CONTACTS} or more: fewer say nothing")


def _told(analysis: Analysis, contacts: pd.DataFrame) -> dict[str, pd.Series]:
    """Say of each contact whether an agent answered, and how."""
    turns, spans = analysis.turns, analysis.spans
    ids = contacts["contact_id"]
    labelled = {
        label: set(spans.loc[(spans["kind"] == kind) & (spans["label"] == label), "contact_id"])
        for kind, labels in (("style", ("defensive", "judging", "empathic")), ("phrasing", ("can", "cannot")))
        for label in labels
    }
    start, end = (contacts[f"frustration_{edge}"].astype("Float64") for edge in ("start", "end"))
    return {
        "answered": ids.isin(set(turns.loc[turns["speaker"] == "agent", "contact_id"])),
        "defensive": ids.isin(labelled["defensive"] | labelled["judging"]),
        "cannot": ids.isin(labelled["cannot"] - labelled["can"]),
        "empathic": ids.isin(labelled["empathic"]),
        "worse_after": (end > start).fillna(value=False).astype(bool),
    }


def _row(part: pd.DataFrame, others: pd.DataFrame, analysis: Analysis) -> dict[str, object]:
    found: dict[str, object] = {"contacts": len(part)}
    for name in _SHARES:
        share = wilson(int(part[name].sum()), len(part))
        found |= {name: share.value, f"{name}_low": share.low, f"{name}_high": share.high}
    found["elsewhere"] = float(others["defensive"].mean()) if len(others) else float("nan")
    found["p"] = _more(int(part["defensive"].sum()), len(part), int(others["defensive"].sum()), len(others))
    spans = analysis.spans
    shown = spans[spans["label"].isin({"defensive", "judging"}) & spans["contact_id"].isin(set(part["contact_id"]))]
    best = shown.sort_values("score", ascending=False, kind="stable")["quote"].drop_duplicates()[:3]
    found["quotes"] = [mask(str(quote)) for quote in best]
    return found


def _more(hits: int, n: int, others: int, n_others: int) -> float:
    """Return the one-sided p-value of a share being greater than another's: the pooled score test."""
    if not n or not n_others:
        return 1.0
    from scipy.stats import norm

    pooled = (hits + others) / (n + n_others)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_others))
    return float(norm.sf((hits / n - others / n_others) / spread)) if spread else 1.0


def _holm(p: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[bool]:
    """Say which hold, all together at 5 %."""
    held = np.zeros(len(p), dtype=np.bool_)
    for rank, place in enumerate(np.argsort(p, kind="stable")):
        if p[place] > _LEVEL / (len(p) - rank):
            break
        held[place] = True
    return list(held.tolist())

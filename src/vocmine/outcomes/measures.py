"""« Que faire » : causes, repeats, answers and contradictions come in; the measures that would spare most go out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import NotScoredError
from vocmine.outcomes.costs import Costs
from vocmine.outcomes.faq import Faq
from vocmine.outcomes.owners import departments
from vocmine.outcomes.repeats import Repeats
from vocmine.outcomes.slices import months_of
from vocmine.outcomes.taxonomy import UNATTRIBUTED, Taxonomy
from vocmine.stats import Interval, wilson
from vocmine.text import mask as masked

KINDS: Final = {
    "cause": "corriger la cause",
    "first_contact": "régler au premier contact",
    "answer": "publier la réponse",
    "align": "accorder les réponses",
}
_COLUMNS: Final = (
    *("measure", "kind", "owner", "contacts", "per_month", "low", "high", "cost", "cost_low", "cost_high", "currency"),
    *("certainty", "quotes", "contact_ids"),
)
_SURE: Final = 0.05
_OF_CAUSES: Final = 6


def what_to_do(
    analysis: Analysis,
    *,
    repeats: Repeats | None = None,
    faq: Faq | None = None,
    contradictions: pd.DataFrame | None = None,
    taxonomy: Taxonomy | Mapping[str, Any] | str | Path | None = None,
    cost: Costs | Mapping[str, Any] | str | Path | None = None,
    labels: pd.DataFrame | str | None = None,
    n: int = 10,
    mask: bool = True,
) -> pd.DataFrame:
    """Return the measures that would avoid most contacts, with owner, evidence, volume, cost and certainty.

    Volumes are what a measure could avoid at most: all avoidable contacts of a cause, all repeats beyond the usual, all
    contacts that an answer serves. Measures overlap (a repeat has a cause too), so volumes do not add up.

    Parameters
    ----------
    analysis : Analysis
        With causes.
    repeats, faq, contradictions : optional
        What `repeat_contacts`, `faq` and `contradictions` found.
    taxonomy : optional
        Names of the causes, as given to `CauseModel`.
    cost : optional
        See `vocmine.outcomes.costs.Costs.of`.
    labels : DataFrame or path, optional
        A labelled audit of the causes.
    n : int, default 10
        Six in ten are causes at most, while there are others.
    mask : bool, default True
        Mask personal data in quotes and questions.

    Returns
    -------
    DataFrame
        By the lower bound of what is avoided: ``measure`` (a line of French), ``kind`` (a key of `KINDS`), ``owner``,
        ``contacts`` (in all), ``per_month``, ``low``, ``high`` (contacts a month, at most), ``cost``, ``cost_low``,
        ``cost_high`` (a month, NaN without costs), ``currency``, ``certainty``, ``quotes``, ``contact_ids``.

    Raises
    ------
    NotScoredError
        If the analysis has no causes.
    """
    if "causes" not in analysis.tables:
        raise NotScoredError("got an analysis without causes; assign some: vm.CauseModel().assign(analysis)")
    contacts = analysis.contacts.reset_index(drop=True)
    months = months_of(contacts)
    known = Taxonomy.of(taxonomy)
    rows = [
        *_causes(analysis, contacts, known, labels, months, mask=mask),
        *(_first_contacts(contacts, repeats, known, months) if repeats is not None else ()),
        *(_answers(contacts, faq) if faq is not None else ()),
        *(_alignments(contacts, contradictions, months, mask=mask) if contradictions is not None else ()),
    ]
    found = pd.DataFrame([_priced(row, contacts, Costs.of(cost)) for row in rows], columns=list(_COLUMNS))
    found = found.sort_values(["low", "per_month"], ascending=False, kind="stable", ignore_index=True)
    # Causes are wide, and would leave no room for what is done faster: they have six places in ten at most.
    place = found.groupby("kind").cumcount()
    kept = found[(found["kind"] != "cause") | (place < -(-_OF_CAUSES * n // 10))].head(n)
    rest = found.drop(kept.index).head(n - len(kept))
    return pd.concat([kept, rest]).sort_index().reset_index(drop=True)


def _causes(
    analysis: Analysis,
    contacts: pd.DataFrame,
    taxonomy: Taxonomy,
    labels: pd.DataFrame | str | None,
    months: float,
    *,
    mask: bool,
) -> Iterator[dict[str, Any]]:
    total = len(contacts)
    for row in departments(analysis, by="cause", labels=labels, mask=mask).to_dict("records"):
        if row["cause"] == UNATTRIBUTED:
            continue
        own = contacts[contacts["contact_id"].isin(row["contact_ids"])]
        avoidable = own[own["value"] == "avoidable"]
        if not len(avoidable):
            continue
        part = len(avoidable) / len(own)
        volume = Interval(*(part * total * row[name] / months for name in ("share", "low", "high")))
        course = {"structurel": ", structurelle", "ponctuel": ", ponctuelle"}.get(row["course"], "")
        yield {
            "measure": f"Corriger la cause : {_label(row['cause'], taxonomy)}{course}",
            "kind": "cause",
            "owner": str(own["department"].mode().iloc[0]),
            "contacts": len(avoidable),
            "volume": volume,
            "certainty": row["status"],
            "quotes": row["quotes"],
            "contact_ids": avoidable["contact_id"].tolist(),
        }


def _first_contacts(
    contacts: pd.DataFrame, repeats: Repeats, taxonomy: Taxonomy, months: float
) -> Iterator[dict[str, Any]]:
    for by, name in (("topic", "motif"), ("cause", "cause")):
        if by not in repeats.frame:
            continue
        for row in repeats.drivers(by).to_dict("records"):
            if row["q_value"] > _SURE or row["low"] <= 0:
                continue
            own = contacts[contacts["contact_id"].isin(row["contact_ids"])]
            yield {
                "measure": f"Régler au premier contact : {name} « {_label(row[by], taxonomy)} »",
                "kind": "first_contact",
                "owner": _owner(own),
                "contacts": len(row["contact_ids"]),
                "volume": Interval(*(row[bound] / months for bound in ("excess", "low", "high"))),
                "certainty": f"{row['ratio']:.1f} fois les retours attendus".replace(".", ","),
                "quotes": [],
                "contact_ids": row["contact_ids"],
            }


def _answers(contacts: pd.DataFrame, faq: Faq) -> Iterator[dict[str, Any]]:
    for row in faq.drafts.to_dict("records"):
        if row["contradicted"] or not np.isfinite(row["absorbed"]):
            continue
        own = contacts[contacts["contact_id"].isin(row["contact_ids"])]
        yield {
            "measure": f"Publier la réponse : « {row['question']} »",
            "kind": "answer",
            "owner": _owner(own),
            "contacts": row["n_contacts"],
            "volume": Interval(row["absorbed"], row["absorbed_low"], row["absorbed_high"]),
            "certainty": f"réponse commune de {len(row['contact_ids'])} contacts",
            "quotes": [row["answer"]],
            "contact_ids": row["contact_ids"],
        }


def _alignments(contacts: pd.DataFrame, found: pd.DataFrame, months: float, *, mask: bool) -> Iterator[dict[str, Any]]:
    for row in found.to_dict("records"):
        ids = [*row["contacts_a"], *row["contacts_b"]]
        own = contacts[contacts["contact_id"].isin(ids)]
        again = int(row["repeats_linked"]) if pd.notna(row.get("repeats_linked")) else 0
        bounds = wilson(again, len(ids))
        yield {
            "measure": f"Accorder les réponses : « {masked(row['question']) if mask else row['question']} »",
            "kind": "align",
            "owner": _owner(own),
            "contacts": len(ids),
            "volume": Interval(*(len(ids) * value / months for value in bounds)),
            "certainty": f"{again} retours après une réponse contredite",
            "quotes": [masked(row[side]) if mask else row[side] for side in ("side_a", "side_b")],
            "contact_ids": ids,
        }


def _label(value: str, taxonomy: Taxonomy) -> str:
    return taxonomy.causes[value].label if value in taxonomy.causes else value


def _owner(own: pd.DataFrame) -> str:
    known = own.loc[own["department"] != UNATTRIBUTED, "department"]
    return str(known.mode().iloc[0]) if len(known) else UNATTRIBUTED


def _priced(row: dict[str, Any], contacts: pd.DataFrame, costs: Costs | None) -> dict[str, Any]:
    volume: Interval = row.pop("volume")
    unit, currency = np.nan, ""
    if costs is not None:
        each = costs.each(contacts[contacts["contact_id"].isin(row["contact_ids"])]).dropna()
        unit, currency = (float(sum(each)) / len(each) if len(each) else np.nan), costs.currency
    prices = {"cost": unit * volume.value, "cost_low": unit * volume.low, "cost_high": unit * volume.high}
    return row | {"per_month": volume.value, "low": volume.low, "high": volume.high} | prices | {"currency": currency}

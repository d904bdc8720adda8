"""What a contact was worth: contacts with causes come in; valuable, avoidable or fit for self-care goes out."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from vocmine.analysis import Analysis
from vocmine.errors import NotScoredError
from vocmine.outcomes.slices import months_of
from vocmine.outcomes.taxonomy import Taxonomy

REASONS: Final = {
    "repeat": "le client revient pour la même affaire",
    "fault": "causé par un défaut ou une communication peu claire",
    "simple": "demande simple et récurrente",
    "human": "demande simple, mais le client a besoin de quelqu’un",
    "rare": "demande simple, mais rare : une réponse toute prête ne servirait à personne",
    "relation": "moment de la relation : contrat, prix, remerciement",
    "unsure": "cause incertaine",
}
"""Reason of each verdict, in French."""

CLAIM: Final = (0.3, 0.4)
"""Share of the contacts that vendors of self-care say theirs absorbs (« de l’ordre de 30 à 40 % », trade press)."""

_NEEDS_HUMAN: Final = frozenset(
    ("anger", "harm", "legal_threat", "distrust", "churn_intent", "escalation_request", "compensation_request")
)
_RECURRING: Final = 5
"""Contacts a month of one cause from which an answer made ready pays."""


def valued(analysis: Analysis, taxonomy: Taxonomy, causes: pd.Series, repeated: pd.Series) -> pd.DataFrame:
    """Judge what each contact was worth.

    Parameters
    ----------
    analysis : Analysis
        With signals.
    taxonomy : Taxonomy
    causes : Series of shape (n_contacts,)
        Cause of each, None where unsure, in the order of ``analysis.contacts``.
    repeated : Series of bool, shape (n_contacts,)
        Whether an earlier contact about the same matter is known, or told of.

    Returns
    -------
    DataFrame
        ``value`` (``valuable``, ``avoidable``, ``self_care``, or None: abstained) and ``value_reason``, a key of
        `REASONS`.
    """
    contacts = analysis.contacts.reset_index(drop=True)
    if "scale" not in contacts:
        raise NotScoredError("got contacts without signals; score them with vm.Miner()")
    usual = pd.Series([taxonomy.causes[cause].value if cause else None for cause in causes], dtype=object)
    trouble = contacts["scale"].isin(["problem", "complaint"])
    troubled = _troubled(contacts)
    again = pd.Series(repeated.to_numpy(dtype=bool)) & ~usual.eq("valuable")
    frequent = _frequent(contacts, causes)
    rules = [
        (pd.Series([cause is None for cause in causes], dtype=bool), None, "unsure"),
        (again, "avoidable", "repeat"),
        (usual.eq("avoidable") | (usual.eq("self_care") & trouble), "avoidable", "fault"),
        (usual.eq("valuable"), "valuable", "relation"),
        (troubled, "valuable", "human"),
        (~frequent, "valuable", "rare"),
        (pd.Series(np.ones(len(contacts), dtype=bool)), "self_care", "simple"),
    ]
    found = pd.DataFrame({"value": None, "value_reason": None}, index=contacts.index, dtype=object)
    left = np.ones(len(contacts), dtype=bool)
    for fits, value, reason in rules:
        own = left & fits.to_numpy(dtype=bool)
        found.loc[own, "value"] = value
        found.loc[own, "value_reason"] = reason
        left &= ~own
    return found.where(found.notna(), None)


def _troubled(contacts: pd.DataFrame) -> pd.Series:
    held = np.array([not _NEEDS_HUMAN.isdisjoint(keys if keys is not None else ()) for keys in contacts["signals"]])
    return pd.Series(held.astype(bool) | (contacts["frustration"].fillna(0) >= 2).to_numpy(dtype=bool))


def _frequent(contacts: pd.DataFrame, causes: pd.Series) -> pd.Series:
    """Say which contacts are about what comes up at least five times a month: their cause."""
    keys = pd.Series(causes.to_numpy(), dtype=object).astype(str)
    often = keys.groupby(keys).transform("size").to_numpy() >= _RECURRING * months_of(contacts)
    return pd.Series(often, dtype=bool)

"""Contacts of an alert come in; the customers it affects, and those it is likely to, go out."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.stats.counts import Floats

_MOST_VALUES: Final = 50
"""A column with more values than this tells customers apart, and not kinds of customers."""
_LEAST: Final = 5
"""Affected customers in the table from which on a likeness can be learnt."""


def customers_of(
    analysis: Analysis, contact_ids: Collection[str], customers: pd.DataFrame | None = None, *, least_lift: float = 2.0
) -> pd.DataFrame:
    """Return the customers who wrote of an issue and, of a customer table, those who are like them.

    A regularised logistic regression on the table's columns of kinds (region, product, contract: up to 50 values each)
    tells those who wrote from all others. Who did not write, but is `least_lift` times as likely to be affected as a
    customer in general, is likely to be.

    Parameters
    ----------
    analysis : Analysis
    contact_ids : collection of str
        Contacts of the alert, `Alerts.contacts`.
    customers : DataFrame, optional
        One row a customer, with ``customer_id`` and what is known of each.
    least_lift : float, default 2.0

    Returns
    -------
    DataFrame
        By ``customer_id``: ``status`` (``affected`` or ``likely``), ``lift`` (how many times as likely as a customer in
        general; NaN where it cannot be told), ``n_contacts`` and ``last_contact`` (UTC) of the alert. Affected ones
        first, then by lift.

    Raises
    ------
    InputError
        If there are none of the contacts or they have no customers; if the table lacks ``customer_id``, names one
        twice, or has no column of kinds.
    """
    contacts = analysis.corpus.to_pandas("contacts")
    own = contacts[contacts["contact_id"].isin(set(contact_ids))]
    if own.empty:
        raise InputError("got an analysis without any contact of the alert; give the one that it was found in")
    if "customer_id" not in contacts or own["customer_id"].isna().all():
        raise InputError("got contacts without customers; name their column when reading, customer_id=")
    wrote = own.groupby("customer_id")["started_at"].agg(n_contacts="size", last_contact="max")
    lift = pd.Series(dtype=np.float64) if customers is None else _lift(customers, set(wrote.index))
    likely = lift.index[lift >= least_lift].difference(wrote.index, sort=False)
    found = pd.DataFrame(wrote.reindex([*wrote.index, *likely]))
    found["n_contacts"] = found["n_contacts"].fillna(0).astype(np.int64)
    found.insert(0, "status", np.where(found["n_contacts"] > 0, "affected", "likely"))
    found.insert(1, "lift", lift.reindex(found.index))
    frame = found.rename_axis("customer_id").reset_index()
    ranked = frame.sort_values(["status", "lift", "customer_id"], ascending=[True, False, True])
    return pd.DataFrame(ranked.set_index("customer_id"))


def _lift(customers: pd.DataFrame, affected: Collection[str]) -> pd.Series:
    """Return, by customer, how many times as likely as in general it is to be affected; NaN where few are known."""
    if "customer_id" not in customers:
        raise InputError(f"got customers with columns {', '.join(customers.columns)}, expected customer_id among them")
    names = customers["customer_id"].astype(str)
    if names.duplicated().any():
        raise InputError(f"customer {names[names.duplicated()].iloc[0]!r} is there twice, expected one row a customer")
    traits = customers.drop(columns="customer_id")
    kinds = [name for name in traits if 1 < traits[name].nunique() <= _MOST_VALUES]
    if not kinds:
        raise InputError(f"got no column of kinds, expected some with 2 to {_MOST_VALUES} values, such as a region")
    is_affected = names.isin(set(affected)).to_numpy()
    if is_affected.sum() < _LEAST or is_affected.all():
        return pd.Series(np.nan, index=names.to_numpy())
    columns = pd.get_dummies(traits[kinds].astype("string").fillna("")).to_numpy(dtype=np.float64)
    model = LogisticRegression(C=1.0, max_iter=1_000).fit(columns, is_affected)
    probability: Floats = model.predict_proba(columns)[:, 1]
    return pd.Series(probability / is_affected.mean(), index=names.to_numpy())

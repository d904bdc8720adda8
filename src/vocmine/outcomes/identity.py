"""Who contacted: an analysis comes in; pairs of contacts that one person may have made go out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from vocmine.analysis import Analysis
from vocmine.corpus.customers import customer_turns
from vocmine.text.folding import fold
from vocmine.text.personal import find_personal

TOLD: Final = ("email", "phone", "reference")
"""What a customer may say that tells who they are: an address, a number, the reference of their file."""
_SHARED: Final = 8
"""An address or number in more contacts than this a month is the company's own."""


def identifiers(analysis: Analysis) -> pd.DataFrame:
    """Return what tells who made each contact: the customer's id, and what the customer says.

    Returns
    -------
    DataFrame
        ``contact`` (place in ``analysis.contacts``), ``kind`` (``customer_id``, ``email``, ``phone``, ``reference``)
        and ``value``; a contact has none or several.
    """
    contacts = analysis.contacts.reset_index(drop=True)
    known = contacts["customer_id"].dropna()
    found = [
        pd.DataFrame({"contact": known.index, "kind": "customer_id", "value": known.astype(str).to_numpy()}),
        pd.DataFrame(_told(analysis, contacts), columns=["contact", "kind", "value"]),
    ]
    every = pd.concat(found, ignore_index=True).astype({"contact": np.int64}).drop_duplicates()
    months = max((contacts["started_at"].max() - contacts["started_at"].min()).days / 30, 1) if len(contacts) else 1
    size = every.groupby(["kind", "value"])["contact"].transform("size")
    kept = (every["kind"] == "customer_id") | (size <= _SHARED * months)
    return every.loc[kept].reset_index(drop=True)


def _told(analysis: Analysis, contacts: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    counts = customer_turns(analysis.corpus) >= 0
    turns = analysis.corpus.turns.select(["contact_id", "text"]).to_pandas()[counts]
    # No identifier is without a digit or an at sign: most turns need no closer look.
    turns = turns[turns["text"].str.contains(r"[0-9@]", regex=True)]
    places = pd.Index(contacts["contact_id"]).get_indexer(turns["contact_id"])
    for place, text in zip(places.tolist(), turns["text"], strict=True):
        for one in find_personal(text, kinds=TOLD, names=False):
            value = "".join(char for char in fold(text[one.start : one.end]) if char.isalnum() or char == "@")
            if len(value) >= 5:
                yield place, one.kind, value[-9:] if one.kind == "phone" else value


def candidates(told: pd.DataFrame, times: pd.Series, window: pd.Timedelta) -> pd.DataFrame:
    """Return the pairs of contacts that share an identifier, the earlier not further back than the window.

    Parameters
    ----------
    told : DataFrame
        See `identifiers`.
    times : Series of shape (n_contacts,)
        When each contact began.
    window : Timedelta

    Returns
    -------
    DataFrame
        ``earlier``, ``later`` (places), ``gap`` (days), ``by`` (kind of the identifier, ``customer_id`` first).
        Pairs of contacts of two known customers are left out.
    """
    owner = told[told["kind"] == "customer_id"].drop_duplicates("contact").set_index("contact")["value"]
    moments = times.to_numpy()
    order = told.assign(at=moments[told["contact"]]).dropna(subset=["at"])
    order = order.sort_values(["kind", "value", "at", "contact"], ignore_index=True)
    key = order.groupby(["kind", "value"], sort=False).ngroup().to_numpy()
    places, at = order["contact"].to_numpy(), order["at"].to_numpy()
    found: list[pd.DataFrame] = []
    for lag in range(1, len(order)):
        near = (key[lag:] == key[:-lag]) & (at[lag:] - at[:-lag] <= window.to_timedelta64())
        if not near.any():
            break
        rows = np.flatnonzero(near)
        gaps = (at[rows + lag] - at[rows]) / np.timedelta64(1, "D")
        pair = {"earlier": places[rows], "later": places[rows + lag], "gap": gaps, "by": order["kind"].to_numpy()[rows]}
        found.append(pd.DataFrame(pair))
    if not found:
        return pd.DataFrame({"earlier": [], "later": [], "gap": [], "by": []}).astype({"earlier": int, "later": int})
    pairs = pd.concat(found, ignore_index=True)
    pairs["by"] = pd.Categorical(pairs["by"], ["customer_id", "reference", "email", "phone"], ordered=True)
    pairs = pairs.sort_values(["later", "earlier", "by"]).drop_duplicates(["earlier", "later"])
    mine, theirs = owner.reindex(pairs["earlier"]).to_numpy(), owner.reindex(pairs["later"]).to_numpy()
    kept: pd.DataFrame = pairs[~(pd.notna(mine) & pd.notna(theirs) & (mine != theirs))]
    return kept.reset_index(drop=True)


def groups(told: pd.DataFrame, n_contacts: int) -> NDArray[np.int64]:
    """Return a number a contact, the same for contacts that share an identifier, -1 where nobody can be told."""
    names = told.groupby(["kind", "value"], sort=False).ngroup().to_numpy()
    size = n_contacts + (int(names.max()) + 1 if len(names) else 0)
    links = coo_array((np.ones(len(names)), (told["contact"].to_numpy(), n_contacts + names)), shape=(size, size))
    component: NDArray[np.int64] = connected_components(links, directed=False)[1][:n_contacts].astype(np.int64)
    component[~np.isin(np.arange(n_contacts), told["contact"])] = -1
    return component

"""Audits: a sample of contacts to read by hand goes out; labelled, it comes back and corrects the shares."""

from __future__ import annotations

import os
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.corpus.customers import customer_turns
from vocmine.errors import ColumnError, InputError, NotScoredError, ReadError
from vocmine.stats import Interval, wilson
from vocmine.stats.shares import corrected_shares

UNVERIFIED: Final = "estimation non vérifiée"
NONE: Final = "non attribué"
_COLUMNS: Final = ("contact_id", "stratum", "channel", "started_at", "text", "predicted", "label")
_FEWEST: Final = 10
"""Labels that a group needs."""


def audit(
    analysis: Analysis, n: int = 200, *, column: str = "cause", by: str = "channel", seed: int = 0
) -> pd.DataFrame:
    """Draw the contacts to read by hand, stratified by what was found and by channel.

    Fill in the column ``label``, in any spreadsheet, with the value that is right, and give the table or its file to
    `audited_shares`, `departments` or `decisions` as ``labels``.

    Parameters
    ----------
    analysis : Analysis
    n : int, default 200
        Contacts to draw; all, if there are fewer.
    column : str, default "cause"
        Column of ``analysis.contacts`` to check.
    by : str, default "channel"
        Column whose values are drawn from apart, as errors may differ between them.
    seed : int, default 0

    Returns
    -------
    DataFrame
        In the order of the contacts: ``contact_id``, ``stratum``, ``channel``, ``started_at``, ``text`` (what the
        customer says), ``predicted`` and ``label``, empty.

    Raises
    ------
    NotScoredError
        If the contacts have no such column.
    InputError
        If `n` is not positive.
    """
    if n < 1:
        raise InputError(f"got n={n}, expected one contact or more; 200 is usual")
    contacts = analysis.contacts.reset_index(drop=True)
    for name in (column, by):
        if name not in contacts:
            raise NotScoredError(f"got no column {name!r} in the contacts to audit; vm.CauseModel().assign adds causes")
    predicted, strata = _strata(contacts, column, by)
    # Drawn in the order of ids: the same contacts whatever the order of the rows.
    order = np.argsort(contacts["contact_id"].to_numpy(dtype=object), kind="stable")
    codes = pd.factorize(strata.iloc[order], sort=True)[0].astype(np.int64)
    drawn = np.sort(order[allocate(codes, n, np.random.default_rng(seed))])
    found = contacts.loc[drawn, ["contact_id", "channel", "started_at"]]
    found = found.assign(stratum=strata[drawn], text=_texts(analysis, found["contact_id"]), predicted=predicted[drawn])
    return found.assign(label="")[list(_COLUMNS)].reset_index(drop=True)


def allocate(strata: NDArray[np.int64], n: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw rows from strata: one of each at least where `n` allows, the rest by the root of their size.

    Returns
    -------
    int array
        Rows, sorted.
    """
    names, size = np.unique(strata, return_counts=True)
    wanted = np.zeros(len(names), dtype=np.int64)
    wanted[np.argsort(-size, kind="stable")[:n]] = 1
    target = min(n, len(strata))
    while wanted.sum() < target:
        gap = np.where(wanted < size, np.sqrt(size) / (wanted + 1), -1.0)  # one by one, to whom it is most due
        wanted[int(np.argmax(gap))] += 1
    rows = [
        random.choice(np.flatnonzero(strata == name), size=int(k), replace=False)
        for name, k in zip(names, wanted, strict=True)
    ]
    return np.sort(np.concatenate(rows)).astype(np.int64)


def audited_shares(
    analysis: Analysis,
    labels: pd.DataFrame | str | os.PathLike[str] | None = None,
    *,
    column: str = "cause",
    by: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of contacts of each value, corrected with an audit where there is one.

    Parameters
    ----------
    analysis : Analysis
    labels : DataFrame or path of a CSV, optional
        What `audit` gave, with ``label`` filled in; rows without are left out. Without labels, shares are those of the
        classifier, their interval says nothing of its errors, and they are marked « estimation non vérifiée ».
    column : str, default "cause"
        What was audited.
    by : str, optional
        Column whose values have shares of their own; each is corrected by its own labels alone, ten or more.
    level : float, default 0.95

    Returns
    -------
    DataFrame
        One row a value (and a group): ``value``, `by`, ``n`` (contacts that the classifier gave it), ``share``,
        ``low``, ``high``, ``verified``, ``status``, ``contact_ids``. What has no value is « non attribué ».

    Raises
    ------
    NotScoredError
        If the contacts have no such column.
    InputError
        If the labels are not of these contacts, or no label is filled in.
    """
    contacts = analysis.contacts.reset_index(drop=True)
    for name in (column, by):
        if name is not None and name not in contacts:
            raise NotScoredError(f"got no column {name!r} in the contacts; vm.CauseModel().assign adds causes")
    predicted = _values(contacts, column)
    read = None if labels is None else _read(labels, contacts, column)
    groups = pd.Series("", index=contacts.index) if by is None else contacts[by].astype(str)
    parts = [
        _shares(contacts[own], predicted[own], None if read is None else read[own], level).assign(group=name)
        for name, own in ((name, groups == name) for name in sorted(groups.unique()))
    ]
    found = pd.concat(parts, ignore_index=True)
    return found.drop(columns="group") if by is None else found.rename(columns={"group": by})


def _strata(contacts: pd.DataFrame, column: str, by: str) -> tuple[pd.Series, pd.Series]:
    predicted = _values(contacts, column)
    return predicted, predicted + f" · {by}=" + _values(contacts, by)


def _values(contacts: pd.DataFrame, column: str) -> pd.Series:
    return contacts[column].astype(object).where(contacts[column].notna(), NONE).astype(str)


def _texts(analysis: Analysis, ids: pd.Series) -> list[str]:
    turns = analysis.corpus.turns.select(["contact_id", "text"]).to_pandas()
    said = turns[customer_turns(analysis.corpus) >= 0].groupby("contact_id")["text"].agg("\n".join)
    return [str(said.get(contact, "")) for contact in ids]


def _read(labels: pd.DataFrame | str | os.PathLike[str], contacts: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the label and the stratum of each contact; empty where it was not read."""
    if isinstance(labels, pd.DataFrame):
        frame = labels
    else:
        try:
            frame = pd.read_csv(labels, dtype=str, keep_default_na=False)
        except (OSError, ValueError) as error:
            raise ReadError(f"cannot read the labels in {os.fspath(labels)} ({type(error).__name__})") from error
    missing = [name for name in ("contact_id", "stratum", "predicted", "label") if name not in frame.columns]
    if missing:
        raise ColumnError(f"the audit has no column {missing[0]!r}, expected those that vm.audit gave")
    filled = frame[frame["label"].notna() & (frame["label"].astype(str).str.strip() != "")]
    if not len(filled):
        raise InputError("no label is filled in, expected some in the column label; without an audit, leave labels out")
    place = pd.Index(contacts["contact_id"]).get_indexer(filled["contact_id"].astype(str))
    if (place < 0).any():
        raise InputError(f"{(place < 0).sum()} audited contacts are not in this analysis; audit these contacts")
    if filled["contact_id"].duplicated().any():
        raise InputError("a contact is labelled twice; keep one row each")
    known = set(contacts[column].dropna().astype(str)) | {NONE}
    if not set(filled["predicted"].astype(str)) <= known:
        raise InputError(f"the audit is not of {column!r}: what it calls predicted is none of its values")
    by = str(filled["stratum"].iloc[0]).rsplit(" · ", 1)[-1].split("=")[0]
    if by not in contacts:
        raise InputError(f"the audit was stratified by {by!r}, which these contacts have no column for")
    found = pd.DataFrame({"label": "", "stratum": _strata(contacts, column, by)[1]})
    found.loc[place, "label"] = filled["label"].astype(str).str.strip().to_numpy()
    return found


def _shares(contacts: pd.DataFrame, predicted: pd.Series, read: pd.DataFrame | None, level: float) -> pd.DataFrame:
    n_read = 0 if read is None else int((read["label"] != "").sum())
    verified = read is not None and n_read >= _FEWEST
    values = sorted(set(predicted) | (set(read["label"]) - {""} if verified and read is not None else set()))
    bounds: list[Interval]
    if verified and read is not None:
        codes = pd.Index(values)
        labelled = np.where(read["label"] == "", -1, codes.get_indexer(read["label"])).astype(np.int64)
        given = codes.get_indexer(predicted).astype(np.int64)
        strata = pd.factorize(read["stratum"], sort=True)[0].astype(np.int64)
        bounds = corrected_shares(given, labelled, n_classes=len(values), strata=strata, level=level)
    else:
        bounds = [wilson(int((predicted == value).sum()), len(predicted), level=level) for value in values]
    status = f"vérifié sur {n_read} contacts" if verified else UNVERIFIED
    rows = [
        (
            value,
            int((predicted == value).sum()),
            *own,
            verified,
            status,
            contacts.loc[predicted == value, "contact_id"].tolist(),
        )
        for value, own in zip(values, bounds, strict=True)
    ]
    return pd.DataFrame(rows, columns=["value", "n", "share", "low", "high", "verified", "status", "contact_ids"])

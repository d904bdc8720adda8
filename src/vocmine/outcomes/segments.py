"""Contacts, a yes-or-no outcome and columns come in; shares by segment, and the reversals they hide, go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import erfc, sqrt
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from vocmine.errors import ColumnError, InputError
from vocmine.stats.intervals import wilson

Floats = NDArray[np.float64]

UNKNOWN: Final = "non renseigné"
_SURE: Final = 0.05
_STRATA: Final = 6
"""Strata that must all agree to be sure without a significant sum: by chance they do 1 time in 2**6, under 2.5 %."""


def by_segment(
    contacts: pd.DataFrame,
    outcome: str | ArrayLike,
    by: str | Sequence[str],
    *,
    min_contacts: int = 10,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the share of contacts with an outcome, by segment; nothing is said of small segments.

    A segment of fewer than `min_contacts` is suppressed. Where it would be the only one of a total (the table's, or,
    of crossed columns, that of a value of one or several of them), the difference would give it away: the next smallest
    of that total is suppressed too, until no total has a single one. Two small segments can still be told together.

    Parameters
    ----------
    contacts : DataFrame, one row a contact
        With ``contact_id``.
    outcome : str or bool array, shape (n_contacts,)
        A column of truth values, or the values themselves, in the order of the contacts; contacts whose outcome is
        missing are left out.
    by : str or sequence of str
        A column, or several that are crossed; what is missing is a segment of its own, « non renseigné ».
    min_contacts : int, default 10
        Contacts below which a segment is suppressed.
    level : float, default 0.95
        Coverage of the Wilson intervals.

    Returns
    -------
    DataFrame, one row a segment, by name
        ``segment`` (crossed: ``phone × B2B``), ``n``, ``share``, ``low``, ``high`` (0 to 1), ``suppressed`` and
        ``contact_ids``. Suppressed, the figures are NaN and the ids an empty list.

    Raises
    ------
    ColumnError
        If a column is not there, or the outcome is not one truth value a contact.
    InputError
        If `min_contacts` or `level` is not possible.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22. A. Hundepool et
    al. (2012), Statistical disclosure control, Wiley, chapter 4.

    Examples
    --------
    >>> contacts = pd.DataFrame({"contact_id": list("abcdefgh"), "channel": ["chat"] * 4 + ["phone"] * 4})
    >>> table = by_segment(contacts, [True, False] * 4, "channel", min_contacts=2)
    >>> table[["segment", "n", "share", "suppressed"]]
      segment    n  share  suppressed
    0    chat  4.0    0.5       False
    1   phone  4.0    0.5       False
    """
    _at_least_one(min_contacts)
    columns = [by] if isinstance(by, str) else list(by)
    frame = _crossed(contacts, columns).assign(_id=_ids(contacts), _yes=_truths(contacts, outcome))
    cells = [(key, group) for key, group in frame.dropna(subset="_yes").groupby(columns, dropna=False)]
    keys = [tuple(map(str, key)) for key, _ in cells]
    hidden = _suppressed(keys, [len(group) for _, group in cells], min_contacts)
    rows = []
    for key, (_, group), hide in zip(keys, cells, hidden, strict=True):
        n, yes = len(group), int(group["_yes"].sum())
        figures = (float("nan"),) * 4 if hide else (float(n), *wilson(yes, n, level=level))
        rows.append((" × ".join(key), *figures, bool(hide), [] if hide else group["_id"].tolist()))
    rows.sort(key=lambda row: (UNKNOWN in row[0], row[0]))
    return pd.DataFrame(rows, columns=["segment", "n", "share", "low", "high", "suppressed", "contact_ids"])


@dataclass(frozen=True)
class Reversal:
    """A comparison that turns round once contacts alike are compared (Simpson's paradox).

    Attributes
    ----------
    outcome, by, within : str
        The outcome, the column whose values are compared, and the column that turns the comparison round.
    values : tuple of str
        The two values, a and b.
    total_difference, adjusted_difference : float
        Share of a minus share of b (-1 to 1), of all contacts, and within `within`, pooled by Mantel and Haenszel.
    strata : DataFrame
        One row a value of `within` that has both: ``stratum``, ``n_a``, ``share_a``, ``n_b``, ``share_b``,
        ``difference``, ``suppressed``; figures are NaN where either side has too few contacts.
    """

    outcome: str
    by: str
    within: str
    values: tuple[str, str]
    total_difference: float
    adjusted_difference: float
    strata: pd.DataFrame = field(repr=False, compare=False)

    def sentence(self, language: Literal["fr", "en"] = "fr") -> str:
        """Return the reversal in one sentence, with its figures.

        Raises
        ------
        InputError
            If the language is another.
        """
        if language not in {"fr", "en"}:
            raise InputError(f"got language {language!r}, expected 'fr' or 'en'; choose one of them")
        shown = self.strata[~self.strata["suppressed"]]
        opposite = int((np.sign(shown["difference"]) == -np.sign(self.total_difference)).sum())
        total, adjusted = (f"{100 * abs(gap):.1f}" for gap in (self.total_difference, self.adjusted_difference))
        (a, b), up = self.values, self.total_difference > 0
        if language == "en":
            return (
                f"Overall, the share « {self.outcome} » of {a} is {total} points {'above' if up else 'below'} that of "
                f"{b}, but at equal {self.within} it is {adjusted} points {'below' if up else 'above'} "
                f"(opposite in {opposite} of {len(shown)} groups): compare within {self.within}."
            )
        return (
            f"Au total, la part « {self.outcome} » de {a} est {total.replace('.', ',')} points "
            f"{'au-dessus' if up else 'au-dessous'} de celle de {b}, mais à {self.within} égal elle est "
            f"{adjusted.replace('.', ',')} points {'au-dessous' if up else 'au-dessus'} "
            f"(sens contraire dans {opposite} groupes sur {len(shown)}) : comparez par {self.within}."
        )


def simpson(
    contacts: pd.DataFrame,
    outcome: str | ArrayLike,
    by: str,
    *,
    within: str | Sequence[str],
    min_contacts: int = 10,
) -> list[Reversal]:
    """Find the pairs of values whose comparison in total is the opposite of that between contacts alike.

    A pair is reported where the difference of all contacts is significant (z test of two shares, 5 %) and the opposite
    holds within: the Mantel-Haenszel difference has the other sign and is significant (5 %), or it has the other sign
    and so has every stratum with enough contacts of both, of which there are six or more, as fewer agree by chance.
    A difference that merely vanishes within is no reversal and is not reported.

    Parameters
    ----------
    contacts, outcome
        As in `by_segment`.
    by : str
        Column whose values are compared two by two; contacts without one are left out, and so are values of fewer
        than `min_contacts`.
    within : str or sequence of str
        Column, or columns crossed, that may explain the difference.
    min_contacts : int, default 10
        Contacts that either side of a stratum needs to be counted by itself and shown.

    Returns
    -------
    list of Reversal
        By the size of the difference in total, the largest first.

    Raises
    ------
    ColumnError, InputError
        As in `by_segment`.

    References
    ----------
    E. H. Simpson (1951), The interpretation of interaction in contingency tables, JRSS B 13. N. Mantel and W. Haenszel
    (1959), Statistical aspects of the analysis of data from retrospective studies of disease, JNCI 22.
    """
    _at_least_one(min_contacts)
    others = [within] if isinstance(within, str) else list(within)
    frame = _crossed(contacts, [by, *others])
    name = outcome if isinstance(outcome, str) else str(getattr(outcome, "name", None) or "outcome")
    parts = [" × ".join(row) for row in frame[others].itertuples(index=False)]
    table = pd.DataFrame({"value": frame[by], "stratum": parts, "yes": _truths(contacts, outcome)}).dropna()
    sizes = table.loc[table["value"] != UNKNOWN, "value"].value_counts()
    values = sorted(str(value) for value, n in sizes.items() if n >= min_contacts)
    n = pd.crosstab(table["stratum"], table["value"])
    yes = pd.crosstab(table["stratum"], table["value"], values=table["yes"].astype(float), aggfunc="sum").fillna(0.0)
    found = []
    for a, b in combinations(values, 2):
        sides = [(yes[side].to_numpy(dtype=float), n[side].to_numpy(dtype=float)) for side in (a, b)]
        measured = _compared(sides[0], sides[1], min_contacts)
        if measured is not None:
            total, adjusted, strata = measured
            strata.insert(0, "stratum", n.index[strata.index])
            found.append(Reversal(name, by, " × ".join(others), (a, b), total, adjusted, strata.reset_index(drop=True)))
    return sorted(found, key=lambda each: -abs(each.total_difference))


def _compared(
    one: tuple[Floats, Floats], other: tuple[Floats, Floats], least: int
) -> tuple[float, float, pd.DataFrame] | None:
    """Return the two differences and the strata of a reversal, of (outcomes, contacts) by stratum; None if none."""
    (yes_a, n_a), (yes_b, n_b) = one, other
    yes, n = yes_a + yes_b, n_a + n_b
    total = yes_a.sum() / n_a.sum() - yes_b.sum() / n_b.sum()
    pooled = yes.sum() / n.sum()
    if not _significant(total, pooled * (1 - pooled) * (1 / n_a.sum() + 1 / n_b.sum())):
        return None
    both = np.flatnonzero((n_a > 0) & (n_b > 0))
    yes_a, n_a, yes_b, n_b, yes, n = (counts[both] for counts in (yes_a, n_a, yes_b, n_b, yes, n))
    gaps, weights = yes_a / n_a - yes_b / n_b, n_a * n_b / n
    excess = float(weights @ gaps)
    if excess * total >= 0:
        return None
    enough = (n_a >= least) & (n_b >= least)
    agree = enough.sum() >= _STRATA and bool((np.sign(gaps[enough]) == -np.sign(total)).all())
    if not agree and not _significant(excess, float((weights * yes * (n - yes) / (n * (n - 1))).sum())):
        return None
    figures = {"n_a": n_a, "share_a": yes_a / n_a, "n_b": n_b, "share_b": yes_b / n_b, "difference": gaps}
    strata = pd.DataFrame(figures, index=both).where(pd.Series(enough, index=both), axis=0).assign(suppressed=~enough)
    return float(total), excess / float(weights.sum()), strata


def _significant(difference: float, variance: float) -> bool:
    return variance > 0 and erfc(abs(difference) / sqrt(2 * variance)) < _SURE


def _suppressed(keys: Sequence[tuple[str, ...]], sizes: Sequence[int], least: int) -> list[bool]:
    """Say which cells are suppressed, until none can be had from a total and the cells that are shown."""
    hidden = [n < least for n in sizes]
    lines = list(_lines(keys))
    changed = True
    while changed:
        changed = False
        for line in lines:
            shown = [place for place in line if not hidden[place]]
            if shown and len(line) - len(shown) == 1:
                hidden[min(shown, key=lambda place: sizes[place])] = changed = True
    return hidden


def _lines(keys: Sequence[tuple[str, ...]]) -> Iterator[list[int]]:
    """Yield the cells of each total: all of them, and those that share the values of some of the columns."""
    width = len(keys[0]) if keys else 0
    for fixed in (places for size in range(width) for places in combinations(range(width), size)):
        lines: dict[tuple[str, ...], list[int]] = {}
        for place, key in enumerate(keys):
            lines.setdefault(tuple(key[column] for column in fixed), []).append(place)
        yield from lines.values()


def _crossed(contacts: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns as text, in the order of the contacts; what is missing or blank is « non renseigné »."""
    if not columns:
        raise ColumnError("got no column to tell segments by, expected one at least; name it with by=")
    for column in columns:
        if column not in contacts:
            raise ColumnError(f"got no column {column!r}, expected one of the contacts; add it or name another")
        if contacts[column].map(pd.api.types.is_list_like).any():
            raise ColumnError(f"got lists in column {column!r}, expected one value a contact; choose one of each list")
    return pd.DataFrame({column: [_label(value) for value in contacts[column]] for column in columns}, dtype=object)


def _label(value: Any) -> str:
    return UNKNOWN if pd.isna(value) or not str(value).strip() else str(value).strip()


def _truths(contacts: pd.DataFrame, outcome: str | ArrayLike) -> pd.Series[Any]:
    """Return the outcome in the order of the contacts, None where it is missing."""
    if isinstance(outcome, str):
        if outcome not in contacts:
            raise ColumnError(f"got no column {outcome!r}, expected the outcome; add it or give its values")
        outcome = contacts[outcome]
    if isinstance(outcome, pd.Series) and not outcome.index.equals(contacts.index):
        raise ColumnError("got an outcome of another index, expected that of the contacts; reindex it")
    values = [None if pd.isna(value) else value for value in np.asarray(outcome, dtype=object).ravel()]
    if len(values) != len(contacts):
        raise ColumnError(f"got {len(values)} truth values for {len(contacts)} contacts, expected one each; align them")
    if odd := {type(value).__name__ for value in values if not isinstance(value, (bool, np.bool_, type(None)))}:
        raise ColumnError(f"got an outcome of type {min(odd)}, expected truth values; compare it, as column == 1")
    return pd.Series(values, dtype=object)


def _ids(contacts: pd.DataFrame) -> list[str]:
    if "contact_id" not in contacts:
        raise ColumnError("got no column 'contact_id', expected one, so that every figure leads back to its contacts")
    return [str(contact) for contact in contacts["contact_id"]]


def _at_least_one(min_contacts: int) -> None:
    if min_contacts < 1:
        raise InputError(f"got min_contacts={min_contacts}, expected at least 1; 10 is usual")

"""Contacts and the cost of one come in; sums exact to the cent, with an interval and their contacts, go out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
import pandas as pd
import yaml
from numpy.typing import ArrayLike

from vocmine.errors import ColumnError, InputError, ReadError
from vocmine.outcomes.rates import DEFAULT, Fault, currency_of, fault_of, named, rates_of
from vocmine.outcomes.segments import UNKNOWN
from vocmine.outcomes.sums import add, bounds, cents, column_of, dispersion_of

_SETTINGS: Final = ("per_contact", "currency", "source", "faults", "invented")


@dataclass(frozen=True)
class Cost:
    """What contacts cost, in `currency`, to the cent.

    Attributes
    ----------
    amount, low, high : Decimal
        The sum over the contacts that have a cost, and the interval of what such a period costs on average:
        `Costs.total`.
    currency, source : str
    n, n_without : int
        Contacts in the sum, and contacts left out of it because their channel or segment has no cost.
    by : mapping of channel to mapping of segment to Decimal
        Each rounded on its own.
    contact_ids : tuple of str
        The contacts in the sum.
    dispersion : float or None
        Variance of the daily sums, as a multiple of that of contacts that come independently; at least 1. None where
        the contacts have too few days to tell, and 1 was taken.
    """

    amount: Decimal
    low: Decimal
    high: Decimal
    currency: str
    source: str
    n: int
    n_without: int
    by: Mapping[str, Mapping[str, Decimal]]
    contact_ids: tuple[str, ...] = field(repr=False)
    dispersion: float | None = None

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} [{self.low}, {self.high}] ({self.source})"


@dataclass(frozen=True)
class Costs:
    """The cost of one contact by channel and segment; no cost is ever assumed.

    Channels, segments, causes and the names of their columns are found whatever their capitals. The most precise
    amount counts: the channel's for the segment, the channel's default, the default's for the segment, the default.

    Attributes
    ----------
    per_contact : mapping of channel to mapping of segment to Decimal
        Either key may be ``default``.
    currency : str
        ISO 4217.
    source : str
        Where the amounts come from; shown with every total.
    faults : mapping of cause to Fault

    Examples
    --------
    >>> costs = Costs.of({"phone": {"B2C": 6.8, "default": 9.4}, "email": 4.1, "currency": "EUR", "source": "finance"})
    >>> contacts = pd.DataFrame({"contact_id": ["a", "b", "c"], "channel": ["phone", "email", "chat"]})
    >>> total = costs.total(contacts)
    >>> print(total.amount, total.currency, total.n, total.n_without)
    13.50 EUR 2 1
    """

    per_contact: Mapping[str, Mapping[str, Decimal]]
    currency: str
    source: str
    faults: Mapping[str, Fault] = field(default_factory=dict)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any], *, source: str = "coûts donnés par l’appelant") -> Costs:
        """Build from what a YAML file would hold; without ``per_contact``, every key but the settings is a channel.

        Raises
        ------
        InputError
            If the currency is missing, or an amount is no number of at least 0: where, and what was expected.
        """
        short = "per_contact" not in mapping
        if not short and (odd := [key for key in mapping if key not in _SETTINGS]):
            raise InputError(f"got {odd[0]!r} beside per_contact, expected {', '.join(_SETTINGS)}; correct the name")
        given = {key: each for key, each in mapping.items() if key not in _SETTINGS}
        channels = named(given if short else mapping["per_contact"], "per_contact")
        per_contact = {channel: rates_of(each, f"per_contact, {channel}") for channel, each in channels.items()}
        faults = {cause: fault_of(each, cause) for cause, each in named(mapping.get("faults") or {}, "faults").items()}
        if not per_contact:
            raise InputError("got no cost, expected a channel: amount; 'default: 5.00' is for every channel")
        said = str(mapping.get("source") or source) + (", chiffres inventés" if mapping.get("invented") else "")
        return cls(per_contact, currency_of(mapping.get("currency")), said, faults)

    @classmethod
    def from_yaml(cls, path: str | Path) -> Costs:
        """Read a file such as ``examples/costs.yaml``; its name is the source unless it has a ``source:``.

        Raises
        ------
        ReadError
            If the file cannot be read, or holds no mapping.
        InputError
            As in `from_mapping`.
        """
        name = Path(path).name
        try:
            given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
            raise ReadError(f"{name} cannot be read ({type(error).__name__}); give a YAML file in UTF-8") from None
        if not isinstance(given, dict):
            raise ReadError(f"got no mapping in {name}, expected currency: and per_contact:; see examples/costs.yaml")
        return cls.from_mapping(given, source=name)

    @overload
    @classmethod
    def of(cls, cost: None) -> None: ...
    @overload
    @classmethod
    def of(cls, cost: Costs | Mapping[str, Any] | str | Path) -> Costs: ...
    @classmethod
    def of(cls, cost: Costs | Mapping[str, Any] | str | Path | None) -> Costs | None:
        """Return the costs that are meant: a Costs, a mapping, a path, or the name ``hbr2017``; None stays None.

        ``hbr2017`` is 7 USD a contact with a consumer (B2C) and 13 USD with a business (B2B), whatever the channel. The
        figure quoted for businesses is « over 13 $ », so that their sums are a floor.

        Raises
        ------
        InputError
            If it is none of these; a number says no currency: ``{"default": 5.0, "currency": "EUR"}``.
        """
        if cost is None or isinstance(cost, Costs):
            return cost
        if isinstance(cost, str) and cost.strip().casefold() == "hbr2017":
            return cls.from_mapping(_HBR2017)
        if isinstance(cost, (str, Path)):
            return cls.from_yaml(cost)
        if isinstance(cost, Mapping):
            return cls.from_mapping(cost)
        advice = "expected a Costs, a mapping, a path or 'hbr2017'; for one cost, {'default': 5.0, 'currency': 'EUR'}"
        raise InputError(f"got a cost of type {type(cost).__name__}, {advice}")

    def each(self, contacts: pd.DataFrame, *, segment: str = "segment") -> pd.Series[Any]:
        """Return the cost of each contact, Decimal, unrounded; None where its channel or segment has none.

        Raises
        ------
        ColumnError
            If the costs differ by channel, or by segment without a default, and there is no such column.
        """
        cells = list(self.cells(contacts, segment=segment).itertuples(index=False, name=None))
        unit = {cell: self._rate(*cell) for cell in set(cells)}
        return pd.Series([unit[cell] for cell in cells], index=contacts.index, dtype=object, name="cost")

    def total(
        self,
        contacts: pd.DataFrame,
        *,
        rows: ArrayLike | None = None,
        level: float = 0.95,
        seed: int = 0,
        segment: str = "segment",
    ) -> Cost:
        """Add up the cost of contacts.

        The sum itself is exact. Its interval is about the number of contacts, which is random: it holds what periods
        like this one cost on average, of which this one is one draw (compound Poisson, the exact interval of a count
        where all contacts cost the same). One single other period strays about 1.4 times as far. Where days differ more
        than by chance, days of the week set apart, the variance grows as much (`Cost.dispersion`); that days resemble
        the days before them is not allowed for, nor is any doubt on the costs.

        Parameters
        ----------
        contacts : DataFrame, one row a contact
            ``contact_id``, ``channel``, the segment, and ``started_at`` (datetimes), whose first and last days are the
            period, be there rows or not.
        rows : bool array, shape (n_contacts,), optional
            Those to add up; all by default.
        level : float, default 0.95
            Coverage of the interval.
        seed : int, default 0
            Seed of the draws behind the interval; the sum does not depend on it.

        Raises
        ------
        ColumnError
            As in `each`; or ``started_at`` holds no datetimes.
        InputError
            If the rows are not one truth value a contact, or the level is not between 0 and 1.

        References
        ----------
        F. Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28. M. P. Fay and E. J. Feuer
        (1997), Confidence intervals for directly standardized rates, Statistics in Medicine 16.
        """
        if not 0 < level < 1:
            raise InputError(f"got level={level}, expected a share between 0 and 1, such as 0.95")
        kept, contacts = _kept(rows, len(contacts)), contacts.reset_index(drop=True)
        table = self.cells(contacts, segment=segment).assign(cost=self.each(contacts, segment=segment))[kept]
        table["contact_id"] = _ids(contacts)[kept]
        known = table[table["cost"].notna()]
        unit = list(known["cost"])
        dispersion = dispersion_of(known["cost"].astype(float), contacts)
        highest = max(unit or [amount for rates in self.per_contact.values() for amount in rates.values()])
        low, high = bounds(unit, dispersion or 1.0, float(highest), level, seed)
        amount, ids = cents(add(unit)), tuple(known["contact_id"])
        low, high, without = min(low, amount), max(high, amount), len(table) - len(known)
        by = _nested(known)
        return Cost(amount, low, high, self.currency, self.source, len(known), without, by, ids, dispersion)

    def faults_of(self, contacts: pd.DataFrame, *, cause: str = "cause", segment: str = "segment") -> pd.DataFrame:
        """Return what each cause costs, its contacts and its declared faults, in Decimals to the cent.

        A replacement or a second shipping counts for ``share`` of the contacts of its cause: where one fault brings
        several contacts, the share is to be that of the faults among them.

        Returns
        -------
        DataFrame, one row a cause, the dearest first
            ``cause``, ``contacts``, ``contact_cost``, ``replacement``, ``second_shipping``, ``total``, ``contact_ids``.
            An amount that is not known is None and is not in the total; contacts without a cause are « non renseigné ».

        Raises
        ------
        ColumnError
            If there is no column of causes, or as in `each`.
        """
        named = column_of(contacts, cause)
        if named is None:
            raise ColumnError(f"got no column {cause!r}, expected the cause of each contact; name it with cause=")
        table = pd.DataFrame({"cause": _labels(named, self.faults), "cost": self.each(contacts, segment=segment)})
        table["contact_id"] = _ids(contacts)
        own = [self._fault_row(str(name), group) for name, group in table.groupby("cause", sort=True)]
        own.sort(key=lambda row: Decimal(-1) if row["total"] is None else row["total"], reverse=True)
        columns = ["cause", "contacts", "contact_cost", "replacement", "second_shipping", "total", "contact_ids"]
        return pd.DataFrame(own, columns=columns, dtype=object).astype({"contacts": int})

    def _fault_row(self, cause: str, group: pd.DataFrame) -> dict[str, Any]:
        """Return one row of `faults_of`."""
        unit = [cost for cost in group["cost"] if cost is not None]
        fault = self.faults.get(cause, Fault())
        times = len(group) * fault.share
        parts = {
            "contact_cost": add(unit) if unit else None,
            "replacement": None if fault.replacement is None else times * fault.replacement,
            "second_shipping": None if fault.second_shipping is None else times * fault.second_shipping,
        }
        known = [amount for amount in parts.values() if amount is not None]
        amounts = parts | {"total": add(known) if known else None}
        rounded = {name: None if amount is None else cents(amount) for name, amount in amounts.items()}
        return {"cause": cause, "contacts": len(group), **rounded, "contact_ids": list(group["contact_id"])}

    def cells(self, contacts: pd.DataFrame, *, segment: str = "segment") -> pd.DataFrame:
        """Return the channel and segment of each contact, spelt as the costs spell them.

        Raises
        ------
        ColumnError
            As in `each`.
        """
        segments = {name: None for rates in self.per_contact.values() for name in rates if name != DEFAULT}
        by_channel = DEFAULT not in self.per_contact
        by_segment = any(DEFAULT not in rates for rates in self.per_contact.values())
        found = {}
        for use, name, known, needed in (
            ("channel", "channel", self.per_contact, by_channel),
            ("segment", segment, segments, by_segment),
        ):
            column = column_of(contacts, name)
            if column is None and needed:
                advice = f"add it, or give a default cost for every {use}"
                raise ColumnError(f"got no column {name!r}, expected one as the costs differ by {use}; {advice}")
            found[use] = UNKNOWN if column is None else _labels(column, known)
        return pd.DataFrame(found, index=contacts.index, columns=["channel", "segment"])

    def _rate(self, channel: str, segment: str) -> Decimal | None:
        for place in (channel, DEFAULT):
            for part in (segment, DEFAULT):
                if (amount := self.per_contact.get(place, {}).get(part)) is not None:
                    return amount
        return None


def with_costs_table(contacts: pd.DataFrame, costs: Costs, *, segment: str = "segment") -> pd.DataFrame:
    """Return the contacts and their cost by channel and segment.

    Returns
    -------
    DataFrame, one row a channel and segment
        ``channel``, ``segment``, ``n``, ``unit_cost``, ``sum`` (Decimal to the cent), ``contact_ids``; unit cost and
        sum are None where there is no cost.

    Raises
    ------
    ColumnError
        As in `Costs.each`.
    """
    table = costs.cells(contacts, segment=segment)
    table = table.assign(contact_id=_ids(contacts), cost=costs.each(contacts, segment=segment))
    rows = []
    for (channel, part), group in table.groupby(["channel", "segment"]):
        unit = group["cost"].iloc[0]
        amount = None if unit is None else cents(unit * len(group))
        rows.append((channel, part, len(group), unit, amount, list(group["contact_id"])))
    columns = ["channel", "segment", "n", "unit_cost", "sum", "contact_ids"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"n": int})


_HBR2017: Final = {
    "default": {"B2C": 7, "B2B": 13},
    "currency": "USD",
    "source": "Harvard Business Review 2017, cité par la presse française (B2B : « plus de 13 $ », un plancher)",
}


def _nested(known: pd.DataFrame) -> dict[str, dict[str, Decimal]]:
    by: dict[str, dict[str, Decimal]] = {}
    for (channel, segment), group in known.groupby(["channel", "segment"]):
        by.setdefault(str(channel), {})[str(segment)] = cents(add(group["cost"]))
    return by


def _kept(rows: ArrayLike | None, n: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    kept = np.ones(n, dtype=bool) if rows is None else np.asarray(rows)
    if kept.dtype != bool or kept.shape != (n,):
        got = f"rows of type {kept.dtype} and shape {kept.shape}"
        raise InputError(f"got {got}, expected one truth value for each of {n} contacts; compare a column")
    return kept


def _ids(contacts: pd.DataFrame) -> pd.Series[Any]:
    if "contact_id" not in contacts:
        raise ColumnError("got no column 'contact_id', expected one, so that every sum leads back to its contacts")
    return contacts["contact_id"].astype(str)


def _labels(column: pd.Series[Any], known: Iterable[str]) -> pd.Series[Any]:
    """Name each value as the costs spell it, or else as first seen; what is missing is « non renseigné »."""
    names = {name.casefold(): name for name in known}
    values = [UNKNOWN if pd.isna(value) or not str(value).strip() else str(value).strip() for value in column]
    return pd.Series([names.setdefault(value.casefold(), value) for value in values], column.index, dtype=object)

"""`repeat_contacts`: an analysis comes in; chains of contacts about one matter, and what they tell, go out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.errors import InputError
from vocmine.outcomes.drivers import expected_repeats, ranked
from vocmine.outcomes.identity import candidates, groups, identifiers
from vocmine.outcomes.links import probabilities
from vocmine.stats import Interval, wilson
from vocmine.stats.survival import survival, survival_interval

_LINKED: Final = 0.5
_COPIES: Final = ("duplicate", "near_duplicate")
_DAY: Final = 86_400.0


@dataclass(frozen=True, eq=False)
class Repeats:
    """Contacts in chains: what came again, about what, and how it ended.

    Attributes
    ----------
    contacts : DataFrame
        One row a contact, in the order and with the index of ``analysis.contacts``: ``contact_id``, ``chain_id`` (the
        first contact of the chain), ``position`` (from 1), ``previous_id`` and ``next_id`` (missing at the ends),
        ``gap_days`` since the previous contact, ``p_link`` (probability that the two are about one matter), ``by``
        (what tells that one person made both), ``known`` (whether somebody can be told at all), ``stated``
        (the customer says that it is not the first contact).
    matters : DataFrame
        One row a chain: ``chain_id``, ``contacts``, ``first_at``, ``last_at``, ``days`` to the last contact, ``seen``
        (days from the first contact to the end of the data), ``repeat_after`` (days to the second contact, NaN),
        ``person``, ``known``, ``closed`` (no further contact within the window of the last), ``contact_ids``.
    window : float
        Days after a contact within which another one is a repeat.
    """

    contacts: pd.DataFrame
    matters: pd.DataFrame = field(repr=False)
    window: float
    frame: pd.DataFrame = field(repr=False)

    @property
    def coverage(self) -> dict[str, float]:
        """Say what can be known: shares of contacts, 0 to 1.

        ``customer_id``: contacts with one; ``told``: contacts without one whose text tells who made them; ``known``:
        both; ``stated_unlinked``: contacts whose customer says that they are not the first, and to which no earlier one
        was found.
        """
        n = max(len(self.contacts), 1)
        with_id = self.frame["customer_id"].notna().to_numpy()
        known = self.contacts["known"].to_numpy()
        alone = self.contacts["stated"] & self.contacts["previous_id"].isna()
        return {
            "customer_id": float(with_id.sum() / n),
            "told": float((known & ~with_id).sum() / n),
            "known": float(known.sum() / n),
            "stated_unlinked": float(alone.sum() / n),
        }

    def fcr(self, by: str | None = None, *, min_matters: int = 10, draws: int = 500, seed: int = 0) -> pd.DataFrame:
        """Return first-contact resolution: the share of matters that one contact settled.

        A matter counts by its first contact only, where its person can be told. It is settled if no other contact
        about it follows within the window; matters younger than the window count for as long as they were seen (Kaplan
        and Meier). Silence is not always content: some customers give up.

        Parameters
        ----------
        by : str, optional
            Column of ``analysis.contacts``, of the first contact: ``topic``, ``channel``, ``team``, ``cause``...
        min_matters : int, default 10
            Groups with fewer have no figure.
        draws : int, default 500
            Of the bootstrap over customers.

        Returns
        -------
        DataFrame
            One row a group, most matters first: ``matters``, ``fcr``, ``low``, ``high`` (95 %), ``censored`` (share of
            matters that were not seen for the whole window), ``contact_ids`` (first contacts).

        Raises
        ------
        InputError
            If there is no such column.

        References
        ----------
        E. Kaplan, P. Meier, Nonparametric estimation from incomplete observations, JASA 53, 1958.
        """
        rows = []
        for name, part in self._parts(by):
            own = part[part["known"]]
            bounds = Interval(np.nan, np.nan, np.nan)
            if len(own) >= min_matters:
                repeated = own["repeat_after"].notna().to_numpy()
                lasted = np.where(repeated, own["repeat_after"], np.minimum(own["seen"], self.window))
                person = own["person"].to_numpy()
                bounds = survival_interval(lasted, repeated, self.window, person, draws=draws, seed=seed)
            censored = float(((own["seen"] < self.window) & own["repeat_after"].isna()).mean()) if len(own) else np.nan
            rows.append((name, len(own), *bounds, censored, own["chain_id"].tolist()))
        names = [by or "group", "matters", "fcr", "low", "high", "censored", "contact_ids"]
        return _sorted(pd.DataFrame(rows, columns=names), "matters")

    def drivers(self, by: str = "topic", *, min_matters: int = 20) -> pd.DataFrame:
        """Rank what makes customers come again, by repeats beyond those to be expected.

        To be expected is what the matters of all other groups have, at the same channel of first contact.

        Parameters
        ----------
        by : str, default "topic"
            Column of ``analysis.contacts``, of the first contact.
        min_matters : int, default 20

        Returns
        -------
        DataFrame
            One row a group, by the lower bound of ``excess``: ``matters``, ``repeated`` (matters with a second contact
            within the window), ``share``, ``expected`` (matters), ``excess`` with ``low`` and ``high`` (95 %),
            ``ratio``, ``q_value`` (Benjamini and Hochberg), ``contact_ids`` (of the repeats).

        Raises
        ------
        InputError
            If there is no such column.
        """
        matters = self._with(by)
        return ranked(expected_repeats(matters[matters["known"]], by), min_matters)

    def durations(self, by: str | None = None, *, min_matters: int = 10) -> pd.DataFrame:
        """Return how long matters take, from first to last contact.

        Returns
        -------
        DataFrame
            One row a group: ``matters``, ``one_contact`` (share), ``beyond_1``, ``beyond_3``, ``beyond_7`` and
            ``beyond_14`` (share that lasts longer than so many days, by Kaplan and Meier: a matter whose window has not
            passed may go on), ``mean_contacts``.
        """
        rows = []
        for name, part in self._parts(by):
            own = part[part["known"]]
            if len(own) < min_matters:
                continue
            days, closed = own["days"].to_numpy(), own["closed"].to_numpy()
            beyond = [float(survival(days, closed, horizon)[0]) for horizon in (1.0, 3.0, 7.0, 14.0)]
            rows.append((name, len(own), float((own["contacts"] == 1).mean()), *beyond, float(own["contacts"].mean())))
        names = ["beyond_1", "beyond_3", "beyond_7", "beyond_14"]
        frame = pd.DataFrame(rows, columns=[by or "group", "matters", "one_contact", *names, "mean_contacts"])
        return _sorted(frame, "matters")

    def recovery(self, by: str | None = None, *, min_matters: int = 10) -> pd.DataFrame:
        """Return how many customers who were frustrated at first are content, or calm, at the end of their matter.

        Frustrated is a start of 2 or more; calm an end of 0 or 1 that is not negative.

        Returns
        -------
        DataFrame
            One row a group: ``frustrated`` (matters), ``share`` recovered with ``low`` and ``high`` (95 %, Wilson),
            ``first`` (share recovered within the first contact) and ``contact_ids`` (of the matters that recovered).
        """
        rows = []
        for name, part in self._parts(by):
            own = part[part["start"] >= 2]
            bounds = wilson(int(own["calm"].sum()), len(own))
            first = float((own["calm"] & (own["contacts"] == 1)).mean()) if len(own) else np.nan
            if len(own) < min_matters:
                bounds, first = Interval(np.nan, np.nan, np.nan), np.nan
            ids = [one for ids in own.loc[own["calm"], "contact_ids"] for one in ids]
            rows.append((name, len(own), *bounds, first, ids))
        names = [by or "group", "frustrated", "share", "low", "high", "first", "contact_ids"]
        return _sorted(pd.DataFrame(rows, columns=names), "frustrated")

    def _with(self, by: str) -> pd.DataFrame:
        if by not in self.frame.columns:
            raise InputError(f"got no column {by!r} to tell matters apart; there are {', '.join(self.frame.columns)}")
        own = self.frame.set_index("contact_id")[[by, *({"channel"} - {by})]]
        return self.matters.join(own, on="chain_id")

    def _parts(self, by: str | None) -> list[tuple[str, pd.DataFrame]]:
        if by is None:
            return [("tous", self.matters)]
        return [(str(name), part) for name, part in self._with(by).groupby(by, sort=True)]


def repeat_contacts(analysis: Analysis, window: str | pd.Timedelta = "7D", *, seed: int = 0) -> Repeats:
    """Find the contacts that come again about the same matter, across channels.

    Two contacts of one person, no further apart than the window, are about one matter if what they say, their topics
    and product, the time between them and the customer's own words (« je rappelle ») make it more probable than not.
    One person is told by the customer's id or, where there is none, by an address, a number or a reference that the
    customer gives in both. Contacts flagged as copies are left out of chains.

    Parameters
    ----------
    analysis : Analysis
        With signals; topics help.
    window : str or Timedelta, default "7D"
        Time after a contact within which another one is a repeat.
    seed : int, default 0

    Returns
    -------
    Repeats

    Raises
    ------
    InputError
        If the window is not positive.

    Examples
    --------
    >>> import vocmine as vm
    >>> said = ["Ma box ne marche plus", "Ma box ne marche toujours pas"]
    >>> records = [{"id": f"A{n}", "client": "C1", "date": f"2026-03-0{n + 1}", "texte": t} for n, t in enumerate(said)]
    >>> analysis = vm.Miner().score(vm.Corpus.from_records(records))
    >>> repeat_contacts(analysis).contacts["position"].tolist()
    [1, 2]
    """
    length = pd.Timedelta(window)
    if length <= pd.Timedelta(0):
        raise InputError(f"got window={window!r}, expected a time such as '7D'")
    days = length / pd.Timedelta(days=1)
    frame = analysis.contacts
    contacts = frame.reset_index(drop=True)
    told = identifiers(analysis)
    flags = analysis.corpus.flags.to_pandas()
    copies = set(flags.loc[flags["flag"].isin(_COPIES) & flags["of"].notna(), "contact_id"])
    told = told[~contacts["contact_id"].isin(copies).to_numpy()[told["contact"]]]
    pairs = candidates(told, contacts["started_at"], length)
    pairs = pairs.assign(p_link=probabilities(analysis, pairs, days, seed=seed))
    linked = pairs[pairs["p_link"] >= _LINKED].sort_values(
        ["later", "p_link", "gap", "earlier"], ascending=[True, False, True, True]
    )
    linked = linked.drop_duplicates("later").set_index("later")
    table = _table(contacts, linked, groups(told, len(contacts)) >= 0)
    person = groups(told, len(contacts))
    return Repeats(table.set_index(frame.index), _matters(table, contacts, person, days), days, contacts)


def _table(contacts: pd.DataFrame, linked: pd.DataFrame, known: NDArray[np.bool_]) -> pd.DataFrame:
    """Return one row a contact; a chain is the contacts that lead back to one first contact, in order of time."""
    ids = contacts["contact_id"].to_numpy(dtype=object)
    at = contacts["started_at"].to_numpy()
    head: NDArray[np.int64] = np.arange(len(contacts))
    earlier = dict(zip(linked.index.tolist(), linked["earlier"].tolist(), strict=True))
    for place in sorted(earlier, key=lambda place: (at[place], earlier[place])):
        head[place] = head[earlier[place]]
    own = pd.DataFrame(
        {"head": head, "at": contacts["started_at"].to_numpy(), "place": np.arange(len(contacts))}
    ).sort_values(["head", "at", "place"])
    chain = own.groupby("head")
    own["position"] = chain.cumcount() + 1
    before, after = chain["place"].shift(), chain["place"].shift(-1)
    own["previous_id"] = [None if np.isnan(place) else ids[int(place)] for place in before]
    own["next_id"] = [None if np.isnan(place) else ids[int(place)] for place in after]
    own["gap_days"] = chain["at"].diff().dt.total_seconds() / _DAY
    own = own.sort_values("place")
    says = contacts["signals"].map(lambda keys: "repeat_contact" in (keys if keys is not None else ()))
    return pd.DataFrame(
        {
            "contact_id": ids,
            "chain_id": ids[own["head"].to_numpy()],
            "position": own["position"].to_numpy(),
            "previous_id": own["previous_id"].to_numpy(dtype=object),
            "next_id": own["next_id"].to_numpy(dtype=object),
            "gap_days": own["gap_days"].to_numpy(),
            "p_link": linked["p_link"].reindex(range(len(ids))).to_numpy(),
            "by": linked["by"].astype(object).reindex(range(len(ids))).to_numpy(),
            "known": known,
            "stated": says.to_numpy(dtype=bool),
        }
    )


def _matters(table: pd.DataFrame, contacts: pd.DataFrame, person: NDArray[np.int64], window: float) -> pd.DataFrame:
    """Return one row a chain, in order of time."""
    at = contacts["started_at"]
    end = at.max()
    frustration = contacts["frustration_end"].fillna(contacts["frustration"]).fillna(0)
    calm = (frustration <= 1) & ~contacts["sentiment_end"].fillna(contacts["sentiment"]).isin(["negative", "mixed"])
    start = contacts["frustration_start"].fillna(contacts["frustration"]).fillna(0)
    own = table.assign(at=at, person=person, calm=calm, start=start).sort_values(["at", "contact_id"])
    grouped = own.groupby("chain_id", sort=False)
    second = own[own["position"] == 2].set_index("chain_id")["gap_days"]
    found = grouped.agg(
        contacts=("contact_id", "size"),
        first_at=("at", "first"),
        last_at=("at", "last"),
        person=("person", "first"),
        known=("known", "first"),
        start=("start", "first"),
        calm=("calm", "last"),
        contact_ids=("contact_id", list),
    ).reset_index()
    found["days"] = (found["last_at"] - found["first_at"]).dt.total_seconds() / _DAY
    found["seen"] = (end - found["first_at"]).dt.total_seconds() / _DAY
    found["repeat_after"] = second.reindex(found["chain_id"]).to_numpy()
    found["closed"] = (end - found["last_at"]).dt.total_seconds() / _DAY >= window
    return found[found["first_at"].notna()].reset_index(drop=True)


def _sorted(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.sort_values(column, ascending=False, kind="stable", ignore_index=True)

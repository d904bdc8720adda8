"""Evidence of each slice and period comes in; episodes, each told once, go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocmine.issues.calibration import WEEKS_A_YEAR
from vocmine.issues.counts import Counts, Slice
from vocmine.issues.expected import WOBBLE, Expected
from vocmine.issues.grain import Grain
from vocmine.issues.weighing import Evidence
from vocmine.stats.counts import Floats, tail_z

_EXPLAINED: Final = 2.0
"""Standard deviations up to which what is left of a slice, without another's excess, is usual."""
_BUDGETED: Final = 4
"""Weeks over which the number of episodes told is limited."""
_SCARCE: Final = 0.5
"""How much rarer the last of those must be than the first."""
_REFERENCE: Final = 365
"""Periods before an episode that say how much two slices have in common."""


@dataclass(frozen=True)
class Episode:
    """A slice that has more contacts than expected.

    Attributes
    ----------
    slice : Slice
    raised, last : int
        Periods in which it was told, and in which it was last as unusual as an alert must be.
    onset : int
        Period in which it is estimated to have begun.
    window : int
        Periods of the test that raised it.
    rarity : float
        Highest so far, see `vocmine.issues.calibration.rarity`.
    z : float
        Standard deviations of its most unusual window.
    parts : tuple of Slice
        Slices that were unusual through it.
    first : Slice, optional
        The slice it was first told of, where it is another: it names the alert, whatever becomes of it.
    """

    slice: Slice
    raised: int
    last: int
    onset: int
    window: int
    rarity: float
    z: float
    parts: tuple[Slice, ...] = field(default=())
    first: Slice | None = None


@dataclass(frozen=True, eq=False)
class Watch:
    """What episodes are made of: counts beside what was expected, weighed.

    Attributes
    ----------
    counts, expected, evidence : Counts, Expected, Evidence
        Of the same slices and periods.
    rarity : float array of shape (n_slices, n_periods)
        NaN where a slice is not watched.
    needed : float array of shape (n_periods,)
        Rarity from which an alert is told.
    """

    counts: Counts
    expected: Expected
    evidence: Evidence
    rarity: Floats
    needed: Floats

    def series(self, place: int) -> tuple[Floats, Floats]:
        """Return the counts of a slice and what was expected."""
        return self.counts.observed[place], self.evidence.means[place]


def follow(
    watch: Watch,
    grain: Grain,
    *,
    first: int = 0,
    known: Sequence[Episode] = (),
    most: int | None = None,
) -> list[Episode]:
    """Follow the slices period by period, and tell each issue once.

    Of the slices that are unusual at once, the rarest is told; the others are part of it if what they have beyond it is
    usual. So an outage in all regions is one episode, of all regions, and one region's is that region's. A slice told
    before that turns out to be part of another becomes that one.

    Parameters
    ----------
    watch : Watch
    grain : Grain
    first : int
        Period to begin with.
    known : sequence of Episode
        Those told before.
    most : int, optional
        Most episodes told a week, over any four weeks, as issues come in clusters. The fewer are left, the rarer must
        be the next one; others wait, and are told when there is room if still unusual.

    Returns
    -------
    list of Episode
        In order of their being told.
    """
    episodes = list(known)
    place_of = {own: place for place, own in enumerate(watch.counts.slices)}
    for period in range(first, len(watch.counts.periods)):
        column = watch.rarity[:, period]
        unusual = np.flatnonzero(np.nan_to_num(column, nan=-np.inf) >= watch.needed[period])
        for place in unusual[np.argsort(-column[unusual], kind="stable")].tolist():
            open_ones = [number for number, episode in enumerate(episodes) if period - episode.last <= grain.quiet]
            _tell(watch, episodes, open_ones, place_of, place, period, grain, most)
    return episodes


def _tell(
    watch: Watch,
    episodes: list[Episode],
    open_ones: list[int],
    place_of: dict[Slice, int],
    place: int,
    period: int,
    grain: Grain,
    most: int | None,
) -> None:
    own, rarity = watch.counts.slices[place], float(watch.rarity[place, period])
    for number in open_ones:
        episode = episodes[number]
        if own == episode.slice:
            z = max(float(watch.evidence.z[place, period]), episode.z)
            episodes[number] = replace(episode, last=period, rarity=max(rarity, episode.rarity), z=z)
            return
    for number in open_ones:
        episode = episodes[number]
        if own in episode.parts or _explains(watch, place_of[episode.slice], place, period):
            parts = episode.parts if own in episode.parts else (*episode.parts, own)
            episodes[number] = replace(episode, parts=parts)
            return
    told = _episode(watch, place, period)
    for number in open_ones:
        episode = episodes[number]
        if _explains(watch, place, place_of[episode.slice], period):
            # It was seen where it showed first: the same alert, of the slice that tells it best.
            episodes[number] = replace(
                told,
                raised=episode.raised,
                onset=min(told.onset, episode.onset),
                parts=(*episode.parts, episode.slice),
                first=episode.slice if episode.first is None else episode.first,
            )
            return
    lately = sum(period - episode.raised < _BUDGETED * grain.year / WEEKS_A_YEAR for episode in episodes)
    taken = 0.0 if most is None else lately / (_BUDGETED * most)
    if taken < 1 and rarity >= watch.needed[period] + _SCARCE * taken:
        episodes.append(told)


def _episode(watch: Watch, place: int, period: int) -> Episode:
    return Episode(
        watch.counts.slices[place],
        raised=period,
        last=period,
        onset=onset(watch, place, period),
        window=int(watch.evidence.window[place, period]),
        rarity=float(watch.rarity[place, period]),
        z=float(watch.evidence.z[place, period]),
    )


def onset(watch: Watch, place: int, period: int, longest: int = 35) -> int:
    """Estimate when what is unusual in a period began: the start from which the likelihood of more is greatest."""
    start = max(period - longest + 1, 0)
    observed = np.nan_to_num(watch.counts.observed[place, start : period + 1])
    means = np.nan_to_num(watch.evidence.means[place, start : period + 1])
    since, mean = np.cumsum(observed[::-1])[::-1], np.maximum(np.cumsum(means[::-1])[::-1], 1e-9)
    gain = np.where(since > mean, since * np.log(np.maximum(since, 1e-9) / mean) - (since - mean), 0.0)
    return start + int(np.argmax(gain))


def _explains(watch: Watch, cause: int, place: int, period: int) -> bool:
    """Say whether a slice is usual but for what it owes to another, and owes it most of what is not.

    A part of the other slice is expected to rise as the whole does; any other owes it the contacts that they have in
    common beyond those they usually have.
    """
    window = max(int(watch.evidence.window[place, period]), 1)
    first = period - window + 1
    part = slice(max(first, 0), period + 1)
    observed, mean = _sums(watch, place, part)
    if set(watch.counts.slices[cause]) <= set(watch.counts.slices[place]):
        of_cause, expected = _sums(watch, cause, part)
        owed = mean * max(of_cause / max(expected, 1e-9) - 1.0, 0.0)
        usual = mean + owed
    else:
        members = watch.counts.members
        whole = members.period[members.rows(place)]
        shared = members.period[np.intersect1d(members.rows(cause), members.rows(place), assume_unique=True)]
        before = slice(first - _REFERENCE, first)
        share = (_within(shared, before) + 0.5) / (_within(whole, before) + 1.0)
        owed = max(_within(shared, part) - share * mean, 0.0)
        observed, usual = max(observed - owed, 0.0), mean
    dispersion = float(np.nan_to_num(watch.expected.dispersion[place, period], nan=1.0))
    doubt = float(np.nan_to_num(watch.expected.uncertainty[place, period])) + WOBBLE**2
    left = tail_z(np.array(observed), np.array(usual), np.array(dispersion * usual + doubt * usual**2))
    return bool(left < _EXPLAINED) and owed > observed - usual


def _sums(watch: Watch, place: int, part: slice) -> tuple[float, float]:
    values, means = (series[part] for series in watch.series(place))
    there = np.isfinite(values) & np.isfinite(means)
    return float(values[there].sum()), float(means[there].sum())


def _within(periods: NDArray[np.int64], part: slice) -> int:
    return int(((periods >= part.start) & (periods < part.stop)).sum())

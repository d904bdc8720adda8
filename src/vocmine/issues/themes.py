"""Documents come in, day by day; themes that come up in them, and were not there before, go out.

Two kinds of evidence are added for each document: that more new documents than old ones stand near it (density), and
that a term which it holds is said more than before (burst). Both are tail probabilities of the same race: how many new
documents come before so many old ones, were nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from vocmine.errors import InputError
from vocmine.issues.documents import Documents
from vocmine.stats.counts import Floats

Evidence = Literal["both", "density", "bursts"]
Cosines = NDArray[np.float32]

WINDOWS: Final = (3, 7, 14)
"""Days whose documents are compared with those before."""
GAP: Final = 14
REFERENCE: Final = 60
"""Days, before the gap, that say what is usual."""
HISTORY: Final = 21
"""Days of reference that there must be."""
QUIET: Final = 14
"""Days without it after which a theme is over."""
_RANKS: Final = (1, 2, 4, 8, 16, 32)
"""Old documents up to which near ones are counted."""
_TIE: Final = 1e-5
"""Cosines that differ by less are one: copies of a text are no nearer than each other."""
_TYPICAL: Final = 100
"""Old documents of a language from which on it has a mean of its own."""
_FEWEST: Final = 3
_MOST: Final = (2_000, 8_000)
"""New and old documents that are looked at in a day; where there are more, so many evenly spread."""
_SAME: Final = 0.25
"""Share of its documents, or of its terms, that a theme has in common with itself the day before."""


@dataclass(frozen=True)
class Theme:
    """Something that customers begin to speak of.

    Attributes
    ----------
    members : tuple of int
        Rank of each document, in order.
    term : str
        The term that bursts most, empty where density alone shows it.
    raised, last : int
        Days, from the first of the documents, on which it was told and last found.
    onset : int
        Day from which its documents are more than before.
    score : float
        Evidence at its highest, see `ThemeScan.themes`.
    p_value : float
        Probability of so strong a neighbourhood, were nothing new, before allowing for all that were looked at.
    """

    members: tuple[int, ...]
    term: str
    raised: int
    last: int
    onset: int
    score: float
    p_value: float


@dataclass(frozen=True, eq=False)
class ThemeScan:
    """Compares the documents of the last days with those of weeks before.

    Parameters
    ----------
    documents : Documents
    evidence : {"both", "density", "bursts"}

    References
    ----------
    Counts of near documents race as in D. Loftsgaarden, C. Quesenberry, Ann. Math. Stat. 36, 1965; scanning over
    places and windows as in M. Kulldorff, Comm. Stat. 26, 1997.
    """

    documents: Documents = field(repr=False)
    evidence: Evidence = "both"

    def __post_init__(self) -> None:
        if self.evidence not in ("both", "density", "bursts"):
            raise InputError(f"evidence is {self.evidence!r}, expected both, density or bursts")

    def themes(self, day: int, most: int = 3) -> list[Theme]:
        """Return the themes with most evidence on a day, from documents up to it, the strongest first.

        The score is minus the logarithm to base 10 of the tail probabilities, added, less that of the number of
        documents looked at. There are none where the history is too short.

        Raises
        ------
        InputError
            If the day is before the first.
        """
        if day < 0:
            raise InputError(f"day is {day}, expected a day from the first of the documents, 0 or more")
        days = self.documents.days
        old = _spread(np.flatnonzero((days <= day - GAP) & (days > day - GAP - REFERENCE)), _MOST[1])
        if len(old) < max(_RANKS) or days[old[-1]] - days[old[0]] + 1 < HISTORY:
            return []
        new = _spread(np.flatnonzero((days <= day) & (days > day - max(WINDOWS))), _MOST[0])
        nearness = None if self.evidence == "bursts" else self._nearness(new, old)
        found = [theme for window in WINDOWS for theme in self._in_window(day, window, new, old, nearness, most)]
        kept: list[Theme] = []
        for theme in sorted(found, key=lambda theme: -theme.score):
            if len(kept) < most and not any(same_theme(theme, other) for other in kept):
                kept.append(theme)
        return kept

    def _nearness(self, new: NDArray[np.int64], old: NDArray[np.int64]) -> tuple[Cosines, Cosines]:
        """Return cosines among new documents, and of each with the 1st, 2nd, 4th... nearest old one.

        Vectors are taken from the mean of the old documents of their language: of nothing that came later.
        """
        vectors, languages = self.documents.vectors, self.documents.languages
        centres = np.tile(vectors[old].mean(axis=0), (len(new) + len(old), 1))
        every = np.concatenate([new, old])
        for language in np.unique(languages[old].astype(str)):
            own = old[languages[old] == language]
            if len(own) >= _TYPICAL:
                centres[languages[every] == language] = vectors[own].mean(axis=0)
        moved = vectors[every] - centres
        moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        among, before = moved[: len(new)] @ moved[: len(new)].T, moved[: len(new)] @ moved[len(new) :].T
        np.fill_diagonal(among, -2.0)
        ranks = [rank - 1 for rank in _RANKS]
        return among, -np.partition(-before, ranks, axis=1)[:, ranks]

    def _in_window(
        self,
        day: int,
        window: int,
        recent: NDArray[np.int64],
        old: NDArray[np.int64],
        nearness: tuple[Cosines, Cosines] | None,
        most: int,
    ) -> list[Theme]:
        within = self.documents.days[recent] > day - window
        new = recent[within]
        if len(new) < _FEWEST:
            return []
        share = len(new) / (len(new) + len(old))
        density, near = np.zeros(len(new)), np.zeros((len(new), len(new)), dtype=bool)
        bursts, term_of = np.zeros(len(new)), np.full(len(new), -1)
        if nearness is not None:
            density, near = _density(nearness[0][np.ix_(within, within)], nearness[1][within], share)
        if self.evidence != "density":
            bursts, term_of = self._bursts(new, old, share)
        np.fill_diagonal(near, val=True)
        holds = self.documents.said[new]
        total, free, found = density + bursts, np.ones(len(new), dtype=bool), list[Theme]()
        while free.any() and len(found) < most:
            seed = int(np.argmax(np.where(free, total, -1.0)))
            own, term = near[seed].copy(), int(term_of[seed])
            if term >= 0:
                own |= holds[:, [term]].toarray()[:, 0] > 0
            free &= ~own
            if own.sum() >= _FEWEST:
                evidence = (total[seed] - np.log10(len(new)), max(density[seed], bursts[seed]))
                found.append(self._theme(day, new[own], term, *evidence))
        return found

    def _theme(self, day: int, members: NDArray[np.int64], term: int, score: float, strongest: float) -> Theme:
        return Theme(
            members=tuple(members.tolist()),
            term=self.documents.terms[term] if term >= 0 else "",
            raised=day,
            last=day,
            onset=_onset(self.documents.days[members], day),
            score=float(score),
            p_value=float(10.0**-strongest),
        )

    def _bursts(self, new: NDArray[np.int64], old: NDArray[np.int64], share: float) -> tuple[Floats, NDArray[np.int64]]:
        """Return, for each new document, the evidence of the term that bursts most in it, and which it is."""
        said = self.documents.said
        now, before = (np.asarray(said[rows].sum(axis=0)).ravel() for rows in (new, old))
        evidence = np.where(now >= _FEWEST, _race(now, before + 1, share), 0.0)
        own = said[new]
        best, term = np.zeros(len(new)), np.full(len(new), -1)
        for row in range(len(new)):
            held = own.indices[own.indptr[row] : own.indptr[row + 1]]
            if len(held):
                top = held[np.argmax(evidence[held])]
                if evidence[top] > 0:
                    best[row], term[row] = evidence[top], top
        return best, term


def follow_themes(scan: ThemeScan, least: float, first: int = 0, last: int | None = None) -> list[Theme]:
    """Scan day by day, and tell each theme once.

    A theme found again, by its documents or its term, within 14 days is the same.

    Parameters
    ----------
    scan : ThemeScan
    least : float
        Score from which a theme is told.
    first, last : int
        Days to scan; by default all.
    """
    days = scan.documents.days
    end = (int(days.max()) if len(days) else -1) if last is None else last
    told: list[Theme] = []
    for day in range(first, end + 1):
        for found in scan.themes(day):
            if found.score < least:
                continue
            known = [place for place, one in enumerate(told) if is_again(one, found)]
            if known:
                told[known[0]] = joined(told[known[0]], found)
            else:
                told.append(found)
    return told


def is_again(known: Theme, found: Theme) -> bool:
    """Say whether what was found is a theme told within the last 14 days."""
    return found.last - known.last <= QUIET and same_theme(known, found)


def joined(known: Theme, found: Theme) -> Theme:
    """Return a theme with what was found of it on a later day."""
    return replace(
        known,
        members=tuple(sorted({*known.members, *found.members})),
        last=found.last,
        onset=min(known.onset, found.onset),
        score=max(known.score, found.score),
        p_value=min(known.p_value, found.p_value),
    )


def _density(among: Cosines, radii: Cosines, share: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the evidence that new documents crowd around each, and which do."""
    best, radius = np.zeros(len(among)), radii[:, 0]
    for place, rank in enumerate(_RANKS):
        evidence = _race((among > radii[:, place : place + 1] + _TIE).sum(axis=1), rank, share)
        radius = np.where(evidence > best, radii[:, place], radius)
        best = np.maximum(evidence, best)
    return best, among > radius[:, None] + _TIE


def _race(n_new: NDArray[np.number], n_old: NDArray[np.number] | int, share: float) -> Floats:
    """Return minus log10 of the probability that so many new ones come before so many old ones."""
    found: Floats = -nbinom.logsf(np.asarray(n_new) - 1, n_old, 1 - share) / np.log(10)
    return found


def _spread(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return so many rows at most, evenly spread."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _onset(days: NDArray[np.int64], day: int) -> int:
    """Return the day from which the documents are densest: most of them in fewest days, up to the present."""
    starts = np.unique(days)
    since = np.array([(days >= start).sum() for start in starts])
    length = day - starts + 1
    expected = length * len(days) / (day - starts[0] + GAP)
    gain = since * np.log(np.maximum(since, 1) / expected) - (since - expected)
    return int(starts[np.argmax(np.where(since > expected, gain, 0))])


def same_theme(one: Theme, other: Theme) -> bool:
    """Say whether two are one: by a quarter of the documents of the smaller, or by their term."""
    shared = len(set(one.members) & set(other.members))
    return shared >= _SAME * min(len(one.members), len(other.members)) or bool(one.term and one.term == other.term)

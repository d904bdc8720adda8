"""How many customers open a matter, by reason and day: rhythm, planted levels, noise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .calendar import daily_profile, days_between
from .parts import Parts, Reason
from .planted import MAX_CHAIN, REFERENCE_SIZE, Facts

DISPERSION = (1.2, 1.4)
# Drawn a little above the goal, since the plan can drop contacts but not invent them late.
MARGIN = 1.01
# Incident and questions, planned apart from the ordinary flow, for a sample of the reference size.
PLANNED_APART = 145
# A planted change has to be visible, and a planted absence of change must not be hidden by luck.
TOLERANCE = 0.02
_MAX_DRAWS = 1500


def contacts_per_matter(facts: Facts, reason: str) -> float:
    """Compute the expected length of a chain of `reason`."""
    return sum(facts.repeat_rate(reason) ** k for k in range(MAX_CHAIN))


def expected_contacts(parts: Parts, facts: Facts, n_contacts: int) -> dict[str, NDArray[np.float64]]:
    """Compute the expected contacts of each reason on each day; values of shape (n_days,)."""
    days = days_between(facts.start, facts.end)
    scale = n_contacts / REFERENCE_SIZE
    per_day = (n_contacts - PLANNED_APART * scale) * MARGIN / len(days)
    expected: dict[str, NDArray[np.float64]] = {}
    for domain in parts.domains.values():
        goal = facts.domain_shares[domain.id] * per_day
        planted = {r.key: facts.rates[r.key] * scale for r in domain.reasons.values() if r.key in facts.rates}
        free = {r.key: r.weight for r in domain.reasons.values() if r.key not in planted}
        left = max(goal - sum(planted.values()), 0.2 * goal)
        rates = planted | {key: left * weight / sum(free.values()) for key, weight in free.items()}
        for key, rate in rates.items():
            planted_level = np.array([facts.modifier(key, day) for day in days])
            expected[key] = rate * daily_profile(domain.id, key, days) * planted_level
    return expected


def _draw(mean: NDArray[np.float64], dispersion: float, rng: np.random.Generator) -> NDArray[np.int64]:
    size = np.maximum(mean, 1e-9) / (dispersion - 1)
    counts = rng.negative_binomial(size, 1 / dispersion)
    return np.where(mean > 0, counts, 0)


def draw_matters(
    reason: Reason, expected: NDArray[np.float64], facts: Facts, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw the daily number of new matters of one reason, negative binomial; shape (n_days,).

    Draws of a planted reason are repeated until the level of each period is within 2 % of the planted
    one, or as near as a few hundred draws come.
    """
    mean = expected / contacts_per_matter(facts, reason.key)
    turns = [(day - facts.start).days for day in facts.turning_points(reason.key)]
    best, best_gap = np.zeros(len(mean), dtype=np.int64), np.inf
    for _ in range(_MAX_DRAWS if turns else 1):
        counts = _draw(mean, rng.uniform(*DISPERSION), rng)
        if not turns:
            return counts
        gap = level_gap(counts, mean, turns)
        if gap < best_gap:
            best, best_gap = counts, gap
        if gap <= TOLERANCE:
            break
    return best


def level_gap(counts: NDArray[np.int64], mean: NDArray[np.float64], turns: list[int]) -> float:
    """Largest relative gap to the expectation over the periods between the turning points."""
    pairs = zip(np.split(counts, turns), np.split(mean, turns), strict=True)
    return float(max(abs(drawn.sum() / aim.sum() - 1.0) for drawn, aim in pairs))

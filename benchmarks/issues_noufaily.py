"""Weekly counts of infections as Noufaily et al. simulate them: the second family of series, which nothing is tuned on.

Seven organisms, from rare to common, each without and with a trend, and with no, one or two harmonics of the season:
42 scenarios of 624 weeks. Counts are negative binomial, their variance so many times their mean. Four outbreaks lie in
the years that serve as a baseline, one in the last 49 weeks; the cases of an outbreak are Poisson, their mean so many
standard deviations of the week of its start, and are spread over time by a lognormal law. Seeds as in
`issues_simulator`.

References
----------
A. Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in
Medicine 32, 2013.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from issues_simulator import Floats, Outbreak, Simulated

WEEKS = 624
EVALUATED = 49
BASELINE = (312, WEEKS - EVALUATED)
PAST = (2.0, 3.0, 5.0, 10.0)
"""Sizes of the outbreaks left in the baseline, in standard deviations of a week's count."""
SIZES = tuple(float(size) for size in range(1, 11))
SPREAD = 0.5
"""Of the logarithm of the weeks from an outbreak's start to a case."""
FEWEST = 2
"""Cases without which there is no outbreak."""
YEAR = 52


class Scenario(NamedTuple):
    """What the mean of a week is made of, and how much counts vary.

    Attributes
    ----------
    level : float
        Logarithm of the mean at the start.
    trend : float
        What is added to it a week.
    cosine, sine : float
        Of each harmonic of the season.
    harmonics : int
    dispersion : float
        Variance over mean.
    """

    level: float
    trend: float
    cosine: float
    sine: float
    harmonics: int
    dispersion: float


_ORGANISMS = (
    # level, trend, cosine, sine, dispersion
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(
    Scenario(level, trend * trended, cosine, sine, harmonics, dispersion)
    for level, trend, cosine, sine, dispersion in _ORGANISMS
    for trended in (0, 1)
    for harmonics in (0, 1, 2)
)


def simulate(seed: int, n_each: int = 1, *, outbreaks: bool = True) -> Simulated:
    """Draw `n_each` series of each scenario, with an outbreak in the last 49 weeks or none.

    The four outbreaks of the baseline are there in both cases.

    Returns
    -------
    Simulated
        Of weeks where `issues_simulator` has days: an outbreak goes from the week of its start to that of its last
        case, and its size is in standard deviations of a week's count.
    """
    rng = np.random.default_rng([seed, 2013])
    every = [scenario for scenario in SCENARIOS for _ in range(n_each)]
    means = np.array([_means(scenario) for scenario in every])
    counts, planted = np.zeros_like(means), []
    for series, scenario in enumerate(every):
        deviations = np.sqrt(scenario.dispersion * means[series])
        counts[series] = _drawn(rng, means[series], scenario.dispersion)
        for size in PAST:
            cases, _ = _cases(rng, deviations, size, *BASELINE)
            counts[series] += cases
        if outbreaks:
            size = float(rng.choice(SIZES))
            cases, start = _cases(rng, deviations, size, WEEKS - EVALUATED, WEEKS)
            counts[series] += cases
            last = int(np.flatnonzero(cases)[-1]) if cases.any() else start
            planted.append(Outbreak(series, start, last + 1, size, "lognormal"))
    return Simulated(counts, means, tuple(planted), np.zeros(WEEKS, dtype=bool))


def _means(scenario: Scenario) -> Floats:
    week = np.arange(1, WEEKS + 1)
    logs = scenario.level + scenario.trend * week
    for harmonic in range(1, scenario.harmonics + 1):
        angle = 2 * np.pi * harmonic * week / YEAR
        logs = logs + scenario.cosine * np.cos(angle) + scenario.sine * np.sin(angle)
    means: Floats = np.exp(logs)
    return means


def _drawn(rng: np.random.Generator, means: Floats, dispersion: float) -> Floats:
    if dispersion == 1:
        return rng.poisson(means).astype(np.float64)
    return rng.negative_binomial(means / (dispersion - 1), 1 / dispersion).astype(np.float64)


def _cases(rng: np.random.Generator, deviations: Floats, size: float, first: int, stop: int) -> tuple[Floats, int]:
    """Draw one outbreak that starts in weeks ``[first, stop)``: its cases by week, and the week of its start."""
    start = int(rng.integers(first, stop))
    n_cases = 0
    while n_cases < FEWEST:
        n_cases = int(rng.poisson(size * deviations[start]))
    weeks = start + rng.lognormal(0.0, SPREAD, n_cases).astype(np.int64)
    found: Floats = np.bincount(weeks[weeks < stop], minlength=len(deviations)).astype(np.float64)
    return found, start

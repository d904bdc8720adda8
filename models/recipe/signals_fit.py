"""Learns how to weigh cues and heads, and what makes frustration, on what the heads never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from assess import HeldOut as SentimentHeldOut
from encoder import base_model
from marked import Marked
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax
from signals_crossfit import HeldOut
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score

from vocmine.inference import Engine, Model
from vocmine.schema import SIGNALS
from vocmine.sentiment import pool
from vocmine.signals import combine, frustration
from vocmine.signals.cues import cues_of
from vocmine.signals.heard import STYLE_CUES
from vocmine.signals.rules import Hit, Rules

NAMES = (*SIGNALS, *STYLE_CUES)
RULES_ONLY = tuple(name for name in combine.FEATURES if name in {"sure", "likely", "hint", "several", "cancelled"})
_REAL_WEIGHT = 2.0
_STRENGTH = 1.0  # inverse of the penalty, on standardised features
_ENOUGH = 30
_NEARLY = 0.005
_LEAST = 0.1
_LEAST_STYLE = 0.5  # most turns of the written conversations have a style, of real ones few
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What is known of units before it is weighed.

    Attributes
    ----------
    units : list of Marked
    given : float array of shape (units, labels, features)
    sentiment : float array of shape (units, 4)
    intense : float array of shape (units, 2)
    hits : list of list of list of Hit
        By unit and turn.
    """

    units: list[Marked]
    given: Floats
    sentiment: Floats
    intense: Floats
    hits: list[list[list[Hit]]]

    @property
    def labels(self) -> Floats:
        """1, 0 or NaN; (units, labels)."""
        return np.stack([unit.labels for unit in self.units]).astype(np.float64)

    @property
    def real(self) -> NDArray[np.bool_]:
        """Whether a unit is a real account."""
        return np.array([unit.source != "written" for unit in self.units])

    @property
    def fold(self) -> NDArray[np.intp]:
        """Fold of each unit."""
        return np.array([unit.fold for unit in self.units])


def gather(held_out: HeldOut, model: Model) -> Evidence:
    """Look through units for cues, and put them beside what heads say of them."""
    units = held_out.units
    hits = find_hits(units)
    joined = [[hit for of_turn in of_unit for hit in of_turn] for of_unit in hits]
    sentiment = sentiment_of(units, model)
    lengths = np.array([sum(map(len, unit.turns)) for unit in units])
    given = combine.features(
        np.clip(held_out.logits, -12, 12), combine.cue_features(joined, NAMES), sentiment[:, 0], lengths
    )
    intense = np.stack([frustration.intensity(unit.turns).max(axis=0) for unit in units])
    return Evidence(units, given, sentiment, intense, hits)


def find_hits(units: Sequence[Marked]) -> list[list[list[Hit]]]:
    """Return the cues of each turn: of signals in customers' turns, of styles in agents'."""
    agents = [bool(np.isnan(unit.labels[0])) for unit in units]
    found: list[list[list[Hit]]] = [[] for _ in units]
    for of_agents, names in ((False, SIGNALS), (True, STYLE_CUES)):
        rules = Rules({name: cues_of(name) for name in names})
        rows = [row for row, each in enumerate(agents) if each is of_agents]
        hits = iter(rules.find([turn for row in rows for turn in units[row].turns]))
        for row in rows:
            found[row] = [next(hits) for _ in units[row].turns]
    return found


def sentiment_of(units: Sequence[Marked], model: Model) -> Floats:
    """Return probabilities of sentiment from models that never saw the unit; (units, 4).

    Those of accounts come from the folds, those of written texts from the model that ships, which has not seen them.
    """
    held_out = SentimentHeldOut.read(base_model())
    known = {
        held_out.units.ids[row]: softmax(logits)
        for fold in held_out.folds
        for row, logits in zip(fold.rows, fold.logits["held_out"]["sentiment"], strict=True)
        if held_out.units.source[row] == "services_publics_plus"
    }
    texts = [text for unit in units for text in unit.texts]
    owner = np.repeat(np.arange(len(units)), [len(unit.segments) for unit in units])
    encoding = Engine(model, precision="int8").encode(texts, embeddings=False)
    found = pool(encoding.probabilities["sentiment"], encoding.n_tokens, owner, len(units))
    for row, unit in enumerate(units):
        if unit.source != "written":
            found[row] = known[unit.name]
    return found


def weigh(evidence: Evidence, rows: NDArray[np.intp], names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Fit the coefficients of every label on some units, and its threshold."""
    return {label: _weigh_one(evidence, rows, place, names) for place, label in enumerate(NAMES)}


def _weigh_one(evidence: Evidence, rows: NDArray[np.intp], place: int, names: Sequence[str]) -> dict[str, float]:
    labels = evidence.labels[:, place]
    rows = rows[np.isfinite(labels[rows])]
    columns = [combine.FEATURES.index(name) for name in names]
    x, y, real = evidence.given[rows, place][:, columns], labels[rows], evidence.real[rows]
    centre, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 0.05)
    weights = np.where(real, _REAL_WEIGHT, 1.0)
    fitted = LogisticRegression(C=_STRENGTH, max_iter=1000).fit((x - centre) / spread, y, sample_weight=weights)
    slope = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - slope @ centre)
    p = 1 / (1 + np.exp(-(x @ slope + bias)))
    least = _LEAST_STYLE if NAMES[place] in STYLE_CUES else _LEAST
    return {"bias": bias, **dict(zip(names, slope.tolist(), strict=True)), "threshold": threshold(y, p, real, least)}


def threshold(y: Floats, p: Floats, real: NDArray[np.bool_], least: float) -> float:
    """Return the probability from which F1 is best: on real accounts and written texts alike, where both have 30."""
    parts = [part for part in (real, ~real) if y[part].sum() >= _ENOUGH] or [np.ones(len(y), dtype=np.bool_)]
    edges = np.linspace(least, 0.8, 71)
    means = [np.mean([_f1(y[part], p[part] >= edge) for part in parts]) for edge in edges]
    # The middle of what is nearly best: single peaks are chance.
    return float(np.median(edges[np.array(means) >= max(means) - _NEARLY]))


def _f1(y: Floats, said: NDArray[np.bool_]) -> float:
    hit = float((y * said).sum())
    return 2 * hit / max(1.0, float(y.sum() + said.sum()))


def fit_frustration(given: Floats, levels: NDArray[np.intp], weights: Floats) -> dict[str, float]:
    """Fit a proportional-odds model, and the thresholds that make quadratic kappa best."""
    centre, spread = given.mean(axis=0), np.maximum(given.std(axis=0), 0.05)
    x = (given - centre) / spread
    width = x.shape[1]

    def cuts(free: Floats) -> Floats:
        return np.cumsum(np.concatenate([free[width : width + 1], np.exp(free[width + 1 :])]))

    def loss(free: Floats) -> float:
        above = 1 / (1 + np.exp(-((x @ free[:width])[:, None] - cuts(free))))
        edges = np.hstack([np.ones((len(x), 1)), above, np.zeros((len(x), 1))])
        p = edges[np.arange(len(x)), levels] - edges[np.arange(len(x)), levels + 1]
        return float(-(weights * np.log(np.maximum(p, 1e-9))).sum() / weights.sum() + 2e-3 * (free[:width] ** 2).sum())

    free = minimize(loss, np.concatenate([np.zeros(width), [0.0, 0.5, 1.0]]), method="L-BFGS-B").x
    slope = free[:width] / spread
    shift = float(slope @ centre)
    found = dict(zip(frustration.FEATURES, slope.tolist(), strict=True))
    found |= {f"cut_{rank}": float(cut + shift) for rank, cut in enumerate(cuts(free), start=1)}
    reached = frustration.at_least(given, found)
    best = (-1.0, 0.5, 0.5, 0.5)
    for one in np.arange(0.3, 0.71, 0.05):
        for two in np.arange(0.3, 0.71, 0.05):
            for three in np.arange(0.2, 0.61, 0.1):
                edges = {"threshold_1": one, "threshold_2": two, "threshold_3": three}
                said = frustration.level(reached, edges)
                kappa = cohen_kappa_score(levels, said, weights="quadratic") + 0.5 * _f1(
                    (levels > 1).astype(float), said > 1
                )
                best = max(best, (float(kappa), float(one), float(two), float(three)))
    return found | {f"threshold_{rank}": best[rank] for rank in (1, 2, 3)}

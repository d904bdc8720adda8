"""Topics on a map of two dimensions: those in which their mean embeddings differ most."""

from __future__ import annotations

from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from vocmine.report.view import View

_FEWEST: Final = 3
"""Topics from which a map tells something."""
_WIDTH: Final = 100.0
_LARGEST: Final = 6.0
"""Radius of the largest disc."""


_SAME: Final = 1e-6
"""Distance under which centres are one."""


class Disc(TypedDict):
    """Centre and radius of a topic's disc, in hundredths of the map's width."""

    x: float
    y: float
    r: float


class Map(TypedDict):
    """Discs by topic, the largest first so that none hides another; `height` in hundredths of the width."""

    height: float
    discs: dict[int, Disc]


NO_MAP: Final[Map] = {"height": 0.0, "discs": {}}


def map_topics(view: View, contacts: dict[int, int]) -> Map:
    """Place the topics by classical principal components of their mean embeddings.

    Parameters
    ----------
    view : View
    contacts : dict of int to int
        Contacts of each topic: the area of its disc.

    Returns
    -------
    Map
        Both axes bear one scale, so that distances mean the same in every direction. A topic without an embedded
        segment has no disc; fewer than three topics, or centres that are all the same, have no map.
    """
    means = _means(view, [topic for topic, n in contacts.items() if n])
    if len(means) < _FEWEST:
        return NO_MAP
    points = _plane(np.stack(list(means.values())))
    span = float(np.ptp(points, axis=0).max())
    if span < _SAME:
        return NO_MAP
    points = _LARGEST + (_WIDTH - 2 * _LARGEST) * (points - points.min(axis=0)) / span
    largest = max(contacts.values())
    discs: dict[int, Disc] = {
        topic: {
            "x": round(float(x), 2),
            "y": round(float(y), 2),
            "r": round(_LARGEST * float(np.sqrt(contacts[topic] / largest)), 2),
        }
        for topic, (x, y) in zip(means, points, strict=True)
    }
    ordered = dict(sorted(discs.items(), key=lambda item: -item[1]["r"]))
    return {"height": round(float(points[:, 1].max()) + _LARGEST, 2), "discs": ordered}


def _means(view: View, topics: list[int]) -> dict[int, NDArray[np.float64]]:
    assigned = view.analysis.tables["assignments"]["topic_id"].to_pandas().to_numpy(dtype=np.float64)
    vectors = view.analysis.embeddings
    means = {}
    for topic in topics:
        own = vectors[assigned == topic]
        own = own[np.isfinite(own).all(axis=1)]
        if len(own):
            means[topic] = own.mean(axis=0, dtype=np.float64)
    return means


def _plane(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the two principal coordinates; shape (n_topics, 2)."""
    left, sizes, right = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    # The sign of a component is arbitrary: fixed, the same analysis gives the same picture on any machine.
    signs = np.sign(right[np.arange(len(right)), np.abs(right).argmax(axis=1)])
    points = left * sizes * np.where(signs == 0, 1, signs)
    plane = np.zeros((len(means), 2))
    plane[:, : min(2, points.shape[1])] = points[:, :2]
    return plane

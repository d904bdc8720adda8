"""The score tables of segments, turns and contacts, from the polarity of the segments."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.sentiment.rollup import RollUp, roll_up
from vocmine.sentiment.trajectory import Trajectory, trajectory
from vocmine.sentiment.turns import customer_turns


def _polarity_columns(polarity: NDArray[np.float64]) -> dict[str, pa.Array]:
    return {f"p_{name}": _nullable(polarity[:, k]) for k, name in enumerate(schema.POLARITIES)}


def _nullable(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def segment_scores(segments: pa.Table, polarity: NDArray[np.float64], reasons: list[str | None]) -> pa.Table:
    """Return the scores of segments, rows aligned with the table of segments."""
    keys = {name: segments[name] for name in ("contact_id", "turn", "segment")}
    return pa.table(keys | _polarity_columns(polarity) | {"reason": reasons}, schema=schema.SEGMENT_SCORES)


def turn_scores(corpus: Corpus, found: RollUp, why: dict[int, str], model_id: str) -> pa.Table:
    """Return the scores of turns, rows aligned with the turns of the corpus."""
    keys = {name: corpus.turns[name] for name in ("contact_id", "turn")}
    reasons = [why.get(row, "no_text") for row in range(corpus.turns.num_rows)]
    return pa.table(keys | _score_columns(found, reasons, model_id), schema=schema.TURN_SCORES)


def _score_columns(found: RollUp, reasons: list[str], model_id: str) -> dict[str, object]:
    scored = found.n_segments > 0
    return _polarity_columns(found.probabilities) | {
        "sentiment": pa.array(found.sentiment, pa.string()),
        "model_id": pa.array([model_id if ok else None for ok in scored], pa.string()),
        "n_segments": pa.array(found.n_segments, pa.int32()),
        "abstained": pa.array(~scored),
        "reason": pa.array([None if ok else why for ok, why in zip(scored, reasons, strict=True)], pa.string()),
    }


def contact_scores(
    corpus: Corpus,
    turn: NDArray[np.int64],
    lengths: NDArray[np.int64],
    polarity: NDArray[np.float64],
    turns: RollUp,
    reasons: list[str | None],
    model_id: str,
) -> pa.Table:
    """Return the scores of contacts, from the segments that their customers said.

    Parameters
    ----------
    corpus : Corpus
        Contacts and turns.
    turn, lengths : ndarray of int64, shape (n_segments,)
        Row of each segment's turn, and its length in characters.
    polarity : ndarray, shape (n_segments, 3)
        Negative, neutral, positive; NaN where not scored.
    turns : RollUp
        Polarity of the turns.
    reasons : list of (str or None), length n_segments
        Why a segment has no score.
    model_id : str
        The model that made the scores.
    """
    n_contacts = corpus.contacts.num_rows
    contact = customer_turns(corpus)
    group = contact[turn]
    found = roll_up(polarity, lengths, group, n_contacts)
    why = main_reason(reasons, group)
    spoke = set(contact.tolist())
    missing = [why.get(i, "no_text" if i in spoke else "no_customer_turn") for i in range(n_contacts)]
    columns = {"contact_id": corpus.contacts["contact_id"]} | _score_columns(found, missing, model_id)
    return pa.table(
        columns | _course_columns(_course(corpus, turns, contact, n_contacts)), schema=schema.CONTACT_SCORES
    )


def _course(corpus: Corpus, turns: RollUp, contact: NDArray[np.int64], n_contacts: int) -> Trajectory:
    order = np.lexsort((corpus.turns["turn"].to_numpy(), contact))
    order = order[contact[order] >= 0]
    valence = turns.probabilities[:, 2] - turns.probabilities[:, 0]
    return trajectory(valence[order], contact[order], n_contacts)


def _course_columns(course: Trajectory) -> dict[str, pa.Array]:
    recovered = course.recovered
    return {
        "sentiment_start": _nullable(course.start),
        "sentiment_end": _nullable(course.end),
        "sentiment_lowest": _nullable(course.lowest),
        "shift": _nullable(course.shift),
        "recovered": pa.array(recovered == 1, mask=np.isnan(recovered)),
    }


def main_reason(reasons: list[str | None], groups: NDArray[np.int64]) -> dict[int, str]:
    """Return for each group the commonest reason among its segments without score, the first one on a tie."""
    found: dict[int, Counter[str]] = {}
    for reason, group in zip(reasons, groups.tolist(), strict=True):
        if reason is not None:
            found.setdefault(group, Counter())[reason] += 1
    return {group: counts.most_common(1)[0][0] for group, counts in found.items()}

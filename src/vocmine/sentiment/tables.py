"""The score tables of segments, turns and contacts, from what the heads say of the segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus import Corpus
from vocmine.corpus.customers import customer_turns
from vocmine.sentiment.aspects import aspect_columns
from vocmine.sentiment.heads import SATISFACTION
from vocmine.sentiment.reading import Reading
from vocmine.sentiment.rollup import RollUp
from vocmine.sentiment.trajectory import Trajectory, trajectory

_UNSURE: Final = "unsure"


def _polarity_columns(polarity: NDArray[np.float64]) -> dict[str, pa.Array]:
    return {f"p_{name}": _nullable(polarity[:, k]) for k, name in enumerate(schema.POLARITIES)}


def _nullable(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def segment_scores(segments: pa.Table, reading: Reading) -> pa.Table:
    """Return the scores of segments, rows aligned with the table of segments."""
    keys = {name: segments[name] for name in ("contact_id", "turn", "segment")}
    columns = _polarity_columns(reading.polarity) | {"reason": pa.array(reading.reasons, pa.string())}
    return pa.table(keys | columns, schema=schema.SEGMENT_SCORES)


def turn_scores(
    corpus: Corpus,
    reading: Reading,
    found: RollUp,
    model_id: str,
    *,
    beside: Mapping[str, pa.Array],
    min_confidence: float = 0.0,
) -> pa.Table:
    """Return the scores of turns, rows aligned with the turns of the corpus.

    Parameters
    ----------
    corpus : Corpus
    reading : Reading
    found : RollUp
        Sentiment of the turns.
    model_id : str
        The model that made the scores.
    beside : mapping of str to pyarrow.Array
        The columns that are not of sentiment.
    min_confidence : float
        Confidence below which a score abstains, as ``unsure``; it is kept.
    """
    keys = {name: corpus.turns[name] for name in ("contact_id", "turn")}
    why = main_reason(reading.reasons, reading.turn)
    reasons = [why.get(row, "no_text") for row in range(corpus.turns.num_rows)]
    columns = keys | _score_columns(found, reasons, model_id, min_confidence) | dict(beside)
    return pa.table(columns, schema=schema.TURN_SCORES)


def _score_columns(found: RollUp, reasons: list[str], model_id: str, min_confidence: float) -> dict[str, pa.Array]:
    scored = found.n_segments > 0
    unsure = scored & (found.confidence < min_confidence)
    told = [_UNSURE if doubt else None if ok else why for doubt, ok, why in zip(unsure, scored, reasons, strict=True)]
    return _polarity_columns(found.probabilities) | {
        "sentiment": pa.array(found.sentiment, pa.string()),
        "model_id": pa.array([model_id if ok else None for ok in scored], pa.string()),
        "n_segments": pa.array(found.n_segments, pa.int32()),
        "abstained": pa.array(unsure | ~scored),
        "reason": pa.array(told, pa.string()),
    }


def contact_scores(
    corpus: Corpus,
    reading: Reading,
    turns: RollUp,
    model_id: str,
    *,
    beside: Mapping[str, pa.Array],
    min_confidence: float = 0.0,
) -> pa.Table:
    """Return the scores of contacts, from the segments that their customers said.

    Parameters
    ----------
    corpus : Corpus
        Contacts and turns.
    reading : Reading
    turns : RollUp
        Sentiment of the turns.
    model_id : str
        The model that made the scores.
    beside : mapping of str to pyarrow.Array
        The columns that are not of sentiment.
    min_confidence : float
        Confidence below which a score abstains, as ``unsure``; it is kept.
    """
    n_contacts = corpus.contacts.num_rows
    contact = customer_turns(corpus)
    group = contact[reading.turn]
    found = reading.roll_up(group, n_contacts)
    why = main_reason(reading.reasons, group)
    spoke = set(contact.tolist())
    missing = [why.get(i, "no_text" if i in spoke else "no_customer_turn") for i in range(n_contacts)]
    columns = (
        {"contact_id": corpus.contacts["contact_id"]}
        | _score_columns(found, missing, model_id, min_confidence)
        | _satisfaction_columns(reading, group, n_contacts)
        | aspect_columns(reading, group, n_contacts)
        | _course_columns(_course(corpus, turns, contact, n_contacts))
        | dict(beside)
    )
    return pa.table(columns, schema=schema.CONTACT_SCORES)


def _satisfaction_columns(reading: Reading, group: NDArray[np.int64], n_contacts: int) -> dict[str, pa.Array]:
    """Return what customers would declare; nulls where the model does not say."""
    pooled = np.full((n_contacts, len(schema.POLARITIES)), np.nan)
    if SATISFACTION in reading.heads:
        pooled = reading.pool(SATISFACTION, group, n_contacts)
    best = np.array(schema.POLARITIES)[np.nan_to_num(pooled).argmax(axis=1)]
    return {
        SATISFACTION: pa.array(best, pa.string(), mask=np.isnan(pooled[:, 0])),
        **{f"p_{SATISFACTION}_{name}": _nullable(pooled[:, k]) for k, name in enumerate(schema.POLARITIES)},
    }


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

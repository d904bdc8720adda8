"""Frames in, frames out: the scoring that every engine runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Unpack

import numpy as np
import pandas as pd
import pyarrow as pa

from vocmine.corpus import ColumnOptions
from vocmine.corpus.cells import Cells
from vocmine.miner import Miner
from vocmine.scale.batches import BatchScorer, TableName

# Types of pandas that hold nulls without becoming another type in the batches that have some.
_NULLABLE: Final = {pa.bool_(): pd.BooleanDtype(), pa.int8(): pd.Int8Dtype(), pa.int32(): pd.Int32Dtype()}


def score_frames(
    frames: Iterable[pd.DataFrame], miner: Miner, *, table: TableName = "contacts", **columns: Unpack[ColumnOptions]
) -> Iterator[pd.DataFrame]:
    """Score frames one after the other, in bounded memory.

    The rows of a contact follow one another: where they go on in the next frame, they wait for it. A contact that
    comes back further on is scored apart, as another one would be.

    Parameters
    ----------
    frames : iterable of DataFrame
        Rows, all with the same columns.
    miner : Miner
        What scores them.
    table : {"contacts", "turns"}, default "contacts"
        What a row of the result is.
    **columns
        Names of the columns, ``text`` and ``contact_id`` at least; see `BatchScorer`.

    Yields
    ------
    DataFrame
        As `output_schema` says, with the same types each time. Frames do not answer one another, but in all, the rows
        that the column ``rows`` counts are those given.

    Raises
    ------
    InputError
        If the text or the contact's id is not named, or there is no such table.
    ColumnError
        If a frame lacks a column that is named.

    Examples
    --------
    >>> monday = pd.DataFrame({"id": ["m1", "m2"], "texte": ["Toujours injoignables !", None]})
    >>> tuesday = pd.DataFrame({"id": ["m3"], "texte": ["Parfait, merci beaucoup !"]})
    >>> scored = pd.concat(score_frames([monday, tuesday], Miner(), text="texte", contact_id="id"))
    >>> dict(zip(scored["contact_id"], scored["sentiment"].fillna(scored["reason"]), strict=True))
    {'m1': 'negative', 'm2': 'missing_text', 'm3': 'positive'}
    """
    scorer = BatchScorer(miner, table, **columns)
    return (as_frame(scorer.score(rows)) for rows in whole_contacts(frames, scorer.contact_ids))


def as_frame(scores: pa.Table) -> pd.DataFrame:
    """Return scores as a frame whose types do not depend on its values."""
    # In one piece: Spark cannot take columns of text that pandas holds in several.
    return pd.DataFrame(scores.combine_chunks().to_pandas(types_mapper=_NULLABLE.get))


def whole_contacts(
    frames: Iterable[pd.DataFrame], contact_ids: Callable[[pd.DataFrame], Cells]
) -> Iterator[pd.DataFrame]:
    """Cut frames anew, so that none ends within a contact.

    Parameters
    ----------
    frames : iterable of DataFrame
        The rows of a contact follow one another.
    contact_ids : callable
        Gives the contact id of each row of a frame.
    """
    held: pd.DataFrame | None = None
    for frame in frames:
        rows = frame if held is None or held.empty else pd.concat([held, frame])
        ids = contact_ids(rows)
        others = np.flatnonzero(ids != ids[-1]) if len(ids) else ids
        last = int(others[-1]) + 1 if len(others) else 0
        if last:
            yield rows.iloc[:last]
        held = rows.iloc[last:]
    if held is not None:
        yield held

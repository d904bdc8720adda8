"""Rows come in as they are read; chunks go out, cut where a contact ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, cast

import numpy as np
import pandas as pd

from vocmine.corpus import ColumnOptions, RawRows
from vocmine.corpus.cells import Cells
from vocmine.corpus.layout import Positions
from vocmine.errors import InputError

ContactIds: TypeAlias = Callable[[pd.DataFrame], Cells]

_LONGEST: Final = 50
"""Chunks' worth of rows that one contact may have; more than that is a wrong column of ids, not a conversation."""


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows of a source, malformed ones included, in which no contact is parted.

    Attributes
    ----------
    number : int
        Rank of the chunk in the stream, from 0.
    first_row : int
        Position of its first row in the source.
    rows : RawRows
        The rows, by their positions in the source.
    """

    number: int
    first_row: int
    rows: RawRows

    @property
    def end_row(self) -> int:
        """Position after its last row."""
        return self.first_row + self.rows.n_rows


def cut(
    batches: Iterable[RawRows], contact_ids: ContactIds | None, *, chunk_rows: int, number: int = 0, row: int = 0
) -> Iterator[Chunk]:
    """Cut rows into chunks, wherever the batches that bring them end.

    A chunk has `chunk_rows` rows, and beyond these the rest of the contact that it is in; the last one has what is
    left. Where it is cut depends on the rows from its first on, and on nothing else.

    Parameters
    ----------
    batches : iterable of RawRows
        Rows that follow one another in the source; a source without rows gives one empty batch, and one empty chunk.
    contact_ids : callable or None
        The id of each row's contact, None where it has none. Without it every row is a contact of its own.
    chunk_rows : int
        Rows of a chunk.
    number, row : int, default 0
        Number of the first chunk, and position of the first row.

    Raises
    ------
    InputError
        If one contact has more rows than fifty chunks.
    """
    waiting: list[RawRows] = []
    for batch in batches:
        waiting.append(batch)
        end = row + sum(each.n_rows for each in waiting)
        if end <= row + chunk_rows:
            continue
        held = together(waiting)
        begins = _beginnings(held, contact_ids)
        while (boundary := _boundary(begins, row + chunk_rows, end)) is not None:
            before, held = _part(held, boundary)
            yield Chunk(number, row, before)
            number, row = number + 1, boundary
        if held.n_rows > _LONGEST * chunk_rows:
            raise InputError(
                f"got a contact of more than {_LONGEST * chunk_rows} rows from row {row} on, expected far fewer; name "
                "the column of its id: contact_id='…', or raise chunk_rows"
            )
        waiting = [held]
    if waiting and (sum(each.n_rows for each in waiting) or number == 0):
        yield Chunk(number, row, together(waiting))


def _beginnings(held: RawRows, contact_ids: ContactIds | None) -> Positions | None:
    """Return the positions where a contact begins; None stands for all."""
    if contact_ids is None:
        return None
    ids = contact_ids(held.frame)
    begins = [mine is None or mine != before for before, mine in zip([None, *ids], ids, strict=False)]
    positions: Positions = held.rows[np.array(begins, dtype=bool)]
    return positions


def _boundary(begins: Positions | None, wanted: int, end: int) -> int | None:
    """Return the first position from the one wanted on where a contact begins, if there is one before the end."""
    if begins is None:
        return wanted if wanted < end else None
    place = int(np.searchsorted(begins, wanted))
    return int(begins[place]) if place < len(begins) else None


def together(parts: Sequence[RawRows]) -> RawRows:
    """Return rows that follow one another in a source as one batch; a column that some lack is empty there."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return replace(
        first,
        frame=pd.concat([part.frame for part in parts], ignore_index=True),
        positions=np.concatenate([part.rows for part in parts]),
        malformed={row: why for part in parts for row, why in part.malformed.items()},
        text=next((part.text for part in parts if part.text is not None), None),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        known=cast("ColumnOptions", {role: name for part in parts for role, name in part.known.items()}),
    )


def _part(held: RawRows, row: int) -> tuple[RawRows, RawRows]:
    place = int(np.searchsorted(held.rows, row))
    before = {position: why for position, why in held.malformed.items() if position < row}
    after = {position: why for position, why in held.malformed.items() if position >= row}
    return (
        replace(held, frame=held.frame.iloc[:place], positions=held.rows[:place], malformed=before),
        replace(held, frame=held.frame.iloc[place:], positions=held.rows[place:], malformed=after),
    )

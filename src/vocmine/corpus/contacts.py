"""One row a contact: what its rows agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vocmine.corpus.cells import Cells, as_cells
from vocmine.corpus.dates import Dates
from vocmine.corpus.layout import Layout, conflicting, first_present
from vocmine.corpus.rows import Rows
from vocmine.text import identify_many

_LABELS: Final = ("conversation_id", "customer_id", "agent_id", "team", "product", "outcome")


def contact_columns(
    rows: Rows,
    layout: Layout,
    *,
    ids: Cells,
    zones: Cells,
    dates: Mapping[str, Dates],
    texts: Cells,
    speakers: Cells,
) -> dict[str, object]:
    """Return the columns of the contacts, `source` and `row` excepted.

    Where the rows of a contact disagree, the first value that is not empty stands, and the others are noted.
    """
    languages, variants = rows.languages()
    columns: dict[str, object] = {role: _agreed(role, rows.labels(role), rows, layout) for role in _LABELS}
    columns["contact_id"] = ids[layout.first]
    columns["variant"] = _agreed("variant", variants, rows, layout)
    columns["rating"] = _agreed("rating", rows.ratings(), rows, layout)
    columns["timezone"] = _agreed("timezone", zones, rows, layout)
    columns["channel"] = as_cells(name or "other" for name in _agreed("channel", rows.channels(), rows, layout))
    columns["language"] = _identified(_agreed("language", languages, rows, layout), layout, texts, speakers)
    columns["started_at"], columns["ended_at"] = _times(rows, layout, dates)
    return columns


def _agreed(role: str, values: Cells, rows: Rows, layout: Layout) -> Cells:
    said = values[layout.order]
    first = first_present(said, layout)
    disagreeing = np.zeros(len(rows), dtype=bool)
    disagreeing[layout.order] = conflicting(said, layout, first)
    rows.repairs.add(role, "conflicting_value", disagreeing)
    return as_cells(said[position] if position >= 0 else None for position in first)


def _times(
    rows: Rows, layout: Layout, dates: Mapping[str, Dates]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    starts = pd.Series(dates["at"].utc[layout.order]).groupby(layout.contact).min().to_numpy()
    ends = pd.Series(dates["ended_at"].utc[layout.order]).groupby(layout.contact).max().to_numpy()
    backwards = np.zeros(len(rows), dtype=bool)
    backwards[layout.first[ends < starts]] = True
    rows.repairs.add("ended_at", "ended_before_start", backwards)
    return starts, np.where(ends < starts, np.datetime64("NaT", "us"), ends)


def _identified(told: Cells, layout: Layout, texts: Cells, speakers: Cells) -> Cells:
    """Identify the language of the contacts whose source does not tell it, from what their customer says."""
    said: dict[int, list[str]] = {rank: [] for rank, language in enumerate(told) if language is None}
    for rank, row in zip(layout.contact, layout.order, strict=True):
        if rank in said and speakers[row] == "customer":
            said[rank].append(texts[row])
    languages = told.copy()
    for rank, language in zip(said, identify_many(["\n".join(turns) for turns in said.values()]), strict=True):
        languages[rank] = language.code
    return languages

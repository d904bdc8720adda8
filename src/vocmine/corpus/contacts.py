"""One row a contact: what its rows agree on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.corpus.dates import Dates
from vocmine.corpus.distinct import Distinct
from vocmine.corpus.layout import Layout, conflicting, first_present
from vocmine.corpus.rows import Rows

_LABELS: Final = ("conversation_id", "customer_id", "agent_id", "team", "product", "outcome")
_STRING: Final = pa.string()


def contact_columns(
    rows: Rows, layout: Layout, *, ids: Distinct, zones: Distinct, dates: Mapping[str, Dates]
) -> dict[str, pa.Array]:
    """Return the columns of the contacts, `source` and `row` excepted; a language that no row tells is null.

    Where the rows of a contact disagree, the first value that is not empty stands, and the others are noted.
    """
    languages, variants = rows.languages()
    columns = {role: _agreed(role, rows.labels(role), rows, layout) for role in _LABELS}
    columns["contact_id"] = ids.take(layout.first, pa.string())
    columns["variant"] = _agreed("variant", variants, rows, layout)
    columns["rating"] = _agreed("rating", rows.ratings(), rows, layout, pa.float64())
    columns["timezone"] = _agreed("timezone", zones, rows, layout)
    columns["channel"] = _agreed("channel", rows.channels(), rows, layout).fill_null("other")
    columns["language"] = _agreed("language", languages, rows, layout)
    columns["started_at"], columns["ended_at"] = map(pa.array, _times(rows, layout, dates))
    return columns


def _agreed(role: str, values: Distinct, rows: Rows, layout: Layout, kind: pa.DataType = _STRING) -> pa.Array:
    if not len(values.levels):
        return pa.nulls(layout.n_contacts, kind)
    codes = layout.ordered(values.codes)
    first = first_present(codes, layout)
    disagreeing = np.zeros(len(rows), dtype=bool)
    disagreeing[layout.order[conflicting(codes, layout, first)]] = True
    rows.repairs.add(role, "conflicting_value", disagreeing)
    return values.at(np.append(codes, -1)[first], kind)


def _times(
    rows: Rows, layout: Layout, dates: Mapping[str, Dates]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    starts = layout.earliest(layout.ordered(dates["at"].utc))
    ends = layout.latest(layout.ordered(dates["ended_at"].utc))
    backwards = np.zeros(len(rows), dtype=bool)
    backwards[layout.first[ends < starts]] = True
    rows.repairs.add("ended_at", "ended_before_start", backwards)
    return starts, np.where(ends < starts, np.datetime64("NaT", "us"), ends)

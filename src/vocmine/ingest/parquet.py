"""Parquet files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from vocmine.corpus import RawRows, arrow_frame
from vocmine.errors import ReadError


def read_parquet(data: bytes, source: str) -> RawRows:
    """Read a Parquet file.

    Raises
    ------
    ReadError
        If it is none.
    """
    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        table.validate(full=True)  # a damaged page may hold strings that are no UTF-8
        frame = arrow_frame(table)
    except (pa.ArrowException, OSError, LookupError, ValueError) as error:  # the last two from what pandas wrote beside
        message = f"{source}: got something else than Parquet ({type(error).__name__}); check how it was exported"
        raise ReadError(message) from None  # the errors of Arrow quote values
    return RawRows(frame, source)

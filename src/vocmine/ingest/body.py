"""The records of a table of text below its header: in blocks where they are well formed, else one by one."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.ingest.blocks import Blocks
from vocmine.ingest.csv_records import LONGEST_RECORD, Record, fitted, records_of, trouble
from vocmine.ingest.sniff import first_lines

_FINER: Final = 8  # how much smaller, or larger, the next block is


@dataclass
class Rows:
    """Records that follow one another.

    Attributes
    ----------
    table : pyarrow.Table of string
        Those that were read.
    positions : ndarray of int64, shape (n_rows,)
        The position of each of them among all.
    malformed : dict of int to str
        For each other, by its position, what is wrong with it.
    """

    table: pa.Table
    positions: NDArray[np.int64]
    malformed: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.positions) + len(self.malformed)

    def frame(self, names: Sequence[str]) -> pd.DataFrame:
        """Return the rows as a frame of Arrow strings; a column that is empty is of no type."""
        columns = [pa.nulls(len(each)) if each.null_count == len(each) else each for each in self.table.columns]
        table = pa.Table.from_arrays(columns, self.table.column_names)
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame.set_axis(list(names), axis="columns")


@dataclass
class Body:
    """The table, header included.

    Most files are well formed and read as one block. Where a block is not, smaller ones are tried; the smallest is read
    record by record.

    Attributes
    ----------
    data : bytes
        In UTF-8.
    separator : str
        One character.
    width : int
        Fields of the header.
    n_columns : int
        How many of them are columns; what a record has in the others makes it malformed.
    plain : bool
        Whether the header is a record like others, which tells how many fields these have.
    smallest : int
        Bytes of a block that is read record by record if it is not well formed.
    """

    data: bytes
    separator: str
    width: int
    n_columns: int
    plain: bool
    smallest: int = 2**18

    def read(self) -> Rows:
        """Return all records but the header."""
        names = [str(column) for column in range(self.n_columns)]
        tables = [pa.table({name: pa.array([], pa.string()) for name in names})]
        positions: list[NDArray[np.int64]] = []
        malformed: dict[int, str] = {}
        before = 0
        for rows in self._parts():
            tables.append(rows.table.rename_columns(names))
            positions.append(rows.positions + before)
            malformed |= {place + before: why for place, why in rows.malformed.items()}
            before += len(rows)
        return Rows(pa.concat_tables(tables), np.concatenate(positions), malformed)

    def _parts(self) -> Iterator[Rows]:
        blocks = Blocks(self.data, self.separator, self.width, LONGEST_RECORD)
        start, size = 0, len(self.data)
        if not (blocks.readable and self.plain):
            yield self._one_by_one(0, len(self.data), 0, 0)[0]
            return
        span, lines, counted = self.smallest, 0, 0
        while start < len(self.data):
            end = blocks.end(start, size)
            rows = None if end is None else self._block(blocks, start, end)
            if rows is not None and end is not None:
                yield rows
                start, size, span = end, _FINER * size, self.smallest
            elif size > self.smallest:
                size = min(size, len(self.data) - start) // _FINER
            else:
                lines, counted = lines + self._count_lines(counted, start), start
                rows, start = self._one_by_one(start, self._line_end(start + span), lines, self.width)
                yield rows
                size, span = self.smallest, 2 * span  # where much is wrong, blocks are tried ever less often

    def _line_end(self, start: int) -> int:
        return self.data.find(b"\n", start) + 1 or len(self.data)

    def _block(self, blocks: Blocks, start: int, end: int) -> Rows | None:
        """Read a block, if it is well formed."""
        table = blocks.table(start, end)
        if table is None:
            return None
        if start == 0 and not table.num_rows:
            return None
        table = table if start else table.slice(1)
        if any(column.null_count < len(column) for column in table.columns[self.n_columns :]):
            return None
        return Rows(table.select(range(self.n_columns)), np.arange(table.num_rows))

    def _one_by_one(self, start: int, end: int, lines_before: int, width: int) -> tuple[Rows, int]:
        """Read the records that begin before `end`; return them, and where the next one begins."""
        n_lines = self._count_lines(start, end)
        # A record is read with the lines after it at hand, as many as it may span.
        text = self.data[start:end].decode() + first_lines(self.data, LONGEST_RECORD + 1, end)
        records = records_of(text, self.separator, width)
        if start == 0:
            next(records)
        rows, positions, malformed, after = [], [], {}, 0
        for position, record in enumerate(records):
            if record.line > n_lines:
                after = record.line
                break
            fields = fitted(record.fields, self.n_columns)
            if fields is None:
                malformed[position] = trouble(Record(record.line + lines_before, record.fields), self.n_columns)
            else:
                rows.append([cell or None for cell in fields])
                positions.append(position)
        columns = zip(*rows, strict=True) if rows else [()] * self.n_columns
        table = pa.table([pa.array(cells, pa.string()) for cells in columns], [str(n) for n in range(self.n_columns)])
        read = itertools.islice(io.StringIO(text, newline=""), after - 1) if after else [text]
        return Rows(table, np.array(positions, dtype=np.int64), malformed), start + len("".join(read).encode())

    def _count_lines(self, start: int, end: int) -> int:
        """Return the number of lines between two places, at each of which one begins."""
        feeds, returns, both = (self.data.count(each, start, end) for each in (b"\n", b"\r", b"\r\n"))
        return feeds + returns - both + (end > start and self.data[end - 1] not in b"\r\n")

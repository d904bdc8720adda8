"""The well-formed parts of a table of text, read all at once; what is doubtful in any way is left to `delimited`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

_QUOTE: Final = ord('"')
_BREAKS: Final = b"\r\n"
_TAIL: Final = 2**16  # bytes in which the end of a record is looked for
_STEP: Final = 2**21  # bytes that one thread cuts at a time


@dataclass(frozen=True, eq=False)
class Blocks:
    """A table of text in UTF-8, cut into blocks of whole records.

    Attributes
    ----------
    data : bytes
        The table.
    separator : str
        One character.
    width : int
        Fields of a record.
    longest : int
        Lines that a record may have.
    """

    data: bytes
    separator: str
    width: int
    longest: int

    @property
    def readable(self) -> bool:
        """Whether blocks can be read at all: the separator must be one byte, with no other meaning."""
        return self.separator.isascii() and self.separator not in {'"', "\r", "\n", "\0"}

    @cached_property
    def _bytes(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.data, dtype=np.uint8)

    @cached_property
    def _quotes(self) -> NDArray[np.int64]:
        """Where the quotes are."""
        return np.flatnonzero(self._bytes == _QUOTE)

    def end(self, start: int, size: int) -> int | None:
        """Return where a record ends that lies within `size` bytes of the start, near their end; None if none is seen.

        Quotes are taken for well placed: `table` tells whether they are.
        """
        if start + size >= len(self.data):
            return len(self.data)
        tail = max(start, start + size - _TAIL)
        breaks = tail + 1 + np.flatnonzero(self._bytes[tail : start + size] == _BREAKS[-1])
        quotes_before = np.searchsorted(self._quotes, breaks) - np.searchsorted(self._quotes, start)
        outside = breaks[quotes_before % 2 == 0]
        return int(outside[-1]) if len(outside) else None

    def table(self, start: int, end: int) -> pa.Table | None:
        """Read the records of a block, one column of strings a field, nothing being null; None if one is doubtful.

        A block that is read holds what `csv.reader` finds in it, record by record, each of the width of the table.
        """
        if not self._are_well_placed(start, end):
            return None
        names = [str(column) for column in range(self.width)]
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(pa.py_buffer(self.data).slice(start, end - start)),
                pa_csv.ReadOptions(column_names=names, block_size=_STEP),
                pa_csv.ParseOptions(delimiter=self.separator, newlines_in_values=True),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    check_utf8=False,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowException:  # a record of another width, or longer than a block
            return None
        return None if self._has_long_records(table) else table

    def _between(self, start: int, end: int) -> NDArray[np.int64]:
        first, last = np.searchsorted(self._quotes, (start, end))
        return self._quotes[first:last]

    def _are_well_placed(self, start: int, end: int) -> bool:
        """Tell whether each quote opens a field, closes one, or is one of two inside it."""
        quotes = self._between(start, end)
        if len(quotes) % 2:
            return False
        beside = np.zeros(256, dtype=bool)
        beside[[ord(self.separator), _QUOTE, *_BREAKS]] = True
        before, after = quotes[0::2] - 1, quotes[1::2] + 1
        before, after = before[before >= start], after[after < end]
        return bool(beside[self._bytes[before]].all() and beside[self._bytes[after]].all())

    def _has_long_records(self, table: pa.Table) -> bool:
        """Tell whether some record may have more lines than one may; few have as many bytes."""
        sizes = reduce(pc.add, (pc.binary_length(column).fill_null(0) for column in table.columns))
        long = table.filter(pc.greater_equal(sizes, self.longest - 1))
        if not long.num_rows:
            return False
        lines = (pc.count_substring_regex(column, r"\r\n|\r|\n").fill_null(0) for column in long.columns)
        return bool(pc.max(reduce(pc.add, lines)).as_py() >= self.longest - 1)

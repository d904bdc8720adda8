"""The text of each row: repaired, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.corpus.cells import PLACEHOLDERS
from vocmine.corpus.distinct import Codes, Distinct, as_strings, distinct
from vocmine.corpus.repairs import RepairLog
from vocmine.text import normalise
from vocmine.text.normalise import may_need_repair, with_plain_spaces

_CONTAINERS: Final = (list, tuple, set, frozenset, dict, np.ndarray)
_SHORT: Final = max(map(len, PLACEHOLDERS))
_BLANK: Final = "got white space or invisible characters only, expected a text"


@dataclass(frozen=True)
class Texts:
    """Texts of the rows.

    Attributes
    ----------
    text : pyarrow.Array of string, shape (n_rows,)
        The repaired text; null where the row is rejected.
    raw : pyarrow.Array of string, shape (n_rows,)
        The text as received where repair changed it; null elsewhere.
    rejected : mapping of int to (str, str)
        For each row rejected why, and what was got and expected.
    """

    text: pa.ChunkedArray
    raw: pa.Array
    rejected: Mapping[int, tuple[str, str]]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Rows that have a text, shape (n_rows,)."""
        kept = np.ones(len(self.text), dtype=bool)
        kept[list(self.rejected)] = False
        return kept


class _Row(NamedTuple):
    """What one row has: a text, or the reason why it is rejected."""

    text: str | None
    raw: str | None = None
    rejected: tuple[str, str] | None = None
    repairs: Mapping[str, int] = MappingProxyType({})


_NO_TEXT: Final = _Row(None, rejected=("missing_text", "got nothing, expected a text"))


def read_texts(column: pd.Series, repairs: RepairLog) -> Texts:
    """Read and repair the text of each row.

    Only what may need it is looked at one by one: most exports hold strings, and most of these are as they should be.
    """
    strings = as_strings(column)
    if strings is None:
        doubtful, rows = distinct(column), np.arange(len(column))
        strings = pa.chunked_array([pa.nulls(len(column), pa.string())])
    else:
        rows = np.flatnonzero(_doubtful(strings))
        doubtful = distinct(strings.take(pa.array(rows)).to_pandas(types_mapper=pd.ArrowDtype))
    read = [*_read_each(doubtful), _NO_TEXT]
    found = np.where(doubtful.present, doubtful.codes, len(read) - 1)
    for row, each in _where(rows, found, [bool(each.repairs) for each in read]):
        repairs.add_counts("text", row, read[each].repairs)
    rejected = _where(rows, found, [each.rejected is not None for each in read])
    return Texts(
        _patched(strings, rows, [each.text for each in read], found),
        _patched(pa.nulls(len(strings), pa.string()), rows, [each.raw for each in read], found),
        {row: why for row, each in rejected if (why := read[each].rejected) is not None},
    )


def _where(rows: Codes, found: Codes, chosen: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Give the rows whose finding is one of the chosen, with its rank."""
    mask = np.array(chosen)[found]
    return zip(rows[mask].tolist(), found[mask].tolist(), strict=True)


def _doubtful(strings: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Tell the strings that `_read` may change or reject."""
    short = pc.less_equal(pc.binary_length(strings), _SHORT).fill_null(True)
    return np.asarray(short.to_numpy() | may_need_repair(strings))


def _read_each(values: Distinct) -> Iterator[_Row]:
    """Read distinct values, those that only lack plain spaces together."""
    spaced: Iterable[str | None] = repeat(None)
    if isinstance(values.levels, pa.Array):
        spaced = with_plain_spaces(pa.chunked_array([values.levels])).to_pylist()
    for value, text in zip(values.objects(), spaced, strict=False):
        yield _read(value) if text is None else _Row(text, raw=value)


def _read(value: object) -> _Row:
    if isinstance(value, str) and value.strip() in PLACEHOLDERS:
        return _NO_TEXT
    if isinstance(value, _CONTAINERS):
        return _Row(None, rejected=("not_text", f"got a {type(value).__name__}, expected a text"))
    if isinstance(value, bytes | bytearray | memoryview):
        found, repairs = normalise(_decode(bytes(value))), {"decoded_bytes": 1}
    else:
        found, repairs = normalise(str(value)), {} if isinstance(value, str) else {"number_as_text": 1}
    raw = _storable(found.raw) if found.raw != found.text else None
    return _Row(found.text or None, raw, None if found.text else ("empty_text", _BLANK), repairs | found.repairs)


def _patched(strings: pa.Array, rows: Codes, values: Sequence[str | None], ranks: Codes) -> pa.Array:
    """Return strings, those of some rows replaced by the value of a rank."""
    if not len(rows):
        return strings
    mask = np.zeros(len(strings), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(strings, pa.array(mask), pa.array(values, pa.string()).take(pa.array(ranks)))


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The few bytes that Windows-1252 leaves undefined become C1 controls, which normalise knows.
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def _storable(text: str) -> str:
    """Write lone surrogates as escapes: Arrow stores UTF-8, which has no room for them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")

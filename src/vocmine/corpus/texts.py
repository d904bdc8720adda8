"""The text of each row: repaired, or rejected with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vocmine.corpus.cells import PLACEHOLDERS, Cells, as_cells, per_distinct
from vocmine.corpus.repairs import RepairLog
from vocmine.text import normalise

_CONTAINERS: Final = (list, tuple, set, frozenset, dict, np.ndarray)


@dataclass(frozen=True)
class Texts:
    """Texts of the rows.

    Attributes
    ----------
    text : ndarray of object, shape (n_rows,)
        The repaired text; None where the row is rejected.
    raw : ndarray of object, shape (n_rows,)
        The text as received where repair changed it; None elsewhere.
    reasons : ndarray of object, shape (n_rows,)
        Why a row is rejected; None where it is kept.
    details : ndarray of object, shape (n_rows,)
        What was got and expected, for the rows rejected.
    """

    text: Cells
    raw: Cells
    reasons: Cells
    details: Cells


def read_texts(values: Cells, repairs: RepairLog) -> Texts:
    """Read and repair the text of each row; each distinct text is repaired once."""
    received, reasons, details = (as_cells([None] * len(values)) for _ in range(3))
    decoded, turned = np.zeros((2, len(values)), dtype=bool)
    for row, value in enumerate(values):
        if isinstance(value, str) and value.strip() not in PLACEHOLDERS:
            received[row] = str(value)
        elif value is None or isinstance(value, str):
            reasons[row], details[row] = "missing_text", "got nothing, expected a text"
        elif isinstance(value, _CONTAINERS):
            reasons[row], details[row] = "not_text", f"got a {type(value).__name__}, expected a text"
        elif isinstance(value, bytes | bytearray | memoryview):
            received[row], decoded[row] = _decode(bytes(value)), True
        else:
            received[row], turned[row] = str(value), True
    repaired = per_distinct(received, normalise)
    text = as_cells(found.text if found and found.text else None for found in repaired)
    empty = [found is not None and not found.text for found in repaired]
    reasons[empty], details[empty] = "empty_text", "got white space or invisible characters only, expected a text"
    repairs.add("text", "decoded_bytes", decoded)
    repairs.add("text", "number_as_text", turned)
    repairs.add_counts("text", [found.repairs if found else {} for found in repaired])
    raw = as_cells(_storable(found.raw) if found and found.raw != found.text else None for found in repaired)
    return Texts(text, raw, reasons, details)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # The few bytes that Windows-1252 leaves undefined become C1 controls, which normalise knows.
        return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def _storable(text: str) -> str:
    """Write lone surrogates as escapes: Arrow stores UTF-8, which has no room for them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")

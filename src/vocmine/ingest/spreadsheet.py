"""Excel workbooks: one sheet, its header and its rows."""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias
from zipfile import BadZipFile, ZipFile

import pandas as pd

from vocmine.corpus import RawRows
from vocmine.errors import ReadError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Grid: TypeAlias = list[tuple[object, ...]]
_TOP: Final = 20
_LARGEST: Final = 2**29  # bytes, unzipped
# What openpyxl raises on a damaged file; broken XML is a SyntaxError, a password a RuntimeError.
_DAMAGED: Final = (
    *(BadZipFile, zlib.error, EOFError, OSError, SyntaxError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError),
)


def read_spreadsheet(data: bytes, source: str, *, sheet: str | int | None = None) -> RawRows:
    """Read one sheet of a workbook; formulas give the value that was last computed. Empty rows are no rows.

    By default it is the first visible sheet with a header and a row. A title above the header is left out: the header
    is the first row that is more than half as wide as the widest of the first twenty.

    Raises
    ------
    ReadError
        If it is no workbook, or has no such sheet, or nothing in it.
    """
    import openpyxl

    with _damage_told(source):
        _check_size(data, source)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        name = _first_with_rows(book) if sheet is None else _named(book, sheet)
        grid = [] if name is None else _grid(book, name)
    if name is None:
        raise ReadError(f"{source}: got sheet={sheet!r}, expected one of {_sheets(book)} or a position from 0")
    if not grid:
        raise ReadError(f"{source}: got nothing in the sheet {name!r}, expected a header and rows")
    widths = [sum(value is not None for value in row) for row in grid[:_TOP]]
    header = next(position for position, width in enumerate(widths) if 2 * width > max(widths))
    names, rows = grid[header], grid[header + 1 :]
    used = [
        column
        for column, title in enumerate(names)
        if title is not None or any(row[column] is not None for row in rows)
    ]
    frame = pd.DataFrame([[row[column] for column in used] for row in rows], columns=range(len(used)), dtype=object)
    frame = frame.set_axis([names[column] for column in used], axis="columns")
    return RawRows(frame, source, notes=_notes(book, name, header))


def _check_size(data: bytes, source: str) -> None:
    """Refuse a workbook that unzips to more than memory should hold: it may have been made for that."""
    with ZipFile(io.BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > _LARGEST:
        raise ReadError(
            f"{source}: got a workbook of {size >> 20} MiB, expected {_LARGEST >> 20} at most; save it as CSV"
        )


@contextmanager
def _damage_told(source: str) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which play no part here
            yield
    except ReadError:
        raise
    except _DAMAGED as error:
        message = f"{source}: got no .xlsx workbook, or a damaged one ({type(error).__name__}); save it again as .xlsx"
        raise ReadError(message) from None  # openpyxl quotes cells


def _first_with_rows(book: Workbook) -> str:
    visible: list[str] = [each.title for each in book.worksheets if each.sheet_state == "visible"] or _sheets(book)
    return next((name for name in visible if len(_grid(book, name)) > 1), visible[0])


def _named(book: Workbook, sheet: str | int) -> str | None:
    names = _sheets(book)
    if isinstance(sheet, int):
        return names[sheet] if 0 <= sheet < len(names) else None
    return sheet if sheet in names else None


def _sheets(book: Workbook) -> list[str]:
    """Return the names of the sheets that have cells: a chart may have its own."""
    return [each.title for each in book.worksheets]


def _grid(book: Workbook, name: str) -> Grid:
    """Return the rows that are not empty, all of one width; what Excel writes as `_x000D_` is a character again."""
    from openpyxl.utils.escape import unescape

    sheet = book[name]
    sheet.reset_dimensions()  # some exports announce a smaller area than they fill: openpyxl would stop there
    rows = [
        tuple(unescape(value) if isinstance(value, str) else value for value in row)
        for row in sheet.iter_rows(values_only=True)
        if any(value is not None for value in row)
    ]
    width = max(map(len, rows), default=0)
    return [(*row, *[None] * (width - len(row))) for row in rows]


def _notes(book: Workbook, name: str, above: int) -> tuple[str, ...]:
    others = ", ".join(f"« {each} »" for each in book.sheetnames if each != name)
    read = f"feuille « {name} »" + (f" ; non lues : {others}" if others else "")
    return (read, f"{above} lignes au-dessus de l’en-tête") if above else (read,)

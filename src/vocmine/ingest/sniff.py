"""Encoding and separator of a text file, told from its content."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.errors import ReadError

SEPARATORS: Final = (";", ",", "\t", "|")
NO_SEPARATOR: Final = "\x1f"
"""The separator of a file of one column: a control character that no text holds."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRENCH: Final = frozenset("éèêëàâçîïôùû")
_ONE_BYTE: Final = ("cp1252", "mac_roman", "cp850")
# What the other one-byte encodings read as accents (à, ô, û), in bytes that Windows uses for punctuation and signs.
_WINDOWS_SIGNS: Final = frozenset("€…‘’“”•–—™Œœ")
_SAMPLE: Final = 200
SAMPLE_LINES: Final = 2_000
"""Lines that the separator is told by."""
_STRAY: Final = re.compile("[\udc80-\udcff]")
"""Bytes that the encoding does not have, as Python sets them aside."""


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding.

    Without an encoding: a byte order mark tells; else UTF-8 if the bytes allow it, a few stray bytes being read as
    Windows-1252 (two exports pasted together); else, of Windows-1252, Mac Roman and DOS 850, the one in which French
    accents are the most frequent. Bytes that Windows-1252 leaves undefined become C1 control characters.

    Raises
    ------
    ReadError
        If the encoding named does not exist or does not fit.

    Examples
    --------
    >>> decode("Été à Orléans".encode("mac_roman"))
    ('Été à Orléans', 'mac_roman')
    """
    if encoding is not None:
        return _decode_as(data, encoding), encoding
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return data.decode(marked, "replace"), marked
    if wide := _wide(data):
        return data.decode(wide, "replace"), wide
    text = data.decode("utf-8", "surrogateescape")
    stray = 0 if text.isascii() else len(_STRAY.findall(text))
    if not stray:
        return text, "utf-8"
    times = np.bincount(np.frombuffer(data, dtype=np.uint8), minlength=256)
    others = len(text) - int(times[:0x80].sum()) - stray
    if 10 * stray <= others:
        return _STRAY.sub(_as_windows, text), f"utf-8, sauf {stray} octets lus en cp1252"
    best = max(_ONE_BYTE, key=lambda name: _accents(times, name))
    return codecs.charmap_decode(data, "strict", _characters(best))[0], best


def to_utf8(data: bytes, encoding: str | None = None) -> tuple[bytes, str]:
    """Return the same text as `decode` in UTF-8, which most files are in already; half a character is U+FFFD.

    Raises
    ------
    ReadError
        If the encoding named does not exist or does not fit.
    """
    if encoding is None and _is_plain_utf8(data):
        return data, "utf-8"
    text, encoding = decode(data, encoding)
    try:
        return text.encode(), encoding
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode(), encoding


def _is_plain_utf8(data: bytes) -> bool:
    if any(data.startswith(mark) for mark, _ in _MARKS) or _wide(data):
        return False
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"got a byte at position {error.start} that {encoding} does not have; leave encoding out to have it found"
        ) from None
    except (LookupError, ValueError):
        raise ReadError(f"got encoding={encoding!r}, expected one that Python knows, such as utf-8 or cp1252") from None


def _wide(data: bytes) -> str | None:
    """Tell UTF-16 without a mark: in text of the Latin alphabet every other byte is null."""
    sample = data[:2_000]
    for name, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(sample) >= 4 and sample[start::2].count(0) * 10 >= len(sample) * 4:
            return name
    return None


def _as_windows(stray: re.Match[str]) -> str:
    byte = ord(stray[0]) - 0xDC00
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _characters(name: str) -> str:
    """Return the character of each byte in a one-byte encoding."""
    return "".join(bytes([byte]).decode(name, "ignore") or chr(byte) for byte in range(256))


def _accents(times: NDArray[np.int64], name: str) -> int:
    """Count the French accents, save the bytes that are an everyday sign if the file comes from Windows.

    Parameters
    ----------
    times : ndarray of int64, shape (256,)
        How often each byte occurs.
    name : str
        The encoding.
    """
    meanings = zip(times.tolist(), _characters(name), _characters("cp1252"), strict=True)
    return sum(count for count, mine, other in meanings if mine in _FRENCH and other not in _WINDOWS_SIGNS)


def first_lines(data: bytes, lines: int, start: int = 0) -> str:
    """Return these many lines of UTF-8, from a place on where one begins, or more; all of them if there are less."""
    end = start
    for _ in range(lines):
        if (end := data.find(b"\n", end) + 1) == 0:
            return data[start:].decode()
    return data[start:end].decode()


def find_separator(text: str) -> str:
    r"""Return the separator with which the most records have as many fields as the header, and at least two.

    A file of one column has none: `NO_SEPARATOR`.

    Examples
    --------
    >>> find_separator('id;texte\n1;"Bonjour, je n’ai rien reçu"\n2;"Oui, non"')
    ';'
    """
    shares = {separator: _share(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: shares[separator])
    return best if shares[best] > (0, 0) else NO_SEPARATOR


def _share(text: str, separator: str) -> tuple[float, int]:
    """Return the share of the records with the header's number of fields, and this number; zeros if it is one."""
    counts = [len(record) for record in islice(_records(text, separator), _SAMPLE) if record]
    if not counts or counts[0] < 2:
        return 0, 0
    return sum(count == counts[0] for count in counts) / len(counts), counts[0]


def _records(text: str, separator: str) -> Iterator[list[str]]:
    lines = islice(io.StringIO(text, newline=""), SAMPLE_LINES)
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error:  # a field beyond the limit of the csv module: what was seen so far tells
        return

"""A guard against JSON nested without end: a reader that keeps the path to where it is would fill the memory."""

from __future__ import annotations

from typing import BinaryIO, Final

import numpy as np

DEEPEST: Final = 1_000
"""Arrays and objects within one another; exports have ten."""

_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_CHANGE: Final = np.zeros(256, dtype=np.int32)
_CHANGE[[ord("["), ord("{")]] = 1
_CHANGE[[ord("]"), ord("}")]] = -1


class NestingError(ValueError):
    """Arrays and objects are within one another beyond what any export has."""


class Shallow:
    """A stream of JSON in UTF-8 that fails where it is nested too deep.

    Parameters
    ----------
    stream : binary file
        What is read, block after block.

    Examples
    --------
    >>> import io
    >>> Shallow(io.BytesIO(b'["[[", 1]')).read(64)
    b'["[[", 1]'
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._depth = 0
        self._in_string = False
        self._backslash = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes.

        Raises
        ------
        NestingError
            If they are nested more than `DEEPEST` deep.
        """
        block = self._stream.read(size)
        # Quotes part what is in strings, where brackets count for nothing, from what is outside, once none is escaped.
        data = (self._backslash + block).replace(b"\\\\", b"").replace(b'\\"', b"")
        self._backslash = b"\\" if data.endswith(b"\\") else b""
        pieces = data.split(b'"')
        bare = b"".join(pieces[self._in_string :: 2]).translate(None, _OTHERS)
        self._in_string ^= len(pieces) % 2 == 0
        depths = self._depth + np.cumsum(_CHANGE[np.frombuffer(bare, dtype=np.uint8)])
        if depths.size:
            self._depth = int(depths[-1])
            if depths.max() > DEEPEST:
                raise NestingError(f"got more than {DEEPEST} arrays and objects within one another")
        return block

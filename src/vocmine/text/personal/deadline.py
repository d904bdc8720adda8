"""A limit to the time that one text may take."""

from __future__ import annotations

from time import monotonic

from vocmine.errors import PrivacyTimeoutError


class Deadline:
    """The moment at which the search of a text ends, found or not.

    Parameters
    ----------
    seconds : float or None
        From now; None for no limit.
    length : int
        Characters of the text, for the message.
    """

    __slots__ = ("_end", "_length", "_seconds")

    def __init__(self, seconds: float | None, length: int = 0) -> None:
        self._seconds = seconds
        self._length = length
        self._end = None if seconds is None else monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds that are left, hardly any once the moment has come; None where there is no limit."""
        return None if self._end is None else max(self._end - monotonic(), 1e-6)

    def check(self) -> None:
        """Raise where the moment has come.

        Raises
        ------
        PrivacyTimeoutError
            Naming the length of the text, nothing of what it says.
        """
        if self._end is not None and monotonic() >= self._end:
            raise self.error()

    def error(self) -> PrivacyTimeoutError:
        """Return what to raise when the moment has come."""
        return PrivacyTimeoutError(
            f"a text of {self._length} characters was not looked through for personal data within {self._seconds} s; "
            "drop it, cut it, or give it more time"
        )

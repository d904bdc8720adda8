"""The levels that the inference core has to reach, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from speed_report import BASE, BATCHED, PLAIN, Row, ratios

KIND = "contacts"
"""The sample that bars are set for."""
# float32: the products alone leave 28 % to everything else. int8: its peak is higher, and attention stays in float32.
_PEAK = {"float32": 0.72, "int8": 0.52}
_FASTER = {
    BASE: {"float32": 1.2, "int8": 1.65},
    BATCHED: {"float32": 3.7, "int8": 5.0},
    PLAIN: {"float32": 0.95, "int8": 0.95},
}
"""How many times faster than whom, by our precision."""
_MEGABYTES = 450
"""Most that scoring in int8 may hold at its peak."""


@dataclass(frozen=True)
class Bar:
    """A level, and what was got.

    Attributes
    ----------
    name : str
    wanted, got : float
    at_most : bool
        Whether the level is a limit to stay under.
    """

    name: str
    wanted: float
    got: float
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is reached."""
        return self.got <= self.wanted if self.at_most else self.got >= self.wanted

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        return f"{'holds' if self.holds else 'FAILS'}  {self.name}: {self.got:.2f}, wanted {sign} {self.wanted:g}"


def speed_bars(rows: Sequence[Row], name: str) -> Iterator[Bar]:
    """Hold the contestant of a name to the bars of its precisions; ratios are medians over rounds, paired."""
    shown = [row for row in rows if row["kind"] == KIND]
    for row in (row for row in shown if row["name"] == name):
        precision = row["precision"]
        yield Bar(f"{precision}: share of its peak", _PEAK[precision], row["peak_share"]["median"])
        for other in shown:
            wanted = _FASTER.get(other["name"])
            if wanted and other["precision"] == (precision if other["name"] == PLAIN else "float32"):
                got = median(ratios(other["rounds"], row["rounds"]))
                yield Bar(f"{precision}: × {other['name']}", wanted[precision], got)


def memory_bars(memory: Sequence[Mapping[str, object]]) -> Iterator[Bar]:
    """Hold the peak memory of int8 to its limit."""
    for row in memory:
        if row["precision"] == "int8":
            yield Bar(f"{row['way']}, int8: peak memory in MB", _MEGABYTES, float(str(row["peak_mb"])), at_most=True)

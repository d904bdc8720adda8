"""Where the rows of a corpus come from and how they were read: what `Corpus.quality` shows beside the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from vocmine.corpus.columns import ColumnFound
from vocmine.corpus.dates import DatesRead


@dataclass(frozen=True)
class Source:
    """One file or frame: its name, its rows, the columns in use, how its dates were read, and remarks in French."""

    name: str
    rows: int
    columns: tuple[ColumnFound, ...] = ()
    dates: tuple[DatesRead, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """Sources of a corpus, in order; files left aside, with the reason; rows that `Corpus.filter` left out."""

    sources: tuple[Source, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    filtered_out: int = 0

    @property
    def rows(self) -> int:
        """Rows of all sources."""
        return sum(source.rows for source in self.sources)

    def without(self, rows: int) -> Self:
        """Return the provenance of a corpus with these many rows left out by a filter."""
        return replace(self, filtered_out=self.filtered_out + rows)

    def with_skipped(self, files: Mapping[str, str]) -> Self:
        """Return the provenance of a corpus read beside these files, each with the reason why it was left aside."""
        return replace(self, skipped=(*self.skipped, *files.items()))

    def to_dict(self) -> dict[str, object]:
        """Return what `from_dict` reads; it can be written as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what `to_dict` returned, lists standing for tuples as in JSON."""
        plain: dict[str, Any] = dict(data)
        return cls(
            sources=tuple(_source(source) for source in plain.get("sources", ())),
            skipped=tuple((name, why) for name, why in plain.get("skipped", ())),
            filtered_out=plain.get("filtered_out", 0),
        )


def _source(data: Mapping[str, Any]) -> Source:
    return Source(
        name=data["name"],
        rows=data["rows"],
        columns=tuple(ColumnFound(**column) for column in data["columns"]),
        dates=tuple(DatesRead(**{**read, "forms": tuple(read["forms"])}) for read in data["dates"]),
        notes=tuple(data["notes"]),
    )

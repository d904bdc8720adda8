"""The quality report: what came in, what was rejected or repaired and why, and how columns and dates were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final, Self

import pandas as pd
import pyarrow as pa

from vocmine.corpus.codes import DATE_FORMS, REASONS, REMOVED, REPAIRS
from vocmine.corpus.columns import ColumnFound
from vocmine.corpus.dates import DatesRead
from vocmine.corpus.provenance import Provenance, Source
from vocmine.text.personal import LABELS

_HOW: Final = {
    "given": "donnée",
    "name": "reconnue à son nom",
    "content": "reconnue à son contenu",
    "format": "selon le format",
}
_FROM: Final = {"given": "donné", "values": "déduit des valeurs", "default": "par défaut", "column": "selon sa colonne"}


@dataclass(frozen=True)
class QualityReport:
    """What was read and how; print it, or take `to_frame`.

    Attributes
    ----------
    rows_in, turns, contacts : int
        Rows of the input, and the turns and contacts that they make; ``rows_in = turns + rejected rows``.
    rejected : dict of str to int
        Rows rejected, by reason.
    repairs : dict of str to int
        Rows repaired, by kind; a row may count under several.
    removed : dict of str to int
        Pieces of text that cleaning took out, by kind.
    personal : dict of str to int
        Pieces of personal data that were masked, pseudonymised or dropped, by kind.
    flags : dict of str to int
        Contacts flagged, by flag; a contact may count under several.
    languages, channels : dict of str to int
        Contacts by language and by channel.
    sources : tuple of Source
        For each file or frame its rows, the columns in use and how each was found, how dates were read, remarks.
    skipped : tuple of (str, str)
        Files left aside, and why.
    filtered_out : int
        Turns left out by `Corpus.filter`; they are not in `rows_in`.
    """

    rows_in: int
    turns: int
    contacts: int
    rejected: dict[str, int]
    repairs: dict[str, int]
    removed: dict[str, int]
    personal: dict[str, int]
    flags: dict[str, int]
    languages: dict[str, int]
    channels: dict[str, int]
    sources: tuple[Source, ...]
    skipped: tuple[tuple[str, str], ...]
    filtered_out: int

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], provenance: Provenance) -> Self:
        """Count what the tables of a corpus hold."""
        contacts, turns, rejected = tables["contacts"], tables["turns"], tables["rejected"]
        rows_repaired = tables["repairs"].select(["row", "kind"]).group_by(["row", "kind"]).aggregate([])
        return cls(
            rows_in=turns.num_rows + rejected.num_rows,
            turns=turns.num_rows,
            contacts=contacts.num_rows,
            rejected=_counts(rejected["reason"]),
            repairs=_counts(rows_repaired["kind"]),
            removed=_counts(tables["removed"]["kind"]),
            personal=_counts(tables["personal"]["kind"]),
            flags=_counts(tables["flags"]["flag"]),
            languages=_counts(contacts["language"]),
            channels=_counts(contacts["channel"]),
            sources=provenance.sources,
            skipped=provenance.skipped,
            filtered_out=provenance.filtered_out,
        )

    @property
    def dates(self) -> tuple[DatesRead, ...]:
        """How each column of dates was read."""
        return tuple(read for source in self.sources for read in source.dates)

    def _columns(self) -> dict[ColumnFound, list[str]]:
        """Return each column in use, with the names of the sources where it is the same."""
        found: dict[ColumnFound, list[str]] = {}
        for source in self.sources:
            for column in source.columns:
                found.setdefault(column, []).append(source.name)
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return the report as a frame: section, item, rows (missing where nothing is counted), detail."""
        frame = pd.DataFrame(list(self._lines()), columns=["section", "item", "rows", "detail"])
        return frame.astype({"rows": "Int64"})

    def _lines(self) -> Iterator[tuple[str, str, int | None, str]]:
        yield "total", "rows_in", self.rows_in, "lignes reçues"
        yield "total", "turns", self.turns, "tours de parole gardés"
        yield "total", "contacts", self.contacts, "contacts"
        yield "total", "rejected", sum(self.rejected.values()), "lignes rejetées"
        if self.filtered_out:
            yield "total", "filtered_out", self.filtered_out, "tours de parole écartés par un filtre"
        for section, counts, labels in self._counted():
            for code, count in counts.items():
                yield section, code, count, labels.get(code, "")
        for source in self.sources:
            yield "sources", source.name, source.rows, " ; ".join(source.notes)
        for column, names in self._columns().items():
            where = names[0] if len(names) == 1 else f"{len(names)} sources"
            yield "columns", column.role, None, f"« {column.column} », {_HOW[column.how]} ({where})"
        for read in self.dates:
            yield "dates", read.role, read.read, f"« {read.column} » ({read.source}) : {_dates(read)}"
        for name, why in self.skipped:
            yield "skipped", name, None, why
        for section, counts in (("languages", self.languages), ("channels", self.channels)):
            for name, contacts in counts.items():
                yield section, name, contacts, ""

    def _counted(self) -> tuple[tuple[str, Mapping[str, int], Mapping[str, str]], ...]:
        """Return what is counted by a code, with the words for it."""
        return (
            ("rejected", self.rejected, REASONS),
            ("repairs", self.repairs, REPAIRS),
            ("removed", self.removed, REMOVED),
            ("personal", self.personal, LABELS),
            ("flags", self.flags, {}),
        )

    def __str__(self) -> str:
        lines = [f"Qualité des données : {_number(self.rows_in)} lignes reçues"]
        section = ""
        for name, item, rows, detail in self._lines():
            if name != section:
                section = name
                lines.append(_TITLES[name])
            count = "" if rows is None else _number(rows)
            lines.append(f"{count:>10}  {detail}{f' [{item}]' if detail else item}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(_TITLES[section])}</td><td><code>{escape(item)}</code></td>"
            f"<td style='text-align:right'>{'' if rows is None else _number(rows)}</td><td>{escape(detail)}</td></tr>"
            for section, item, rows, detail in self._lines()
        )
        return f"<table><caption>Qualité des données</caption><tbody>{rows}</tbody></table>"


_TITLES: Final = {
    "total": "Total",
    "rejected": "Rejets",
    "repairs": "Réparations (lignes concernées)",
    "removed": "Nettoyage (passages retirés)",
    "personal": "Données personnelles (passages)",
    "flags": "Signalements (contacts)",
    "sources": "Sources",
    "columns": "Colonnes",
    "dates": "Dates",
    "skipped": "Fichiers laissés de côté",
    "languages": "Langues (contacts)",
    "channels": "Canaux (contacts)",
}


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    return dict(Counter(column.to_pylist()).most_common())


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _dates(read: DatesRead) -> str:
    told = [f"écrites {', '.join(DATE_FORMS[form] for form in read.forms)}"] if read.forms else []
    told += [f"{_number(count)} {what}" for count, what in _counted(read) if count]
    if read.dayfirst is not None and read.dayfirst_from is not None:
        first = "jour avant le mois" if read.dayfirst else "mois avant le jour"
        told.append(f"{first} ({_FROM[read.dayfirst_from]}), {_number(read.ambiguous)} dates ambiguës")
    told.append(f"fuseau {read.timezone} ({_FROM[read.timezone_from]}), pris par {_number(read.naive)} dates")
    return " ; ".join(told)


def _counted(read: DatesRead) -> tuple[tuple[int, str], ...]:
    return (read.missing, "absentes"), (read.unparsable, "illisibles"), (read.out_of_range, "hors limites")

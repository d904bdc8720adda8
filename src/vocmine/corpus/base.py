"""The tables of a corpus, looked at, chosen from, put together and handed to other libraries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vocmine.corpus.clean import place_in_raw
from vocmine.corpus.combine import Clash, Part, combine
from vocmine.corpus.dates import DatesRead
from vocmine.corpus.exchange import joined
from vocmine.corpus.languages import with_languages
from vocmine.corpus.provenance import Provenance
from vocmine.corpus.quality import QualityReport
from vocmine.corpus.select import Where, keep_contacts, select_contacts
from vocmine.corpus.tables import SCHEMAS, TableName, Tables, complete
from vocmine.errors import InputError

if TYPE_CHECKING:
    import datasets


class ContactTables:
    """What every `Corpus` can do with its tables, however they came to be; immutable."""

    __slots__ = ("_identified", "_index", "_pending", "_provenance", "_stored")

    def __init__(
        self, tables: Mapping[str, pa.Table], index: pd.Index, provenance: Provenance, *, pending: bool = False
    ) -> None:
        self._stored = complete(tables)
        self._pending = pending  # languages and variants are null where the source does not tell them
        self._identified: pa.Table | None = None
        self._index = index
        self._provenance = provenance

    @property
    def _tables(self) -> Tables:
        """The tables, languages being identified at the first call: that takes longer than all the reading."""
        if not self._pending:
            return self._stored
        if self._identified is None:
            self._identified = with_languages(self._stored["contacts"], self._stored["turns"])
        return {**self._stored, "contacts": self._identified}

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pa.Table],
        *,
        index: pd.Index | None = None,
        provenance: Mapping[str, object] | None = None,
    ) -> Self:
        """Build a corpus again from its `tables`, `index` and `provenance`.

        Raises
        ------
        InputError
            If a table is missing or lacks a column of its schema.
        """
        whole = complete(tables)
        origin = Provenance.from_dict(provenance or {})
        rows = origin.rows or whole["turns"].num_rows + whole["rejected"].num_rows
        return cls(whole, pd.RangeIndex(rows) if index is None else index, origin)

    @classmethod
    def concat(cls, corpora: Iterable[ContactTables], *, clash: Clash = "prefix") -> Self:
        """Put corpora together, in order. Their rows are numbered on, and their indexes follow one another.

        Parameters
        ----------
        corpora : iterable of Corpus
            At least one.
        clash : {"prefix", "reject"}, default "prefix"
            What becomes of a contact id that several corpora hold. Numbers such as 12 often mean different contacts in
            different systems: ``prefix`` keeps all of them, as ``source:12``, with a repair. Where exports overlap,
            ``reject`` keeps the first and rejects the rows of the others as ``duplicate_id``.

        Raises
        ------
        InputError
            If there is none.

        Examples
        --------
        >>> from vocmine import Corpus
        >>> may, june = (Corpus.from_records([{"id": 7, "texte": "Merci"}], source=name) for name in ("mai", "juin"))
        >>> Corpus.concat([may, june]).contacts["contact_id"].to_pylist()
        ['mai:7', 'juin:7']
        >>> Corpus.concat([may, june], clash="reject")
        Corpus(1 contact, 1 turn, 1 row rejected)
        """
        given = list(corpora)
        if not given:
            raise InputError("got no corpus to put together, expected one or more")
        pending = all(each._pending for each in given)  # noqa: SLF001  # of the same class, here and below
        tables = [each.as_read if pending else each.tables() for each in given]
        parts = [Part(part, each.index, each._provenance) for part, each in zip(tables, given, strict=True)]  # noqa: SLF001
        whole = combine(parts, clash)
        return cls(whole.tables, whole.index, whole.provenance, pending=pending)

    @property
    def contacts(self) -> pa.Table:
        """One row a contact (`vocmine.schema.CONTACTS`), then the user's own columns."""
        return self._tables["contacts"]

    @property
    def turns(self) -> pa.Table:
        """One row a turn (`vocmine.schema.TURNS`), contact after contact, then the user's own columns that vary."""
        return self._stored["turns"]

    @property
    def rejected(self) -> pa.Table:
        """One row for each row of the input that was rejected (`vocmine.schema.REJECTED`)."""
        return self._stored["rejected"]

    @property
    def repairs(self) -> pa.Table:
        """One row for each repair (`vocmine.schema.REPAIRS`)."""
        return self._stored["repairs"]

    @property
    def removed(self) -> pa.Table:
        """One row for each piece of text that `Corpus.clean` took out of a turn (`vocmine.schema.REMOVED`)."""
        return self._stored["removed"]

    @property
    def personal(self) -> pa.Table:
        """One row for each place where personal data stood before `Corpus.protect` (`vocmine.schema.PERSONAL`)."""
        return self._stored["personal"]

    @property
    def flags(self) -> pa.Table:
        """One row for each contact that repeats another or that nobody wrote (`vocmine.schema.FLAGS`)."""
        return self._stored["flags"]

    @property
    def nbytes(self) -> int:
        """Bytes of the tables."""
        return sum(int(table.nbytes) for table in self._stored.values())

    @property
    def rows_in(self) -> int:
        """Rows of the input, those that `filter` left out excepted: turns and rejected rows."""
        return int(self.turns.num_rows + self.rejected.num_rows)

    @property
    def index(self) -> pd.Index:
        """The caller's index, one entry for each row of the input; the column ``row`` of each table counts in it.

        For files it is the position of the row in its file.
        """
        return self._index

    @property
    def dates(self) -> tuple[DatesRead, ...]:
        """How each column of dates was read."""
        return tuple(read for source in self._provenance.sources for read in source.dates)

    @property
    def provenance(self) -> dict[str, object]:
        """Sources, columns in use and the way they were read, fit to be written as JSON."""
        return self._provenance.to_dict()

    def tables(self) -> Tables:
        """Return the tables; with `index` and `provenance`, what `from_tables` needs."""
        return dict(self._tables)

    def to_pandas(self, table: TableName | None = None) -> pd.DataFrame:
        """Return a table in the caller's order and with the caller's index.

        Parameters
        ----------
        table : {"contacts", "turns", "rejected", "repairs", "removed", "personal", "flags"}, optional
            By default turns, each with the columns of its contact: `from_pandas` reads this frame back.

        Returns
        -------
        DataFrame
            The index of a contact is that of its first row.
        """
        if table is None:
            frame, rows = joined(self.contacts, self.turns)
        elif table in SCHEMAS:
            frame = self._tables[table].to_pandas()
            rows = frame["row"].to_numpy()
        else:
            raise InputError(f"got table={table!r}, expected one of {', '.join(SCHEMAS)}, or None")
        in_order = rows.argsort(kind="stable")
        return frame.iloc[in_order].set_axis(self._index.take(rows[in_order]), axis="index")

    def to_dataset(self) -> datasets.Dataset:
        """Return the turns, each with the columns of its contact, as a Hugging Face dataset."""
        from datasets import Dataset

        return Dataset.from_pandas(self.to_pandas(), preserve_index=False)

    def filter(self, where: Where | None = None, /, **equal: object) -> Self:
        """Return the corpus of the contacts that pass; rejected rows stay, since nobody can tell if they would.

        Parameters
        ----------
        where : array of bool or callable, optional
            One truth value a contact, in the order of `contacts`; or a function of ``to_pandas("contacts")`` that
            returns it. Nulls do not pass.
        **equal
            Columns of the contacts, with the value or the values (list, tuple, set) to keep.

        Raises
        ------
        ColumnError
            If the contacts have no such column.
        InputError
            If there is not one truth value a contact.

        Examples
        --------
        >>> from vocmine import Corpus
        >>> corpus = Corpus.from_records([{"texte": "Merci", "note": 5}, {"texte": "Nul", "note": 1}])
        >>> corpus.filter(lambda contacts: contacts["rating"] < 3)
        Corpus(1 contact, 1 turn)
        >>> len(corpus.filter(rating=[4, 5]))
        1
        """
        kept = select_contacts(self.to_pandas("contacts"), where, equal)
        return self._keeping(kept)

    def drop_flagged(self, *flags: str) -> Self:
        """Return the corpus without the contacts that bear one of these flags; without any given, one of all flags."""
        borne = self.flags if not flags else self.flags.filter(pc.is_in(self.flags["flag"], pa.array(flags)))
        kept = pc.invert(pc.is_in(self.contacts["contact_id"], borne["contact_id"].combine_chunks()))
        return self._keeping(kept.to_numpy())

    def to_raw(self, contact_id: str, turn: int, start: int, end: int) -> tuple[int, int]:
        """Return the code points of a turn's text as received that ``text[start:end]`` comes from.

        Raises
        ------
        InputError
            If there is no such turn, or its personal data are masked: the text as received is then not kept.

        Examples
        --------
        >>> from vocmine import Corpus
        >>> call = {"id": "A1", "canal": "appel", "texte": "Je euh j’attends depuis lundi"}
        >>> corpus = Corpus.from_records([call]).clean()
        >>> text, raw = (corpus.turns[name][0].as_py() for name in ("text", "raw"))
        >>> text, raw[slice(*corpus.to_raw("A1", 0, text.index("j’attends"), len(text)))]
        ('Je j’attends depuis lundi', 'j’attends depuis lundi')
        """
        return place_in_raw(self._tables, contact_id, turn, (start, end))

    @property
    def as_read(self) -> Tables:
        """The tables without the languages and variants that only the texts tell."""
        return dict(self._stored)

    def with_tables(self, tables: Mapping[str, pa.Table]) -> Self:
        """Return a corpus of other tables, read and indexed like this one; what `as_read` leaves out may be missing."""
        return type(self)(tables, self._index, self._provenance, pending=self._pending)

    def _keeping(self, kept: NDArray[np.bool_]) -> Self:
        """Return a corpus of some of the contacts."""
        tables = keep_contacts(self._stored, kept)
        left_out = self.turns.num_rows - tables["turns"].num_rows
        corpus = type(self)(tables, self._index, self._provenance.without(left_out), pending=self._pending)
        if self._identified is not None:
            corpus._identified = self._identified.filter(pa.array(kept))  # noqa: SLF001  # of the same class
        return corpus

    def with_skipped(self, files: Mapping[str, str]) -> Self:
        """Return the same corpus, whose `quality` tells that these files were left aside, and why."""
        return type(self)(self._stored, self._index, self._provenance.with_skipped(files), pending=self._pending)

    def quality(self) -> QualityReport:
        """Return what was read, rejected and repaired, and how columns and dates were understood."""
        return QualityReport.of(self._tables, self._provenance)

    def __len__(self) -> int:
        """Return the number of contacts."""
        return int(self._stored["contacts"].num_rows)

    def __repr__(self) -> str:
        counts = [_count(len(self), "contact"), _count(self.turns.num_rows, "turn")]
        if self.rejected.num_rows:
            counts.append(f"{_count(self.rejected.num_rows, 'row')} rejected")
        return f"Corpus({', '.join(counts)})"

    def _repr_html_(self) -> str:
        return self.quality()._repr_html_()


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"

"""`Corpus`: contacts and their turns, read once, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, Unpack

import pandas as pd
import pyarrow as pa

from vocmine.corpus.build import RawRows, build
from vocmine.corpus.columns import ColumnOptions
from vocmine.corpus.combine import Clash, Part, combine
from vocmine.corpus.dates import DatesRead
from vocmine.corpus.exchange import arrow_frame, dataset_table, joined, record_rows
from vocmine.corpus.provenance import Provenance
from vocmine.corpus.quality import QualityReport
from vocmine.corpus.select import Where, keep_contacts, select_contacts
from vocmine.errors import InputError
from vocmine.schema import CONTACTS, REJECTED, REPAIRS, TURNS

if TYPE_CHECKING:
    import datasets

TableName: TypeAlias = Literal["contacts", "turns", "rejected", "repairs"]
_SCHEMAS = {"contacts": CONTACTS, "turns": TURNS, "rejected": REJECTED, "repairs": REPAIRS}


class Corpus:
    """Contacts and their turns, with the rows rejected and the repairs made; immutable.

    Build one with `from_pandas`, `from_records`, `from_arrow`, `from_dataset`, or `vocmine.read` for files. Each row of
    the input makes one turn, or one rejected row with its reason: ``rows_in = turns + rejected``.

    Examples
    --------
    >>> corpus = Corpus.from_records(
    ...     [
    ...         {"message": "Toujours pas livré !", "canal": "Courriel", "date": "14/03/2025 09:30"},
    ...         {"message": "   ", "canal": "Téléphone", "date": "15/03/2025"},
    ...     ]
    ... )
    >>> corpus
    Corpus(1 contact, 1 turn, 1 row rejected)
    >>> corpus.to_pandas("contacts").loc[0, ["channel", "started_at"]].astype(str).tolist()
    ['email', '2025-03-14 08:30:00+00:00']
    >>> corpus.rejected["reason"].to_pylist()
    ['empty_text']
    """

    __slots__ = ("_index", "_provenance", "_tables")

    def __init__(self, tables: Mapping[str, pa.Table], index: pd.Index, provenance: Provenance) -> None:
        self._tables = dict(tables)
        self._index = index
        self._provenance = provenance

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame, **options: Unpack[ColumnOptions]) -> Self:
        """Read a frame with one row a contact, or one row a turn where it has a speaker or a turn column.

        A column that is not named is guessed from the usual French and English names, if its content bears the guess
        out; `quality` shows what was used. Columns without a use are kept, beside the contacts, or beside the turns
        where they vary within a contact.

        Parameters
        ----------
        frame : DataFrame
            Any index, any columns; it is not changed.
        text : str, optional
            Column of what was written or said. A title or subject is not taken for it.
        contact_id, conversation_id, customer_id, agent_id, team, product, outcome, variant : str, optional
            Columns of names, taken as they are. A row without a contact id gets ``row-`` and its position.
        at, ended_at : str, optional
            Columns of dates: text in the usual French and English forms, date objects, seconds or milliseconds since
            1970, days of a spreadsheet.
        channel, speaker, language : str, optional
            Columns of names in the source's own words, mapped to those of `vocmine.schema`. Without a speaker all is
            said by the customer; without a language it is identified from the text.
        turn : str, optional
            Column of the number of the turn in its contact.
        rating : str, optional
            Column of numbers, on the source's own scale.
        timezone : str, optional
            IANA zone of the dates that bear none and of the contact's days, or a column of such names. By default
            Europe/Paris.
        dayfirst : bool, optional
            Whether 03/04/2025 is 3 April. By default each column's unambiguous dates tell; failing these, it is.
        source : str, default "dataframe"
            Name that rejected rows and repairs are reported under.

        Raises
        ------
        ColumnError
            If an option does not exist, a column named is not there, or no column is clearly the text.
        InputError
            If the time zone does not exist.

        Examples
        --------
        >>> frame = pd.DataFrame({"verbatim": ["Merci !", "Rien reçu"], "client": ["c1", "c2"]}, index=["a", "b"])
        >>> Corpus.from_pandas(frame, customer_id="client").to_pandas("contacts")["customer_id"].to_dict()
        {'a': 'c1', 'b': 'c2'}
        """
        return cls.from_rows(RawRows(frame, options.get("source", "dataframe")), options)

    @classmethod
    def from_records(
        cls, records: Iterable[Mapping[str, object] | str | None], **options: Unpack[ColumnOptions]
    ) -> Self:
        """Read mappings of column names to values, or mere texts; options are those of `from_pandas`.

        Examples
        --------
        >>> Corpus.from_records(["Bravo à toute l’équipe", None, "Injoignable depuis lundi"])
        Corpus(2 contacts, 2 turns, 1 row rejected)
        """
        return cls.from_rows(record_rows(records, options.get("source", "records")), options)

    @classmethod
    def from_arrow(cls, table: pa.Table, **options: Unpack[ColumnOptions]) -> Self:
        """Read an Arrow table; options are those of `from_pandas`."""
        return cls.from_rows(RawRows(arrow_frame(table), options.get("source", "table")), options)

    @classmethod
    def from_dataset(cls, dataset: datasets.Dataset, **options: Unpack[ColumnOptions]) -> Self:
        """Read one split of a Hugging Face dataset; options are those of `from_pandas`.

        Raises
        ------
        InputError
            If all the splits are given at once, or a stream.
        """
        return cls.from_rows(RawRows(arrow_frame(dataset_table(dataset)), options.get("source", "dataset")), options)

    @classmethod
    def from_rows(cls, raw: RawRows, options: ColumnOptions | None = None) -> Self:
        """Build a corpus from what a reader hands over: the seam for readers of other formats."""
        tables, source = build(raw, options or {})
        return cls(tables, raw.index, Provenance((source,)))

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
        for name, schema in _SCHEMAS.items():
            missing = set(schema.names) - set(tables[name].column_names) if name in tables else {"(the table itself)"}
            if missing:
                raise InputError(
                    f"table {name!r} lacks {', '.join(sorted(missing))}, expected the columns of vocmine.schema; "
                    "give what Corpus.tables() returned"
                )
        origin = Provenance.from_dict(provenance or {})
        rows = origin.rows or tables["turns"].num_rows + tables["rejected"].num_rows
        return cls({name: tables[name] for name in _SCHEMAS}, pd.RangeIndex(rows) if index is None else index, origin)

    @classmethod
    def concat(cls, corpora: Iterable[Corpus], *, clash: Clash = "prefix") -> Self:
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
        >>> may, june = (Corpus.from_records([{"id": 7, "texte": "Merci"}], source=name) for name in ("mai", "juin"))
        >>> Corpus.concat([may, june]).contacts["contact_id"].to_pylist()
        ['mai:7', 'juin:7']
        >>> Corpus.concat([may, june], clash="reject")
        Corpus(1 contact, 1 turn, 1 row rejected)
        """
        parts = [Part(each.tables(), each.index, each._provenance) for each in corpora]  # noqa: SLF001
        if not parts:
            raise InputError("got no corpus to put together, expected one or more")
        whole = combine(parts, clash)
        return cls(whole.tables, whole.index, whole.provenance)

    @property
    def contacts(self) -> pa.Table:
        """One row a contact (`vocmine.schema.CONTACTS`), then the user's own columns."""
        return self._tables["contacts"]

    @property
    def turns(self) -> pa.Table:
        """One row a turn (`vocmine.schema.TURNS`), contact after contact, then the user's own columns that vary."""
        return self._tables["turns"]

    @property
    def rejected(self) -> pa.Table:
        """One row for each row of the input that was rejected (`vocmine.schema.REJECTED`)."""
        return self._tables["rejected"]

    @property
    def repairs(self) -> pa.Table:
        """One row for each repair (`vocmine.schema.REPAIRS`)."""
        return self._tables["repairs"]

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

    def tables(self) -> dict[str, pa.Table]:
        """Return the four tables; with `index` and `provenance`, what `from_tables` needs."""
        return dict(self._tables)

    def to_pandas(self, table: TableName | None = None) -> pd.DataFrame:
        """Return a table in the caller's order and with the caller's index.

        Parameters
        ----------
        table : {"contacts", "turns", "rejected", "repairs"}, optional
            By default turns, each with the columns of its contact: `from_pandas` reads this frame back.

        Returns
        -------
        DataFrame
            The index of a contact is that of its first row.
        """
        if table is None:
            frame, rows = joined(self.contacts, self.turns)
        elif table in _SCHEMAS:
            frame = self._tables[table].to_pandas()
            rows = frame["row"].to_numpy()
        else:
            raise InputError(f"got table={table!r}, expected one of {', '.join(_SCHEMAS)}, or None")
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
        >>> corpus = Corpus.from_records([{"texte": "Merci", "note": 5}, {"texte": "Nul", "note": 1}])
        >>> corpus.filter(lambda contacts: contacts["rating"] < 3)
        Corpus(1 contact, 1 turn)
        >>> len(corpus.filter(rating=[4, 5]))
        1
        """
        kept = select_contacts(self.to_pandas("contacts"), where, equal)
        tables = keep_contacts(self._tables, kept)
        left_out = self.turns.num_rows - tables["turns"].num_rows
        return type(self)(tables, self._index, self._provenance.without(left_out))

    def with_skipped(self, files: Mapping[str, str]) -> Self:
        """Return the same corpus, whose `quality` tells that these files were left aside, and why."""
        return type(self)(self._tables, self._index, self._provenance.with_skipped(files))

    def quality(self) -> QualityReport:
        """Return what was read, rejected and repaired, and how columns and dates were understood."""
        return QualityReport.of(self._tables, self._provenance)

    def __len__(self) -> int:
        """Return the number of contacts."""
        return int(self.contacts.num_rows)

    def __repr__(self) -> str:
        counts = [_count(len(self), "contact"), _count(self.turns.num_rows, "turn")]
        if self.rejected.num_rows:
            counts.append(f"{_count(self.rejected.num_rows, 'row')} rejected")
        return f"Corpus({', '.join(counts)})"

    def _repr_html_(self) -> str:
        return self.quality()._repr_html_()


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"

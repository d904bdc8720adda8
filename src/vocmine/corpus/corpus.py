"""`Corpus`: contacts and their turns, read once, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Self, Unpack

import pandas as pd
import pyarrow as pa

from vocmine.corpus.base import ContactTables
from vocmine.corpus.build import RawRows, build
from vocmine.corpus.clean import CLEANERS, clean_turns
from vocmine.corpus.columns import ColumnOptions
from vocmine.corpus.duplicates import find_duplicates
from vocmine.corpus.exchange import arrow_frame, dataset_table, record_rows
from vocmine.corpus.personal_values import How
from vocmine.corpus.protect import SECONDS, protect
from vocmine.corpus.provenance import Provenance
from vocmine.text.personal import Names, Patterns

if TYPE_CHECKING:
    import datasets


class Corpus(ContactTables):
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

    __slots__ = ()

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
        return cls(tables, raw.index, Provenance((source,)), pending=True)

    def clean(self, channels: Collection[str] = tuple(CLEANERS)) -> Self:
        r"""Return the corpus without what does not belong to its turns; a turn that is cleaned is not cleaned again.

        E-mails lose earlier messages, signatures, disclaimers, greetings and footers; what is said on the telephone
        loses hesitations, fillers and repetitions. `removed` tells what and why, turns keep their `raw` text, and
        `to_raw` leads from the one to the other.

        Parameters
        ----------
        channels : collection of {"email", "phone"}
            By default both.

        Raises
        ------
        InputError
            If nothing cleans one of these channels.

        Examples
        --------
        >>> mail = "Bonjour,\n\nMa box est en panne.\n\nCordialement\nLéa Roy"
        >>> Corpus.from_records([{"canal": "courriel", "texte": mail}]).clean().turns["text"].to_pylist()
        ['Ma box est en panne.']
        """
        return self.with_tables(clean_turns(self.as_read, channels))

    def flag_duplicates(
        self, *, threshold: float = 0.8, min_words: int = 20, campaign_size: int = 5, campaign_days: float = 14
    ) -> Self:
        """Return the corpus with its flags: contacts that repeat others, campaigns, and messages that nobody wrote.

        Nothing is left out: `drop_flagged` does that. Flag before masking, which makes different numbers alike.

        Parameters
        ----------
        threshold : float, default 0.8
            Share of word sequences in common from which a contact is a near duplicate, 0 to 1.
        min_words : int, default 20
            Contacts with fewer words may be duplicates of the same customer's on the same day alone.
        campaign_size : int, default 5
            Customers who send the same text for it to be a campaign.
        campaign_days : float, default 14
            Days between which they do.

        Examples
        --------
        >>> away = "Bonjour, je suis absente du bureau jusqu’au 28 mars. Ceci est une réponse automatique."
        >>> Corpus.from_records([{"canal": "courriel", "texte": away}]).flag_duplicates().flags["flag"].to_pylist()
        ['auto_reply']
        """
        flags = find_duplicates(
            self.as_read["contacts"],
            self.turns,
            threshold=threshold,
            min_words=min_words,
            campaign_size=campaign_size,
            campaign_days=campaign_days,
        )
        return self.with_tables({**self.as_read, "flags": flags})

    def protect(
        self,
        how: How = "mask",
        *,
        key: str | bytes | None = None,
        kinds: Collection[str] | None = None,
        patterns: Patterns | None = None,
        names: Names | bool = True,
        deadline: float = SECONDS,
    ) -> Self:
        """Return the corpus without the personal data that are found in its texts, ids and other columns.

        Telephone numbers, addresses, bank accounts, social security numbers, plates, names and more, as French law and
        habits know them; `personal` tells what stood where. Amounts, dates and durations stay. Texts as received are no
        longer kept, nor what cleaning removed, nor an index that is not of numbers. Names of files and attachments are
        not looked through. No finder finds everything: see ``docs/decisions/0014-personal-data.md``.

        Parameters
        ----------
        how : {"mask", "pseudonymise", "drop"}, default "mask"
            What stands instead: the kind; the kind with a pseudonym that stays the same for the same value of the same
            customer; or nothing.
        key : str or bytes, optional
            For ``pseudonymise``: a secret of 16 bytes or more, kept elsewhere.
        kinds : collection of str, optional
            By default all.
        patterns : mapping of str to str, optional
            Regular expressions of your own, such as that of your customer numbers, by the kind they stand for.
        names : {"lists", "spacy"} or bool, default True
            How names of persons are found: by lists and habits of writing, or also by spaCy (``vocmine[names]``).
        deadline : float, default 5
            Seconds that one text may take; it is withheld whole if it takes longer.

        Raises
        ------
        InputError
            If an option is not possible, a key is missing or short.

        Examples
        --------
        >>> corpus = Corpus.from_records(["Rappelez Mme Roy au 06 39 98 12 44, elle attend ses 120 €"])
        >>> corpus.protect().turns["text"].to_pylist()
        ['Rappelez Mme [nom] au [téléphone], elle attend ses 120 €']
        """
        tables = protect(self._tables, how=how, key=key, kinds=kinds, patterns=patterns, names=names, deadline=deadline)
        # Labels of a caller's own may be the customers' addresses; numbers are positions.
        index = (
            self._index.rename(None) if pd.api.types.is_integer_dtype(self._index) else pd.RangeIndex(len(self._index))
        )
        return type(self)(tables, index, self._provenance)

"""An analysis comes in; the segments that topics are made of go out, and why the others are not."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine.analysis import Analysis
from vocmine.corpus.customers import turns_that_count
from vocmine.errors import InputError
from vocmine.text.words import words
from vocmine.topics.neighbours import Floats

_NOBODYS: Final = frozenset(
    ("auto_reply", "acknowledgement", "delivery_failure", "survey", "newsletter", "invitation", "notification")
)
"""Contacts that nobody wrote."""
_TELLING: Final = 3
_COPIES: Final = frozenset(("duplicate", "near_duplicate", "campaign"))


@dataclass(frozen=True, eq=False)
class Units:
    """Texts that may have a topic.

    Attributes
    ----------
    texts : list of str
    languages : list of str
        ISO 639-1 code of each.
    embeddings : float32 array of shape (n_units, n_dimensions)
    contacts : int array of shape (n_units,)
        Row of each one's contact.
    shaping : bool array of shape (n_units,)
        False for copies of others, and texts of fewer than three words that say what they are about: they count, and
        shape nothing.
    rows : int array of shape (n_units,)
        Row of each in the table of segments.
    reasons : list of str or None
        For every segment, why it is no unit: ``agent`` (nobody's words that count for the customer), ``automatic``
        (a message that nobody wrote), ``unscored``, ``courtesy`` (nothing in it says what it is about, or too little
        beside what the contact says elsewhere).
    """

    texts: list[str]
    languages: list[str]
    embeddings: Floats
    contacts: NDArray[np.int64]
    shaping: NDArray[np.bool_]
    rows: NDArray[np.int64]
    reasons: list[str | None]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[np.int64]) -> Units:
        """Return some of the units, in the order given."""
        return Units(
            [self.texts[row] for row in rows],
            [self.languages[row] for row in rows],
            self.embeddings[rows],
            self.contacts[rows],
            self.shaping[rows],
            self.rows[rows],
            self.reasons,
        )

    @classmethod
    def of(cls, analysis: Analysis) -> Units:
        """Take the customers' segments that say something.

        Greetings, thanks and bare answers are left out: they hold no word that says what they are about. So are
        messages that the corpus flags as nobody's (`Corpus.flag_duplicates`).
        """
        corpus = analysis.corpus
        flags = corpus.flags.to_pandas()
        nobodys = flags.loc[flags["flag"].isin(_NOBODYS), "contact_id"]
        copies = flags.loc[flags["flag"].isin(_COPIES) & flags["of"].notna(), "contact_id"]
        segments = analysis.tables["segments"]
        return cls.of_tables(corpus.contacts, corpus.turns, segments, analysis.embeddings, nobodys, copies)

    @classmethod
    def of_tables(
        cls,
        contacts: pa.Table,
        turns: pa.Table,
        segments: pa.Table,
        embeddings: Floats,
        nobodys: Iterable[str] = (),
        copies: Iterable[str] = (),
    ) -> Units:
        """Take them from tables as `vocmine.schema` says, where there is no analysis in one piece.

        Parameters
        ----------
        contacts, turns, segments : pyarrow.Table
        embeddings : float32 array of shape (n_segments, n_dimensions)
        nobodys, copies : iterable of str
            Contacts that nobody wrote, and those that copy others.
        """
        texts = segments["text"].to_pylist()
        contact = _contacts_of(contacts, turns, segments)
        languages = np.array(contacts["language"].to_pylist(), dtype=object)
        ids = contacts["contact_id"].to_pandas()
        automatic, copied = ids.isin(set(nobodys)).to_numpy(), ids.isin(set(copies)).to_numpy()
        scored = np.asarray(np.isfinite(embeddings).all(axis=1))
        said = _matters(texts, contact, languages)
        said[_aside(said, contact)] = 0
        reasons = [_reason(contact[row], automatic, bool(scored[row]), said[row]) for row in range(len(texts))]
        rows = np.array([row for row, reason in enumerate(reasons) if reason is None], dtype=np.int64)
        owner = contact[rows]
        return cls(
            texts=[texts[row] for row in rows],
            languages=languages[owner].tolist(),
            embeddings=embeddings[rows],
            contacts=owner,
            shaping=~copied[owner] & (said[rows] >= _TELLING),
            rows=rows,
            reasons=reasons,
        )

    @classmethod
    def of_texts(cls, texts: Sequence[str], embeddings: Floats, languages: Sequence[str] | None = None) -> Units:
        """Take texts as they are, each a contact of its own.

        Raises
        ------
        InputError
            If the numbers of texts, embeddings and languages differ, or an embedding is not finite.
        """
        embeddings = np.asarray(embeddings, dtype=np.float32)
        codes = ["fr"] * len(texts) if languages is None else list(languages)
        if embeddings.ndim != 2 or len(embeddings) != len(texts) or len(codes) != len(texts):
            raise InputError(
                f"got {len(texts)} texts, embeddings of shape {embeddings.shape} and {len(codes)} languages; "
                "expected one row and one language a text"
            )
        if not np.isfinite(embeddings).all():
            raise InputError("got embeddings that are not finite; leave out the texts that could not be scored")
        rows = np.arange(len(texts))
        every = np.ones(len(texts), dtype=bool)
        composed = [unicodedata.normalize("NFC", text) for text in texts]  # as those of a corpus are
        return cls(composed, codes, embeddings, rows, every, rows, [None] * len(texts))


def _contacts_of(contacts: pa.Table, turns: pa.Table, segments: pa.Table) -> NDArray[np.int64]:
    """Row of the contact that each segment counts for, -1 for none."""
    said = turns.select(["contact_id", "turn"]).to_pandas()
    counts = turns_that_count(contacts, turns)
    place = dict(zip(zip(said["contact_id"], said["turn"], strict=True), counts, strict=True))
    keys = segments.select(["contact_id", "turn"]).to_pandas()
    found = (place[key] for key in zip(keys["contact_id"], keys["turn"], strict=True))
    return np.fromiter(found, dtype=np.int64, count=len(keys))


def _matters(texts: list[str], contact: NDArray[np.int64], languages: NDArray[np.object_]) -> NDArray[np.int64]:
    """Count the distinct words of each customer's segment that can say what it is about."""
    said = np.zeros(len(texts), dtype=np.int64)
    for row in np.flatnonzero(contact >= 0).tolist():
        said[row] = len({word.lemma for word in words(texts[row], languages[contact[row]]) if word.use == "matter"})
    return said


def _aside(said: NDArray[np.int64], contact: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Find segments that say too little, in contacts that say more elsewhere: an address given, a « c'est réglé »."""
    most = np.zeros(contact.max(initial=-1) + 1, dtype=np.int64)
    np.maximum.at(most, contact[contact >= 0], said[contact >= 0])
    return (
        (contact >= 0) & (said < _TELLING) & (most[contact] >= _TELLING)
        if len(most)
        else np.zeros(len(said), dtype=bool)
    )


def _reason(contact: int, automatic: NDArray[np.bool_], scored: bool, said: int) -> str | None:
    if contact < 0:
        return "agent"
    if automatic[contact]:
        return "automatic"
    if not scored:
        return "unscored"
    return None if said else "courtesy"

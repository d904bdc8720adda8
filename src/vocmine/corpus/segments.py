"""The segments of a corpus: the unit that is encoded, and from which turns and contacts are rolled up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine.corpus.corpus import Corpus
from vocmine.text import scorable, segment

_Number = TypeVar("_Number", bound=np.floating)


@dataclass(frozen=True)
class Segments:
    """The segments of a corpus.

    Attributes
    ----------
    table : pyarrow.Table
        As `vocmine.schema.SEGMENTS` says.
    texts : list of str
        Of each segment.
    turn : int array of shape (n_segments,)
        Row of its turn.
    reasons : list of str or None
        Why a segment cannot be scored; None where it can.
    scorable : list of int
        Those that can.
    """

    table: pa.Table
    texts: list[str]
    turn: NDArray[np.int64]
    reasons: list[str | None]
    scorable: list[int]

    @classmethod
    def of(cls, corpus: Corpus) -> Segments:
        """Cut the turns of a corpus, each distinct text once."""
        turn_texts = corpus.turns["text"].to_pylist()
        spans = {text: segment(text) for text in dict.fromkeys(turn_texts)}
        turn = np.repeat(np.arange(len(turn_texts)), [len(spans[text]) for text in turn_texts])
        flat = [(rank, *span, text[slice(*span)]) for text in turn_texts for rank, span in enumerate(spans[text])]
        rank, start, end, texts = (list(column) for column in zip(*flat, strict=True)) if flat else ([], [], [], [])
        keys = corpus.turns.select(["contact_id", "turn"]).take(pa.array(turn))
        table = pa.Table.from_arrays([*keys.columns, rank, start, end, texts], schema=schema.SEGMENTS)
        why = {text: scorable(text) for text in dict.fromkeys(texts)}
        reasons = [why[text] for text in texts]
        return cls(table, texts, turn, reasons, [i for i, reason in enumerate(reasons) if reason is None])

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each segment."""
        return np.fromiter(map(len, self.texts), dtype=np.int64, count=len(self.texts))

    def spread(self, rows: NDArray[_Number]) -> NDArray[_Number]:
        """Bring rows of the scorable segments back to all of them, NaN standing for the others."""
        every = np.full((len(self.texts), rows.shape[1]), np.nan, dtype=rows.dtype)
        every[self.scorable] = rows
        return every

"""`Miner`: a corpus comes in, an `Analysis` goes out, each distinct segment being encoded once."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine._version import __version__
from vocmine.analysis import Analysis
from vocmine.corpus import Corpus
from vocmine.errors import InputError, ModelError
from vocmine.inference import Encoding, Engine, Model
from vocmine.sentiment import roll_up
from vocmine.sentiment.tables import contact_scores, main_reason, segment_scores, turn_scores
from vocmine.text import scorable, segment

_HEAD = "sentiment"


class Miner:
    """Score contacts: one encoding gives the embeddings and the sentiment of segments, turns and contacts.

    Parameters
    ----------
    model : str, path or Model, default "embedded"
        The model that comes with the package, a model folder, or a model already loaded. Loaded when first needed.
    device : str, default "auto"
        ``auto`` takes cuda, else mps, else cpu; an explicit device is taken or refused.
    token_budget : int, optional
        Tokens a batch, padding included. By default it depends on the device.
    progress : bool, default False
        Show a progress bar on standard error.

    Examples
    --------
    >>> import vocmine as vm
    >>> corpus = vm.Corpus.from_records(["Merci beaucoup, service impeccable !", "Toujours pas livré, c'est honteux."])
    >>> vm.Miner().score(corpus).contacts["sentiment"].tolist()
    ['positive', 'negative']
    """

    def __init__(
        self,
        model: str | Path | Model = "embedded",
        *,
        device: str = "auto",
        token_budget: int | None = None,
        progress: bool = False,
    ) -> None:
        self.model = model
        self.device = device
        self.token_budget = token_budget
        self.progress = progress

    def __repr__(self) -> str:
        return f"Miner(model={str(self.model)!r}, device={self.device!r})"

    def __getstate__(self) -> dict[str, object]:
        """Leave the engine out: it holds threads, and whoever receives the copy makes its own."""
        return {name: value for name, value in self.__dict__.items() if name != "engine_"}

    @cached_property
    def engine_(self) -> Engine:
        """The engine that runs the model, made when first needed."""
        model = self.model if isinstance(self.model, Model) else Model.from_pretrained(self.model)
        heads = {head.name: head.labels for head in model.heads}
        if _HEAD not in heads:
            raise ModelError(f"{model.model_id} has no {_HEAD!r} head, it has {sorted(heads)}; give a model that does")
        if set(heads[_HEAD]) != set(schema.POLARITIES):
            got, expected = ", ".join(heads[_HEAD]), ", ".join(schema.POLARITIES)
            raise ModelError(f"{model.model_id} tells {got} apart, expected {expected}; give a model with these labels")
        return Engine(model, device=self.device, token_budget=self.token_budget, progress=self.progress)

    def score(self, corpus: Corpus) -> Analysis:
        """Score every turn and contact of a corpus.

        Every contact, turn and segment has a row in the result: those that cannot be scored carry the reason. The
        agent's turns are scored too, but only the customer's count for the contact (or those of unknown speakers, in
        a contact where nobody is named the customer), and quoted turns never do.

        Parameters
        ----------
        corpus : Corpus
            Contacts to score.

        Returns
        -------
        Analysis
            In the order and with the index of the corpus.

        Raises
        ------
        InputError
            If it is not a corpus.
        ModelError
            If the model cannot be loaded or has no sentiment head.
        DeviceError
            If the device asked for is not there.
        """
        if not isinstance(corpus, Corpus):
            raise InputError(
                f"got {type(corpus).__name__}, expected a Corpus; "
                "make one with vm.Corpus.from_pandas, vm.Corpus.from_records or vm.read"
            )
        started_at, clock = datetime.now(UTC), perf_counter()
        engine = self.engine_
        segments = _Segments.of(corpus)
        encoding = engine.encode([segments.texts[i] for i in segments.scorable])
        polarity, embeddings, reasons = self._spread(segments, encoding)
        turns = roll_up(polarity, segments.lengths, segments.turn, corpus.turns.num_rows)
        scores = {
            "segments": segments.table,
            "segment_scores": segment_scores(segments.table, polarity, reasons),
            "turn_scores": turn_scores(corpus, turns, main_reason(reasons, segments.turn), engine.model.model_id),
            "contact_scores": contact_scores(
                corpus, segments.turn, segments.lengths, polarity, turns, reasons, engine.model.model_id
            ),
        }
        scores["run"] = self._run_table(corpus, scores, encoding, reasons, started_at, perf_counter() - clock)
        return Analysis(corpus, scores, embeddings, engine.model.model_id)

    def _spread(
        self, segments: _Segments, encoding: Encoding
    ) -> tuple[NDArray[np.float64], NDArray[np.float32], list[str | None]]:
        """Bring what was encoded back to all segments, NaN and a reason standing where there is nothing."""
        labels = next(head.labels for head in self.engine_.model.heads if head.name == _HEAD)
        order = [labels.index(name) for name in schema.POLARITIES]
        polarity = np.full((len(segments.texts), len(order)), np.nan)
        polarity[segments.scorable] = encoding.probabilities[_HEAD][:, order]
        # Rounding of float32 must not show in probabilities that are promised to sum to 1.
        polarity /= polarity.sum(axis=1, keepdims=True)
        embeddings = np.full((len(segments.texts), encoding.embeddings.shape[1]), np.nan, dtype=np.float32)
        embeddings[segments.scorable] = encoding.embeddings
        reasons = list(segments.reasons)
        for row, reason in encoding.rejected.items():
            reasons[segments.scorable[row]] = reason
        return polarity, embeddings, reasons

    def _run_table(
        self,
        corpus: Corpus,
        scores: dict[str, pa.Table],
        encoding: Encoding,
        reasons: list[str | None],
        started_at: datetime,
        seconds: float,
    ) -> pa.Table:
        unscored = Counter(reason for reason in reasons if reason)
        counts = unscored + Counter(corpus.rejected["reason"].to_pylist())
        stats = encoding.stats
        row = {
            "vocmine": __version__,
            "model_id": self.engine_.model.model_id,
            "device": stats.device,
            "dtype": stats.dtype,
            "parameters": json.dumps({"device": self.device, "token_budget": self.token_budget}),
            "started_at": started_at,
            "seconds": seconds,
            "encoding_seconds": stats.seconds,
            "rows_in": corpus.rows_in,
            "contacts": corpus.contacts.num_rows,
            "contacts_scored": corpus.contacts.num_rows - scores["contact_scores"]["sentiment"].null_count,
            "rows_rejected": corpus.rejected.num_rows,
            "segments": len(reasons),
            "segments_distinct": stats.n_distinct,
            "tokens": stats.n_tokens,
            "padding_share": stats.padding_share,
            "segments_rejected": unscored.total(),
            "reasons": json.dumps(dict(sorted(counts.items()))),
        }
        return pa.Table.from_pylist([row], schema=schema.RUN)


@dataclass(frozen=True)
class _Segments:
    """The segments of a corpus: their table, and for each the row of its turn."""

    table: pa.Table
    texts: list[str]
    turn: NDArray[np.int64]
    reasons: list[str | None]
    scorable: list[int]

    @classmethod
    def of(cls, corpus: Corpus) -> _Segments:
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
        return np.fromiter(map(len, self.texts), dtype=np.int64, count=len(self.texts))

"""`Miner`: a corpus comes in, an `Analysis` goes out, each distinct segment being encoded once."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from vocmine import schema
from vocmine._version import __version__
from vocmine.analysis import Analysis
from vocmine.corpus import Corpus
from vocmine.errors import InputError
from vocmine.inference import Cache, Encoding, Engine, Model, RunnableModel
from vocmine.sentiment.aspects import aspect_spans
from vocmine.sentiment.heads import heads_read, in_order
from vocmine.sentiment.reading import Reading
from vocmine.sentiment.tables import contact_scores, segment_scores, turn_scores
from vocmine.text import scorable, segment

_Number = TypeVar("_Number", bound=np.floating)


class Miner:
    """Score contacts: one encoding gives the sentiment of segments, turns and contacts, satisfaction and aspects.

    Parameters
    ----------
    model : str, path, Model or HuggingFaceModel, default "embedded"
        The model that comes with the package, a model folder, or a model already loaded. Loaded when first needed. It
        has a ``sentiment`` head; where that only tells negative and positive apart, neutral gets probability 0. With
        a ``satisfaction`` head of negative, neutral and positive, contacts get what their customers would declare.
    device : str, default "auto"
        ``auto`` takes cuda, else mps, else cpu; an explicit device is taken or refused.
    precision : str, default "auto"
        ``float32`` on a CPU and ``float16`` on a GPU that computes in it, unless given. ``int8``, for a CPU and models
        in vocmine's own format, takes a third to a half of the time, and moves a label in a hundred.
    token_budget : int, optional
        Tokens a batch, padding included. By default it depends on the device.
    threads : int, optional
        Threads on the CPU. By default one a core.
    cache : Cache, str or Path, optional
        Keep what is computed for each distinct segment in this folder, for the next run; see
        `vocmine.inference.Cache`.
    progress : bool, default False
        Show a progress bar on standard error.
    aspects : bool, default False
        Say which aspects of the service each contact speaks of, for good or bad (accessibility, information,
        relationship, responsiveness, simplicity), and show the words, in `Analysis.spans`.
    min_confidence : float, default 0.0
        Turns and contacts whose greatest probability is lower abstain, with the reason ``unsure``; their sentiment and
        probabilities are kept. Choose it on the risk-coverage curve in the model's card.

    Raises
    ------
    InputError
        If `min_confidence` is not from 0 to 1.

    Examples
    --------
    >>> import vocmine as vm
    >>> corpus = vm.Corpus.from_records(["Merci beaucoup, service impeccable !", "Toujours pas livré, c'est honteux."])
    >>> vm.Miner().score(corpus).contacts["sentiment"].tolist()
    ['positive', 'negative']
    """

    def __init__(
        self,
        model: str | Path | RunnableModel = "embedded",
        *,
        device: str = "auto",
        precision: str = "auto",
        token_budget: int | None = None,
        threads: int | None = None,
        cache: Cache | str | Path | None = None,
        progress: bool = False,
        aspects: bool = False,
        min_confidence: float = 0.0,
    ) -> None:
        if not 0 <= min_confidence <= 1:
            raise InputError(f"min_confidence is {min_confidence}, expected 0 to 1; it is compared with probabilities")
        self.model = model
        self.device = device
        self.precision = precision
        self.token_budget = token_budget
        self.threads = threads
        self.cache = cache
        self.progress = progress
        self.aspects = aspects
        self.min_confidence = min_confidence

    def __repr__(self) -> str:
        return f"Miner(model={str(self.model)!r}, device={self.device!r})"

    def __getstate__(self) -> dict[str, object]:
        """Leave the engine out: it holds threads, and whoever receives the copy makes its own."""
        return {name: value for name, value in self.__dict__.items() if name != "engine_"}

    @cached_property
    def engine_(self) -> Engine:
        """The engine that runs the model, made when first needed."""
        model = Model.from_pretrained(self.model) if isinstance(self.model, (str, Path)) else self.model
        heads_read(model, aspects=self.aspects)
        return Engine(
            model,
            self.device,
            self.token_budget,
            precision=self.precision,
            threads=self.threads,
            cache=self.cache,
            progress=self.progress,
        )

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
        reading = self._reading(segments, encoding)
        turns = reading.roll_up(reading.turn, corpus.turns.num_rows)
        model_id, sure = engine.model.model_id, self.min_confidence
        scores = {
            "segments": segments.table,
            "segment_scores": segment_scores(segments.table, reading),
            "turn_scores": turn_scores(corpus, reading, turns, model_id, min_confidence=sure),
            "contact_scores": contact_scores(corpus, reading, turns, model_id, min_confidence=sure),
            "spans": aspect_spans(corpus, segments.table, reading),
        }
        scores["run"] = self._run_table(corpus, scores, encoding, reading.reasons, started_at, perf_counter() - clock)
        embedder = engine.model.embedder
        named = f"{embedder.name} via {model_id}" if embedder else model_id
        return Analysis(corpus, scores, segments.spread(encoding.embeddings), named)

    def _reading(self, segments: _Segments, encoding: Encoding) -> Reading:
        """Bring what the heads say back to all segments, a reason standing where there is nothing."""
        heads = heads_read(self.engine_.model, aspects=self.aspects)
        reasons = list(segments.reasons)
        for row, reason in encoding.rejected.items():
            reasons[segments.scorable[row]] = reason
        tokens = np.zeros(len(segments.texts), dtype=np.int64)
        tokens[segments.scorable] = encoding.n_tokens
        return Reading(
            turn=segments.turn,
            lengths=segments.lengths,
            tokens=tokens,
            reasons=reasons,
            heads={name: segments.spread(in_order(head, encoding.probabilities[name])) for name, head in heads.items()},
            thresholds={name: heads[name].threshold for name in schema.ASPECTS if name in heads},
        )

    @property
    def _parameters(self) -> dict[str, object]:
        names = ("device", "precision", "token_budget", "aspects", "min_confidence")
        return {name: getattr(self, name) for name in names}

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
            "parameters": json.dumps(self._parameters),
            "started_at": started_at,
            "seconds": seconds,
            "encoding_seconds": stats.seconds,
            "embedder_seconds": stats.embedder_seconds,
            "rows_in": corpus.rows_in,
            "contacts": corpus.contacts.num_rows,
            "contacts_scored": corpus.contacts.num_rows - scores["contact_scores"]["sentiment"].null_count,
            "rows_rejected": corpus.rejected.num_rows,
            "segments": len(reasons),
            "segments_distinct": stats.n_distinct,
            "segments_cached": stats.n_cached,
            "tokens": stats.n_tokens,
            "tokens_per_second": stats.tokens_per_second,
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

    def spread(self, rows: NDArray[_Number]) -> NDArray[_Number]:
        """Bring rows of the scorable segments back to all of them, NaN standing for the others."""
        every = np.full((len(self.texts), rows.shape[1]), np.nan, dtype=rows.dtype)
        every[self.scorable] = rows
        return every

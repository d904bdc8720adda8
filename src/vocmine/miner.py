"""`Miner`: a corpus comes in, an `Analysis` goes out, each distinct segment being encoded once."""

from __future__ import annotations

import json
import os
from collections import Counter
from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Unpack

import numpy as np
import pyarrow as pa

from vocmine import schema
from vocmine._version import __version__
from vocmine.analysis import Analysis
from vocmine.corpus import ColumnOptions, Corpus
from vocmine.corpus.customers import customer_turns
from vocmine.corpus.segments import Segments
from vocmine.errors import InputError
from vocmine.inference import (
    Cache,
    Encoding,
    Engine,
    Model,
    RunnableModel,
    choose_device,
    choose_precision,
    usable_cores,
)
from vocmine.sentiment.aspects import aspect_spans
from vocmine.sentiment.heads import heads_read, in_order
from vocmine.sentiment.reading import Reading
from vocmine.sentiment.tables import contact_scores, segment_scores, turn_scores
from vocmine.signals.find import Signals, find_signals, merged, no_signals
from vocmine.streaming import Source, Stream, stream
from vocmine.streaming.pipeline import CHUNK_ROWS


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
    signals : bool, default True
        Find the signals that customers give (trouble that lasts, anger, intent to leave...), frustration, effort
        and agents' styles, and show the words, in `Analysis.spans`. It adds less than a fifth to the time.
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
        signals: bool = True,
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
        self.signals = signals
        self.min_confidence = min_confidence

    def __repr__(self) -> str:
        return f"Miner(model={str(self.model)!r}, device={self.device!r})"

    def __getstate__(self) -> dict[str, object]:
        """Leave the engine out: it holds threads, and whoever receives the copy makes its own."""
        return {name: value for name, value in self.__dict__.items() if name not in {"engine_", "_model"}}

    @cached_property
    def _model(self) -> RunnableModel:
        model = Model.from_pretrained(self.model) if isinstance(self.model, (str, Path)) else self.model
        heads_read(model, aspects=self.aspects)
        return model

    @cached_property
    def engine_(self) -> Engine:
        """The engine that runs the model, made when first needed."""
        return Engine(
            self._model,
            self.device,
            self.token_budget,
            precision=self.precision,
            threads=self.threads,
            cache=self.cache,
            progress=self.progress,
        )

    def stream(
        self,
        source: Source,
        /,
        out: str | os.PathLike[str],
        *,
        chunk_rows: int = CHUNK_ROWS,
        workers: int = 1,
        resume: bool = True,
        clean: bool | None = None,
        embeddings: bool = False,
        **options: Unpack[ColumnOptions],
    ) -> Stream:
        """Score a source of any size, chunk by chunk, in bounded memory; a run cut off goes on where it was.

        Parameters
        ----------
        source : path, DataFrame, pyarrow.Table, or iterable of tables
            Any file that `vocmine.read` reads, a folder of Parquet files, or tables one after the other. Rows of one
            contact stand side by side; a contact that comes back later has its rows rejected, as ``duplicate_id``.
        out : path
            Folder of the tables: ``contacts/``, ``turns/``, ``segments/``, ``spans/``, ``rejected/``, ``repairs/``,
            ``removed/`` and ``run/``, a Parquet file a chunk in each: ``pandas.read_parquet(out / "contacts")``.
        chunk_rows : int
            Rows scored, held and committed together.
        workers : int
            Processes, each with a model of its own and its share of the cores. On CUDA, each takes the same device.
        resume : bool
            Go on with what is in `out`, if it is of the same source, model and parameters. If False, what an earlier
            stream left there is removed first.
        clean : bool, optional
            Clean the turns first, see `Corpus.clean`. By default files are cleaned, as by `vocmine.read`, tables not.
        embeddings : bool
            Write the embeddings of the segments too, 2 kB each.
        **options
            Columns and dates, as in `Corpus.from_pandas`; what is not named is guessed from the first rows.

        Returns
        -------
        Stream
            Counts, and the tables to read back.

        Raises
        ------
        InputError
            If the source is of no kind that is read, or `out` lies in it, or holds something else, or another source,
            model or parameters.
        ReadError
            If the source is damaged.
        OutputError
            If the disk is full or the folder read-only: what is committed stays, and the next call goes on.

        Notes
        -----
        The same call gives the same tables, byte for byte, however often it is killed; those of ``run``, which hold
        timings, excepted. A cache that several workers share, or that is filled to its bound meanwhile, may change last
        digits. At most one chunk a worker, and one more, is scored again.
        """
        device = choose_device(self.device, self.precision)
        signature = {
            **self._parameters,
            "model_id": self._model.model_id,
            "device": device,
            "precision": choose_precision(device, self.precision),
        }
        return stream(
            source,
            out,
            score=self._quiet(threads=self.threads or max(1, usable_cores() // max(1, workers))).score,
            signature=signature,
            chunk_rows=chunk_rows,
            workers=workers,
            resume=resume,
            clean=clean,
            progress=self.progress,
            embeddings=embeddings,
            options=options,
        )

    def _quiet(self, threads: int) -> Miner:
        """Return this miner without its progress bar, and with so many threads; the model is loaded once for both."""
        other = copy(self)
        other.__dict__["_model"] = self._model
        other.progress = False
        other.threads = threads
        return other

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
        segments = Segments.of(corpus)
        encoding = engine.encode([segments.texts[i] for i in segments.scorable])
        reading = self._reading(segments, encoding)
        turns = reading.roll_up(reading.turn, corpus.turns.num_rows)
        model_id, sure = engine.model.model_id, self.min_confidence
        found = self._signals(corpus, segments, encoding, reading)
        scores = {
            "segments": segments.table,
            "segment_scores": segment_scores(segments.table, reading),
            "turn_scores": turn_scores(corpus, reading, turns, model_id, beside=found.turns, min_confidence=sure),
            "contact_scores": contact_scores(
                corpus, reading, turns, model_id, beside=found.contacts, min_confidence=sure
            ),
            "spans": merged(corpus, [aspect_spans(corpus, segments.table, reading), found.spans]),
        }
        scores["run"] = self._run_table(corpus, scores, encoding, reading.reasons, started_at, perf_counter() - clock)
        embedder = engine.model.embedder
        named = f"{embedder.name} via {model_id}" if embedder else model_id
        return Analysis(corpus, scores, segments.spread(encoding.embeddings), named)

    def _reading(self, segments: Segments, encoding: Encoding) -> Reading:
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

    def _signals(self, corpus: Corpus, segments: Segments, encoding: Encoding, reading: Reading) -> Signals:
        """Find what customers say besides how they feel, where it is asked for."""
        if not self.signals:
            return no_signals(corpus)
        n_turns, n_contacts = corpus.turns.num_rows, corpus.contacts.num_rows
        contact = customer_turns(corpus)
        return find_signals(
            corpus,
            segments,
            encoding,
            self.engine_.model,
            turn_sentiment=reading.by_kind(reading.turn, n_turns),
            contact_sentiment=reading.by_kind(contact[reading.turn], n_contacts),
        )

    @property
    def _parameters(self) -> dict[str, object]:
        names = ("device", "precision", "token_budget", "aspects", "signals", "min_confidence")
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

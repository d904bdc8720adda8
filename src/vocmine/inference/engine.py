"""`Engine`: a model on a device, and every text scored or rejected with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from vocmine._version import __version__
from vocmine.errors import DeviceError, InputError
from vocmine.inference import faults
from vocmine.inference.backends import Backend
from vocmine.inference.batching import CPU_TOKEN_BUDGET, GPU_TOKEN_BUDGET, Rows, batches
from vocmine.inference.cache import Cache
from vocmine.inference.device import choose_device, token_budget, usable_cores
from vocmine.inference.embedder import Embedder, embed_each
from vocmine.inference.layout import EMBEDDING, FEATURES, Layout
from vocmine.inference.planning import activation_bytes, embedding_seconds, encoding_seconds, peak_memory
from vocmine.inference.protocol import RunnableModel
from vocmine.inference.results import Encoding, EncodingStats, Plan
from vocmine.inference.run import Ids, Run, softmax
from vocmine.inference.tokens import TokenisedTexts, tokenise

Floats = NDArray[np.float32]


class Engine:
    """Run a model on one device.

    Memory that runs out halves the token budget for good; a text that does not fit alone waits for the CPU, and so do
    all remaining texts if the device is lost. What fails there too is rejected with its reason.

    Parameters
    ----------
    model : Model, HuggingFaceModel or HeadedModel
    device : str
        As in `choose_device`.
    token_budget : int, optional
        Most tokens in a batch, padding included. By default 512 on a CPU, and on a GPU what half of its free memory
        holds, to 65,536.
    precision : str
        As in `choose_precision`: ``auto``, ``float32``, ``int8`` (CPU, models in vocmine's own format), ``float16``
        (CUDA). On the CPU, the encoder of a model in vocmine's own format gives the same numbers in any batch, order
        and number of threads, bit for bit; an embedder and other models do within 1e-5.
    threads : int, optional
        Threads on the CPU: by default the cores that this process may use, or ``OMP_NUM_THREADS``.
    cache : Cache, str or Path, optional
        Where scores are kept for the next run, or its folder. They are put there when all texts are scored.
    progress : bool
        Show a progress bar, in tokens.
    backend : Backend, optional
        What computes the forward pass, in place of the model's own.

    Raises
    ------
    DeviceError
        The device asked for is not there, or does not compute in that precision.
    InputError
        The budget or the number of threads is below 1.

    Examples
    --------
    >>> from vocmine.inference import Model
    >>> engine = Engine(Model.from_pretrained("embedded"), device="cpu")
    >>> encoding = engine.encode(["Merci pour votre aide, tout est réglé.", "Toujours pas remboursé !", ""])
    >>> encoding.rejected
    {2: 'empty'}
    >>> encoding.probabilities["sentiment"].argmax(axis=1)[:2].tolist()
    [2, 0]
    """

    def __init__(
        self,
        model: RunnableModel,
        device: str = "auto",
        token_budget: int | None = None,
        *,
        precision: str = "auto",
        threads: int | None = None,
        cache: Cache | str | Path | None = None,
        progress: bool = False,
        backend: Backend | None = None,
    ) -> None:
        for name, value in {"token_budget": token_budget, "threads": threads}.items():
            if value is not None and value < 1:
                raise InputError(f"{name} is {value}, expected at least 1: leave it out for the default")
        self.model = model
        self.threads = threads or usable_cores()
        self.cache = Cache(cache) if isinstance(cache, (str, Path)) else cache
        self.progress = progress
        self._backend = backend or _start(model, device, precision, self.threads)
        self.token_budget = token_budget or self._default_budget(own=backend is None)

    def __repr__(self) -> str:
        return f"Engine({self.model!r}, device={self.device!r}, dtype={self.dtype!r}, token_budget={self.token_budget})"

    @property
    def device(self) -> str:
        """Where the model is now."""
        return self._backend.device

    @property
    def dtype(self) -> str:
        """Precision of the forward pass."""
        return self._backend.dtype

    def encode(self, texts: Sequence[str], *, features: bool = False, embeddings: bool = True) -> Encoding:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Repeated texts are encoded once.
        features : bool
            Give the features too: what heads with ``input="features"`` read.
        embeddings : bool
            Give the embeddings. Without them, a model that names an embedder takes a tenth less time, unless its heads
            read them.

        Returns
        -------
        Encoding
            One row a text, in the order given.

        Raises
        ------
        InputError
            One text is given rather than a sequence of them.
        """
        begun = perf_counter()
        tokenised = tokenise(texts, self.model)
        layout = Layout.of(self.model, embeddings=embeddings, features=features)
        scope = self._scope(layout)
        values, found = self._look_up(tokenised.texts, layout)
        pending = np.flatnonzero(~found)
        run, embedder_seconds = self._run(tokenised, pending, layout)
        values[pending] = run.values
        failed = {int(pending[place]): reason for place, reason in run.failed.items()}
        if self.cache is not None:
            kept = np.delete(pending, list(run.failed.keys() | run.strayed))
            self.cache.put(scope, [tokenised.texts[place] for place in kept], values[kept])
        stats = EncodingStats(
            n_texts=len(tokenised.places),
            n_distinct=len(tokenised.ids),
            n_cached=len(tokenised.ids) - len(pending),
            n_tokens=int(tokenised.lengths[pending].sum()),
            padding_share=_padding_share(run.encoded, run.computed),
            seconds=perf_counter() - begun,
            embedder_seconds=embedder_seconds,
            device=self.device,
            dtype=self.dtype,
            halvings=run.halvings,
        )
        return _scattered(tokenised, values, layout, failed, stats)

    def plan(self, texts: Sequence[str], *, embeddings: bool = True, measure: bool = True) -> Plan:
        """Say what `encode` would do.

        Parameters
        ----------
        texts : sequence of str
        embeddings : bool
            As in `encode`.
        measure : bool
            Time some of the batches, to estimate the seconds: within 30 % if the machine has no more and no less to do
            meanwhile.

        Raises
        ------
        InputError
            One text is given rather than a sequence of them.
        """
        tokenised = tokenise(texts, self.model)
        layout = Layout.of(self.model, embeddings=embeddings, features=False)
        _, found = self._look_up(tokenised.texts, layout)
        pending = np.flatnonzero(~found)
        ids = [tokenised.ids[place] for place in pending]
        lengths = tokenised.lengths[pending]
        cut = list(batches(lengths, self.token_budget, padded=self._backend.pads))
        computed = sum(int(lengths[rows].max()) * len(rows) for rows in cut)
        texts_left = [tokenised.texts[place] for place in pending]
        seconds = self._seconds(ids, cut, texts_left, layout) if measure else None
        return Plan(
            device=self.device,
            dtype=self.dtype,
            token_budget=self.token_budget,
            n_texts=len(texts),
            n_distinct=len(tokenised.ids),
            n_batches=len(cut),
            n_cached=len(tokenised.ids) - len(pending),
            n_tokens=(tokens := int(lengths.sum())),
            padding_share=_padding_share(tokens, computed),
            rejected=tokenised.rejected,
            memory=peak_memory(
                len(texts),
                layout.width,
                self._activations(lengths, cut),
                embedder=self._embedder(layout) is not None and not measure,
            ),
            seconds=seconds,
        )

    def _seconds(self, ids: Ids, cut: list[Rows], texts: list[str], layout: Layout) -> float | None:
        """Estimate how long encoding takes, from batches and texts timed now; None if they fail."""
        encoding = encoding_seconds(self._backend, ids, cut, self.model.pad_token_id)
        embedder = self._embedder(layout)
        embedding = embedding_seconds(embedder, texts, self.threads) if embedder else 0.0
        if encoding is None or embedding is None:
            return None
        return encoding + embedding if self.device == "cpu" else max(encoding, embedding)

    def _run(self, tokenised: TokenisedTexts, pending: Rows, layout: Layout) -> tuple[Run, float]:
        """Encode some of the texts, and let the embedder read them: beside a GPU, or in turn on the CPU."""
        ids = [tokenised.ids[place] for place in pending]
        texts = [tokenised.texts[place] for place in pending]
        run = Run(self._backend, ids, self.model, layout, self.token_budget, progress=self.progress)
        embedder = self._embedder(layout)
        if embedder is None:
            run.execute()
            seconds = 0.0
        elif self.device == "cpu":
            run.execute()
            begun = perf_counter()
            self._add(run, layout, *embed_each(embedder, texts, self.threads))
            seconds = perf_counter() - begun
        else:
            stop = Event()
            with ThreadPoolExecutor(1) as beside:
                embedding = beside.submit(embed_each, embedder, texts, self.threads, stop)
                try:
                    run.execute()
                    begun = perf_counter()
                    self._add(run, layout, *embedding.result())
                    seconds = perf_counter() - begun
                finally:
                    stop.set()  # where the run is interrupted, nobody waits for the embedder
        self.token_budget = run.budget
        return run, seconds

    def _add(self, run: Run, layout: Layout, vectors: Floats, failed: dict[int, str]) -> None:
        """Add to a run what the embedder says."""
        run.failed = failed | run.failed
        for name, weights in self.model.embedder_weights.items():
            columns = layout[f"heads.{name}"]
            run.values[:, columns] = _seconded(run.values[:, columns], vectors @ weights.T)
        if layout.widths[EMBEDDING]:
            run.values[:, layout[EMBEDDING]] = vectors
        # What has no score has no embedding either.
        run.values[list(run.failed)] = np.nan

    def _embedder(self, layout: Layout) -> Embedder | None:
        """Return the model's embedder, if what is asked for takes it."""
        return self.model.embedder if layout.widths[EMBEDDING] or self.model.embedder_weights else None

    def _scope(self, layout: Layout) -> str:
        """Name what the numbers of a text depend on besides the text."""
        return f"vocmine {__version__} | {self.model.model_id} | {self.dtype} | {layout}"

    def _look_up(self, texts: list[str], layout: Layout) -> tuple[Floats, NDArray[np.bool_]]:
        if self.cache is not None:
            return self.cache.get(self._scope(layout), texts, layout.width)
        return np.full((len(texts), layout.width), np.nan, dtype=np.float32), np.zeros(len(texts), dtype=np.bool_)

    def _activations(self, lengths: Rows, cut: list[Rows]) -> int:
        """Bytes of the batches that run at once, in this process."""
        if self.device != "cpu":
            return 0
        largest = max((int(lengths[rows].max()) * len(rows) for rows in cut), default=0)
        return self._backend.at_once * largest * activation_bytes(self.model.feature_size, self.dtype)

    def _default_budget(self, *, own: bool) -> int:
        """Ask the device what it has room for, unless it is behind a backend that is not the model's own."""
        if own:
            return token_budget(self.device, activation_bytes(self.model.feature_size, self.dtype))
        return CPU_TOKEN_BUDGET if self.device == "cpu" else GPU_TOKEN_BUDGET


def _start(model: RunnableModel, device: str, precision: str, threads: int) -> Backend:
    """Load the model on a device; where the choice is ours and the device fails, on the CPU."""
    chosen = choose_device(device, precision)
    try:
        return model.backend(chosen, precision, threads)
    except faults.CAUGHT as error:
        if chosen == "cpu" or isinstance(error, DeviceError):
            raise
        if device != "auto":
            raise DeviceError(
                f"the model could not be loaded on {chosen} ({faults.reason(error)}): free the device, or name another"
            ) from error
    return model.backend("cpu", precision if precision == "float32" else "auto", threads)


def _padding_share(tokens: int, computed: int) -> float:
    return 1 - tokens / computed if computed else 0.0


def _seconded(probabilities: Floats, added: Floats) -> Floats:
    """Add what the embedder says to logits; log-probabilities are logits but for a constant."""
    return softmax(np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) + added)


def _scattered(
    tokenised: TokenisedTexts, values: Floats, layout: Layout, failed: dict[int, str], stats: EncodingStats
) -> Encoding:
    """Put the results of the distinct texts back in the caller's order."""
    places = tokenised.places
    heads, shown = (
        [name.removeprefix(kind) for name in layout.widths if name.startswith(kind)] for kind in ("heads.", "evidence.")
    )
    lost = {row: failed[place] for row, place in enumerate(places.tolist()) if place in failed}
    counts = np.append(tokenised.lengths, 0)  # the last place is that of rejected rows, whose index is -1
    counts[list(failed)] = 0
    return Encoding(
        embeddings=_scatter(values[:, layout[EMBEDDING]], places),
        features=_scatter(values[:, layout[FEATURES]], places) if layout.widths[FEATURES] else None,
        probabilities={name: _scatter(values[:, layout[f"heads.{name}"]], places) for name in heads},
        rejected=dict(sorted((tokenised.rejected | lost).items())),
        unknown_share=_scatter(tokenised.unknown_share[:, None], places)[:, 0],
        n_tokens=counts[places],
        stats=stats,
        evidence={
            name: _scatter(values[:, layout[f"evidence.{name}"]], places).reshape(
                len(places), layout.widths[f"heads.{name}"], 2
            )
            for name in shown
        },
    )


def _scatter(values: Floats, places: Rows) -> Floats:
    """Give each row the values of its distinct text, and NaN to a row that has none."""
    rows = np.full((len(places), values.shape[1]), np.nan, dtype=np.float32)
    placed = places >= 0
    rows[placed] = values[places[placed]]
    return rows

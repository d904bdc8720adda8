"""`Engine`: a model on a device, and every text scored or rejected with a reason."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from vocmine.errors import DeviceError, InputError
from vocmine.inference import faults
from vocmine.inference.backends import Backend
from vocmine.inference.batching import CPU_TOKEN_BUDGET, GPU_TOKEN_BUDGET, Rows, batches
from vocmine.inference.device import choose_device
from vocmine.inference.embedder import Embedder
from vocmine.inference.protocol import RunnableModel
from vocmine.inference.results import Encoding, EncodingStats, Plan
from vocmine.inference.run import Run, pad, softmax
from vocmine.inference.tokens import TokenisedTexts, tokenise

Floats = NDArray[np.float32]


class Engine:
    """Run a model on one device.

    Memory that runs out halves the token budget for good; a text that does not fit alone waits for the CPU, and so do
    all remaining texts if the device is lost. What fails there too is rejected with its reason.

    Parameters
    ----------
    model : Model or HuggingFaceModel
    device : str
        As in `choose_device`.
    token_budget : int, optional
        Most tokens in a batch, padding included: 1,024 on CPU and 16,384 on GPU unless given.
    progress : bool
        Show a progress bar, in tokens.
    backend : Backend, optional
        What computes the forward pass, in place of PyTorch on `device`.

    Raises
    ------
    DeviceError
        The device asked for is not there.
    InputError
        The budget is below 1.

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
        progress: bool = False,
        backend: Backend | None = None,
    ) -> None:
        if token_budget is not None and token_budget < 1:
            raise InputError(f"token_budget is {token_budget}, expected at least 1: leave it out for the default")
        self.model = model
        self.progress = progress
        self._backend = backend or _start(model, device)
        on_cpu = self._backend.device == "cpu"
        self.token_budget = token_budget or (CPU_TOKEN_BUDGET if on_cpu else GPU_TOKEN_BUDGET)

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
        begun = time.perf_counter()
        tokenised = tokenise(texts, self.model)
        seconded = self.model.embedder_weights
        embedder = self.model.embedder if embeddings or seconded else None
        run = Run(
            self._backend,
            tokenised.ids,
            self.model,
            self.token_budget,
            progress=self.progress,
            embeddings=embeddings and embedder is None,
            features=features,
        )
        run.execute()
        if embedder is not None:
            vectors = _embedded(embedder, tokenised.texts, run.failed)
            run.probabilities |= {
                name: _seconded(run.probabilities[name], vectors @ weights.T) for name, weights in seconded.items()
            }
            if embeddings:
                run.embeddings = vectors
        self.token_budget = run.budget
        return self._encoding(tokenised, run, time.perf_counter() - begun)

    def _encoding(self, tokenised: TokenisedTexts, run: Run, seconds: float) -> Encoding:
        """Put the results of the distinct texts back in the caller's order."""
        places = tokenised.places
        failed = {row: run.failed[place] for row, place in enumerate(places.tolist()) if place in run.failed}
        return Encoding(
            embeddings=_scatter(run.embeddings, places),
            features=None if run.features is None else _scatter(run.features, places),
            probabilities={name: _scatter(values, places) for name, values in run.probabilities.items()},
            rejected=dict(sorted((tokenised.rejected | failed).items())),
            unknown_share=_scatter(tokenised.unknown_share[:, None], places)[:, 0],
            n_tokens=_token_counts(tokenised, run.failed),
            stats=EncodingStats(
                n_texts=len(places),
                n_distinct=len(tokenised.ids),
                n_tokens=int(tokenised.lengths.sum()),
                padding_share=_padding_share(run.encoded, run.computed),
                seconds=seconds,
                device=self.device,
                dtype=self.dtype,
                halvings=run.halvings,
            ),
        )

    def plan(self, texts: Sequence[str], *, measure: bool = False) -> Plan:
        """Say what `encode` would do.

        Parameters
        ----------
        texts : sequence of str
        measure : bool
            Time two batches of middling length to estimate the seconds.
        """
        tokenised = tokenise(texts, self.model)
        lengths = tokenised.lengths
        cut = list(batches(lengths, self.token_budget))
        computed = sum(int(lengths[rows].max()) * len(rows) for rows in cut)
        tokens = int(lengths.sum())
        return Plan(
            device=self.device,
            dtype=self.dtype,
            token_budget=self.token_budget,
            n_texts=len(texts),
            n_distinct=len(lengths),
            n_batches=len(cut),
            n_tokens=tokens,
            padding_share=_padding_share(tokens, computed),
            rejected=tokenised.rejected,
            seconds=self._seconds(tokenised, cut[len(cut) // 2], computed) if measure and cut else None,
        )

    def _seconds(self, tokenised: TokenisedTexts, rows: Rows, computed: int) -> float | None:
        """Time one batch, after a first that warms the device up, and scale to all positions; None if it fails."""
        ids, mask = pad(tokenised.ids, rows, self.model.pad_token_id)
        try:
            self._backend.forward(ids, mask)
            begun = time.perf_counter()
            self._backend.forward(ids, mask)
        except faults.CAUGHT:
            return None
        return (time.perf_counter() - begun) * computed / ids.size


def _start(model: RunnableModel, device: str) -> Backend:
    """Load the model on a device; where the choice is ours and the device fails, on the CPU."""
    chosen = choose_device(device)
    try:
        return model.backend(chosen)
    except faults.CAUGHT as error:
        if chosen == "cpu":
            raise
        if device != "auto":
            raise DeviceError(
                f"the model could not be loaded on {chosen} ({faults.reason(error)}): free the device, or name another"
            ) from error
    return model.backend("cpu")


def _padding_share(tokens: int, computed: int) -> float:
    return 1 - tokens / computed if computed else 0.0


def _embedded(embedder: Embedder, texts: list[str], failed: Collection[int]) -> Floats:
    """Embed distinct texts, but those that failed: what has no score has no embedding either."""
    kept = [place for place in range(len(texts)) if place not in failed]
    found = np.full((len(texts), embedder.size), np.nan, dtype=np.float32)
    if kept:
        found[kept] = embedder.embed([texts[place] for place in kept])
    return found


def _seconded(probabilities: Floats, added: Floats) -> Floats:
    """Add what the embedder says to logits; log-probabilities are logits but for a constant."""
    return softmax(np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) + added)


def _token_counts(tokenised: TokenisedTexts, failed: Collection[int]) -> Rows:
    # The last place is that of rejected rows, whose index is -1.
    counts = np.append(tokenised.lengths, 0)
    counts[list(failed)] = 0
    return counts[tokenised.places]


def _scatter(values: Floats, places: Rows) -> Floats:
    """Give each row the values of its distinct text, and NaN to a row that has none."""
    rows = np.full((len(places), values.shape[1]), np.nan, dtype=np.float32)
    placed = places >= 0
    rows[placed] = values[places[placed]]
    return rows

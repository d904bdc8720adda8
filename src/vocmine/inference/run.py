"""One pass over tokenised texts, whatever the device does meanwhile.

Memory runs out: the budget is halved and the batch cut again. One text alone does not fit, or comes back not finite in
half precision: it waits, and is tried on the CPU at the end, when nothing else runs. The device fails: the rest runs on
the CPU. The CPU fails: each text of the batch is tried alone, and those that fail are left with their reason.
"""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext, suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from vocmine.inference import faults
from vocmine.inference.backends import Backend, Forward
from vocmine.inference.batching import CPU_TOKEN_BUDGET, Rows, batch_end, longest_first
from vocmine.inference.layout import EMBEDDING, FEATURES, Layout
from vocmine.inference.protocol import RunnableModel

_log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Ids = list[NDArray[np.int32]]


class Run:
    """Encode distinct texts once each.

    Parameters
    ----------
    backend : Backend
    ids : list of int32 array
        Token ids of each distinct text.
    model : RunnableModel
        Gives the kinds of its heads, and the token to pad with.
    layout : Layout
        What is kept of each text.
    budget : int
        Most tokens in a batch, padding included.
    progress : bool

    Attributes
    ----------
    values : float32 array of shape (n, layout.width)
        NaN where the text failed.
    failed : dict of int to str
        Text → reason.
    budget : int
        What is left of the budget after the halvings.
    halvings : int
    encoded, computed : int
        Positions computed, padding excluded and included.
    strayed : set of int
        Texts computed in another precision than that of the start, on the CPU in the device's place.
    """

    def __init__(
        self, backend: Backend, ids: Ids, model: RunnableModel, layout: Layout, budget: int, *, progress: bool
    ) -> None:
        self.values = np.full((len(ids), layout.width), np.nan, dtype=np.float32)
        self.failed: dict[int, str] = {}
        self.budget = budget
        self.halvings = 0
        self.encoded = self.computed = 0
        self.strayed: set[int] = set()
        self._dtype = backend.dtype
        self._backend = backend
        self._ids = ids
        self._layout = layout
        self._kinds = {head.name: head.kind for head in model.heads}
        self._lengths = np.array([len(row) for row in ids], dtype=np.intp)
        self._pad = model.pad_token_id
        self._pooled = model.feature_size
        self._waiting: list[int] = []
        self._stuck = ""
        self._alone = backend.at_once == 1
        self._told: set[str] = set()
        self._pool = ThreadPoolExecutor(backend.at_once, "vocmine") if backend.at_once > 1 else None
        self._bar = tqdm(total=int(self._lengths.sum()), unit="token", unit_scale=True, disable=not progress)

    def execute(self) -> None:
        """Encode every text, or leave it in `failed`."""
        with self._bar, self._pool or nullcontext():
            self._encode(longest_first(self._lengths))
            if self._waiting:
                self._encode_waiting()

    def _encode(self, order: Rows) -> None:
        """Encode the texts of `order`, longest first: as many batches at once as the backend takes, and one ready."""
        lengths = self._lengths[order]
        ahead = 0 if self._alone else self._backend.at_once
        running: deque[tuple[Rows, Future[Forward | str]]] = deque()
        start = 0
        while start < len(order) or running:
            while start < len(order) and len(running) <= ahead:
                end = batch_end(lengths, start, self.budget, padded=self._backend.pads)
                running.append((order[start:end], self._start(order[start:end])))
                start = end
            self._settle(*running.popleft())
            if self._stuck:
                for rows in (*(rows for rows, _ in running), order[start:]):
                    self._fail(rows, self._stuck)
                return

    def _start(self, rows: Rows) -> Future[Forward | str]:
        """Compute a batch, in a thread of the pool where there is one."""
        if self._pool:
            return self._pool.submit(self._forward, rows)
        done: Future[Forward | str] = Future()
        done.set_result(self._forward(rows))
        return done

    def _forward(self, rows: Rows) -> Forward | str:
        """Encode one batch, or return the reason why not: an error would hold the tensors of its frames."""
        try:
            return self._backend.forward(*pad(self._ids, rows, self._pad))
        except faults.CAUGHT as error:
            self._tell(error)
            return faults.reason(error)

    def _tell(self, error: BaseException) -> None:
        """Log each kind of error once a run: what the device says, which knows tensors and no texts."""
        said = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        if said not in self._told:
            self._told.add(said)
            _log.warning("%s: %s", self._backend.device, said)

    def _settle(self, rows: Rows, running: Future[Forward | str]) -> None:
        """Keep what a batch gave, or do what can be done about its fault."""
        fault = self._kept(rows, running.result())
        if fault == faults.OUT_OF_MEMORY and len(rows) > 1:
            self._halve(int(self._lengths[rows[0]]) * len(rows))
            self._encode(rows)
        elif fault == faults.DEVICE_ERROR and self._backend.device != "cpu":
            _log.warning("%s failed: the rest runs on the CPU", self._backend.device)
            self._stuck = self._move("cpu")
            if self._stuck:
                self._fail(rows, self._stuck)
                return
            self.budget = min(self.budget, CPU_TOKEN_BUDGET)
            self._encode(rows)
        elif fault:
            self._one_by_one(rows, fault)

    def _kept(self, rows: Rows, outcome: Forward | str) -> str:
        """Keep the results of a batch; return the reason if it failed."""
        if isinstance(outcome, str):
            with suppress(*faults.CAUGHT):  # a lost device cannot release
                self._backend.release()
            return outcome
        if not self._fits(len(rows), outcome):
            return faults.DEVICE_ERROR
        lengths = self._lengths[rows]
        self.computed += int(lengths.max()) * len(rows) if self._backend.pads else int(lengths.sum())
        self.encoded += int(lengths.sum())
        self._keep(rows, outcome)
        return ""

    def _fits(self, texts: int, forward: Forward) -> bool:
        """Whether a batch gave each of its texts the numbers asked for, no fewer and no more."""
        given = {f"heads.{name}": values.shape for name, values in forward.logits.items()}
        given |= {f"evidence.{name}": values.shape for name, values in forward.evidence.items()}
        asked = {name: (texts, width) for name, width in self._layout.widths.items() if "." in name}
        return forward.embedding.shape == forward.features.shape == (texts, self._pooled) and given == asked

    def _keep(self, rows: Rows, forward: Forward) -> None:
        finite = np.isfinite(forward.embedding).all(axis=1) & np.isfinite(forward.features).all(axis=1)
        for values in forward.logits.values():
            finite &= np.isfinite(values).all(axis=1)
        kept = rows[finite]
        parts = {EMBEDDING: forward.embedding, FEATURES: forward.features}
        for name, values in parts.items():
            if self._layout.widths[name] == values.shape[1]:
                self.values[kept, self._layout[name]] = values[finite]
        for name, values in forward.logits.items():
            self.values[kept, self._layout[f"heads.{name}"]] = _PROBABILITIES[self._kinds[name]](values[finite])
        for name, values in forward.evidence.items():
            self.values[kept, self._layout[f"evidence.{name}"]] = values[finite]
        if self._backend.dtype != self._dtype:
            self.strayed.update(kept.tolist())
        self._bar.update(int(self._lengths[kept].sum()))
        self._give_up(rows[~finite], "non_finite")

    def _encode_waiting(self) -> None:
        """Give texts that failed alone a last chance, on the CPU and one at a time, then go back to the device."""
        home, budget = self._backend.device, self.budget
        waiting = np.array(self._waiting, dtype=np.intp)
        self._waiting, self._stuck, self._alone = [], "", True
        if home != "cpu" and (stuck := self._move("cpu")):
            self._fail(waiting, stuck)
            return
        self.budget = min(budget, CPU_TOKEN_BUDGET)
        self._encode(waiting[longest_first(self._lengths[waiting])])
        if home != "cpu" and not self._move(home):
            self.budget = budget

    def _one_by_one(self, rows: Rows, fault: str) -> None:
        """Tell the texts that fail from those that were only in their batch."""
        for row in rows:
            alone = rows[rows == row]
            if why := (fault if len(rows) == 1 else self._kept(alone, self._forward(alone))):
                self._give_up(alone, why)

    def _give_up(self, rows: Rows, reason: str) -> None:
        """Let texts wait for the CPU, or for its memory, or fail them if they have waited already."""
        if self._backend.device == "cpu" and (self._alone or reason != faults.OUT_OF_MEMORY):
            self._fail(rows, reason)
        else:
            self._waiting.extend(rows.tolist())

    def _fail(self, rows: Rows, reason: str) -> None:
        self.failed |= dict.fromkeys(rows.tolist(), reason)

    def _halve(self, positions: int) -> None:
        if positions > self.budget:  # cut before the last halving
            return
        self.budget = max(1, positions // 2)
        self.halvings += 1
        _log.warning("%s ran out of memory: batches of %d tokens from now on", self._backend.device, self.budget)

    def _move(self, device: str) -> str:
        """Return the reason if the model cannot be moved."""
        try:
            self._backend.move(device)
        except faults.CAUGHT as error:
            return faults.reason(error)
        return ""


def pad(ids: Ids, rows: Rows, pad_id: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Lay texts out as one rectangle.

    Returns
    -------
    ids : int32 array of shape (texts, longest)
    mask : bool array of shape (texts, longest)
        True for a token, False for padding.

    Examples
    --------
    >>> ids = [np.array([5, 6, 7], dtype=np.int32), np.array([8], dtype=np.int32)]
    >>> pad(ids, np.array([0, 1]), pad_id=1)[0].tolist()
    [[5, 6, 7], [8, 1, 1]]
    """
    lengths = np.array([len(ids[row]) for row in rows])
    mask = np.arange(lengths.max()) < lengths[:, None]
    rectangle = np.full(mask.shape, pad_id, dtype=np.int32)
    rectangle[mask] = np.concatenate([ids[row] for row in rows])
    return rectangle, mask


def softmax(logits: Floats) -> Floats:
    """Turn logits into probabilities, along the last axis.

    Examples
    --------
    >>> softmax(np.array([[0.0, 0.0]], dtype=np.float32)).tolist()
    [[0.5, 0.5]]
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Turn each logit into a probability of its own.

    Examples
    --------
    >>> sigmoid(np.array([[0.0, -200.0]], dtype=np.float32)).round(3).tolist()
    [[0.5, 0.0]]
    """
    return np.asarray(np.exp(-np.logaddexp(0, -logits)), dtype=np.float32)


_PROBABILITIES: Final = {"single_label": softmax, "multi_label": sigmoid}

"""One pass over tokenised texts, whatever the device does meanwhile.

Memory runs out: the budget is halved and the batch cut again. One text alone does not fit, or comes back not finite in
half precision: it waits, and is tried on the CPU at the end. The device fails: the rest runs on the CPU. The CPU fails:
each text of the batch is tried alone, and those that fail are left with their reason.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from vocmine.inference import faults
from vocmine.inference.backends import Backend, Forward
from vocmine.inference.batching import CPU_TOKEN_BUDGET, Rows, batch_end, longest_first
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
        Gives the sizes of the results, and the token to pad with.
    budget : int
        Most tokens in a batch, padding included.
    progress : bool
    embeddings, features : bool
        Keep the encoder's embeddings, its features.

    Attributes
    ----------
    embeddings : float32 array of shape (n, hidden)
        NaN where the text failed; of width 0 where they are not kept.
    features : float32 array of shape (n, width), or None
    probabilities : dict of str to float32 array of shape (n, labels)
    failed : dict of int to str
        Text → reason.
    budget : int
        What is left of the budget after the halvings.
    halvings : int
    encoded, computed : int
        Positions computed, padding excluded and included.
    """

    def __init__(
        self,
        backend: Backend,
        ids: Ids,
        model: RunnableModel,
        budget: int,
        *,
        progress: bool,
        embeddings: bool,
        features: bool,
    ) -> None:
        self.embeddings = _nan(len(ids), model.embedding_size if embeddings else 0)
        self.features = _nan(len(ids), model.feature_size) if features else None
        self.probabilities = {head.name: _nan(len(ids), len(head.labels)) for head in model.heads}
        self.failed: dict[int, str] = {}
        self.budget = budget
        self.halvings = 0
        self.encoded = self.computed = 0
        self._backend = backend
        self._ids = ids
        self._kinds = {head.name: head.kind for head in model.heads}
        self._lengths = np.array([len(row) for row in ids], dtype=np.intp)
        self._pad = model.pad_token_id
        self._waiting: list[int] = []
        self._bar = tqdm(total=int(self._lengths.sum()), unit="token", unit_scale=True, disable=not progress)

    def execute(self) -> None:
        """Encode every text, or leave it in `failed`."""
        with self._bar:
            self._encode(longest_first(self._lengths))
            if self._waiting:
                self._encode_waiting()

    def _encode(self, order: Rows) -> None:
        """Encode the texts of `order`, longest first."""
        lengths = self._lengths[order]
        start = 0
        while start < len(order):
            end = batch_end(lengths, start, self.budget)
            rows = order[start:end]
            fault = self._attempt(rows)
            if fault == faults.OUT_OF_MEMORY and len(rows) > 1:
                self._halve(int(lengths[start]) * len(rows))
                continue
            if fault == faults.DEVICE_ERROR and self._backend.device != "cpu":
                _log.warning("%s failed: the rest runs on the CPU", self._backend.device)
                if stuck := self._move("cpu"):
                    self._fail(order[start:], stuck)
                    return
                self.budget = min(self.budget, CPU_TOKEN_BUDGET)
                continue
            if fault:
                self._one_by_one(rows, fault)
            start = end

    def _encode_waiting(self) -> None:
        """Give the texts that failed alone on the device a last chance on the CPU, then go back to the device."""
        home, budget = self._backend.device, self.budget
        waiting = np.array(self._waiting, dtype=np.intp)
        self._waiting = []
        if home != "cpu" and (stuck := self._move("cpu")):
            self._fail(waiting, stuck)
            return
        self.budget = min(budget, CPU_TOKEN_BUDGET)
        self._encode(waiting[longest_first(self._lengths[waiting])])
        if home != "cpu" and self._move(home) is None:
            self.budget = budget

    def _attempt(self, rows: Rows) -> str | None:
        """Encode one batch; return the reason if it failed."""
        ids, mask = pad(self._ids, rows, self._pad)
        try:
            forward = self._backend.forward(ids, mask)
        except faults.CAUGHT as error:
            fault = faults.reason(error)
        else:
            self.computed += ids.size
            self.encoded += (tokens := int(mask.sum()))
            self._keep(rows, forward)
            self._bar.update(tokens)
            return None
        # Outside the handler, where the error no longer holds the tensors of its frames; a lost device cannot release.
        with suppress(*faults.CAUGHT):
            self._backend.release()
        return fault

    def _keep(self, rows: Rows, forward: Forward) -> None:
        finite = np.isfinite(forward.embedding).all(axis=1) & np.isfinite(forward.features).all(axis=1)
        for values in forward.logits.values():
            finite &= np.isfinite(values).all(axis=1)
        kept = rows[finite]
        if self.embeddings.shape[1]:
            self.embeddings[kept] = forward.embedding[finite]
        if self.features is not None:
            self.features[kept] = forward.features[finite]
        for name, values in forward.logits.items():
            self.probabilities[name][kept] = _PROBABILITIES[self._kinds[name]](values[finite])
        self._give_up(rows[~finite], "non_finite")

    def _one_by_one(self, rows: Rows, fault: str) -> None:
        """Tell the texts that fail from those that were only in their batch."""
        for row in rows:
            alone = rows[rows == row]
            if why := (fault if len(rows) == 1 else self._attempt(alone)):
                self._give_up(alone, why)

    def _give_up(self, rows: Rows, reason: str) -> None:
        """Let texts wait for the CPU, or fail them if this is the CPU."""
        if self._backend.device == "cpu":
            self._fail(rows, reason)
        else:
            self._waiting.extend(rows.tolist())

    def _fail(self, rows: Rows, reason: str) -> None:
        self.failed |= dict.fromkeys(rows.tolist(), reason)

    def _halve(self, positions: int) -> None:
        self.budget = max(1, positions // 2)
        self.halvings += 1
        _log.warning("%s ran out of memory: batches of %d tokens from now on", self._backend.device, self.budget)

    def _move(self, device: str) -> str | None:
        try:
            self._backend.move(device)
        except faults.CAUGHT as error:
            return faults.reason(error)
        return None


def _nan(rows: int, columns: int) -> Floats:
    return np.full((rows, columns), np.nan, dtype=np.float32)


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

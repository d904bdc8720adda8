"""A backend that computes what PyTorch does on the CPU, says that it is a GPU, and gives what it is told to give."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tests.faults.outcome import cpu_backend


class Call(NamedTuple):
    """What a fault may depend on."""

    number: int
    device: str
    ids: np.ndarray


class FaultyBackend:
    """Asks `fault` before each batch.

    Parameters
    ----------
    model : Model or HuggingFaceModel
    fault : callable
        Takes a `Call`; returns the error to raise, what turns a `Forward` into a bad one, or None.
    moves : iterable of exceptions or None
        What becomes of each move to another device.
    """

    at_once, pads, dtype = 1, True, "float32"

    def __init__(self, model, fault, moves=(), device="cuda:0"):
        self.device, self.calls = device, 0
        self._real, self._fault, self._moves = cpu_backend(model), fault, iter(moves)

    def forward(self, ids, mask):
        fault = self._fault(Call(self.calls, self.device, ids))
        self.calls += 1
        if isinstance(fault, BaseException):
            raise fault
        forward = self._real.forward(ids, mask)
        return fault(forward) if fault else forward

    def move(self, device):
        if error := next(self._moves, None):
            raise error
        self.device = device

    def release(self):
        pass


def put(value, part, row=0):
    """Spoil one text of a batch: NaN, or infinity."""

    def spoil(forward):
        spoilt = forward._replace(logits={name: values.copy() for name, values in forward.logits.items()})
        for name in ("embedding", "features"):
            spoilt = spoilt._replace(**{name: getattr(spoilt, name).copy()})
        target = getattr(spoilt, part)
        for values in target.values() if isinstance(target, dict) else [target]:
            values[row, -1] = value
        return spoilt

    return spoil


def reshape(change, part):
    """Give an array of another shape."""

    def spoil(forward):
        found = getattr(forward, part)
        spoilt = {name: change(values) for name, values in found.items()} if isinstance(found, dict) else change(found)
        return forward._replace(**{part: spoilt})

    return spoil


def without_logits(forward):
    """Forget a head."""
    return forward._replace(logits={})

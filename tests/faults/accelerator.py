"""A CUDA device in miniature: it computes on the CPU, keeps the rules of a real one, and fails as it is told.

PyTorch lets a mode see each of its functions before it runs. This one takes what is sent to ``cuda:0`` for its own,
follows it through the forward pass, and asks `fault` before each call that reaches the device.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace

import onnxruntime
import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

DEVICE, DRIVER = torch.device("cuda:0"), "/dev/nvidiactl"
# Compute capabilities with and without fast half precision.
FAST, SLOW = (8, 0), (6, 1)
# What PyTorch answers by itself, without a word to the device.
_QUIET = {"__get__", "__set__", "_set_grad_enabled", "_parse_to", "_has_compatible_shallow_copy_type"}


class OnDevice(torch.Tensor):
    """A tensor on the accelerator; what is computed from it is one too."""


class Accelerator(TorchFunctionMode):
    """One CUDA device.

    Parameters
    ----------
    fault : callable
        Takes the number of a call, from 0, and its name; returns the error to raise, or None.
    memory : int
        Bytes of the largest tensor that it holds.
    on_cpu : bool
        Let the calls that the CPU answers count and fail too.

    Attributes
    ----------
    names : list of str
        Calls so far.
    """

    def __init__(self, fault=lambda call, name: None, memory=2**40, *, on_cpu=False):
        super().__init__()
        self.fault, self.memory, self.on_cpu = fault, memory, on_cpu
        self.names, self._arriving = [], []
        self._rules = {
            "to": _to,
            "cpu": _plain,
            "numpy": _numpy,
            "pin_memory": torch.clone,
            "empty": _empty,
            "copy_": self._copy,
            "_has_compatible_shallow_copy_type": lambda one, other: type(one) is type(other),
        }

    @contextmanager
    def plugged_in(self, capability=SLOW):
        """Be the device that PyTorch finds."""
        stream = SimpleNamespace(synchronize=self._synchronise)
        answers = {"get_device_capability": capability, "mem_get_info": (2**30, 2**31), "empty_cache": None}
        quiet = {"is_available": True, "device_count": 1, "memory_reserved": 0, "memory_allocated": 0}
        exists, run = os.path.exists, threading.Thread.run
        with pytest.MonkeyPatch.context() as patch, self:
            patch.setattr(os.path, "exists", lambda path: path == DRIVER or exists(path))
            patch.setattr(threading.Thread, "run", self._in_thread(run))
            for name, value in answers.items():
                patch.setattr(torch.cuda, name, partial(self._answer, name, value))
            for name, value in (quiet | {"current_stream": stream}).items():
                patch.setattr(torch.cuda, name, lambda *_, value=value: value)
            if self.on_cpu:
                session = onnxruntime.InferenceSession
                patch.setattr(session, "run", self._counted("run", session.run))
            yield self

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name, kwargs = func.__name__, kwargs or {}
        if func == torch.Tensor.device.__get__ and isinstance(args[0], OnDevice):
            return DEVICE
        if name not in _QUIET and (
            self.on_cpu or name == "pin_memory" or any(map(_is_ours, tree_leaves((args, kwargs))))
        ):
            self._call(name)
        result = self._rules.get(name, partial(_compute, func))(*args, **kwargs)
        for tensor in tree_leaves(result):
            if isinstance(tensor, OnDevice) and tensor.nbytes > self.memory:
                raise torch.OutOfMemoryError(f"CUDA out of memory. Tried to allocate {tensor.nbytes} bytes.")
        return result

    def _call(self, name):
        self.names.append(name)
        if error := self.fault(len(self.names) - 1, name):
            raise error

    def _in_thread(self, run):
        """A mode sees its own thread alone: let it see those that start while the device is there."""

        def run_with_device(thread):
            with self:
                run(thread)

        return run_with_device

    def _counted(self, name, function):
        def call(*args, **kwargs):
            self._call(name)
            return function(*args, **kwargs)

        return call

    def _answer(self, name, value, *_):
        self._call(name)
        return value

    def _copy(self, host, tensor, *, non_blocking):
        """Begin a copy: it arrives when the host waits for it, and not before."""
        assert non_blocking
        self._arriving.append((host, _plain(tensor)))
        return host

    def _synchronise(self):
        self._call("synchronize")
        with torch._C.DisableTorchFunction():
            for host, tensor in self._arriving:
                host.copy_(tensor)
        self._arriving = []


def _is_ours(leaf):
    return isinstance(leaf, OnDevice) or (isinstance(leaf, (str, torch.device)) and str(leaf) == str(DEVICE))


def _plain(tensor):
    return tensor.as_subclass(torch.Tensor)


def _to(tensor, *targets, **kwargs):
    targets = [*targets, *kwargs.values()]
    places = [target for target in targets if isinstance(target, (str, torch.device))]
    dtypes = [target for target in targets if isinstance(target, torch.dtype)]
    here = _plain(tensor).to(*dtypes)
    return here.clone().as_subclass(OnDevice) if any(map(_is_ours, places or [tensor])) else here


def _numpy(tensor):
    assert not isinstance(tensor, OnDevice), "numpy cannot read a device's memory"
    return tensor.numpy()


def _empty(*size, **kwargs):
    """Pinned memory holds nothing of use before a copy arrives."""
    return (
        torch.full(*size, torch.nan, dtype=kwargs["dtype"])
        if kwargs.get("pin_memory")
        else torch.empty(*size, **kwargs)
    )


def _compute(func, *args, **kwargs):
    tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor) and leaf.dim()]
    assert len({isinstance(tensor, OnDevice) for tensor in tensors}) < 2, f"{func.__name__} mixes two devices"
    if "device" in kwargs and _is_ours(kwargs["device"]):
        return func(*args, **{**kwargs, "device": "cpu"}).as_subclass(OnDevice)
    return func(*args, **kwargs)

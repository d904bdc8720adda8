"""What fails beside the forward pass: memory that fills up, moves, the embedder, the cache, the measuring of a plan."""

import gc
import sqlite3
from itertools import count

import numpy as np
import pytest
import torch

from tests.faults.accelerator import Accelerator, OnDevice
from tests.faults.backend import FaultyBackend
from tests.faults.outcome import EMPTY, TEXTS, assert_all_scored, assert_none_lost, budget, cpu_backend
from tests.faults.test_every_kind import ERRORS, kinds
from vocmine.inference import Engine
from vocmine.inference.cache import Cache

WIDTH = 8


@pytest.mark.parametrize("memory", [2**14, 2**12, 2**10, 2**6, 0])
def test_a_device_with_room_for_less_than_a_batch_does_less_at_a_time(ours, ours_expected, memory):
    with Accelerator(memory=memory).plugged_in():
        assert_all_scored(Engine(ours, token_budget=64, threads=1).encode(TEXTS), ours_expected)


def test_a_batch_that_failed_keeps_no_memory(model):
    ids = np.array([[2, 3, 2]], dtype=np.int32)
    with Accelerator().plugged_in() as device:
        backend = model.backend("cuda:0")
        held = on_device()
        device.fault = lambda _, name: torch.OutOfMemoryError("CUDA out of memory.") if name == "sum" else None
        with pytest.raises(RuntimeError):
            backend.forward(ids, ids > 0)
        assert on_device() == held


def on_device():
    gc.collect()
    return sum(issubclass(type(thing), OnDevice) for thing in gc.get_objects())


@kinds(ERRORS)
@pytest.mark.parametrize("failing", range(4))
def test_a_move_that_fails_rejects_only_what_waited_for_it(ours, ours_expected, kind, failing):
    moves = [kind if move == failing else None for move in range(4)]
    backend = FaultyBackend(ours, lambda call: ERRORS["out of memory"] if call.device != "cpu" else None, moves)
    engine = Engine(ours, backend=backend, token_budget=budget(ours))
    first, second = engine.encode(TEXTS), engine.encode(TEXTS)
    assert_none_lost(first, ours_expected)
    assert_all_scored(second, ours_expected) if failing < 2 else assert_none_lost(second, ours_expected)


class WithEmbedder:
    """A model that leaves its embeddings to an embedder, which fails as it is told."""

    def __init__(self, model, fault):
        self._model, self._fault = model, fault
        self.embedding_size = self.size = WIDTH
        self.embedder, self.name = self, "faulty"
        self.embedder_weights = {"sentiment": np.ones((3, WIDTH), dtype=np.float32)}

    def __getattr__(self, name):
        return getattr(self._model, name)

    def embed(self, texts, threads=None):
        if error := self._fault(texts):
            raise error
        return np.array([[len(text)] * WIDTH for text in texts], dtype=np.float32)


EMBEDDER_TIMES = {
    "every time": lambda texts: True,
    "above a size": lambda texts: len(texts) > 1,
    "for one text": lambda texts: TEXTS[1] in texts,
}


@pytest.mark.parametrize("device", ["cuda:0", "cpu"])
@pytest.mark.parametrize("time", EMBEDDER_TIMES.values(), ids=EMBEDDER_TIMES)
@kinds(ERRORS)
def test_an_embedder_that_fails_loses_no_text(ours, kind, time, device):
    def run(fault):
        model = WithEmbedder(ours, fault)
        return Engine(model, backend=FaultyBackend(ours, lambda call: None, device=device)).encode(TEXTS)

    encoding = run(lambda texts: kind if time(texts) else None)
    assert_none_lost(encoding, run(lambda texts: None))
    lost = {"every time": len(TEXTS), "above a size": 1, "for one text": 2}
    assert len(encoding.rejected) == next(lost[name] for name, when in EMBEDDER_TIMES.items() if when is time)


@pytest.mark.parametrize("device", ["cuda:0", "cpu"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), TypeError("a bug")], ids=type)
def test_what_is_no_fault_of_the_embedder_goes_up(ours, error, device):
    model = WithEmbedder(ours, lambda texts: error)
    with pytest.raises(type(error)):
        Engine(model, backend=FaultyBackend(ours, lambda call: None, device=device)).encode(TEXTS)


class FaultyDatabase(sqlite3.Connection):
    """SQLite, where one statement fails."""

    statements, failing, error = 0, 0, None

    def execute(self, *args):
        self._count()
        return super().execute(*args)

    def executemany(self, *args):
        self._count()
        return super().executemany(*args)

    def executescript(self, *args):
        self._count()
        return super().executescript(*args)

    def _count(self):
        FaultyDatabase.statements += 1
        if FaultyDatabase.statements == FaultyDatabase.failing:
            raise FaultyDatabase.error


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("disk I/O error"),
        sqlite3.DatabaseError("database disk image is malformed"),
    ],
    ids=str,
)
def test_a_cache_that_fails_at_any_statement_costs_no_text(ours, ours_expected, tmp_path, monkeypatch, error):
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kwargs: connect(*args, **kwargs, factory=FaultyDatabase))
    monkeypatch.setattr(FaultyDatabase, "error", error)
    for failing in count(1):
        monkeypatch.setattr(FaultyDatabase, "statements", 0)
        monkeypatch.setattr(FaultyDatabase, "failing", failing)
        for _ in ("to fill", "to read"):
            engine = Engine(
                ours, backend=cpu_backend(ours), token_budget=budget(ours), cache=Cache(tmp_path / str(failing))
            )
            assert_all_scored(engine.encode(TEXTS), ours_expected)
        if FaultyDatabase.statements < failing:
            assert failing > 5
            return


@kinds(ERRORS)
def test_a_plan_that_cannot_be_measured_is_one_without_seconds(ours, kind):
    engine = Engine(ours, backend=FaultyBackend(ours, lambda call: kind), token_budget=budget(ours))
    plan = engine.plan(TEXTS, measure=True)
    assert (plan.seconds, plan.rejected) == (None, {EMPTY: "empty"})

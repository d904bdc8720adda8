"""Whatever fails, every text is scored or rejected with a reason, and those scored are scored right."""

import time
from threading import Lock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocmine.inference import Engine
from vocmine.inference.faults import reason

TEXTS = ["merci", "la facture", "colis pas reçu", "toujours pas reçu le colis", "bonjour service été merci", "pas ! !"]
LONGEST = 8  # tokens of the longest text, with <s>, query: and </s>

CUDA_OOM = RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
MPS_OOM = RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)")
CPU_OOM = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 12 bytes")
LOST = RuntimeError("CUDA error: unspecified launch failure")


class FaultyBackend:
    """The real forward pass, on a device that says it is a GPU and that fails as it is told.

    `faults` gives the error of a call, if any, from its number (from 0), the device and the shape of its batch.
    """

    def __init__(
        self, model, faults=lambda call, device, shape: None, moves=lambda device: None, device="cuda:0", at_once=1
    ):
        self.device, self.dtype = device, "float32"
        self.at_once, self.pads = at_once, at_once == 1
        self._counting = Lock()
        self.calls, self.released, self.visited = 0, 0, []
        self._real = model.backend("cpu")
        self._faults, self._moves = faults, moves

    def forward(self, ids, mask):
        with self._counting:
            error = self._faults(self.calls, self.device, ids.shape)
            self.calls += 1
        if error:
            raise error
        return self._real.forward(ids, mask)

    def move(self, device):
        if error := self._moves(device):
            raise error
        self.device = device
        self.visited.append(device)

    def release(self):
        self.released += 1


@pytest.fixture(scope="session")
def expected(tiny_model):
    return Engine(tiny_model, device="cpu").encode(TEXTS)


def assert_scored(encoding, expected):
    assert encoding.rejected == {}
    assert np.allclose(encoding.embeddings, expected.embeddings, atol=1e-5)
    assert np.allclose(encoding.probabilities["sentiment"], expected.probabilities["sentiment"], atol=1e-5)


@pytest.mark.parametrize("error", [CUDA_OOM, MPS_OOM, MemoryError(), LOST], ids=["cuda", "mps", "python", "lost"])
@pytest.mark.parametrize("site", range(6))
def test_one_fault_at_any_call_costs_no_text(tiny_model, expected, error, site):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: error if call == site else None)
    assert_scored(Engine(tiny_model, token_budget=1, backend=backend).encode(TEXTS), expected)


def test_memory_that_runs_out_halves_the_budget_for_good(tiny_model, expected):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: CUDA_OOM if np.prod(shape) > 20 else None)
    engine = Engine(tiny_model, token_budget=48, backend=backend)
    first, second = engine.encode(TEXTS), engine.encode(TEXTS)
    assert_scored(first, expected)
    assert (first.stats.halvings, second.stats.halvings) == (2, 0)
    assert engine.token_budget < 20
    assert backend.released == 2
    assert engine.device == "cuda:0"


def test_a_text_that_does_not_fit_alone_is_scored_on_the_cpu_and_the_device_goes_on(tiny_model, expected):
    backend = FaultyBackend(
        tiny_model, lambda call, device, shape: CUDA_OOM if device != "cpu" and shape[1] >= LONGEST - 1 else None
    )
    engine = Engine(tiny_model, backend=backend)
    assert_scored(engine.encode(TEXTS), expected)
    assert backend.visited == ["cpu", "cuda:0"]


def test_a_hugging_face_model_that_does_not_fit_is_scored_on_the_cpu_too(camembert):
    backend = FaultyBackend(
        camembert, lambda call, device, shape: CUDA_OOM if device != "cpu" and np.prod(shape) > LONGEST else None
    )
    assert_scored(Engine(camembert, backend=backend).encode(TEXTS), Engine(camembert, device="cpu").encode(TEXTS))
    assert backend.visited == ["cpu", "cuda:0"]


def test_a_lost_device_leaves_the_rest_to_the_cpu(tiny_model, expected):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: LOST if device != "cpu" and call >= 2 else None)
    engine = Engine(tiny_model, token_budget=8, backend=backend)
    encoding = engine.encode(TEXTS)
    assert_scored(encoding, expected)
    assert (encoding.stats.device, backend.visited) == ("cpu", ["cpu"])


def test_a_text_that_breaks_the_cpu_is_rejected_alone(tiny_model, expected):
    backend = FaultyBackend(
        tiny_model, lambda call, device, shape: LOST if shape[1] >= LONGEST - 1 else None, device="cpu"
    )
    encoding = Engine(tiny_model, backend=backend).encode(TEXTS)
    assert set(encoding.rejected.values()) == {"device_error"}
    assert_agree(encoding, expected)
    assert 0 < len(encoding.rejected) < len(TEXTS)


def test_memory_that_is_nowhere_rejects_every_text(tiny_model):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: CPU_OOM)
    encoding = Engine(tiny_model, backend=backend).encode(TEXTS)
    assert encoding.rejected == dict.fromkeys(range(len(TEXTS)), "out_of_memory")
    assert not encoding.n_tokens.any()


def test_a_cpu_that_cannot_take_over_rejects_the_rest(tiny_model, expected):
    backend = FaultyBackend(
        tiny_model, lambda call, device, shape: LOST if call else None, moves=lambda device: MemoryError()
    )
    encoding = Engine(tiny_model, token_budget=1, backend=backend).encode(TEXTS)
    assert list(encoding.rejected.values()) == ["out_of_memory"] * (len(TEXTS) - 1)
    assert_agree(encoding, expected)


def test_a_lost_device_that_cannot_even_give_its_memory_back_costs_no_text(tiny_model, expected):
    class Unreleasable(FaultyBackend):
        def release(self):
            raise LOST

    backend = Unreleasable(tiny_model, lambda call, device, shape: LOST if device != "cpu" else None)
    assert_scored(Engine(tiny_model, backend=backend).encode(TEXTS), expected)


class NarrowBackend(FaultyBackend):
    """A CPU on which so many tokens fit at a time, in all the batches that run at once."""

    def __init__(self, model, room, at_once):
        super().__init__(model, device="cpu", at_once=at_once)
        self._room, self._taken = room, 0

    def forward(self, ids, mask):
        with self._counting:
            fits = self._taken + ids.size <= self._room
            self._taken += ids.size
        try:
            if not fits:
                raise CPU_OOM
            time.sleep(0.002)
            return self._real.forward(ids, mask)
        finally:
            with self._counting:
                self._taken -= ids.size


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_no_text_is_lost_because_others_hold_the_memory(tiny_model, at_once):
    texts = [f"{'colis ' * 15}{word}" for word in ("merci", "été", "pas", "le", "la", "!", "reçu", "service")]
    engine = Engine(tiny_model, token_budget=64, backend=NarrowBackend(tiny_model, room=30, at_once=at_once))
    encoding = engine.encode(texts)
    assert encoding.rejected == {}
    assert engine.token_budget >= 16  # halved for what does not fit, not for what was cut before
    assert np.array_equal(encoding.embeddings, Engine(tiny_model, device="cpu").encode(texts).embeddings)


def test_what_the_device_says_is_logged_once(tiny_model, caplog):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: LOST, device="cpu")
    Engine(tiny_model, token_budget=1, backend=backend).encode(TEXTS)
    assert caplog.text.count("unspecified launch failure") == 1


class OverflowingBackend(FaultyBackend):
    """Gives NaN for the second text of each batch on the devices named."""

    def __init__(self, model, where, device):
        super().__init__(model, device=device)
        self._where = where

    def forward(self, ids, mask):
        forward = super().forward(ids, mask)
        if self.device in self._where:
            forward.embedding[1:2] = np.nan
        return forward


def test_a_text_that_overflows_half_precision_is_scored_on_the_cpu(tiny_model, expected):
    backend = OverflowingBackend(tiny_model, where={"cuda:0"}, device="cuda:0")
    assert_scored(Engine(tiny_model, backend=backend).encode(TEXTS), expected)


def test_a_text_that_is_not_finite_on_the_cpu_is_rejected(tiny_model, expected):
    backend = OverflowingBackend(tiny_model, where={"cpu"}, device="cpu")
    encoding = Engine(tiny_model, backend=backend).encode(TEXTS)
    assert list(encoding.rejected.values()) == ["non_finite"]
    assert_agree(encoding, expected)


def test_a_bug_is_not_taken_for_a_fault_of_the_device(tiny_model):
    backend = FaultyBackend(tiny_model, lambda call, device, shape: KeyError("encoder.layer.7"))
    with pytest.raises(KeyError):
        Engine(tiny_model, backend=backend).encode(TEXTS)


@settings(deadline=None)
@given(
    schedule=st.lists(st.sampled_from([None, None, CUDA_OOM, CPU_OOM, LOST, MemoryError()]), max_size=20),
    moves=st.lists(st.sampled_from([None, CUDA_OOM, LOST]), max_size=4),
    budget=st.integers(1, 60),
    device=st.sampled_from(["cuda:0", "mps", "cpu"]),
    at_once=st.sampled_from([1, 2, 4]),
)
def test_any_schedule_of_faults_ends_with_every_text_scored_or_rejected(
    tiny_model, expected, schedule, moves, budget, device, at_once
):
    remaining = iter(moves)
    backend = FaultyBackend(
        tiny_model,
        lambda call, device, shape: schedule[call] if call < len(schedule) else None,
        moves=lambda device: next(remaining, None),
        device=device,
        at_once=at_once,
    )
    assert_agree(Engine(tiny_model, token_budget=budget, backend=backend).encode(TEXTS), expected)


def assert_agree(encoding, expected):
    """Every row is rejected with a reason and NaN throughout, or scored as it should be."""
    for row in range(len(TEXTS)):
        if row in encoding.rejected:
            assert encoding.rejected[row] in {"out_of_memory", "device_error", "non_finite"}
            assert np.isnan(encoding.embeddings[row]).all()
            assert np.isnan(encoding.probabilities["sentiment"][row]).all()
        else:
            assert np.allclose(encoding.embeddings[row], expected.embeddings[row], atol=1e-5)
            assert np.isfinite(encoding.probabilities["sentiment"][row]).all()


@pytest.mark.parametrize(
    "error", [CUDA_OOM, MPS_OOM, CPU_OOM, MemoryError(), RuntimeError("CUBLAS_STATUS_ALLOC_FAILED")]
)
def test_memory_is_told_from_its_many_words(error):
    assert reason(error) == "out_of_memory"


def test_anything_else_is_the_device():
    assert reason(LOST) == "device_error"

"""Each kind of fault, each time that it may come, on the device or on the CPU: no text is lost or scored wrong."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.backend import FaultyBackend, put, reshape, without_logits
from tests.faults.outcome import TEXTS, assert_all_scored, assert_none_lost, budget
from vocmine.inference import Engine
from vocmine.inference.tokens import tokenise

PARTS = ("embedding", "features", "logits")
ERRORS = {
    "out of memory": RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    "lost": RuntimeError("CUDA error: unspecified launch failure"),
    "no memory on the host": MemoryError(),
}
SPOILT = {
    **{f"{value} in {part}": put(value, part) for value, part in product((np.nan, np.inf, -np.inf), PARTS)},
    **{f"a row short in {part}": reshape(lambda values: values[1:], part) for part in PARTS},
    **{f"a column short in {part}": reshape(lambda values: values[:, 1:], part) for part in PARTS},
    **{f"one row for all in {part}": reshape(lambda values: values[:1], part) for part in PARTS},
    **{f"flat {part}": reshape(np.ravel, part) for part in PARTS},
    "no logits": without_logits,
}
KINDS = ERRORS | SPOILT
TIMES = {
    "once": lambda call, one: call.number == 1,
    "every time": lambda call, one: True,
    "from the second on": lambda call, one: call.number >= 1,
    "above a size": lambda call, one: call.ids.size > 10,
    "for one text": lambda call, one: any(np.array_equal(row[: len(one)], one) for row in call.ids),
}
WHERE = {"on the device": {"cuda:0"}, "on the CPU": {"cpu"}, "everywhere": {"cuda:0", "cpu"}}


def kinds(table):
    return pytest.mark.parametrize("kind", table.values(), ids=table)


times = pytest.mark.parametrize("time", TIMES.values(), ids=TIMES)


def run(model, kind, time, where, device="cuda:0"):
    one = tokenise(TEXTS[1:2], model).ids[0]
    backend = FaultyBackend(
        model, lambda call: kind if call.device in where and time(call, one) else None, device=device
    )
    return Engine(model, backend=backend, token_budget=budget(model)).encode(TEXTS)


@times
@kinds(KINDS)
def test_what_fails_on_the_device_is_scored_on_the_cpu(ours, ours_expected, kind, time):
    assert_all_scored(run(ours, kind, time, WHERE["on the device"]), ours_expected)


@times
@kinds(KINDS)
@pytest.mark.parametrize("device", ["cuda:0", "cpu"])
def test_what_fails_everywhere_is_scored_or_rejected(ours, ours_expected, kind, time, device):
    assert_none_lost(run(ours, kind, time, WHERE["everywhere"], device), ours_expected)


@kinds(KINDS)
def test_what_fails_every_time_is_all_rejected(ours, ours_expected, kind):
    encoding = run(ours, kind, TIMES["every time"], WHERE["everywhere"])
    assert_none_lost(encoding, ours_expected)
    assert kind in SPOILT.values() or not encoding.scored.any()


@kinds(KINDS)
def test_one_text_that_fails_everywhere_is_rejected_alone(ours, ours_expected, kind):
    encoding = run(ours, kind, TIMES["for one text"], WHERE["everywhere"])
    assert_none_lost(encoding, ours_expected)
    if kind in ERRORS.values():
        assert list(encoding.rejected) == [1, TEXTS.index("")]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), TypeError("a bug"), KeyError("a bug")], ids=type)
@pytest.mark.parametrize("device", ["cuda:0", "cpu"])
def test_what_is_no_fault_goes_up(ours, error, device):
    with pytest.raises(type(error)):
        run(ours, error, TIMES["once"], WHERE["everywhere"], device)


@settings(deadline=None, max_examples=200)
@given(
    schedule=st.lists(st.sampled_from([None, None, *KINDS.values()]), max_size=24),
    moves=st.lists(st.sampled_from([None, *ERRORS.values()]), max_size=4),
    budget=st.integers(1, 60),
    device=st.sampled_from(["cuda:0", "mps", "cpu"]),
)
def test_any_schedule_of_any_faults_loses_no_text(ours, ours_expected, schedule, moves, budget, device):
    backend = FaultyBackend(
        ours, lambda call: schedule[call.number] if call.number < len(schedule) else None, moves, device
    )
    assert_none_lost(Engine(ours, backend=backend, token_budget=budget).encode(TEXTS), ours_expected)

"""A fault at each call that reaches the device or the CPU, from loading to the last copy, costs no text."""

from itertools import count, product

import pytest
import torch

from tests.faults.accelerator import Accelerator
from tests.faults.outcome import TEXTS, assert_all_scored, assert_none_lost, budget, cpu_backend
from vocmine.errors import DeviceError
from vocmine.inference import Engine

ERRORS = {
    "out of memory": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    "lost": getattr(torch, "AcceleratorError", RuntimeError)("CUDA error: an illegal memory access was encountered"),
    "no memory on the host": MemoryError(),
}
SCHEDULES = {
    "once": lambda call, site: call == site,
    "twice": lambda call, site: call in {site, site + 1},
    "from then on": lambda call, site: call >= site,
}
KINDS = tuple(product(ERRORS.values(), SCHEDULES.values()))
# Every call fails in some of the nine ways, which take turns: all nine would take ten minutes.
every_call = pytest.mark.parametrize(
    ("model", "turn"), [("ours", 0), ("ours", 1), ("ours", 2), ("huggingface", 0)], indirect=["model"]
)


def devices_that_fail(turn=0, *, on_cpu=False):
    """Give one device for each call that a run makes, and the error that it fails with from there."""
    for site in count():
        error, schedule = KINDS[(site + 4 * turn) % len(KINDS)]
        device = Accelerator(
            lambda call, _, at=(error, schedule, site): at[0] if at[1](call, at[2]) else None, on_cpu=on_cpu
        )
        with device.plugged_in():
            yield device, error
        if len(device.names) <= site:
            assert site > 50, "the runs ended before they began"
            return


def test_errors_of_devices_are_those_that_the_engine_answers():
    assert all(isinstance(error, (RuntimeError, MemoryError)) for error in ERRORS.values())


@every_call
def test_a_device_that_fails_leaves_its_texts_to_the_cpu(model, expected, turn):
    for _ in devices_that_fail(turn):
        assert_all_scored(Engine(model, token_budget=budget(model), threads=1).encode(TEXTS), expected)


@every_call
def test_where_the_cpu_fails_too_each_text_is_scored_or_rejected(model, expected, turn):
    for _, error in devices_that_fail(turn, on_cpu=True):
        try:
            engine = Engine(model, token_budget=budget(model), threads=1)
        except type(error):
            continue  # nothing loads, so no text was taken
        assert_none_lost(engine.encode(TEXTS), expected)


@every_call
def test_on_the_cpu_alone_each_text_is_scored_or_rejected(model, expected, turn):
    for _, error in devices_that_fail(turn, on_cpu=True):
        try:
            engine = Engine(model, backend=cpu_backend(model), token_budget=budget(model), threads=1)
        except type(error):
            continue
        assert_none_lost(engine.encode(TEXTS), expected)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), TypeError("a bug")], ids=type)
def test_what_is_no_fault_goes_up_from_every_call_and_leaves_the_engine_sound(ours, ours_expected, error):
    with Accelerator().plugged_in() as device:
        engine = Engine(ours, token_budget=budget(ours), threads=1)
        for site in count():
            last = len(device.names) + site
            device.fault = lambda call, _, last=last: error if call == last else None
            try:
                engine.encode(TEXTS)
            except type(error):
                assert_all_scored(engine.encode(TEXTS), ours_expected)
                assert engine.device == "cuda:0"
            else:
                assert site > 50
                return


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_a_device_asked_for_by_name_that_cannot_be_loaded_is_refused(ours, error):
    device = Accelerator(lambda _, name: error if name == "to" else None)
    with device.plugged_in(), pytest.raises(DeviceError, match="could not be loaded on cuda:0"):
        Engine(ours, "cuda")

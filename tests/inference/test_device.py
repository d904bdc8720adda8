"""The best device there is, in a precision that it computes well in, as much at a time as it holds."""

import pytest
import torch

from tests.faults.accelerator import FAST, SLOW, Accelerator
from vocmine.errors import DeviceError
from vocmine.inference import Engine, choose_device
from vocmine.inference.device import choose_precision, token_budget

KIB, GIB = 2**10, 2**30


def failing(error):
    return Accelerator(lambda call, name: error)


def test_a_device_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DeviceError, match=r"'cuda:97' was asked for.*cpu"):
        choose_device("cuda:97")


def test_a_name_that_is_no_device_is_refused_alike():
    with pytest.raises(DeviceError, match="'gpu' was asked for"):
        choose_device("gpu")


def test_auto_always_finds_one():
    assert choose_device("auto").split(":")[0] in {"cuda", "mps", "cpu"}


def test_auto_takes_the_gpu_where_there_is_one():
    with Accelerator().plugged_in():
        assert (choose_device("auto"), choose_device("cuda"), choose_device("cpu")) == ("cuda:0", "cuda:0", "cpu")


@pytest.mark.parametrize(
    ("device", "capability", "precision"),
    [("cpu", FAST, "float32"), ("mps", FAST, "float32"), ("cuda:0", FAST, "float16"), ("cuda:0", SLOW, "float32")],
)
def test_half_precision_is_chosen_where_it_is_fast(device, capability, precision):
    with Accelerator().plugged_in(capability):
        assert choose_precision(device) == precision


@pytest.mark.parametrize(
    ("device", "capability", "wanted"),
    [("cpu", FAST, "int8"), ("cpu", FAST, "float32"), ("cuda:0", FAST, "float32"), ("cuda:0", FAST, "float16")],
)
def test_a_precision_that_is_offered_is_taken_as_said(device, capability, wanted):
    with Accelerator().plugged_in(capability):
        assert choose_precision(device, wanted) == wanted


@pytest.mark.parametrize(
    ("device", "wanted", "offered"),
    [
        ("cpu", "float16", "cpu offers float32, int8"),
        ("cuda:0", "float16", "cuda:0 offers float32:"),
        ("cuda:0", "int8", "cuda:0 offers float32:"),
        ("mps", "int8", "mps offers float32:"),
        ("cpu", "bfloat16", "cpu offers float32, int8"),
    ],
)
def test_a_precision_that_is_not_is_refused_with_those_that_are(device, wanted, offered):
    with Accelerator().plugged_in(SLOW), pytest.raises(DeviceError, match=f"'{wanted}' was asked for, {offered}"):
        choose_precision(device, wanted)


def test_an_engine_refuses_it_before_it_loads_anything(tiny_model):
    with pytest.raises(DeviceError, match="'float16' was asked for, cpu offers float32, int8"):
        Engine(tiny_model, "cpu", precision="float16")


@pytest.mark.parametrize("error", [RuntimeError("CUDA error: unknown error"), MemoryError()], ids=type)
def test_a_gpu_that_cannot_say_what_it_is_gets_what_every_gpu_takes(error):
    with failing(error).plugged_in(FAST):
        assert choose_precision("cuda:0") == "float32"
        assert token_budget("cuda:0", 30 * KIB) == 1_024


def test_a_cpu_gets_as_much_as_its_caches_hold():
    assert token_budget("cpu", 1) == token_budget("cpu", GIB) == 512


@pytest.mark.parametrize(
    ("free", "per_token", "tokens"),
    [
        (80 * GIB, 15 * KIB, 65_536),
        (1 * GIB, 15 * KIB, 32_768),
        (1 * GIB, 16 * KIB, 32_768),
        (1 * GIB, 17 * KIB, 16_384),
        (10 * KIB, 15 * KIB, 1_024),
        (0, 15 * KIB, 1_024),
    ],
)
def test_a_gpu_gets_what_half_of_its_free_memory_holds(monkeypatch, free, per_token, tokens):
    with Accelerator().plugged_in():
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (free, 80 * GIB))
        assert token_budget("cuda:0", per_token) == tokens


def test_what_pytorch_holds_for_reuse_is_free_too(monkeypatch):
    with Accelerator().plugged_in():
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (0, 80 * GIB))
        monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 3 * GIB)
        monkeypatch.setattr(torch.cuda, "memory_allocated", lambda _: 2 * GIB)
        assert token_budget("cuda:0", 16 * KIB) == 32_768


def test_apple_s_gpu_is_asked_in_its_own_words(monkeypatch):
    monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 2 * GIB)
    monkeypatch.setattr(torch.mps, "driver_allocated_memory", lambda: GIB)
    assert token_budget("mps", 30 * KIB) == 16_384
    assert token_budget("mps", 64 * KIB) == 8_192


def test_int8_takes_the_cpu_unless_a_device_is_named():
    assert choose_device("auto", "int8") == "cpu"

import pytest

from vocmine.errors import DeviceError
from vocmine.inference import choose_device, choose_dtype


def test_a_device_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(DeviceError, match=r"'cuda:97' was asked for.*cpu"):
        choose_device("cuda:97")


def test_a_name_that_is_no_device_is_refused_alike():
    with pytest.raises(DeviceError, match="'gpu' was asked for"):
        choose_device("gpu")


def test_auto_always_finds_one():
    assert choose_device("auto").split(":")[0] in {"cuda", "mps", "cpu"}


def test_the_cpu_computes_in_float32():
    assert choose_device("cpu") == "cpu"
    assert choose_dtype("cpu") == "float32"

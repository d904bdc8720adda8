"""One tree of errors, and the standard exceptions callers may already catch."""

import inspect

import pytest

from vocmine import errors

EVERY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_has_the_root_and_is_drawn_in_the_tree(kind):
    assert issubclass(kind, errors.VocmineError)
    assert kind.__name__ in errors.__doc__


@pytest.mark.parametrize(
    ("kind", "standard"),
    [
        (errors.InputError, ValueError),
        (errors.ColumnError, ValueError),
        (errors.ModelNotFoundError, FileNotFoundError),
        (errors.DeviceError, RuntimeError),
    ],
)
def test_standard_exceptions_catch_them(kind, standard):
    assert issubclass(kind, standard)

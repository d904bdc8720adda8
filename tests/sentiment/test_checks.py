"""What is refused says which row and why, and never a customer's words."""

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import InputError
from vocmine.sentiment.checks import check_labels, check_texts, check_weights

SECRET = "Mme Dupont"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "got no text"),
        (SECRET, "got one str, expected a sequence"),
        (3, "got one int"),
        ([SECRET, None], "row 1 is NoneType, expected str"),
        ([SECRET, 3.5], "row 1 is float"),
        (pd.Series([SECRET, np.nan], dtype=object), "row 1 is float"),
        ([SECRET, " ", SECRET, "\u200b"], "rows 1, 3 are blank"),
        (pd.DataFrame({"text": [SECRET]}), r"got texts of shape \(1, 1\)"),
    ],
)
def test_texts_are_refused_by_row_and_not_by_their_words(texts, message):
    with pytest.raises(InputError, match=message) as caught:
        check_texts(texts)
    assert SECRET not in str(caught.value)


def test_as_many_labels_as_texts():
    with pytest.raises(InputError, match="got 1 texts and 2 labels"):
        check_texts(["Bonjour"], n_labels=2)


def test_texts_are_repaired_as_in_a_corpus():
    assert check_texts(np.array(["J\x92attends  encore"])) == ["J’attends encore"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "the target y is None"),
        (["a", "a"], "labels of one class"),
        (["a", None], "row 1 is without a label"),
        (["a", np.nan], "row 1 is without a label"),
        (["a", "b", 1], "Unknown label type: got int, str"),
        ([("a",), "b"], "Unknown label type: got str, tuple"),
        ([1.0, np.nan], "row 1 is without a label"),
        (pd.Series(["a", pd.NA]), "row 1 is without a label"),
        ([0.5, 1.5], "Unknown label type"),
        (np.array(["a", 1], dtype=object), "Unknown label type: got int, str"),
        ([["a"], ["b"]], r"labels of shape \(2, 1\)"),
    ],
)
def test_labels_are_refused(labels, message):
    with pytest.raises(InputError, match=message):
        check_labels(labels)


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["b", "a"], ["a", "b"]),
        (pd.Series(["b", "a"], dtype="category"), ["a", "b"]),
        (np.array([2, 1], dtype=np.int8), [1, 2]),
        ([np.int64(2), np.int64(1)], [1, 2]),
        (np.array(["b", "a"]), ["a", "b"]),
        ([1.0, 0.0], [0.0, 1.0]),
        ([True, False], [False, True]),
    ],
)
def test_classes_are_sorted_and_keep_their_kind(labels, classes):
    found, codes = check_labels(labels)
    assert found.tolist() == classes
    assert [type(value) for value in found.tolist()] == [type(value) for value in classes]
    assert codes.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("weights", "class_weight", "message"),
    [
        ([1.0], None, "weights of shape"),
        ([1.0, -1.0], None, "negative"),
        ([1.0, np.inf], None, "not finite"),
        ([1.0, 0.0], None, "0 for a whole class"),
        (None, {"a": 1.0, "c": 1.0}, "class_weight does not fit"),
    ],
)
def test_weights_are_refused(weights, class_weight, message):
    with pytest.raises(InputError, match=message):
        check_weights(weights, class_weight, np.array(["a", "b"]), np.array([0, 1]))


def test_weights_of_texts_and_classes_multiply():
    classes, codes = np.array(["a", "b"]), np.array([0, 0, 0, 1])
    assert check_weights(None, "balanced", classes, codes).tolist() == pytest.approx([2 / 3] * 3 + [2])
    assert check_weights([1, 2, 3, 4], {"a": 1, "b": 10}, classes, codes).tolist() == [1, 2, 3, 40]

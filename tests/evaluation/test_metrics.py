"""macro-F1 agrees with scikit-learn and treats a foreign label as an error."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from vocmine.errors import InputError
from vocmine.evaluation import accuracy, macro_f1

LABELS = ("negative", "neutral", "positive")


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=60))
def test_equals_scikit_learn_on_the_classes_of_the_truth(pairs):
    truth, predicted = (list(side) for side in zip(*pairs, strict=True))
    expected = f1_score(truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0)
    assert macro_f1(truth, predicted, draws=2).value == pytest.approx(expected)


def test_a_label_the_truth_never_holds_is_an_error_and_no_class():
    assert macro_f1(["negative", "negative"], ["negative", "mixed"], draws=2).value == pytest.approx(2 / 3)


def test_lengths_must_agree():
    with pytest.raises(InputError, match="got 2 labels and 1 predictions"):
        macro_f1(["negative", "neutral"], ["negative"])


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_every_text_needs_a_true_label(missing):
    with pytest.raises(InputError, match="got 1 texts without a true label"):
        macro_f1(["negative", missing], ["negative", "neutral"])


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from((*LABELS, None))), min_size=1, max_size=60))
def test_accuracy_is_the_share_of_right_labels_and_no_answer_is_an_error(pairs):
    truth, predicted = (list(side) for side in zip(*pairs, strict=True))
    assert accuracy(truth, predicted, draws=2).value == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))

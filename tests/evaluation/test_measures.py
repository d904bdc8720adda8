"""Tables of figures: what counts on which texts."""

import numpy as np
import pandas as pd
import pytest

from vocmine.evaluation import load
from vocmine.evaluation.measures import (
    Predictions,
    Resampling,
    figures,
    noise_figures,
    pair_figures,
    slice_figures,
)

HOW = Resampling(draws=50, seed=0)
TWO = ("negative", "positive")
FRAME = pd.DataFrame(
    {
        "text": ["Nul", "Bien", "Très bien fait", "Bien mais très lent", "Bon"],
        "label": ["negative", "positive", "positive", "mixed", "positive"],
        "canal": ["email", "email", "chat", "chat", "email"],
    }
)


@pytest.fixture(scope="module")
def dataset():
    return load(FRAME, name="avis")


def of_two(labels, p_negative):
    p = np.array(p_negative)
    return Predictions(tuple(labels), TWO, np.stack([p, 1 - p], axis=1), TWO)


@pytest.fixture(scope="module")
def model():
    labels = ["negative", "positive", "negative", "positive", None]
    return of_two(labels, [0.9, 0.2, 0.6, 0.3, 0.5])


def test_a_label_that_the_model_cannot_give_is_an_error_and_is_named(dataset, model):
    found = figures(dataset, model, HOW)
    assert found["unknown_labels"] == "mixed: 1"
    assert (found["n"], found["n_probabilities"]) == (5, 4)
    assert found["accuracy"] == pytest.approx(2 / 5)
    assert found["abstained"] == pytest.approx(1 / 5)


def test_probabilities_count_on_the_texts_whose_label_has_one(dataset, model):
    losses = -np.log([0.9, 0.8, 0.4, 0.5])
    assert figures(dataset, model, HOW)["negative_log_likelihood"] == pytest.approx(losses.mean())


def test_a_model_without_probabilities_has_no_figure_of_them(dataset):
    found = figures(dataset, Predictions(("positive",) * 5, ()), HOW)
    assert np.isnan(found["brier"])
    assert found["n_probabilities"] == 0
    assert found["unknown_labels"] == ""  # it does not tell which labels it has


def test_slices_are_parts_of_the_whole_and_one_that_all_share_is_none(dataset, model):
    found = pd.DataFrame(list(slice_figures(dataset, model, HOW)))
    assert found.groupby("slice")["n"].sum().to_dict() == {"channel": 5, "length": 5}
    assert found.loc[found["slice"] == "channel", "value"].tolist() == ["chat", "email"]
    same = load(FRAME.assign(canal="email"), name="avis")
    assert {row["slice"] for row in slice_figures(same, model, HOW)} == {"length"}


def test_noise_that_changes_nothing_loses_nothing(dataset, model):
    found = noise_figures("lower", dataset, model, model, HOW)
    assert (found["slice"], found["value"], found["n"]) == ("noise", "lower", 5)
    assert (found["difference"], found["difference_low"], found["difference_high"]) == (0, 0, 0)


def test_noise_that_spoils_everything_has_a_negative_difference(dataset, model):
    assert noise_figures("lower", dataset, model, Predictions((None,) * 5, TWO), HOW)["difference"] < 0


def test_models_with_other_labels_are_held_to_the_texts_that_both_can_be(dataset, model):
    four = ("negative", "neutral", "positive", "mixed")
    other = Predictions(("mixed",) * 5, four, np.full((5, 4), 0.25), four)
    found = {row["metric"]: row for row in pair_figures(dataset, other, model, HOW)}
    assert found["accuracy"]["n"] == 5
    assert found["brier"]["n"] == 4
    assert found["negative_log_likelihood"]["difference"] == pytest.approx(
        np.log(4) + np.log([0.9, 0.8, 0.4, 0.5]).mean()
    )
    assert found["accuracy"]["p_mcnemar"] == pytest.approx(1)
    assert found["brier"]["p_mcnemar"] is None


def test_labels_alone_are_compared_by_labels_alone(dataset, model):
    rows = pair_figures(dataset, Predictions(("positive",) * 5, TWO), model, HOW)
    assert [row["metric"] for row in rows] == ["macro_f1", "accuracy"]


def test_predictions_of_successive_texts_are_put_together(model):
    twice = Predictions.join([model, model])
    assert twice.labels == model.labels * 2
    assert twice.probabilities.shape == (10, 2)
    alone = Predictions(("positive",), TWO)
    assert Predictions.join([alone, alone]).probabilities is None

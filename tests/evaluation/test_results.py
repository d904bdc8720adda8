"""A comparison that is saved and loaded is the same comparison."""

import json

import pytest

from vocmine.errors import ReadError
from vocmine.evaluation import Comparison

ROW = {
    "model": "embedded",
    "dataset": "avis <1>",
    "n": 40,
    "macro_f1": 0.7,
    "macro_f1_low": 0.6123456789012345,
    "macro_f1_high": 0.8,
    "accuracy": 0.75,
    "accuracy_low": 0.65,
    "accuracy_high": 0.85,
    "brier": float("nan"),
    "n_probabilities": 0,
    "abstained": 0.025,
    "unknown_labels": "mixed: 3",
    "texts_per_second": 21.3,
}
PAIR = {"model": "other", "dataset": "avis <1>", "against": "embedded", "metric": "macro_f1", "n": 40, "p": 0.0123}


@pytest.fixture
def comparison():
    return Comparison.of([ROW, ROW | {"model": "other"}], [], [PAIR], {"vocmine": "0.1.0", "parameters": {"seed": 0}})


def test_saved_and_loaded_it_is_the_same(comparison, tmp_path):
    again = Comparison.load(comparison.save(tmp_path / "results.json"))
    assert again == comparison
    assert again.table.dtypes.equals(comparison.table.dtypes)
    assert again.slices.columns.equals(comparison.slices.columns)


def test_another_figure_is_another_comparison(comparison):
    assert comparison != Comparison.of([ROW], [], [PAIR], comparison.about)
    assert comparison != "comparison"


def test_the_file_is_json_that_any_reader_takes(comparison, tmp_path):
    content = json.loads(comparison.save(tmp_path / "results.json").read_text(encoding="utf-8"))
    assert (content["format"], content["format_version"]) == ("vocmine-comparison", 1)
    assert content["table"][0]["brier"] is None
    assert content["about"]["vocmine"] == "0.1.0"


def test_people_read_figures_with_their_interval(comparison):
    summary = comparison.summary()
    assert summary.loc[0, "macro-F1"] == "0.700 [0.612, 0.800]"
    assert summary.loc[0, "Brier"] == "–"
    assert summary["p vs first"].tolist() == ["", "0.012"]
    assert summary.loc[0, "notes"] == "cannot say mixed: 3; abstained on 2.5%"
    assert repr(comparison).startswith("Comparison(2 models, 1 data sets)\n")
    assert "avis &lt;1&gt;" in comparison._repr_html_()


def test_robustness_is_one_row_a_model_and_a_column_a_noise():
    keys = {"model": "embedded", "dataset": "avis", "slice": "noise", "n": 40}
    lower = keys | {"value": "lower", "difference": -0.02, "difference_low": -0.05, "difference_high": 0.01}
    same = keys | {"value": "capitals", "difference": 0.0, "difference_low": 0.0, "difference_high": 0.0}
    (row,) = Comparison.of([], [lower, same], [], {}).robustness().to_dict("records")
    assert row == {
        "data set": "avis",
        "model": "embedded",
        "lower": "-0.020 [-0.050, +0.010]",
        "capitals": "+0.000 [+0.000, +0.000]",
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "no comparison can be read there"),
        ("[]", "expected \\('vocmine-comparison', 1\\)"),
        ('{"format": "vocmine-comparison", "format_version": 9}', "9"),
        ('{"format": "vocmine-comparison", "format_version": 1}', "the tables are not whole"),
    ],
)
def test_what_is_no_comparison_is_refused(tmp_path, content, message):
    (tmp_path / "results.json").write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        Comparison.load(tmp_path / "results.json")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ReadError, match="FileNotFoundError"):
        Comparison.load(tmp_path / "results.json")

"""The parts of the quality benchmark that need neither data nor encoder: figures, folds, held-out predictions."""

import importlib

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import InputError, ReadError
from vocmine.evaluation import Dataset, macro_f1, paired_difference
from vocmine.evaluation.folds import Folds

RANDOM = np.random.default_rng(0)
TRUTH = RANDOM.choice(["negative", "neutral", "positive"], 80).tolist()
GOOD = [label if lucky else "neutral" for label, lucky in zip(TRUTH, RANDOM.random(80) < 0.8, strict=True)]
POOR = [label if lucky else "neutral" for label, lucky in zip(TRUTH, RANDOM.random(80) < 0.4, strict=True)]


@pytest.fixture
def figures():
    return importlib.import_module("figures")


@pytest.fixture
def held_out():
    return importlib.import_module("held_out")


@pytest.fixture
def aspects():
    return importlib.import_module("aspects")


@pytest.fixture
def peers():
    return importlib.import_module("peers")


@pytest.fixture
def refits():
    return importlib.import_module("refits")


def whole(figures, *runs):
    return figures.Figure.of([figures.Cell.whole(TRUTH, *runs)], len(TRUTH))


class TestFigures:
    def test_a_figure_is_the_librarys_macro_f1_with_its_interval(self, figures):
        assert whole(figures, GOOD).to_json() == pytest.approx(macro_f1(TRUTH, GOOD)._asdict(), abs=1e-4)

    def test_a_difference_is_the_librarys_paired_one(self, figures):
        less = whole(figures, GOOD) - whole(figures, POOR)
        expected = paired_difference("macro_f1", TRUTH, GOOD, POOR)
        assert (*less.to_json().values(), less.p) == pytest.approx(tuple(expected), abs=1e-4)

    def test_a_model_does_not_differ_from_itself(self, figures):
        less = whole(figures, GOOD) - whole(figures, GOOD)
        assert (less.value, less.p) == (0, 1)

    def test_several_runs_count_by_their_mean_and_not_by_a_vote(self, figures):
        both = whole(figures, GOOD, POOR).value
        assert both == pytest.approx((whole(figures, GOOD).value + whole(figures, POOR).value) / 2)

    def test_a_cell_counts_its_own_texts_alone(self, figures):
        rows = np.arange(0, 80, 2)
        truth, said = [TRUTH[row] for row in rows], [GOOD[row] for row in rows]
        found = figures.Figure.of([figures.Cell(rows, truth, [said])], len(TRUTH))
        assert found.value == pytest.approx(macro_f1(truth, said).value)
        assert found.draws.std() > 0

    def test_the_mean_of_sets_is_surer_than_each(self, figures):
        sets = [figures.Figure.of([figures.Cell.whole(TRUTH, GOOD)], 80, seed) for seed in range(6)]
        mean = figures.Figure.mean(sets)
        assert mean.value == pytest.approx(sets[0].value)
        assert mean.draws.std() < 0.6 * sets[0].draws.std()


class TestHeldOutPredictions:
    ROWS = "set,id,head,fold,negative,positive,mixed\n"

    @pytest.fixture
    def read(self, held_out, tmp_path):
        def read(rows):
            (tmp_path / "held_out.csv").write_text(self.ROWS + rows, encoding="utf-8")
            return held_out.HeldOut.read(tmp_path / "held_out.csv")

        return read

    def test_come_in_the_order_asked_for_with_the_labels_the_head_knows(self, read):
        found = read("avis,007,satisfaction,0,.2,.8,\navis,008,satisfaction,1,.9,.1,\n")
        (run,) = found.runs("avis", "satisfaction", ["008", "007"])
        assert list(run.columns) == ["negative", "positive"]
        assert found.labels("avis", "satisfaction", ["008", "007"]) == [["negative", "positive"]]

    def test_are_several_runs_where_several_models_predict_the_whole_set(self, read):
        found = read("avis,1,sentiment,0,.2,.7,.1\navis,1,sentiment,1,.6,.3,.1\n")
        assert found.labels("avis", "sentiment", ["1"]) == [["positive"], ["negative"]]

    def test_may_be_asked_for_among_the_labels_of_a_set(self, read):
        found = read("avis,1,sentiment,0,.2,.3,.5\n")
        assert found.labels("avis", "sentiment", ["1"]) == [["mixed"]]
        assert found.labels("avis", "sentiment", ["1"], among={"negative", "positive"}) == [["positive"]]

    def test_know_which_sets_they_hold(self, read):
        found = read("avis,1,sentiment,0,.2,.3,.5\n")
        assert "avis" in found
        assert "avis_lower" not in found

    def test_are_refused_where_a_text_has_none(self, read):
        with pytest.raises(InputError, match="1 of 2 texts have none"):
            read("avis,1,sentiment,0,.2,.3,.5\n").labels("avis", "sentiment", ["1", "2"])

    def test_are_refused_where_a_run_lacks_a_text(self, read):
        rows = "avis,1,sentiment,0,.2,.3,.5\navis,1,sentiment,1,.2,.3,.5\navis,2,sentiment,0,.2,.3,.5\n"
        with pytest.raises(InputError, match="1 of 2 texts have none"):
            read(rows).labels("avis", "sentiment", ["1", "2"])

    def test_that_are_not_there_are_asked_for_by_name(self, held_out, tmp_path):
        with pytest.raises(ReadError, match="make model"):
            held_out.HeldOut.read(tmp_path / "held_out.csv")


class TestAspects:
    def declared(self, **columns):
        return pd.DataFrame(columns)

    def test_are_mentioned_or_absent(self, aspects):
        (found,) = aspects.mentions(self.declared(information=["", "negative", "neutral"]))
        assert found.truth.tolist() == ["absent", "mentioned", "mentioned"]

    def test_have_a_polarity_to_score_where_both_are_frequent_enough(self, aspects):
        enough = ["negative"] * 30 + ["positive"] * 30 + ["neutral", ""]
        rare = ["negative"] * 29 + ["positive"] * 31 + ["neutral", ""]
        (found,) = aspects.polarities(self.declared(information=rare, simplicity=enough))
        assert found.name == "simplicity"
        assert found.rows.tolist() == list(range(60))
        assert set(found.truth) == {"negative", "positive"}

    def test_are_read_off_our_probabilities(self, aspects):
        rows = pd.DataFrame(
            {"absent": [0.6, 0.4], "negative": [0.1, 0.45], "positive": [0.3, 0.15], "threshold": [0.5, 0.5]}
        )
        assert aspects.mentioned(rows) == ["absent", "mentioned"]
        assert aspects.mentioned(rows.assign(threshold=[0.4, 0.7])) == ["mentioned", "absent"]
        assert aspects.polarity(rows) == ["positive", "negative"]


class TestPeers:
    def test_are_neutral_within_the_threshold_of_their_authors(self, peers):
        scores = np.array([-0.4, -0.05, -0.04, 0.0, 0.05])
        assert peers.cut(scores, 0.05) == ["negative", "negative", "neutral", "neutral", "positive"]

    def test_that_are_not_installed_are_left_out_aloud(self, peers, capsys):
        def absent():
            return importlib.import_module("a_package_that_is_not_there")

        assert peers.installed(absent) == []
        assert "LEFT OUT: a_package_that_is_not_there" in capsys.readouterr().out


class Memory:
    """Knows the texts that it saw, and none but these."""

    def fit(self, table, labels):
        self._known = dict(zip(table, labels, strict=True))
        return self

    def predict(self, table):
        return np.array([self._known.get(text, "never seen") for text in table])


class TestRefits:
    TEXTS = ("bien", "mal", "très bien", "très mal")

    @pytest.fixture
    def peer(self, peers):
        class Rote(peers.Peer):
            name = model_id = "rote"

            def table(self, texts, view="whole"):
                return np.array(texts, dtype=object)

            def learner(self):
                return Memory()

        return Rote()

    @pytest.fixture
    def task(self, refits):
        labels = ("positive", "negative", "positive", "negative")
        data = Dataset("avis", self.TEXTS, labels, tuple("abcd"), pd.DataFrame(index=range(4)), revision="0")
        return refits.Task("avis", data, refits.Training([data]), Folds({"a": 0, "b": 0, "c": 1, "d": 1}))

    def test_never_see_the_text_that_they_label(self, refits, peer, task):
        assert refits.cross_fitted(peer, task, self.TEXTS, "whole") == ["never seen"] * 4

    def test_learn_from_the_texts_of_the_other_folds(self, refits, peer, task):
        swapped = ["très bien", "très mal", "bien", "mal"]
        assert refits.cross_fitted(peer, task, swapped, "whole") == ["positive", "negative"] * 2

    def test_take_the_view_that_serves_best(self, refits):
        truth = ["negative", "positive"]
        assert refits.best([["positive", "negative"], truth, ["positive", "positive"]], truth) == truth

    def test_of_a_baseline_zero_shot_come_from_other_texts(self, refits, peer, task):
        assert refits.zero_shot(peer, task) == list(task.truth)

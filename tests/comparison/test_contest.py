"""Models of every kind, on labelled texts: what is measured is what users get."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import vocmine as vm
from tests.inference.tiny_huggingface import write_classifier
from vocmine.errors import InputError, ModelNotFoundError
from vocmine.evaluation import Comparison, load

FRAME = pd.DataFrame(
    {
        "texte": [
            "C'est honteux, toujours rien reçu !",
            "Merci beaucoup, service impeccable.",
            "Je voudrais changer mon adresse.",
            "Personne ne répond, je suis furieuse.",
            "Conseiller très aimable, parfait !",
            "Quels sont vos horaires d'ouverture ?",
        ],
        "label": ["negative", "positive", "neutral"] * 2,
        "canal": ["email", "chat"] * 3,
    }
)


class Always:
    """Says one label of every text, without probabilities."""

    def __init__(self, label):
        self.label = label

    def predict(self, texts):
        return [self.label] * len(texts)


@pytest.fixture(scope="module")
def bayes():
    return make_pipeline(CountVectorizer(), MultinomialNB()).fit(FRAME["texte"], FRAME["label"])


@pytest.fixture(scope="module")
def found(miner, bayes):
    models = {"embedded": miner, "bayes": bayes, "cheerful": Always("positive")}
    return vm.compare(models, {"avis": FRAME}, noise=("capitals",), draws=50)


def test_one_row_a_model_and_data_set(found):
    assert found.table[["model", "dataset", "n"]].to_numpy().tolist() == [
        ["embedded", "avis", 6],
        ["bayes", "avis", 6],
        ["cheerful", "avis", 6],
    ]
    assert found.table.set_index("model")["accuracy"][["bayes", "cheerful"]].tolist() == [1, pytest.approx(1 / 3)]


def test_the_library_model_answers_as_the_miner_does(found, miner):
    corpus = vm.Corpus.from_pandas(FRAME, text="texte")
    columns = ["p_negative", "p_neutral", "p_positive"]
    likeliest = miner.score(corpus).contacts[columns].to_numpy().argmax(axis=1)
    right = np.array(["negative", "neutral", "positive"])[likeliest] == FRAME["label"]
    assert found.table.loc[0, "accuracy"] == pytest.approx(right.mean())


def test_probabilities_count_where_there_are_any(found):
    nll = found.table.set_index("model")["negative_log_likelihood"]
    assert np.isfinite(nll[["embedded", "bayes"]]).all()
    assert np.isnan(nll["cheerful"])


def test_every_model_is_tested_against_the_first(found):
    assert set(found.pairs["model"]) == {"bayes", "cheerful"}
    assert set(found.pairs["against"]) == {"embedded"}
    assert found.pairs["p"].between(0, 1).all()


def test_slices_and_noise_have_their_rows(found):
    assert set(found.slices["slice"]) == {"channel", "length", "noise"}
    noise = found.slices[found.slices["slice"] == "noise"].set_index("model")
    assert noise["value"].unique().tolist() == ["capitals"]
    assert noise.loc["cheerful", "difference"] == 0


def test_speed_is_measured_for_each(found):
    speed = found.table[["texts_per_second_low", "texts_per_second", "texts_per_second_high"]].to_numpy()
    assert (speed > 0).all()
    assert (np.diff(speed, axis=1) >= 0).all()


def test_what_was_run_is_written_down(found, miner):
    about = found.about
    assert about["models"][0] == {"name": "embedded", "model_id": miner.engine_.model.model_id, "device": "cpu"}
    assert about["datasets"][0]["revision"] == load(FRAME).revision
    assert about["parameters"] == {"noise": ["capitals"], "seed": 0, "draws": 50, "device": "auto"}
    assert {"cores", "torch"} <= set(about["machine"])


def test_the_same_seed_gives_the_same_figures_and_the_file_gives_them_back(bayes, tmp_path):
    runs = [vm.compare([bayes], [load(FRAME, name="avis")], noise=(), draws=20, seed=4) for _ in range(2)]
    figures = [run.table.drop(columns=[name for name in run.table if name.startswith("texts_")]) for run in runs]
    pd.testing.assert_frame_equal(*figures)
    assert Comparison.load(runs[0].save(tmp_path / "results.json")) == runs[0]


def test_mixed_feelings_count_where_the_labels_have_them(miner, bayes):
    frame = FRAME.assign(label=["mixed", *FRAME["label"].iloc[1:]])
    said = miner.score(vm.Corpus.from_pandas(frame, text="texte")).contacts["sentiment"]
    table = vm.compare({"miner": miner, "bayes": bayes}, {"avis": frame}, noise=(), draws=5).table
    assert table["unknown_labels"].tolist() == ["", "mixed: 1"]
    assert table["n_probabilities"].tolist() == [5, 5]
    assert table.loc[0, "accuracy"] == pytest.approx((said == frame["label"]).mean())


def test_a_text_that_a_model_cannot_read_is_an_abstention(miner):
    frame = pd.DataFrame({"text": ["مرحبا، أين طلبي؟", "C'est honteux !"], "label": ["neutral", "negative"]})
    table = vm.compare({"miner": miner}, {"avis": frame}, noise=(), draws=5).table
    assert table.loc[0, "abstained"] == 0.5
    assert table.loc[0, "accuracy"] == 0.5


def test_a_model_with_labels_of_its_own_reads_whole_texts(tiny_labels_model):
    frame = pd.DataFrame({"text": ["la facture merci", "le colis " * 40], "label": ["low", "high"]})
    table = vm.compare({"tiny": tiny_labels_model}, {"avis": frame}, noise=(), draws=5, device="cpu").table
    assert table.loc[0, "abstained"] == 0.5  # beyond the window: rejected, never cut
    assert table.loc[0, "n_probabilities"] == 2


def test_a_users_folder_is_compared_by_its_path_and_what_it_cannot_say_is_told(tmp_path):
    three = write_classifier(tmp_path / "trois", "camembert", ("POS", "NEG", "NEU"))
    two = vm.Model.from_pretrained(write_classifier(tmp_path / "deux", "camembert", ("négatif", "positif")))
    table = vm.compare([three, two], FRAME, noise=(), draws=5, device="cpu").table
    assert table["model"].tolist() == ["trois", "deux"]
    assert table["unknown_labels"].tolist() == ["", "neutral: 2"]
    assert table["n_probabilities"].tolist() == [6, 4]


def test_names_are_the_models_own_and_numbered_where_they_repeat(bayes):
    table = vm.compare([bayes, bayes, Always("neutral")], FRAME, noise=(), draws=5).table
    assert table["model"].tolist() == ["Pipeline", "Pipeline (2)", "Always"]


def test_a_data_set_goes_by_the_name_that_the_caller_gives():
    given = {"un": load(FRAME), "deux": FRAME}
    assert vm.compare(Always("neutral"), given, noise=(), draws=5).table["dataset"].tolist() == ["un", "deux"]


def test_a_classifier_that_gives_no_probability_at_all_abstains():
    class Silent:
        classes_ = ("negative", "neutral", "positive")

        def predict_proba(self, texts):
            return np.zeros((len(texts), 3))

    row = vm.compare(Silent(), FRAME, noise=(), draws=5).table.loc[0]
    assert (row["abstained"], row["accuracy"]) == (1, 0)
    assert row["negative_log_likelihood"] == pytest.approx(np.log(3))


def test_labels_are_enough():
    svc = make_pipeline(CountVectorizer(), LinearSVC()).fit(FRAME["texte"], FRAME["label"])
    assert vm.compare([svc], [FRAME], noise=(), draws=5).table.loc[0, "accuracy"] == 1


@pytest.mark.parametrize(
    ("models", "datasets", "options", "error", "message"),
    [
        ([], [FRAME], {}, InputError, "got no model"),
        ([Always("neutral")], [], {}, InputError, "got no data set"),
        ([object()], [FRAME], {}, InputError, "got a object as model 'object'"),
        ([Always("neutral")], [FRAME, FRAME], {}, InputError, "got several data sets named 'dataframe'"),
        ([Always("neutral")], [FRAME], {"noise": ["loud"]}, InputError, "got noise='loud', expected some of lower"),
        (["no/such/model"], [FRAME], {}, ModelNotFoundError, "no/such/model"),
    ],
)
def test_what_cannot_be_compared_is_refused(models, datasets, options, error, message):
    with pytest.raises(error, match=message):
        vm.compare(models, datasets, **options)


def test_a_classifier_that_does_not_answer_every_text_is_refused():
    class Short(Always):
        def predict(self, texts):
            return super().predict(texts)[1:]

    with pytest.raises(InputError, match=r"short answered with shape \(3,\), expected \(4,\)"):
        vm.compare({"short": Short("neutral")}, [FRAME], noise=())

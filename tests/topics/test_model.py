"""`TopicModel`: topics that stay put, and what is refused."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score

import vocmine as vm
from tests.topics.made_up import FEW, SAID, Bag
from vocmine.errors import InputError, ModelFormatError, ModelNotFoundError
from vocmine.topics import explain, hierarchy, merge, rename


def test_finds_the_reasons(made, fitted):
    _, _, owner = made
    inside = fitted.labels_ >= 0
    assert adjusted_rand_score(owner[inside], fitted.labels_[inside]) > 0.95


def test_names_topics_by_what_is_said(fitted):
    labels = " ".join(fitted.topics["label"])
    assert all(word in labels for word in SAID)
    assert fitted.topics["topic_id"].tolist() == [0, 1, 2, -1]
    assert fitted.topics["label"].iloc[-1] == "divers"


def test_order_of_the_rows_changes_nothing(made, fitted):
    texts, points, _ = made
    order = np.random.default_rng(3).permutation(len(texts))
    again = vm.TopicModel(**FEW).fit([texts[row] for row in order], embeddings=points[order])
    assert np.array_equal(again.labels_, fitted.labels_[order])
    assert np.array_equal(again.state_.rule.centres, fitted.state_.rule.centres)


def test_number_of_threads_changes_nothing(tmp_path, made):
    texts, points, _ = made
    np.save(tmp_path / "points.npy", points)
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    script = (
        "import json, sys, hashlib, numpy as np; from vocmine.topics import ConsensusClustering as C;"
        "p = np.load(sys.argv[1]); c = C(3, n_runs=6).fit(p); print(hashlib.sha256(c.centres_.tobytes()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "points.npy")],
            env={**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(found) == 1


def test_transform_agrees_with_fit(made, fitted):
    texts, points, _ = made
    assert np.array_equal(fitted.predict(texts, embeddings=points), fitted.labels_)
    frame = fitted.transform(texts, embeddings=points)
    assert frame["topic_id"].tolist() == fitted.labels_.tolist()
    shares = fitted.predict_proba(texts, embeddings=points)
    assert shares.shape == (len(texts), 3)
    assert shares.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("share", [0, 0.05, 0.3])
def test_outliers_are_the_share_asked_for(made, share):
    texts, points, _ = made
    labels = vm.TopicModel(**FEW, outlier_share=share).fit(texts, embeddings=points).labels_
    assert (labels < 0).mean() == pytest.approx(share, abs=0.01)


def test_copies_move_no_centre(made, fitted):
    texts, points, _ = made
    twice = vm.TopicModel(**FEW).fit(texts + texts[:20], embeddings=np.concatenate([points, points[:20]]))
    assert np.array_equal(twice.state_.rule.centres, fitted.state_.rule.centres)
    assert twice.topics["segments"].sum() == len(texts) + 20


def test_saved_and_loaded_it_predicts_the_same(made, fitted, tmp_path):
    texts, points, _ = made
    fitted.save(tmp_path / "model")
    again = vm.TopicModel.load(tmp_path / "model")
    assert np.array_equal(again.predict_proba(texts, embeddings=points), fitted.predict_proba(texts, embeddings=points))
    assert np.array_equal(again.predict(texts, embeddings=points), fitted.labels_)
    pd.testing.assert_frame_equal(again.topics, fitted.topics)
    assert again.get_params()["n_topics"] == 3
    kinds = {path.suffix for path in (tmp_path / "model").iterdir()}
    assert kinds == {".json", ".parquet", ".safetensors"}


def test_a_folder_that_is_no_model_is_refused(fitted, tmp_path):
    with pytest.raises(ModelNotFoundError):
        vm.TopicModel.load(tmp_path)
    fitted.save(tmp_path)
    manifest = tmp_path / "topics.json"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole.replace('"format_version": 1', '"format_version": 99'), encoding="utf-8")
    with pytest.raises(ModelFormatError, match="99"):
        vm.TopicModel.load(tmp_path)
    manifest.write_text(whole, encoding="utf-8")
    (tmp_path / "topics.safetensors").write_bytes(b"short")
    with pytest.raises(ModelFormatError, match="not whole"):
        vm.TopicModel.load(tmp_path)


def test_scikit_learn_manners(made):
    model = vm.TopicModel(**FEW, stop_words=("colivia",))
    assert clone(model).get_params() == model.get_params()
    texts, points, _ = made
    assert not model.__sklearn_is_fitted__()
    labels = model.fit_predict(texts, embeddings=points)
    assert model.stop_words == ("colivia",)
    assert np.array_equal(labels, model.labels_)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"embeddings": np.zeros((2, 4))}, "expected one row"),
        ({"embeddings": np.full((120, 4), np.nan)}, "not finite"),
        ({"languages": ["fr"]}, "1 languages"),
    ],
)
def test_what_does_not_fit_is_refused(made, change, message):
    texts, points, _ = made
    with pytest.raises(InputError, match=message) as refused:
        vm.TopicModel(**FEW).fit(texts, **({"embeddings": points} | change))
    assert "facture" not in str(refused.value)


def test_too_few_texts_are_refused():
    with pytest.raises(InputError, match="distinct vectors"):
        vm.TopicModel(n_topics=5, n_runs=2).fit(["un colis", "une facture"], embeddings=np.eye(2, 8))
    with pytest.raises(InputError, match="outlier_share"):
        vm.TopicModel(outlier_share=2).fit(["un colis"], embeddings=np.eye(1, 8))


def test_the_number_of_topics_is_chosen_and_reported(made):
    texts, points, _ = made
    model = vm.TopicModel(n_runs=6).fit(texts, embeddings=points)
    assert model.choice_["chosen"].sum() == 1
    assert int(model.choice_.index[model.choice_["chosen"]][0]) >= len(model.topics) - 1


def test_bertopic_is_inside(fitted, made):
    texts, _, _ = made
    info = fitted.bertopic_.get_topic_info()
    assert set(info["Topic"]) == set(fitted.labels_.tolist())
    assert fitted.bertopic_.visualize_barchart().data
    assert len(fitted.bertopic_.topics_) == len(texts)


def test_a_clustering_of_ones_own(made):
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA

    texts, points, owner = made
    model = vm.TopicModel(umap_model=PCA(5), hdbscan_model=HDBSCAN(min_cluster_size=10)).fit(texts, embeddings=points)
    inside = model.labels_ >= 0
    assert inside.mean() > 0.5
    assert adjusted_rand_score(owner[inside], model.labels_[inside]) > 0.9
    assert model.predict(texts, embeddings=points).shape == (len(texts),)


def test_a_language_model_of_ones_own_names_topics(made):
    texts, points, _ = made
    asked = []

    def name(terms, quotes):
        asked.append((list(terms), list(quotes)))
        return f"motif {len(asked)}"

    model = vm.TopicModel(**FEW, label_model=name).fit(texts, embeddings=points)
    assert model.topics["label"].tolist() == ["motif 1", "motif 2", "motif 3", "divers"]
    assert all(terms and quotes for terms, quotes in asked)


def test_what_cannot_be_merged_is_refused(fitted):
    for groups in ([[0]], [[0, 9]], [[0, 1], [1, 2]]):
        with pytest.raises(InputError, match="groups"):
            merge(fitted, groups)


def test_renamed_topics_keep_their_ids(fitted):
    named = rename(fitted, {1: "livraison"})
    assert named.label(1) == "livraison" != fitted.label(1)
    assert named.lineage["event"].iloc[-1] == "renamed"
    with pytest.raises(InputError, match="same label"):
        rename(fitted, {1: fitted.label(0)})


def test_hierarchy_ends_in_all_topics(fitted):
    tree = hierarchy(fitted)
    assert tree["topics"].iloc[-1] == [0, 1, 2]
    assert tree["distance"].is_monotonic_increasing


def test_reasons_of_ones_own_keep_their_names():
    reasons = {"facture": ["Le montant de ma facture"], "colis": [], "carte": []}
    said = [text for texts in SAID.values() for text in texts if any(word in text.lower() for word in SAID)]
    model = vm.TopicModel(reasons=reasons, outlier_share=0, embedding_model=Bag()).fit(said)
    assert model.topics["label"].tolist() == [*reasons, "divers"]
    told = [next(word for word in SAID if word in text.lower()) for text in said]
    assert [model.label(topic) for topic in model.labels_] == told
    parts = explain(model, "Ma carte est bloquée")
    assert parts["word"].iloc[0] == "carte"
    assert parts["topic"].iloc[0] == "carte"


@pytest.mark.parametrize("reasons", [{"facture": []}, {"": [], "colis": []}, {"facture": "un exemple", "colis": []}])
def test_reasons_that_cannot_be_used(reasons):
    with pytest.raises(InputError):
        vm.TopicModel(reasons=reasons, embedding_model=Bag()).fit(["un colis", "une facture"])


def test_topics_beside_the_reasons_given(made):
    texts, points, owner = made

    class Places:
        def encode(self, sentences):
            return np.stack([np.eye(3, 32)[0 if "facture" in text else 1] for text in sentences])

    reasons = {"facture": [], "colis": []}
    model = vm.TopicModel(2, n_runs=6, reasons=reasons, embedding_model=Places(), outlier_share=0)
    labels = model.fit(texts, embeddings=points).labels_
    assert model.topics["label"].tolist()[:2] == ["facture", "colis"]
    assert len(model.topics) == 2 + 2 + 1
    assert (labels[owner == 2] >= 2).mean() > 0.9

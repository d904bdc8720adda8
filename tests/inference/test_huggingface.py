"""A folder of transformers gives what transformers gives, through the same engine as our own models."""

import pickle
import shutil

import numpy as np
import pytest

from tests.inference.tiny_huggingface import (
    ARCHITECTURES,
    HIDDEN,
    TEXTS,
    theirs,
    write_classifier,
    write_encoder,
    write_tokenizer,
)
from vocmine.errors import InputError, ModelFormatError
from vocmine.inference import Engine, HuggingFaceModel, Model
from vocmine.inference.run import pad, softmax
from vocmine.inference.tokens import tokenise

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_logits_and_features_are_those_of_transformers_padding_included(classifiers, name):
    model = Model.from_pretrained(classifiers[name])
    ids = tokenise(TEXTS, model).ids
    assert len({len(row) for row in ids}) > 1
    forward = model.backend("cpu").forward(*pad(ids, np.arange(len(ids)), model.pad_token_id))
    logits, mean = theirs(classifiers[name], TEXTS)
    assert np.allclose(forward.logits["sentiment"], logits, atol=1e-5)
    assert np.allclose(forward.features, mean, atol=1e-5)
    assert np.allclose(forward.embedding, mean / np.linalg.norm(mean, axis=1, keepdims=True), atol=1e-5)
    assert np.ptp(logits, axis=0).min() > 1e-3


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_engine_gives_them_back_in_order_whatever_the_batches(classifiers, name):
    engine = Engine(Model.from_pretrained(classifiers[name]), device="cpu", token_budget=40)
    texts = [*TEXTS, "", TEXTS[3], TEXTS[0]]
    encoding = engine.encode(texts, features=True)
    logits, mean = theirs(classifiers[name], TEXTS)
    rows = [0, 1, 2, 3, 4, 6, 7]
    meant = [0, 1, 2, 3, 4, 3, 0]
    assert (encoding.rejected, encoding.stats.n_distinct) == ({5: "empty"}, len(TEXTS))
    assert np.allclose(encoding.probabilities["sentiment"][rows], softmax(logits)[meant], atol=1e-5)
    assert np.allclose(encoding.features[rows], mean[meant], atol=1e-5)
    assert np.isnan(encoding.features[5]).all()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_longest_text_is_scored_and_a_longer_one_rejected(classifiers, name):
    model = Model.from_pretrained(classifiers[name])
    assert model.manifest.max_tokens == ARCHITECTURES[name].longest
    words = 1
    while len(model.tokenizer.encode("a " * (words + 1)).ids) <= ARCHITECTURES[name].longest:
        words += 1
    encoding = Engine(model, device="cpu").encode(["a " * words, "a " * (words + 1)])
    assert encoding.rejected == {1: "too_long"}
    assert np.isfinite(encoding.embeddings[0]).all()


def test_a_tokenizer_that_allows_less_has_the_last_word(folder):
    write_tokenizer(folder, ARCHITECTURES["camembert"], model_max_length=20)
    assert Model.from_pretrained(folder).manifest.max_tokens == 20


def test_a_model_says_what_it_is(camembert):
    assert isinstance(camembert, HuggingFaceModel)
    assert camembert.model_id.startswith("camembert@0:")
    assert repr(camembert) == f"HuggingFaceModel({camembert.model_id}, heads sentiment)"
    (head,) = camembert.heads
    assert (head.name, head.labels, head.kind) == ("sentiment", ("negative", "neutral", "positive"), "single_label")
    assert (camembert.pad_token_id, camembert.unknown_token_id) == (1, 3)
    assert (camembert.embedding_size, camembert.feature_size) == (HIDDEN, HIDDEN)


def test_several_threads_and_another_process_get_the_same(camembert):
    from concurrent.futures import ThreadPoolExecutor

    engine, elsewhere = Engine(camembert, device="cpu"), Engine(pickle.loads(pickle.dumps(camembert)), device="cpu")
    expected = engine.encode(TEXTS).embeddings
    with ThreadPoolExecutor(4) as pool:
        encodings = list(pool.map(lambda row: engine.encode([TEXTS[row % 5]]), range(20)))
    assert all(np.allclose(found.embeddings[0], expected[row % 5], atol=1e-5) for row, found in enumerate(encodings))
    assert np.allclose(elsewhere.encode(TEXTS).embeddings, expected, atol=1e-6)


def test_a_folder_in_half_precision_runs_in_single(classifiers, tmp_path):
    module = transformers.AutoModelForSequenceClassification.from_pretrained(classifiers["bert"]).half()
    shutil.copytree(classifiers["bert"], tmp_path / "half")
    module.save_pretrained(tmp_path / "half")
    encoding = Engine(Model.from_pretrained(tmp_path / "half"), device="cpu").encode(TEXTS)
    assert encoding.stats.dtype == "float32"
    expected = softmax(theirs(tmp_path / "half", TEXTS)[0])
    assert np.allclose(encoding.probabilities["sentiment"], expected, atol=1e-5)


class TestLabels:
    def test_a_map_says_what_nameless_labels_mean_and_adds_up_those_that_share(self, tmp_path):
        folder = write_classifier(tmp_path / "nameless", "camembert", ("LABEL_0", "LABEL_1", "LABEL_2"))
        meant = {"LABEL_0": "positive", "LABEL_1": "negative", "LABEL_2": "positive"}
        model = Model.from_pretrained(folder, labels=meant)
        own = softmax(theirs(folder, TEXTS)[0])
        found = Engine(model, device="cpu").encode(TEXTS).probabilities["sentiment"]
        assert model.heads[0].labels == ("negative", "positive")
        assert np.allclose(found, np.column_stack([own[:, 1], own[:, 0] + own[:, 2]]), atol=1e-5)

    def test_nameless_labels_without_a_map_are_refused_with_an_example(self, tmp_path):
        folder = write_classifier(tmp_path / "nameless", "camembert", ("LABEL_0", "LABEL_1"))
        with pytest.raises(ModelFormatError, match=r'labels=\{"LABEL_0": "negative", "LABEL_1": "neutral"\}'):
            Model.from_pretrained(folder)

    def test_other_labels_make_a_head_of_another_name(self, tmp_path):
        folder = write_classifier(tmp_path / "motifs", "camembert", ("facture", "livraison", "panne"))
        assert Model.from_pretrained(folder).heads[0].name == "labels"
        assert Model.from_pretrained(folder).heads[0].labels == ("facture", "livraison", "panne")

    def test_independent_labels_have_probabilities_of_their_own(self, tmp_path):
        folder = write_classifier(
            tmp_path / "motifs", "camembert", ("facture", "panne"), problem_type="multi_label_classification"
        )
        model = Model.from_pretrained(folder)
        found = Engine(model, device="cpu").encode(TEXTS).probabilities["labels"]
        assert model.heads[0].kind == "multi_label"
        assert np.allclose(found, 1 / (1 + np.exp(-theirs(folder, TEXTS)[0])), atol=1e-5)

    def test_a_regression_is_refused(self, tmp_path):
        folder = write_classifier(tmp_path / "grade", "camembert", ("note",))
        with pytest.raises(ModelFormatError, match="a number and not labels"):
            Model.from_pretrained(folder)

    def test_labels_of_a_model_without_classifier_are_refused(self, tmp_path):
        folder = write_encoder(tmp_path / "bare", "camembert")
        with pytest.raises(InputError, match="a model without a classifier"):
            Model.from_pretrained(folder, labels={"LABEL_0": "negative"})


class TestEncoders:
    @pytest.mark.parametrize("head", ["Model", "ForMaskedLM"])
    @pytest.mark.parametrize("name", ["camembert", "bert"])
    def test_a_model_that_classifies_no_texts_is_an_encoder(self, tmp_path, name, head):
        folder = write_encoder(tmp_path / "encoder", name, head)
        model = Model.from_pretrained(folder)
        encoding = Engine(model, device="cpu").encode(TEXTS, features=True)
        module = transformers.AutoModel.from_pretrained(folder).eval()
        inputs = transformers.AutoTokenizer.from_pretrained(folder)(TEXTS[3], return_tensors="pt")
        with torch.inference_mode():
            mean = module(**inputs).last_hidden_state[0].mean(0).numpy()
        assert (model.heads, encoding.probabilities) == ((), {})
        assert np.allclose(encoding.features[3], mean, atol=1e-5)

"""A model with all its heads: sentiment with « mixed », satisfaction, aspects, embeddings of their own, abstention."""

import json
from dataclasses import replace

import numpy as np
import pytest

import vocmine as vm
from tests.inference.conftest import HIDDEN, tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.errors import InputError, ModelError
from vocmine.inference import Engine, Head, Model
from vocmine.schema import ASPECTS, POLARITIES, SENTIMENTS, SPOKEN_OF

TEXTS = ["merci le service", "facture pas reçu ! toujours pas reçu", "bonjour la facture", "...", "colis été merci"]
CALL = [("c1", "client", "merci le colis"), ("c1", "conseiller", "bonjour"), ("c1", "client", "pas reçu la facture !")]


@pytest.fixture(scope="module")
def model():
    """Random heads: what matters is that they are read as they should be."""
    random = np.random.default_rng(3)
    labels = {"sentiment": SENTIMENTS, "satisfaction": POLARITIES, **dict.fromkeys(ASPECTS, SPOKEN_OF)}
    heads = tuple(Head(name, said, input="features", threshold=0.4) for name, said in labels.items())
    stored = {name: array for name, array in tiny_tensors().items() if not name.startswith("heads.")}
    for head in heads:
        stored[f"heads.{head.name}.weight"] = random.normal(0, 1, (len(head.labels), HIDDEN)).astype(np.float32)
        stored[f"heads.{head.name}.bias"] = np.zeros(len(head.labels), dtype=np.float32)
    stored["embedder.centre"] = np.zeros(512, dtype=np.float32)
    manifest = replace(tiny_manifest(), heads=heads, embedder="use-multilingual-3")
    return Model.assemble(manifest, tiny_config(), tiny_tokenizer(), stored)


@pytest.fixture(scope="module")
def corpus():
    records = [{"id": name, "locuteur": who, "texte": said} for name, who, said in CALL]
    records += [{"id": f"m{rank}", "locuteur": "client", "texte": text} for rank, text in enumerate(TEXTS)]
    return vm.Corpus.from_records(records)


@pytest.fixture(scope="module")
def analysis(model, corpus):
    return vm.Miner(model, device="cpu", aspects=True).score(corpus)


def contact_logits(model, head):
    """Logits of the first contact: the head on the mean vector of all tokens of its customer's turns."""
    said = [text for _, who, text in CALL if who == "client"]
    encoding = Engine(model, device="cpu").encode(said, features=True)
    mean = np.average(encoding.features, axis=0, weights=encoding.n_tokens)
    return mean @ model.tensor(f"heads.{head}.weight").T + model.tensor(f"heads.{head}.bias")


def test_a_contact_is_read_as_one_text(model, analysis):
    powers = np.exp(contact_logits(model, "sentiment"))
    negative, neutral, positive, mixed = powers / powers.sum()
    contact = analysis.contacts.iloc[0]
    found = contact[["p_negative", "p_neutral", "p_positive"]].to_numpy(dtype=float)
    np.testing.assert_allclose(found, [negative + mixed / 2, neutral, positive + mixed / 2], atol=1e-5)
    likeliest = SENTIMENTS[int(powers.argmax())]
    assert (contact["sentiment"] == "mixed") == (likeliest == "mixed")


def test_satisfaction_is_what_its_head_says_of_the_contact(model, analysis):
    powers = np.exp(contact_logits(model, "satisfaction"))
    contact = analysis.contacts.iloc[0]
    found = contact[[f"p_satisfaction_{name}" for name in POLARITIES]].to_numpy(dtype=float)
    np.testing.assert_allclose(found, powers / powers.sum(), atol=1e-5)
    assert contact["satisfaction"] == POLARITIES[int(powers.argmax())]
    unscored = analysis.contacts.set_index("contact_id").loc["m3"]
    assert unscored[["satisfaction", "p_satisfaction_negative", "aspects"]].isna().all()


def test_probabilities_sum_to_one_at_every_level(analysis):
    for frame in (analysis.contacts, analysis.turns, analysis.segments):
        sums = frame.dropna(subset=["p_negative"])[["p_negative", "p_neutral", "p_positive"]].sum(axis="columns")
        np.testing.assert_allclose(sums, 1, atol=1e-9)


def test_spans_are_the_words_of_the_aspects_that_contacts_speak_of(analysis):
    told = {(c.contact_id, name) for c in analysis.contacts.itertuples() for name in c.aspects or ()}
    spans = analysis.spans[analysis.spans["kind"] == "aspect"]
    assert told == set(zip(spans["contact_id"], spans["label"], strict=True))
    assert told
    texts = analysis.turns.set_index(["contact_id", "turn"])["text"]
    for span in spans.itertuples():
        assert texts[span.contact_id, span.turn][span.start : span.end] == span.quote


def test_without_aspects_their_columns_are_null_and_there_are_no_spans(model, corpus):
    plain = vm.Miner(model, device="cpu").score(corpus)
    assert plain.contacts[["aspects", *(f"aspect_{name}" for name in ASPECTS)]].isna().all(axis=None)
    assert not (plain.spans["kind"] == "aspect").any()
    assert plain.contacts["satisfaction"].notna().any()


def test_saved_then_loaded_it_is_the_same(analysis, tmp_path):
    loaded = vm.Analysis.load(analysis.save(tmp_path))
    assert loaded == analysis
    assert loaded.contacts["aspects"].tolist() == analysis.contacts["aspects"].tolist()
    assert loaded.spans.equals(analysis.spans)


def test_embeddings_come_from_the_embedder_that_the_model_names(model, analysis):
    assert analysis.embeddings.shape == (len(analysis.segments), 512)
    assert analysis.embedder == f"use-multilingual-3 via {model.model_id}"
    assert np.isfinite(analysis.embeddings).all(axis=1).tolist() == analysis.segments["reason"].isna().tolist()


def test_who_is_unsure_abstains_and_keeps_its_scores(model, corpus, analysis):
    careful = vm.Miner(model, device="cpu", aspects=True, min_confidence=1.0).score(corpus)
    for before, after in ((analysis.contacts, careful.contacts), (analysis.turns, careful.turns)):
        assert after["abstained"].all()
        scored = before["sentiment"].notna()
        assert set(after.loc[scored, "reason"]) == {"unsure"}
        assert not before.loc[scored, "abstained"].any()
        assert (before.loc[~scored, "reason"] == after.loc[~scored, "reason"]).all()
        same = ["sentiment", "p_negative", "p_neutral", "p_positive", "model_id"]
        assert before[same].equals(after[same])
    assert json.loads(careful.run["parameters"])["min_confidence"] == 1.0


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_refused(value):
    with pytest.raises(InputError, match=r"min_confidence is .*, expected 0 to 1"):
        vm.Miner(min_confidence=value)


def test_a_model_without_these_heads_leaves_satisfaction_null_and_refuses_aspects(corpus):
    bare = Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors())
    assert vm.Miner(bare, device="cpu").score(corpus).contacts["satisfaction"].isna().all()
    with pytest.raises(ModelError, match=r"has no head for accessibility.*or leave aspects out"):
        vm.Miner(bare, device="cpu", aspects=True).score(corpus)

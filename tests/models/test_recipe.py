"""The parts of the recipe that need no encoder of hundreds of megabytes: units, training, the written texts."""

import importlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from vocmine.inference import Model

RECIPE = Path(__file__).parents[2] / "models" / "recipe"
TINY = Model.assemble(tiny_manifest(), tiny_config(), tiny_tokenizer(), tiny_tensors())


@pytest.fixture(scope="module", autouse=True)
def _recipe_can_be_imported():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(RECIPE))
        yield


@pytest.fixture
def units():
    return importlib.import_module("units")


@pytest.fixture
def states():
    return importlib.import_module("states")


@pytest.fixture
def network():
    return importlib.import_module("network")


@pytest.fixture
def tune():
    return importlib.import_module("tune")


@pytest.fixture
def languages():
    return importlib.import_module("languages")


def told(units, texts, **labels):
    """Units of one source, every head without a label but those named."""
    columns = {head: list(values) for head, values in labels.items()}
    return units._units("told", [str(row) for row in range(len(texts))], texts, columns)


def bags_of(units, states, network, told_units, seed=0):
    """Token vectors drawn by chance, three to a segment."""
    n = sum(len(pieces) for pieces in told_units.segments)
    vectors = np.random.default_rng(seed).normal(size=(3 * n, TINY.config.hidden_size)).astype(np.float16)
    bounds = np.concatenate([[0], np.cumsum([len(pieces) for pieces in told_units.segments])])
    return network.Bags(states.States(vectors, np.arange(0, 3 * n + 1, 3)), bounds)


def untrained(network):
    width = TINY.config.hidden_size
    return network.Network(TINY, 1, np.zeros(width, np.float32), np.ones(width, np.float32))


ACCOUNT = "Votre conseillère a été charmante et patiente avec moi tout du long. " * 4 + "Mais rien n'est réglé."


def test_a_text_is_cut_as_the_library_would_cut_it(units):
    pieces = units.cut(f"  {ACCOUNT}  ")
    assert len(pieces) > 1
    assert " ".join(pieces) == ACCOUNT
    assert max(map(len, pieces)) <= 240


def test_a_unit_has_labels_for_some_heads_and_is_unknown_to_the_others(units):
    found = told(units, ["Merci.", ACCOUNT], sentiment=["positive", "mixed"], simplicity=["absent", "either"])
    by_head = dict(zip(units.HEADS, found.labels.T.tolist(), strict=True))
    assert by_head.pop("sentiment") == [2, 3]
    assert by_head.pop("simplicity") == [0, units.EITHER]
    assert {label for labels in by_head.values() for label in labels} == {units.UNKNOWN}


def test_no_label_of_a_head_is_taken_for_either_polarity(units):
    assert max(map(len, units.HEADS.values())) <= units.EITHER


def test_a_text_is_always_in_the_same_fold(units):
    texts = [f"Texte numéro {n}." for n in range(200)]
    first, again = told(units, texts), told(units, texts[::-1])
    assert first.fold.tolist() == again.fold[::-1].tolist()
    assert set(first.fold.tolist()) == set(range(units.FOLDS))


def test_batches_keep_within_their_budget_and_lose_nothing(states):
    lengths = np.random.default_rng(0).integers(1, 60, size=300)
    batches = states.budgeted(lengths, np.argsort(lengths), 100)
    assert sorted(np.concatenate(batches).tolist()) == list(range(300))
    assert all(lengths[batch].max() * len(batch) <= 100 for batch in batches)


def test_careless_writing_is_the_same_each_time_and_differs_from_the_text(states):
    texts = [f"Très déçu de l'accueil, j'ai rappelé {n} fois à midi." for n in range(40)]
    assert [states.careless(text) for text in texts] == [states.careless(text) for text in texts]
    assert sum(states.careless(text) != text for text in texts) > 35


def test_the_features_of_an_account_are_the_mean_over_all_its_tokens(units, states, network):
    found = told(units, ["Merci.", ACCOUNT])
    bags = bags_of(units, states, network, found)
    net = untrained(network)
    net.names = []  # no layer in between
    rows, _ = bags.take(np.array([1]))
    vectors = bags.states.vectors[bags.states.offsets[rows[0]] : bags.states.offsets[rows[-1] + 1]]
    assert np.allclose(net.pooled(bags, np.array([1]))[0], vectors.astype(np.float32).mean(axis=0), atol=1e-3)


def test_an_aspect_spoken_of_for_good_or_bad_costs_nothing_either_way(units, tune):
    found = told(units, ["a b c"], simplicity=["either"])
    logits = {head: torch.zeros(1, len(labels)) for head, labels in units.HEADS.items()}
    for certain in ([-50.0, 50.0, 0.0], [-50.0, 0.0, 50.0]):
        logits["simplicity"] = torch.tensor([certain])
        assert tune.loss(logits, found, np.array([0]), 0.0).item() == pytest.approx(0, abs=1e-5)
    logits["simplicity"] = torch.tensor([[50.0, 0.0, 0.0]])
    assert tune.loss(logits, found, np.array([0]), 0.0).item() > 10


@pytest.fixture
def lesson(units, states, network, tune):
    """Forty texts whose label shows in their token vectors, and short settings."""
    labels = ["negative", "positive"] * 20
    found = told(units, [f"Texte numéro {n}." for n in range(40)], sentiment=labels)
    bags = bags_of(units, states, network, found)
    sign = np.repeat([-1.0, 1.0] * 20, 3)[:, None]
    bags = replace(bags, states=replace(bags.states, vectors=(bags.states.vectors + sign).astype(np.float16)))
    settings = tune.Settings(first=1, epochs=6, batch_tokens=12, head_learning_rate=1e-2)
    return found, bags, settings


def learnt(network, tune, lesson, path, settings=None):
    found, bags, given = lesson
    net = untrained(network)
    tune.tune(net, found, np.arange(len(found)), (bags, bags), settings or given, 0, path)
    return net


def test_training_learns_and_the_same_seed_learns_the_same(network, tune, lesson, tmp_path):
    found, bags, _ = lesson
    first, again = (learnt(network, tune, lesson, tmp_path / name) for name in "ab")
    assert all(torch.equal(tensor, again.state()[name]) for name, tensor in first.state().items())
    logits = first.predict(first.pooled(bags, np.arange(len(found))))["sentiment"]
    assert (logits[:, [0, 2]].argmax(axis=1) * 2 == found.labels[:, 0]).mean() == 1


def test_training_that_was_stopped_goes_on_to_the_same_weights(network, tune, lesson, tmp_path, monkeypatch):
    whole = learnt(network, tune, lesson, tmp_path / "whole").state()
    monkeypatch.setattr(tune, "_CHECKPOINT_STEPS", 7)
    calls = iter(range(12))

    def stopped(*args):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return loss(*args)

    loss = tune.loss
    monkeypatch.setattr(tune, "loss", stopped)
    with pytest.raises(KeyboardInterrupt):
        learnt(network, tune, lesson, tmp_path / "cut")
    monkeypatch.setattr(tune, "loss", loss)
    resumed = learnt(network, tune, lesson, tmp_path / "cut").state()
    assert all(torch.equal(tensor, resumed[name]) for name, tensor in whole.items())


def test_words_are_varied_as_customers_write_them(languages):
    assert {"énervé", "Énervé", "ÉNERVÉ", "enerve", "ENERVE", "l'énervé", "qu’énervé"} <= set(
        languages.variants("énervé", "fr")
    )
    assert "straße" in set(languages.variants("strasse", "de"))


@pytest.mark.parametrize(("kind", "least"), [("sentences", 4_000), ("accounts", 800)])
def test_the_written_texts_are_many_different_and_of_every_kind(kind, least):
    frame = pd.read_csv(RECIPE / f"written_{kind}.tsv", sep="\t", quoting=3, dtype=str, keep_default_na=False)
    assert len(frame) >= least
    assert not frame["text"].duplicated().any()
    assert set(frame["channel"]) == {"phone", "email", "chat", "social", "web"}
    assert {"fr-FR", "fr-CA"} <= set(frame["language"])
    assert len(set(frame["domain"])) > 10


def test_the_written_sentences_have_every_polarity_in_six_languages():
    frame = pd.read_csv(RECIPE / "written_sentences.tsv", sep="\t", quoting=3, dtype=str, keep_default_na=False)
    assert {"en", "de", "es", "it", "pt"} <= set(frame["language"])
    counts = Counter(frame["label"])
    assert set(counts) == {"negative", "neutral", "positive"}
    assert min(counts.values()) > 0.2 * len(frame)


def test_the_written_accounts_speak_of_every_aspect_for_good_and_bad():
    frame = pd.read_csv(RECIPE / "written_accounts.tsv", sep="\t", quoting=3, dtype=str, keep_default_na=False)
    for aspect in ("accessibility", "information", "relationship", "responsiveness", "simplicity"):
        counts = Counter(frame[aspect])
        assert min(counts["negative"], counts["positive"]) >= 80
    assert set(frame["sentiment"]) == {"negative", "neutral", "positive", "mixed"}

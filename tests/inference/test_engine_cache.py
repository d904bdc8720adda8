"""What was scored before is looked up, and is the same to the bit."""

from dataclasses import replace

import numpy as np
import pytest

from tests.inference.test_faults import LOST, FaultyBackend
from vocmine.inference import Cache, Engine

OLD = ["merci", "la facture pas reçu", "le colis toujours pas reçu"]
NEW = ["bonjour service", "pas ! !"]


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def same(one, other):
    return np.array_equal(one.embeddings, other.embeddings, equal_nan=True) and all(
        np.array_equal(values, other.probabilities[name], equal_nan=True) for name, values in one.probabilities.items()
    )


def test_a_second_run_pays_for_new_texts_only(tiny_model, cache):
    engine = Engine(tiny_model, "cpu", cache=cache)
    first, second = engine.encode(OLD), engine.encode([*NEW, *OLD, OLD[0], ""])
    assert (first.stats.n_cached, second.stats.n_cached) == (0, 3)
    assert second.stats.n_distinct == 5
    assert second.stats.n_tokens == int(second.n_tokens[:2].sum())
    assert second.rejected == {6: "empty"}
    assert same(second, Engine(tiny_model, "cpu").encode([*NEW, *OLD, OLD[0], ""]))


def test_a_folder_is_enough_and_another_process_would_find_the_same(tiny_model, tmp_path):
    Engine(tiny_model, "cpu", cache=tmp_path).encode(OLD)
    assert Engine(tiny_model, "cpu", cache=str(tmp_path)).encode(OLD).stats.n_cached == 3


def test_what_is_asked_for_is_part_of_the_key(tiny_model, cache):
    engine = Engine(tiny_model, "cpu", cache=cache)
    engine.encode(OLD)
    assert engine.encode(OLD, embeddings=False).stats.n_cached == 0
    assert engine.encode(OLD, features=True).stats.n_cached == 0
    assert engine.encode(OLD, features=True).features.shape == (3, 32)
    assert engine.encode(OLD).stats.n_cached == 3


@pytest.mark.parametrize("other", ["precision", "model"])
def test_precisions_and_models_do_not_share(tiny_model, cache, other):
    Engine(tiny_model, "cpu", cache=cache).encode(OLD)
    renamed = replace(tiny_model, manifest=replace(tiny_model.manifest, version="2.0"))
    engines = {
        "precision": Engine(tiny_model, "cpu", precision="int8", cache=cache),
        "model": Engine(renamed, "cpu", cache=cache),
    }
    assert engines[other].encode(OLD).stats.n_cached == 0


def test_a_text_that_failed_is_tried_again(tiny_model, cache):
    once = FaultyBackend(tiny_model, lambda call, device, shape: LOST if call < 2 else None, device="cpu")
    engine = Engine(tiny_model, token_budget=1, cache=cache, backend=once)
    first, second = engine.encode(OLD), engine.encode(OLD)
    assert (len(first.rejected), second.rejected) == (2, {})
    assert second.stats.n_cached == 1


def test_a_text_that_the_cpu_scored_in_the_place_of_the_device_is_not_kept_as_the_device_s(tiny_model, cache):
    class Half(FaultyBackend):
        @property
        def dtype(self):
            return "float32" if self.device == "cpu" else "float16"

        @dtype.setter
        def dtype(self, _):
            """The device's, whatever the backend says."""

    backend = Half(tiny_model, lambda call, device, shape: LOST if device == "cuda:0" and call == 1 else None)
    encoding = Engine(tiny_model, token_budget=1, cache=cache, backend=backend).encode(OLD)
    assert (encoding.rejected, len(cache)) == ({}, 1)


def test_the_plan_leaves_out_what_is_held(tiny_model, cache):
    engine = Engine(tiny_model, "cpu", cache=cache)
    engine.encode(OLD)
    plan = engine.plan([*OLD, *NEW])
    assert (plan.n_distinct, plan.n_cached) == (5, 3)
    assert plan.n_tokens == engine.plan(NEW).n_tokens

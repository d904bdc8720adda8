import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inference.conftest import WORDS
from tests.inference.test_faults import FaultyBackend
from vocmine.errors import DeviceError, InputError
from vocmine.inference import Engine

TEXTS = ["merci", "facture pas reçu !", "le colis toujours pas reçu", "bonjour la facture", "merci service été"]


@pytest.fixture(scope="session")
def engine(tiny_model):
    return Engine(tiny_model, device="cpu")


@pytest.fixture(scope="session")
def engines(tiny_model, engine):
    return {"float32": engine, "int8": Engine(tiny_model, device="cpu", precision="int8")}


@pytest.fixture(scope="session")
def reference(engine):
    return engine.encode(TEXTS)


def test_each_text_gets_an_embedding_of_length_1_and_probabilities_that_sum_to_1(reference):
    assert reference.embeddings.shape == (5, 32)
    assert reference.embeddings.dtype == np.float32
    assert np.allclose(np.linalg.norm(reference.embeddings, axis=1), 1, atol=1e-5)
    assert {name: values.shape for name, values in reference.probabilities.items()} == {
        "sentiment": (5, 3),
        "urgency": (5, 2),
        "motives": (5, 2),
    }
    exclusive = [reference.probabilities[name] for name in ("sentiment", "urgency")]
    assert all(np.allclose(values.sum(axis=1), 1, atol=1e-5) for values in exclusive)
    assert reference.rejected == {}
    assert reference.scored.all()


def test_the_labels_of_a_multi_label_head_do_not_share_their_probability(tiny_model, engine, reference):
    features = engine.encode(TEXTS, features=True).features
    logits = features @ tiny_model.tensor("heads.motives.weight").T + tiny_model.tensor("heads.motives.bias")
    assert np.allclose(reference.probabilities["motives"], 1 / (1 + np.exp(-logits)), atol=1e-5)


def test_the_features_are_given_to_who_asks_for_them(engine, reference):
    encoding = engine.encode([*TEXTS, "", TEXTS[0]], features=True)
    assert reference.features is None
    assert encoding.features.dtype == np.float32
    assert np.isnan(encoding.features[5]).all()
    assert (encoding.features[6] == encoding.features[0]).all()
    lengths = np.linalg.norm(encoding.features[:5], axis=1, keepdims=True)
    assert np.allclose(encoding.features[:5] / lengths, reference.embeddings, atol=1e-5)


@pytest.mark.parametrize("precision", ["float32", "int8"])
@settings(deadline=None)
@given(
    texts=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(" ".join), max_size=20),
    budget=st.integers(1, 200),
    threads=st.integers(1, 3),
    random=st.randoms(use_true_random=False),
)
def test_scores_are_the_same_to_the_bit_for_any_batch_order_budget_or_number_of_threads(
    tiny_model, engines, precision, texts, budget, threads, random
):
    alone = [engines[precision].encode([text]) for text in texts]
    shuffled = random.sample(range(len(texts)), len(texts))
    other = Engine(tiny_model, device="cpu", precision=precision, token_budget=budget, threads=threads)
    together = other.encode([texts[row] for row in shuffled])
    for place, row in enumerate(shuffled):
        assert np.array_equal(together.embeddings[place], alone[row].embeddings[0])
        for name, values in together.probabilities.items():
            assert np.array_equal(values[place], alone[row].probabilities[name][0])


def test_a_text_repeated_is_encoded_once_and_scored_everywhere(engine, reference):
    encoding = engine.encode(TEXTS * 3)
    assert (encoding.stats.n_texts, encoding.stats.n_distinct) == (15, 5)
    assert encoding.stats.n_tokens == reference.stats.n_tokens
    assert (encoding.embeddings.reshape(3, 5, 32) == encoding.embeddings[:5]).all()


def test_a_text_beyond_the_window_is_rejected_and_not_truncated(engine):
    fits, too_long = "colis " * 21, "colis " * 22  # beside them: <s>, query: and </s>
    encoding = engine.encode([too_long, fits, "merci", too_long])
    assert encoding.rejected == {0: "too_long", 3: "too_long"}
    assert np.isnan(encoding.embeddings[[0, 3]]).all()
    assert np.isfinite(encoding.embeddings[[1, 2]]).all()


def test_what_is_no_text_is_rejected_with_its_reason(engine):
    encoding = engine.encode(["", " \n\t", None, 12, b"merci", "col\ud800is", "merci"])
    assert encoding.rejected == {0: "empty", 1: "empty", 2: "not_text", 3: "not_text", 4: "not_text", 5: "not_text"}
    assert encoding.scored.tolist() == [False] * 6 + [True]


def test_one_text_is_not_taken_for_its_characters(engine):
    with pytest.raises(InputError, match="put it in a list"):
        engine.encode("merci")


def test_several_threads_get_the_same_scores_and_leave_the_setting_of_pytorch_alone(engine, reference):
    import torch

    with ThreadPoolExecutor(4) as pool:
        encodings = list(pool.map(lambda _: engine.encode(TEXTS), range(40)))
    assert all(np.allclose(encoding.embeddings, reference.embeddings, atol=1e-5) for encoding in encodings)
    with ThreadPoolExecutor(1) as newcomer:
        assert newcomer.submit(torch.get_num_threads).result() == torch.get_num_threads()


def test_models_and_engines_show_themselves_in_a_line(tiny_model, engine):
    assert repr(tiny_model) == f"Model({tiny_model.model_id}, heads sentiment, urgency, motives)"
    assert repr(engine) == f"Engine({tiny_model!r}, device='cpu', dtype='float32', token_budget=512)"


def test_nothing_in_gives_nothing_out(engine):
    encoding = engine.encode([])
    assert encoding.embeddings.shape == (0, 32)
    assert encoding.probabilities["sentiment"].shape == (0, 3)
    assert (len(encoding), encoding.stats.n_tokens, encoding.stats.padding_share) == (0, 0, 0.0)


def test_words_outside_the_vocabulary_are_counted(engine):
    encoding = engine.encode(["merci", "merci こんにちは", "こんにちは", ""])
    assert np.allclose(encoding.unknown_share[:3], [0, 0.5, 1])
    assert np.isnan(encoding.unknown_share[3])


def test_the_prefix_of_the_manifest_is_part_of_what_is_encoded(tiny_model, reference):
    bare = Engine(replace(tiny_model, manifest=replace(tiny_model.manifest, prefix="")), device="cpu")
    prefixed = bare.encode([f"query: {text}" for text in TEXTS])
    assert np.allclose(prefixed.embeddings, reference.embeddings, atol=1e-6)


def test_tokens_are_counted_as_the_encoder_does_and_rejected_rows_have_none(tiny_model, engine):
    encoding = engine.encode(["merci", "la facture", "", "merci", "merci " * 30])
    assert encoding.n_tokens.tolist() == [4, 5, 0, 4, 0]  # <s> query: … </s>
    assert encoding.rejected == {2: "empty", 4: "too_long"}
    assert engine.encode([]).n_tokens.tolist() == []


def test_capitals_are_read_in_lower_case_where_the_manifest_says_so(tiny_model, engine):
    loud, quiet = "LA FACTURE PAS REÇU", "la facture pas reçu"
    reading = Engine(replace(tiny_model, manifest=replace(tiny_model.manifest, lower_capitals=True)), device="cpu")
    found, as_it_is = reading.encode([loud, quiet]), engine.encode([loud, quiet])
    assert np.allclose(found.embeddings[0], found.embeddings[1], atol=1e-6)
    assert found.unknown_share.tolist() == [0, 0]
    assert found.stats.n_distinct == 2  # by what was given
    assert as_it_is.unknown_share[0] == 1


def test_embeddings_that_are_not_asked_for_are_not_given(engine, reference):
    encoding = engine.encode(TEXTS, embeddings=False)
    assert encoding.embeddings.shape == (5, 0)
    assert len(encoding) == 5
    assert np.array_equal(encoding.probabilities["sentiment"], reference.probabilities["sentiment"])


def test_the_plan_is_what_encoding_then_does(engine):
    texts = [*TEXTS, "", "merci"]
    plan, stats = engine.plan(texts), engine.encode(texts).stats
    assert (plan.n_texts, plan.n_distinct, plan.n_tokens) == (stats.n_texts, stats.n_distinct, stats.n_tokens)
    assert plan.padding_share == pytest.approx(stats.padding_share)
    assert (plan.device, plan.dtype, plan.rejected) == ("cpu", "float32", {5: "empty"})
    assert plan.seconds > 0
    assert engine.plan(texts, measure=False).seconds is None
    assert plan.memory > 0


def test_a_plan_of_nothing_takes_no_time(engine):
    assert (engine.plan([""]).seconds, engine.plan([]).n_batches) == (0, 0)


def test_the_smaller_the_budget_the_more_batches(tiny_model):
    backend = FaultyBackend(tiny_model)
    sizes = [Engine(tiny_model, token_budget=size, backend=backend).plan(TEXTS).n_batches for size in (1, 16, 1_000)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (5, 1)


def test_on_the_cpu_a_batch_holds_texts_of_one_length_and_nothing_is_padded(engine):
    plan = engine.plan(["merci", "colis", "la facture", "le colis", "pas reçu !"])
    assert (plan.n_batches, plan.padding_share) == (3, 0.0)


def test_a_budget_of_nothing_is_refused(tiny_model):
    with pytest.raises(InputError, match="token_budget is 0, expected at least 1"):
        Engine(tiny_model, device="cpu", token_budget=0)


def test_a_device_that_is_not_there_is_refused(tiny_model):
    with pytest.raises(DeviceError, match="was asked for"):
        Engine(tiny_model, device="cuda:97")


def test_importing_the_package_does_not_import_torch():
    code = "import sys, vocmine, vocmine.inference as i; i.Model, i.Engine; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

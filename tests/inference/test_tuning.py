"""The upper layers of an encoder are trained, and what has no part in it stays."""

import numpy as np
import pytest

from tests.inference.tiny_huggingface import ARCHITECTURES, write_classifier
from vocmine.errors import InputError
from vocmine.inference import Engine, Head, Model
from vocmine.inference.headed import attach_head
from vocmine.inference.pieces import Pieces
from vocmine.inference.tuning import Course, Lesson, tune

TEXTS = ["merci le service", "toujours pas reçu", "merci merci bonjour", "pas reçu la facture"] * 6
LABELS = np.array([1, 0, 1, 0] * 6)


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def whole(texts):
    return Pieces(list(texts), np.arange(len(texts)), np.ones(len(texts)))


def lesson(pieces=None, labels=LABELS, held_out=()):
    mask = np.zeros(len(labels), dtype=bool)
    mask[list(held_out)] = True
    return Lesson(pieces or whole(TEXTS), labels, np.ones(len(labels)), mask)


def trained(model, given=None, **course):
    settings = {"epochs": 3, "learning_rate": 3e-3, "layers": None, "device": "cpu", "seed": 0, "progress": False}
    start = np.zeros((2, model.feature_size), np.float32), np.zeros(2, np.float32)
    return tune(model, given or lesson(), *start, Course(**{**settings, **course}))


def headed(model, tuned):
    head = Head("labels", ("a", "b"), input="features")
    return attach_head(model, head, tuned.weight, tuned.bias, trained=tuned.trained)


def predicted(model, texts):
    return Engine(model, device="cpu").encode(texts).probabilities["labels"]


@pytest.fixture(scope="module", params=["ours", *ARCHITECTURES])
def model(request, tiny_model, tmp_path_factory):
    if request.param == "ours":
        return tiny_model
    return Model.from_pretrained(write_classifier(tmp_path_factory.mktemp("theirs"), request.param))


def test_what_is_trained_is_what_runs_afterwards(model):
    """The logits of the last step's weights are those of the engine on the model they were put into."""
    tuned = trained(model, lesson(held_out=range(4)), epochs=1)
    logits = np.log(predicted(headed(model, tuned), TEXTS[:4]))
    ours = tuned.held_out - np.log(np.exp(tuned.held_out).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(logits, ours, atol=1e-4)


def test_it_learns_what_it_is_shown(model):
    tuned = trained(model, epochs=12, learning_rate=1e-3)
    assert (predicted(headed(model, tuned), TEXTS).argmax(axis=1) == LABELS).mean() > 0.9


def test_the_same_seed_gives_the_same_weights(model):
    first, same, other = (trained(model, seed=seed, epochs=1) for seed in (1, 1, 2))
    assert all(np.array_equal(array, same.trained[name]) for name, array in first.trained.items())
    assert not all(np.array_equal(array, other.trained[name]) for name, array in first.trained.items())


def test_the_callers_random_numbers_are_not_touched(tiny_model):
    import torch

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    trained(tiny_model, epochs=1)
    assert torch.equal(torch.rand(3), expected)


def test_only_the_layers_asked_for_move(model):
    one, both = (trained(model, layers=layers, epochs=1).trained for layers in (1, None))
    assert 0 < len(one) < len(both)
    assert all(".1." in name for name in one)
    assert not any("embeddings" in name for name in both)


def test_a_tuned_model_can_be_tuned_on(tiny_model):
    first = headed(tiny_model, trained(tiny_model, layers=1, epochs=1))
    second = headed(first, trained(first, layers=1, epochs=1))
    assert np.array_equal(
        second.tensor("encoder.layer.0.output.dense.weight"), tiny_model.tensor("encoder.layer.0.output.dense.weight")
    )
    upper = "encoder.layer.1.output.dense.weight"
    assert not np.array_equal(first.tensor(upper), tiny_model.tensor(upper))
    assert not np.array_equal(second.tensor(upper), first.tensor(upper))


def test_no_passes_that_help_leave_the_start(tiny_model):
    """Texts held out whose labels are turned round get worse with every step."""
    turned = np.r_[1 - LABELS[:8], LABELS[8:]]
    tuned = trained(tiny_model, lesson(labels=turned, held_out=range(8)), epochs=5)
    assert tuned.epochs == 0
    assert not tuned.weight.any()
    assert all(np.array_equal(a, tiny_model.tensor(n)) for n, a in tuned.trained.items())


def test_a_text_of_several_pieces_is_one_example(tiny_model):
    """Its logits are the mean of those of its pieces, by their shares."""
    pieces = Pieces(
        ["merci le service", "toujours pas reçu", "bonjour"], np.array([0, 0, 1]), np.array([0.75, 0.25, 1])
    )
    given = lesson(pieces, np.array([1, 0]), held_out=[0])
    tuned = trained(tiny_model, given, epochs=1)
    both = np.log(predicted(headed(tiny_model, tuned), pieces.segments[:2]))
    difference = np.average(both[:, 1] - both[:, 0], weights=[0.75, 0.25])
    assert tuned.held_out[0, 1] - tuned.held_out[0, 0] == pytest.approx(difference, abs=1e-4)


def test_more_layers_than_there_are_is_refused(model):
    with pytest.raises(InputError, match="layers is 3, the encoder has 2"):
        trained(model, layers=3)

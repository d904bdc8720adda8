"""What must hold of every run, whatever failed in it."""

import numpy as np

from vocmine.inference.backends.torch import TorchBackend
from vocmine.inference.backends.transformers import TransformersBackend
from vocmine.inference.pretrained import Model
from vocmine.inference.tokens import tokenise

TEXTS = ["merci", "la facture", "colis pas reçu", "", "toujours pas reçu le colis", "merci", "pas ! !"]
EMPTY = TEXTS.index("")
REASONS = {"out_of_memory", "device_error", "non_finite"}


def cpu_backend(model):
    """PyTorch in float32 on the CPU: what every other run is compared with."""
    return (TorchBackend if isinstance(model, Model) else TransformersBackend)(model, "cpu", threads=1)


def budget(model):
    """Room for three of the longest text: the texts make two batches."""
    return 3 * int(tokenise(TEXTS, model).lengths.max())


def assert_all_scored(encoding, expected):
    """Each row is scored as it should be, the empty one apart."""
    assert encoding.rejected == {EMPTY: "empty"}
    assert_none_lost(encoding, expected)


def assert_none_lost(encoding, expected):
    """Each row is there, in its order, scored as it should be or rejected with a reason and without any number."""
    assert len(encoding) == len(TEXTS)
    assert list(encoding.rejected) == sorted(encoding.rejected)
    assert encoding.rejected[EMPTY] == "empty"
    assert {reason for row, reason in encoding.rejected.items() if row != EMPTY} <= REASONS
    scored = encoding.scored
    for name, found in columns(encoding).items():
        assert np.allclose(found[scored], columns(expected)[name][scored], rtol=0, atol=1e-5), name
        assert np.isnan(found[~scored]).all(), name
    assert np.array_equal(encoding.n_tokens, np.where(scored, expected.n_tokens, 0))


def columns(encoding):
    return {"embeddings": encoding.embeddings, **encoding.probabilities}

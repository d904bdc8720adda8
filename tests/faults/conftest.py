"""Two models of one layer, and what an unfaulted run gives."""

from dataclasses import replace

import pytest

from tests.faults.outcome import TEXTS, budget, cpu_backend
from tests.inference.conftest import tiny_config, tiny_manifest, tiny_tensors, tiny_tokenizer
from tests.inference.tiny_huggingface import write_classifier
from vocmine.inference import Engine, Model


@pytest.fixture(scope="session")
def ours():
    tensors = {name: array for name, array in tiny_tensors().items() if not name.startswith("encoder.layer.1.")}
    return Model.assemble(tiny_manifest(), replace(tiny_config(), num_hidden_layers=1), tiny_tokenizer(), tensors)


@pytest.fixture(scope="session")
def huggingface(tmp_path_factory):
    folder = tmp_path_factory.mktemp("huggingface")
    return Model.from_pretrained(write_classifier(folder, "camembert", num_hidden_layers=1))


@pytest.fixture(scope="session", params=["ours", "huggingface"])
def model(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def expected(model):
    return unfaulted(model)


@pytest.fixture(scope="session")
def ours_expected(ours):
    return unfaulted(ours)


def unfaulted(model):
    return Engine(model, backend=cpu_backend(model), token_budget=budget(model)).encode(TEXTS)

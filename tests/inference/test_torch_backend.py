import json

import numpy as np
import pytest

from tests.faults.accelerator import FAST, SLOW, Accelerator
from vocmine.errors import DeviceError
from vocmine.inference import Engine
from vocmine.inference.backends.torch import TorchBackend

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")


def test_the_forward_pass_is_the_one_of_transformers(tiny_model):
    config = transformers.BertConfig(**json.loads(tiny_model.config.to_json()))
    theirs = transformers.BertModel(config, add_pooling_layer=False).eval()
    names = [name for name in tiny_model.stored if not name.endswith(".scale") and not name.startswith("heads.")]
    theirs.load_state_dict({name: torch.from_numpy(tiny_model.tensor(name)) for name in names})

    ids = np.array([[0, 5, 6, 7, 2], [0, 8, 2, 1, 1]], dtype=np.int32)
    mask = ids != 1
    ours = TorchBackend(tiny_model, "cpu").forward(ids, mask)
    with torch.inference_mode():
        hidden = theirs(torch.from_numpy(ids).long(), attention_mask=torch.from_numpy(mask)).last_hidden_state.numpy()
    pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    assert np.allclose(ours.features, pooled, atol=1e-5)
    assert np.allclose(ours.embedding, pooled / np.linalg.norm(pooled, axis=1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize(("head", "read"), [("urgency", "embedding"), ("motives", "features")])
def test_a_head_is_linear_on_its_input(tiny_model, head, read):
    ids = np.array([[0, 5, 6, 2]], dtype=np.int32)
    forward = TorchBackend(tiny_model, "cpu").forward(ids, ids != 1)
    weight, bias = tiny_model.tensor(f"heads.{head}.weight"), tiny_model.tensor(f"heads.{head}.bias")
    assert np.allclose(forward.logits[head], getattr(forward, read) @ weight.T + bias, atol=1e-5)


TEXTS = ["merci", "la facture", "colis pas reçu", "toujours pas reçu le colis"]


@pytest.mark.parametrize("capability", [SLOW, FAST], ids=["float32", "float16"])
def test_a_gpu_gives_what_the_cpu_gives(tiny_model, capability):
    here = Engine(tiny_model, backend=TorchBackend(tiny_model, "cpu")).encode(TEXTS, features=True)
    with Accelerator().plugged_in(capability):
        there = Engine(tiny_model, "cuda").encode(TEXTS, features=True)
    assert (there.rejected, there.stats.device) == ({}, "cuda:0")
    tolerance = {"float32": 1e-5, "float16": 1e-2}[there.stats.dtype]
    assert np.allclose(there.embeddings, here.embeddings, atol=tolerance)
    assert np.allclose(there.features, here.features, atol=tolerance)
    for name, values in here.probabilities.items():
        assert np.allclose(there.probabilities[name], values, atol=tolerance), name


def test_a_gpu_takes_a_batch_from_pinned_memory_and_gives_its_results_in_one_copy(tiny_model):
    with Accelerator().plugged_in() as device:
        backend = TorchBackend(tiny_model, "cuda:0")
        loaded = len(device.names)
        ids = np.array([[0, 5, 6, 7, 2], [0, 8, 2, 1, 1]], dtype=np.int32)
        backend.forward(ids, ids != 1)
    calls = device.names[loaded:]
    assert set(device.names[:loaded]) == {"to"}
    assert {name: calls.count(name) for name in ("pin_memory", "to", "copy_", "synchronize")} == {
        "pin_memory": 2,
        "to": 2,
        "copy_": 1,
        "synchronize": 1,
    }
    assert calls[-2:] == ["copy_", "synchronize"]


def test_a_model_that_leaves_half_precision_comes_back_to_it(tiny_model):
    with Accelerator().plugged_in(FAST):
        backend = TorchBackend(tiny_model, "cuda:0", "float16")
        for device, dtype in (("cpu", "float32"), ("cuda:0", "float16")):
            backend.move(device)
            assert (backend.device, backend.dtype) == (device, dtype)


def test_a_precision_that_pytorch_does_not_run_is_refused(tiny_model):
    with pytest.raises(DeviceError, match="'int8' was asked for, PyTorch runs this model in float32 or float16"):
        TorchBackend(tiny_model, "cpu", "int8")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_half_precision_on_a_real_gpu_agrees_with_the_cpu(tiny_model):
    there, here = Engine(tiny_model, "cuda").encode(TEXTS), Engine(tiny_model, "cpu").encode(TEXTS)
    assert np.allclose(there.probabilities["sentiment"], here.probabilities["sentiment"], atol=1e-2)

import json

import numpy as np
import pytest

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


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device on this machine")
def test_half_precision_on_a_gpu_agrees_with_the_cpu(tiny_model):
    texts = ["merci", "la facture", "colis pas reçu"]
    there, here = Engine(tiny_model, "cuda").encode(texts), Engine(tiny_model, "cpu").encode(texts)
    assert np.allclose(there.probabilities["sentiment"], here.probabilities["sentiment"], atol=1e-2)

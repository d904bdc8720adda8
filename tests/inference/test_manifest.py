import json

import pytest

from vocmine.errors import ModelFormatError
from vocmine.inference import Head, Manifest

MANIFEST = Manifest(
    name="tiny", version="1.0", max_tokens=64, prefix="query: ", heads=(Head("sentiment", ("négatif", "positif")),)
)


def altered(**changes):
    return json.dumps(json.loads(MANIFEST.to_json()) | changes)


def test_a_manifest_written_and_read_is_the_same():
    assert Manifest.from_json(MANIFEST.to_json()).to_json() == MANIFEST.to_json()
    assert Manifest.from_json(MANIFEST.to_json()).heads == MANIFEST.heads


def test_the_identity_names_the_model_and_changes_with_anything_that_changes_its_results():
    assert MANIFEST.model_id.startswith("tiny@1.0:")
    assert Manifest.from_json(altered(prefix="")).model_id != MANIFEST.model_id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (altered(format="onnx"), "expected 'vocmine-model' version 1"),
        (altered(format_version=2), "update vocmine"),
        (altered(heads=[{"name": "sentiment"}]), "cannot be read"),
        (altered(heads=[{"name": "s", "labels": ["a"], "kind": "ordinal", "input": "embedding"}]), "single_label"),
        (altered(pooling="cls"), "this version reads 'mean'"),
        (json.dumps({"format": "vocmine-model", "format_version": 1}), "cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused_with_what_to_do(text, said):
    with pytest.raises(ModelFormatError, match=said):
        Manifest.from_json(text)

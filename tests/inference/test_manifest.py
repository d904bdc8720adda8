import json
from dataclasses import replace

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


def test_a_folder_of_an_earlier_version_is_read_and_keeps_its_identity():
    text = MANIFEST.to_json()
    assert not {"lower_capitals", "embedder", "threshold"} & set(text.replace('"', " ").split())
    read = Manifest.from_json(text)
    assert (read.lower_capitals, read.embedder, read.heads[0].threshold) == (False, "", 0.5)


@pytest.mark.parametrize("changes", [{"lower_capitals": True}, {"embedder": "use-multilingual-3"}])
def test_what_is_not_as_it_was_is_written_and_tells_models_apart(changes):
    changed = replace(MANIFEST, **changes)
    assert Manifest.from_json(changed.to_json()) == replace(changed, files={})
    assert changed.model_id != MANIFEST.model_id


def test_the_threshold_of_a_head_is_kept():
    heads = (Head("simplicity", ("absent", "negative", "positive"), threshold=0.35),)
    assert Manifest.from_json(replace(MANIFEST, heads=heads).to_json()).heads == heads


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (altered(format="onnx"), "expected 'vocmine-model' version 1"),
        (altered(format_version=2), "update vocmine"),
        (altered(heads=[{"name": "sentiment"}]), "cannot be read"),
        (altered(heads=[{"name": "s", "labels": ["a"], "kind": "ordinal", "input": "embedding"}]), "single_label"),
        (altered(heads=[{"name": "s", "labels": ["a"], "kind": "single_label", "input": "cls"}]), "or features"),
        (
            altered(heads=[{"name": "s", "labels": ["a"], "threshold": 1.5}]),
            "has threshold 1.5, expected a probability",
        ),
        (json.dumps({"format": "vocmine-model", "format_version": 1}), "cannot be read"),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused_with_what_to_do(text, said):
    with pytest.raises(ModelFormatError, match=said):
        Manifest.from_json(text)

"""`vocmine.read` sends exports to their mapping: one that fits, or the one that is named."""

from pathlib import Path

import pytest

import vocmine as vm
from tests.ingest.mapping.exports import written
from vocmine.errors import InputError, ReadError

GOLDEN = Path(__file__).parents[2] / "golden" / "mapped"


def test_an_export_is_read_without_a_word():
    corpus = vm.read(GOLDEN / "x" / "page.json", own_addresses=["@Exemple_SAV"])
    assert (len(corpus), corpus.rows_in) == (2, 5)
    assert corpus.quality().sources[0].notes[0] == "lu selon « x »"


def test_a_preset_may_be_named_and_a_mapping_given(tmp_path):
    file = written(tmp_path, {"avis": [{"cle": 1, "mot": "Parfait"}]})
    mapping = written(tmp_path, "records: avis[*]\ncolumns: {contact_id: cle, text: mot}\n", "avis.yaml")
    assert vm.read(file, mapping=mapping).contacts["contact_id"].to_pylist() == ["1"]
    assert vm.read(GOLDEN / "trustpilot" / "avis.json", mapping="trustpilot").rows_in == 3
    with pytest.raises(InputError, match=r"expected one of app_store"):
        vm.read(file, mapping="trustpilote")


def test_an_error_never_quotes_the_file(tmp_path):
    with pytest.raises(ReadError) as caught:
        vm.read(written(tmp_path, "Madame Durand est en colère"), mapping="trustpilot")
    assert "Durand" not in str(caught.value)
    assert caught.value.__cause__ is None
    rejected = vm.read(written(tmp_path, '[{"id": 1}, Madame Durand]', "b.json"), mapping="trustpilot").rejected
    assert "Durand" not in str(rejected.to_pylist())


def test_a_corpus_larger_than_memory_has_the_same_turns(tmp_path):
    reviews = [
        {"id": f"t{n}", "stars": 5, "consumer": {}, "createdAt": "2026-01-01", "text": "Bien"} for n in range(9_000)
    ]
    file = written(tmp_path, {"reviews": reviews})
    small, large = vm.read(file), vm.read(file, memory=1)
    assert small.turns.equals(large.turns)

"""Whatever the bytes, an export is read or refused by the documented error, and every row is accounted for."""

import json
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ingest.mapping.exports import FORMAT, whole
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mapping import presets

GOLDEN = Path(__file__).parents[2] / "golden" / "mapped"
FILES = sorted(path for path in GOLDEN.glob("*/*") if not path.name.endswith(".expected.json"))

fuzzed = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read(path, mapping):
    with suppress(ReadError):
        corpus = whole(FORMAT.rows(File(path, path.name), Choices(mapping=mapping, own_addresses=("99",))))
        assert corpus.rows_in == corpus.quality().rows_in == corpus.turns.num_rows + corpus.rejected.num_rows


@fuzzed
@given(data=st.data())
def test_an_export_with_bytes_changed(tmp_path, data):
    original = data.draw(st.sampled_from(FILES))
    content = bytearray(original.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    path = tmp_path / original.name
    path.write_bytes(bytes(content))
    read(path, original.parent.name)


def replaced(document, data):
    """Put something else in the place of one value of a document."""
    if isinstance(document, dict | list) and document and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(document) if isinstance(document, dict) else range(len(document))))
        document[key] = replaced(document[key], data)
        return document
    return data.draw(json_values)


@fuzzed
@given(data=st.data())
def test_an_export_with_values_of_another_kind(tmp_path, data):
    original = data.draw(st.sampled_from([path for path in FILES if path.suffix == ".json"]))
    document = replaced(json.loads(original.read_bytes()), data)
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document, allow_nan=data.draw(st.booleans()) or True), encoding="utf-8")
    read(path, original.parent.name)


@fuzzed
@given(document=json_values, name=st.sampled_from(sorted(presets())))
def test_any_json_by_any_preset(tmp_path, document, name):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    read(path, name)

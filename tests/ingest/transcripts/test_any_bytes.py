"""Whatever the bytes: rows, or the one error that is documented, and no row lost on the way."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vocmine.corpus import Corpus
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.transcripts import FORMATS

GOLDEN = [
    file
    for file in sorted((Path(__file__).parents[2] / "golden" / "transcripts").rglob("*.*"))
    if file.is_file() and not file.name.endswith((".expected.json", ".md"))
]
PIECES = st.sampled_from([
    b"-->", b"\n", b"\n\n", b"<v ", b">", b"00:00:01.000 --> 00:00:02.000", b"Client : ",
    b"- ", b"{", b"}", b"[",
    b"null", b"\xe9", b"\xff\xfe", b"\0",
    b"1e999", b"NaN", b"-1", b"===", b"Appel 3\n", b"NOTE", b'"', b"\\", b"\xf0\x9f",
])  # fmt: skip


@st.composite
def damaged(draw):
    data = draw(st.sampled_from(GOLDEN)).read_bytes()
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 60)))
        data = data[:start] + draw(st.one_of(PIECES, st.binary(max_size=6))) + data[end:]
    return data


DOCUMENTS = [file for file in GOLDEN if file.suffix == ".json" and "malformed" not in file.name]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(
        ["CUSTOMER", "VOICE", "CHAT", "EVENT", "2026-03-09T13:05:00Z", '{"templateType": 1, "data": []}']
    ),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=5,
)


def places_of(value):
    """Return the containers of a document, each with one of its keys."""
    if not isinstance(value, dict | list):
        return []
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [(value, key) for key, _ in pairs] + [place for _, each in pairs for place in places_of(each)]


@st.composite
def altered(draw):
    document = json.loads(draw(st.sampled_from(DOCUMENTS)).read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(1, 3))):
        places = places_of(document)
        if places:
            container, key = draw(st.sampled_from(places))
            container[key] = draw(VALUES)
    return json.dumps(document).encode()


def check_each_reader(path, data):
    path.write_bytes(data)
    for format_ in FORMATS:
        file = File(path, path.name)
        format_.fits(file)
        try:
            batches = list(format_.rows(file, Choices()))
        except ReadError:
            continue
        assert batches
        for batch in batches:
            corpus = Corpus.from_rows(batch, {})
            assert corpus.turns.num_rows + corpus.rejected.num_rows == batch.n_rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damaged())
def test_damaged_files_give_rows_or_are_refused(tmp_path, data):
    check_each_reader(tmp_path / "appel.txt", data)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(altered())
def test_documents_with_any_value_in_any_field_give_rows_or_are_refused(tmp_path, data):
    check_each_reader(tmp_path / "appel.json", data)

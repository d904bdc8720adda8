"""Documents: exports are read piece by piece, and whatever is broken is told and costs no more than itself."""

import gzip
import io
import json
import tracemalloc

import pytest

from tests.ingest.mapping.exports import corpus_of, written
from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mapping import documents, find_preset, read_mapped
from vocmine.ingest.mapping.language import parse_mapping
from vocmine.ingest.mapping.nesting import DEEPEST, NestingError, Shallow

CALLS = {
    "records": ["appels[*]", "."],
    "turns": "tours[*]",
    "columns": {"contact_id": "$contact.id", "text": "dit", "speaker": {"value": "customer"}},
}


def calls(count):
    return [{"id": f"a{number}", "tours": [{"dit": f"Bonjour {number}"}]} for number in range(count)]


LAYOUTS = {
    "array.json": json.dumps(calls(3)),
    "object.json": json.dumps({"total": 3, "appels": calls(3), "fin": True}),
    "indented.json": json.dumps({"appels": calls(3)}, indent=2),
    "lines.jsonl": "\n".join(map(json.dumps, calls(3))),
    "lines.json": "\n".join(map(json.dumps, calls(3))),
    "lines.ndjson": "\n\n" + "\r\n".join(map(json.dumps, calls(3))) + "\n",
    "pages.jsonl": "\n".join(json.dumps({"appels": calls(3)[part]}) for part in (slice(2), slice(2, 3))),
    "pages.json": json.dumps([{"appels": calls(3)[:2]}, {"appels": []}, {"appels": calls(3)[2:]}]),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_layout_of_json_gives_the_same_turns(tmp_path, name, encoding, zipped):
    file = tmp_path / (f"{name}.gz" if zipped else name)
    data = LAYOUTS[name].encode(encoding)
    file.write_bytes(gzip.compress(data) if zipped else data)
    corpus = corpus_of(file, CALLS)
    assert corpus.turns["text"].to_pylist() == ["Bonjour 0", "Bonjour 1", "Bonjour 2"]
    assert corpus.rejected.num_rows == 0


def test_an_accent_across_blocks_and_a_stray_encoding_are_read(tmp_path):
    file = tmp_path / "appels.json"
    file.write_bytes(json.dumps([{"id": 1, "tours": [{"dit": "Été à Noël"}]}], ensure_ascii=False).encode("cp1252"))
    assert corpus_of(file, CALLS).turns["text"].to_pylist() == ["Été à Noël"]
    many = written(tmp_path, [{"id": 1, "tours": [{"dit": "é" * 70_001}]}], "long.json")
    assert corpus_of(many, CALLS).turns["text"].to_pylist() == ["é" * 70_001]


@pytest.mark.parametrize(
    ("content", "turns", "rejected"),
    [
        ('{"id": 1, "tours": [{"dit": "a"}]}\n{"id": 2, "tours"\n{"id": 3, "tours": [{"dit": "b"}]}', 2, ["line 2: "]),
        ('[{"id": 1, "tours": [{"dit": "a"}]}, {"id": 2, "to', 1, ["after 1 records: "]),
        ('[{"id": 1, "tours": [{"dit": "a"}]}, NaN]', None, ["after "]),
        (
            '{"appels": [{"id": 1, "tours": [{"dit": "a"}]}, 5, "x", null]}',
            1,
            ["got a int, ", "got a str, ", "got a N"],
        ),
        ('{"autres": []}', 0, ["got nothing, expected a text"]),
        ('[{"id": 1, "tours": []}]', 0, ["got nothing, expected a text"]),
        ('[{"id": 1, "tours": [3]}]', 0, ["got a int, expected a mapping"]),
        ('[{"id": 1, "tours": {"dit": "a"}}]', 0, ["got nothing, expected a text"]),
        ("12", 0, ["got a int without records, expected appels or a mapping"]),
        ('[["a"]]', 0, ["got a list"]),
        ("[" * 50_000, 0, ["after 0 records: "]),
        ('[{"a":' * 20_000, 0, ["after 0 records: "]),
        ('{"id": 1, "tours": [{"dit": "a"}]}\n' + "[" * 50_000, 1, ["line 2: "]),
    ],
)
def test_what_is_broken_is_a_rejected_row(tmp_path, content, turns, rejected):
    corpus = corpus_of(written(tmp_path, content), CALLS)
    assert turns is None or corpus.turns.num_rows == turns
    assert [any(map(detail.startswith, rejected)) for detail in corpus.rejected["detail"].to_pylist()] == [
        *(True for _ in rejected)
    ]


@pytest.mark.parametrize(("name", "content"), [("a.json", "oups"), ("a.jsonl", "oups\nencore")])
def test_what_is_no_json_is_no_export(tmp_path, name, content):
    with pytest.raises(ReadError, match=r"^a\.jsonl?: got "):
        corpus_of(written(tmp_path, content, name), CALLS)


def test_a_gzip_that_is_cut_is_told(tmp_path):
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, calls(9_000))).encode())[:-20])
    with pytest.raises(ReadError, match=r"^a\.jsonl\.gz: cannot be read to its end"):
        corpus_of(file, CALLS)


@pytest.mark.parametrize("content", ["", "  \n "])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_an_empty_file_gives_no_rows(tmp_path, name, content):
    assert corpus_of(written(tmp_path, content, name), CALLS).rows_in == 0


def test_a_line_too_long_costs_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "LONGEST_LINE", 100)
    lines = [json.dumps({"id": 1, "tours": [{"dit": "a" * 1_000}]}), json.dumps(calls(1)[0])]
    corpus = corpus_of(written(tmp_path, "\n".join(lines), "a.jsonl"), CALLS)
    assert corpus.rejected["detail"].to_pylist() == ["line 1: got a line too long, expected one object"]
    assert corpus.turns["text"].to_pylist() == ["Bonjour 0"]


@pytest.mark.parametrize("name", ["appels.json", "appels.jsonl"])
def test_an_export_is_never_in_memory_as_a_whole(tmp_path, name):
    size = 8_000
    padding = "x" * 1_000
    records = ({"id": number, "bruit": padding, "tours": [{"dit": "Bonjour"}]} for number in range(size))
    with (tmp_path / name).open("w") as file:
        if name.endswith("l"):
            file.writelines(f"{json.dumps(record)}\n" for record in records)
        else:
            file.write('{"appels": [')
            file.writelines(f"{', ' if record['id'] else ''}{json.dumps(record)}" for record in records)
            file.write("]}")
    mapping = parse_mapping(CALLS, "essai")
    tracemalloc.start()
    rows = sum(batch.n_rows for batch in read_mapped(File(tmp_path / name, name), Choices(), mapping))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == size
    assert peak < (tmp_path / name).stat().st_size / 2


def test_rows_are_numbered_over_the_batches_and_a_contact_is_in_one(tmp_path):
    record = {"id": "a", "tours": [{"dit": "un"}, 3, {"dit": "deux"}]}
    file = written(tmp_path, [record | {"id": number} for number in range(3_000)])
    batches = list(read_mapped(File(file, "f"), Choices(), parse_mapping(CALLS, "essai")))
    assert len(batches) == 3
    assert sorted(row for batch in batches for row in [*batch.rows.tolist(), *batch.malformed]) == list(range(9_000))
    assert not set(batches[0].frame["contact_id"]) & set(batches[1].frame["contact_id"])
    assert all(list(batch.frame.columns) == list(batches[0].frame.columns) for batch in batches)


def test_brackets_in_strings_are_not_nesting():
    text = json.dumps({"a": "[" * 5_000 + '\\"' + "{" * 5_000, "b": ["\\"]}).encode()
    stream = Shallow(io.BytesIO(text))
    assert b"".join(iter(lambda: stream.read(7), b"")) == text


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1_000_000])
def test_nesting_is_told_however_the_blocks_are_cut(size):
    stream = Shallow(io.BytesIO(b'["\\\\", ' + b'{"a": [' * (DEEPEST // 2)))
    with pytest.raises(NestingError):
        all(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize("name", ["a.json", "b.jsonl", "c.csv", "d.txt", "e"])
@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 50, b"\xff\xfe", b"[", b"{", b'{"a"', b"a,b\n1", b'"' * 9, b"[" * 70_000]
)
def test_no_file_makes_the_recognition_fail(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert find_preset(File(tmp_path / name, name)) is None


def test_the_head_is_enough_to_recognise_a_long_export(tmp_path):
    reviews = [{"reviewId": f"r{number}", "starRating": "ONE", "comment": "Nul " * 50} for number in range(2_000)]
    file = written(tmp_path, {"reviews": reviews})
    assert find_preset(File(file, "f")).name == "google_business"

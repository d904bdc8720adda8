"""Every preset reads the files made after its vendor's documentation: each row is a turn, or has its reason."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.ingest.mapping.exports import corpus_of
from vocmine.ingest.files import File
from vocmine.ingest.mapping import find_preset, presets
from vocmine.ingest.mapping.documents import first_records, head_document

GOLDEN = Path(__file__).parents[2] / "golden" / "mapped"
EXPECTED = sorted(GOLDEN.glob("*/*.expected.json"))


def export_of(expected):
    (file,) = (file for file in expected.parent.iterdir() if file != expected and file.stem == expected.stem[:-9])
    return file


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.stem[:-9]}")
def test_every_turn_is_read(expected):
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    corpus = corpus_of(export_of(expected), own_addresses=tuple(wanted.get("own", ())))
    frame = corpus.to_pandas()
    turns = [{name: as_json(row[name]) for name in expected} for (_, row), expected in rows(frame, wanted["turns"])]
    assert turns == [with_dates(turn) for turn in wanted["turns"]]
    assert corpus.rejected.select(["row", "reason"]).to_pylist() == wanted["rejected"]
    assert corpus.rows_in == len(wanted["turns"]) + len(wanted["rejected"])


def rows(frame, wanted):
    return zip(frame.iterrows(), wanted, strict=True)


def as_json(value):
    if isinstance(value, pd.Timestamp):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    return value if isinstance(value, list) else None if pd.isna(value) else value


def with_dates(turn):
    return {name: pd.Timestamp(value) if name == "at" and value else value for name, value in turn.items()}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: f"{path.parent.name}/{path.stem[:-9]}")
def test_an_export_is_recognised_by_its_content(expected, tmp_path):
    file = export_of(expected)
    assert find_preset(File(file, file.name)).name == expected.parent.name


@pytest.mark.parametrize("name", [name for name in presets() if presets()[name].files == "json"])
@pytest.mark.parametrize("rank", [0, 1])
def test_no_other_preset_would_take_it(name, rank):
    path = export_of(sorted((GOLDEN / name).glob("*.expected.json"))[rank])
    file = File(path, path.name)
    others = [mapping for other, mapping in presets().items() if other != name and mapping.files == "json"]
    document = head_document(file)
    assert not [each.name for each in others if any(map(each.fits.record, first_records(each, document)))]


def test_every_preset_has_at_least_two_files():
    assert {name: len(list((GOLDEN / name).glob("*.expected.json"))) for name in presets()} == dict.fromkeys(
        presets(), 2
    )

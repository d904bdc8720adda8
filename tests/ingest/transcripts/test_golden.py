"""Golden transcripts, made by hand after the vendors' documentation: every turn, its speaker and its times."""

import json
from collections import Counter
from pathlib import Path

import pytest

from vocmine.corpus import Corpus
from vocmine.ingest.files import Choices, File
from vocmine.ingest.transcripts import FORMATS

FOLDER = Path(__file__).parents[2] / "golden" / "transcripts"
EXPECTED = sorted(FOLDER.rglob("*.expected.json"))
FORMAT_OF = {
    "contact_lens_call": "contact_lens",
    "contact_lens_chat": "contact_lens",
    "plain": "plain_transcript",
    "whisperx": "whisper",
}


def transcript_of(expected):
    stem = expected.name.removesuffix("expected.json")
    return next(file for file in expected.parent.iterdir() if file.name.startswith(stem) and file != expected)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda file: f"{file.parent.name}/{file.name.split('.')[0]}")
def test_every_turn_is_read_as_its_author_meant_it(expected):
    truth = json.loads(expected.read_text(encoding="utf-8"))
    path = transcript_of(expected)
    file = File(path, path.name)
    found = next(format_ for format_ in FORMATS if format_.fits(file))
    assert found.name == FORMAT_OF.get(path.parent.name, path.parent.name)
    batches = list(found.rows(file, Choices()))
    (batch,) = batches
    rows = batch.frame.astype(object).where(batch.frame.notna(), None).to_dict("records")
    assert [{name: row[name] for name in turn} for row, turn in zip(rows, truth["turns"], strict=True)] == truth[
        "turns"
    ]
    assert len(batch.malformed) == truth["rejected"]
    assert sorted([*batch.rows, *batch.malformed]) == list(range(batch.n_rows))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda file: f"{file.parent.name}/{file.name.split('.')[0]}")
def test_a_corpus_has_as_many_turns_and_rejected_rows(expected):
    truth = json.loads(expected.read_text(encoding="utf-8"))
    path = transcript_of(expected)
    file = File(path, path.name)
    (batch,) = next(format_ for format_ in FORMATS if format_.fits(file)).rows(file, Choices())
    corpus = Corpus.from_rows(batch, {})
    assert corpus.turns.num_rows == len(truth["turns"])
    assert corpus.rejected.num_rows == truth["rejected"]
    assert corpus.turns["text"].to_pylist() == [turn["text"].replace("\u00a0", " ") for turn in truth["turns"]]
    words = {word for turn in truth["turns"] for word in turn["text"].split() if len(word) > 5}
    assert not any(word in detail for word in words for detail in corpus.rejected["detail"].to_pylist())


def test_there_are_enough_of_each():
    counts = Counter(file.parent.name for file in EXPECTED)
    assert set(counts) == {file.name for file in FOLDER.iterdir() if file.is_dir()}
    assert all(counts[name] >= 5 for name in counts if name != "contact_lens_stream")

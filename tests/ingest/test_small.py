"""Many small files read as one: nothing shows but the time it takes."""

import numpy as np
import pandas as pd
import pytest

from vocmine import Corpus
from vocmine.corpus import RawRows
from vocmine.ingest.small import MOST_ROWS, SmallFiles, read_together

KNOWN = {name: name for name in ("contact_id", "text", "at", "speaker", "customer_id")}
DATE = "2025-04-03T10:00:00+02:00"


def message(number, **columns):
    row = {"contact_id": f"m{number}", "text": "Toujours rien reçu", "at": DATE, "speaker": "customer"}
    row |= {"customer_id": "lea@exemple.fr", "subject": f"Colis {number}", **columns}
    frame = pd.DataFrame([row], dtype=object)
    return RawRows(frame, f"{number:03d}.eml", notes=("un message",), known=KNOWN)


def empty(number):
    broken = {0: "line 1: got no header"}
    nothing = np.zeros(0, dtype=np.int64)
    return RawRows(message(number).frame.head(0), f"{number:03d}.eml", nothing, broken, known=KNOWN)


FILES = {
    "plain": [message(number) for number in range(4)],
    "own column in some": [message(0), message(1, attachments=["a.pdf"]), message(2, attachments=[])],
    "own column of several types": [message(0, score=1), message(1, score="bien"), message(2)],
    "rejected rows": [message(0), message(1, text=None), empty(2), message(3)],
    "dates that are none": [
        message(0, at=None),
        message(1, at="demain"),
        message(2, at="1970-01-01T00:00:00Z"),
        message(3),
    ],
    "dates without a zone": [message(0), message(1, at="03/04/2025 10:00")],
    "repairs": [message(0, text="Ã©tÃ©"), message(1, at="2999-01-01T00:00:00Z"), message(2)],
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_files_read_as_one_give_what_they_give_one_by_one(files):
    together = read_together(files, {})
    whole = Corpus.concat(together) if len(together) > 1 else together[0]
    expected = Corpus.concat([Corpus.from_rows(file) for file in files])
    for name, table in expected.tables().items():
        assert whole.tables()[name].select(table.column_names).to_pylist() == table.to_pylist(), name
    assert whole.index.tolist() == expected.index.tolist()
    assert [read for read in whole.dates if read.forms] == [read for read in expected.dates if read.forms]
    sources = [(source.name, source.rows, source.notes) for source in expected.quality().sources]
    assert [(source.name, source.rows, source.notes) for source in whole.quality().sources][: len(sources)] == sources


def test_files_wait_until_one_cannot_join_them():
    small = SmallFiles()
    assert small.take(message(0))
    assert small.take(message(1))
    assert [file.source for file in small.leave()] == ["000.eml", "001.eml"]
    assert small.leave() == []


@pytest.mark.parametrize(
    "other",
    [
        message(0),
        message(1, contact_id=None),
        RawRows(message(1).frame, "a.csv"),
        RawRows(message(1).frame, "a.vtt", known={**KNOWN, "team": "subject"}),
        RawRows(pd.concat([message(1).frame] * MOST_ROWS), "a.mbox", known=KNOWN),
    ],
    ids=["same contact", "no id", "columns to guess", "other columns", "large"],
)
def test_some_files_are_read_apart(other):
    small = SmallFiles()
    small.take(message(0))
    assert not small.take(other)
    assert [file.source for file in small.leave()] == ["000.eml"]

"""Text read line after line gives the rows that reading it whole gives."""

import random

import numpy as np
import pandas as pd
import pytest

from vocmine.errors import ReadError
from vocmine.ingest.delimited import read_delimited
from vocmine.ingest.lines import DelimitedSource

FIELDS = (
    "Toujours rien reçu",
    '"Bonjour, merci"',
    '"Ligne une\nligne deux\r\nligne trois"',
    'il a dit "non" hier',
    '"jamais fermé',
    "",
    "C’était bien, trop cher",
)


def hostile(seed, n):
    """Records of which some are broken: stray quotes, fields too many or too few, empty lines."""
    chance = random.Random(seed)
    lines = [f"{row},{chance.choice(FIELDS)},{chance.choice(FIELDS)}" for row in range(n)]
    return "id,texte,note\n" + "\n".join(chance.choice((line, line, "", line + "\n")) for line in lines)


def together(source, start=0):
    batches = list(source.batches(start))
    frame = pd.concat([batch.frame for batch in batches], ignore_index=True)
    malformed = {row: why for batch in batches for row, why in batch.malformed.items()}
    return frame, np.concatenate([batch.rows for batch in batches]), malformed


def values(frame):
    """The columns and the cells, None where there is nothing, whatever the types that hold them."""
    return [list(frame.columns), *frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]


@pytest.mark.parametrize(
    "data",
    [
        *(hostile(seed, 300).encode() for seed in range(5)),
        hostile(9, 40_000).replace('"jamais fermé', "fermé").encode(),
        ("id;texte\n" + "1;Très bien\n" * 50_000).encode("cp1252"),
        ("id;texte\n" + "1;Très bien\n" * 50).encode("mac_roman"),
        "id;texte\r1;Été\r2;Noël".encode("utf-16"),
        "sep=|\nid|texte\n1|Été; ou presque\n".encode("utf-8-sig"),
        b'"le\ntexte";id\nMerci;1\n',
        ("texte\n" + "é" * 2**20 + "\nMerci").encode(),
        ("id;texte\n" + "1;Été\n" * 140_000).encode() + "2;Noël\n".encode("cp1252"),
        b"id;texte",
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_rows_are_those_of_the_file_read_whole(tmp_path, data):
    path = tmp_path / "avis.csv"
    path.write_bytes(data)
    whole = read_delimited(data, "avis.csv")
    frame, rows, malformed = together(DelimitedSource(path))
    assert values(frame) == values(whole.frame)
    assert rows.tolist() == whole.rows.tolist()
    assert malformed == whole.malformed


def test_rows_are_read_from_any_one_on(tmp_path):
    path = tmp_path / "avis.csv"
    path.write_text(hostile(3, 300))
    _, rows, malformed = together(DelimitedSource(path))
    for start in (1, 150, 299):
        _, later, broken = together(DelimitedSource(path), start)
        assert later.tolist() == rows[rows >= start].tolist()
        assert broken == {row: why for row, why in malformed.items() if row >= start}


@pytest.mark.parametrize(
    ("data", "message"), [(b"", "got an empty file"), (b"\n\n", "got an empty file"), (b'"id', "got no header")]
)
def test_a_file_without_a_table_is_refused(tmp_path, data, message):
    path = tmp_path / "avis.csv"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=message):
        DelimitedSource(path)

"""Every file that `read` reads can be streamed, with the same turns."""

import json

import pandas as pd
import pytest

import vocmine as vm
from vocmine.errors import InputError
from vocmine.ingest.exports import ExportSource
from vocmine.streaming.sources import open_source

CALL = "WEBVTT\n\n" + "\n\n".join(
    f"00:{second:02d}.000 --> 00:{second:02d}.900\n<v {'Conseillère' if second % 2 else 'Cliente'}>Phrase {second}"
    for second in range(1, 40)
)
MAIL = """From lea Thu Apr  3 10:00:00 2025
From: Léa Roy <lea.roy@exemple.fr>
Subject: Colis
Message-ID: <m{number}@exemple.fr>
Date: Thu, 3 Apr 2025 10:00:00 +0200
Content-Type: text/plain; charset=utf-8

Où est mon colis {number} ?

"""
FILES = {
    "appel.vtt": CALL,
    "boite.mbox": "".join(MAIL.format(number=number) for number in range(30)),
    "avis.jsonl": "\n".join(json.dumps({"id": row, "texte": f"Rien reçu depuis {row} jours"}) for row in range(30)),
    "avis.json": json.dumps([{"id": row, "texte": f"Rien reçu depuis {row} jours"} for row in range(30)]),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_any_format_is_streamed(tmp_path, name, streamed):
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    stream = streamed(path, tmp_path / "out")
    corpus = vm.read(path, clean=False)
    assert (
        stream.turns[["contact_id", "turn", "speaker", "text"]].to_dict("records")
        == corpus.turns.select(["contact_id", "turn", "speaker", "text"]).to_pylist()
    )
    assert stream.rows_in == corpus.rows_in


def test_rows_are_read_from_any_one_on(tmp_path):
    path = tmp_path / "boite.mbox"
    path.write_text(FILES["boite.mbox"], encoding="utf-8")
    source = open_source(path)
    assert isinstance(source, ExportSource)
    later = pd.concat([batch.frame for batch in source.batches(17)])
    assert later["text"].tolist() == [f"Où est mon colis {number} ?" for number in range(17, 30)]


def test_a_file_of_no_kind_that_is_read_is_refused(tmp_path):
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    with pytest.raises(InputError, match=r"logo\.png: got \.png, expected a file"):
        open_source(tmp_path / "logo.png")

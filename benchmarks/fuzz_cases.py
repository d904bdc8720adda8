"""Broken files, and what must hold of every reader whatever it is given."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from vocmine.corpus import Corpus
from vocmine.errors import InputError, ReadError
from vocmine.ingest.chunks import together
from vocmine.ingest.files import Choices, File, Format
from vocmine.ingest.formats import FORMATS, format_of
from vocmine.ingest.large import with_columns

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"

ROWS = [
    {
        "id": f"C{row}",
        "date": "23/04/2025",
        "auteur": "Client",
        "texte": f'Il a dit "non" ; rien reçu\n depuis {row} jours',
    }
    for row in range(12)
]

# What readers look for, put where it does not belong.
TOKENS = (
    *(
        b"",
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b'""',
        b"'",
        b";",
        b",",
        b"\t",
        b"\x1f",
    ),
    *(b"{", b"}", b"[", b"]", b"null", b"NaN", b"1e999", b"-1", b'{"a":', b"[[[[[[[[", b'"\\ud83d"', b"\\u0000"),
    *(
        b"WEBVTT",
        b"NOTE",
        b"-->",
        b"00:00:00.000 --> 99:99:99.999",
        b"<v ",
        b"</v>",
        b"&#x110000;",
        b"&amp;",
        b"{\\an8}",
    ),
    *(
        b"From ",
        b"From a Thu Apr  3 10:00:00 2025\n",
        b"Content-Type: multipart/mixed; boundary=x\n",
        b"--x\n",
        b"--x--\n",
    ),
    *(
        b"=?utf-8?B?",
        b"?=",
        b"charset=utf-7",
        b"Content-Transfer-Encoding: base64\n",
        b"=E9=\n",
        b"<div><div>",
        b"<!--",
    ),
    *(b"Client : ", b"[00:01:23] ", b"SPEAKER_00", b"2025-13-45T99:99:99Z", b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08"),
)


def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """Return the golden files of every format, and tables made here: the name of each, and its bytes."""
    found: dict[str, list[tuple[str, bytes]]] = {kind.name: [] for kind in FORMATS}
    for path in sorted(path for path in GOLDEN.rglob("*") if path.is_file() and ".expected." not in path.name):
        kind = format_of(File(path, path.name))
        if kind is not None:
            found[kind.name].append((path.name, path.read_bytes()))
    frame = pd.DataFrame(ROWS)
    workbook, parquet = io.BytesIO(), io.BytesIO()
    frame.to_excel(workbook, index=False)
    frame.to_parquet(parquet)
    text = frame.to_csv(index=False, sep=";")
    found["spreadsheet"] += [("avis.xlsx", workbook.getvalue())]
    found["parquet"] += [("avis.parquet", parquet.getvalue())]
    found["delimited"] += [("avis.csv", text.encode(code)) for code in ("utf-8", "cp1252", "utf-16")]
    found["json"] += [("avis.json", json.dumps(ROWS).encode())]
    found["json_lines"] += [("avis.jsonl", "\n".join(map(json.dumps, ROWS)).encode())]
    return found


def broken_files(files: Sequence[tuple[str, bytes]], suffixes: Sequence[str]) -> st.SearchStrategy[tuple[str, bytes]]:
    """Draw names and contents: random bytes, tokens, and files that are cut, spliced and spoilt, gzipped or not."""
    names = st.sampled_from([f"export{suffix}" for suffix in suffixes])
    noise = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(TOKENS), max_size=30).map(b"".join))
    drawn = st.tuples(names, noise)
    if files:
        spoilt = st.sampled_from(files).flatmap(lambda file: st.tuples(st.just(file[0]), spoilt_bytes(file[1])))
        drawn = st.one_of(spoilt, spoilt, spoilt, drawn)
    return st.tuples(drawn, st.integers(0, 9)).map(lambda pair: _gzipped(*pair[0]) if pair[1] == 0 else pair[0])


def spoilt_bytes(data: bytes) -> st.SearchStrategy[bytes]:
    """Draw what is left of a file once pieces of it are lost, repeated, moved or replaced."""
    place = st.integers(0, len(data))
    change = st.tuples(
        place, place, st.one_of(st.sampled_from(TOKENS), st.binary(max_size=8)), st.sampled_from("crdit")
    )
    return st.lists(change, min_size=1, max_size=4).map(lambda changes: _changed(data, changes))


def _changed(data: bytes, changes: Sequence[tuple[int, int, bytes, str]]) -> bytes:
    for one, other, piece, how in changes:
        start, end = min(one, other), max(one, other)
        match how:
            case "c":  # cut off
                data = data[:one]
            case "r":  # a few bytes replaced
                data = data[:start] + piece + data[start + len(piece) :]
            case "d":  # a piece lost
                data = data[:start] + data[min(end, start + 200) :]
            case "i":  # something put in
                data = data[:start] + piece + data[start:]
            case _:  # a piece twice
                data = data[:end] + data[start : min(end, start + 2000)] + data[end:]
    return data


def _gzipped(name: str, data: bytes) -> tuple[str, bytes]:
    packed = gzip.compress(data, mtime=0)
    return f"{name}.gz", packed[: -1 - len(data) % 9] if len(data) % 3 == 0 else packed


def outcome(kind: Format, path: Path) -> str:
    """Read a file, and return ``read``, ``refused`` by the reader, or ``no table``; anything else is an error.

    Raises
    ------
    AssertionError
        If a row of the file is neither a turn nor rejected.
    """
    file = File(path, path.name)
    try:
        kind.fits(file)
        batches = list(kind.rows(file, Choices()))
    except ReadError:
        return "refused"
    rows = sum(batch.n_rows for batch in batches)
    numbers = np.concatenate([[*batch.rows, *batch.malformed] for batch in batches]).astype(int)
    if sorted(numbers) != list(range(rows)):
        raise AssertionError(f"{kind.name}: {rows} rows that are not numbered on")
    try:
        corpus = Corpus.from_rows(with_columns(together(batches)), {})
    except InputError:
        return "no table"
    _check(corpus, rows)
    return "read"


def _check(corpus: Corpus, rows: int) -> None:
    numbers = [*corpus.turns["row"].to_pylist(), *corpus.rejected["row"].to_pylist()]
    if sorted(numbers) != list(range(rows)):
        raise AssertionError(f"{rows} rows gave {corpus.turns.num_rows} turns and {corpus.rejected.num_rows} rejected")


def check_read(corpora: Mapping[str, Corpus]) -> None:
    """Check that corpora that were read have a turn, or a rejected row, for each of their rows."""
    for corpus in corpora.values():
        _check(corpus, len(corpus.index))

"""Whatever the bytes: rows or malformed rows, `ReadError` at worst, nothing lost."""

import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vocmine.errors import ReadError
from vocmine.ingest.files import Choices, File
from vocmine.ingest.mail import FORMATS
from vocmine.ingest.mail.mbox import messages

GOLDEN = [
    path.read_bytes()
    for path in sorted((Path(__file__).resolve().parents[2] / "golden" / "email").iterdir())
    if path.suffix in {".eml", ".mbox", ".emlx"}
]
SHREDS = st.sampled_from(
    (
        *(
            b"\n\n",
            b"\r\n",
            b"\r",
            b"--",
            b"=",
            b"=?utf-8?q?",
            b"?=",
            b"From ",
            b"\nFrom - 1:11 2025\n",
            b">From ",
            b"<",
            b"\0",
        ),
        *(
            b"Content-Type: multipart/alternative; boundary=a\n",
            b"--a\n",
            b"--a--\n",
            b"message/rfc822",
            b"charset=utf-7\n",
        ),
        *(
            b"\nContent-Transfer-Encoding: base64\n",
            b"filename*0*=x'y'%ff;",
            b"<blockquote>",
            b"Date: 31 Feb 99999\n",
            b"\xe9\xff",
        ),
    )
)


@st.composite
def damaged(draw):
    """Return a golden message with pieces cut out, put in or doubled."""
    data = draw(st.sampled_from(GOLDEN))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 200)))
        data = data[:start] + draw(st.one_of(SHREDS, st.binary(max_size=20), st.just(data[start:end] * 2))) + data[end:]
    return data


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(), name=st.sampled_from(("a.eml", "a.emlx", "a.mbox", "a.msg", "a")))
def test_damaged_messages(tmp_path, data, name):
    path = tmp_path / name
    path.write_bytes(data)
    file = File(path, name)
    for each in FORMATS:
        each.fits(file)
        try:
            batches = list(each.rows(file, Choices(own_addresses=("voltea.exemple",))))
        except ReadError:
            continue
        assert sum(raw.n_rows for raw in batches) >= (each.name != "mbox" and data.strip() != b"")
        for raw in batches:
            assert sorted([*raw.rows.tolist(), *raw.malformed]) == list(range(raw.n_rows))
            assert not any("\r" in text for text in raw.frame["text"] if text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(SHREDS, st.binary(max_size=50)), max_size=30).map(b"".join))
def test_a_mailbox_loses_nothing_but_postmarks_and_escapes(data):
    kept = sum(len(piece.data) for piece in messages(io.BytesIO(data)))
    postmarks = sum(len(line) for line in data.splitlines(keepends=True) if line.startswith(b"From "))
    assert len(data) - postmarks - data.count(b">") <= kept <= len(data)

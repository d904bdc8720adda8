"""Reading in blocks gives what reading record by record gives, whatever the file."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocmine.ingest.body import Body
from vocmine.ingest.csv_records import first_fields, fitted, records_of, trouble, without_empty_end
from vocmine.ingest.delimited import read_delimited

plain = st.sampled_from(["", "Bonjour", "été", "rien reçu", " ", "12"])
quoted = st.builds(
    lambda *parts: f'"{"".join(parts)}"', plain, st.sampled_from(["", "\n", "\r\n", "\r", ";", '""', '""\n""']), plain
)
stray = st.sampled_from(['"Bonjour', 'Merci"', 'il dit "non"', '"il a dit "non" hier"', '"', ' "oui"', '"oui" ', '""x'])
orderly = st.lists(st.one_of(plain, quoted), min_size=3, max_size=3)
disorderly = st.lists(st.one_of(plain, quoted, stray), max_size=5)
ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def files(draw):
    end = draw(ends)
    records = draw(st.lists(st.one_of(orderly, orderly, orderly, disorderly), max_size=25))
    header = draw(st.sampled_from(["id;texte;canal", "id;texte;canal;", '"id";"te\nxte";canal', 'id;te"xte;canal']))
    return end.join([header, *map(";".join, records)]) + draw(st.sampled_from(["", end, end * 3]))


def one_by_one(text):
    """What the records say, the header left out: rows, their positions, what is wrong with others."""
    records = records_of(text, ";")
    names = without_empty_end(next(records).fields)
    rows, positions, malformed = [], [], {}
    for position, record in enumerate(records):
        fields = fitted(record.fields, len(names))
        if fields is None:
            malformed[position] = trouble(record, len(names))
        else:
            rows.append([field or None for field in fields])
            positions.append(position)
    return rows, positions, malformed


def in_blocks(text, smallest):
    fields = first_fields(text, ";") or next(records_of(text, ";")).fields
    names = without_empty_end(fields)
    plain_header = first_fields(text, ";") is not None
    read = Body(text.encode(), ";", len(fields), len(names), plain_header, smallest).read()
    cells = read.frame(names).astype(object)
    return cells.where(cells.notna(), None).to_numpy().tolist(), read.positions.tolist(), read.malformed


@settings(max_examples=300, deadline=None)
@given(files(), st.sampled_from([30, 200, 2**18]))
def test_blocks_hold_what_the_records_say(text, smallest):
    assert in_blocks(text, smallest) == one_by_one(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@settings(max_examples=50, deadline=None)
@given(files())
def test_a_file_gives_the_same_rows_in_any_encoding(encoding, text):
    rows, positions, malformed = one_by_one(text)
    raw = read_delimited(text.encode(encoding), "export.csv", encoding=encoding, separator=";")
    cells = raw.frame.astype(object)
    assert cells.where(cells.notna(), None).to_numpy().tolist() == rows
    assert raw.rows.tolist() == positions
    assert raw.malformed == malformed


def test_what_is_wrong_in_the_middle_of_a_large_file_costs_its_own_line_only():
    lines = [f'{row};"Rien reçu\ndepuis {row} jours";chat' for row in range(20_000)]
    lines[7_000] = '7000;"Rien reçu;chat'
    lines[13_000] = "13000;Rien"
    raw = read_delimited("\n".join(["id;texte;canal", *lines]).encode(), "export.csv")
    assert raw.frame["id"].astype(int).tolist() == [row for row in range(20_000) if row not in {7_000, 13_000}]
    assert raw.malformed == {
        7_000: "line 14002: got a quote that is not closed, expected 3 fields",
        13_000: "line 26001: got 2 fields, expected 3 fields",
    }


def test_a_field_of_more_lines_than_a_record_may_have_is_a_quote_never_closed():
    text = "id;texte;canal\n1;" + '"' + "a\n" * 5_001 + '";chat\n2;Merci;web\n'
    assert in_blocks(text, 2**18) == one_by_one(text)


def test_lines_below_a_wide_quoted_text_are_read_in_blocks():
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows([("id", "texte"), *((row, 'Un "mot"\n' * 40) for row in range(500))])
    rows, positions, malformed = in_blocks(buffer.getvalue(), 2_000)
    assert (len(rows), positions[-1], malformed) == (500, 499, {})

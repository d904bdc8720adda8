"""CSV and its kin: no record is lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.errors import ReadError
from vocmine.ingest.delimited import LONGEST_RECORD, read_delimited


def read(text, **options):
    return read_delimited(text.encode(), "export.csv", **options)


def rows(raw):
    return raw.frame.astype(object).where(raw.frame.notna(), None).to_numpy().tolist()


def test_quoted_fields_hold_separators_quotes_and_line_ends():
    raw = read('id,texte\r\n1,"Bonjour,\r\nje dis ""non"""\r\n2,Merci\r\n')
    assert rows(raw) == [["1", 'Bonjour,\r\nje dis "non"'], ["2", "Merci"]]
    assert raw.n_rows == 2


def test_values_stay_as_the_file_has_them_and_nothing_is_none():
    assert rows(read("id;code postal;texte\n007;01000;\n")) == [["007", "01000", None]]


@pytest.mark.parametrize("wrong", ["2,Bonjour,je coupe", "2"])
def test_a_record_of_another_width_is_malformed(wrong):
    raw = read(f"id,texte\n1,Allo\n{wrong}\n3,Merci\n")
    assert rows(raw) == [["1", "Allo"], ["3", "Merci"]]
    assert raw.rows.tolist() == [0, 2]
    assert list(raw.malformed) == [1]
    assert raw.malformed[1].startswith("line 3: got ")
    assert raw.n_rows == 3


def test_empty_fields_too_many_are_nothing():
    assert rows(read("id;texte;;\n1;Allo;;\n2;Merci;;;;\n")) == [["1", "Allo"], ["2", "Merci"]]


def test_empty_lines_are_no_rows():
    assert read("id,texte\n\n1,Allo\n\n\n2,Merci\n\n").n_rows == 2


def test_a_quote_that_is_never_closed_costs_its_own_line_only():
    raw = read('id,texte\n1,"Allo\n2,Merci\n3,Oui\n')
    assert rows(raw) == [["2", "Merci"], ["3", "Oui"]]
    assert raw.malformed == {0: "line 2: got a quote that is not closed, expected 2 fields"}


def test_a_quote_that_is_never_closed_in_a_long_file_costs_its_own_line_only():
    raw = read('id,texte\n0,"Allo\n' + "".join(f"{row},Merci\n" for row in range(LONGEST_RECORD + 9)))
    assert len(raw.frame) == LONGEST_RECORD + 9
    assert list(raw.malformed) == [0]


def test_quotes_inside_a_quoted_field_are_tolerated():
    raw = read('id,texte\n1,"il a dit "non" hier"\n2,Merci\n')
    assert len(raw.frame) == 2
    assert "non" in raw.frame.iloc[0, 1]


def test_very_long_fields_are_read():
    assert len(read(f"id,texte\n1,{'a' * 1_000_000}\n").frame.iloc[0, 1]) == 1_000_000


def test_other_characters_that_python_takes_for_line_ends_end_no_line():
    assert rows(read("id,texte\n1,a\x85b\u2028c\x1cd\n")) == [["1", "a\x85b\u2028c\x1cd"]]


def test_a_separator_may_be_said():
    assert read("a,b;c\n1,2;3\n", separator=";").frame.columns.tolist() == ["a,b", "c"]
    with pytest.raises(ReadError, match="one character"):
        read("a,b\n1,2\n", separator="::")


def test_without_a_header_nothing_is_read():
    with pytest.raises(ReadError, match="header"):
        read("\n\n")


cell = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(cell, cell), max_size=8), st.sampled_from([";", ",", "\t", "|"]))
def test_what_the_csv_module_writes_is_read_back(table, separator):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("id", "texte"), *table])
    raw = read_delimited(buffer.getvalue().encode(), "export.csv", encoding="utf-8", separator=separator)
    assert rows(raw) == [[value or None for value in record] for record in table]


@given(st.text(st.sampled_from('ab",;\n\r'), max_size=60))
def test_any_text_under_a_header_is_rows_or_malformed(body):
    raw = read("id,texte\n" + body, separator=",")
    positions = [*raw.rows.tolist(), *raw.malformed]
    assert sorted(positions) == list(range(raw.n_rows))
    assert raw.n_rows <= sum(bool(line.strip()) for line in io.StringIO(body, newline=None))


def test_a_quote_closed_lines_later_by_chance_costs_its_own_line_only():
    raw = read('id;texte;canal\n1;"Allo;tel\n2;Merci;mail\n3;Oui;"tel"\n4;Non;tel"\n5;Bon;web\n')
    assert [row[0] for row in rows(raw)] == ["2", "3", "4", "5"]
    assert raw.malformed == {0: "line 2: got a quote that is not closed, expected 3 fields"}


def test_quoted_lines_of_a_record_too_wide_are_not_taken_for_records():
    raw = read('id;texte;canal\n1;"Allo\nMerci\nà bientôt";tel;trop\n2;Oui;web\n')
    assert rows(raw) == [["2", "Oui", "web"]]
    assert list(raw.malformed) == [0]


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_a_first_line_that_tells_excel_the_separator_is_no_header(first):
    raw = read(f"{first}id;texte\n1;Allo, merci\n2\n")
    assert rows(raw) == [["1", "Allo, merci"]]
    assert raw.frame.columns.tolist() == ["id", "texte"]
    assert raw.malformed == {1: "line 4: got 1 fields, expected 2 fields"}


def test_a_line_of_separators_is_no_header():
    with pytest.raises(ReadError, match="got a header of 20001 columns, expected at most 16384; check the separator"):
        read_delimited(b"|" * 20_000 + b"\n", "table")

"""Paths: where a mapping says that something is."""

import pytest

from vocmine.errors import InputError
from vocmine.ingest.mapping.paths import Scope, parse_path

CALL = {
    "id": 7,
    "meta": {"langue": "fr"},
    "tours": [{"dit": "Bonjour", "qui": "a"}, {"dit": None, "qui": "b"}, "bruit", {"dit": "Merci", "qui": "a"}],
    "a.b": 1,
    "Star Rating": "4",
    "vide": [],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("id", [7]),
        (".", [CALL]),
        ("meta.langue", ["fr"]),
        ("tours[*].dit", ["Bonjour", "Merci"]),
        ("tours[0].dit", ["Bonjour"]),
        ("tours[9].dit", []),
        ("tours[qui=a].dit", ["Bonjour", "Merci"]),
        ("tours[qui=a][0]", []),
        ("'a.b'", [1]),
        ("Star Rating", ["4"]),
        ("meta.langue.region", []),
        ("id[*]", []),
        ("vide[*]", []),
        ("absent", []),
    ],
)
def test_a_path_finds_what_is_there_and_no_nulls(path, found):
    assert parse_path(path, "text").within(CALL) == found


def test_a_path_may_start_from_the_contact_the_document_or_the_file():
    scope = Scope({"id": "tour"}, {"id": "contact"}, {"id": "document"}, "appel_12")
    paths = ("id", "$contact.id", "$document.id", "$file", "$document")
    assert [parse_path(path, "x").values(scope)[0] for path in paths] == [
        *("tour", "contact", "document", "appel_12", {"id": "document"})
    ]


@pytest.mark.parametrize("path", ["", "a..b", ".a", "a.", "a[", "a[x]", "$autre.id", "$contactid", "a[*]b", "[*", "'a"])
def test_what_is_no_path_is_told_by_its_key(path):
    with pytest.raises(InputError, match=r"^columns\.text: got .* expected a path such as"):
        parse_path(path, "columns.text")


def test_a_document_that_is_a_list_is_a_path_as_well():
    assert parse_path("[*].id", "records").within([{"id": 1}, {"id": 2}]) == [1, 2]

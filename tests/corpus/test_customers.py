"""Which turns count for the customer."""

import pytest

import vocmine as vm
from vocmine.corpus.customers import customer_turns


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("A", "client", False), ("A", "conseiller", False), ("B", "client", False)], [0, -1, 1]),
        ([("A", "participant 7", False), ("A", "bot", False)], [0, -1]),
        ([("A", "participant 7", False), ("A", "client", False), ("B", "participant 7", False)], [-1, 0, 1]),
        ([("A", "client", True), ("A", "client", False)], [-1, 0]),
        ([("A", "participant 7", False), ("A", "client", True)], [-1, -1]),
    ],
)
def test_the_customer_or_else_the_unknown_and_never_a_quotation(turns, expected):
    rows = [
        {"id": contact, "locuteur": who, "message": f"Message numéro {k} du dossier", "quoted": quoted}
        for k, (contact, who, quoted) in enumerate(turns)
    ]
    assert customer_turns(vm.Corpus.from_records(rows, speaker="locuteur")).tolist() == expected


def test_an_empty_corpus_has_none():
    assert customer_turns(vm.Corpus.from_records([])).tolist() == []

"""Rules: where the value of a column comes from."""

from datetime import UTC, datetime

import pytest

from vocmine.errors import InputError
from vocmine.ingest.mapping.paths import Scope
from vocmine.ingest.mapping.rules import parse_rule
from vocmine.ingest.mapping.times import later, seconds

TURN = {"titre": "Colis", "texte": "  ", "note": 0, "auteur": 12, "mots": ["a", {"b": 1}, "c"], "debut": "PT1M2.5S"}
LISTS = {"people": {"12": {"nom": "lea", "role": "CLIENT"}}}


def value(rule):
    return parse_rule(rule, "x", frozenset(LISTS))(Scope(TURN, {"start": "2026-03-02T09:00:00+01:00"}, {}, "f"), LISTS)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("titre", "Colis"),
        ({"value": "social"}, "social"),
        (["texte", "titre"], "Colis"),
        ({"first_of": ["absent", {"value": "défaut"}]}, "défaut"),
        (["absent", "note"], 0),
        ({"join": ["titre", "texte", "note"], "with": " / "}, "Colis / 0"),
        ({"join": ["absent", "texte"]}, None),
        ({"all": "mots[*]"}, ["a", "c"]),
        ({"all": "absent[*]"}, None),
        ({"look_up": "auteur", "in": "people", "take": "nom"}, "lea"),
        ({"look_up": "absent", "in": "people", "take": "nom"}, None),
        ({"look_up": "auteur", "in": "people", "take": "role", "map": {"client": "customer"}}, "customer"),
        ({"path": "titre", "map": {"colis": "livraison"}}, "livraison"),
        ({"path": "titre", "map": {"autre": "x"}}, "Colis"),
        ({"path": "titre", "map": {"autre": "x"}, "else": "unknown"}, "unknown"),
        ({"path": "absent", "map": {"autre": "x"}, "else": "unknown"}, "unknown"),
        ({"offset": "debut", "unit": "iso8601"}, 62.5),
        ({"offset": "titre", "unit": "ms"}, None),
        (
            {"from": "$contact.start", "offset": "debut", "unit": "iso8601"},
            datetime.fromisoformat("2026-03-02T09:01:02.5+01:00"),
        ),
    ],
)
def test_a_rule_gives_its_value(rule, found):
    assert value(rule) == found


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (12, r"^x: got a int"),
        ({}, r"^x: got the keys , expected one of path"),
        ({"path": "a", "value": 1}, "expected one of path"),
        ({"path": "a", "in": "people"}, "'in', which does not go with 'path'"),
        ({"path": 3}, r"^x\.path: got a int"),
        ([], "at least one rule"),
        (["a", 5], r"^x\[1\]: got a int"),
        ({"look_up": "a", "in": "personnes"}, r"^x\.in: got 'personnes', expected one of the lists people"),
        ({"offset": "a", "unit": "min"}, r"^x\.unit: got 'min', expected one of s, ms"),
        ({"offset": "a"}, r"^x\.unit: got a NoneType"),
        ({"path": "a", "map": ["b"]}, r"^x\.map: got a list"),
        ({"path": "a", "else": "b"}, r"^x\.map: got a NoneType"),
    ],
)
def test_what_is_no_rule_is_told_by_its_key(rule, message):
    with pytest.raises(InputError, match=message):
        parse_rule(rule, "x", frozenset(LISTS))


@pytest.mark.parametrize(
    ("written", "unit", "read"),
    [
        ("01:02:03.5", "clock", 3723.5),
        ("2:03", "clock", 123.0),
        ("P1DT1S", "iso8601", 86401.0),
        ("P", "iso8601", None),
        ("3.500s", "s", 3.5),
        (True, "s", None),
        (float("nan"), "s", None),
        ("1" * 80, "s", None),
        (None, "clock", None),
        ([1], "ms", None),
    ],
)
def test_offsets_are_read_in_their_unit(written, unit, read):
    assert seconds(written, unit) == read


@pytest.mark.parametrize(
    ("start", "offset", "moment"),
    [
        (1_772_442_000, 1.0, datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)),
        (1_772_442_000_000, 1.0, datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)),
        ("hier", 1.0, "hier"),
        ("2026-03-02T09:00:00Z", None, "2026-03-02T09:00:00Z"),
        ("9999-12-31T23:59:59Z", 1e9, "9999-12-31T23:59:59Z"),
        (None, 1.0, None),
        (1e300, 1.0, 1e300),
    ],
)
def test_a_moment_that_cannot_be_told_stays_as_the_export_writes_it(start, offset, moment):
    assert later(start, offset) == moment

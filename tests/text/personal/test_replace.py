"""Personal data masked, pseudonymised or dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocmine.errors import InputError
from vocmine.text.personal import drop, find_personal, mask, pseudonymise

KEY = "0123456789abcdef"
OTHER = "fedcba9876543210"
WAYS = [
    ("06 39 98 12 34", "+33 (0)6.39.98.12.34"),
    ("06 39 98 12 34", "zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre"),
    ("(514) 555-0199", "+1 514 555 0199"),
    ("0475/12 34 56", "+32 475 12 34 56"),
    ("Lea.Roy@exemple.fr", "lea.roy (at) exemple.fr"),
    ("FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189"),
    ("Mme Delatour", "Monsieur DELATOUR"),
    ("née le 12 mars 1980", "née le 12/03/80"),
    ("AB-123-CD", "voiture ab123cd"),
]


def only(text):
    """Return the replacement without the words around."""
    return text[text.index("[") : text.index("]") + 1]


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_a_value_written_two_ways_has_one_pseudonym(one, other):
    assert only(pseudonymise(one, KEY, "c1")) == only(pseudonymise(other, KEY, "c1"))


def test_pseudonyms_of_other_customers_and_other_keys_are_unlinkable():
    tokens = {pseudonymise("06 39 98 12 34", key, scope) for key in (KEY, OTHER) for scope in ("c1", "c2")}
    assert len(tokens) == 4


def test_pseudonyms_tell_values_apart():
    tokens = {pseudonymise(f"06 39 98 {n:02d} {m:02d}", KEY) for n in range(30) for m in range(30)}
    assert len(tokens) == 900


@pytest.mark.parametrize("key", [None, "", "court", b"court", 12345678901234567890])
def test_a_key_that_can_be_guessed_is_refused(key):
    with pytest.raises(InputError, match="token_hex"):
        pseudonymise("06 39 98 12 34", key)


def test_masked_and_dropped():
    text = "Mme Delatour, 12 rue des Lilas, 69003 Lyon, née le 12/03/1980 : 49,90 €"
    assert mask(text) == "Mme [nom], [adresse], née le [date de naissance] : 49,90 €"
    assert drop(text) == "Mme , , née le  : 49,90 €"


PIECES = st.lists(
    st.sampled_from(
        [
            "06 39 98 12 34",
            "lea@exemple.fr",
            "@lea",
            "FR76 3000 6000 0112 3456 7890 189",
            "Mme Delatour",
            "12 rue des Lilas",
            "né le 12/03/1980",
            "n° client 12345678",
            "mot de passe : Soleil24",
            " ",
            ", ",
            "\n",
            "1 250 €",
            "le",
            "[",
            "]",
            "@",
            "1",
            "zéro six",
            "AB-123-CD",
            "M. ",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_what_was_found_is_gone_and_the_rest_stays(text):
    spans = find_personal(text)
    places = [place for each in spans for place in (each.start, each.end)]
    assert places == sorted(places)
    kept = "".join(text[a:b] for a, b in zip([0, *places[1::2]], [*places[::2], len(text)], strict=True))
    assert drop(text) == kept


@given(st.text(max_size=200))
def test_any_string_can_be_masked(text):
    assert isinstance(mask(text), str)

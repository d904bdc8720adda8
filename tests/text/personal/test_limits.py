"""Hostile texts end, slow patterns are stopped, and no error holds a customer's words."""

import re

import pytest

from vocmine.errors import InputError, VocmineError
from vocmine.text.personal import LABELS, PrivacyTimeoutError, find_personal, pseudonymise

SECRET = "Mme Delatour, 06 39 98 12 34, FR76 3000 6000 0112 3456 7890 189, lea@exemple.fr, né le 12/03/1980"
WORDS = re.compile(r"Delatour|39 98|3000|lea|1980")


@pytest.mark.parametrize(
    "pattern",
    [
        "1",
        "1 ",
        "a.",
        "a@",
        "@",
        "+33",
        "12/03/",
        "AB12 ",
        "_",
        "M. ",
        "zéro ",
        "six-",
        "trente quatre vingt ",
        "FR76 ",
        "12 rue de la ",
        "rue A ",
        "n° client A-",
        "mot de passe : ",
        "né le ",
        "a (at) ",
        "a point ",
        "J. ",
        "Jean ",
        "DUPONT ",
        "Cordialement,\n",
        "4970 ",
        "AA-1",
        "((0",
        "€1",
        "d'",
        "Jean-",
        "résidence A1 ",
        "je m'appelle de ",
        "de la part de ",
        "\n",
        "::",
        "H2X ",
    ],
)
def test_hostile_repetitions_end(pattern):
    assert isinstance(find_personal(pattern * (40_000 // len(pattern)), kinds=LABELS), list)


def test_a_text_that_takes_too_long_is_not_let_through():
    with pytest.raises(PrivacyTimeoutError, match=f"{len(SECRET)} characters"):
        find_personal(SECRET, deadline=0)


def test_a_slow_pattern_is_stopped_at_the_deadline():
    with pytest.raises(PrivacyTimeoutError):
        find_personal("a" * 45 + "!", patterns={"slow": r"(?:a|aa)+c\b."}, deadline=0.2)


def errors():
    """Return every error that the functions raise on purpose, on a text full of personal data."""
    calls = [
        lambda: find_personal(SECRET, deadline=0),
        lambda: find_personal(SECRET, kinds=[SECRET]),
        lambda: find_personal(SECRET, kinds=SECRET),
        lambda: find_personal(SECRET, names=SECRET),
        lambda: find_personal(SECRET, patterns={"x": SECRET + "("}),
        lambda: find_personal(SECRET, patterns={"x": "z*"}),
        lambda: find_personal(SECRET, patterns={"phone": "z"}),
        lambda: find_personal(SECRET, patterns={"x": 12}),
        lambda: pseudonymise(SECRET, "39 98"),
    ]
    for call in calls:
        with pytest.raises(VocmineError) as caught:
            call()
        yield caught.value


def test_no_error_holds_personal_data():
    for error in errors():
        chain = [error, error.__cause__, None if error.__suppress_context__ else error.__context__]
        assert not any(WORDS.search(str(each)) for each in chain if each is not None)
        assert "got" in str(error) or "was not" in str(error)


def test_time_outs_and_wrong_options_are_told_apart():
    kinds = [type(error) for error in errors()]
    assert kinds == [PrivacyTimeoutError] + [InputError] * 8

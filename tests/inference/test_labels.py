import pytest

from vocmine.errors import InputError, ModelFormatError
from vocmine.inference import LabelMap

THREE = ("negative", "neutral", "positive")


@pytest.mark.parametrize(
    "own",
    [
        ("negative", "neutral", "positive"),
        ("NEGATIVE", "Neutral", "POSITIVE"),
        ("NEG", "NEU", "POS"),
        ("négatif", "neutre", "positif"),
        ("Négative", "NEUTRE", "Positive"),
    ],
)
def test_polarities_are_known_by_their_names(own):
    found = LabelMap.read(own)
    assert (found.labels, found.meant, found.head_name) == (THREE, THREE, "sentiment")


def test_the_order_is_ours_and_the_places_are_theirs():
    found = LabelMap.read(["POS", "NEG", "NEU"])
    assert (found.labels, found.members) == (THREE, ((1,), (2,), (0,)))


def test_two_polarities_are_enough():
    found = LabelMap.read(["NEGATIVE", "POSITIVE"])
    assert (found.labels, found.head_name) == (("negative", "positive"), "sentiment")


@pytest.mark.parametrize(
    "own",
    [
        ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
        ["1 étoile", "2 étoiles", "3 étoiles", "4 étoiles", "5 étoiles"],
        ["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"],
        ["très négatif", "négatif", "neutre", "positif", "très positif"],
    ],
)
def test_five_degrees_are_grouped_by_two_one_and_two(own):
    found = LabelMap.read(own)
    assert (found.labels, found.members) == (THREE, ((0, 1), (2,), (3, 4)))


def test_stars_are_told_by_their_number_and_not_by_their_place():
    assert LabelMap.read([f"{stars}_stars" for stars in (5, 4, 3, 2, 1)]).members == ((3, 4), (2,), (0, 1))


@pytest.mark.parametrize(
    "own",
    [
        ("facture", "livraison"),
        ("negative", "neutral", "positive", "mixed"),
        ("positive", "very positive"),
        ("1 star", "2 stars", "3 stars"),
        ("1 star", "2 stars", "3 stars", "4 stars", "5 stars", "no stars"),
    ],
)
def test_other_names_are_kept_and_not_guessed(own):
    found = LabelMap.read(own)
    assert (found.labels, found.meant, found.head_name) == (own, own, "labels")


@pytest.mark.parametrize("own", [("LABEL_0", "LABEL_1"), ("0", "1"), ("label 0", "positive"), ("classe_1", "classe_2")])
def test_names_that_say_nothing_are_refused_with_what_to_write(own):
    with pytest.raises(ModelFormatError, match=rf'are called {own[0]}.*labels=\{{"{own[0]}": "negative", "{own[1]}"'):
        LabelMap.read(own)


def test_a_map_is_taken_at_its_word():
    found = LabelMap.read(
        ["LABEL_0", "LABEL_1", "LABEL_2"], dict(zip(["LABEL_2", "LABEL_1", "LABEL_0"], THREE, strict=True))
    )
    assert (found.labels, found.members, found.head_name) == (THREE, ((2,), (1,), (0,)), "sentiment")


def test_a_map_overrules_the_names():
    own = ("negative", "neutral", "positive", "mixed")
    found = LabelMap.read(own, dict(zip(own, (*THREE, "neutral"), strict=True)))
    assert (found.labels, found.members) == (THREE, ((0,), (1, 3), (2,)))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"NEG": "negative"}, "labels leaves out POS; expected one entry for each of NEG, POS"),
        ({"NEG": "negative", "POS": "positive", "NEU": "neutral"}, "labels names NEU, which the model has not"),
        ({"neg": "negative", "POS": "positive"}, "names neg, which the model has not and leaves out NEG"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        LabelMap.read(["NEG", "POS"], given)


def test_independent_labels_are_never_added_up():
    meant = {"colère": "negative", "peur": "negative", "joie": "positive"}
    with pytest.raises(InputError, match="give each a label of its own"):
        LabelMap.read(list(meant), meant, exclusive=False)
    assert LabelMap.read(list(meant), meant).members == ((0, 1), (2,))

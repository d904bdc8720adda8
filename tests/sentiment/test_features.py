"""A text of any length has features, made of all of it."""

from dataclasses import replace

import numpy as np
import pytest

from vocmine.errors import InputError
from vocmine.inference import Engine
from vocmine.sentiment.features import cut, text_features

SHORT = "bonjour le colis"
LONG = "le colis pas reçu . " * 30 + "merci beaucoup"


@pytest.fixture(scope="module")
def engine(tiny_model):
    return Engine(tiny_model, device="cpu")


def test_a_short_text_is_one_piece_and_has_the_engines_features(engine):
    pieces = cut([SHORT], engine)
    assert (pieces.segments, pieces.share.tolist()) == ([SHORT], [1.0])
    theirs = engine.encode([SHORT], features=True).features
    np.testing.assert_allclose(text_features([SHORT], engine), theirs, atol=1e-6)


def test_pieces_make_up_the_text_and_fit_the_window(engine):
    pieces = cut([SHORT, LONG], engine)
    assert "".join(np.array(pieces.segments)[pieces.owner == 1]) == LONG
    assert not engine.plan(pieces.segments).rejected
    np.testing.assert_allclose(np.bincount(pieces.owner, weights=pieces.share), 1)


def test_features_are_the_mean_of_the_pieces_by_their_characters(engine):
    pieces = cut([LONG], engine)
    each = engine.encode(pieces.segments, features=True).features
    expected = np.average(each, axis=0, weights=[len(piece) for piece in pieces.segments])
    np.testing.assert_allclose(text_features([LONG], engine)[0], expected, atol=1e-6)


def test_features_come_row_by_row_whatever_the_neighbours(engine):
    together = text_features([LONG, SHORT, LONG], engine)
    np.testing.assert_allclose(together[0], together[2])
    np.testing.assert_allclose(text_features([SHORT], engine)[0], together[1], atol=1e-6)


def test_what_cannot_be_cut_to_fit_is_refused_by_row(tiny_model):
    narrow = Engine(replace(tiny_model, manifest=replace(tiny_model.manifest, max_tokens=5)), device="cpu")
    with pytest.raises(InputError, match=r"row 1 cannot be encoded \(too_long\)"):
        text_features(["merci", "le colis pas reçu"], narrow)

"""The course of a conversation: where it starts, how low it goes, where it ends."""

import numpy as np
import pytest

from vocmine.sentiment import CLEARLY_NEGATIVE, trajectory


def followed(*valence):
    return trajectory(np.array(valence, dtype=float), np.zeros(len(valence), dtype=np.int64), 1)


@pytest.mark.parametrize(
    ("valence", "recovered"),
    [
        ((-0.8, -0.3, 0.6), 1),
        ((0.1, -0.7, 0.0), 1),
        ((-0.8, -0.6), 0),
        ((0.2, 0.5), 0),
        ((-0.2, 0.5), 0),
        ((CLEARLY_NEGATIVE, 0.5), 1),
        ((CLEARLY_NEGATIVE + 1e-6, 0.5), 0),
        ((-0.8, -0.3), 0),
    ],
)
def test_recovered_means_clearly_unhappy_then_no_longer(valence, recovered):
    assert followed(*valence).recovered[0] == recovered


def test_start_end_lowest_shift():
    course = followed(-0.2, -0.9, 0.5)
    assert (course.start[0], course.end[0], course.lowest[0]) == (-0.2, 0.5, -0.9)
    assert course.shift[0] == pytest.approx(0.7)


def test_one_turn_has_no_course():
    course = followed(-0.4)
    assert course.start[0] == course.end[0] == -0.4
    assert np.isnan([course.shift[0], course.recovered[0]]).all()


def test_turns_without_score_are_stepped_over():
    assert followed(np.nan, -0.5, np.nan, 0.4, np.nan).shift[0] == pytest.approx(0.9)


def test_contacts_do_not_mix():
    course = trajectory(np.array([0.1, -0.5, 0.2, 0.9]), np.array([0, 2, 0, 2]), 3)
    assert course.end.tolist()[0] == 0.2
    assert course.lowest[2] == -0.5
    assert np.isnan(course.start[1])

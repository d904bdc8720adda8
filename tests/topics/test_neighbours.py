"""The graph of neighbours: exact, symmetric, and the same whatever the blocks and the threads."""

import numpy as np
import pytest

from vocmine.topics import neighbours
from vocmine.topics.neighbours import nearest, neighbour_graph, spectral_coordinates, unit_rows


@pytest.fixture(scope="module")
def points():
    return unit_rows(np.random.default_rng(0).normal(size=(200, 16))).astype(np.float32)


def test_neighbours_are_those_of_a_full_sort(points):
    found, cosines = nearest(points, 7)
    full = points @ points.T
    np.fill_diagonal(full, -np.inf)
    assert np.array_equal(np.sort(found, axis=1), np.sort(np.argsort(-full, axis=1)[:, :7], axis=1))
    assert cosines == pytest.approx(np.take_along_axis(full, found, axis=1), abs=1e-6)
    assert (np.diff(cosines, axis=1) <= 0).all()


def test_nobody_is_its_own_neighbour_even_among_equals():
    found, _ = nearest(np.ones((5, 1), dtype=np.float32), 4)
    assert all(row not in others for row, others in enumerate(found.tolist()))


def test_blocks_change_nothing(points, monkeypatch):
    whole = nearest(points, 5)
    monkeypatch.setattr(neighbours, "_BLOCK", 64)
    assert np.array_equal(nearest(points, 5)[0], whole[0])


def test_links_go_both_ways_with_weights_up_to_one(points):
    graph = neighbour_graph(points, 5)
    assert abs(graph - graph.T).max() < 1e-12
    assert graph.diagonal().max() == 0
    assert graph.data.min() > 0
    assert graph.data.max() <= 1 + 1e-12
    assert np.isfinite(graph.data).all()


def test_groups_without_links_between_them_stand_apart():
    rng = np.random.default_rng(1)
    groups = unit_rows(np.repeat(np.eye(3, 12), 20, axis=0) + rng.normal(0, 0.05, (60, 12))).astype(np.float32)
    placed = spectral_coordinates(neighbour_graph(groups, 6), 3)
    cosines = placed @ placed.T
    same = np.repeat(range(3), 20)[:, None] == np.repeat(range(3), 20)
    assert cosines[same].min() > 0.9
    assert cosines[~same].max() < 0.1


def test_coordinates_are_the_same_each_time(points):
    graph = neighbour_graph(points, 5)
    assert np.array_equal(spectral_coordinates(graph, 4), spectral_coordinates(graph, 4))


def test_a_row_of_zeros_stays():
    assert unit_rows(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0, 0], [0.6, 0.8]]

"""The stability that a user may ask for."""

import numpy as np

from vocmine.topics import perturbed


def test_perturbed(fitted, analysis):
    found = perturbed(fitted, analysis, n_runs=2)
    assert found.ari.value > 0.8
    assert fitted.seed == 0


def test_perturbed_leaves_model(fitted, analysis, made):
    before = fitted.labels_.copy()
    perturbed(fitted, analysis, n_runs=2)
    assert np.array_equal(fitted.labels_, before)

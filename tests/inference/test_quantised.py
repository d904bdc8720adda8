import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vocmine.inference import dequantise, quantise

MATRICES = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.floats(-1e3, 1e3, width=32, allow_subnormal=False),
)


@given(MATRICES)
def test_every_weight_comes_back_within_half_a_unit_of_its_row(matrix):
    codes, scale = quantise(matrix)
    error = np.abs(dequantise(codes, scale) - matrix)
    assert (error <= 0.5 * scale[:, None] * (1 + 1e-4) + 1e-30).all()


@given(MATRICES)
def test_quantising_what_was_quantised_changes_nothing(matrix):
    codes, scale = quantise(matrix)
    again, _ = quantise(dequantise(codes, scale))
    assert (again == codes).all()


def test_a_row_with_one_large_weight_leaves_the_precision_of_the_others_alone():
    quiet, loud = [0.01, -0.02, 0.015], [0.01, -0.02, 50.0]
    restored = dequantise(*quantise(np.array([quiet, loud], dtype=np.float32)))
    assert np.allclose(restored[0], quiet, atol=1e-4)
    assert not np.allclose(restored[1], loud, atol=1e-4)


def test_the_largest_weight_of_a_row_is_127_and_zero_stays_zero():
    codes, scale = quantise(np.array([[0.0, -3.0, 1.5], [0.0, 0.0, 0.0]]))
    assert codes.tolist() == [[0, -127, 64], [0, 0, 0]]
    assert codes.dtype == np.int8
    assert scale.dtype == np.float32
    assert scale[1] == 0

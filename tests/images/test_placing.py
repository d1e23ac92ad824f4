"""Boxes, scaling and centring, with numbers worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dlnlp.images.placing import (
    centre_of_mass,
    cropped,
    in_field,
    ink_box,
    scaled_to_box,
    stretched_to_field,
)


def test_the_box_ignores_traces_and_is_the_whole_where_there_is_no_ink() -> None:
    picture = np.zeros((10, 12), np.uint8)
    picture[0, 0] = 15
    assert ink_box(picture) == (0, 0, 12, 10)
    picture[2:5, 7:9] = 16
    assert ink_box(picture) == (7, 2, 9, 5)
    assert cropped(picture, ink_box(picture)).shape == (3, 2)


def test_scaling_is_the_mean_of_the_area() -> None:
    picture = np.zeros((80, 40), np.uint8)
    picture[:40] = 255
    picture[40:42, :4] = 255  # half of the pixels of one square of 4 x 4
    scaled = scaled_to_box(picture)
    assert scaled.shape == (20, 10)
    assert (scaled[:10] == 255).all() and abs(int(scaled[10, 0]) - 128) <= 1
    assert not scaled[11:].any()


def test_the_brightest_pixel_becomes_white() -> None:
    faint = np.full((40, 40), 51, np.uint8)
    faint[:20] = 102
    assert np.unique(scaled_to_box(faint)).tolist() == [128, 255]
    assert not scaled_to_box(np.zeros((40, 40), np.uint8)).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (7, 3), (400, 399)])
def test_any_shape_fits(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 200, np.uint8)
    scaled = scaled_to_box(picture)
    assert max(scaled.shape) == 20 and min(scaled.shape) >= 1
    assert stretched_to_field(picture).shape == (28, 28)
    assert in_field(scaled, by_mass=True).shape == (28, 28)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_the_mass_comes_to_the_middle_and_nothing_is_lost(picture: np.ndarray) -> None:
    field = in_field(picture, by_mass=True)
    row, column = centre_of_mass(field)
    if picture.any():
        lost = int(picture.sum()) - int(field.sum())
        if not lost:
            assert abs(row - 14) <= 0.5 + 1e-9 and abs(column - 14) <= 0.5 + 1e-9
    else:
        assert not field.any()
    plain = in_field(picture, by_mass=False)
    top, left = (28 - picture.shape[0]) // 2, (28 - picture.shape[1]) // 2
    region = plain[top : top + picture.shape[0], left : left + picture.shape[1]]
    np.testing.assert_array_equal(region, picture)
    assert plain.sum() == picture.sum()

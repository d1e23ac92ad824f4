"""Distances, centre lines and pieces against definitions and an independent implementation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage

from dlnlp.images.shapes import (
    centre_line,
    distance_inside,
    highest_of_blocks,
    lower_envelope,
    pieces,
    without_spurs,
)

EIGHT = np.ones((3, 3))
SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14)
MASKS = arrays.arrays(np.bool_, SHAPES)


def blobs(seed: int, side: int = 70) -> np.ndarray:
    """Smooth random shapes with holes."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random((side, side + 9)), 2.5)
    return noise > np.median(noise)


@given(MASKS)
def test_distance_is_that_of_the_nearest_pixel_outside(mask: np.ndarray) -> None:
    expected = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    np.testing.assert_allclose(distance_inside(mask), expected, rtol=1e-6)


@given(arrays.arrays(np.float32, SHAPES, elements=st.floats(-50, 50, width=32) | st.just(np.inf)))
def test_lower_envelope_is_the_least_paraboloid(heights: np.ndarray) -> None:
    y, x = np.mgrid[: heights.shape[0], : heights.shape[1]]
    expected = np.full(heights.shape, np.inf)
    for (row, column), height in np.ndenumerate(heights):
        expected = np.minimum(expected, (y - row) ** 2 + (x - column) ** 2 + height)
    np.testing.assert_allclose(lower_envelope(heights), expected, rtol=1e-5, atol=1e-4)


def test_lower_envelope_is_below_zero_in_the_union_of_discs() -> None:
    heights = np.full((30, 40), np.inf, np.float32)
    discs = {(10, 10): 6.5, (12, 25): 3.2, (20, 14): 1.0}
    for place, radius in discs.items():
        heights[place] = -(radius**2)
    y, x = np.mgrid[:30, :40]
    union = np.any([np.hypot(y - r, x - c) < size for (r, c), size in discs.items()], axis=0)
    np.testing.assert_array_equal(lower_envelope(heights, 8) < 0, union)


@given(MASKS)
def test_pieces_are_those_of_another_implementation(mask: np.ndarray) -> None:
    labels, count = pieces(mask)
    expected, number = ndimage.label(mask, EIGHT)
    assert count == number
    np.testing.assert_array_equal(labels > 0, mask)
    assert len(np.unique(np.stack([labels, expected])[:, mask], axis=1).T) == number


def test_a_spiral_is_one_piece() -> None:
    y, x = np.mgrid[-60:61, -60:61]
    spiral = np.sin(np.hypot(y, x) / 2 + np.arctan2(y, x)) > 0.3
    assert pieces(spiral)[1] == ndimage.label(spiral, EIGHT)[1]


@pytest.mark.parametrize("seed", range(6))
def test_the_centre_line_is_thin_and_connected_as_the_shape(seed: int) -> None:
    shape = blobs(seed)
    line = centre_line(shape)
    assert not (line & ~shape).any()
    assert pieces(line)[1] == pieces(shape)[1]
    holes = [ndimage.label(~np.pad(mask, 1))[1] for mask in (line, shape)]
    assert holes[0] == holes[1]
    full = line[:-1, :-1] & line[1:, :-1] & line[:-1, 1:] & line[1:, 1:]
    assert full.sum() <= 2  # hardly any square of four: it is a line
    np.testing.assert_array_equal(centre_line(line), line)


def test_the_centre_line_of_a_bar_is_its_middle() -> None:
    bar = np.zeros((21, 60), np.bool_)
    bar[5:14, 5:55] = True
    rows, columns = np.nonzero(centre_line(bar))
    assert set(rows[(columns > 12) & (columns < 48)]) == {9}
    assert len(np.unique(columns)) >= 40


def test_short_branches_go_and_long_lines_keep_their_length() -> None:
    line = np.zeros((30, 60), np.bool_)
    line[15, 5:55] = True
    line[3:7, 8] = True  # a short piece of its own
    with_branches = line.copy()
    for column in (15, 30, 41):
        with_branches[11:15, column] = True
    pruned = without_spurs(with_branches, 6)
    assert not pruned[11:14, 15:42].any()  # a bump of one pixel may stay
    assert pruned[line].all()
    np.testing.assert_array_equal(without_spurs(with_branches, 0), with_branches)


@given(MASKS, st.integers(0, 4))
def test_no_piece_goes_and_nothing_is_added(mask: np.ndarray, length: int) -> None:
    line = centre_line(mask)
    pruned = without_spurs(line, length)
    assert not (pruned & ~line).any()
    labels, count = pieces(line)
    assert set(labels[pruned]) == set(range(1, count + 1))


@given(arrays.arrays(np.uint8, SHAPES), st.integers(1, 5))
def test_blocks_keep_their_highest_value(picture: np.ndarray, factor: int) -> None:
    blocks = highest_of_blocks(picture, factor)
    assert blocks.shape == tuple(-(-side // factor) for side in picture.shape)
    for (row, column), value in np.ndenumerate(blocks):
        block = picture[row * factor : (row + 1) * factor, column * factor : (column + 1) * factor]
        assert value == block.max()


def test_empty_masks() -> None:
    nothing = np.zeros((5, 7), np.bool_)
    assert pieces(nothing)[1] == 0
    assert not centre_line(nothing).any()
    assert not distance_inside(nothing).any()

"""Distortions by properties: what is known by hand, what must stay, what a draw decides."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from train.augmentation import Augmentation, Distortion, affine_grid, thicken, warp

NONE = Distortion(
    shift=0, rotation=0, zoom=0, stretch=0, shear=0, elastic=0, thickness=0, cut_share=0
)


def noise(count: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 28, 28), np.float32)


def dot(row: int, column: int) -> np.ndarray:
    image = np.zeros((1, 28, 28), np.float32)
    image[0, row, column] = 1
    return image


def changed(image: np.ndarray, *, angle=0.0, factor=1.0, stretch=1.0, shear=0.0, shift=(0, 0)):
    """One image under one affine change."""
    values = [np.array([value], np.float32) for value in (angle, factor, stretch, shear)]
    return warp(image, *affine_grid(*values, np.array([shift], np.float32)))


def centre(image: np.ndarray) -> tuple[float, float]:
    """Rows down and columns right of the middle, of the mass."""
    line = np.arange(28) - 13.5
    return float(image[0].sum(1) @ line / image.sum()), float(image[0].sum(0) @ line / image.sum())


def by_loops(image: np.ndarray, row: float, column: float) -> float:
    """Bilinear reading of one place, black outside."""
    top, left = int(np.floor(row)), int(np.floor(column))
    total = 0.0
    for y in (top, top + 1):
        for x in (left, left + 1):
            share = (1 - abs(row - y)) * (1 - abs(column - x))
            total += share * (image[y, x] if 0 <= y < 28 and 0 <= x < 28 else 0)
    return total


def test_a_warp_reads_between_pixels_and_black_outside() -> None:
    images, rng = noise(), np.random.default_rng(1)
    rows, columns = rng.uniform(-4, 32, (2, 3, 28, 28)).astype(np.float32)
    found = warp(images, rows, columns)
    assert found.dtype == np.float32
    for place in rng.integers(0, (3, 28, 28), (300, 3)):
        picture, y, x = place
        expected = by_loops(images[picture], rows[picture, y, x], columns[picture, y, x])
        assert found[picture, y, x] == pytest.approx(expected, abs=2e-3)


def test_without_change_every_pixel_stays() -> None:
    images = noise()
    np.testing.assert_allclose(changed(images[:1]), images[:1], atol=1e-6)
    np.testing.assert_allclose(
        Augmentation(NONE)(images, np.random.default_rng(0)), images, atol=1e-6
    )


def test_a_shift_moves_down_and_right() -> None:
    np.testing.assert_allclose(changed(dot(10, 12), shift=(3, -2)), dot(13, 10), atol=1e-5)
    assert not changed(dot(26, 12), shift=(4, 0)).any()  # out of the picture


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
def test_quarter_turns_are_those_of_numpy(quarter: int) -> None:
    image = noise(1)
    found = changed(image, angle=quarter * np.pi / 2)
    np.testing.assert_allclose(found[0], np.rot90(image[0], quarter), atol=1e-4)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"factor": 1.5}, (-4.5 * 1.5, 2.5 * 1.5)),
        ({"stretch": 1.44}, (-4.5 * 1.2, 2.5 / 1.2)),
        ({"shear": 0.4}, (-4.5, 2.5 + 0.4 * 4.5)),  # what is higher goes to the right
        ({"angle": 0.3, "factor": 1.2, "shift": (1, 2)}, None),
    ],
)
def test_where_a_spot_goes(change: dict, expected: tuple[float, float] | None) -> None:
    spot = np.zeros((1, 28, 28), np.float32)
    spot[0, 8:11, 15:18] = 1  # its middle is 4.5 above and 2.5 right of the centre
    if expected is None:  # counter-clockwise, then larger, then moved
        up, right = 4.5, 2.5
        cos, sin = np.cos(0.3), np.sin(0.3)
        expected = (-1.2 * (cos * up + sin * right) + 1, 1.2 * (cos * right - sin * up) + 2)
    assert centre(changed(spot, **change)) == pytest.approx(expected, abs=0.1)


def test_a_step_of_dilation_or_erosion_by_hand() -> None:
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 10:13, 10:13] = 1
    image[0, 0, 0] = 0.5  # the edge has fewer neighbours
    wide, thin = (thicken(image, np.array([amount], np.float32))[0] for amount in (1, -1))
    assert wide.sum() == 9 + 4 * 3 + 3 * 0.5
    assert (wide[9, 10:13] == 1).all() and wide[9, 9] == 0 and wide[1, 0] == 0.5
    assert thin.sum() == 1 and thin[11, 11] == 1
    assert thicken(image, np.array([2], np.float32))[0].sum() == 9 + 4 * 3 + 4 * 3 + 4 + 6 * 0.5


@given(st.floats(-2, 2), st.integers(0, 5))
def test_thickness_blends_and_grows(amount: float, seed: int) -> None:
    images = noise(2, seed)
    original = images.copy()
    more = thicken(images, np.array([amount, 0], np.float32))
    assert (images == original).all()
    assert (more[1] == images[1]).all()  # each has its own amount
    assert (0 <= more).all() and (more <= 1).all()
    change = more[0] - images[0]
    assert (change * np.sign(amount) >= -1e-6).all()
    ladder = [thicken(images[:1], np.array([a], np.float32)).sum() for a in np.linspace(-2, 2, 9)]
    assert all(low < high for low, high in pairwise(ladder))
    half, whole = (thicken(images[:1], np.array([a], np.float32))[0] for a in (0.5, 1))
    np.testing.assert_allclose(half, (images[0] + whole) / 2, atol=1e-6)


def test_draws_stay_within_the_distortion_and_reach_its_ends() -> None:
    spot = np.zeros((400, 28, 28), np.float32)
    spot[:, 12:16, 12:16] = 1
    moved = Augmentation(Distortion(**{**vars(NONE), "shift": 3.0}))(spot, np.random.default_rng(0))
    found = np.array([centre(image[None]) for image in moved])
    assert np.abs(found).max() <= 3 + 1e-3
    assert (found.max(0) > 2.8).all() and (found.min(0) < -2.8).all()
    assert abs(np.corrcoef(found.T)[0, 1]) < 0.15


def test_the_elastic_field_moves_every_pixel_as_far_as_it_says() -> None:
    augmentation = Augmentation(Distortion(**{**vars(NONE), "elastic": 0.5}))
    ramp = np.tile(np.arange(28, dtype=np.float32), (500, 28, 1))  # a pixel's value is its column
    moves = augmentation(ramp, np.random.default_rng(0)) - ramp
    inner = moves[:, 4:-4, 4:-4]
    np.testing.assert_allclose(inner.std(axis=0), 0.5, atol=0.08)
    # Neighbours move together: strokes bend, they do not tear.
    assert np.abs(np.diff(inner, axis=2)).mean() < 0.25 * np.abs(inner).mean()


def test_rectangles_are_cut_out_of_the_share_of_digits() -> None:
    white = np.ones((2000, 28, 28), np.float32)
    cut = Augmentation(Distortion(**{**vars(NONE), "cut_share": 0.5, "cut": 4}))(
        white, np.random.default_rng(0)
    )
    holes = (cut == 0).sum((1, 2))
    assert 0.46 < np.mean(holes > 0) < 0.54
    assert set(holes[holes > 0]) <= {a * b for a in (2, 3, 4) for b in (2, 3, 4)}


def test_a_seed_decides_and_the_input_stays() -> None:
    images = noise(8)
    before = images.copy()
    augmentation = Augmentation(Distortion(cut_share=0.5))
    first, again, other = (augmentation(images, np.random.default_rng(s)) for s in (1, 1, 2))
    assert (images == before).all()
    assert (first == again).all() and (first != other).any()
    assert first.dtype == np.float32 and 0 <= first.min() and first.max() <= 1
